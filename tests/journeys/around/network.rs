//! The partner network: competencies and benefits that an operator grants, what users can do.

use serde_json::{Value, json};
use tests::{Api, Installation, Registered, RunningServer};

use super::Visit;
use crate::begin;

/// The path of what the provider has, as operators see it.
struct Ground {
    _installation: Installation,
    server: RunningServer,
    admin: Api,
    mpn: Api,
    mpn_token: String,
    sales: Api,
    rival: Api,
    operator: Api,
    operator_token: String,
    base: String,
}

fn ground() -> Ground {
    let installation = begin();
    let kind = "indirect-provider";
    let rival: Registered = installation.register("Rival", kind, "rita@rival.example", "7000001");
    installation.run(&["operator", "add"], &["--email", "ola@cloud.example"]).exited(0);
    let created = installation.run(&["token", "create"], &["--user", "ola@cloud.example"]);
    let operator_token = created.exited(0).labelled("token  ");
    let server = installation.serve();
    let admin = server.api(&installation.provider.token);
    let hire = |name: &str, role: &str| {
        let user = admin.add_partner_user(name, &format!("{name}@fabrikam.example"), &[role]);
        admin.issue_token(&user.id)
    };
    let (mpn_token, sales) = (hire("mia", "mpn_partner_admin"), hire("sol", "sales_agent"));
    Ground {
        mpn: server.api(&mpn_token),
        sales: server.api(&sales),
        rival: server.api(&rival.token),
        operator: server.api(&operator_token),
        base: format!("/v1/operator/partners/{}", installation.provider.partner),
        operator_token,
        mpn_token,
        admin,
        server,
        _installation: installation,
    }
}

fn competency() -> Value {
    json!({
        "name": "Cloud platform", "level": "silver", "attainedAt": "2020-01-01",
        "expiresAt": "2099-01-01",
    })
}

fn benefit() -> Value {
    json!({ "name": "Seats for own use", "quantity": 10, "expiresAt": "2099-01-01" })
}

#[test]
fn competencies_are_granted_by_operators_and_seen_by_the_mpn_partner_admin() {
    let ground = ground();
    let competencies = format!("{}/competencies", ground.base);
    let recorded = ground.operator.post(&competencies, &competency()).expect(201);
    let id = recorded.text_at("/id");
    let listed = ground.mpn.items("/v1/competencies");
    assert_eq!((&listed[0]["level"], &listed[0]["state"]), (&json!("silver"), &json!("active")));
    let own = format!("/v1/competencies/{id}");
    ground.mpn.get(&own).expect(200);
    ground.sales.get(&own).refused(403, 900_150);
    ground.rival.get(&own).refused(404, 1000);
    assert!(ground.rival.items("/v1/competencies").is_empty());

    let (position, head) = (ground.server.position(), ground.server.head());
    let twice = ground.operator.post(&competencies, &competency()).refused(409, 2000);
    assert_eq!(twice.reason(), "competency_held");
    for (member, wrong, code) in [
        ("name", json!(""), 2001),
        ("name", json!("x".repeat(201)), 2000),
        ("level", json!("platinum"), 900_126),
        ("level", Value::Null, 2001),
        ("attainedAt", json!("2098-01-01"), 2000),
        ("attainedAt", json!("yesterday"), 2000),
        ("expiresAt", json!("2001-01-01"), 2000),
        ("expiresAt", Value::Null, 2001),
    ] {
        let mut body = competency();
        body["name"] = json!("Another");
        body[member] = wrong;
        let refused = ground.operator.post(&competencies, &body).expect(400);
        assert_eq!(refused.error_code(), Some(code), "{member}: {refused}");
        assert!(refused.text.to_lowercase().contains(&member.to_lowercase()), "{refused}");
    }
    let path = format!("{competencies}/{id}");
    let nobody = format!("{competencies}/0190a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2b");
    let gold = json!({ "level": "gold", "expiresAt": "2098-01-01" });
    ground.operator.patch(&nobody, &gold).refused(404, 1000);
    for partner in [&ground.admin, &ground.mpn, &ground.rival] {
        partner.post(&competencies, &competency()).refused(403, 900_150);
        partner.patch(&path, &gold).refused(403, 900_150);
        partner.delete(&path).refused(403, 900_150);
    }
    assert_eq!(ground.server.position(), position);
    ground.operator.patch(&path, &gold).expect(200);
    assert_eq!(ground.mpn.get(&own).expect(200).text_at("/level"), "gold");
    ground.operator.delete(&path).expect(204);
    assert!(ground.mpn.items("/v1/competencies").is_empty());
    let then = ground.mpn.items(&format!("/v1/competencies?asOf={head}"));
    assert_eq!(then[0]["level"], "silver", "what was is still told");
}

