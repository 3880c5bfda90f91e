//! The user story: a user is deleted by mistake and comes back with the licences it had.

use serde_json::json;
use tests::{OFFER_E3, OFFER_PREMIUM, SKU_E3, SKU_PREMIUM, fresh_guid};

use crate::begin;

#[test]
fn a_deleted_user_is_listed_as_deleted_and_comes_back_with_its_licences() {
    let installation = begin();
    let server = installation.serve();
    let api = server.api(&installation.provider.token);
    let customer = api.create_customer("Relecloud", "relecloud.example");
    api.order(&customer, OFFER_PREMIUM, 3);
    api.order(&customer, OFFER_E3, 5);
    let user = api.create_user(&customer, "nora");
    api.assign(&user, &[SKU_PREMIUM, SKU_E3]);
    assert_eq!(api.licenses(&user), [SKU_E3, SKU_PREMIUM]);
    assert_eq!((api.free_seats(&customer, SKU_PREMIUM), api.free_seats(&customer, SKU_E3)), (2, 4));

    api.delete_user(&user);
    assert!(!api.user_ids(&customer, "Active").contains(&user.id));
    assert_eq!(api.user_ids(&customer, "Inactive"), [user.id.as_str()]);
    assert_eq!((api.free_seats(&customer, SKU_PREMIUM), api.free_seats(&customer, SKU_E3)), (3, 5));

    let restored = api.restore(&user).expect(200);
    assert_eq!(restored.json()["state"], "active");
    assert!(restored.json().get("softDeletionTime").is_none_or(serde_json::Value::is_null));
    assert!(api.user_ids(&customer, "Inactive").is_empty());
    assert!(api.user_ids(&customer, "Active").contains(&user.id));
    assert_eq!(api.licenses(&user), [SKU_E3, SKU_PREMIUM]);
    assert_eq!((api.free_seats(&customer, SKU_PREMIUM), api.free_seats(&customer, SKU_E3)), (2, 4));
}

#[test]
fn the_same_request_again_changes_nothing_and_shows_no_second_password() {
    let installation = begin();
    let server = installation.serve();
    let api = server.api(&installation.provider.token);
    let customer = api.create_customer("Relecloud", "relecloud.example");
    let users = format!("{}/users", customer.path);
    let body = customer.user_body("nora");
    let key = fresh_guid();
    let create = || api.request("POST", &users).key(&key).json(&body).send();

    let first = create().expect_success();
    assert_eq!(first.header("MS-RequestId"), Some(key.as_str()));
    assert!(first.json()["passwordProfile"]["password"].is_string(), "{first}");
    let position = server.position();
    let second = create().expect(first.status);
    assert_eq!(server.position(), position);
    assert_eq!(second.json()["id"], first.json()["id"]);
    assert!(!second.text.contains(&first.text_at("/passwordProfile/password")));
    assert!(second.text.contains("already_shown"), "{second}");
    assert_eq!(api.user_ids(&customer, "Active").len(), 2, "the admin user and one more");

    let other = customer.user_body("nils");
    let third = api.request("POST", &users).key(&key).json(&other).send();
    assert_eq!(third.status, 400, "{third}");
    assert_eq!(server.position(), position);
}

#[test]
fn a_repeated_deletion_or_restoration_answers_as_the_first_one_did() {
    let installation = begin();
    let server = installation.serve();
    let api = server.api(&installation.provider.token);
    let customer = api.create_customer("Relecloud", "relecloud.example");
    let user = api.create_user(&customer, "nora");
    let key = fresh_guid();
    let delete = || api.request("DELETE", &user.path).key(&key).send().expect(204);
    delete();
    let position = server.position();
    delete();
    assert_eq!(server.position(), position);

    let key = fresh_guid();
    let restore = || {
        let body = json!({ "State": "active", "Attributes": { "ObjectType": "CustomerUser" } });
        api.request("PATCH", &user.path).key(&key).json(&body).send().expect(200)
    };
    let first = restore();
    let position = server.position();
    let second = restore();
    assert_eq!((server.position(), &second.text), (position, &first.text));
}

#[test]
fn a_restored_user_is_told_which_licence_could_not_be_given_back() {
    let installation = begin();
    let server = installation.serve();
    let api = server.api(&installation.provider.token);
    let customer = api.create_customer("Relecloud", "relecloud.example");
    let premium = api.order(&customer, OFFER_PREMIUM, 2);
    api.order(&customer, OFFER_E3, 1);
    let gone = api.create_user(&customer, "nora");
    api.assign(&gone, &[SKU_PREMIUM, SKU_E3]);
    let other = api.create_user(&customer, "nils");
    api.assign(&other, &[SKU_PREMIUM]);
    api.delete_user(&gone);
    let subscription = format!("{}/subscriptions/{premium}", customer.path);
    api.patch(&subscription, &json!({ "id": premium, "quantity": 1 })).expect(200);

    let restored = api.restore(&gone).expect(200);
    assert!(restored.text.contains(SKU_PREMIUM), "the answer names the licence: {restored}");
    assert_eq!(api.licenses(&gone), [SKU_E3]);
    assert_eq!(api.licenses(&other), [SKU_PREMIUM]);
}

