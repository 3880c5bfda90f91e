//! Orders on the pages: drafted, reviewed, submitted or cancelled.

use serde_json::Value;
use tests::{OFFER_E3, OFFER_PREMIUM};

use super::{Ground, NOBODY, OFFER_ADD_ON, borrowed, leads_to, line, says};
use crate::around::visit::Visit;

#[test]
fn an_order_is_reviewed_changed_and_submitted_on_the_pages() {
    let ground = Ground::open();
    let (visit, base) = (ground.visit(), &ground.base);
    let mut fields = line(OFFER_PREMIUM, "5", "monthly").to_vec();
    fields.extend(line(OFFER_ADD_ON, "2", "annual"));
    fields.push((format!("parent_{OFFER_ADD_ON}"), format!("with:{OFFER_PREMIUM}")));
    let form = format!("{base}/carts/new");
    let sent = visit.submit(&form, &format!("{base}/carts"), &borrowed(&fields));
    let cart = leads_to(sent);
    let review = visit.get(&cart).expect(200);
    says(&review, "62.50 USD");
    says(&review, "Every month");
    says(&review, "Every year");
    says(&review, "Submit order");
    assert_eq!(ground.subscriptions(), [] as [Value; 0]);

    let lines = format!("{cart}/lines");
    says(&visit.get(&lines).expect(200), "value=\"5\"");
    fields[0].1 = "6".to_owned();
    assert_eq!(leads_to(visit.submit(&lines, &lines, &borrowed(&fields))), cart);
    says(&visit.get(&cart).expect(200), "75.00 USD");
    let then = leads_to(visit.submit(&cart, &cart, &[("action", "submit")]));
    assert_eq!(then, format!("{base}/subscriptions"));
    says(&visit.get(&then).expect(200), "Ordered: 2 subscriptions.");
    let subscriptions = ground.subscriptions();
    let parent = subscriptions.iter().find(|it| it["offerId"] == OFFER_PREMIUM).unwrap();
    let child = subscriptions.iter().find(|it| it["offerId"] == OFFER_ADD_ON).unwrap();
    assert_eq!(child["parentSubscriptionId"], parent["id"]);
    assert_eq!(parent["quantity"], 6);

    let again = visit.submit(&cart, &cart, &[("action", "submit")]).expect(422);
    says(&again, "submitted already");
    visit.submit(&cart, &cart, &[("action", "dance")]).expect(400);
    assert_eq!(ground.subscriptions().len(), 2);

    // What is there can be added to.
    let mut more = line(OFFER_ADD_ON, "1", "monthly").to_vec();
    let parent = parent["id"].as_str().unwrap();
    more.push((format!("parent_{OFFER_ADD_ON}"), parent.to_owned()));
    says(&visit.get(&form).expect(200), &format!("value=\"{parent}\""));
    leads_to(visit.submit(&form, &format!("{base}/carts"), &borrowed(&more)));
}

#[test]
fn what_a_colleague_changed_after_the_review_is_not_bought_unseen() {
    let ground = Ground::open();
    let (visit, base) = (ground.visit(), &ground.base);
    let form = format!("{base}/carts/new");
    let five = line(OFFER_PREMIUM, "5", "monthly");
    let cart = leads_to(visit.submit(&form, &format!("{base}/carts"), &borrowed(&five)));
    says(&visit.get(&cart).expect(200), "name=\"revision\" value=\"1\"");

    let lines = format!("{cart}/lines");
    leads_to(visit.submit(&lines, &lines, &borrowed(&line(OFFER_PREMIUM, "50", "monthly"))));
    let seen_before = [("action", "submit"), ("revision", "1")];
    let refused = visit.submit(&cart, &cart, &seen_before).expect(422);
    says(&refused, "the order was changed since: review it again");
    says(&refused, "625.00 USD");
    assert_eq!(ground.subscriptions(), [] as [Value; 0]);
    visit.submit(&cart, &cart, &[("action", "submit"), ("revision", "last")]).expect(400);

    leads_to(visit.submit(&cart, &cart, &[("action", "review")]));
    leads_to(visit.submit(&cart, &cart, &[("action", "submit")]));
    assert_eq!(ground.subscriptions()[0]["quantity"], 50);
}

