//! Applications come for tokens and act with them, by themselves and for users.

use serde_json::{Value, json};
use tests::Credentials;

use super::{API, ISSUER, Program, fault, post};
use crate::{begin, sign_in::settle};

const RETIRED: &str = "https://graph.windows.net";

fn seconds(text: &Value) -> i64 {
    text.as_str().expect("a text").parse().expect("of digits")
}

#[test]
fn an_application_does_by_itself_what_takes_no_user_until_it_is_revoked() {
    let installation = begin();
    let program = Program::register(&installation);
    let server = installation.serve();
    let admin = server.api(&installation.provider.token);
    let asked = program.ask(&server, &[("grant_type", "client_credentials"), ("resource", API)]);
    let asked = asked.expect(200);
    assert_eq!(asked.header("Cache-Control"), Some("no-store"));
    let token = asked.json();
    assert_eq!((&token["token_type"], &token["resource"]), (&json!("Bearer"), &json!(API)));
    assert_eq!(seconds(&token["expires_on"]) - seconds(&token["not_before"]), 3_600);
    assert_eq!((seconds(&token["expires_in"]), token.get("refresh_token")), (3_599, None));
    let api = server.api(&asked.text_at("/access_token"));

    let me = api.get("/v1/me").expect(200);
    assert_eq!(
        (me.text_at("/kind"), me.text_at("/applicationId")),
        ("application".to_owned(), program.id.clone())
    );
    let customer = api.create_customer("Contoso", "contoso.example");
    let path = format!("/v1/customers/{}", customer.id);
    for allowed in ["/v1/customers", &path, "/v1/offers?country=US", "/v1/auditrecords"] {
        api.get(allowed).expect(200);
    }
    let users = format!("{path}/users");
    for refused in
        [users.as_str(), "/v1/users", "/v1/history", "/v1/applications", "/v1/relationships"]
    {
        assert_eq!(api.get(refused).refused(403, 900_150).reason(), "user_required", "{refused}");
    }
    let filter = format!(
        "%7B%22Field%22:%22IndirectReseller%22,%22Value%22:%22{}%22,%22Operator%22:%22starts_with%22%7D",
        program.partner
    );
    let by_reseller = format!("/v1/customers?filter={filter}");
    assert_eq!(api.get(&by_reseller).refused(403, 900_150).reason(), "user_required");
    admin.get(&by_reseller).expect(200);
    assert_eq!(api.delete(&format!("/v1/applications/{}", program.id)).status, 403);

    let records = admin.items("/v1/auditrecords");
    let created = records.iter().find(|it| it["operationType"] == "add_customer").unwrap();
    assert_eq!(created["applicationId"], program.id);
    let history = admin.items("/v1/history?type=CustomerCreated");
    assert_eq!(history[0]["actor"]["name"], "Nightly import");
    assert_eq!(history[0]["rule"], "application:customers.create");

    admin.delete(&format!("/v1/applications/{}", program.id)).expect(204);
    api.get("/v1/customers").refused(401, 400);
    let again = program.ask(&server, &[("grant_type", "client_credentials"), ("resource", API)]);
    fault(again, 401, 7_000_215);
}

#[test]
fn a_secret_is_shown_once_rolled_and_removed() {
    let installation = begin();
    let server = installation.serve();
    let admin = server.api(&installation.provider.token);
    let register = || {
        let body = json!({ "name": "Portal", "days": 30 });
        admin.request("POST", "/v1/applications").key("register-1").json(&body).send().expect(201)
    };
    let first = register();
    let partner = installation.provider.partner.clone();
    let (id, secret) = (first.text_at("/id"), first.text_at("/secret"));
    let again = register();
    assert_eq!(
        (again.text_at("/id"), again.text_at("/secretState")),
        (id.clone(), "already_shown".to_owned())
    );
    let mut program = Program { partner, id: id.clone(), secret };
    program.api(&server).get("/v1/customers").expect(200);

    let secrets = format!("/v1/applications/{id}/secrets");
    let rolled = admin.post(&secrets, &json!({ "othersStopInHours": 0 })).expect(201);
    let client_credentials = [("grant_type", "client_credentials"), ("resource", API)];
    fault(program.ask(&server, &client_credentials), 401, 7_000_215);
    program.secret = rolled.text_at("/secret");
    program.api(&server).get("/v1/customers").expect(200);

    admin.delete(&format!("{secrets}/{}", rolled.text_at("/secretId"))).expect(204);
    fault(program.ask(&server, &client_credentials), 401, 7_000_215);
    let listed = admin.items("/v1/applications");
    assert_eq!((&listed[0]["id"], listed.len()), (&json!(id), 1));
    for (body, reason) in [
        (json!({}), "invalid_field"),
        (json!({ "name": "" }), "invalid_field"),
        (json!({ "name": "x".repeat(121) }), "invalid_field"),
        (json!({ "name": 7 }), "invalid_field"),
        (json!({ "name": "x", "days": 731 }), "invalid_field"),
        (json!({ "name": "x", "days": 0 }), "invalid_field"),
    ] {
        let refused = admin.post("/v1/applications", &body).expect(400);
        assert_eq!(refused.reason(), reason, "{body}");
    }
    let unknown = "/v1/applications/01890a5d-ac96-774b-bcce-b302099a8057";
    assert_eq!(admin.delete(unknown).refused(404, 1000).reason(), "application_not_found");
    admin.get(unknown).expect(404);
    let bea = admin.add_partner_user("Bea Berg", "bea@fabrikam.example", &["admin_agent"]);
    let bea = server.api(&admin.issue_token(&bea.id));
    bea.post("/v1/applications", &json!({ "name": "x" })).refused(403, 900_150);
    bea.get("/v1/applications").refused(403, 900_150);
}

