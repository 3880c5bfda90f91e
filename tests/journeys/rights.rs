//! Rights of now: what a repeat, a chosen password, an approval and the history open to whom.

use serde_json::{Value, json};
use tests::{Api, Installation, NewCustomer, Registered, RunningServer, fresh_guid};

use crate::begin;

/// A user of the provider with these roles: its id and a client that acts as it.
fn hire(server: &RunningServer, admin: &Api, name: &str, roles: &[&str]) -> (String, Api) {
    let user = admin.add_partner_user(name, &format!("{name}@fabrikam.example"), roles);
    (user.id.clone(), server.api(&admin.issue_token(&user.id)))
}

/// A reseller that is registered, and joined to the provider once the server runs.
fn reseller(installation: &Installation) -> Registered {
    installation.register("Wingtip", "indirect-reseller", "wanda@wingtip.example", "7000002")
}

/// Makes the reseller a partner; the partnership's id.
fn join(provider: &Api, wingtip: &Api) -> String {
    let asked = provider.post("/v1/partnerships", &json!({ "recipient": "wanda@wingtip.example" }));
    let asked = asked.expect(201);
    let token = json!({ "token": asked.text_at("/link") });
    wingtip.post("/v1/invitations/accept", &token).expect_success();
    asked.text_at("/id")
}

#[test]
fn a_repeat_shows_nothing_to_a_caller_that_may_not_see_it_any_more() {
    let installation = begin();
    let server = installation.serve();
    let admin = server.api(&installation.provider.token);
    let customer = admin.create_customer("Relecloud", "relecloud.example");
    let user = admin.create_user(&customer, "nora");
    let (agent_id, agent) = hire(&server, &admin, "sol", &["admin_agent"]);
    let mut profile = NewCustomer::body("Relecloud", "relecloud.example")["billingProfile"].clone();
    profile["defaultAddress"]["addressLine1"] = json!("2 Harbour Way");
    let role = "729827e3-9c14-49f7-bb1b-9608f156bbb8";
    let changes = [
        ("PUT", format!("{}/profiles/billing", customer.path), profile),
        ("PATCH", user.path.clone(), json!({ "displayName": "Nora Ost" })),
        (
            "POST",
            format!("{}/directoryroles/{role}/usermembers", customer.path),
            json!({ "id": user.id }),
        ),
    ];
    let key = fresh_guid();
    let send = |(method, path, body): &(&str, String, Value)| {
        agent.request(method, path).key(&key).json(body).send()
    };
    for change in &changes {
        send(change).expect_success();
        send(change).expect_success();
    }
    admin.patch(&user.path, &json!({ "displayName": "Secretly Renamed" })).expect(200);
    admin.revoke_role(&agent_id, "admin_agent").expect(204);
    let position = server.position();
    for change in &changes {
        let refused = send(change).refused(403, 900_150);
        assert!(!refused.text.contains("Secretly"), "{refused}");
    }
    assert_eq!(server.position(), position);
}

#[test]
fn a_partner_that_lost_a_customer_reads_none_of_its_people_in_the_history() {
    let installation = begin();
    let reseller = reseller(&installation);
    let server = installation.serve();
    let provider = server.api(&installation.provider.token);
    let wingtip = server.api(&reseller.token);
    let partnership = join(&provider, &wingtip);
    let mut body = NewCustomer::body("Relecloud", "relecloud.example");
    body["associatedPartnerId"] = json!(reseller.partner);
    let shared = provider.create_customer_from(&body);
    wingtip.create_user(&shared, "quistname");
    let history = wingtip.get("/v1/history").expect(200).text;
    assert!(history.contains("quistname") && history.contains("Abercrombie"), "{history}");
    let before = server.position();
    let end = json!({ "reason": "plantedreason" });
    provider.post(&format!("/v1/partnerships/{partnership}/end"), &end).expect_success();
    assert!(provider.get("/v1/history").expect(200).text.contains("plantedreason"));
    assert!(!wingtip.get("/v1/history").expect(200).text.contains("plantedreason"));
    for path in ["/v1/history".to_owned(), format!("/v1/history?asOf={before}")] {
        let history = wingtip.get(&path).expect(200).text;
        assert!(history.contains("CustomerUserCreated"), "that it happened stays: {history}");
        for personal in ["quistname", "Abercrombie", "Lindqvist"] {
            assert!(!history.contains(personal), "{path} shows {personal}: {history}");
        }
    }
}

