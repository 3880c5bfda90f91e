//! Users and licences that are not acceptable.

use serde_json::{Value, json};
use tests::SKU_PREMIUM;

use super::case::{Case, Ground, NOBODY};

/// What is wrong, the member, its value, and the code of the answer, which names the member.
fn users() -> Vec<(&'static str, &'static str, Value, u64)> {
    let (long, name) = ("n".repeat(2_000), "userPrincipalName");
    vec![
        ("no user name", name, Value::Null, 2001),
        ("a user name without @", name, json!("nils"), 2000),
        ("a user name too long", name, json!(format!("{long}@relecloud.example")), 2000),
        ("a display name too long", "displayName", json!(long), 2000),
        ("a number for a name", "displayName", json!(12), 2000),
        ("a control character in a name", "firstName", json!("Ni\u{0}ls"), 2000),
        ("a usage location of one letter", "usageLocation", json!("D"), 2000),
    ]
}

/// What is wrong, the request, code and name in the answer.
fn licenses() -> Vec<(&'static str, Value, u64, &'static str)> {
    let assign = |sku: Value| json!({ "licensesToAssign": [sku] });
    let both = json!({ "licensesToAssign": [{ "skuId": SKU_PREMIUM }], "licensesToRemove": [SKU_PREMIUM] });
    vec![
        ("a licence of nothing", assign(json!({})), 2001, "skuId"),
        ("a malformed product id", assign(json!({ "skuId": "x" })), 2000, "skuId"),
        ("a product never bought", assign(json!({ "skuId": NOBODY })), 60_012, "subscription"),
        (
            "a text for licences",
            json!({ "licensesToAssign": SKU_PREMIUM }),
            2000,
            "licensesToAssign",
        ),
        ("a product both given and taken", both, 2000, "both"),
    ]
}

/// What is wrong, the member, its value, and the code of the answer, which names the member.
fn partner_users() -> Vec<(&'static str, &'static str, Value, u64)> {
    vec![
        ("no e-mail address", "email", Value::Null, 2001),
        ("no @ in an e-mail address", "email", json!("bo"), 2000),
        ("an unknown role in a list", "roles", json!(["owner"]), 2000),
        ("roles that are no list", "roles", json!("sales_agent"), 2000),
        ("two roles of one category", "roles", json!(["sales_agent", "admin_agent"]), 2000),
    ]
}

pub(super) fn cases(ground: &Ground) -> Vec<Case> {
    let path = format!("{}/users", ground.customer.path);
    let with = |member: &str, value: Value| {
        let mut body = ground.customer.user_body("nils");
        body[member] = value;
        body
    };
    let outside = with("userPrincipalName", json!("nils@elsewhere.example"));
    let taken = ground.customer.user_body("nora");
    let mut cases = vec![
        Case::post("a user name outside the domain", &path, &outside).is(
            400,
            2000,
            "relecloud.example",
        ),
        Case::post("a taken user name", &path, &taken).is(409, 2000, "userPrincipalName"),
        Case::new("an unknown state", "PATCH", &ground.user.path)
            .json(&json!({ "state": "asleep" }))
            .is(400, 900_126, "state"),
    ];
    cases.extend(users().into_iter().map(|(name, member, value, code)| {
        Case::post(name, &path, &with(member, value)).is(400, code, member)
    }));
    let updates = format!("{}/licenseupdates", ground.user.path);
    cases.extend(
        licenses().into_iter().map(|(name, body, code, names)| {
            Case::post(name, &updates, &body).is(400, code, names)
        }),
    );
    cases.extend(partner_users().into_iter().map(|(name, member, value, code)| {
        let mut body = json!({ "fullName": "Bo", "email": "bo@fabrikam.example", "roles": [] });
        body[member] = value;
        Case::post(name, "/v1/users", &body).is(400, code, member)
    }));
    cases
}
