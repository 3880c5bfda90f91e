//! The company buys for itself: it chooses, looks at the prices, and submits.

use serde_json::json;
use tests::{Answer, OFFER_E3, OFFER_PREMIUM};

use super::{Companies, refused};

/// The company may buy from the provider; the path of the form and what takes the permission back.
fn permitted(companies: &Companies) -> (String, String) {
    let Companies { installation, provider, customer, .. } = companies;
    provider.order(customer, OFFER_PREMIUM, 5);
    let policy = json!({
        "selfServeEntity": { "selfServeEntityType": "customer", "tenantID": customer.id },
        "permissions": [{ "resource": "AzureReservedInstances", "action": "Purchase" }],
    });
    let policy = provider.post("/v1/SelfServePolicy", &policy).expect(201).text_at("/id");
    let path = format!("/company/buy/{}", installation.provider.partner);
    (path, format!("/v1/SelfServePolicy/{policy}"))
}

fn field(offer: &str) -> String {
    format!("quantity_{offer}")
}

#[test]
fn a_company_chooses_looks_at_the_prices_and_buys_as_long_as_it_may() {
    let companies = Companies::new();
    let Companies { server, provider, pages, customer, .. } = &companies;
    let start = pages.open("/company").expect(200);
    assert!(!start.text.contains("/company/buy/"), "off by default: {start}");
    let (path, policy) = permitted(&companies);
    assert!(pages.open("/company").text.contains(&path));
    let form = pages.open(&path).expect(200);
    let (premium, e3) = (field(OFFER_PREMIUM), field(OFFER_E3));
    let chosen = [(premium.as_str(), "2"), (e3.as_str(), ""), ("step", "review")];
    let before = server.position();
    let review = pages.send(&form, &path, &chosen).expect(200);
    assert!(review.text.contains("Submit the order") && review.text.contains("id=\"total\""));
    let changed = pages.send(&review, &path, &[("step", "change")]).expect(200);
    assert!(changed.text.contains("value=\"2\""), "what was chosen is kept: {changed}");
    assert_eq!(server.position(), before, "looking at it records nothing");
    let done = pages.follow(&review, &path, &[("step", "submit")]);
    assert!(done.text.contains("Ordered: 1 subscription."), "{done}");
    let before = server.position();
    pages.send(&review, &path, &[("step", "submit")]).expect(303);
    assert_eq!(server.position(), before, "the form sent twice counts once");
    assert_eq!(provider.items(&format!("{}/orders", customer.path)).len(), 2);

    let review = pages.send(&form, &path, &chosen).expect(200);
    provider.delete(&policy).expect(204);
    refused(server, 403, "does not permit", || pages.send(&review, &path, &[("step", "submit")]));
    refused(server, 404, "does not permit", || pages.open(&path));
}

#[test]
fn bad_orders_are_refused_with_the_reason_and_what_was_typed_is_kept() {
    let companies = Companies::new();
    let Companies { server, pages, .. } = &companies;
    let (path, _) = permitted(&companies);
    let form = pages.open(&path).expect(200);
    let premium = field(OFFER_PREMIUM);
    let with = |value: &str, step: &str| -> Answer {
        pages.send(&form, &path, &[(premium.as_str(), value), ("step", step)])
    };
    for (value, why) in [
        ("", "at least one offer"),
        ("0", "must be"),
        ("-1", "whole number"),
        ("two", "whole number"),
        ("4294967296", "whole number"),
        ("999999999", "must be"),
        ("1000000", "outside the offer"),
    ] {
        refused(server, 422, why, || with(value, "review"));
    }
    let kept = with("two", "review");
    assert!(kept.text.contains("value=\"two\""), "{kept}");
    refused(server, 400, "review, submit or change", || with("2", "guess"));
    refused(server, 422, "not those you have seen", || with("2", "submit"));
    let unknown = field("0190a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2b");
    for name in [unknown.as_str(), "quantity_42"] {
        let wrong = [(name, "2"), ("step", "review")];
        refused(server, 422, "no such offer", || pages.send(&form, &path, &wrong));
    }
    let many = vec![(premium.as_str(), "1"); 201];
    let many = [many.as_slice(), &[("step", "review")]].concat();
    refused(server, 422, "at most 200 lines", || pages.send(&form, &path, &many));
    let parent = format!("parent_{OFFER_PREMIUM}");
    for (value, why) in
        [("42", "names no subscription"), ("0190a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2b", "add-on")]
    {
        let wrong = [(premium.as_str(), "2"), (parent.as_str(), value), ("step", "review")];
        refused(server, 422, why, || pages.send(&form, &path, &wrong));
    }
    let other = format!("/company/buy/{}", "0190a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2b");
    refused(server, 404, "does not permit", || pages.open(&other));
    let billing = companies.colleague("bill", &["Billing Administrator"]);
    assert_eq!(billing.open(&path).status, 403);
}