#[test]
fn an_application_acts_for_a_user_with_the_users_rights_until_the_password_changes() {
    let installation = begin();
    let program = Program::register(&installation);
    let server = installation.serve_with(["--allow-password-grant"]);
    let admin = server.api(&installation.provider.token);
    let bo = admin.add_partner_user("Bo Berg", "bo@fabrikam.example", &["sales_agent"]);
    let by_password = |password: &str| {
        let user = [("username", "bo@fabrikam.example"), ("password", password)];
        let grant = [("grant_type", "password"), ("resource", API)];
        program.ask(&server, &[&grant[..], &user].concat())
    };
    fault(by_password(&bo.password), 400, 50_055);
    let credentials =
        Credentials { user_name: "bo@fabrikam.example".to_owned(), password: bo.password.clone() };
    let session = settle(&server, &credentials);
    fault(by_password("wrong"), 400, 50_126);
    let granted = by_password("a horse in the rain").expect(200);
    let api = server.api(&granted.text_at("/access_token"));
    let me = api.get("/v1/me").expect(200);
    assert_eq!(
        (me.text_at("/kind"), me.text_at("/userId")),
        ("partner_user".to_owned(), bo.id.clone())
    );
    let customer = api.create_customer("Contoso", "contoso.example");
    api.get("/v1/users").refused(403, 900_150);
    let history = admin.items("/v1/history?type=CustomerCreated");
    assert_eq!(history[0]["client"]["application"], program.id);
    assert_eq!(history[0]["actor"]["userId"], bo.id);
    api.get(&format!("/v1/customers/{}/users", customer.id)).expect(200);

    let renew = |token: &str| {
        program.ask(&server, &[("grant_type", "refresh_token"), ("refresh_token", token)])
    };
    let first = granted.text_at("/refresh_token");
    let renewed = renew(&first).expect(200);
    let second = renewed.text_at("/refresh_token");
    assert_ne!(first, second);
    server.api(&renewed.text_at("/access_token")).get("/v1/customers").expect(200);
    fault(renew(&first), 400, 70_008);
    fault(renew(&second), 400, 70_008);
    server.api(&renewed.text_at("/access_token")).get("/v1/customers").refused(401, 400);
    for wrong in ["plogr_x", "x", &second[..second.len() - 2]] {
        fault(renew(wrong), 400, 70_008);
    }

    let granted = by_password("a horse in the rain").expect(200);
    let api = server.api(&granted.text_at("/access_token"));
    api.get("/v1/customers").expect(200);
    let change =
        json!({ "oldPassword": "a horse in the rain", "newPassword": "another horse, dry" });
    session.post("/v1/password", &change).expect(204);
    api.get("/v1/customers").refused(401, 400);
    fault(renew(&granted.text_at("/refresh_token")), 400, 70_008);
}

#[test]
fn a_token_endpoint_says_what_is_wrong_in_the_words_that_clients_know() {
    let installation = begin();
    let program = Program::register(&installation);
    let server = installation.serve();
    let path = format!("/{}/oauth2/token", program.partner);
    let grant = ("grant_type", "client_credentials");
    let id = ("client_id", program.id.as_str());
    let (secret, resource) = (("client_secret", program.secret.as_str()), ("resource", API));
    let ask = |path: &str, fields: &[(&str, &str)]| post(&server, path, fields);
    for (fields, status, code) in [
        (&[id, secret, resource][..], 400, 900_144),
        (&[grant, secret, resource], 400, 900_144),
        (&[grant, id, resource], 400, 900_144),
        (&[grant, id, secret], 400, 900_144),
        (&[grant, id, secret, resource, id], 400, 9_000_411),
        (&[("grant_type", "password"), id, secret, resource], 400, 70_003),
        (&[("grant_type", "authorization_code"), id, secret, resource], 400, 70_003),
        (&[grant, id, secret, ("resource", "https://other.example")], 400, 500_011),
        (&[grant, ("client_id", "me"), secret, resource], 401, 7_000_215),
        (&[grant, id, ("client_secret", "wrong"), resource], 401, 7_000_215),
        (&[("grant_type", "refresh_token"), id, secret], 400, 900_144),
    ] {
        fault(ask(&path, fields), status, code);
    }
    let good = [grant, id, secret, resource];
    for tenant in ["common", "01890a5d-ac96-774b-bcce-b302099a8057", "999999"] {
        fault(ask(&format!("/{tenant}/oauth2/token"), &good), 400, 90_002);
    }
    let json = server.anonymous().post(&path, &json!({ "grant_type": "client_credentials" }));
    fault(json, 400, 90_016);
    server.anonymous().get(&path).expect(405);
    let v2 = format!("/{}/oauth2/v2.0/token", program.partner);
    fault(ask(&v2, &[grant, id, secret, ("scope", "openid")]), 400, 70_011);
    let scope = ("scope", "https://api.partnercenter.microsoft.com/.default");
    let token = ask(&v2, &[grant, id, secret, scope]).expect(200);
    assert_eq!(
        (&token.json()["expires_in"], &token.json()["ext_expires_in"]),
        (&json!(3_599), &json!(3_599))
    );
    server.api(&token.text_at("/access_token")).get("/v1/customers").expect(200);
    // One client asks the first endpoint as if it were the second.
    let token = ask(&path, &[grant, id, secret, scope]).expect(200);
    assert_eq!(
        (&token.json()["resource"], &token.json()["expires_in"]),
        (&json!(API), &json!("3599"))
    );
}

