//! What everybody does about the own account, what auditors export, and what customers see of who
//! serves them.

use serde_json::{Value, json};
use tests::{Credentials, NewCustomer};

use crate::{
    around::visit::Visit,
    begin,
    sign_in::{CHOSEN, settle, sign_in, try_sign_in},
};

#[test]
fn everybody_lists_the_own_sessions_and_ends_one() {
    let installation = begin();
    let options = ["--email", "ola@cloud.example"];
    let operator = installation.run(&["operator", "add"], &options).exited(0).labelled("password");
    let server = installation.serve();
    let admin = server.api(&installation.provider.token);
    let bo = admin.add_partner_user("Bo Berg", "bo@fabrikam.example", &["sales_agent"]);
    let customer = admin.create_customer("Relecloud", "relecloud.example");
    let nora = Credentials { user_name: customer.admin.user_name.clone(), ..customer.admin };
    let people = [
        Credentials { user_name: "bo@fabrikam.example".to_owned(), password: bo.password },
        nora,
        Credentials { user_name: "ola@cloud.example".to_owned(), password: operator },
    ];
    for person in people {
        let first = settle(&server, &person);
        let second = sign_in(&server, &person.user_name, CHOSEN);
        let sessions = second.items("/v1/sessions");
        assert_eq!(sessions.len(), 2, "{sessions:?}");
        let own: Vec<&Value> = sessions.iter().filter(|it| it["isThisOne"] == true).collect();
        assert_eq!(own.len(), 1);
        let other = sessions.iter().find(|it| it["isThisOne"] == false).unwrap();
        let path = format!("/v1/sessions/{}", other["id"].as_str().unwrap());
        admin.delete(&path).refused(404, 1000);
        second.delete(&path).expect(204);
        assert_eq!(first.get("/v1/me").status, 401);
        second.delete(&path).refused(404, 1000);
        second.delete("/v1/sessions/none").refused(400, 2000);
        assert_eq!(second.items("/v1/sessions").len(), 1);
    }
    assert!(admin.items("/v1/sessions").is_empty(), "a token that was made is no session");
}

#[test]
fn a_session_is_ended_on_its_page_and_nobody_elses() {
    let installation = begin();
    let server = installation.serve();
    let admin = server.api(&installation.provider.token);
    let bo = admin.add_partner_user("Bo Berg", "bo@fabrikam.example", &["sales_agent"]);
    let password = bo.password.clone();
    let bo = Credentials { user_name: "bo@fabrikam.example".to_owned(), password };
    let session = settle(&server, &bo);
    let id = session.items("/v1/sessions")[0]["id"].as_str().unwrap().to_owned();
    let visit = Visit::begin(&server, &sign_in_token(&server));
    let end = format!("/sessions/{id}/end");
    visit.submit("/sessions", &end, &[]).expect(303);
    assert_eq!(session.get("/v1/me").status, 401);
    visit.submit("/sessions", &end, &[]).expect(404);
    let stranger = Visit::begin(&server, &installation.provider.token);
    assert!(stranger.get("/sessions").expect(200).text.contains("no session"));
}

/// A fresh session of Bo's: its token.
fn sign_in_token(server: &tests::RunningServer) -> String {
    try_sign_in(server, "bo@fabrikam.example", CHOSEN).expect(201).text_at("/token")
}

#[test]
fn a_password_of_an_operator_or_auditor_is_reset_at_the_command_line() {
    let installation = begin();
    let until = ["--email", "aud@firm.example", "--until", "2027-06-01"];
    installation.run(&["auditor", "admit"], &until).exited(0);
    installation.run(&["operator", "add"], &["--email", "ola@cloud.example"]).exited(0);
    for (kind, email) in [("auditor", "aud@firm.example"), ("operator", "ola@cloud.example")] {
        let reset = installation.run(&[kind, "reset-password"], &["--email", email]).exited(0);
        let password = reset.labelled("password");
        let server = installation.serve();
        let person = Credentials { user_name: email.to_owned(), password };
        let session = settle(&server, &person);
        session.get("/v1/me").expect(200);
        server.stop();
        installation.run(&[kind, "reset-password"], &["--email", email]).exited(0);
        let server = installation.serve();
        assert_eq!(session.at(&server).get("/v1/me").status, 401, "a reset ends the session");
        try_sign_in(&server, email, CHOSEN).expect(401);
    }
    for (kind, email) in [("auditor", "ola@cloud.example"), ("operator", "nobody@cloud.example")] {
        let refused = installation.run(&[kind, "reset-password"], &["--email", email]);
        assert!(refused.exited(2).stderr.contains("nobody such"));
    }
}

