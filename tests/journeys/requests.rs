//! Service requests: support for the partner and its customers, elevation, the public profile.

use serde_json::{Value, json};
use tests::{Api, Installation, OFFER_PREMIUM, RunningServer};

use crate::begin;

/// A user of the provider with these roles: its id and a client that acts as it.
fn hire(server: &RunningServer, admin: &Api, name: &str, roles: &[&str]) -> (String, Api) {
    let user = admin.add_partner_user(name, &format!("{name}@fabrikam.example"), roles);
    (user.id.clone(), server.api(&admin.issue_token(&user.id)))
}

fn question(title: &str) -> Value {
    json!({ "title": title, "description": "It worked yesterday.", "supportTopicId": "2" })
}

/// What is sent to ask for the elevation of oneself.
pub(crate) fn elevation() -> Value {
    json!({
        "kind": "elevation", "title": "Our global admin has left",
        "description": "Nobody can add users any more.",
        "identity": "Carla Cole, identity card 7781",
        "organizationProof": "Extract of the commercial register, number 4711",
    })
}

/// Runs a command of the operator on a request.
fn operate(installation: &Installation, command: &str, request: &str, options: &[&str]) -> String {
    let options = [&[request], options].concat();
    installation.run(&["request", command], &options).exited(0).stdout
}

#[test]
fn a_question_is_asked_answered_and_closed() {
    let installation = begin();
    let server = installation.serve();
    let admin = server.api(&installation.provider.token);
    let (_, mpn) = hire(&server, &admin, "mona", &["mpn_partner_admin"]);
    let topics = mpn.items("/v1/servicerequests/supporttopics");
    assert_eq!(topics[1]["name"], "Users and roles");
    let asked = mpn.post("/v1/servicerequests/en-US", &question("Cannot add users")).expect(201);
    let (id, position) = (asked.text_at("/id"), server.position());
    assert!(id.len() == 15 && id.bytes().all(|byte| byte.is_ascii_digit()), "{id}");
    assert_eq!(
        (asked.text_at("/status"), asked.text_at("/severity")),
        ("open".into(), "moderate".into())
    );
    assert_eq!(asked.text_at("/primaryContact/name"), "mona");
    drop(server);

    let listed = installation.run(&["request", "list"], &[]).exited(0).stdout;
    assert!(listed.contains(&id) && listed.contains("Cannot add users"), "{listed}");
    let said = ["--note", "Which button?", "--status", "attention-needed"];
    assert!(operate(&installation, "answer", &id, &said).contains("attention needed"));

    let server = installation.serve();
    let mpn = mpn.at(&server);
    let path = format!("/v1/servicerequests/{id}");
    let waiting = mpn.get(&path).expect(200);
    assert_eq!(waiting.text_at("/status"), "attention_needed");
    assert_eq!(waiting.text_at("/notes/0/text"), "Which button?");
    assert_eq!(waiting.text_at("/notes/0/createdByName"), "Support");
    let mut back = waiting.json().clone();
    back["newNote"] = json!({ "text": "The blue one" });
    let answered = mpn.patch(&path, &back).expect(200);
    assert_eq!(answered.text_at("/progress"), "in_progress");
    let closed = mpn.patch(&path, &json!({ "status": "closed" })).expect(200);
    assert!(closed.json()["lastClosedDate"].is_string());
    let reopened = mpn.patch(&path, &json!({ "status": "open", "severity": "critical" }));
    assert_eq!(reopened.expect(200).text_at("/progress"), "open");
    let then = mpn.get(&format!("{path}?asOf={position}")).expect(200);
    assert!(then.json()["notes"].as_array().unwrap().is_empty());
    let history = server.api(&installation.provider.token).get("/v1/history").expect(200).text;
    assert!(history.contains("ServiceRequestLogged") && history.contains("Cannot add users"));
}

