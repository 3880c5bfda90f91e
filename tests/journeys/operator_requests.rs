//! Service requests of all partners, answered by a support operator over HTTP and on its pages.

use serde_json::{Value, json};
use tests::{Answer, Api, Installation, RunningServer};

use crate::{around::visit::Visit, begin, requests::elevation};

const OPERATOR: &str = "ola@cloud.example";

/// An installation with a support operator, and the operator's token.
fn with_operator() -> (Installation, String) {
    let installation = begin();
    let options = ["--email", OPERATOR, "--name", "Ola Berg"];
    installation.run(&["operator", "add"], &options).exited(0);
    let token = token_of(&installation, OPERATOR);
    (installation, token)
}

fn token_of(installation: &Installation, name: &str) -> String {
    installation.run(&["token", "create"], &["--user", name]).exited(0).labelled("token  ")
}

/// Somebody with the default level only, who asks to be elevated: a client that acts as it, and the
/// number of the request.
fn ask(server: &RunningServer, installation: &Installation) -> (Api, String) {
    let admin = server.api(&installation.provider.token);
    let carla = admin.add_partner_user("Carla Cole", "carla@fabrikam.example", &[]);
    let carla = server.api(&admin.issue_token(&carla.id));
    let asked = carla.post("/v1/servicerequests/en-us", &elevation()).expect(201);
    (carla, asked.text_at("/id"))
}

fn proof() -> Value {
    json!({ "absence": "left", "evidence": "Called back, saw the plantedproof." })
}

/// Every way in to the requests of all partners.
fn routes(request: &str) -> Vec<(&'static str, String, Value)> {
    let own = format!("/v1/operator/servicerequests/{request}");
    vec![
        ("GET", "/v1/operator/servicerequests".to_owned(), json!({})),
        ("GET", own.clone(), json!({})),
        ("PATCH", own.clone(), json!({ "newNote": { "text": "Hello" } })),
        ("POST", format!("{own}/verify"), proof()),
        ("POST", format!("{own}/carryout"), json!({})),
        ("POST", format!("{own}/decline"), json!({ "because": "No" })),
    ]
}

fn send(api: &Api, method: &str, path: &str, body: &Value) -> Answer {
    match method {
        "GET" => api.get(path),
        _ => api.request(method, path).json(body).send(),
    }
}

#[test]
fn the_open_requests_come_in_parts_whatever_is_closed_meanwhile() {
    let (installation, token) = with_operator();
    let server = installation.serve();
    let (operator, admin) = (server.api(&token), server.api(&installation.provider.token));
    let ask = |title: &str| {
        let question = json!({ "title": title, "description": "Please help" });
        admin.post("/v1/servicerequests/en-us", &question).expect(201).text_at("/id")
    };
    let [first, second, third] = ["One", "Two", "Three"].map(ask);
    let list = "/v1/operator/servicerequests?size=1";
    let part = operator.get(list).expect(200);
    assert_eq!(
        (part.text_at("/items/0/id"), &part.json()["totalCount"]),
        (third.clone(), &json!(3))
    );
    let withdrawn = json!({ "status": "closed" });
    admin.patch(&format!("/v1/servicerequests/{third}"), &withdrawn).expect(200);
    let token = part.text_at("/continuationToken");
    let part = operator.get(&format!("{list}&continuationToken={token}")).expect(200);
    assert_eq!(part.text_at("/items/0/id"), second);
    let token = part.text_at("/continuationToken");
    let part = operator.get(&format!("{list}&continuationToken={token}")).expect(200);
    assert_eq!(
        (part.text_at("/items/0/id"), &part.json()["continuationToken"]),
        (first, &Value::Null)
    );
    server.stop();
}

