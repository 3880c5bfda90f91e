//! Lists of users, narrowed by what people look for.

use serde_json::Value;
use tests::{OFFER_PREMIUM, SKU_E3, SKU_PREMIUM};

use crate::begin;

fn names(rows: &[Value]) -> Vec<&str> {
    let names = rows.iter().filter_map(|row| row["userPrincipalName"].as_str());
    names.filter_map(|name| name.split('@').next()).collect()
}

#[test]
fn users_are_found_by_licence_product_subscription_domain_and_text() {
    let installation = begin();
    let server = installation.serve();
    let api = server.api(&installation.provider.token);
    let customer = api.create_customer("Relecloud", "relecloud.example");
    let subscription = api.order(&customer, OFFER_PREMIUM, 3);
    let [nora, nils, gone] = ["nora", "nils", "gone"].map(|name| api.create_user(&customer, name));
    api.assign(&nora, &[SKU_PREMIUM]);
    api.delete_user(&gone);

    let deleted = tests::user_filter("Inactive");
    let cases: [(String, &[&str]); 12] = [
        ("licensed=true".to_owned(), &["nora"]),
        ("licensed=false".to_owned(), &["admin", "nils"]),
        (format!("skuId={SKU_PREMIUM}"), &["nora"]),
        (format!("skuId={SKU_E3}"), &[]),
        (format!("subscriptionId={subscription}"), &["nora"]),
        ("domain=relecloud.example".to_owned(), &["admin", "nora", "nils"]),
        ("domain=elsewhere.example".to_owned(), &[]),
        ("text=NORA%20n".to_owned(), &["nora", "nils"]),
        ("text=nora%40relecloud&licensed=true".to_owned(), &["nora"]),
        ("text=nora%20nils&licensed=true".to_owned(), &[]),
        (format!("{deleted}&text=gone"), &["gone"]),
        (format!("{deleted}&domain=elsewhere.example"), &[]),
    ];
    for (query, expected) in cases {
        let answer = api.get(&format!("{}/users?{query}", customer.path)).expect(200);
        assert_eq!(names(&answer.items()), expected, "{query}");
        assert_eq!(answer.json()["totalCount"], expected.len(), "{query}");
    }
    let sorted = "text=relecloud&sortField=UserPrincipalName&sortDirection=Descending&size=2";
    let first = api.get(&format!("{}/users?{sorted}", customer.path)).expect(200);
    assert_eq!(names(&first.items()), ["nora", "nils"]);
    assert!(nils.id != nora.id && first.json()["continuationToken"].is_string());
}

#[test]
fn users_are_not_looked_for_by_what_none_has() {
    let installation = begin();
    let server = installation.serve();
    let api = server.api(&installation.provider.token);
    let customer = api.create_customer("Relecloud", "relecloud.example");
    let long = format!("text={}", "x".repeat(257));
    let deleted = format!("{}&licensed=true", tests::user_filter("Inactive"));
    let nobody = "subscriptionId=0190a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2b";
    let cases = [
        ("licensed=perhaps", 400, "licensed"),
        ("skuId=x", 400, "skuId"),
        ("subscriptionId=x", 400, "subscriptionId"),
        ("domain=nodots", 400, "domain"),
        (nobody, 404, "subscription"),
        (long.as_str(), 400, "text"),
        (deleted.as_str(), 400, "filter"),
    ];
    for (query, status, names) in cases {
        let answer = api.get(&format!("{}/users?{query}", customer.path)).expect(status);
        assert!(answer.text.contains(names), "{query}: {answer}");
    }
}
