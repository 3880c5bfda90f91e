//! Rights of now: what a repeat, a chosen password, an approval and the history open to whom.

use serde_json::json;
use tests::{Api, NewCustomer, RunningServer, fresh_guid};

use crate::begin;

/// A user of the provider with these roles: its id and a client that acts as it.
fn hire(server: &RunningServer, admin: &Api, name: &str, roles: &[&str]) -> (String, Api) {
    let user = admin.add_partner_user(name, &format!("{name}@fabrikam.example"), roles);
    (user.id.clone(), server.api(&admin.issue_token(&user.id)))
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
