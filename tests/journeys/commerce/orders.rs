//! Orders that were submitted, changed.

use serde_json::{Value, json};
use tests::{OFFER_E3, OFFER_PREMIUM, SKU_E3};

use super::{Ground, NOBODY, OFFER_ADD_ON, OFFER_TRIAL, text};

#[test]
fn an_order_grows_by_an_add_on_and_is_billed_in_another_cycle() {
    let ground = Ground::open();
    let subscription = ground.api.order(&ground.customer, OFFER_PREMIUM, 5);
    let order = ground.order();
    let path = ground.path("orders", text(&order, "/id"));
    assert_eq!(text(&order, "/links/patchOperation/method"), "PATCH");

    // The whole order sent back, with a line more.
    let mut whole = order.clone();
    let add_on = json!({
        "LineItemNumber": 0, "OfferId": OFFER_ADD_ON, "Quantity": 2,
        "ParentSubscriptionId": subscription,
    });
    whole["lineItems"].as_array_mut().unwrap().push(add_on);
    let extended = ground.api.patch(&path, &whole).expect(200);
    let line = &extended.json()["lineItems"][1];
    assert_eq!((&line["lineItemNumber"], &line["quantity"]), (&json!(1), &json!(2)));
    assert_eq!(text(line, "/parentSubscriptionId"), subscription);
    let child = ground.path("subscriptions", text(line, "/subscriptionId"));
    assert_eq!(ground.api.get(&child).expect(200).text_at("/orderId"), text(&order, "/id"));
    // What was known before is stale now.
    ground.api.patch(&path, &whole).refused(400, 2055);

    let annual = json!({ "id": order["id"], "billingCycle": "Annual" });
    let rebilled = ground.api.patch(&path, &annual).expect(200);
    assert_eq!(rebilled.text_at("/billingCycle"), "annual");
    for path in [&child, &ground.path("subscriptions", &subscription)] {
        let held = ground.api.get(path).expect(200);
        assert_eq!(held.text_at("/billingCycle"), "annual");
        assert_eq!(held.text_at("/termDuration"), "P1Y");
    }
    let again = ground.api.patch(&path, &annual).expect(200);
    assert_eq!(again.text_at("/attributes/etag"), rebilled.text_at("/attributes/etag"));
    let priced = ground.api.get(&format!("{path}?include_price=true")).expect(200);
    assert_eq!(priced.json()["totalPrice"], json!(5.0 * 135.0 + 2.0 * 21.6));
    assert_eq!(priced.text_at("/currencyCode"), "USD");
    assert!(ground.api.get(&path).expect(200).json().get("totalPrice").is_none());
}

#[test]
fn what_an_order_does_not_become_is_refused_by_the_contracts_codes() {
    let ground = Ground::open();
    let subscription = ground.api.order(&ground.customer, OFFER_PREMIUM, 5);
    let order = ground.order();
    let path = ground.path("orders", text(&order, "/id"));
    let before = ground.server.position();
    let line = |offer: &str, quantity: Value, parent: &str| {
        let parent = Some(parent).filter(|parent| !parent.is_empty());
        json!({ "lineItems": [
            { "offerId": offer, "quantity": quantity, "parentSubscriptionId": parent },
        ] })
    };
    let known = json!({ "lineItems": [{ "subscriptionId": subscription, "quantity": 6 }] });
    let foreign = json!({ "lineItems": [{ "subscriptionId": NOBODY, "quantity": 5 }] });
    for (body, code) in [
        (json!({ "status": "cancelled" }), 800_061),
        (json!({ "status": "pending" }), 800_040),
        (json!({ "status": "gone" }), 900_126),
        (json!({ "billingCycle": "one_time" }), 6001),
        (json!({ "billingCycle": "weekly" }), 900_126),
        (json!({ "id": NOBODY }), 2000),
        (line(OFFER_ADD_ON, json!(1), ""), 800_029),
        (line(OFFER_ADD_ON, json!(1), NOBODY), 800_029),
        (line(OFFER_E3, json!(1), &subscription), 800_029),
        (line(OFFER_ADD_ON, json!(0), &subscription), 2002),
        (line(NOBODY, json!(1), &subscription), 800_004),
        (known, 800_095),
        (foreign, 2000),
        (json!({ "lineItems": {} }), 2000),
    ] {
        ground.api.patch(&path, &body).refused(400, code);
    }
    assert_eq!(ground.server.position(), before);
    let suspend = json!({ "status": "suspended" });
    ground.api.patch(&ground.path("subscriptions", &subscription), &suspend).expect(200);
    ground.api.patch(&path, &json!({ "billingCycle": "annual" })).refused(400, 6000);
    // Nothing that says nothing changes anything.
    let nothing = json!({ "status": "completed", "billingCycle": "unknown", "lineItems": null });
    let same = ground.api.patch(&path, &nothing).expect(200);
    assert_eq!(same.json(), &ground.order());
    for missing in [NOBODY, "42"] {
        let missing = ground.path("orders", missing);
        ground.api.patch(&missing, &json!({ "billingCycle": "annual" })).refused(404, 20_000);
    }
}