#[test]
fn who_may_log_and_see_which_request_follows_the_role_table() {
    let installation = begin();
    let server = installation.serve();
    let admin = server.api(&installation.provider.token);
    let customer = admin.create_customer("Relecloud", "relecloud.example");
    let subscription = admin.order(&customer, OFFER_PREMIUM, 5);
    let partner_roles = ["mpn_partner_admin", "business_profile_admin", "referral_admin"];
    let for_customer = format!("{}/servicerequests", customer.path);
    let mut about_office = question("Mail is slow");
    about_office["subscriptionId"] = json!(subscription);
    for role in [
        "global_admin",
        "billing_admin",
        "user_management_admin",
        "mpn_partner_admin",
        "admin_agent",
        "sales_agent",
        "helpdesk_agent",
        "business_profile_admin",
        "referral_admin",
        "incentives_admin",
        "incentives_user",
    ] {
        let (_, user) = hire(&server, &admin, role, &[role]);
        let may = |allowed: &[&str]| role == "global_admin" || allowed.contains(&role);
        let check = |what: &str, answer: tests::Answer, allowed: bool, success: u16| {
            let expected = if allowed { success } else { 403 };
            assert_eq!(answer.status, expected, "{role} {what}: {answer}");
        };
        let own = user.post("/v1/servicerequests/en-us", &question("Own"));
        check("logs for the partner", own, may(&partner_roles), 201);
        let general = user.post(&for_customer, &question("For them"));
        check("logs for a customer", general, may(&["admin_agent", "helpdesk_agent"]), 201);
        let office = user.post(&for_customer, &about_office);
        check("logs about Office 365", office, may(&["admin_agent"]), 201);
        let agents = ["admin_agent", "sales_agent", "helpdesk_agent"];
        check("lists a customer's", user.get(&for_customer), may(&agents), 200);
        let kinds: Vec<Value> =
            user.items("/v1/servicerequests").into_iter().map(|it| it["kind"].clone()).collect();
        assert_eq!(
            kinds.contains(&json!("partner_support")),
            may(&partner_roles),
            "{role}: {kinds:?}"
        );
        assert_eq!(kinds.contains(&json!("customer_support")), may(&agents), "{role}: {kinds:?}");
    }
    let (_, nobody) = hire(&server, &admin, "nils", &[]);
    assert!(nobody.items("/v1/servicerequests").is_empty());
    nobody.post("/v1/servicerequests/en-us", &question("Own")).refused(403, 900_150);
    let withheld = json!({ "fullName": "Nora", "email": "nora@fabrikam.example", "withholdDefaultAccess": true });
    let nora = admin.post("/v1/users", &withheld).expect(201).text_at("/id");
    let nora = server.api(&admin.issue_token(&nora));
    assert_eq!(
        nora.post("/v1/servicerequests", &elevation()).refused(403, 900_150).reason(),
        "no_role"
    );
}

#[test]
fn a_helpdesk_agent_manages_what_is_not_about_office_365_and_an_admin_agent_both() {
    let installation = begin();
    let server = installation.serve();
    let admin = server.api(&installation.provider.token);
    let customer = admin.create_customer("Relecloud", "relecloud.example");
    let subscription = admin.order(&customer, OFFER_PREMIUM, 5);
    let (_, helpdesk) = hire(&server, &admin, "hal", &["helpdesk_agent"]);
    let (_, agent) = hire(&server, &admin, "ada", &["admin_agent"]);
    let (_, sales) = hire(&server, &admin, "sal", &["sales_agent"]);
    let path = format!("{}/servicerequests", customer.path);
    let mut billing = question("What is this bill?");
    billing["supportTopicId"] = json!("billing");
    let refused = helpdesk.post(&path, &billing).refused(400, 2000);
    assert_eq!(
        (refused.reason(), refused.json()["data"][1].as_str()),
        ("subscription_missing", Some("subscriptionId"))
    );
    billing["subscriptionId"] = json!(subscription);
    helpdesk.post(&path, &billing).refused(403, 900_150);
    let office = agent.post(&path, &billing).expect(201);
    assert!(office.json()["productName"].as_str().unwrap().contains("Office 365"));
    let office = format!("{path}/{}", office.text_at("/id"));
    let note = json!({ "newNote": { "text": "They called again" } });
    helpdesk.get(&office).expect(200);
    helpdesk.patch(&office, &note).refused(403, 900_150);
    agent.patch(&office, &note).expect(200);
    let other = helpdesk.post(&path, &question("A question")).expect(201).text_at("/id");
    helpdesk.patch(&format!("{path}/{other}"), &note).expect(200);
    sales.get(&format!("{path}/{other}")).expect(200);
    sales.patch(&format!("{path}/{other}"), &note).refused(403, 900_150);
    let elsewhere = admin.create_customer("Tailspin", "tailspin.example");
    helpdesk.get(&format!("{}/servicerequests/{other}", elsewhere.path)).refused(404, 1000);
    assert_eq!(helpdesk.items(&path).len(), 2);
}