#[test]
fn an_operator_elevates_over_http_until_it_is_removed() {
    let (installation, token) = with_operator();
    let server = installation.serve();
    let operator = server.api(&token);
    let (carla, id) = ask(&server, &installation);
    let listed = operator.items("/v1/operator/servicerequests");
    assert_eq!((listed.len(), &listed[0]["id"]), (1, &json!(id)));
    let path = format!("/v1/operator/servicerequests/{id}");
    let (verify, carry_out) = (format!("{path}/verify"), format!("{path}/carryout"));
    assert_eq!(operator.get(&path).expect(200).text_at("/identity"), elevation()["identity"]);

    let early = operator.post(&carry_out, &json!({})).expect(400);
    assert_eq!(early.reason(), "elevation_not_verified");
    carla.get("/v1/rolematrix").refused(403, 900_150);
    for (member, wrong, code) in [
        ("absence", json!("asleep"), 900_126),
        ("absence", Value::Null, 2001),
        ("evidence", Value::Null, 2001),
        ("evidence", json!("x".repeat(9_000)), 2000),
    ] {
        let mut body = proof();
        body[member] = wrong;
        assert_eq!(operator.post(&verify, &body).refused(400, code).json()["data"][1], member);
    }
    let said = json!({ "newNote": { "text": "We call you back" }, "status": "in_progress" });
    let answered = operator.patch(&path, &said).expect(200);
    assert_eq!(answered.text_at("/notes/0/text"), "We call you back");
    let verified = operator.post(&verify, &proof()).expect(200);
    assert!(verified.text.contains("plantedproof"), "{verified}");
    assert_eq!(operator.post(&carry_out, &json!({})).expect(200).text_at("/progress"), "resolved");
    assert!(operator.items("/v1/operator/servicerequests").is_empty());
    carla.get("/v1/rolematrix").expect(200);
    let seen = carla.get(&format!("/v1/servicerequests/{id}")).expect(200);
    assert!(!seen.text.contains("plantedproof"), "{seen}");
    server.stop();

    let options = ["--format", "jsonl", "--actor", OPERATOR];
    let replay = installation.run(&["replay"], &options).exited(0).stdout;
    for event in ["ServiceRequestNoted", "ElevationVerified", "UserElevated", "RoleAssigned"] {
        assert!(replay.contains(event), "{event} in {replay}");
    }
    installation.run(&["operator", "remove"], &["--email", OPERATOR]).exited(0);
    let server = installation.serve();
    let operator = operator.at(&server);
    for (method, path, body) in routes(&id) {
        send(&operator, method, &path, &body).expect(401);
    }
}

#[test]
fn nobody_but_operators_reaches_the_requests_of_all_partners() {
    let (installation, token) = with_operator();
    let until = ["--email", "eve@firm.example", "--until", "2027-06-01"];
    installation.run(&["auditor", "admit"], &until).exited(0);
    let auditor = token_of(&installation, "eve@firm.example");
    let server = installation.serve();
    let admin = server.api(&installation.provider.token);
    let customer = admin.create_customer("Relecloud", "relecloud.example");
    let nora = admin.create_user(&customer, "nora").credentials.user_name;
    let (_, id) = ask(&server, &installation);
    server.stop();
    let nora = token_of(&installation, &nora);
    let server = installation.serve();
    for (who, token) in
        [("admin", &installation.provider.token), ("auditor", &auditor), ("customer", &nora)]
    {
        let api = server.api(token);
        for (method, path, body) in routes(&id) {
            let answer = send(&api, method, &path, &body);
            assert_eq!(answer.status, 403, "{who} {method} {path}: {answer}");
        }
        let visit = Visit::begin(&server, token);
        visit.get("/operator/requests").expect(403);
        visit.get(&format!("/operator/requests/{id}")).expect(403);
    }
    let shown = server.api(&token).get(&format!("/v1/operator/servicerequests/{id}")).expect(200);
    assert_eq!(shown.text_at("/progress"), "open");
    assert!(shown.json()["notes"].as_array().unwrap().is_empty(), "{shown}");
}

#[test]
fn an_operator_answers_on_its_pages() {
    let (installation, token) = with_operator();
    let server = installation.serve();
    let (carla, id) = ask(&server, &installation);
    let visit = Visit::begin(&server, &token);
    assert!(visit.get("/operator").expect(200).text.contains("/operator/requests"));
    let list = visit.get("/operator/requests").expect(200);
    assert!(list.text.contains(&id) && list.text.contains("Fabrikam Provider"), "{list}");
    let page = format!("/operator/requests/{id}");
    let shown = visit.get(&page).expect(200);
    assert!(shown.text.contains("identity card 7781"), "{shown}");
    assert!(shown.text.contains("carla@fabrikam.example"), "{shown}");
    let step_to = |step: &str, fields: &[(&str, &str)]| {
        visit.submit(&page, &format!("{page}/{step}"), fields).expect(303);
        visit.get(&page).expect(200)
    };

    let early = step_to("carry-out", &[]);
    assert!(early.text.contains("has not been verified"), "{early}");
    let bare = step_to("verify", &[("absence", "left"), ("evidence", "")]);
    assert!(!bare.text.contains("The verification was recorded"), "{bare}");
    let answered = step_to("answer", &[("note", "We call back"), ("status", "in_progress")]);
    assert!(answered.text.contains("We call back"), "{answered}");
    let verified = step_to("verify", &[("absence", "left"), ("evidence", "Saw <b>the</b> proof")]);
    assert!(verified.text.contains("Saw &lt;b&gt;the&lt;/b&gt; proof"), "{verified}");
    let done = step_to("carry-out", &[]);
    assert!(done.text.contains("What was asked for is done"), "{done}");
    carla.get("/v1/rolematrix").expect(200);

    let again = carla.post("/v1/servicerequests", &json!({ "title": "Hm", "description": "Hm" }));
    let other = format!("/operator/requests/{}", again.expect(201).text_at("/id"));
    let declined = [("because", "Ask somebody else")];
    visit.submit(&other, &format!("{other}/decline"), &declined).expect(303);
    assert!(visit.get(&other).expect(200).text.contains("Ask somebody else"));
    visit.get("/operator/requests/126112000000000").expect(404);
}
