//! A customer is added from a reseller's row: its details, its subscriptions, a review, and only then
//! anything is recorded.

use tests::{Answer, OFFER_PREMIUM};

use super::{Ground, OFFER_ADD_ON, borrowed, line, says};
use crate::around::visit::Visit;

const DETAILS: [(&str, &str); 11] = [
    ("company_name", "Tailspin Toys"),
    ("domain", "tailspin.example"),
    ("country", "US"),
    ("culture", "en-US"),
    ("language", "en"),
    ("first_name", "Tess"),
    ("last_name", "Hale"),
    ("email", "tess@tailspin.example"),
    ("line1", "1 Main St"),
    ("city", "Redmond"),
    ("partner_on_record", "7000002"),
];

fn fields(reseller: &str) -> Vec<(String, String)> {
    let mut fields: Vec<_> =
        DETAILS.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    fields.push(("reseller".to_owned(), reseller.to_owned()));
    fields.extend(line(OFFER_PREMIUM, "5", "monthly"));
    fields.extend(line(OFFER_ADD_ON, "5", "annual"));
    fields.push((format!("parent_{OFFER_ADD_ON}"), format!("with:{OFFER_PREMIUM}")));
    fields
}

fn set(fields: &mut [(String, String)], name: &str, value: &str) {
    let field = fields.iter_mut().find(|(field, _)| field == name).expect("a field");
    value.clone_into(&mut field.1);
}

fn hidden(page: &Answer, name: &str) -> String {
    let start = format!("name=\"{name}\" value=\"");
    let (_, rest) = page.text.split_once(&start).unwrap_or_else(|| panic!("no {name}: {page}"));
    rest.split('"').next().unwrap_or_default().to_owned()
}

fn step(visit: &Visit, action: &str, fields: &[(String, String)]) -> Answer {
    visit.submit("/customers/new", action, &borrowed(fields))
}

#[test]
fn a_customer_is_added_from_a_reseller_s_row_with_its_subscriptions_or_not_at_all() {
    let ground = Ground::open();
    let visit = ground.visit();
    let reseller = ground.reseller.partner.as_str();
    let link = format!("/customers/new?reseller={reseller}");
    says(&visit.get("/resellers").expect(200), &link);
    says(&visit.get(&link).expect(200), &format!("value=\"{reseller}\" selected"));

    let mut fields = fields(reseller);
    let position = ground.server.position();
    let order = step(&visit, "/customers/new/subscriptions", &fields).expect(200);
    says(&order, "value=\"Tailspin Toys\"");
    let review = step(&visit, "/customers/new/review", &fields).expect(200);
    for text in ["admin@tailspin.example", "Wingtip", "62.50 USD", "Every month", "Every year"] {
        says(&review, text);
    }
    let back = step(&visit, "/customers/new", &fields).expect(200);
    says(&back, &format!("name=\"quantity_{OFFER_PREMIUM}\" value=\"5\""));
    assert_eq!(ground.server.position(), position, "nothing is recorded before the end");

    fields.push(("agreed".to_owned(), hidden(&review, "agreed")));
    fields.push(("submission".to_owned(), hidden(&review, "submission")));
    let added = step(&visit, "/customers", &fields).expect(200);
    says(&added, "Ordered: 2 subscriptions.");
    says(&added, "admin@tailspin.example");
    says(&added, "id=\"credential-password\"");
    let after = ground.server.position();
    let again = step(&visit, "/customers", &fields).expect(200);
    says(&again, "shown before");
    assert!(!again.text.contains("id=\"credential-password\""));
    assert_eq!(ground.server.position(), after, "it is added once");

    let wingtip = ground.server.api(&ground.reseller.token);
    let customers = wingtip.items("/v1/customers");
    let customer = customers.iter().find(|it| it["companyProfile"]["domain"] == "tailspin.example");
    let path = format!("/v1/customers/{}/subscriptions", customer.unwrap()["id"].as_str().unwrap());
    let bought = wingtip.items(&path);
    assert_eq!(bought.len(), 2);
    assert!(bought.iter().all(|it| it["partnerId"] == "7000002"), "{bought:?}");
}

#[test]
fn what_is_wrong_with_a_new_customer_leads_back_to_where_it_is_mended_and_nothing_is_recorded() {
    let ground = Ground::open();
    let visit = ground.visit();
    let good = fields(&ground.reseller.partner);
    let position = ground.server.position();
    let quantity = format!("quantity_{OFFER_PREMIUM}");
    for (name, value, reason, form) in [
        ("company_name", "", "must not be empty", "new-customer\""),
        ("domain", "nodots", "full domain name", "new-customer\""),
        ("domain", "relecloud.example", "the domain is taken", "new-customer\""),
        ("country", "Utopia", "must be", "new-customer\""),
        ("reseller", &ground.rival.partner, "must be one of the choices", "new-customer\""),
        ("reseller", "x", "not a valid", "new-customer\""),
        (&quantity, "301", "comes in 1 to 300", "new-customer-order\""),
        (&quantity, "", "what it is added to is not ordered", "new-customer-order\""),
    ] {
        let mut fields = good.clone();
        set(&mut fields, name, value);
        let refused = step(&visit, "/customers/new/review", &fields).expect(422);
        says(&refused, reason);
        says(&refused, &format!("id=\"{form}"));
        let refused = step(&visit, "/customers", &fields).expect(422);
        // Who sends the end without the review sees the review, with what is refused at the end.
        let is_shown =
            refused.text.contains(reason) || refused.text.contains("not those that were shown");
        assert!(is_shown, "{refused}");
    }
    let mut unseen = good.clone();
    unseen.push(("agreed".to_owned(), "0.01 USD; 0.01 USD".to_owned()));
    says(&step(&visit, "/customers", &unseen).expect(422), "not those that were shown");
    let mut foreign = good;
    set(&mut foreign, "partner_on_record", "7000001");
    let review = step(&visit, "/customers/new/review", &foreign).expect(200);
    foreign.push(("agreed".to_owned(), hidden(&review, "agreed")));
    says(&step(&visit, "/customers", &foreign).expect(422), "no active partnership");
    assert_eq!(ground.server.position(), position, "nothing was recorded");
}

#[test]
fn a_customer_is_added_without_subscriptions_too() {
    let ground = Ground::open();
    let visit = ground.visit();
    let fields: Vec<_> = fields("")
        .into_iter()
        .filter(|(name, _)| !name.contains(OFFER_PREMIUM) && !name.contains(OFFER_ADD_ON))
        .collect();
    let review = step(&visit, "/customers/new/review", &fields).expect(200);
    says(&review, "None are bought now.");
    let added = step(&visit, "/customers", &fields).expect(200);
    says(&added, "Order subscriptions");
    says(&visit.get("/customers").expect(200), "Tailspin Toys");
}
