//! Customers and their users as clients of the contract ask for them, old and new.

use serde_json::json;
use tests::{NewCustomer, OFFER_E3, SKU_E3};

use crate::begin;

const HELPDESK: &str = "729827e3-9c14-49f7-bb1b-9608f156bbb8";

#[test]
fn a_list_of_customers_carries_what_a_list_needs_and_nothing_else() {
    let installation = begin();
    let server = installation.serve();
    let api = server.api(&installation.provider.token);
    let customer = api.create_customer("Relecloud", "relecloud.example");
    let item = &api.items("/v1/customers?size=0")[0];
    let expected = json!({
        "id": customer.id,
        "companyProfile": {
            "tenantId": customer.id, "domain": "relecloud.example", "companyName": "Relecloud",
            "attributes": { "objectType": "CustomerCompanyProfile" },
        },
        "relationshipToPartner": "reseller",
        "links": { "self": {
            "uri": format!("/customers/{}", customer.id), "method": "GET", "headers": [],
        } },
        "attributes": { "objectType": "Customer" },
    });
    assert_eq!(*item, expected);
    let whole = api.get(&customer.path).expect(200);
    assert_eq!(whole.json()["allowDelegatedAccess"], true);
    assert!(whole.json().get("userCredentials").is_none());
    let billing = api.get(&format!("{}/profiles/billing", customer.path)).expect(200);
    billing.text_at("/attributes/etag").parse::<i64>().unwrap();
}

#[test]
fn a_company_may_be_named_in_its_own_profile_only() {
    let installation = begin();
    let server = installation.serve();
    let api = server.api(&installation.provider.token);
    let mut body = NewCustomer::body("Relecloud", "relecloud.example");
    body["companyProfile"]["CompanyName"] = json!("Relecloud");
    body["billingProfile"]["companyName"] = json!(null);
    let created = api.post("/v1/customers", &body).expect(201);
    assert_eq!(created.text_at("/billingProfile/companyName"), "Relecloud");
}

#[test]
fn older_clients_name_users_and_roles_in_parameters() {
    let installation = begin();
    let server = installation.serve();
    let api = server.api(&installation.provider.token);
    let customer = api.create_customer("Relecloud", "relecloud.example");
    let nora = api.create_user(&customer, "nora");
    let users = format!("{}/users", customer.path);
    let one = format!("{users}?user_id={}", nora.id.to_uppercase());
    let edited = api.patch(&one, &json!({ "displayName": "Nora L." })).expect(200);
    assert_eq!(edited.text_at("/displayName"), "Nora L.");
    let by_body = json!({ "Id": nora.id, "DisplayName": "Nora", "Links": null });
    assert_eq!(api.patch(&users, &by_body).expect(200).text_at("/displayName"), "Nora");
    api.patch(&users, &json!({ "displayName": "Nora" })).refused(400, 2001);
    api.patch(&format!("{users}?user_id=42"), &json!({ "displayName": "N" })).refused(400, 2000);

    let roles = format!("{}/directoryroles", customer.path);
    let role = format!("{roles}?role_id={HELPDESK}");
    let listed = api.items(&role);
    assert_eq!((listed.len(), &listed[0]["id"]), (1, &json!(HELPDESK)));
    let member = json!({ "Id": nora.id, "Attributes": { "ObjectType": "UserMember" } });
    let granted = api.post(&role, &member).expect(201);
    assert_eq!(granted.text_at("/roleId"), HELPDESK);
    let members = format!("{roles}/{HELPDESK}/usermembers");
    assert_eq!(api.items(&format!("{members}?size=1"))[0]["id"], nora.id.as_str());
    api.delete(&role).refused(400, 2001);
    api.delete(&format!("{role}&member_id={}", nora.id)).expect(204);
    assert!(api.items(&members).is_empty());
    api.get(&format!("{roles}?role_id={}", nora.id)).refused(404, 1000);
    api.post(&roles, &member).refused(400, 2001);

    api.delete(&users).refused(400, 2001);
    api.delete(&one).expect(204);
    api.get(&nora.path).expect(200);
    api.delete(&one).refused(404, 60_002);
}

#[test]
fn members_of_a_role_come_in_parts() {
    let installation = begin();
    let server = installation.serve();
    let api = server.api(&installation.provider.token);
    let customer = api.create_customer("Relecloud", "relecloud.example");
    let members = format!("{}/directoryroles/{HELPDESK}/usermembers", customer.path);
    for name in ["ana", "bea", "cleo"] {
        let user = api.create_user(&customer, name);
        api.post(&members, &json!({ "id": user.id })).expect(201);
    }
    let first = api.get(&format!("{members}?size=2")).expect(200);
    assert_eq!((first.items().len(), &first.json()["totalCount"]), (2, &json!(3)));
    let token = first.text_at("/continuationToken");
    let next = api.request("GET", &format!("{members}?size=2&seekOperation=Next"));
    let next = next.header("MS-ContinuationToken", &token).send().expect(200);
    assert_eq!(next.items().len(), 1);
    assert!(next.json()["links"].get("next").is_none());
}

