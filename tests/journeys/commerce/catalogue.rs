//! The way from products over SKUs to what an order names.

use serde_json::json;
use tests::{OFFER_E3, SKU_E3};

use super::{Ground, NOBODY, OFFER_ADD_ON, SKU_ADD_ON, text};

#[test]
fn a_product_is_ordered_by_the_item_its_availability_names() {
    let ground = Ground::open();
    let (api, customer) = (&ground.api, &ground.customer.path);
    for base in ["/v1".to_owned(), customer.clone()] {
        let products = api.items(&format!("{base}/products?targetView=OnlineServices&country=US"));
        let product = products.iter().find(|it| it["id"] == SKU_E3).unwrap();
        let skus = text(product, "/links/skus/uri");
        let skus = api.items(&format!("/v1{skus}"));
        assert_eq!(skus.len(), 2, "what is paid for, and the trial of it");
        let sku = skus.iter().find(|it| it["id"] == OFFER_E3).unwrap();
        let itself = api.get(&format!("/v1{}", text(sku, "/links/self/uri"))).expect(200);
        assert_eq!(itself.json(), sku);
        let places = text(sku, "/links/availabilities/uri");
        let places = api.items(&format!("/v1{places}"));
        assert_eq!(text(&places[0], "/catalogItemId"), format!("{SKU_E3}:{OFFER_E3}:US"));
        let place = api.get(&format!("/v1{}", text(&places[0], "/links/self/uri"))).expect(200);
        assert_eq!(place.json(), &places[0]);
    }
    let item = format!("{SKU_E3}:{OFFER_E3}:US");
    let line = json!([{ "lineItemNumber": 0, "offerId": item, "quantity": 3 }]);
    let ordered = api.post(&format!("{customer}/orders"), &json!({ "lineItems": line }));
    let ordered = ordered.expect(201);
    assert_eq!(ordered.text_at("/lineItems/0/offerId"), OFFER_E3);
    let uri = ordered.text_at("/lineItems/0/links/sku/uri");
    assert_eq!(api.get(&format!("/v1{uri}")).expect(200).text_at("/id"), OFFER_E3);
    let subscription = ordered.text_at("/lineItems/0/subscriptionId");

    let item = format!("{SKU_ADD_ON}:{OFFER_ADD_ON}:us");
    let line = json!([
        { "catalogItemId": item, "quantity": 2, "parentSubscriptionId": subscription }
    ]);
    let cart = api.post(&format!("{customer}/carts"), &json!({ "lineItems": line })).expect(201);
    let path = format!("{customer}/carts/{}/checkout", cart.text_at("/id"));
    assert_eq!(api.post(&path, &json!({})).expect(201).json()["orderErrors"], json!([]));
}

#[test]
fn what_is_not_in_the_catalogue_is_not_found_and_not_ordered() {
    let ground = Ground::open();
    let (api, customer) = (&ground.api, &ground.customer.path);
    assert!(api.items("/v1/products?targetView=Azure&country=US").is_empty());
    api.get("/v1/products?targetView=Everything&country=US").refused(400, 900_126);
    api.get("/v1/products?country=Utopia").expect(400);
    for base in ["/v1/products".to_owned(), format!("{customer}/products")] {
        for id in [NOBODY, "CFQ7TTC0LH18"] {
            api.get(&format!("{base}/{id}")).refused(404, 400_013);
            api.get(&format!("{base}/{id}/skus")).refused(404, 400_013);
            api.get(&format!("{base}/{SKU_E3}/skus/{id}/availabilities")).refused(404, 400_018);
        }
        // An offer of another product.
        api.get(&format!("{base}/{SKU_E3}/skus/{OFFER_ADD_ON}")).refused(404, 400_018);
        api.get(&format!("{base}/{SKU_E3}/skus/{OFFER_E3}/availabilities/utopia"))
            .refused(404, 400_019);
    }
    for item in [
        format!("{SKU_E3}:{OFFER_ADD_ON}:US"),
        format!("{SKU_E3}:{OFFER_E3}"),
        format!("{SKU_E3}:{OFFER_E3}:Utopia"),
        format!("{SKU_E3}:{OFFER_E3}:US:1"),
        "CFQ7TTC0LH18:0001:CFQ7TTC0K971".to_owned(),
    ] {
        let line = json!([{ "offerId": item, "quantity": 1 }]);
        let orders = format!("{customer}/orders");
        api.post(&orders, &json!({ "lineItems": line })).refused(400, 800_004);
    }
}
