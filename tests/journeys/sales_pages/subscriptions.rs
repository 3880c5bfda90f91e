//! One subscription on its pages: size, state, upgrade, who is on record, whom the customer asks.

use serde_json::json;
use tests::{OFFER_E3, OFFER_PREMIUM, SKU_E3, SKU_PREMIUM};

use super::{Ground, NOBODY, leads_to, says};
use crate::around::visit::Visit;

#[test]
fn a_subscription_is_renamed_resized_suspended_and_cancelled_on_its_page() {
    let ground = Ground::open();
    let id = ground.api.order(&ground.customer, OFFER_PREMIUM, 5);
    let page = format!("{}/subscriptions/{id}", ground.base);
    let visit = ground.visit();
    says(&visit.get(&page).expect(200), "12.50 USD");
    let send = |fields: &[(&str, &str)]| visit.submit(&page, &page, fields);
    let size =
        |name, quantity| [("action", "size"), ("friendly_name", name), ("quantity", quantity)];
    assert_eq!(leads_to(send(&size("Head office", "8"))), page);
    let resource = format!("{}/subscriptions/{id}", ground.customer.path);
    let now = || ground.api.get(&resource).expect(200);
    assert_eq!(
        (now().text_at("/friendlyName"), &now().json()["quantity"]),
        ("Head office".into(), &json!(8))
    );

    let position = ground.server.position();
    for (fields, reason) in [
        (size("", "8"), "must not be empty"),
        (size("Head office", ""), "must not be empty"),
        (size("Head office", "0"), "must be 1 to"),
        (size("Head office", "301"), "outside the offer"),
        (size("Head office", "x"), "must be a whole number"),
    ] {
        says(&send(&fields).expect(422), reason);
    }
    says(&send(&[("action", "cancel")]).expect(422), "tick the box");
    send(&[("action", "explode")]).expect(400);
    visit.get(&format!("{}/subscriptions/{NOBODY}", ground.base)).expect(404);
    visit.get(&format!("{}/subscriptions/x", ground.base)).expect(404);
    assert_eq!(ground.server.position(), position);

    says(&visit.get(&page).expect(200), "Do not renew");
    leads_to(send(&[("action", "stop-renewal")]));
    assert_eq!(now().json()["autoRenewEnabled"], false);
    says(&visit.get(&page).expect(200), "Renew after all");
    leads_to(send(&[("action", "renew")]));
    assert_eq!(now().json()["autoRenewEnabled"], true);

    leads_to(send(&[("action", "suspend")]));
    assert_eq!(now().text_at("/status"), "suspended");
    says(&send(&size("Head office", "9")).expect(422), "suspended");
    leads_to(send(&[("action", "reactivate")]));
    leads_to(send(&[("action", "cancel"), ("sure", "yes")]));
    assert_eq!(now().text_at("/status"), "deleted");
    let over = visit.get(&page).expect(200);
    assert!(!over.text.contains("Cancel subscription"), "{over}");
    says(&send(&[("action", "reactivate")]).expect(422), "cancelled");
}

#[test]
fn a_subscription_is_upgraded_on_its_page_with_the_licences_in_use() {
    let ground = Ground::open();
    let id = ground.api.order(&ground.customer, OFFER_PREMIUM, 5);
    let user = ground.api.create_user(&ground.customer, "nora");
    ground.api.assign(&user, &[SKU_PREMIUM]);
    let page = format!("{}/subscriptions/{id}", ground.base);
    let upgrade = format!("{page}/upgrade");
    let visit = ground.visit();
    says(&visit.get(&page).expect(200), OFFER_E3);
    says(&visit.submit(&page, &upgrade, &[]).expect(422), "must not be empty");
    says(&visit.submit(&page, &upgrade, &[("offer_id", "x")]).expect(422), "not a valid");
    let refused = visit.submit(&page, &upgrade, &[("offer_id", NOBODY)]).expect(422);
    says(&refused, "cannot be upgraded");
    leads_to(visit.submit(&page, &upgrade, &[("offer_id", OFFER_E3)]));
    says(&visit.get(&page).expect(200), "1 licence moved to the new product");
    assert_eq!(ground.api.licenses(&user), [SKU_E3]);
}

