//! The activity log in the contract's words, as its clients ask for it.

use serde_json::{Value, json};
use tests::{Api, OFFER_E3, SKU_E3, fresh_guid};

use crate::begin;

fn filtered(filter: &Value) -> String {
    let text = filter.to_string();
    let text = text.replace('{', "%7B").replace('}', "%7D").replace('"', "%22");
    format!("/v1/auditrecords?filter={text}")
}

fn operations(records: &[Value]) -> Vec<&str> {
    records.iter().map(|record| record["operationType"].as_str().unwrap()).collect()
}

fn pair<'a>(record: &'a Value, key: &str) -> Option<&'a str> {
    let pairs = record["customizedData"].as_array().unwrap();
    pairs.iter().find(|pair| pair["key"] == key).and_then(|pair| pair["value"].as_str())
}

fn record<'a>(records: &'a [Value], operation: &str) -> &'a Value {
    records.iter().find(|record| record["operationType"] == operation).unwrap()
}

/// A customer with an order, and a user that was deleted and restored.
fn story(api: &Api) -> tests::NewCustomer {
    let customer = api.create_customer("Relecloud", "relecloud.example");
    api.order(&customer, OFFER_E3, 5);
    let user = api.create_user(&customer, "nora");
    api.assign(&user, &[SKU_E3]);
    api.delete_user(&user);
    api.restore(&user).expect(200);
    customer
}

#[test]
fn what_was_done_to_a_customer_is_told_newest_first_in_the_contracts_words() {
    let installation = begin();
    let server = installation.serve();
    let api = server.api(&installation.provider.token);
    let customer = story(&api);
    api.create_customer("Fabrikam", "fabrikam.example");
    let own = json!({ "Field": "CustomerId", "Value": customer.id, "Operator": "equals" });
    let records = api.items(&filtered(&own));
    let told = operations(&records);
    let expected = [
        "restore_customer_user",
        "delete_customer_user",
        "update_customer_user_licenses",
        "create_customer_user",
        "create_order",
        "add_customer",
    ];
    let mut rest = told.iter();
    for operation in expected {
        assert!(rest.any(|told| *told == operation), "{operation} in its place in {told:?}");
    }
    let order = record(&records, "create_order");
    assert_eq!((pair(order, "OfferId-0"), pair(order, "Quantity-0")), (Some(OFFER_E3), Some("5")));
    let license = record(&records, "update_customer_user_licenses");
    assert_eq!(pair(license, "AddedLicenseSkuId"), Some(SKU_E3));
    assert!(pair(license, "CustomerUserId").is_some());
    assert_eq!(order["customerName"], "Relecloud");
    assert_eq!(order["userPrincipalName"], installation.provider.email.as_str());
    assert_eq!(order["resourceType"], "order");
    assert_eq!(order["operationStatus"], "succeeded");
    let value: Value = serde_json::from_str(order["resourceNewValue"].as_str().unwrap()).unwrap();
    assert_eq!(value["OrderId"].as_str(), pair(order, "OrderId"));

    let one = api.get(&format!("/v1/auditrecords/{}", order["id"].as_str().unwrap())).expect(200);
    assert_eq!(one.json(), order);
}

#[test]
fn records_are_filtered_by_company_and_by_resource_and_come_in_parts() {
    let installation = begin();
    let server = installation.serve();
    let api = server.api(&installation.provider.token);
    story(&api);
    api.create_customer("Fabrikam", "fabrikam.example");
    let by_name = json!({ "field": "companyname", "value": "BRIKA", "operator": "Substring" });
    let records = api.items(&filtered(&by_name));
    assert!(records.iter().all(|record| record["customerName"] == "Fabrikam"));
    assert!(operations(&records).contains(&"add_customer"));
    let by_resource =
        json!({ "Field": "ResourceType", "Value": "CustomerUser", "Operator": "equals" });
    let records = api.items(&filtered(&by_resource));
    assert!(records.iter().all(|record| record["resourceType"] == "customer_user"));

    let list = api.get("/v1/auditrecords").expect(200).text_at("/links/self/uri");
    assert!(list.contains("startDate=") && list.contains("size=500"), "{list}");
    let all = api.items("/v1/auditrecords");
    let mut parts = Vec::new();
    let mut answer = api.get("/v1/auditrecords?size=3").expect(200);
    loop {
        parts.extend(answer.items());
        let Some(token) = answer.json()["continuationToken"].as_str().map(str::to_owned) else {
            break;
        };
        let next = api.request("GET", "/v1/auditrecords?seekOperation=Next");
        answer = next.header("MS-ContinuationToken", &token).send().expect(200);
    }
    assert_eq!(parts, all);
}

#[test]
fn dates_are_taken_as_clients_write_them_and_too_old_ones_are_refused() {
    let installation = begin();
    let server = installation.serve();
    let api = server.api(&installation.provider.token);
    story(&api);
    let all = api.items("/v1/auditrecords?startDate=2020-01-01&extended=true");
    assert!(!all.is_empty());
    assert!(
        api.items("/v1/auditrecords?startDate=2020-01-01&endDate=2020-12-366&extended=true")
            .is_empty()
    );
    for (query, field) in [
        ("startDate=2020-01-01", "startDate"),
        ("startDate=soon", "startDate"),
        ("endDate=2020-13-01", "endDate"),
        ("endDate=1/1/2020%2012:00:00%20AM", "endDate"),
        (
            "filter=%7B%22Field%22:%22Secret%22,%22Value%22:%22x%22,%22Operator%22:%22equals%22%7D",
            "filter",
        ),
        (
            "filter=%7B%22Field%22:%22CustomerId%22,%22Value%22:%22x%22,%22Operator%22:%22equals%22%7D",
            "filter",
        ),
        (
            "filter=%7B%22Field%22:%22ResourceType%22,%22Value%22:%22x%22,%22Operator%22:%22equals%22%7D",
            "filter",
        ),
    ] {
        let refused = api.get(&format!("/v1/auditrecords?{query}")).refused(400, 2000);
        assert_eq!(refused.json()["data"][1], field, "{query}");
    }
}

#[test]
fn another_partner_sees_none_of_it_and_who_may_not_is_told_so() {
    let installation = begin();
    let other =
        installation.register("Wide World", "direct-partner", "wim@wide.example", "7654321");
    let server = installation.serve();
    let api = server.api(&installation.provider.token);
    let customer = story(&api);
    let id = api.items("/v1/auditrecords")[0]["id"].as_str().unwrap().to_owned();
    let stranger = server.api(&other.token);
    stranger.get(&format!("/v1/auditrecords/{id}")).refused(404, 1000);
    let own = json!({ "Field": "CustomerId", "Value": customer.id, "Operator": "equals" });
    assert!(stranger.items(&filtered(&own)).is_empty());
    assert!(!stranger.get("/v1/auditrecords").expect(200).text.contains("Relecloud"));
    for wrong in [fresh_guid(), "x".to_owned(), format!("{}_x", installation.provider.partner)] {
        api.get(&format!("/v1/auditrecords/{wrong}")).refused(404, 1000);
    }
    let user = api.add_partner_user("Piet Vos", "piet@contoso.example", &["incentives_user"]);
    let without = server.api(&api.issue_token(&user.id));
    without.get("/v1/auditrecords").refused(403, 900_150);
}
