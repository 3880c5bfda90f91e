//! What a provider may do with a reseller only while the reseller is its partner, and what the end
//! of it ends.

use serde_json::{Value, json};
use tests::{Answer, Api, NewCustomer, OFFER_E3};

use super::{Companies, accept, ask, path_of};

/// Whatever needs a partnership: the name of the attempt and its answer.
fn attempts(provider: &Api, customer: &NewCustomer, reseller: &str) -> Vec<(&'static str, Answer)> {
    let mut body = NewCustomer::body("Tailspin", "tailspin.example");
    body["associatedPartnerId"] = json!(reseller);
    let line = json!({
        "lineItemNumber": 0, "offerId": OFFER_E3, "quantity": 1, "partnerIdOnRecord": "7000002",
    });
    let order = json!({ "billingCycle": "monthly", "lineItems": [line] });
    let associate = format!("{}/resellers/{reseller}", customer.path);
    vec![
        ("add a customer on its behalf", provider.post("/v1/customers", &body)),
        ("associate it with a customer", provider.post(&associate, &json!({}))),
        ("order in its name", provider.post(&format!("{}/orders", customer.path), &order)),
    ]
}

fn refused(attempts: Vec<(&'static str, Answer)>) {
    for (what, answer) in attempts {
        assert_eq!(answer.status, 400, "{what}: {answer}");
        let reasons = ["no_active_partnership", "partner_on_record"];
        assert!(reasons.contains(&answer.reason()), "{what}: {answer}");
    }
}

fn resellers(api: &Api, side: &str) -> Vec<Value> {
    api.items(&format!("/v1/relationships?relationship_type={side}"))
}

#[test]
fn only_while_it_is_a_partner_is_a_reseller_given_customers_and_subscriptions() {
    let companies = Companies::new();
    let server = companies.installation.serve();
    let (provider, wingtip) = (companies.provider(&server), companies.wingtip(&server));
    let reseller = companies.reseller.partner.as_str();
    let customer = provider.create_customer("Relecloud", "relecloud.example");
    let position = server.position();
    refused(attempts(&provider, &customer, reseller));
    let request = ask(&provider);
    refused(attempts(&provider, &customer, reseller));
    assert_eq!(server.position(), position + 1, "nothing but the request was recorded");

    accept(&wingtip, &request.text_at("/link")).expect_success();
    for (what, answer) in attempts(&provider, &customer, reseller) {
        assert!((200..300).contains(&answer.status), "{what}: {answer}");
    }
    assert_eq!(wingtip.items("/v1/customers").len(), 2);
    let subscriptions = format!("{}/subscriptions", customer.path);
    assert_eq!(wingtip.items(&subscriptions).len(), 1);
    assert_eq!(resellers(&provider, "is_indirect_cloud_solution_provider_of").len(), 1);
    assert_eq!(resellers(&wingtip, "is_indirect_reseller_of").len(), 1);

    provider.post(&format!("{}/end", path_of(&request)), &json!({})).expect_success();
    assert!(wingtip.items("/v1/customers").is_empty());
    wingtip.get(&subscriptions).refused(403, 20_002);
    tests::until("end of the reseller's associations", || {
        let history = provider.get("/v1/history?type=ResellerRemoved&size=10").expect(200);
        (history.items().len() == 2).then_some(())
    });
    let position = server.position();
    refused(attempts(&provider, &customer, reseller));
    assert_eq!(server.position(), position);
    assert!(resellers(&provider, "is_indirect_cloud_solution_provider_of").is_empty());
    assert!(resellers(&wingtip, "is_indirect_reseller_of").is_empty());
    what_was_stays(&provider, &wingtip, &subscriptions);
}

#[test]
fn the_customers_of_a_reseller_are_listed_and_taken_away_also_as_older_clients_do() {
    let companies = Companies::new();
    let server = companies.installation.serve();
    let (provider, wingtip) = (companies.provider(&server), companies.wingtip(&server));
    accept(&wingtip, &ask(&provider).text_at("/link")).expect_success();
    let reseller = companies.reseller.partner.as_str();
    let customer = provider.create_customer("Relecloud", "relecloud.example");
    provider.create_customer("Proseware", "proseware.example");
    let path = format!("/v1/relationships/{reseller}/customer");
    assert!(provider.items(&path).is_empty());
    provider.post(&format!("{}/resellers/{reseller}", customer.path), &json!({})).expect(201);
    assert_eq!(provider.items(&path)[0]["id"], customer.id);
    let holder = format!("/v1/relationships/{}/customer", companies.installation.provider.partner);
    assert_eq!(wingtip.items(&holder)[0]["id"], customer.id);

    let one = format!("{path}/{}", customer.id);
    assert_eq!(wingtip.patch(&one, &json!({})).status, 403);
    provider.request("PATCH", &one).send().expect(204);
    assert!(provider.items(&path).is_empty() && wingtip.items(&holder).is_empty());
}

/// The end takes rights, not history: both still see that they were partners, the provider keeps
/// what it sold.
fn what_was_stays(provider: &Api, wingtip: &Api, subscriptions: &str) {
    for api in [provider, wingtip] {
        let listed = api.items("/v1/partnerships");
        assert_eq!(listed[0]["status"], "ended");
        let history = api.get("/v1/history").expect(200).text;
        for event in ["PartnershipAccepted", "PartnershipEnded", "ResellerAssociated"] {
            assert!(history.contains(event), "{event} in {history}");
        }
    }
    assert_eq!(provider.items(subscriptions).len(), 1);
}

#[test]
fn either_side_ends_a_partnership_and_a_new_one_needs_a_new_request() {
    let companies = Companies::new();
    let server = companies.installation.serve();
    let (provider, wingtip) = (companies.provider(&server), companies.wingtip(&server));
    let first = ask(&provider);
    accept(&wingtip, &first.text_at("/link")).expect_success();
    let second = ask(&provider);
    let twice = accept(&wingtip, &second.text_at("/link")).refused(409, 2000);
    assert_eq!(twice.reason(), "already_partners");
    wingtip.post(&format!("{}/end", path_of(&first)), &json!({})).expect_success();
    let over = wingtip.post(&format!("{}/end", path_of(&first)), &json!({})).refused(400, 2000);
    assert_eq!(over.reason(), "partnership_not_active");
    accept(&wingtip, &second.text_at("/link")).expect_success();
    let direct = server.api(&companies.direct.token);
    direct.post(&format!("{}/end", path_of(&second)), &json!({})).refused(404, 1000);
}