#[test]
fn an_order_is_saved_for_later_and_a_cancelled_one_leaves_nothing() {
    let ground = Ground::open();
    let (visit, base) = (ground.visit(), &ground.base);
    let mut fields = line(OFFER_E3, "3", "annual").to_vec();
    fields.push(("then".to_owned(), "later".to_owned()));
    let form = format!("{base}/carts/new");
    let list = leads_to(visit.submit(&form, &format!("{base}/carts"), &borrowed(&fields)));
    assert_eq!(list, format!("{base}/subscriptions"));
    let listed = visit.get(&list).expect(200);
    says(&listed, "Orders in the making");
    says(&listed, "minutes left");
    let cart = ground.api.items(&format!("{}/carts", ground.customer.path));
    let cart = format!("{base}/carts/{}", cart[0]["id"].as_str().unwrap());
    says(&visit.get(&cart).expect(200), "Review order");
    leads_to(visit.submit(&cart, &cart, &[("action", "review")]));
    says(&visit.get(&cart).expect(200), "Submit order");
    assert_eq!(leads_to(visit.submit(&cart, &cart, &[("action", "cancel")])), list);
    assert!(!visit.get(&list).expect(200).text.contains("Orders in the making"));
    assert_eq!(ground.subscriptions(), [] as [Value; 0]);
    says(&visit.submit(&cart, &cart, &[("action", "submit")]).expect(422), "was cancelled");
    let lines = format!("{cart}/lines");
    let fields = line(OFFER_E3, "4", "annual");
    says(&visit.submit(&cart, &lines, &borrowed(&fields)).expect(422), "was cancelled");
}

#[test]
fn a_faulty_order_comes_back_with_its_faults_and_what_was_typed_and_nothing_is_written() {
    let ground = Ground::open();
    let (visit, base) = (ground.visit(), &ground.base);
    let (form, action) = (format!("{base}/carts/new"), format!("{base}/carts"));
    let position = ground.server.position();
    let refused = |fields: &[(String, String)], reason: &str| {
        says(&visit.submit(&form, &action, &borrowed(fields)).expect(422), reason);
    };
    refused(&[], "at least one offer");
    for (quantity, reason) in [
        ("0", "must be 1 to"),
        ("301", "comes in 1 to 300 licences"),
        ("-1", "must be a whole number"),
        ("1.5", "must be a whole number"),
        ("many", "must be a whole number"),
        ("99999999999", "must be a whole number"),
    ] {
        let fields = line(OFFER_PREMIUM, quantity, "monthly");
        refused(&fields, reason);
        refused(&fields, &format!("value=\"{quantity}\""));
    }
    for cycle in ["", "weekly", "one_time"] {
        refused(&line(OFFER_PREMIUM, "1", cycle), "billing must be one of the choices");
    }
    refused(&line(NOBODY, "1", "monthly"), "is not in the catalogue");
    refused(&line("x", "1", "monthly"), "is not in the catalogue");
    let add_on = |parent: &str| {
        let mut fields = line(OFFER_ADD_ON, "1", "monthly").to_vec();
        fields.push((format!("parent_{OFFER_ADD_ON}"), parent.to_owned()));
        fields
    };
    refused(&line(OFFER_ADD_ON, "1", "monthly"), "choose to what it is added");
    refused(&add_on(""), "choose to what it is added");
    refused(&add_on("x"), "must be one of the choices");
    refused(&add_on(&format!("with:{OFFER_PREMIUM}")), "what it is added to is not ordered");
    refused(&add_on(NOBODY), "needs a subscription it belongs to");
    let mut fields = line(OFFER_PREMIUM, "1", "monthly").to_vec();
    fields.push(("partner_on_record".to_owned(), "4711".to_owned()));
    refused(&fields, "no active partnership");
    for cart in [NOBODY, "42"] {
        let cart = format!("{base}/carts/{cart}");
        visit.get(&cart).expect(404);
        visit.get(&format!("{cart}/lines")).expect(404);
        visit.submit(base, &cart, &[("action", "submit")]).expect(404);
    }
    assert_eq!(ground.server.position(), position, "nothing was written");
}

#[test]
fn nobody_but_the_partner_that_sells_sees_an_order_in_the_making() {
    let ground = Ground::open();
    let (visit, base) = (ground.visit(), &ground.base);
    let path = format!("{}/resellers/{}", ground.customer.path, ground.reseller.partner);
    ground.api.post(&path, &serde_json::json!({})).expect(201);
    let fields = line(OFFER_PREMIUM, "5", "monthly");
    let (form, action) = (format!("{base}/carts/new"), format!("{base}/carts"));
    let cart = leads_to(visit.submit(&form, &action, &borrowed(&fields)));

    let rival = Visit::begin(&ground.server, &ground.rival.token);
    let reseller = Visit::begin(&ground.server, &ground.reseller.token);
    let position = ground.server.position();
    for (stranger, status) in [(&rival, 403), (&reseller, 404)] {
        stranger.get(&cart).expect(status);
        stranger.get(&form).expect(403);
        stranger.get(&format!("{cart}/lines")).expect(403);
        stranger.submit("/account", &action, &borrowed(&fields)).expect(403);
        stranger.submit("/account", &cart, &[("action", "submit")]).expect(403);
        stranger.submit("/account", &format!("{cart}/lines"), &borrowed(&fields)).expect(403);
    }
    assert_eq!(ground.server.position(), position);
    // The reseller sees the subscriptions of its customer, and that it does not sell to it.
    let seen = reseller.get(&format!("{base}/subscriptions")).expect(200);
    assert!(!seen.text.contains("Order subscriptions"), "{seen}");
    says(&visit.get(&cart).expect(200), "Submit order");
}