#[test]
fn the_history_holds_neither_sealed_bytes_nor_hashes_nor_a_reason_about_people_one_may_not_see() {
    let installation = begin();
    let server = installation.serve();
    let admin = server.api(&installation.provider.token);
    let customer = admin.create_customer("Relecloud", "relecloud.example");
    let user = admin.create_user(&customer, "nora");
    let reason = json!({ "reason": "plantedreason" });
    admin.request("DELETE", &user.path).json(&reason).send().expect(204);
    let (_, billing) = hire(&server, &admin, "bil", &["billing_admin"]);
    let seen = admin.get("/v1/history").expect(200).text;
    assert!(seen.contains("plantedreason"));
    let withheld = billing.get("/v1/history").expect(200).text;
    assert!(withheld.contains("CustomerUserDeleted") && !withheld.contains("plantedreason"));
    for history in [seen, withheld] {
        for inner in ["ciphertext", "$sealed", "signInName", "credentialId"] {
            assert!(!history.contains(inner), "{inner} in {history}");
        }
        let history: Value = serde_json::from_str(&history).unwrap();
        let items = history["items"].as_array().unwrap();
        assert!(items.iter().all(|event| event["data"].get("userName").is_none()), "{history}");
    }
}

#[test]
fn only_a_colleague_counts_as_who_approved_a_change() {
    let installation = begin();
    let rival =
        installation.register("Rival", "indirect-provider", "rita@rival.example", "7000001");
    let server = installation.serve();
    let admin = server.api(&installation.provider.token);
    let customer = admin.create_customer("Relecloud", "relecloud.example");
    let users = format!("{}/users", customer.path);
    let (colleague, _) = hire(&server, &admin, "bo", &["sales_agent"]);
    let position = server.position();
    for stranger in [rival.admin.clone(), fresh_guid()] {
        let mut body = customer.user_body("nora");
        body["approvedBy"] = json!(stranger);
        let refused = admin.post(&users, &body).refused(400, 2000);
        assert_eq!(refused.json()["data"][1], "approvedBy", "{refused}");
        let path = format!("/v1/roles/helpdesk_agent/usermembers?approvedBy={stranger}");
        admin.post(&path, &json!({ "id": colleague })).refused(400, 2000);
    }
    assert_eq!(server.position(), position);
    let mut body = customer.user_body("nora");
    body["approvedBy"] = json!(colleague);
    admin.post(&users, &body).expect_success();
}

#[test]
fn a_chosen_password_is_looked_at_only_for_who_may_give_one() {
    let installation = begin();
    let rival =
        installation.register("Rival", "indirect-provider", "rita@rival.example", "7000001");
    let server = installation.serve();
    let admin = server.api(&installation.provider.token);
    let customer = admin.create_customer("Relecloud", "relecloud.example");
    let user = admin.create_user(&customer, "nora");
    let short = json!({ "password": "short" });
    let mut new = customer.user_body("nils");
    new["passwordProfile"] = short.clone();
    let change = json!({ "passwordProfile": short });
    let reset = format!("{}/resetpassword", user.path);
    let users = format!("{}/users", customer.path);
    let (_, helpdesk) = hire(&server, &admin, "hel", &["helpdesk_agent"]);
    for (client, code) in [(server.api(&rival.token), 20_002), (helpdesk, 900_150)] {
        client.post(&users, &new).refused(403, code);
        client.patch(&user.path, &change).refused(403, code);
        client.patch(&reset, &change).refused(403, code);
    }
    admin.post(&users, &new).refused(400, 2000);
    admin.patch(&reset, &change).refused(400, 2000);
}

#[test]
fn a_request_id_that_cannot_be_kept_is_refused_before_anything_is_done() {
    let installation = begin();
    let server = installation.serve();
    let admin = server.api(&installation.provider.token);
    let body = NewCustomer::body("Relecloud", "relecloud.example");
    let position = server.position();
    for header in ["MS-RequestId", "Idempotency-Key"] {
        let request = admin.request("POST", "/v1/customers").header(header, &"x".repeat(201));
        let refused = request.json(&body).send().refused(400, 2000);
        assert_eq!(refused.json()["data"][1], header, "{refused}");
    }
    assert_eq!(server.position(), position);
}

