//! What clients of the contract read beside the main resources.

use serde_json::json;
use tests::{OFFER_E3, SKU_E3};

use crate::begin;

#[test]
fn what_was_ordered_is_provisioned_at_once() {
    let installation = begin();
    let server = installation.serve();
    let api = server.api(&installation.provider.token);
    let customer = api.create_customer("Relecloud", "relecloud.example");
    let subscription = api.order(&customer, OFFER_E3, 5);
    let order =
        api.items(&format!("{}/orders", customer.path))[0]["id"].as_str().unwrap().to_owned();
    let lines = api.items(&format!("{}/orders/{order}/provisioningStatus", customer.path));
    assert_eq!(
        (&lines[0]["lineItemNumber"], &lines[0]["status"]),
        (&json!(0), &json!("Fulfilled"))
    );
    assert_eq!(lines[0]["quantityProvisioningInformation"][0]["quantity"], 5);
    let path = format!("{}/subscriptions/{subscription}", customer.path);
    let status = api.get(&format!("{path}/provisioningstatus")).expect(200);
    assert_eq!(
        (status.text_at("/status"), status.text_at("/skuId")),
        ("success".into(), SKU_E3.into())
    );
    let status = api.get(&format!("{path}/registrationstatus")).expect(200);
    assert_eq!(status.text_at("/status"), "notregistered");
    api.get(&format!("{}/orders/42/provisioningstatus", customer.path)).refused(404, 20_000);
}

#[test]
fn offers_are_read_by_category_and_for_a_customer_in_its_country() {
    let installation = begin();
    let server = installation.serve();
    let api = server.api(&installation.provider.token);
    let customer = api.create_customer("Relecloud", "relecloud.example");
    let all = api.items("/v1/offers");
    let categories = api.items("/v1/offercategories?country=DE");
    assert!(categories.len() > 1 && categories.iter().all(|category| category["country"] == "DE"));
    let of_each: usize = categories
        .iter()
        .map(|category| {
            let id = category["id"].as_str().unwrap();
            let offers = api.items(&format!("/v1/offers?offer_category_id={id}"));
            assert!(!offers.is_empty() && offers.iter().all(|it| it["category"]["id"] == id));
            offers.len()
        })
        .sum();
    assert_eq!(of_each, all.len());
    let own = api.items(&format!("{}/offers", customer.path));
    assert_eq!(own.len(), all.len());
    assert!(own.iter().all(|offer| offer["country"] == "US"));
    assert_eq!(api.items(&format!("{}/offercategories", customer.path)).len(), categories.len());
}
