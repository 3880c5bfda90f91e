//! As it was then: lists asked for an earlier moment answer what they answered at that moment.

use serde_json::{Value, json};
use tests::{Answer, Api, OFFER_PREMIUM, SKU_PREMIUM, user_filter};

use crate::begin;

/// A path with the moment it is to be answered for.
fn then(path: &str, moment: &str) -> String {
    let separator = if path.contains('?') { '&' } else { '?' };
    format!("{path}{separator}asOf={}", moment.replace(':', "%3A"))
}

/// The bytes of a collection's items, as they stand in the answer.
fn items(answer: &Answer) -> String {
    serde_json::to_string(&answer.items()).unwrap()
}

fn answers(api: &Api, paths: &[String]) -> Vec<String> {
    paths.iter().map(|path| items(&api.get(path).expect(200))).collect()
}

fn answers_then(api: &Api, paths: &[String], moment: &str) -> Vec<String> {
    paths.iter().map(|path| items(&api.get(&then(path, moment)).expect(200))).collect()
}

/// The time at which the newest event was recorded, as the audit tells it.
fn recorded_at(installation: &tests::Installation, position: u64) -> String {
    let (from, to) = ((position - 1).to_string(), position.to_string());
    let options = ["--format", "jsonl", "--from", &from, "--to", &to];
    let event = installation.run(&["replay"], &options).exited(0).stdout;
    let event: Value = serde_json::from_str(event.trim()).unwrap();
    event["recordedAt"].as_str().unwrap().to_owned()
}

#[test]
fn lists_as_of_before_a_deletion_are_byte_for_byte_what_they_were() {
    let installation = begin();
    let server = installation.serve();
    let api = server.api(&installation.provider.token);
    let customer = api.create_customer("Relecloud", "relecloud.example");
    api.order(&customer, OFFER_PREMIUM, 3);
    let gone = api.create_user(&customer, "nils");
    api.delete_user(&gone);
    let user = api.create_user(&customer, "nora");
    api.assign(&user, &[SKU_PREMIUM]);
    let paths = [
        "/v1/customers".to_owned(),
        format!("{}/users", customer.path),
        format!("{}/users?{}", customer.path, user_filter("Inactive")),
        format!("{}/subscribedskus", customer.path),
        format!("{}/subscriptions", customer.path),
        format!("{}/licenses", user.path),
    ];
    let before = answers(&api, &paths);
    let position = server.head();

    api.delete_user(&user);
    api.create_customer("Tailspin Toys", "tailspin.example");
    let after = answers(&api, &paths[..4]);
    assert!(before.iter().zip(&after).all(|(before, after)| before != after), "everything changed");
    assert_eq!(answers_then(&api, &paths, &position.to_string()), before);
    server.stop();

    let moment = recorded_at(&installation, position);
    let server = installation.serve();
    let api = server.api(&installation.provider.token);
    assert_eq!(answers_then(&api, &paths, &position.to_string()), before, "also after a restart");
    // The restore window is open or closed at the moment asked for; both times lie within it.
    assert_eq!(answers_then(&api, &paths, &moment), before, "by time as by position");
    assert_eq!(answers(&api, &paths[..4]), after);
}

#[test]
fn moments_that_cannot_be_answered_are_refused_naming_the_parameter() {
    let installation = begin();
    let server = installation.serve();
    let api = server.api(&installation.provider.token);
    let beyond = (server.head() + 1_000).to_string();
    for moment in ["yesterday", "-1", "2026-13-40T00:00:00Z", beyond.as_str()] {
        let refused = api.get(&then("/v1/customers", moment));
        assert_eq!(refused.status, 400, "{moment}: {refused}");
        assert!(refused.text.contains("asOf"), "{moment}: {refused}");
    }
    assert!(api.items(&then("/v1/customers", "0")).is_empty(), "before the first event is nothing");
}

#[test]
fn rights_are_those_of_now_also_when_the_past_is_asked_for() {
    let installation = begin();
    let server = installation.serve();
    let api = server.api(&installation.provider.token);
    let agent = api.add_partner_user("Bo Berg", "bo@fabrikam.example", &["admin_agent"]);
    let theirs = server.api(&api.issue_token(&agent.id));
    let position = server.head().to_string();
    theirs.get("/v1/customers").expect(200);
    api.revoke_role(&agent.id, "admin_agent").expect_success();
    theirs.get(&then("/v1/customers", &position)).refused(403, 900_150);
}

#[test]
fn who_one_is_is_told_as_one_was_called_then() {
    let installation = begin();
    let server = installation.serve();
    let admin = server.api(&installation.provider.token);
    let before = server.head().to_string();
    let bo = admin.add_partner_user("Bo Berg", "bo@fabrikam.example", &["sales_agent"]);
    let position = server.head().to_string();
    let renamed = json!({ "email": "berg@fabrikam.example" });
    admin.patch(&format!("/v1/users/{}", bo.id), &renamed).expect(200);
    let session = server.api(&admin.issue_token(&bo.id));
    let now = session.get("/v1/me").expect(200);
    assert_eq!(now.text_at("/userName"), "berg@fabrikam.example");
    assert_eq!(now.json()["mustChangePassword"], false);
    let past = session.get(&then("/v1/me", &position)).expect(200);
    assert_eq!(past.text_at("/userName"), "bo@fabrikam.example");
    assert_eq!(past.text_at("/userId"), bo.id);
    assert_eq!(past.header("X-Position"), Some(position.as_str()));
    assert_eq!(past.json().get("mustChangePassword"), None, "it is told of now only");
    session.get(&then("/v1/me", &before)).refused(404, 1000);
    let refused = session.get(&then("/v1/me", "yesterday")).refused(400, 2000);
    assert_eq!(refused.json()["data"][1], "asOf");
}

#[test]
fn what_was_before_the_partner_was_there_is_told_without_a_fault() {
    let installation = begin();
    let server = installation.serve();
    let api = server.api(&installation.provider.token);
    let document = api.get("/openapi.json").expect(200);
    let paths = document.json()["paths"].as_object().expect("an object of paths");
    let read = paths.iter().filter(|(_, operations)| operations.get("get").is_some());
    // Where identifiers are needed there is nothing to name yet; the feed has no end.
    let read =
        read.map(|(path, _)| path).filter(|path| !path.contains('{') && !path.contains("events"));
    let faults: Vec<String> = read
        .map(|path| (path, api.get(&then(path, "0"))))
        .filter(|(_, answer)| answer.status >= 500)
        .map(|(path, answer)| format!("{path}: {answer}"))
        .collect();
    assert!(faults.is_empty(), "{faults:#?}");
    let none_yet = api.get("/v1/profiles/billing?asOf=0").refused(404, 1000);
    assert_eq!(none_yet.description(), "there was no such partner yet at that moment");
    assert_eq!(none_yet.reason(), "partner_not_found");
}
