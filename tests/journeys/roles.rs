//! Partner users and their roles: who may grant what, what a right that is gone still opens.

use serde_json::{Value, json};
use tests::{Api, Installation, RunningServer};

use crate::begin;

/// A server with a user of a role beside the global admin.
struct Office {
    installation: Installation,
    server: RunningServer,
    admin: Api,
}

fn office() -> Office {
    let installation = begin();
    let server = installation.serve();
    let admin = server.api(&installation.provider.token);
    Office { installation, server, admin }
}

impl Office {
    /// Adds a user with roles; its id and a client that acts as it.
    fn hire(&self, name: &str, roles: &[&str]) -> (String, Api) {
        let email = format!("{name}@fabrikam.example");
        let user = self.admin.add_partner_user(name, &email, roles);
        let token = self.admin.issue_token(&user.id);
        (user.id, self.server.api(&token))
    }

    /// The roles a user holds, by name.
    fn roles_of(&self, user: &str) -> Vec<String> {
        let user = self.admin.get(&format!("/v1/users/{user}")).expect(200);
        let roles = user.json()["roles"].as_array().unwrap().clone();
        let mut names: Vec<String> = roles.iter().map(role_name).collect();
        names.sort();
        names
    }
}

/// The name of a role, which stands alone or in an object.
fn role_name(role: &Value) -> String {
    role.as_str().or_else(|| role["name"].as_str()).unwrap().to_owned()
}

#[test]
fn a_second_role_of_a_category_replaces_the_first_and_the_event_says_so() {
    let office = office();
    let (bo, _) = office.hire("bo", &["sales_agent", "billing_admin"]);
    office.admin.assign_role(&bo, "helpdesk_agent").expect_success();
    assert_eq!(office.roles_of(&bo), ["billing_admin", "default_access", "helpdesk_agent"]);

    let history = office.admin.items(&format!("/v1/rolehistory?userId={bo}"));
    let replaced: Vec<&Value> =
        history.iter().filter(|change| change["action"] == "replace").collect();
    assert_eq!(replaced.len(), 1, "{history:?}");
    assert_eq!(replaced[0]["category"], "agent");
    let names = |member: &str| -> Vec<String> {
        replaced[0][member].as_array().unwrap().iter().map(role_name).collect()
    };
    assert_eq!(names("rolesBefore"), ["sales_agent"]);
    assert_eq!(names("rolesAfter"), ["helpdesk_agent"]);

    let Office { installation, server, .. } = office;
    server.stop();
    let options = ["--format", "jsonl", "--type", "RoleReplaced"];
    let replay = installation.run(&["replay"], &options).exited(0).stdout;
    let event: Value = serde_json::from_str(replay.trim()).unwrap();
    assert_eq!(event["data"]["old"], "sales_agent");
    assert_eq!(event["data"]["new"], "helpdesk_agent");
    assert_eq!(event["metadata"]["actor"]["partner_user"]["user"], installation.provider.admin);
}

#[test]
fn the_last_global_admin_can_neither_be_demoted_nor_deleted() {
    let office = office();
    let only = office.installation.provider.admin.clone();
    let (second, second_api) = office.hire("gia", &["global_admin"]);
    office.admin.delete(&format!("/v1/users/{second}")).expect(204);
    let position = office.server.position();
    let demoted = office.admin.revoke_role(&only, "global_admin");
    assert_eq!((demoted.status, demoted.reason()), (400, "last_global_admin"), "{demoted}");
    let replaced = office.admin.assign_role(&only, "billing_admin");
    assert!(replaced.status >= 400, "{replaced}");
    let deleted = office.admin.delete(&format!("/v1/users/{only}"));
    assert_eq!((deleted.status, deleted.reason()), (400, "last_global_admin"), "{deleted}");
    assert_eq!(office.server.position(), position);
    assert_eq!(second_api.get("/v1/customers").status, 401, "the token of a deleted user");
}