#[test]
fn auditors_export_role_changes_over_http_as_the_command_line_does() {
    let installation = begin();
    let other =
        installation.register("Wingtip", "indirect-reseller", "wanda@wingtip.example", "7000002");
    let until = ["--email", "aud@firm.example", "--until", "2027-06-01"];
    let password = installation.run(&["auditor", "admit"], &until).exited(0).labelled("password");
    let own = installation.provider.partner.clone();
    let server = installation.serve();
    let admin = server.api(&installation.provider.token);
    let bo = admin.add_partner_user("=Cmd, \"the\" colleague", "bo@fabrikam.example", &[]);
    let assign = json!({ "id": bo.id, "reason": "=plantedreason", "ticket": "INC-7" });
    admin.post("/v1/roles/sales_agent/usermembers", &assign).expect_success();
    let aud = Credentials { user_name: "aud@firm.example".to_owned(), password };
    let auditor = settle(&server, &aud);
    let path = format!("/v1/exports/role-changes?partner={own}");
    let file = auditor.get(&path).expect(200);
    assert!(file.header("Content-Type").unwrap().starts_with("text/csv"));
    assert!(file.text.contains("'=Cmd") && file.text.contains("'=plantedreason"), "{file}");
    assert!(!file.text.contains("wanda"), "{file}");
    let rows: Vec<Value> =
        serde_json::from_str(&auditor.get(&format!("{path}&format=json")).expect(200).text)
            .unwrap();
    assert_eq!(rows.len() + 1, file.text.matches("\r\n").count());
    assert!(rows.iter().any(|row| row["ticket"] == "INC-7" && row["role_after"] == "sales_agent"));
    let none = auditor.get(&format!("{path}&until=2001-01-01&format=json")).expect(200);
    assert_eq!(none.text.trim(), "[]");
    auditor.get("/v1/exports/role-changes").refused(400, 2000);
    for wrong in ["format=xml", "since=soon", "until=soon", "asOf=never"] {
        auditor.get(&format!("{path}&{wrong}")).refused(400, 2000);
    }
    let sales = admin.add_partner_user("Sol", "sol@fabrikam.example", &["sales_agent"]);
    let sales = server.api(&admin.issue_token(&sales.id));
    sales.get("/v1/exports/role-changes").refused(403, 900_150);
    let theirs = server.api(&other.token).get("/v1/exports/role-changes").expect(200).text;
    assert!(!theirs.contains("Cmd") && theirs.contains(&other.admin), "{theirs}");
    let head = file.header("X-Position").unwrap().to_owned();
    server.stop();
    let options = ["--partner", own.as_str(), "--as-of", head.as_str()];
    let written = installation.run(&["export", "role-changes"], &options).exited(0).stdout;
    assert_eq!(written, file.text, "the same file either way");
}

#[test]
fn customers_see_the_public_profiles_of_who_serves_them() {
    let installation = begin();
    let reseller =
        installation.register("Wingtip", "indirect-reseller", "wanda@wingtip.example", "7000002");
    let rival =
        installation.register("Rival", "indirect-provider", "rita@rival.example", "7000001");
    let server = installation.serve();
    let admin = server.api(&installation.provider.token);
    let wingtip = server.api(&reseller.token);
    let asked = json!({ "recipient": "wanda@wingtip.example" });
    let asked = admin.post("/v1/partnerships", &asked).expect(201);
    let token = json!({ "token": asked.text_at("/link") });
    wingtip.post("/v1/invitations/accept", &token).expect_success();
    let mut body = NewCustomer::body("Relecloud", "relecloud.example");
    body["associatedPartnerId"] = json!(reseller.partner);
    let customer = admin.create_customer_from(&body);
    let ask = json!({
        "title": "New logo", "description": "Please", "kind": "publicProfileChange",
        "publicProfile": {
            "name": "Fabrikam Cloud",
            "locations": [{ "country": "US", "target": "https://fabrikam.example/us" }],
        },
    });
    let id = admin.post("/v1/servicerequests", &ask).expect(201).text_at("/id");
    server.stop();
    installation.run(&["request", "carry-out", &id], &[]).exited(0);
    let server = installation.serve();
    let company = settle(&server, &customer.admin);
    let profiles = company.items("/v1/company/profiles");
    let serving: Vec<_> = profiles.iter().map(|it| it["partner"]["id"].clone()).collect();
    assert_eq!(serving.len(), 2, "{profiles:?}");
    assert!(serving.contains(&json!(reseller.partner)) && !serving.contains(&json!(rival.partner)));
    assert!(profiles.iter().any(|it| it["name"] == "Fabrikam Cloud"));
    let admin = admin.at(&server);
    admin.get("/v1/company/profiles").refused(403, 900_150);
    let nora = admin.create_user(&customer, "nora");
    let nora = settle(&server, &nora.credentials);
    assert_eq!(nora.get("/v1/company/profiles").status, 403, "without a role");
}