#[test]
fn a_user_with_the_default_level_only_is_elevated_once_an_operator_has_verified_it() {
    let installation = begin();
    let server = installation.serve();
    let admin = server.api(&installation.provider.token);
    let (carla_id, carla) = hire(&server, &admin, "carla", &[]);
    let asked = carla.post("/v1/servicerequests/en-us", &elevation()).expect(201);
    let id = asked.text_at("/id");
    assert_eq!(asked.text_at("/candidateId"), carla_id);
    let path = format!("/v1/servicerequests/{id}");
    assert_eq!(carla.items("/v1/servicerequests").len(), 1);
    let (_, bill) = hire(&server, &admin, "bill", &["billing_admin"]);
    bill.get(&path).refused(403, 900_150);
    drop(server);

    let early = installation.run(&["request", "carry-out"], &[&id]).exited(2);
    assert!(early.stderr.contains("has not been verified"), "{}", early.stderr);
    let shown = operate(&installation, "show", &id, &[]);
    assert!(shown.contains("Carla Cole") && shown.contains("4711"), "{shown}");
    let evidence = ["--absence", "left", "--evidence", "Called back, saw the plantedproof."];
    operate(&installation, "verify", &id, &evidence);
    assert!(operate(&installation, "carry-out", &id, &[]).contains("resolved"));
    let again = installation.run(&["request", "carry-out"], &[&id]).exited(2);
    assert!(again.stderr.contains("resolved already"), "{}", again.stderr);

    let server = installation.serve();
    let carla = carla.at(&server);
    assert_eq!(carla.get(&path).expect(200).text_at("/progress"), "resolved");
    let done = carla.get("/v1/history").expect(200).text;
    for event in ["ElevationVerified", "UserElevated", "RoleAssigned"] {
        assert!(done.contains(event), "{event} in {done}");
    }
    assert!(!done.contains("plantedproof"), "how somebody was verified is for operators: {done}");
    let reason = json!({ "reason": "has left" });
    let left = format!("/v1/users/{}", installation.provider.admin);
    carla.request("DELETE", &left).json(&reason).send().expect(204);
    let replay = installation.run(&["log", "status"], &[]);
    assert_eq!(replay.code, Some(0));
}

#[test]
fn a_declined_or_withdrawn_elevation_elevates_nobody() {
    let installation = begin();
    let server = installation.serve();
    let admin = server.api(&installation.provider.token);
    let (_, carla) = hire(&server, &admin, "carla", &["sales_agent"]);
    let ask = || carla.post("/v1/servicerequests", &elevation()).expect(201).text_at("/id");
    let (declined, stopped) = (ask(), ask());
    // The global admin is there after all.
    let stop = json!({ "status": "closed", "newNote": { "text": "I am here" } });
    admin.patch(&format!("/v1/servicerequests/{stopped}"), &stop).expect(200);
    drop(server);
    operate(&installation, "decline", &declined, &["--because", "We could not reach you."]);
    for id in [&declined, &stopped] {
        let proof = ["--absence", "left", "--evidence", "none"];
        let options = [&[id.as_str()], proof.as_slice()].concat();
        let refused = installation.run(&["request", "verify"], &options).exited(2);
        assert!(refused.stderr.contains("closed already"), "{}", refused.stderr);
    }
    let server = installation.serve();
    let carla = carla.at(&server);
    let shown = carla.get(&format!("/v1/servicerequests/{declined}")).expect(200);
    assert_eq!(shown.text_at("/notes/0/text"), "We could not reach you.");
    assert_eq!(shown.json()["declined"], true);
    let reopen = json!({ "status": "open" });
    let path = format!("/v1/servicerequests/{declined}");
    carla.patch(&path, &reopen).refused(400, 800_040);
    carla.get("/v1/rolematrix").refused(403, 900_150);
}

#[test]
fn an_operator_changes_the_public_profile_as_the_provider_asked() {
    let installation = begin();
    let reseller =
        installation.register("Wingtip", "indirect-reseller", "wanda@wingtip.example", "7000002");
    let server = installation.serve();
    let admin = server.api(&installation.provider.token);
    let wanda = server.api(&reseller.token);
    let mut ask = question("New logo");
    ask["kind"] = json!("publicProfileChange");
    ask["publicProfile"] = json!({
        "name": "Fabrikam Cloud", "logo": "https://fabrikam.example/logo.svg",
        "locations": [{ "country": "us", "target": "https://fabrikam.example/us" }],
    });
    let refused = wanda.post("/v1/servicerequests", &ask).refused(400, 2000);
    assert_eq!(refused.reason(), "not_indirect_provider");
    let id = admin.post("/v1/servicerequests", &ask).expect(201).text_at("/id");
    let own = admin.get("/v1/profiles/public").expect(200);
    assert!(own.json().get("name").is_none(), "{own}");
    drop(server);
    operate(&installation, "carry-out", &id, &[]);
    let server = installation.serve();
    let wanda = wanda.at(&server);
    let path = format!("/v1/profiles/public/{}", installation.provider.partner);
    let shown = wanda.get(&path).expect(200);
    assert_eq!(shown.text_at("/name"), "Fabrikam Cloud");
    assert_eq!(shown.text_at("/locations/0/country"), "US");
    assert_eq!(shown.text_at("/locations/0/target"), "https://fabrikam.example/us");
    wanda.get(&format!("/v1/profiles/public/{}", tests::fresh_guid())).refused(404, 1000);
}

