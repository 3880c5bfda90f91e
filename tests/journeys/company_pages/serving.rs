//! Who serves the company: support contacts with their details, and the end of privileges.

use serde_json::{Value, json};
use tests::{Api, OFFER_E3, OFFER_PREMIUM};

use super::{Companies, refused};

const SUBSCRIPTIONS: &str = "/v1/company/subscriptions";

/// Wingtip as a reseller of the provider, associated with the customer; its client.
fn reseller(companies: &Companies) -> (String, Api) {
    let Companies { wingtip, server, provider, customer, .. } = companies;
    let api = server.api(&wingtip.token);
    let asked = provider.post("/v1/partnerships", &json!({ "recipient": "wanda@wingtip.example" }));
    let token = json!({ "token": asked.expect(201).text_at("/link") });
    api.post("/v1/invitations/accept", &token).expect_success();
    let associate = format!("{}/resellers/{}", customer.path, wingtip.partner);
    provider.post(&associate, &json!({})).expect_success();
    (wingtip.partner.clone(), api)
}

fn contacts(company: &Api) -> Vec<Value> {
    company.items(SUBSCRIPTIONS).into_iter().map(|it| it["supportContact"].clone()).collect()
}

#[test]
fn ending_the_privileges_names_what_falls_back_and_puts_the_contact_back() {
    let companies = Companies::new();
    let Companies { server, provider, pages, customer, company, .. } = &companies;
    let (wingtip, wingtip_api) = reseller(&companies);
    let email = json!({ "email": "help@wingtip.example", "telephone": "4255550199" });
    wingtip_api.put("/v1/profiles/support", &email).expect_success();
    let subscription = provider.order(customer, OFFER_PREMIUM, 5);
    provider.order(customer, OFFER_E3, 5);
    let path = format!("{}/subscriptions/{subscription}/supportcontact", customer.path);
    provider.put(&path, &json!({ "supportTenantId": wingtip })).expect(200);

    let [first, second] = &contacts(company)[..] else { panic!("two subscriptions") };
    assert_eq!((&first["name"], &first["email"]), (&json!("Wingtip"), &email["email"]));
    assert_eq!((&first["telephone"], &first["website"]), (&email["telephone"], &Value::Null));
    assert_eq!((&second["name"], &second["email"]), (&json!("Fabrikam Provider"), &Value::Null));
    let start = pages.open("/company").expect(200).text;
    for part in ["help@wingtip.example", "4255550199", "has entered no support profile yet"] {
        assert!(start.contains(part), "{part} in {start}");
    }

    let partner = &companies.installation.provider.partner;
    let path = format!("/company/partners/{partner}/privileges");
    let page = pages.open(&path).expect(200);
    let falling_back = page.text.split_once("falling-back").unwrap().1;
    assert!(falling_back.contains("becomes Fabrikam Provider itself"), "{page}");
    let billing = companies.colleague("bill", &["Billing Administrator"]);
    assert_eq!(billing.open(&path).status, 403);
    let start = billing.open("/company").expect(200);
    assert!(start.text.contains("help@wingtip.example") && !start.text.contains(&path), "{start}");
    let done = pages.follow(&page, &path, &[]);
    assert!(done.text.contains("the relationship stays"), "{done}");
    assert!(contacts(company).iter().all(|contact| contact["name"] == "Fabrikam Provider"));
    let before = server.position();
    pages.send(&page, &path, &[]).expect(303);
    assert_eq!(server.position(), before, "sent twice it counts once");
    assert_eq!(pages.open(&path).status, 404, "there is nothing to end any more");
    let other = path.replace(partner, &wingtip);
    refused(server, 404, "no delegated admin privileges", || pages.open(&other));
    refused(server, 404, "nothing at this address", || {
        pages.open("/company/partners/42/privileges")
    });
}

#[test]
fn what_a_company_bought_is_seen_by_its_admins_and_nobody_else() {
    let companies = Companies::new();
    let Companies { server, provider, customer, .. } = &companies;
    provider.order(customer, OFFER_PREMIUM, 5);
    let listed = companies.company.items(SUBSCRIPTIONS);
    assert_eq!((&listed[0]["status"], &listed[0]["quantity"]), (&json!("active"), &json!(5)));
    provider.get(SUBSCRIPTIONS).refused(403, 900_150);
    let user = provider.create_user(customer, "nora");
    let (nora, _) = super::settled(server, &user.credentials);
    nora.get(SUBSCRIPTIONS).refused(403, 900_150);
    assert_eq!(server.anonymous().get(SUBSCRIPTIONS).status, 401);
}
