//! The customer's own side over the real server: it answers the requests of partners, ends what it
//! granted and buys for itself.

use serde_json::{Value, json};
use tests::{Api, Installation, NewCustomer, OFFER_PREMIUM, RunningServer};

use crate::{begin, sign_in::settle};

const REQUESTS: &str = "/v1/relationshiprequests";
const OWN_REQUESTS: &str = "/v1/company/relationshiprequests";
const ACCEPT: &str = "/v1/company/relationshiprequests/accept";
const DECLINE: &str = "/v1/company/relationshiprequests/decline";

/// A second partner, which sells directly.
fn tailspin(installation: &Installation) -> (String, String) {
    let tailspin =
        installation.register("Tailspin", "direct-partner", "tina@tailspin.example", "7000009");
    (tailspin.partner, tailspin.token)
}

/// Asks a customer, or any company, for a relationship with delegated admin privileges; the id
/// of the request and its link.
fn ask(partner: &Api, customer: Option<&NewCustomer>) -> (String, String) {
    let to = customer.map(|customer| customer.id.as_str());
    let body = json!({ "customerId": to, "allowDelegatedAccess": true });
    let asked = partner.post(REQUESTS, &body).expect(201);
    (asked.text_at("/id"), asked.text_at("/link"))
}

fn partners_of(company: &Api) -> Vec<Value> {
    company.get("/v1/company").expect(200).json()["partners"].as_array().unwrap().clone()
}

fn relecloud(server: &RunningServer, admin: &Api) -> (NewCustomer, Api) {
    let customer = admin.create_customer("Relecloud", "relecloud.example");
    let company = settle(server, &customer.admin);
    (customer, company)
}

#[test]
fn a_company_accepts_a_request_with_its_privileges_ends_them_and_declines_another() {
    let installation = begin();
    let (tailspin_id, token) = tailspin(&installation);
    let server = installation.serve();
    let (provider, tailspin) = (server.api(&installation.provider.token), server.api(&token));
    let (customer, company) = relecloud(&server, &provider);
    let other = provider.create_customer("Proseware", "proseware.example");
    let strangers = settle(&server, &other.admin);
    let users = format!("{}/users", customer.path);
    let nora = json!({ "userPrincipalName": "nora@relecloud.example", "displayName": "Nora" });

    let (asked, link) = ask(&tailspin, Some(&customer));
    assert_eq!(company.items(OWN_REQUESTS)[0]["id"], json!(asked));
    assert!(strangers.items(OWN_REQUESTS).is_empty());
    let before = server.position();
    strangers.post(ACCEPT, &json!({ "invitationId": asked })).refused(404, 1000);
    strangers.post(ACCEPT, &json!({ "token": link })).refused(404, 1000);
    company.post(ACCEPT, &json!({})).refused(400, 2001);
    company.post(ACCEPT, &json!({ "token": "forged" })).refused(400, 2000);
    assert_eq!(server.position(), before);
    provider.post(ACCEPT, &json!({ "invitationId": asked })).refused(403, 900_150);
    tailspin.get(&customer.path).refused(403, 20_002);

    let accepted = company.post(ACCEPT, &json!({ "invitationId": asked })).expect(200);
    assert_eq!(accepted.text_at("/status"), "accepted");
    let seen = tailspin.get(&customer.path).expect(200);
    assert_eq!(seen.json()["allowDelegatedAccess"], true, "as it was asked");
    tailspin.post(&users, &nora).expect(200);
    assert_eq!(partners_of(&company).len(), 2);
    let again = company.post(DECLINE, &json!({ "token": link }));
    assert_eq!(again.status, 400, "a request is answered once: {again}");

    let privileges = format!("/v1/company/partners/{tailspin_id}/delegatedadmin");
    company.delete(&privileges).expect(204);
    let refused = company.delete(&privileges);
    assert!(refused.text.contains("delegated_admin_not_held"), "{refused}");
    assert_eq!(tailspin.get(&customer.path).expect(200).json()["allowDelegatedAccess"], false);
    let nils = json!({ "userPrincipalName": "nils@relecloud.example", "displayName": "Nils" });
    let refused = tailspin.post(&users, &nils).refused(403, 900_150);
    assert!(refused.text.contains("delegated_admin_missing"), "{refused}");

    let (declined, _) = ask(&tailspin, Some(&other));
    let answer = strangers.post(DECLINE, &json!({ "invitationId": declined })).expect(200);
    assert_eq!(answer.text_at("/status"), "declined");
    tailspin.get(&other.path).refused(403, 20_002);
}

#[test]
fn a_company_with_an_account_enters_a_relationship_by_the_link_for_any_company() {
    let installation = begin();
    let (_, token) = tailspin(&installation);
    let server = installation.serve();
    let (provider, tailspin) = (server.api(&installation.provider.token), server.api(&token));
    let (customer, company) = relecloud(&server, &provider);
    let (asked, link) = ask(&tailspin, None);
    let accepted = company.post(ACCEPT, &json!({ "token": link })).expect(200);
    assert_eq!(accepted.text_at("/id"), asked);
    assert_eq!(tailspin.get(&customer.path).expect(200).json()["allowDelegatedAccess"], true);
    let told = tailspin.get(&format!("{REQUESTS}/{asked}")).expect(200);
    let told = (told.text_at("/status"), told.text_at("/customerId"));
    assert_eq!(told, ("accepted".to_owned(), customer.id));
}

#[test]
fn a_company_buys_for_itself_as_long_as_its_partner_permits_it() {
    let installation = begin();
    let server = installation.serve();
    let provider = server.api(&installation.provider.token);
    let (customer, company) = relecloud(&server, &provider);
    let order = json!({
        "partnerId": installation.provider.partner,
        "lineItems": [{ "offerId": OFFER_PREMIUM, "quantity": 2 }],
    });
    provider.order(&customer, OFFER_PREMIUM, 5);
    let refused = company.post("/v1/company/orders", &order);
    assert!(refused.text.contains("own_purchases_not_permitted"), "off by default: {refused}");
    let policy = json!({
        "selfServeEntity": { "selfServeEntityType": "customer", "tenantID": customer.id },
        "permissions": [{ "resource": "AzureReservedInstances", "action": "Purchase" }],
    });
    let permitted = provider.post("/v1/SelfServePolicy", &policy).expect(201).text_at("/id");
    assert_eq!(partners_of(&company)[0]["ownPurchases"], true);
    let bought = company.post("/v1/company/orders", &order).expect(201).text_at("/id");
    let orders = provider.items(&format!("{}/orders", customer.path));
    assert!(orders.iter().any(|it| it["id"] == json!(bought)), "the seller sees it: {orders:?}");
    provider.delete(&format!("/v1/SelfServePolicy/{permitted}")).expect(204);
    let refused = company.post("/v1/company/orders", &order);
    assert!(refused.text.contains("own_purchases_not_permitted"), "taken back: {refused}");
    assert_eq!(provider.items(&format!("{}/orders", customer.path)).len(), 2);
}
