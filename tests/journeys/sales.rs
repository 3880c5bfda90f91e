//! What is sold: drafted, ordered, upgraded, cancelled, and who stands behind it.

use serde_json::{Value, json};
use tests::{Api, NewCustomer, OFFER_E3, OFFER_PREMIUM, SKU_E3, SKU_PREMIUM, until};

use crate::begin;

/// An add-on to Business Premium and Enterprise E3.
const OFFER_ADD_ON: &str = "a2706f86-868d-4048-989b-0c69e5c76b63";
/// Enterprise E5, to which E3 leads and Business Premium does not.
const OFFER_E5: &str = "a044b16a-1861-4308-8086-a3a3b506fac2";

fn with_customer() -> (tests::Installation, tests::RunningServer, Api, NewCustomer) {
    let installation = begin();
    let server = installation.serve();
    let api = server.api(&installation.provider.token);
    let customer = api.create_customer("Relecloud", "relecloud.example");
    (installation, server, api, customer)
}

fn cart(lines: &Value) -> Value {
    json!({ "lineItems": lines })
}

#[test]
fn an_order_is_drafted_reviewed_and_checked_out_with_its_add_on() {
    let (_installation, _server, api, customer) = with_customer();
    let carts = format!("{}/carts", customer.path);
    let add_on =
        json!([{ "catalogItemId": OFFER_ADD_ON, "quantity": 2, "billingCycle": "annual" }]);
    let line = json!([{
        "catalogItemId": OFFER_PREMIUM, "quantity": 5, "billingCycle": "monthly", "addonItems": add_on,
    }]);
    let opened = api.post(&carts, &cart(&line)).expect(201);
    assert_eq!(opened.text_at("/status"), "Active");
    let path = format!("{carts}/{}", opened.text_at("/id"));
    assert_eq!(api.items(&format!("{}/subscriptions", customer.path)), [] as [Value; 0]);

    let reviewed = api.post(&format!("{path}/review"), &json!({})).expect(200);
    assert_eq!(reviewed.json()["lineItems"][0]["unitPrice"]["minorUnits"], 1250);
    let ordered = api.post(&format!("{path}/checkout"), &json!({})).expect(201);
    assert_eq!(ordered.json()["orders"].as_array().unwrap().len(), 2, "one for each billing cycle");
    let subscriptions = api.items(&format!("{}/subscriptions", customer.path));
    assert_eq!(subscriptions.len(), 2);
    assert_eq!(api.get(&path).expect(200).text_at("/status"), "Ordered");
    api.post(&format!("{path}/checkout"), &json!({})).refused(400, 800_065);

    let parent = subscriptions.iter().find(|it| it["offerId"] == OFFER_PREMIUM).unwrap();
    let child = subscriptions.iter().find(|it| it["offerId"] == OFFER_ADD_ON).unwrap();
    assert_eq!(child["parentSubscriptionId"], parent["id"]);
    let of = |it: &Value| format!("{}/subscriptions/{}", customer.path, it["id"].as_str().unwrap());
    api.patch(&of(parent), &json!({ "status": "suspended" })).expect(200);
    assert_eq!(api.get(&of(child)).expect(200).text_at("/status"), "suspended");
    api.patch(&of(child), &json!({ "status": "active" })).refused(409, 27_009);
}

#[test]
fn a_draft_that_is_given_up_leaves_nothing_sold() {
    let (_installation, _server, api, customer) = with_customer();
    let carts = format!("{}/carts", customer.path);
    let line = json!([{ "catalogItemId": OFFER_PREMIUM, "quantity": 5 }]);
    let opened = api.post(&carts, &cart(&line)).expect(201);
    let path = format!("{carts}/{}", opened.text_at("/id"));
    let more = json!([{ "catalogItemId": OFFER_PREMIUM, "quantity": 6 }]);
    let changed = api.put(&path, &cart(&more)).expect(200);
    assert_eq!(changed.json()["lineItems"][0]["quantity"], 6);
    assert_eq!(api.items(&carts).len(), 1);
    api.delete(&path).expect(204);
    assert_eq!(api.items(&carts), [] as [Value; 0]);
    assert_eq!(api.items(&format!("{}/subscriptions", customer.path)), [] as [Value; 0]);
    api.post(&format!("{path}/checkout"), &json!({})).refused(404, 800_008);
}

#[test]
fn bad_carts_are_refused_by_their_field_and_nothing_is_written() {
    let (_installation, server, api, customer) = with_customer();
    let carts = format!("{}/carts", customer.path);
    let before = server.position();
    let line =
        |offer: &str, quantity: Value| json!([{ "catalogItemId": offer, "quantity": quantity }]);
    let nobody = "00000000-0000-0000-0000-0000000000ff";
    for (lines, code) in [
        (json!([]), 2001),
        (json!({}), 2000),
        (line(nobody, json!(1)), 800_004),
        (line("x", json!(1)), 800_004),
        (line(OFFER_PREMIUM, json!(0)), 2002),
        (line(OFFER_PREMIUM, json!(301)), 2002),
        (line(OFFER_PREMIUM, json!("many")), 2002),
        (line(OFFER_ADD_ON, json!(1)), 800_029),
        (
            json!([{ "catalogItemId": OFFER_PREMIUM, "quantity": 1, "billingCycle": "one_time" }]),
            6001,
        ),
        (
            json!([{ "catalogItemId": OFFER_PREMIUM, "quantity": 1, "billingCycle": "weekly" }]),
            900_126,
        ),
    ] {
        api.post(&carts, &cart(&lines)).refused(400, code);
    }
    api.get(&format!("{carts}/{nobody}")).refused(404, 800_008);
    api.get(&format!("{carts}/42")).refused(404, 800_008);
    api.post(&format!("{carts}/{nobody}/checkout"), &json!({})).refused(404, 800_008);
    assert_eq!(server.position(), before);
}