#[test]
fn a_relationship_ends_in_the_forms_of_older_clients_too() {
    let installation = begin();
    let server = installation.serve();
    let api = server.api(&installation.provider.token);
    for (domain, form) in [
        ("one.example", "relationships/partner"),
        ("two.example", "CustomerPartnerRelationships/reseller"),
    ] {
        let customer = api.create_customer("Relecloud", domain);
        let subscription = api.order(&customer, OFFER_E3, 1);
        let path = format!("{}/{form}", customer.path);
        api.delete(&path).refused(400, 2000);
        let subscription = format!("{}/subscriptions/{subscription}", customer.path);
        api.patch(&subscription, &json!({ "status": "suspended" })).expect(200);
        api.delete(&path).expect(204);
        api.get(&customer.path).refused(403, 20_002);
    }
    assert!(api.items("/v1/customers").is_empty());
}

#[test]
fn a_policy_with_an_id_that_names_none_has_a_code_of_its_own() {
    let installation = begin();
    let server = installation.serve();
    let api = server.api(&installation.provider.token);
    api.get("/v1/SelfServePolicy/42").refused(404, 600_040);
}

#[test]
fn plans_that_are_to_be_left_out_are_answered_with_a_warning() {
    let installation = begin();
    let server = installation.serve();
    let api = server.api(&installation.provider.token);
    let customer = api.create_customer("Relecloud", "relecloud.example");
    api.order(&customer, OFFER_E3, 2);
    let nora = api.create_user(&customer, "nora");
    let path = format!("{}/licenseupdates", nora.path);
    let update =
        |plans| json!({ "LicensesToAssign": [{ "SkuId": SKU_E3, "ExcludedPlans": plans }] });
    let told = api.post(&path, &update(json!(["8c098270-9dd4-4350-9b30-ba4703f3b36b"])));
    let told = told.expect(201);
    assert_eq!(told.json()["licenseWarnings"][0]["servicePlans"].as_array().unwrap().len(), 1);
    let remove = json!({ "licensesToAssign": null, "licensesToRemove": [SKU_E3] });
    let told = api.post(&path, &remove).expect(201);
    assert_eq!(told.json()["licenseWarnings"], json!([]));
    let told = api.post(&path, &update(json!(null))).expect(201);
    assert_eq!(told.json()["licensesToAssign"][0]["excludedPlans"], json!([]));
}

#[test]
fn services_are_managed_while_they_are_subscribed_to_and_the_privileges_last() {
    let installation = begin();
    let server = installation.serve();
    let api = server.api(&installation.provider.token);
    let customer = api.create_customer("Relecloud", "relecloud.example");
    let services = format!("{}/managedservices", customer.path);
    assert!(api.items(&services).is_empty());
    let subscription = api.order(&customer, OFFER_E3, 1);
    let listed = api.items(&services);
    assert_eq!((listed.len(), &listed[0]["id"]), (1, &json!(SKU_E3)));
    assert_eq!(listed[0]["attributes"]["objectType"], "ManagedService");
    let ticket = listed[0]["links"]["serviceTicket"]["uri"].as_str().unwrap();
    assert_eq!(format!("/v1{ticket}"), format!("{}/servicerequests", customer.path));
    let subscription = format!("{}/subscriptions/{subscription}", customer.path);
    api.patch(&subscription, &json!({ "status": "suspended" })).expect(200);
    assert!(api.items(&services).is_empty());
    let mut body = NewCustomer::body("Tailspin", "tailspin.example");
    body["allowDelegatedAccess"] = json!(false);
    let other = api.create_customer_from(&body);
    api.order(&other, OFFER_E3, 1);
    assert!(api.items(&format!("{}/managedservices", other.path)).is_empty());
}

#[test]
fn addresses_are_held_to_the_rules_of_their_country() {
    let installation = begin();
    let server = installation.serve();
    let api = server.api(&installation.provider.token);
    let rules = api.get("/v1/countryvalidationrules/us").expect(200);
    assert_eq!(rules.text_at("/iso2Code"), "US");
    assert_eq!(rules.json()["isStateRequired"], true);
    assert_eq!(rules.text_at("/postalCodeRegex"), "^([0-9]{5}|[0-9]{5}\\-[0-9]{4})$");
    assert_eq!(rules.json()["countryCallingCodesList"], json!(["1"]));
    api.get("/v1/countryvalidationrules/QQ").refused(404, 1000);
    api.get("/v1/countryvalidationrules/USA").refused(400, 2000);

    let good =
        NewCustomer::body("Relecloud", "relecloud.example")["billingProfile"]["defaultAddress"]
            .clone();
    let path = "/v1/validations/address";
    assert_eq!(api.post(path, &good).expect(200).text, "");
    for (field, value, code) in [
        ("country", json!("United States"), 2000),
        ("country", json!(null), 2001),
        ("state", json!("ON"), 2007),
        ("postalCode", json!("98O52"), 2007),
        ("city", json!(""), 2007),
        ("addressLine1", json!(null), 2007),
        ("phoneNumber", json!("12"), 2007),
    ] {
        let mut wrong = good.clone();
        wrong[field] = value;
        let refused = api.post(path, &wrong).refused(400, code);
        assert_eq!(refused.json()["data"][1], field, "{refused}");
    }
}