/// What must be named, the request, and the status and code of the answer.
fn bad_requests() -> Vec<(&'static str, Value, u16, u64)> {
    let with = |member: &str, value: Value| {
        let mut body = question("Bad");
        body[member] = value;
        body
    };
    let long = "x".repeat(9_000);
    let mut elevate = elevation();
    elevate["candidateId"] = json!(tests::fresh_guid());
    let without = |member: &str| {
        let mut body = elevation();
        body[member] = Value::Null;
        body
    };
    let profile = |value: Value| {
        let mut body = with("publicProfile", value);
        body["kind"] = json!("public_profile_change");
        body
    };
    let place = |country: &str, target: &str| json!({ "country": country, "target": target });
    let named = |locations: Value| profile(json!({ "name": "F", "locations": locations }));
    let good = place("DE", "https://fabrikam.example");
    vec![
        ("title", with("title", Value::Null), 400, 2001),
        ("title", with("title", json!(" ")), 400, 2001),
        ("title", with("title", json!(long)), 400, 2000),
        ("title", with("title", json!("a\u{0}b")), 400, 2000),
        ("title", with("title", json!(7)), 400, 2000),
        ("description", with("description", Value::Null), 400, 2001),
        ("description", with("description", json!(long)), 400, 2000),
        ("severity", with("severity", json!("dire")), 400, 900_126),
        ("supportTopicId", with("supportTopicId", json!("99")), 400, 2000),
        ("supportTopicId", with("supportTopicId", json!([])), 400, 2000),
        ("kind", with("kind", json!("wish")), 400, 2000),
        ("kind", with("kind", json!(3)), 400, 2000),
        ("identity", without("identity"), 400, 2000),
        ("organization", without("organizationProof"), 400, 2000),
        ("userId", elevation(), 400, 2000),
        ("userId", elevate, 404, 60_002),
        ("publicProfile", with("kind", json!("publicProfileChange")), 400, 2001),
        ("publicProfile.name", profile(json!({ "locations": [good] })), 400, 2001),
        ("locations", named(json!([])), 400, 2000),
        ("locations", named(json!([good, good])), 400, 2000),
        ("publicProfile.locations", named(json!("DE")), 400, 2000),
        (
            "publicProfile.locations[0].country",
            named(json!([place("Germany", "https://a.example")])),
            400,
            2000,
        ),
        (
            "publicProfile.locations[0].target",
            named(json!([place("DE", "javascript:alert(1)")])),
            400,
            2000,
        ),
        (
            "publicProfile.logo",
            profile(json!({ "name": "F", "logo": "x", "locations": [good] })),
            400,
            2000,
        ),
    ]
}

#[test]
fn bad_service_requests_are_refused_by_name_and_change_nothing() {
    let installation = begin();
    let server = installation.serve();
    let admin = server.api(&installation.provider.token);
    let id = admin.post("/v1/servicerequests", &question("Good")).expect(201).text_at("/id");
    let own = format!("/v1/servicerequests/{id}");
    let position = server.position();
    let long = "x".repeat(9_000);
    for (field, body, status, code) in bad_requests() {
        let refused = admin.post("/v1/servicerequests/en-us", &body).refused(status, code);
        assert_eq!(refused.json()["data"][1], field, "{refused}");
    }
    admin.post("/v1/servicerequests/not%20a%20locale", &question("x")).refused(400, 2000);
    for (path, status, code) in [
        ("/v1/servicerequests/7", 400, 2000),
        ("/v1/servicerequests/999999999999999", 404, 1000),
        ("/v1/servicerequests/1234567890123456", 400, 2000),
    ] {
        admin.get(path).refused(status, code);
        admin.patch(path, &json!({ "status": "closed" })).refused(status, code);
    }
    for (field, body, code) in [
        ("status", json!({ "status": "done" }), 900_126),
        ("status", json!({ "status": "resolved" }), 800_040),
        ("newNote", json!({ "newNote": "hello" }), 2000),
        ("newNote.text", json!({ "newNote": { "text": long } }), 2000),
        ("severity", json!({ "severity": [] }), 900_126),
    ] {
        let refused = admin.patch(&own, &body).refused(400, code);
        assert_eq!(refused.json()["data"][1], field, "{refused}");
    }
    assert_eq!(server.position(), position, "nothing was changed");
    let unknown = installation.run(&["request", "show"], &["12"]);
    assert_eq!(unknown.code, Some(2));
}