#[test]
fn a_user_whose_name_was_taken_meanwhile_is_restored_under_another_name() {
    let installation = begin();
    let server = installation.serve();
    let api = server.api(&installation.provider.token);
    let customer = api.create_customer("Relecloud", "relecloud.example");
    let gone = api.create_user(&customer, "nora");
    api.delete_user(&gone);
    let successor = api.create_user(&customer, "nora");
    let position = server.position();

    let refused = api.restore(&gone).refused(409, 2000);
    assert_eq!(refused.reason(), "restore_name_taken", "{refused}");
    assert!(refused.description().contains("another name"), "the way out: {refused}");
    assert_eq!(server.position(), position);

    let body = json!({ "state": "active", "userPrincipalName": "nora.two@relecloud.example" });
    let restored = api.patch(&gone.path, &body).expect(200);
    assert_eq!(restored.json()["userPrincipalName"], "nora.two@relecloud.example");
    let active = api.user_ids(&customer, "Active");
    assert!(active.contains(&gone.id) && active.contains(&successor.id));
}

#[test]
fn licences_beyond_the_seats_are_refused_and_the_missing_ones_named() {
    let installation = begin();
    let server = installation.serve();
    let api = server.api(&installation.provider.token);
    let customer = api.create_customer("Relecloud", "relecloud.example");
    api.order(&customer, OFFER_PREMIUM, 1);
    let first = api.create_user(&customer, "nora");
    let second = api.create_user(&customer, "nils");
    api.assign(&first, &[SKU_PREMIUM]);
    let position = server.position();
    let body = json!({ "licensesToAssign": [{ "skuId": SKU_PREMIUM }] });
    let refused = api.post(&format!("{}/licenseupdates", second.path), &body).refused(400, 60_012);
    assert_eq!(refused.reason(), "seats_missing");
    assert!(refused.description().starts_with("1 seats"), "{refused}");
    assert_eq!(server.position(), position);
}

#[test]
fn a_user_that_is_deleted_already_is_told_apart_from_one_that_never_was() {
    let installation = crate::begin();
    let server = installation.serve();
    let api = server.api(&installation.provider.token);
    let customer = api.create_customer("Relecloud", "relecloud.example");
    let user = api.create_user(&customer, "nora");
    api.delete_user(&user);
    let colleague = api.add_partner_user("Ben", "ben@fabrikam.example", &["helpdesk_agent"]);
    let colleague = format!("/v1/users/{}", colleague.id);
    api.delete(&colleague).expect(204);
    for path in [&user.path, &colleague] {
        let again = api.delete(path).refused(404, 60_002);
        assert_eq!(again.json()["data"][0], "user_is_deleted", "{again}");
    }
}

#[test]
fn a_time_that_lies_ahead_is_refused_as_a_position_is() {
    let installation = crate::begin();
    let server = installation.serve();
    let api = server.api(&installation.provider.token);
    let ahead = api.get("/v1/customers?asOf=2999-01-01T00:00:00Z").refused(400, 2000);
    assert!(ahead.text.contains("is ahead"), "{ahead}");
}

#[test]
fn a_name_that_is_given_twice_and_differs_is_refused() {
    let installation = crate::begin();
    let server = installation.serve();
    let api = server.api(&installation.provider.token);
    let mut body = tests::NewCustomer::body("Relecloud", "relecloud.example");
    body["billingProfile"]["firstName"] = "Ana".into();
    body["billingProfile"]["defaultAddress"]["firstName"] = "Eva".into();
    let refused = api.post("/v1/customers", &body).refused(400, 2000);
    assert!(refused.text.contains("defaultAddress.firstName"), "{refused}");
}

#[test]
fn whoever_is_not_known_and_sends_a_body_is_told_that_the_connection_ends() {
    let installation = crate::begin();
    let server = installation.serve();
    let refused = server.anonymous().post("/v1/customers", &serde_json::json!({ "a": 1 }));
    assert_eq!(refused.status, 401);
    assert_eq!(refused.header("Connection"), Some("close"));
    assert_eq!(server.anonymous().get("/v1/customers").header("Connection"), None);
    let api = server.api(&installation.provider.token);
    assert_eq!(api.get("/v1/customers").expect(200).header("Connection"), None);
    let contact = serde_json::json!({ "fullName": "Bo Berg", "email": "bo@fabrikam.example" });
    assert_eq!(api.post("/v1/users", &contact).expect(201).header("Connection"), None);
}
