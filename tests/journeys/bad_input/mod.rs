//! Bad input: a clear error naming field and reason with the right status, and nothing changed.

mod bodies;
mod case;
mod commands;
mod customers;
mod ids;
mod orders;
mod spoiled;
mod users;

use serde_json::json;
use tests::OFFER_PREMIUM;

use self::case::Ground;
use crate::begin;

#[test]
fn every_bad_request_is_refused_by_name_and_changes_nothing() {
    let installation = begin();
    let server = installation.serve();
    let api = server.api(&installation.provider.token);
    let customer = api.create_customer("Relecloud", "relecloud.example");
    let subscription = api.order(&customer, OFFER_PREMIUM, 5);
    let user = api.create_user(&customer, "nora");
    let ground = Ground { customer, user, subscription };
    let cases = [
        customers::cases(),
        bodies::cases(&ground),
        ids::cases(&ground),
        users::cases(&ground),
        orders::cases(&ground),
    ];
    let wrong: Vec<String> =
        cases.iter().flatten().filter_map(|case| case.fault(&api, &server)).collect();
    assert!(wrong.is_empty(), "{} of the cases:\n{}", wrong.len(), wrong.join("\n"));
    assert!(!server.printed().contains("panicked"), "{}", server.printed());
}

#[test]
fn without_a_good_token_only_health_is_open() {
    let installation = begin();
    let server = installation.serve();
    let anonymous = server.anonymous();
    anonymous.get("/health/live").expect(200);
    anonymous.get("/health/ready").expect(200);
    let token = &installation.provider.token;
    let without_end = &token[..token.len() - 1];
    let swapped = format!("plog_{}", token["plog_".len()..].chars().rev().collect::<String>());
    let headers = [
        (None, 800_001),
        (Some("Bearer".to_owned()), 800_001),
        (Some(format!("Basic {token}")), 800_001),
        (Some("Bearer ".to_owned()), 400),
        (Some("Bearer x".to_owned()), 400),
        (Some(format!("Bearer {without_end}")), 400),
        (Some(format!("Bearer {swapped}")), 400),
        (Some(format!("Bearer {token}AA")), 400),
    ];
    for (header, code) in headers {
        for (method, path) in
            [("GET", "/v1/customers"), ("POST", "/v1/customers"), ("GET", "/v1/roles")]
        {
            let mut request = anonymous.request(method, path);
            if let Some(header) = &header {
                request = request.header("Authorization", header);
            }
            let refused = request.send();
            let found = (refused.status, refused.error_code());
            let expected = [Some(code), Some(800_001)];
            assert!(found.0 == 401 && expected.contains(&found.1), "{header:?}: {refused}");
            assert_eq!(refused.header("WWW-Authenticate"), Some("Bearer"));
        }
    }
}

#[test]
fn what_clients_write_differently_is_taken_all_the_same() {
    let installation = begin();
    let server = installation.serve();
    let api = server.api(&installation.provider.token);
    let customer = api.create_customer("Relecloud", "relecloud.example");
    let mut body = customer.user_body("nils");
    body["shoeSize"] = json!(43);
    body["attributes"] = json!({ "objectType": "CustomerUser", "colour": null });
    let users = format!("{}/users", customer.path);
    api.post(&users, &body).expect_success();
    let pascal = json!({
        "UsageLocation": "US", "UserPrincipalName": "nina@relecloud.example", "DisplayName": "Nina",
        "FirstName": null,
    });
    api.post(&format!("{users}/"), &pascal).expect_success();
    let marked = format!("\u{feff}{}", customer.user_body("nela"));
    api.request("POST", &users).raw(marked).send().expect_success();
    let doubled = "{\"displayName\":\"Old\",\"DisplayName\":\"New\",\"userPrincipalName\":\"nele@relecloud.example\"}";
    let created = api.request("POST", &users).raw(doubled).send().expect_success();
    assert_eq!(created.json()["displayName"], "New", "of two spellings the last wins");
    let of_order =
        format!("{}/subscriptions?order_id=HwvTr1CTbeLAeN41nH4mQZtnrJLIFDZT1", customer.path);
    assert!(api.items(&of_order).is_empty(), "orders of the contract have ids of any form");
    let upper = users.to_uppercase().replace("/V1/", "//V1//");
    assert_eq!(api.items(&upper).len(), 5);
    assert_eq!(api.items(&format!("/v1/customers/{}%20/users", customer.id)).len(), 5);
}
