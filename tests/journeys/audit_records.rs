//! The activity log in the contract's words, as its clients ask for it.

use serde_json::{Value, json};
use tests::{Api, OFFER_E3, OFFER_PREMIUM, SKU_E3, fresh_guid};

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

/// What a record says was so before, and what is so from then on.
fn values(record: &Value) -> [Value; 2] {
    ["resourceOldValue", "resourceNewValue"].map(|name| {
        record[name].as_str().map_or(Value::Null, |text| serde_json::from_str(text).unwrap())
    })
}

/// The records of an operation, the newest first, each with what was before and after.
fn values_of(api: &Api, operation: &str) -> Vec<[Value; 2]> {
    let records = api.items("/v1/auditrecords");
    records.iter().filter(|it| it["operationType"] == operation).map(values).collect()
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

#[test]
fn a_record_tells_what_was_before_and_what_is_from_then_on() {
    let installation = begin();
    let server = installation.serve();
    let api = server.api(&installation.provider.token);
    let customer = api.create_customer("Relecloud", "relecloud.example");
    let subscription = api.order(&customer, OFFER_PREMIUM, 5);
    let path = format!("{}/subscriptions/{subscription}", customer.path);
    api.patch(&path, &json!({ "quantity": 7 })).expect(200);
    api.patch(&path, &json!({ "friendlyName": "Everybody" })).expect(200);
    api.patch(&path, &json!({ "status": "suspended" })).expect(200);
    let told = values_of(&api, "update_subscription");
    let id = &subscription;
    let [suspended, renamed, bought] = [&told[0], &told[1], &told[2]];
    let with = |name: &str, value: Value| {
        let mut object = json!({ "SubscriptionId": id });
        object[name] = value;
        object
    };
    assert_eq!(*bought, [with("Quantity", json!(5)), with("Quantity", json!(7))]);
    assert_eq!(*suspended, [with("Status", json!("active")), with("Status", json!("suspended"))]);
    assert_eq!(renamed[1], with("FriendlyName", json!("Everybody")));
    assert_eq!(renamed[0]["SubscriptionId"], *id);
    assert_ne!(renamed[0]["FriendlyName"], renamed[1]["FriendlyName"]);
    assert_eq!(values_of(&api, "add_customer")[0][0], Value::Null, "there was nothing before");

    let billing = format!("{}/profiles/billing", customer.path);
    let mut profile = api.get(&billing).expect(200).json().clone();
    profile["companyName"] = json!("Relecloud Ltd");
    api.put(&billing, &profile).expect(200);
    let [old, new] = values_of(&api, "update_customer_billing_profile").remove(0);
    assert_eq!(
        (&old["CompanyName"], &new["CompanyName"]),
        (&json!("Relecloud"), &json!("Relecloud Ltd"))
    );
    assert_eq!(old["Contact"], new["Contact"], "what stays is told too");
    assert_eq!(old.get("PartnerId"), None, "only what can be compared is");
    for kind in ["education", "governmentcommunitycloud"] {
        api.put(&format!("{}/qualification", customer.path), &json!(kind)).expect(200);
    }
    let told = values_of(&api, "update_customer_qualification");
    assert_eq!(told[1][0], json!({ "Qualification": null }));
    assert_eq!(told[0][0], told[1][1]);
}

#[test]
fn a_record_of_a_person_tells_what_was_before_to_who_may_see_it() {
    let installation = begin();
    let server = installation.serve();
    let api = server.api(&installation.provider.token);
    let customer = api.create_customer("Relecloud", "relecloud.example");
    api.order(&customer, OFFER_E3, 5);
    let user = api.create_user(&customer, "nora");
    for name in ["Nora Lindquist", "Nora Quistlind"] {
        api.patch(&user.path, &json!({ "displayName": name })).expect(200);
    }
    api.assign(&user, &[SKU_E3]);
    let none = json!({ "licensesToRemove": [SKU_E3] });
    api.post(&format!("{}/licenseupdates", user.path), &none).expect(201);
    api.delete_user(&user);
    api.restore(&user).expect(200);

    let [last, first] = [0, 1].map(|index| values_of(&api, "update_customer_user").remove(index));
    assert_eq!(last[0], first[1], "what is so from then on is what was so until then");
    assert_eq!(last[0]["Profile"]["DisplayName"], "Nora Lindquist");
    assert_eq!(last[1]["Profile"]["DisplayName"], "Nora Quistlind");
    let seat = json!({ "UserId": user.id, "SkuId": SKU_E3 });
    let seats = values_of(&api, "update_customer_user_licenses");
    assert_eq!(seats[0], [seat.clone(), Value::Null], "it is taken away");
    assert_eq!(seats[1], [Value::Null, seat], "there was none");
    let [old, new] = values_of(&api, "delete_customer_user").remove(0);
    assert_eq!((&old["State"], &new["State"]), (&json!("active"), &json!("inactive")));
    assert_eq!(old["Profile"], last[1]["Profile"], "who it was");
    let [old, new] = values_of(&api, "restore_customer_user").remove(0);
    assert_eq!(old, json!({ "UserId": user.id, "State": "inactive" }));
    assert_eq!(new["State"], "active");

    let billing = api.add_partner_user("Bo Berg", "bo@fabrikam.example", &["billing_admin"]);
    api.assign_role(&billing.id, "admin_agent").expect_success();
    api.patch(&format!("/v1/users/{}", billing.id), &json!({ "fullName": "Bo Hill" })).expect(200);
    let [old, new] = values_of(&api, "update_partner_user").remove(0);
    assert_eq!(
        (&old["Profile"]["FullName"], &new["Profile"]["FullName"]),
        (&json!("Bo Berg"), &json!("Bo Hill"))
    );
    api.revoke_role(&billing.id, "admin_agent").expect_success();
    let reader = server.api(&api.issue_token(&billing.id));
    let [old, new] = values_of(&reader, "update_customer_user").remove(0);
    assert_eq!(old["Profile"], json!({ "$withheld": {} }));
    assert_eq!(old["Profile"], new["Profile"]);
    let all = reader.get("/v1/auditrecords").expect(200);
    assert!(!all.text.contains("quist") && !all.text.contains("Quist"), "{all}");
}