#[test]
fn nobody_grants_a_role_to_himself() {
    let office = office();
    let (uma, as_uma) = office.hire("uma", &["user_management_admin"]);
    let position = office.server.position();
    let refused = as_uma.assign_role(&uma, "sales_agent").refused(403, 900_150);
    assert_eq!(refused.reason(), "self_grant", "{refused}");
    let own = office.installation.provider.admin.clone();
    let refused = office.admin.assign_role(&own, "sales_agent").refused(403, 900_150);
    assert_eq!(refused.reason(), "self_grant", "{refused}");
    assert_eq!(office.server.position(), position);
}

#[test]
fn a_user_management_admin_cannot_touch_admin_roles_or_their_holders() {
    let office = office();
    let (_, as_uma) = office.hire("uma", &["user_management_admin"]);
    let (bo, _) = office.hire("bo", &["sales_agent"]);
    let (bill, _) = office.hire("bill", &["billing_admin"]);
    as_uma.assign_role(&bo, "helpdesk_agent").expect_success();
    let position = office.server.position();
    let refusals = [
        as_uma.assign_role(&bo, "global_admin"),
        as_uma.assign_role(&bill, "mpn_partner_admin"),
        as_uma.revoke_role(&bill, "billing_admin"),
        as_uma.delete(&format!("/v1/users/{bill}")),
        as_uma.post(&format!("/v1/users/{bill}/tokens"), &json!({})),
        as_uma.patch(&format!("/v1/users/{bill}/resetpassword"), &json!({})),
        as_uma.post(
            "/v1/users",
            &json!({ "fullName": "Eve", "email": "eve@fabrikam.example", "roles": ["global_admin"] }),
        ),
    ];
    for refused in refusals {
        let refused = refused.refused(403, 900_150);
        assert_eq!(refused.reason(), "global_admin_only", "{refused}");
    }
    assert_eq!(office.server.position(), position);
}

#[test]
fn a_user_without_any_role_is_refused_everything_with_that_reason() {
    let office = office();
    let body = json!({
        "fullName": "Nemo", "email": "nemo@fabrikam.example", "withholdDefaultAccess": true,
    });
    let nemo = office.admin.post("/v1/users", &body).expect(201).text_at("/id");
    let as_nemo = office.server.api(&office.admin.issue_token(&nemo));
    for path in [
        "/v1/customers",
        "/v1/users",
        "/v1/roles",
        "/v1/relationships?relationship_type=is_indirect_reseller_of",
        "/v1/offers",
    ] {
        let refused = as_nemo.get(path);
        assert_eq!((refused.status, refused.reason()), (403, "no_role"), "{path}: {refused}");
    }
}

#[test]
fn a_token_or_role_that_is_revoked_stops_working_at_once() {
    let office = office();
    let bo = office.admin.add_partner_user("Bo", "bo@fabrikam.example", &["admin_agent"]);
    let issued = office.admin.post(&format!("/v1/users/{}/tokens", bo.id), &json!({})).expect(201);
    let as_bo = office.server.api(&issued.text_at("/token"));
    as_bo.get("/v1/customers").expect(200);
    office.admin.revoke_role(&bo.id, "admin_agent").expect_success();
    let refused = as_bo.get("/v1/customers").refused(403, 900_150);
    assert_eq!(refused.reason(), "forbidden", "{refused}");
    office.admin.assign_role(&bo.id, "helpdesk_agent").expect_success();
    as_bo.get("/v1/customers").expect(200);

    let token = format!("/v1/users/{}/tokens/{}", bo.id, issued.text_at("/id"));
    office.admin.delete(&token).expect_success();
    as_bo.get("/v1/customers").refused(401, 400);
    office.server.stop();
    let server = office.installation.serve();
    server.api(&issued.text_at("/token")).get("/v1/customers").refused(401, 400);
}