#[test]
fn an_upgrade_moves_the_licences_in_use_and_a_cancellation_takes_them() {
    let (_installation, _server, api, customer) = with_customer();
    let id = api.order(&customer, OFFER_PREMIUM, 5);
    let path = format!("{}/subscriptions/{id}", customer.path);
    let user = api.create_user(&customer, "nora");
    api.assign(&user, &[SKU_PREMIUM]);

    let targets = api.items(&format!("{path}/upgrades"));
    assert_eq!(targets[0]["targetOffer"]["id"], OFFER_E3);
    let target = |offer: &str| json!({ "targetOffer": { "id": offer } });
    api.post(&format!("{path}/upgrades"), &target(OFFER_E5)).refused(400, 2006);
    let upgraded = api.post(&format!("{path}/upgrades"), &target(OFFER_E3)).expect(200);
    assert_eq!(upgraded.json()["licensesMoved"], 1);
    assert_eq!(api.licenses(&user), [SKU_E3]);
    assert_eq!(api.free_seats(&customer, SKU_E3), 4);

    let cancelled = api.patch(&path, &json!({ "status": "deleted" })).expect(200);
    assert_eq!(cancelled.text_at("/status"), "deleted");
    assert_eq!(api.licenses(&user), [] as [&str; 0]);
    api.patch(&path, &json!({ "status": "active" })).refused(400, 2011);
    api.post(&format!("{path}/upgrades"), &target(OFFER_E5)).refused(400, 2011);
}

#[test]
fn a_reseller_is_put_on_record_designated_and_credited_until_the_partnership_ends() {
    let installation = begin();
    let reseller =
        installation.register("Northwind", "indirect-reseller", "rita@northwind.example", "7002");
    let server = installation.serve();
    let api = server.api(&installation.provider.token);
    let (link, partnership) = crate::tenancy::invite(&api);
    crate::tenancy::accept(&server.api(&reseller.token), &link).expect_success();
    let customer = api.create_customer("Relecloud", "relecloud.example");
    let id = api.order(&customer, OFFER_PREMIUM, 5);
    let path = format!("{}/subscriptions/{id}", customer.path);
    let contact = format!("{path}/supportcontact");
    let provider = installation.provider.partner.clone();
    assert_eq!(api.get(&contact).expect(200).text_at("/supportTenantId"), provider);

    // On record it manages this subscription alone.
    let other = server.api(&reseller.token);
    other.get(&path).expect(403);
    api.patch(&path, &json!({ "partnerId": "7002" })).expect(200);
    other.patch(&path, &json!({ "quantity": 6 })).expect(200);
    other.get(&format!("{}/users", customer.path)).expect(403);
    let incentives = other.items("/v1/incentives");
    assert_eq!(incentives[0]["subscriptions"][0]["quantity"], 6);
    assert_eq!(api.items("/v1/incentives")[0]["mpnId"], "7002");
    api.patch(&path, &json!({ "partnerId": "4711" })).refused(400, 2071);

    // Associated it can be the contact, and is not when the partnership is over.
    let designate = json!({ "supportTenantId": reseller.partner });
    api.put(&contact, &designate).refused(400, 800_016);
    api.post(&format!("{}/resellers/{}", customer.path, reseller.partner), &json!({})).expect(201);
    assert_eq!(api.items(&format!("{path}/supportcontacts")).len(), 2);
    let changed = api.put(&contact, &designate).expect(200);
    assert_eq!(changed.text_at("/supportTenantId"), reseller.partner);
    api.post(&format!("/v1/partnerships/{partnership}/end"), &json!({})).expect_success();
    assert_eq!(api.get(&contact).expect(200).text_at("/supportTenantId"), provider);
    other.get(&path).expect(403);
    until("contact to fall back", || {
        let history = api.get("/v1/history?type=SupportContactFellBack").expect(200);
        (!history.json()["items"].as_array()?.is_empty()).then_some(())
    });
}

#[test]
fn a_faulty_catalogue_file_is_refused_with_every_fault_and_its_place() {
    let installation = begin();
    let file = installation.beside("catalogue.toml");
    std::fs::write(&file, "currency = \"dollars\"\n[[offers]]\nid = \"x\"\n").unwrap();
    let options = ["--catalogue", file.to_str().unwrap(), "--listen", "127.0.0.1:0"];
    let refused = installation.run(&["serve"], &options).exited(2);
    for part in ["line 1", "currency must be three letters", "offers[0].product is required"] {
        assert!(refused.stderr.contains(part), "{part}: {}", refused.stderr);
    }
}
