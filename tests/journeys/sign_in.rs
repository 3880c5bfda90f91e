//! Signing in with name and password: the temporary one once, a lock after too many wrong ones, and
//! what ends a session.

use serde_json::json;
use tests::{Answer, Api, Credentials, RunningServer};

use crate::begin;

/// A password that anybody may choose.
pub(super) const CHOSEN: &str = "a horse in the rain";

pub(super) fn try_sign_in(server: &RunningServer, name: &str, password: &str) -> Answer {
    let body = json!({ "userName": name, "password": password });
    server.anonymous().post("/v1/sign-in", &body)
}

/// Signs in; the client acts in the session.
pub(super) fn sign_in(server: &RunningServer, name: &str, password: &str) -> Api {
    let signed_in = try_sign_in(server, name, password).expect(201);
    server.api(&signed_in.text_at("/token"))
}

fn choose(session: &Api, old: &str, new: &str) -> Answer {
    session.post("/v1/password", &json!({ "oldPassword": old, "newPassword": new }))
}

/// Signs in with a temporary password and chooses another.
pub(super) fn settle(server: &RunningServer, credentials: &Credentials) -> Api {
    let session = sign_in(server, &credentials.user_name, &credentials.password);
    choose(&session, &credentials.password, CHOSEN).expect(204);
    session
}