#[test]
fn every_role_opens_exactly_what_the_table_says() {
    let office = office();
    let customer = office.admin.create_customer("Relecloud", "relecloud.example");
    let users = format!("{}/users", customer.path);
    // Role, and whether it lists customers, lists customer users, creates them, lists partner users.
    let table = [
        ("admin_agent", true, true, true, false),
        ("sales_agent", true, true, false, false),
        ("helpdesk_agent", true, true, false, false),
        ("user_management_admin", false, true, true, true),
        ("billing_admin", false, false, false, false),
        ("referral_admin", false, false, false, false),
        ("incentives_user", false, false, false, false),
    ];
    for (number, (role, lists, sees_users, creates, sees_staff)) in table.into_iter().enumerate() {
        let (_, api) = office.hire(&format!("user{number}"), &[role]);
        let status = |allowed: bool, good: u16| if allowed { good } else { 403 };
        assert_eq!(api.get("/v1/customers").status, status(lists, 200), "{role}");
        assert_eq!(api.get(&users).status, status(sees_users, 200), "{role}");
        let created = api.post(&users, &customer.user_body(&format!("new{number}"))).status;
        assert!(if creates { created < 300 } else { created == 403 }, "{role}: {created}");
        assert_eq!(api.get("/v1/users").status, status(sees_staff, 200), "{role}");
    }
}

#[test]
fn a_deleted_partner_user_comes_back_with_its_roles() {
    let office = office();
    let (bo, as_bo) = office.hire("bo", &["sales_agent", "billing_admin"]);
    office.admin.delete(&format!("/v1/users/{bo}")).expect(204);
    assert_eq!(as_bo.get("/v1/customers").status, 401);
    let restored = office.admin.patch(&format!("/v1/users/{bo}"), &json!({ "state": "active" }));
    restored.expect(200);
    assert_eq!(office.roles_of(&bo), ["billing_admin", "default_access", "sales_agent"]);
}

#[test]
fn a_role_is_given_and_taken_as_older_clients_name_it() {
    let installation = begin();
    let server = installation.serve();
    let admin = server.api(&installation.provider.token);
    let user = admin.add_partner_user("Nora", "nora@fabrikam.example", &[]);
    let member = json!({ "id": user.id, "attributes": { "objectType": "UserMember" } });
    let given = admin.post("/v1/roles?role_id=sales_agent", &member).expect(201);
    assert_eq!(given.text_at("/id"), user.id);
    let members = || admin.items("/v1/roles/sales_agent/usermembers").len();
    assert_eq!(members(), 1);
    admin.delete(&format!("/v1/roles?role_id=sales_agent&member_id={}", user.id)).expect(204);
    assert_eq!(members(), 0);
    admin.post("/v1/roles", &member).refused(400, 2001);
    admin.delete("/v1/roles?role_id=sales_agent&member_id=nobody").refused(400, 2000);
    admin.post("/v1/roles?role_id=owner", &member).refused(404, 1000);
}

#[test]
fn a_user_is_told_of_what_this_installation_tells_and_of_nothing_else() {
    let installation = begin();
    let server = installation.serve();
    let admin = server.api(&installation.provider.token);
    let user = admin.add_partner_user("Nora", "nora@fabrikam.example", &[]);
    let nora = server.api(&admin.issue_token(&user.id));
    let path = |rest: &str| format!("/v1/users/{}/preferences/notifications/{rest}", user.id);
    let status = |rest: &str| {
        nora.get(&path(rest)).expect(200).text_at("/communicationPreferences/0/status")
    };
    assert_eq!(status("serviceHealth/web"), "on");
    assert_eq!(status("serviceHealth/email"), "not_supported");
    let want = |rest: &str, status: &str| nora.put(&path(rest), &json!({ "status": status }));
    want("serviceHealth/web", "on").expect(200);
    want("rated_usage/email", "off").expect(200);
    want("serviceHealth/web", "off").refused(400, 2000);
    want("serviceHealth/email", "on").refused(400, 2000);
    want("serviceHealth/email", "enabled").refused(400, 900_126);
    nora.get(&path("billing/web")).refused(400, 900_126);
    let own = admin.get("/v1/me").expect(200).text_at("/userId");
    let others = format!("/v1/users/{own}/preferences/notifications/serviceHealth/web");
    nora.get(&others).refused(403, 900_150);
}
