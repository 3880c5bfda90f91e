//! Requests for relationships, privileges and own purchases over the real server.

use serde_json::{Value, json};
use tests::{Api, Installation, NewCustomer, OFFER_PREMIUM, Registered, RunningServer};

use crate::begin;

const REQUESTS: &str = "/v1/relationshiprequests";
const NOBODY: &str = "0190a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2b";

/// A second partner, which sells directly.
fn direct(installation: &Installation) -> Registered {
    installation.register("Tailspin", "direct-partner", "tina@tailspin.example", "7000009")
}

/// A user of the provider with this role.
fn hire(server: &RunningServer, admin: &Api, name: &str, role: &str) -> Api {
    let user = admin.add_partner_user(name, &format!("{name}@fabrikam.example"), &[role]);
    server.api(&admin.issue_token(&user.id))
}

fn ask(customer: &NewCustomer) -> Value {
    json!({ "customerId": customer.id, "recipient": "office@relecloud.example" })
}

#[test]
fn a_request_is_written_shown_edited_and_withdrawn() {
    let installation = begin();
    let partner = direct(&installation);
    let server = installation.serve();
    let provider = server.api(&installation.provider.token);
    let tailspin = server.api(&partner.token);
    let customer = provider.create_customer("Relecloud", "relecloud.example");

    let asked = tailspin.post(REQUESTS, &ask(&customer)).expect(201);
    let path = format!("{REQUESTS}/{}", asked.text_at("/id"));
    assert_eq!(asked.text_at("/status"), "requested");
    let link = asked.text_at("/link");
    assert!(link.contains("/relationships/"), "{link}");
    assert!(
        asked.text_at("/text").contains(&link) && asked.text_at("/mailto").starts_with("mailto:")
    );
    tailspin.post(REQUESTS, &ask(&customer)).refused(409, 2000);

    let text = "Dear Relecloud,\n{link}\nTailspin";
    let edited = tailspin.patch(&path, &json!({ "text": text })).expect(200);
    assert_eq!(edited.text_at("/text"), text.replace("{link}", &link));
    let refused = tailspin.patch(&path, &json!({ "text": "no link" })).refused(400, 2000);
    assert!(refused.text.contains("link_missing"), "{refused}");
    assert_eq!(provider.get(&path).status, 404, "requests of others are nobody's business");

    let withdrawn = tailspin.post(&format!("{path}/withdraw"), &json!({})).expect(200);
    assert_eq!(withdrawn.text_at("/status"), "withdrawn");
    assert!(withdrawn.json()["link"].is_null());
    tailspin.post(&format!("{path}/withdraw"), &json!({})).refused(400, 2000);
    tailspin.post(REQUESTS, &ask(&customer)).expect(201);
}

#[test]
fn bad_requests_are_refused_with_their_field_and_nothing_is_written() {
    let installation = begin();
    let server = installation.serve();
    let provider = server.api(&installation.provider.token);
    let customer = provider.create_customer("Relecloud", "relecloud.example");
    let before = server.position();
    for (body, field) in [
        (json!({ "customerId": "42" }), "customerId"),
        (json!({ "domain": "nodots" }), "domain"),
        (json!({ "domain": "unknown.example" }), "domain"),
        (json!({ "recipient": "nobody" }), "recipient"),
        (json!({ "subject": "x".repeat(201) }), "subject"),
        (json!({ "text": "Call us" }), "text"),
        (json!({ "text": 7 }), "text"),
        (json!({ "expiresInDays": 0 }), "expiresInDays"),
        (json!({ "expiresInDays": 366 }), "expiresInDays"),
        (json!({ "expiresInDays": "soon" }), "expiresInDays"),
        (json!({ "allowDelegatedAccess": "yes" }), "allowDelegatedAccess"),
    ] {
        let refused = provider.post(REQUESTS, &body);
        assert_eq!(refused.status, 400, "{body} {refused}");
        assert!(refused.text.contains(field), "{body} {refused}");
    }
    provider.post(REQUESTS, &json!({ "customerId": NOBODY })).refused(403, 20_002);
    provider.post(REQUESTS, &ask(&customer)).refused(409, 2000);
    assert_eq!(provider.get(&format!("{REQUESTS}/42")).status, 400);
    assert_eq!(provider.get(&format!("{REQUESTS}/{NOBODY}")).status, 404);
    provider.post(&format!("{REQUESTS}/{NOBODY}/withdraw"), &json!({})).refused(404, 1000);
    assert_eq!(server.position(), before);
}