#[test]
fn a_reseller_on_record_manages_its_subscription_and_sees_its_incentives_on_the_pages() {
    let ground = Ground::open();
    let id = ground.api.order(&ground.customer, OFFER_PREMIUM, 5);
    let page = format!("{}/subscriptions/{id}", ground.base);
    let record = format!("{page}/reseller");
    let visit = ground.visit();
    let wingtip = Visit::begin(&ground.server, &ground.reseller.token);
    wingtip.get(&page).expect(403);
    let refused = visit.submit(&record, &record, &[("mpn_id", "4711")]).expect(422);
    says(&refused, "no active partnership");
    assert_eq!(leads_to(visit.submit(&record, &record, &[("mpn_id", "7000002")])), page);

    says(&wingtip.get("/customers").expect(200), &page);
    says(&wingtip.get(&page).expect(200), "Wingtip");
    let size = [("action", "size"), ("friendly_name", "Ours"), ("quantity", "6")];
    leads_to(wingtip.submit(&page, &page, &size));
    wingtip.get(&ground.base).expect(403);
    wingtip.get(&record).expect(403);
    let incentives = wingtip.get("/incentives").expect(200);
    says(&incentives, "Wingtip: on record now");
    says(&visit.get("/incentives?months=2").expect(200), "Relecloud");
    for months in ["0", "61", "x"] {
        visit.get(&format!("/incentives?months={months}")).expect(400);
    }
    let rival = Visit::begin(&ground.server, &ground.rival.token);
    let seen = rival.get("/incentives").expect(200);
    assert!(!seen.text.contains("Wingtip"), "{seen}");

    // Who is on record stays choosable although it could not be put there any more.
    let partnership = ground.api.items("/v1/partnerships")[0]["id"].as_str().unwrap().to_owned();
    ground.api.post(&format!("/v1/partnerships/{partnership}/end"), &json!({})).expect_success();
    says(&visit.get(&record).expect(200), "Wingtip (no active partnership)");
    assert_eq!(leads_to(visit.submit(&record, &record, &[("mpn_id", "7000002")])), page);
    wingtip.get(&page).expect(403);
    assert!(!wingtip.get("/customers").expect(200).text.contains(&page));

    leads_to(visit.submit(&record, &record, &[("mpn_id", "")]));
    wingtip.get(&page).expect(403);
    says(&wingtip.get("/incentives").expect(200), "Nothing that works.");
}

#[test]
fn only_the_eligible_are_offered_as_support_contacts_on_the_page() {
    let ground = Ground::open();
    let id = ground.api.order(&ground.customer, OFFER_PREMIUM, 5);
    let page = format!("{}/contacts", ground.base);
    let visit = ground.visit();
    let reseller = ground.reseller.partner.as_str();
    says(&visit.get(&page).expect(200), "Nobody else can be it now.");
    let fields = [("subscription", id.as_str()), ("contact", reseller)];
    says(&visit.submit(&page, &page, &fields).expect(422), "cannot be the support contact");
    let path = format!("{}/resellers/{reseller}", ground.customer.path);
    ground.api.post(&path, &json!({})).expect(201);
    says(&visit.get(&page).expect(200), &format!("value=\"{reseller}\""));
    leads_to(visit.submit(&page, &page, &fields));
    let contact = format!("{}/subscriptions/{id}/supportcontact", ground.customer.path);
    assert_eq!(ground.api.get(&contact).expect(200).text_at("/supportTenantId"), reseller);
    for (subscription, contact, reason) in [
        ("", reseller, "must not be empty"),
        ("x", reseller, "not a valid"),
        (id.as_str(), "", "must not be empty"),
        (id.as_str(), NOBODY, "cannot be the support contact"),
    ] {
        let fields = [("subscription", subscription), ("contact", contact)];
        says(&visit.submit(&page, &page, &fields).expect(422), reason);
    }
    let fields = [("subscription", NOBODY), ("contact", reseller)];
    says(&visit.submit(&page, &page, &fields).expect(422), "not found");
}
