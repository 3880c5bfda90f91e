//! What clients of the contract find in carts, subscriptions and upgrades, and what they may send
//! back.

use serde_json::{Value, json};
use tests::{OFFER_E3, OFFER_PREMIUM, SKU_PREMIUM};

use super::{Ground, NOBODY, OFFER_ADD_ON, OFFER_TRIAL, text};

/// The names of the members of an object.
fn members(value: &Value) -> Vec<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

/// Those of these names that an object has no member of.
fn missing<'a>(value: &Value, names: &[&'a str]) -> Vec<&'a str> {
    names.iter().copied().filter(|name| value.get(name).is_none()).collect()
}

#[test]
fn a_subscription_has_the_members_of_the_contract() {
    let ground = Ground::open();
    let id = ground.api.order(&ground.customer, OFFER_PREMIUM, 5);
    let path = ground.path("subscriptions", &id);
    let held = ground.api.get(&path).expect(200).json().clone();
    let missing = missing(
        &held,
        &[
            "id",
            "entitlementId",
            "offerId",
            "offerName",
            "friendlyName",
            "quantity",
            "unitType",
            "creationDate",
            "effectiveStartDate",
            "status",
            "autoRenewEnabled",
            "isTrial",
            "hasPurchasableAddons",
            "billingType",
            "billingCycle",
            "termDuration",
            "renewalTermDuration",
            "actions",
            "contractType",
            "suspensionReasons",
            "attentionNeeded",
            "actionTaken",
            "orderId",
            "links",
            "attributes",
        ],
    );
    assert_eq!(missing, [""; 0]);
    assert_eq!(held["actions"], json!(["edit", "cancel"]));
    assert_eq!(text(&held, "/termDuration"), "P1M");
    assert_eq!(members(&held["links"]), ["availability", "offer", "product", "self", "sku"]);
    let product = text(&held, "/links/product/uri");
    assert_eq!(ground.api.get(&format!("/v1{product}")).expect(200).text_at("/id"), SKU_PREMIUM);

    let over = ground.api.patch(&path, &json!({ "status": "deleted" })).expect(200);
    assert_eq!(over.json()["actions"], json!([]));
    assert_eq!(over.json()["autoRenewEnabled"], false);
    assert!(over.json().get("commitmentEndDate").is_some());
    let status = ground.api.get(&format!("{path}/provisioningstatus")).expect(200);
    assert_eq!(status.text_at("/status"), "none");
}

#[test]
fn a_subscription_sent_back_with_words_for_nothing_is_changed_in_what_is_said_only() {
    let ground = Ground::open();
    let line = json!([{ "offerId": OFFER_PREMIUM, "quantity": 5 }]);
    let body = json!({ "billingCycle": "annual", "lineItems": line });
    let ordered = ground.api.post(&format!("{}/orders", ground.customer.path), &body).expect(201);
    let id = ordered.text_at("/lineItems/0/subscriptionId");
    let path = ground.path("subscriptions", &id);
    let changed = json!({
        "Id": id, "Quantity": 7, "Status": "none", "BillingCycle": "unknown", "FriendlyName": null,
        "AutoRenewEnabled": true, "PartnerId": null, "Links": null,
    });
    let changed = ground.api.patch(&path, &changed).expect(200);
    assert_eq!(changed.json()["quantity"], 7);
    assert_eq!(changed.text_at("/billingCycle"), "annual");
    assert_eq!(changed.text_at("/status"), "active");
    let same = ground.api.patch(&path, changed.json()).expect(200);
    assert_eq!(same.json(), changed.json());
    for (body, code) in [
        (json!({ "billingCycle": "monthly" }), 2054),
        (json!({ "offerId": OFFER_E3 }), 2000),
        (json!({ "id": NOBODY }), 2000),
        (json!({ "parentSubscriptionId": NOBODY }), 800_029),
        (json!({ "status": "expired" }), 800_040),
        (json!({ "quantity": 0 }), 2002),
    ] {
        ground.api.patch(&path, &body).refused(400, code);
    }
    ground.api.get(&ground.path("subscriptions", NOBODY)).refused(404, 20_003);
    ground.api.patch(&ground.path("subscriptions", NOBODY), &json!({})).refused(404, 20_003);
}

