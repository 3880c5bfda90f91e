//! Ids that are malformed or nobody's, and resources that are not there.

use super::case::{Case, Ground, NOBODY};

pub(super) fn cases(ground: &Ground) -> Vec<Case> {
    let customer = |path: &str| format!("{}/{path}", ground.customer.path);
    let nobody = |path: &str| customer(&format!("{path}/{NOBODY}"));
    let unknown = format!("/v1/customers/{NOBODY}");
    let role = customer("directoryroles/00000000-0000-0000-0000-000000000001/usermembers");
    vec![
        Case::get("a malformed customer id", "/v1/customers/42").is(400, 900_118, "customer"),
        Case::get("an id with quotes", "/v1/customers/%27%20or%201=1").is(400, 900_118, "customer"),
        Case::get("an id that is not UTF-8", "/v1/customers/%ff%fe").is(400, 2000, "UTF-8"),
        Case::get("an unknown customer", &unknown).is(403, 20_002, "relationship"),
        Case::get("users of an unknown customer", format!("{unknown}/users")).is(403, 20_002, ""),
        Case::get("a malformed user id", customer("users/x")).is(400, 2000, "user"),
        Case::get("an unknown user", nobody("users")).is(404, 60_002, "user"),
        Case::new("deleting an unknown user", "DELETE", nobody("users")).is(404, 60_002, "user"),
        Case::get("licences of an unknown user", nobody("users") + "/licenses")
            .is(404, 60_002, "user"),
        Case::get("an unknown subscription", nobody("subscriptions")).is(
            404,
            20_003,
            "subscription",
        ),
        Case::get("an unknown order", nobody("orders")).is(404, 20_000, "order"),
        Case::get("an unknown role of a customer", role).is(404, 1000, "role"),
        Case::get("an unknown role", "/v1/roles/owner/usermembers").is(404, 1000, "role"),
        Case::get("an unknown partner user", format!("/v1/users/{NOBODY}")).is(404, 60_002, "user"),
        Case::get("a malformed partner user id", "/v1/users/me@home").is(400, 2000, "user"),
        Case::get("an unknown offer", format!("/v1/offers/{NOBODY}")).is(404, 1000, "offer"),
        Case::get("add-ons of an unknown offer", nobody("offers") + "/addons")
            .is(404, 1000, "offer"),
        Case::get("add-ons of a malformed offer", customer("offers/x/addons"))
            .is(400, 2100, "offer"),
        Case::new(
            "registering an unknown subscription",
            "POST",
            nobody("subscriptions") + "/registrations",
        )
        .is(404, 20_003, "subscription"),
        Case::new("deleting a customer of no sandbox", "DELETE", ground.customer.path.clone())
            .is(400, 2000, "sandbox"),
        Case::new("deleting an unknown customer", "DELETE", unknown.clone()).is(
            403,
            20_002,
            "relationship",
        ),
        Case::get("an unknown path", "/v1/frobnications").is(404, 1000, ""),
        Case::get("an unknown path below a user", format!("{}/x", ground.user.path))
            .is(404, 1000, ""),
        Case::new("a method that is not there", "PUT", "/v1/customers")
            .raw("{}")
            .is(405, 2000, "method"),
    ]
}