#[test]
fn one_key_stands_for_one_request_of_one_user_at_one_path() {
    let installation = begin();
    let rival =
        installation.register("Rival", "indirect-provider", "rita@rival.example", "7000001");
    let server = installation.serve();
    let admin = server.api(&installation.provider.token);
    let (_, colleague) = hire(&server, &admin, "bo", &["global_admin"]);
    let theirs = server.api(&rival.token);
    let key = fresh_guid();
    let create = |client: &Api, domain: &str, key: &str| {
        let body = NewCustomer::body("Relecloud", domain);
        client.request("POST", "/v1/customers").key(key).json(&body).send()
    };
    let first = create(&admin, "one.example", &key).expect(201).text_at("/id");
    let others = [create(&colleague, "two.example", &key), create(&theirs, "three.example", &key)];
    for other in others {
        assert_ne!(other.expect(201).text_at("/id"), first);
    }
    create(&admin, "four.example", &key).refused(400, 2000);
    let users = format!("/v1/customers/{first}/users");
    let user = json!({ "userPrincipalName": "nora@one.example", "displayName": "Nora" });
    admin.request("POST", &users).key(&key).json(&user).send().expect_success();
    let repeat = create(&admin, "one.example", &key.to_uppercase()).expect(201);
    assert_eq!(repeat.text_at("/id"), first);
    assert!(repeat.json().pointer("/userCredentials/password").is_none(), "{repeat}");
}

#[test]
fn metrics_are_not_for_whoever_comes_through_a_proxy() {
    let installation = begin();
    let server = installation.serve();
    let anonymous = server.anonymous();
    anonymous.get("/metrics").expect(200);
    for header in ["X-Forwarded-For", "Forwarded", "X-Forwarded-Host"] {
        let request = anonymous.request("GET", "/metrics").header(header, "203.0.113.9");
        request.send().refused(404, 1000);
    }
}

#[test]
fn a_resource_answers_head_and_names_the_methods_it_has() {
    let installation = begin();
    let server = installation.serve();
    let admin = server.api(&installation.provider.token);
    let head = admin.request("HEAD", "/v1/customers").send().expect(200);
    assert_eq!(head.text, "");
    assert!(head.header("MS-RequestId").is_some() && head.header("X-Position").is_some());
    server.anonymous().request("HEAD", "/v1/customers").send().expect(401);
    for (method, path) in [("OPTIONS", "/v1/customers"), ("PUT", "/v1/customers")] {
        let refused = admin.request(method, path).raw("").send().refused(405, 2000);
        let allowed = refused.header("Allow").unwrap_or_default().to_owned();
        assert!(allowed.contains("GET") && allowed.contains("POST"), "{allowed:?}");
    }
    let page = server.anonymous().request("DELETE", "/customers").send().expect(405);
    assert!(page.text.contains("<h1>"), "people get a page: {page}");
}

#[test]
fn a_moment_is_refused_where_it_is_none_or_ahead_and_held_where_it_is_far() {
    let installation = begin();
    let server = installation.serve();
    let admin = server.api(&installation.provider.token);
    let customer = admin.create_customer("Relecloud", "relecloud.example");
    let paths = [
        "/v1/customers".to_owned(),
        customer.path.clone(),
        format!("{}/users", customer.path),
        "/v1/users".to_owned(),
        "/v1/history".to_owned(),
        "/v1/rolehistory".to_owned(),
        "/v1/rolematrix".to_owned(),
        "/v1/roles".to_owned(),
        "/v1/permissions".to_owned(),
        "/v1/offers".to_owned(),
        "/v1/partnerships".to_owned(),
        "/v1/relationships?relationship_type=0".to_owned(),
    ];
    for path in paths {
        let at = |moment: &str| {
            let separator = if path.contains('?') { '&' } else { '?' };
            admin.get(&format!("{path}{separator}asOf={moment}"))
        };
        let ahead = "9999-12-30T00:00:00Z";
        for wrong in ["yesterday", "-1", "18446744073709551615", "18446744073709551616", ahead] {
            let refused = at(wrong).refused(400, 2000);
            assert_eq!(refused.json()["data"][1], "asOf", "{refused}");
        }
        let then = at("-009998-01-02T00:00:00Z");
        assert!([200, 404].contains(&then.status), "{then}");
    }
}

#[test]
fn a_partnership_can_be_asked_for_in_the_name_of_a_company_with_a_long_name() {
    let name = "Fabrikam ".repeat(22);
    let installation =
        Installation::begin_with(crate::PROGRAM, name.trim(), "ana@fabrikam.example");
    let server = installation.serve();
    let admin = server.api(&installation.provider.token);
    let body = json!({ "recipient": "wanda@wingtip.example" });
    let asked = admin.post("/v1/partnerships", &body).expect(201);
    let (link, id) = (asked.text_at("/link"), asked.text_at("/id"));
    assert!(asked.text_at("/text").contains(&link) && asked.text_at("/text").contains(name.trim()));
    admin.post(&format!("/v1/partnerships/{id}/withdraw"), &json!({})).expect(200);
    let withdrawn = admin.get(&format!("/v1/partnerships/{id}")).expect(200);
    assert!(withdrawn.json()["link"].is_null() && withdrawn.json()["mailto"].is_null());
}