#[test]
fn a_subscription_tells_when_its_term_ends_and_is_not_renewed_where_that_is_asked_for() {
    let ground = Ground::open();
    let order = |offer: &str, cycle: &str| {
        let line = json!([{ "offerId": offer, "quantity": 5 }]);
        let body = json!({ "billingCycle": cycle, "lineItems": line });
        let orders = format!("{}/orders", ground.customer.path);
        let id = ground.api.post(&orders, &body).expect(201).text_at("/lineItems/0/subscriptionId");
        ground.path("subscriptions", &id)
    };
    let annual = order(OFFER_PREMIUM, "annual");
    let sold = ground.api.get(&annual).expect(200);
    let year = sold.text_at("/creationDate")[..4].parse::<u32>().unwrap() + 1;
    let end = sold.text_at("/commitmentEndDate");
    assert!(end.starts_with(&year.to_string()), "{end}");
    assert_eq!(sold.json()["autoRenewEnabled"], true);
    let stopped = ground.api.patch(&annual, &json!({ "autoRenewEnabled": false })).expect(200);
    assert_eq!(stopped.json()["autoRenewEnabled"], false);
    assert_eq!(stopped.json().get("renewalTermDuration"), None);
    assert_eq!(stopped.text_at("/commitmentEndDate"), end);
    assert_eq!(stopped.text_at("/status"), "active", "until then it goes on");
    let position = ground.server.position();
    ground.api.patch(&annual, stopped.json()).expect(200);
    assert_eq!(ground.server.position(), position, "nothing is said twice");
    let resumed = ground.api.patch(&annual, &json!({ "AutoRenewEnabled": true })).expect(200);
    assert_eq!(resumed.json()["autoRenewEnabled"], true);
    assert_eq!(resumed.text_at("/renewalTermDuration"), "P1Y");
    ground.api.patch(&annual, &json!({ "autoRenewEnabled": "perhaps" })).refused(400, 2000);

    let trial = order(OFFER_TRIAL, "monthly");
    let tried = ground.api.get(&trial).expect(200);
    assert_eq!(tried.json()["autoRenewEnabled"], false);
    let refused = ground.api.patch(&trial, &json!({ "autoRenewEnabled": true }));
    let refused = refused.refused(400, 800_093);
    assert_eq!(refused.json()["data"], json!(["no_renewal", "autoRenewEnabled"]));
    let converted = json!({ "targetOfferId": OFFER_E3 });
    ground.api.post(&format!("{trial}/conversions"), &converted).expect(200);
    assert_eq!(ground.api.get(&trial).expect(200).json()["autoRenewEnabled"], true);

    ground.api.patch(&annual, &json!({ "status": "deleted" })).expect(200);
    ground.api.patch(&annual, &json!({ "autoRenewEnabled": false })).expect(200);
}

#[test]
fn a_cart_tells_its_stage_beside_the_contracts_status() {
    let ground = Ground::open();
    let carts = format!("{}/carts", ground.customer.path);
    let lines = json!([
        { "id": 0, "catalogItemId": OFFER_PREMIUM, "quantity": 5, "billingCycle": "monthly" },
        { "id": 1, "catalogItemId": OFFER_E3, "quantity": 5, "billingCycle": "annual" },
    ]);
    let opened = ground.api.post(&carts, &json!({ "lineItems": lines })).expect(201);
    let words = |cart: &Value| (text(cart, "/status").to_owned(), text(cart, "/stage").to_owned());
    let is = |status: &str, stage: &str| (status.to_owned(), stage.to_owned());
    assert_eq!(words(opened.json()), is("Active", "draft"));
    assert!(opened.text_at("/lastModifiedUser").len() == 36);
    let groups =
        ["/lineItems/0/orderGroup", "/lineItems/1/orderGroup"].map(|it| opened.text_at(it));
    assert_ne!(groups[0], groups[1], "each cycle becomes an order of its own");
    let path = format!("{carts}/{}", opened.text_at("/id"));
    let reviewed = ground.api.post(&format!("{path}/review"), &json!({})).expect(200);
    assert_eq!(words(reviewed.json()), is("Active", "reviewed"));
    ground.api.post(&format!("{path}/checkout"), &json!({})).expect(201);
    assert_eq!(words(ground.api.get(&path).expect(200).json()), is("Ordered", "ordered"));

    let given_up = ground.api.post(&carts, &json!({ "lineItems": lines })).expect(201);
    let path = format!("{carts}/{}", given_up.text_at("/id"));
    ground.api.delete(&path).expect(204);
    assert_eq!(words(ground.api.get(&path).expect(200).json()), is("", "cancelled"));
    ground.api.post(&format!("{path}/checkout"), &json!({})).refused(404, 800_008);
    ground.api.put(&path, &json!({ "lineItems": lines })).refused(404, 800_008);
}

#[test]
fn upgrades_tell_what_stands_in_their_way() {
    let ground = Ground::open();
    let id = ground.api.order(&ground.customer, OFFER_PREMIUM, 5);
    let path = ground.path("subscriptions", &id);
    let upgrades = format!("{path}/upgrades");
    let listed = ground.api.items(&upgrades);
    assert_eq!(text(&listed[0], "/targetOffer/attributes/objectType"), "Offer");
    assert_eq!((&listed[0]["isEligible"], &listed[0]["upgradeErrors"]), (&json!(true), &json!([])));
    ground.api.patch(&path, &json!({ "status": "suspended" })).expect(200);
    let listed = ground.api.items(&upgrades);
    assert_eq!(listed[0]["isEligible"], false);
    assert_eq!(listed[0]["upgradeErrors"][0]["code"], 2001);
    ground.api.patch(&path, &json!({ "status": "active" })).expect(200);
    let target = json!({ "UpgradeType": 1, "TargetOffer": { "Id": OFFER_E3 } });
    let done = ground.api.post(&upgrades, &target).expect(200);
    assert_eq!(done.text_at("/upgradeType"), "upgrade_with_license_transfer");
    let odd = json!({ "upgradeType": "sideways", "targetOffer": { "id": OFFER_ADD_ON } });
    ground.api.post(&upgrades, &odd).refused(400, 900_126);
}
