//! Selling on the pages, at times that a test chooses.

use axum::http::{StatusCode, header};
use commands::CART_LIFE_MINUTES;

use super::Pages;

/// Office 365 Business Premium.
const OFFER: &str = "031c9e47-4802-4248-838e-778fb1d2cc05";

/// Begins an order for the one customer; gives the address of its page.
async fn begin_order(pages: &Pages, cookie: &str) -> (String, String) {
    pages.create_customer(cookie).await;
    let customer = pages.app.models().current().customers().iter().next().unwrap().id;
    let base = format!("/customers/{customer}");
    let key = pages.get(&format!("{base}/carts/new"), cookie).await.hidden("form_key");
    let (quantity, cycle) = (format!("quantity_{OFFER}"), format!("cycle_{OFFER}"));
    let form = [("form_key", key.as_str()), (&quantity, "5"), (&cycle, "monthly")];
    let opened = pages.post(&format!("{base}/carts"), cookie, &form).await;
    assert_eq!(opened.status, StatusCode::SEE_OTHER, "{}", opened.body);
    (opened.header(header::LOCATION).to_owned(), key)
}

#[tokio::test]
async fn an_order_that_expired_is_shown_as_such_and_cannot_be_submitted() {
    let pages = Pages::new().await;
    let cookie = pages.sign_in().await;
    let (cart, key) = begin_order(&pages, &cookie).await;
    pages.clock.advance_seconds(CART_LIFE_MINUTES * 60 - 30);
    let waiting = pages.get(&cart, &cookie).await;
    assert!(waiting.body.contains("less than a minute left"), "{}", waiting.body);
    assert!(waiting.body.contains("Submit order"));

    pages.clock.advance_seconds(30);
    let over = pages.get(&cart, &cookie).await;
    assert!(over.body.contains("expired") && !over.body.contains("Submit order"));
    let position = pages.app.models().current().position();
    for (path, action) in [(cart.clone(), "submit"), (format!("{cart}/lines"), "change")] {
        let (quantity, cycle) = (format!("quantity_{OFFER}"), format!("cycle_{OFFER}"));
        let form =
            [("form_key", key.as_str()), ("action", action), (&quantity, "6"), (&cycle, "monthly")];
        let refused = pages.post(&path, &cookie, &form).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.body);
        assert!(refused.body.contains("begin it anew"), "{}", refused.body);
    }
    let customer = cart.split('/').nth(2).unwrap();
    let list = pages.get(&format!("/customers/{customer}/subscriptions"), &cookie).await;
    assert!(!list.body.contains("Orders in the making"));
    assert_eq!(pages.app.models().current().position(), position);
}

#[tokio::test]
async fn an_order_sent_twice_is_ordered_once() {
    let pages = Pages::new().await;
    let cookie = pages.sign_in().await;
    let (cart, key) = begin_order(&pages, &cookie).await;
    let submission = pages.get(&cart, &cookie).await.hidden("submission");
    let form =
        [("form_key", key.as_str()), ("submission", submission.as_str()), ("action", "submit")];
    for _ in 0..2 {
        let sent = pages.post(&cart, &cookie, &form).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
    }
    let model = pages.app.models().current();
    let customer = model.customers().iter().next().unwrap().id;
    assert_eq!(model.subscriptions().of(customer).count(), 1);
}
