//! Orders and subscriptions that are not acceptable.

use serde_json::{Value, json};
use tests::{OFFER_E3, OFFER_PREMIUM};

use super::case::{Case, Ground, NOBODY};

/// A tag of another version of another thing.
const STALE_TAG: &str = "eyJpZCI6IngiLCJ2ZXJzaW9uIjo5OX0=";

/// What is wrong with an order of one line: its offer, its quantity, code and name in the answer.
fn lines() -> Vec<(&'static str, &'static str, Value, u64, &'static str)> {
    vec![
        ("an offer that is not sold", NOBODY, json!(1), 800_004, "offer"),
        ("a malformed offer id", "42", json!(1), 800_004, "offerId"),
        ("a quantity of nothing", OFFER_PREMIUM, json!(0), 2002, "quantity"),
        ("a quantity below nothing", OFFER_PREMIUM, json!(-1), 2002, "quantity"),
        ("a quantity and a half", OFFER_PREMIUM, json!(1.5), 2002, "quantity"),
        ("a quantity in words", OFFER_PREMIUM, json!("many"), 2002, "quantity"),
        ("a quantity beyond the offer", OFFER_PREMIUM, json!(301), 2002, "quantity"),
        ("a quantity beyond all numbers", OFFER_E3, json!(u64::MAX), 2002, "quantity"),
    ]
}

pub(super) fn cases(ground: &Ground) -> Vec<Case> {
    let path = format!("{}/orders", ground.customer.path);
    let order = |name, lines: Value| {
        Case::post(name, &path, &json!({ "billingCycle": "monthly", "lineItems": lines }))
    };
    let mut cases: Vec<Case> = lines()
        .into_iter()
        .map(|(name, offer, quantity, code, names)| {
            let line = json!({ "lineItemNumber": 0, "offerId": offer, "quantity": quantity });
            order(name, json!([line])).is(400, code, names)
        })
        .collect();
    let second = json!([{ "lineItemNumber": 1, "offerId": OFFER_E3, "quantity": 1 }]);
    let change = |name, quantity: u32| {
        let path = format!("{}/subscriptions/{}", ground.customer.path, ground.subscription);
        Case::new(name, "PATCH", path).json(&json!({ "quantity": quantity }))
    };
    let stale = json!({ "quantity": 4, "attributes": { "etag": STALE_TAG } });
    cases.extend([
        order("an order without lines", json!([])).is(400, 2001, "lineItems"),
        order("lines that are no list", json!({})).is(400, 2000, "lineItems"),
        order("a first line with number 1", second).is(400, 800_071, "line"),
        change("a stale tag", 4)
            .header("If-Match", &format!("\"{STALE_TAG}\""))
            .is(400, 2055, "tag"),
        change("a stale tag in the body", 4).json(&stale).is(400, 2055, "tag"),
        change("a subscription of nothing", 0).is(400, 2002, "quantity"),
        change("more licences than the offer has", 301).is(400, 2002, "quantity"),
    ]);
    cases
}