#[test]
fn a_temporary_password_opens_nothing_but_the_choice_of_another() {
    let installation = begin();
    let server = installation.serve();
    let admin = server.api(&installation.provider.token);
    let bo = admin.add_partner_user("Bo Berg", "bo@fabrikam.example", &["sales_agent"]);
    let signed_in = try_sign_in(&server, " BO@fabrikam.example", &bo.password).expect(201);
    assert!(signed_in.text.contains(r#""mustChangePassword":true"#), "{signed_in}");
    let session = server.api(&signed_in.text_at("/token"));
    for path in ["/v1/customers", "/v1/users", &format!("/v1/users/{}", bo.id)] {
        assert_eq!(session.get(path).refused(403, 900_150).reason(), "password_must_change");
    }
    let me = session.get("/v1/me").expect(200);
    assert_eq!(
        (me.text_at("/kind"), me.text_at("/userId")),
        ("partner_user".to_owned(), bo.id.clone())
    );
    for (new, why) in [
        ("too short", "at least 12"),
        (bo.password.as_str(), "another one"),
        ("bo@fabrikam.example", "sign-in name"),
    ] {
        let refused = choose(&session, &bo.password, new).refused(400, 2000);
        assert!(refused.description().contains(why), "{refused}");
    }
    choose(&session, "not the password", CHOSEN).refused(400, 2000);
    choose(&session, &bo.password, CHOSEN).expect(204);
    session.get("/v1/customers").expect(200);
    try_sign_in(&server, "bo@fabrikam.example", &bo.password).expect(401);
    let again = try_sign_in(&server, "bo@fabrikam.example", CHOSEN).expect(201);
    assert!(again.text.contains(r#""mustChangePassword":false"#), "{again}");
}

#[test]
fn too_many_wrong_passwords_lock_an_account_also_over_a_restart_until_a_reset() {
    let installation = begin();
    let server = installation.serve();
    let admin = server.api(&installation.provider.token);
    let bo = admin.add_partner_user("Bo Berg", "bo@fabrikam.example", &["sales_agent"]);
    let wrong = |server: &RunningServer, name: &str| {
        let refused = try_sign_in(server, name, "wrong").expect(401);
        assert_eq!(refused.reason(), "sign_in_refused");
        refused.description().to_owned()
    };
    let unknown = wrong(&server, "nobody@fabrikam.example");
    let told: Vec<_> = (0..5).map(|_| wrong(&server, "bo@fabrikam.example")).collect();
    assert!(told.iter().all(|text| *text == unknown), "{told:?}");
    let locked = try_sign_in(&server, "bo@fabrikam.example", &bo.password).expect(401);
    assert_eq!(locked.description(), unknown);
    let position = server.position();
    wrong(&server, "bo@fabrikam.example");
    assert_eq!(server.position(), position, "a locked account records no more failures");
    let history = admin.get("/v1/history?type=PartnerUserSignInFailed").expect(200);
    assert!(history.text.contains("lockedUntil") && history.text.contains("visitor"), "{history}");
    server.stop();

    let server = installation.serve();
    try_sign_in(&server, "bo@fabrikam.example", &bo.password).expect(401);
    let admin = server.api(&installation.provider.token);
    let reset = json!({ "passwordProfile": { "forceChangePassword": true } });
    let reset = admin.patch(&format!("/v1/users/{}", bo.id), &reset).expect(200);
    let password = reset.text_at("/passwordProfile/password");
    sign_in(&server, "bo@fabrikam.example", &password);
}

#[test]
fn sessions_and_tokens_end_with_a_reset_a_deletion_and_the_last_role_and_are_not_revived() {
    let installation = begin();
    let server = installation.serve();
    let admin = server.api(&installation.provider.token);
    let bo = admin.add_partner_user("Bo Berg", "bo@fabrikam.example", &["sales_agent"]);
    let path = format!("/v1/users/{}", bo.id);
    let name = "bo@fabrikam.example".to_owned();
    let session = settle(&server, &Credentials { user_name: name.clone(), password: bo.password });
    let token = server.api(&admin.issue_token(&bo.id));
    for client in [&session, &token] {
        client.get("/v1/customers").expect(200);
    }
    admin.delete(&path).expect_success();
    admin.patch(&path, &json!({ "state": "active" })).expect(200);
    for client in [&session, &token] {
        client.get("/v1/customers").expect(401);
    }
    let session = sign_in(&server, &name, CHOSEN);
    let token = server.api(&admin.issue_token(&bo.id));
    let reset = json!({ "passwordProfile": { "forceChangePassword": true } });
    admin.patch(&path, &reset).expect(200);
    for client in [&session, &token] {
        client.get("/v1/customers").expect(401);
    }

    let ed = json!({
        "fullName": "Ed Ek",
        "email": "ed@fabrikam.example",
        "roles": ["sales_agent"],
        "withholdDefaultAccess": true,
    });
    let ed = admin.post("/v1/users", &ed).expect(201);
    let user_name = "ed@fabrikam.example".to_owned();
    let password = ed.text_at("/passwordProfile/password");
    let session = settle(&server, &Credentials { user_name: user_name.clone(), password });
    session.get("/v1/customers").expect(200);
    admin.revoke_role(&ed.text_at("/id"), "sales_agent").expect(204);
    assert_eq!(session.get("/v1/customers").refused(403, 900_150).reason(), "no_role");
    assert_eq!(try_sign_in(&server, &user_name, CHOSEN).refused(403, 900_150).reason(), "no_role");
}

#[test]
fn a_session_ends_at_sign_out_and_a_changed_password_ends_the_others() {
    let installation = begin();
    let server = installation.serve();
    let (email, first) = (installation.provider.email.clone(), &installation.provider.password);
    let one = settle(&server, &Credentials { user_name: email.clone(), password: first.clone() });
    let two = sign_in(&server, &email, CHOSEN);
    choose(&two, CHOSEN, "another horse entirely").expect(204);
    one.get("/v1/customers").expect(401);
    two.get("/v1/customers").expect(200);
    two.post("/v1/sign-out", &json!({})).expect(204);
    two.get("/v1/customers").expect(401);
    // A token that was made is no session, and goes on.
    let made = server.api(&installation.provider.token);
    made.get("/v1/customers").expect(200);
    made.post("/v1/sign-out", &json!({})).refused(400, 2000);
}

#[test]
fn a_customer_user_signs_in_and_reaches_nothing_of_a_partner() {
    let installation = begin();
    let server = installation.serve();
    let admin = server.api(&installation.provider.token);
    let customer = admin.create_customer("Relecloud", "relecloud.example");
    let session = settle(&server, &customer.admin);
    let me = session.get("/v1/me").expect(200);
    let told = (me.text_at("/kind"), me.text_at("/customerId"));
    assert_eq!(told, ("customer_user".to_owned(), customer.id.clone()));
    for path in ["/v1/customers", &customer.path, "/v1/users", "/v1/history"] {
        assert_eq!(session.get(path).refused(403, 900_150).reason(), "actor_not_allowed");
    }
    server.stop();
    let user_name = &customer.admin.user_name;
    let made = installation.run(&["token", "create"], &["--user", user_name]).exited(0);
    let server = installation.serve();
    let client = server.api(&made.labelled("token  "));
    assert_eq!(client.get("/v1/me").expect(200).text_at("/userName"), *user_name);
}

#[test]
fn an_auditor_reads_within_its_scope_and_changes_nothing() {
    let installation = begin();
    let other =
        installation.register("Wingtip", "indirect-reseller", "wanda@wingtip.example", "7000002");
    let own = &installation.provider.partner;
    let let_in = |email: &str, partner: &[&str]| {
        let mut options = vec!["--email", email, "--until", "2027-06-01"];
        options.extend(partner);
        installation.run(&["auditor", "admit"], &options).exited(0).labelled("password")
    };
    let scoped = let_in("aud@firm.example", &["--partner", own]);
    let wide = let_in("eve@firm.example", &[]);
    let listed = installation.run(&["auditor", "list"], &[]).exited(0).stdout;
    assert!(listed.contains("aud@firm.example") && listed.contains(own), "{listed}");
    let server = installation.serve();
    let admin = server.api(&installation.provider.token);
    let bo = admin.add_partner_user("Bo Berg", "bo@fabrikam.example", &["sales_agent"]);
    let auditor = |email: &str, password: String| {
        settle(&server, &Credentials { user_name: email.to_owned(), password })
    };
    let scoped = auditor("aud@firm.example", scoped);
    let history = scoped.get("/v1/history").expect(200);
    assert!(history.text.contains("Bo Berg"), "{history}");
    let before = server.position();
    let path = format!("/v1/history?partner={}", other.partner);
    assert_eq!(scoped.get(&path).refused(403, 900_150).reason(), "not_your_partner");
    scoped.get("/v1/customers").refused(403, 900_150);
    let changed = [
        scoped.assign_role(&bo.id, "admin_agent"),
        scoped.post("/v1/users", &json!({ "fullName": "A B", "email": "ab@fabrikam.example" })),
        scoped.delete(&format!("/v1/users/{}", bo.id)),
    ];
    for answer in changed {
        assert_eq!(answer.refused(403, 900_150).reason(), "auditor_changes_nothing");
    }
    assert!(server.position() >= before);
    let bo_now = admin.get(&format!("/v1/users/{}", bo.id)).expect(200);
    assert!(!bo_now.text.contains("admin_agent"), "{bo_now}");

    let wide = auditor("eve@firm.example", wide);
    wide.get("/v1/history").refused(400, 2000);
    wide.get(&path).expect(200);
    wide.get(&format!("/v1/history?partner={own}")).expect(200);
    server.stop();
    installation.run(&["auditor", "dismiss"], &["--email", "eve@firm.example"]).exited(0);
    let server = installation.serve();
    let wide_again = try_sign_in(&server, "eve@firm.example", CHOSEN);
    wide_again.expect(401);
}

#[test]
fn an_operator_signs_in_until_it_is_removed() {
    let installation = begin();
    let options = ["--email", "ola@cloud.example", "--name", "Ola Berg"];
    let added = installation.run(&["operator", "add"], &options).exited(0);
    let again = installation.run(&["operator", "add"], &options);
    assert!(again.exited(2).stderr.contains("taken"));
    let password = added.labelled("password");
    let server = installation.serve();
    let user_name = "ola@cloud.example".to_owned();
    let session = settle(&server, &Credentials { user_name, password });
    assert_eq!(session.get("/v1/me").expect(200).text_at("/kind"), "support_operator");
    session.get("/v1/customers").refused(403, 900_150);
    server.stop();
    installation.run(&["operator", "remove"], &["--email", "ola@cloud.example"]).exited(0);
    let listed = installation.run(&["operator", "list"], &[]).exited(0).stdout;
    assert!(!listed.contains("ola@cloud.example"), "{listed}");
    let server = installation.serve();
    try_sign_in(&server, "ola@cloud.example", CHOSEN).expect(401);
}