#[test]
fn a_benefit_is_put_to_use_and_given_back_over_http_and_on_the_page() {
    let ground = ground();
    let granted = ground.operator.post(&format!("{}/benefits", ground.base), &benefit());
    let id = granted.expect(201).text_at("/id");
    let path = format!("/v1/benefits/{id}");
    let (activate, deactivate) = (format!("{path}/activate"), format!("{path}/deactivate"));
    let used = ground.mpn.post(&activate, &json!({ "quantity": 7 })).expect(200);
    assert_eq!((&used.json()["used"], &used.json()["available"]), (&json!(7), &json!(3)));

    let position = ground.server.position();
    let short = ground.mpn.post(&activate, &json!({ "quantity": 4 })).refused(400, 2000);
    assert_eq!(short.reason(), "benefit_units_missing");
    let idle = ground.mpn.post(&deactivate, &json!({ "quantity": 8 })).refused(400, 2000);
    assert_eq!(idle.reason(), "benefit_units_not_in_use");
    for (wrong, code) in [
        (Value::Null, 2001),
        (json!(0), 2000),
        (json!(-1), 2000),
        (json!("seven"), 2000),
        (json!(1_000_001), 2000),
    ] {
        let refused = ground.mpn.post(&activate, &json!({ "quantity": wrong }));
        assert_eq!(refused.refused(400, code).json()["data"][1], "quantity");
    }
    ground.sales.post(&activate, &json!({ "quantity": 1 })).refused(403, 900_150);
    ground.sales.get("/v1/benefits").refused(403, 900_150);
    ground.rival.get(&path).refused(404, 1000);
    ground.rival.post(&activate, &json!({ "quantity": 1 })).refused(404, 1000);
    ground.operator.post(&activate, &json!({ "quantity": 1 })).expect(403);
    assert_eq!(ground.server.position(), position);

    let visit = Visit::begin(&ground.server, &ground.mpn_token);
    let page = visit.get("/profiles/network").expect(200).text;
    assert!(page.contains("Seats for own use") && page.contains("7 of 10"), "{page}");
    let form = format!("/profiles/network/benefits/{id}");
    let back = [("quantity", "2"), ("action", "deactivate")];
    visit.submit("/profiles/network", &form, &back).expect(303);
    assert!(visit.get("/profiles/network").expect(200).text.contains("5 of 10"));
    let too_many = [("quantity", "6"), ("action", "activate")];
    let refused = visit.submit("/profiles/network", &form, &too_many).expect(422);
    assert!(refused.text.contains("only 5 units"), "{refused}");
    let none = [("quantity", "none"), ("action", "activate")];
    visit.submit("/profiles/network", &form, &none).expect(422);
    ground.operator.delete(&format!("{}/benefits/{id}", ground.base)).expect(204);
    ground.mpn.get(&path).refused(404, 1000);
}