#[test]
fn wrong_secrets_lock_an_application_and_nobody_is_told_which_it_was() {
    let installation = begin();
    let program = Program::register(&installation);
    let server = installation.serve();
    let credentials = [("grant_type", "client_credentials"), ("resource", API)];
    let ask = |id: &str, secret: &str| {
        let guess = Program {
            partner: program.partner.clone(),
            id: id.to_owned(),
            secret: secret.to_owned(),
        };
        let refused = fault(guess.ask(&server, &credentials), 401, 7_000_215);
        let told = refused.json()["error_description"].as_str().unwrap().to_owned();
        told.split(" Trace ID").next().unwrap().to_owned()
    };
    let unknown = ask("01890a5d-ac96-774b-bcce-b302099a8057", "guess");
    for _ in 0..5 {
        assert_eq!(ask(&program.id, "guess"), unknown);
    }
    assert_eq!(ask(&program.id, &program.secret), unknown, "it is locked");
    let admin = server.api(&installation.provider.token);
    let failures = admin.items("/v1/history?type=ApplicationSignInFailed");
    assert_eq!((failures.len(), failures[0]["data"]["failures"].as_u64()), (5, Some(5)));
    assert!(failures[0]["data"]["lockedUntil"].is_string());
}

#[test]
fn a_token_of_long_ago_is_exchanged_at_the_second_hop_and_good_for_nothing_else() {
    let installation = begin();
    let program = Program::register(&installation);
    let server = installation.serve();
    let retired = program.token(&server, RETIRED);
    server.api(&retired).get("/v1/customers").refused(401, 900_420);
    let hop = |token: &str, fields: &str| {
        let form = server.api(token).request("POST", "/generatetoken").raw(fields);
        form.header("Content-Type", "application/x-www-form-urlencoded").send()
    };
    let fields = format!("grant_type=jwt_token&client_id={}", program.id);
    let hopped = hop(&retired, &fields).expect(200);
    assert_eq!(hopped.json()["token_type"], "Bearer");
    assert!((3_500..=3_600).contains(&hopped.json()["expires_in"].as_i64().unwrap()));
    server.api(&hopped.text_at("/access_token")).get("/v1/customers").expect(200);
    fault(hop("nonsense", &fields), 401, 50_027);
    fault(hop(&retired, "grant_type=jwt_token"), 400, 900_144);
    fault(hop(&retired, "grant_type=password&client_id=x"), 400, 70_003);
    fault(hop(&retired, "grant_type=jwt_token&client_id=x"), 401, 7_000_215);
}

#[test]
fn a_token_outlives_its_key_and_a_restart_and_the_keys_are_published() {
    let installation = begin();
    let program = Program::register(&installation);
    let server = installation.serve_with(ISSUER);
    let api = program.api(&server);
    let about = format!("/{}/v2.0/.well-known/openid-configuration", program.partner);
    let configuration = server.anonymous().get(&about).expect(200);
    assert_eq!(configuration.text_at("/issuer"), format!("{}/{}/v2.0", ISSUER[1], program.partner));
    assert!(configuration.text_at("/jwks_uri").ends_with("/discovery/v2.0/keys"));
    let published = |server: &tests::RunningServer| {
        let keys = server.anonymous().get("/common/discovery/keys").expect(200);
        keys.json()["keys"].as_array().unwrap().clone()
    };
    let before = published(&server);
    assert_eq!((before.len(), &before[0]["alg"]), (1, &json!("ES256")));
    assert!(before[0].get("d").is_none());
    let printed = server.stop();
    assert!(!printed.contains(&program.secret) && !printed.contains("eyJ"), "{printed}");
    let rotated = installation.run(&["token", "rotate-keys"], &[]).exited(0).labelled("key ");
    let server = installation.serve_with(ISSUER);
    let after = published(&server);
    assert_eq!((after.len(), &after[0]["kid"], &after[1]), (2, &json!(rotated), &before[0]));
    api.at(&server).get("/v1/customers").expect(200);
    drop(server);
    let other = installation.serve_with(["--issuer", "https://other.example"]);
    api.at(&other).get("/v1/customers").refused(401, 400);
}
