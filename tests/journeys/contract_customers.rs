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

#[test]
fn a_further_domain_holds_users_and_is_taken_for_everybody_else() {
    let installation = begin();
    let server = installation.serve();
    let api = server.api(&installation.provider.token);
    let customer = api.create_customer("Relecloud", "relecloud.example");
    let other = api.create_customer("Tailspin", "tailspin.example");
    let path = format!("{}/verifieddomain", customer.path);
    let free = |domain: &str| api.request("HEAD", &format!("/v1/domains/{domain}")).send().status;
    assert_eq!(free("school.example"), 404);
    let mut user = customer.user_body("nora");
    user["userPrincipalName"] = json!("nora@school.example");
    let users = format!("{}/users", customer.path);
    api.post(&users, &user).refused(400, 2000);

    let body = json!({
        "VerifiedDomainName": "School.example",
        "Domain": { "AuthenticationType": "Managed", "Name": "school.example" },
        "DomainFederationSettings": null,
    });
    let added = api.post(&path, &body).expect(201);
    assert_eq!(
        (added.text_at("/name"), added.text_at("/status")),
        ("school.example".into(), "verified".into())
    );
    assert_eq!(free("school.example"), 200);
    assert_eq!(api.get("/v1/validations/checkdomainavailability/school").expect(200).text, "false");
    let own = |domain: &str| {
        let asked = [
            format!("{path}?domain={domain}"),
            format!("/v1/domains/{domain}?customer_id={}", customer.id),
        ];
        asked.map(|path| api.request("HEAD", &path).send().status)
    };
    assert_eq!(own("school.example"), [200, 200]);
    assert_eq!(own("relecloud.example"), [200, 200]);
    assert_eq!(own("tailspin.example"), [404, 404]);
    let shown = api.get(&customer.path).expect(200);
    assert_eq!(shown.json()["customDomains"], json!(["relecloud.example", "school.example"]));
    api.post(&users, &user).expect(200);

    for taken in ["school.example", "relecloud.example"] {
        let body = json!({ "verifiedDomainName": taken });
        api.post(&path, &body).refused(409, 2000);
        api.post(&format!("{}/verifieddomain", other.path), &body).refused(409, 2000);
        api.post("/v1/customers", &NewCustomer::body("Third", taken)).refused(409, 2000);
    }
    let filter = "filter=%7B%22Field%22%3A%22Domain%22%2C%22Value%22%3A%22school%22%2C%22Operator%22%3A%22starts_with%22%7D";
    let found = api.items(&format!("/v1/customers?{filter}"));
    assert_eq!((found.len(), &found[0]["id"]), (1, &json!(customer.id)));
    let by_path = format!("/v1/domains/college.example?customer_id={}", customer.id);
    api.post(&by_path, &json!({ "verifiedDomainName": "other.example" })).refused(400, 2000);
    api.post(&by_path, &json!({})).expect(201);
    api.post("/v1/domains/third.example", &json!({})).refused(400, 2001);
    api.post(&path, &json!({})).refused(400, 2001);
    api.post(&path, &json!({ "verifiedDomainName": "nodots" })).refused(400, 2000);
    let federated = json!({ "domain": { "name": "a.example", "authenticationType": "federated" } });
    api.post(&path, &federated).refused(400, 2000);
}

#[test]
fn a_customer_is_qualified_at_once_and_shows_every_kind_it_was_declared_to_be() {
    let installation = begin();
    let server = installation.serve();
    let api = server.api(&installation.provider.token);
    let customer = api.create_customer("Relecloud", "relecloud.example");
    let one = format!("{}/qualification", customer.path);
    let all = format!("{}/qualifications", customer.path);
    assert_eq!(api.get(&one).expect(200).text, "\"none\"");
    assert_eq!(*api.get(&all).expect(200).json(), json!([]));
    assert_eq!(api.put(&one, &json!(1)).expect(200).text, "\"education\"");
    let cloud = format!("{one}?code=1042");
    let told = api.put(&cloud, &json!("GovernmentCommunityCloud")).expect(200);
    assert_eq!(told.text, "\"governmentcommunitycloud\"");
    let declared = api.post(&all, &json!({ "Qualification": "Education" })).expect(201);
    assert_eq!(declared.text_at("/qualification"), "Education");
    assert_eq!(declared.text_at("/vettingStatus"), "Approved");
    assert!(declared.text_at("/vettingCreateDate").ends_with('Z'));
    let listed = api.get(&all).expect(200);
    let kinds: Vec<_> =
        listed.json().as_array().unwrap().iter().map(|it| it["qualification"].clone()).collect();
    assert_eq!(kinds, [json!("GovernmentCommunityCloud"), json!("Education")]);
    assert_eq!(api.get(&one).expect(200).text, "\"education\"");

    let position = server.position();
    for (wrong, code) in [
        (json!("none"), 2000),
        (json!(2), 2000),
        (json!("schooling"), 900_126),
        (json!([]), 2000),
        (json!(true), 2000),
    ] {
        api.put(&one, &wrong).refused(400, code);
    }
    api.request("PUT", &one).send().refused(400, 2001);
    api.request("PUT", &one).raw("{").send().refused(400, 2000);
    api.post(&all, &json!({})).refused(400, 2001);
    assert_eq!(server.position(), position);
    for codes in ["/v1/customers/all/validations", &format!("{}/validations", customer.path)] {
        assert_eq!(*api.get(codes).expect(200).json(), json!([]));
    }
}