#[test]
fn who_asks_reinstates_and_permits_is_as_the_table_of_roles_says() {
    let installation = begin();
    let server = installation.serve();
    let admin = server.api(&installation.provider.token);
    let customer = admin.create_customer("Relecloud", "relecloud.example");
    let other = admin.create_customer("Proseware", "proseware.example");
    let ended = json!({ "relationshipToPartner": "none" });
    admin.patch(&customer.path, &ended).expect(200);
    let sales = hire(&server, &admin, "sol", "sales_agent");
    let helpdesk = hire(&server, &admin, "hana", "helpdesk_agent");
    let agent = hire(&server, &admin, "ada", "admin_agent");

    let policy = json!({
        "selfServeEntity": { "selfServeEntityType": "customer", "tenantID": other.id },
        "permissions": [{ "resource": "AzureReservedInstances", "action": "Purchase" }],
    });
    // The helpdesk searches, views and edits, and does nothing else with customers.
    helpdesk.get("/v1/customers").expect(200);
    helpdesk.get(&format!("/v1/SelfServePolicy?entity_id={}", other.id)).expect(200);
    helpdesk.post(REQUESTS, &json!({})).refused(403, 900_150);
    helpdesk.get(REQUESTS).refused(403, 900_150);
    helpdesk.post("/v1/customers", &NewCustomer::body("X", "x.example")).refused(403, 900_150);
    helpdesk.patch(&other.path, &ended).refused(403, 900_150);
    helpdesk.post("/v1/SelfServePolicy", &policy).refused(403, 900_150);

    sales.post("/v1/SelfServePolicy", &policy).refused(403, 900_150);
    sales.patch(&other.path, &ended).refused(403, 900_150);
    sales.post(REQUESTS, &json!({ "allowDelegatedAccess": true })).refused(403, 900_150);
    sales.post(REQUESTS, &json!({})).expect(201);
    let refused = sales.post(REQUESTS, &ask(&customer)).refused(403, 900_150);
    assert!(refused.text.contains("relationships.reinstate"), "{refused}");
    let mut reinstate = ask(&customer);
    reinstate["allowDelegatedAccess"] = json!(true);
    agent.post(REQUESTS, &reinstate).expect(201);
}

#[test]
fn the_link_of_the_contract_stays_the_same_until_it_is_used_and_a_company_signs_up_through_it() {
    let installation = begin();
    let partner = direct(&installation);
    let server = installation.serve();
    let tailspin = server.api(&partner.token);
    let url = |path: &str| tailspin.get(path).expect(200).text_at("/url");
    let path = "/v1/customers/relationshiprequests";
    let link = url(path);
    assert_eq!(link, url(path));
    assert_ne!(link, url(&format!("{path}?allowDelegatedAccess=true")));

    let anybody = server.anonymous();
    let page_path =
        link.split_once("/relationships/").map(|(_, token)| format!("/relationships/{token}"));
    let page_path = page_path.unwrap();
    let page = anybody.get(&page_path).expect(200).text;
    assert!(page.contains("Tailspin") && page.contains("sign-up"), "{page}");
    let sign_up = |domain: &str| {
        let form = format!(
            "company_name=Relecloud&domain={domain}&country=US&culture=en-US&language=en&first_name=Kim\
             &last_name=Abercrombie&email=kim%40relecloud.example&line1=One+Way&city=Redmond"
        );
        let request = anybody.request("POST", &page_path);
        request.header("Content-Type", "application/x-www-form-urlencoded").raw(form).send()
    };
    let before = server.position();
    assert_eq!(sign_up("nodots").status, 422);
    assert_eq!(server.position(), before);
    let opened = sign_up("relecloud.example").expect(200).text;
    assert!(opened.contains("admin@relecloud.example"), "{opened}");

    let customers = tailspin.items("/v1/customers");
    assert_eq!(customers.len(), 1, "on acceptance it appears in the list");
    let requests = tailspin.items(REQUESTS);
    let accepted: Vec<_> = requests.iter().filter(|it| it["status"] == "accepted").collect();
    assert_eq!(accepted.len(), 1);
    assert_eq!(accepted[0]["customerId"], customers[0]["id"]);

    // Single use: the second company is refused, and the contract's link is a new one.
    let again = sign_up("proseware.example");
    assert!(again.status == 422 || again.status == 400, "{again}");
    assert!(!anybody.get(&page_path).expect(200).text.contains("sign-up"));
    assert_ne!(link, url(path));
    assert_eq!(anybody.get("/relationships/forged").status, 404);
    let partnership_link = page_path.replace("/relationships/", "/invitations/");
    assert_ne!(tailspin.get(&partnership_link).status, 200, "a token of one kind proves no other");
}