#[test]
fn users_say_what_they_can_do_and_the_mpn_partner_admin_sees_it() {
    let ground = ground();
    let sol = ground
        .admin
        .items("/v1/users")
        .into_iter()
        .find(|user| user["email"] == "sol@fabrikam.example");
    let id = sol.unwrap()["id"].as_str().unwrap().to_owned();
    let path = format!("/v1/users/{id}/skills");
    let said = json!({ "skills": [
        { "kind": "skill", "name": "Plantedskill" }, { "kind": "certification", "name": "AZ-104" },
    ] });
    ground.sales.put(&path, &said).expect(200);
    assert_eq!(ground.sales.get(&path).expect(200).text_at("/skills/0/name"), "Plantedskill");
    assert_eq!(ground.mpn.get(&path).expect(200).text_at("/skills/1/kind"), "certification");
    let all = ground.mpn.get("/v1/skills").expect(200).text;
    assert!(all.contains("Plantedskill") && all.contains("sol@fabrikam.example"), "{all}");

    let position = ground.server.position();
    for (wrong, code) in [
        (json!({}), 2001),
        (json!({ "skills": "mail" }), 2000),
        (json!({ "skills": [{ "kind": "hobby", "name": "Chess" }] }), 900_126),
        (json!({ "skills": [{ "kind": "skill" }] }), 2001),
        (json!({ "skills": [{ "kind": "skill", "name": "x".repeat(101) }] }), 2000),
    ] {
        ground.sales.put(&path, &wrong).refused(400, code);
    }
    let twice = json!({ "skills": [
        { "kind": "skill", "name": "Mail" }, { "kind": "skill", "name": "Mail" },
    ] });
    assert_eq!(ground.sales.put(&path, &twice).refused(400, 2000).reason(), "skill_twice");
    ground.mpn.put(&path, &said).refused(403, 900_150);
    ground.rival.get(&path).expect(404);
    ground.rival.put(&path, &said).expect(404);
    ground.sales.get("/v1/skills").refused(403, 900_150);
    assert_eq!(ground.server.position(), position);

    let visit = Visit::begin(&ground.server, &ground.mpn_token);
    assert!(visit.get("/profiles/network").expect(200).text.contains("Plantedskill"));
    let own = ground
        .admin
        .items("/v1/users")
        .into_iter()
        .find(|user| user["email"] == "mia@fabrikam.example");
    let page = format!("/users/{}/skills", own.unwrap()["id"].as_str().unwrap());
    visit
        .submit(&page, &page, &[("skills", "Mail\nCalendars"), ("certifications", "")])
        .expect(303);
    assert!(visit.get(&page).expect(200).text.contains("Calendars"));
    let faulty = visit.submit(&page, &page, &[("skills", "Mail\nMail")]).expect(422);
    assert!(faulty.text.contains("each skill stands once"), "{faulty}");
}

#[test]
fn an_operator_grants_on_its_page_what_the_partner_then_has() {
    let ground = ground();
    let operator = Visit::begin(&ground.server, &ground.operator_token);
    assert!(operator.get("/operator").expect(200).text.contains("/operator/partners"));
    let page = ground.base.replace("/v1", "");
    let fields = [
        ("name", "Cloud platform"),
        ("level", "gold"),
        ("attained", "2020-01-01"),
        ("expires", "2099-01-01"),
    ];
    operator.submit(&page, &format!("{page}/competencies"), &fields).expect(303);
    assert_eq!(ground.mpn.items("/v1/competencies")[0]["level"], "gold");
    let fields = [("name", "Seats"), ("quantity", "many"), ("expires", "2099-01-01")];
    operator.submit(&page, &format!("{page}/benefits"), &fields).expect(303);
    assert!(operator.get(&page).expect(200).text.contains("must be 1 to"));
    let fields = [("name", "Seats"), ("quantity", "3"), ("expires", "2099-01-01")];
    operator.submit(&page, &format!("{page}/benefits"), &fields).expect(303);
    assert_eq!(ground.mpn.items("/v1/benefits")[0]["quantity"], 3);
    Visit::begin(&ground.server, &ground.mpn_token).get(&page).expect(403);
}