#[test]
fn orders_are_listed_by_how_they_are_billed() {
    let ground = Ground::open();
    let orders = format!("{}/orders", ground.customer.path);
    for cycle in ["unknown", "Annual", "monthly"] {
        let line = json!([{ "offerId": OFFER_PREMIUM, "quantity": 1 }]);
        let body = json!({ "billingCycle": cycle, "lineItems": line });
        ground.api.post(&orders, &body).expect(201);
    }
    let listed = |query: &str| ground.api.items(&format!("{orders}?{query}")).len();
    assert_eq!(listed("billingType=monthly"), 2, "what says nothing is billed every month");
    assert_eq!((listed("billingType=annual"), listed("billingType=onetime")), (1, 0));
    assert_eq!((listed("billingType=unknown"), listed("")), (3, 3));
    ground.api.get(&format!("{orders}?billingType=weekly")).refused(400, 900_126);
}

#[test]
fn a_trial_is_tried_and_converted() {
    let ground = Ground::open();
    let id = ground.api.order(&ground.customer, OFFER_TRIAL, 5);
    let path = ground.path("subscriptions", &id);
    let user = ground.api.create_user(&ground.customer, "nora");
    ground.api.assign(&user, &[SKU_E3]);
    assert_eq!(ground.api.get(&path).expect(200).json()["isTrial"], true);
    let conversions = format!("{path}/conversions");
    let mut conversion = ground.api.items(&conversions)[0].clone();
    assert_eq!(text(&conversion, "/targetOfferId"), OFFER_E3);
    assert_eq!((&conversion["quantity"], text(&conversion, "/offerId")), (&json!(5), OFFER_TRIAL));
    for (body, code) in [
        (json!({}), 800_004),
        (json!({ "targetOfferId": OFFER_PREMIUM }), 2006),
        (json!({ "targetOfferId": OFFER_E3, "quantity": 0 }), 2002),
        (json!({ "targetOfferId": OFFER_E3, "billingCycle": "annual" }), 2054),
    ] {
        ground.api.post(&conversions, &body).refused(400, code);
    }
    conversion["quantity"] = json!(9);
    let converted = ground.api.post(&conversions, &conversion).expect(200);
    assert_eq!(converted.text_at("/subscriptionId"), id);
    assert_eq!(converted.text_at("/attributes/objectType"), "ConversionResult");
    let held = ground.api.get(&path).expect(200);
    assert_eq!((&held.json()["isTrial"], &held.json()["quantity"]), (&json!(false), &json!(9)));
    assert_eq!(held.text_at("/offerId"), OFFER_E3);
    assert_eq!(ground.api.licenses(&user), [SKU_E3]);
    assert_eq!(ground.api.items(&conversions), [] as [Value; 0]);
    ground.api.post(&conversions, &conversion).refused(400, 2006);
}