#[test]
fn a_customer_may_buy_for_itself_once_it_bought_before_and_until_that_is_taken_back() {
    let installation = begin();
    let server = installation.serve();
    let provider = server.api(&installation.provider.token);
    let customer = provider.create_customer("Relecloud", "relecloud.example");
    let policies = format!("/v1/SelfServePolicy?entity_id={}", customer.id);
    let policy = json!({
        "selfServeEntity": { "selfServeEntityType": "customer", "tenantID": customer.id },
        "grantor": { "grantorType": "billToPartner", "tenantID": installation.provider.partner },
        "permissions": [{ "resource": "AzureReservedInstances", "action": "Purchase" }],
    });
    assert_eq!(provider.items(&policies).len(), 0, "off by default");
    let refused = provider.post("/v1/SelfServePolicy", &policy).refused(400, 2000);
    assert!(refused.text.contains("no_prior_subscription"), "{refused}");
    provider.order(&customer, OFFER_PREMIUM, 5);
    let created = provider.post("/v1/SelfServePolicy", &policy).expect(201);
    provider.post("/v1/SelfServePolicy", &policy).refused(409, 600_041);
    let id = created.text_at("/id");
    assert_eq!(id, format!("{}_{}", installation.provider.partner, customer.id));
    let etag = created.text_at("/attributes/etag");
    assert_eq!(provider.items(&policies).len(), 1);

    let path = format!("/v1/SelfServePolicy/{id}");
    let put =
        |etag: &str| provider.request("PUT", &path).header("If-Match", etag).json(&policy).send();
    put(&etag).expect(200);
    put("\"0190a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2b\"").refused(400, 2055);
    provider.put("/v1/SelfServePolicy", &policy).expect(200);
    let before = server.position();
    for (pointer, value, field) in [
        ("/selfServeEntity", Value::Null, "selfServeEntity"),
        ("/selfServeEntity/tenantID", json!("42"), "tenantID"),
        ("/grantor/tenantID", json!(NOBODY), "tenantID"),
        ("/permissions", json!([]), "permissions"),
        ("/permissions/0/action", json!("Sell"), "action"),
    ] {
        let mut body = policy.clone();
        *body.pointer_mut(pointer).unwrap() = value;
        let refused = provider.post("/v1/SelfServePolicy", &body);
        assert_eq!(refused.status, 400, "{body} {refused}");
        assert!(refused.text.contains(field), "{refused}");
    }
    provider.get("/v1/SelfServePolicy").refused(400, 2001);
    provider.get("/v1/SelfServePolicy/42").refused(404, 600_040);
    assert_eq!(server.position(), before);
    provider.delete(&path).expect(204);
    provider.delete(&path).refused(404, 600_039);
    provider.get(&path).refused(404, 600_039);
    assert_eq!(provider.items(&policies).len(), 0);
}

#[test]
fn domains_are_checked_before_a_customer_is_created() {
    let installation = begin();
    let server = installation.serve();
    let provider = server.api(&installation.provider.token);
    provider.create_customer("Relecloud", "relecloud.example");
    let free = |prefix: &str| {
        let path = format!("/v1/validations/checkdomainavailability/{prefix}");
        provider.get(&path).expect(200).text
    };
    assert_eq!(
        [free("relecloud"), free("RELECLOUD"), free("proseware")],
        ["false", "false", "true"]
    );
    assert_eq!([free("relecloud.example"), free("relecloud.test")], ["false", "true"]);
    provider.get("/v1/validations/checkdomainavailability/a%20b").refused(400, 2000);
    let head =
        |domain: &str| provider.request("HEAD", &format!("/v1/domains/{domain}")).send().status;
    assert_eq!([head("relecloud.example"), head("proseware.example")], [200, 404]);
}

#[test]
fn existing_customers_are_imported_all_or_none_and_appear_in_the_list() {
    let installation = begin();
    let server = installation.serve();
    let provider = server.api(&installation.provider.token);
    provider.create_customer("Relecloud", "relecloud.example");
    let header = "Company name;Domain;First name;Last name;Email;Country;Address;City\r\n";
    let row = |company: &str, domain: &str| {
        format!("{company};{domain};Kim;Berg;kim@{domain};US;1 Sky Way;Redmond\r\n")
    };
    let good = row("Proseware", "proseware.example") + &row("Tailspin", "tailspin.example");
    let import = |rows: &str, query: &str| {
        let request = provider.request("POST", &format!("/v1/customers/import{query}"));
        request.header("Content-Type", "text/csv").raw(format!("\u{feff}{header}{rows}")).send()
    };
    let before = server.position();
    let with_taken = format!("{good}{}", row("Again", "relecloud.example"));
    let refused = import(&with_taken, "").refused(400, 2000);
    assert!(refused.text.contains("line 4: the domain is taken"), "{refused}");
    let refused = import(&good.replace(";US;", ";USA;"), "").refused(400, 2000);
    assert!(
        refused.text.contains("line 2: Country") && refused.text.contains("line 3"),
        "{refused}"
    );
    import("", "").refused(400, 2000);
    import(&good, "?skipFaulty=perhaps").refused(400, 2000);
    assert_eq!(server.position(), before, "nothing was written");

    let imported = import(&with_taken, "?skipFaulty=true").expect(201);
    assert_eq!(imported.text_at("/customers/0/companyName"), "Proseware");
    assert!(!imported.text_at("/customers/1/userCredentials/password").is_empty());
    assert_eq!(imported.json()["skipped"][0]["line"], 4);
    let listed = provider.items("/v1/customers");
    assert_eq!(listed.len(), 3);
    let path = format!("/v1/customers/{}", imported.text_at("/customers/0/id"));
    let customer = provider.get(&path).expect(200);
    assert_eq!(customer.json()["allowDelegatedAccess"], false, "the company has not granted them");
    let user = json!({ "userPrincipalName": "nora@proseware.example", "displayName": "Nora" });
    let refused = provider.post(&format!("{path}/users"), &user).refused(403, 900_150);
    assert!(refused.text.contains("delegated_admin_missing"), "{refused}");
}
