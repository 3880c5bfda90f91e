//! Ordering, by clicking: offers with an add-on, the review, the submission, an upgrade.

use serde_json::Value;
use tests::{Installation, OFFER_PREMIUM};

use crate::{PROGRAM, window_or_return};

/// Advanced Threat Protection, an add-on to Business Premium.
const OFFER_ADD_ON: &str = "a2706f86-868d-4048-989b-0c69e5c76b63";

#[tokio::test]
async fn an_order_is_drafted_reviewed_changed_and_submitted_by_clicking() {
    let installation = Installation::begin(PROGRAM);
    let server = installation.serve();
    let window = window_or_return!(server);
    let api = server.api(&installation.provider.token);
    let customer = api.create_customer("Relecloud", "relecloud.example");
    let subscriptions = format!("{}/subscriptions", customer.path);

    window.sign_in(&installation.provider.token).await;
    window.visit(&format!("/customers/{}/subscriptions", customer.id)).await;
    window.sees("No subscriptions yet").await;
    window.click("Order subscriptions").await;
    window.sees("Add-ons").await;
    window.fill(&format!("[name='quantity_{OFFER_ADD_ON}']"), "2").await;
    window.shot("40-order").await;
    window.click("Review order").await;
    window.sees("choose to what it is added").await;
    window.fill(&format!("[name='quantity_{OFFER_PREMIUM}']"), "5").await;
    let choose = format!(
        "document.querySelector(\"[name='parent_{OFFER_ADD_ON}']\").value = 'with:{OFFER_PREMIUM}'"
    );
    window.script(&choose).await;
    window.click("Review order").await;
    window.sees("62.50 USD").await;
    window.sees("Add-on to Office 365 Business Premium").await;
    window.sees("minutes left").await;
    window.shot("41-order-review").await;
    assert_eq!(api.items(&subscriptions), [] as [Value; 0]);

    window.click("Change").await;
    window.sees("Change the order").await;
    window.click("Save for later").await;
    window.sees("Orders in the making").await;
    window.shot("42-orders-in-the-making").await;
    window.click("Office 365 Business Premium and 1 more").await;
    window.sees("Review the order").await;
    window.click("Submit order").await;
    window.sees("Ordered: 2 subscriptions.").await;
    window.shot("43-ordered").await;
    assert_eq!(api.items(&subscriptions).len(), 2);

    window.click("Office 365 Business Premium").await;
    window.sees("Name and licences").await;
    window.shot("44-subscription").await;
    window.click_at("//label[contains(., 'Office 365 Enterprise E3')]").await;
    window.click("Upgrade").await;
    window.sees("The subscription is upgraded").await;
    window.click("Cancel subscription").await;
    window.sees("tick the box").await;
    window.click_at("//label[contains(., 'Cancel it for good')]").await;
    window.click("Cancel subscription").await;
    window.sees("is cancelled for good").await;
    // The browser tells of the two forms that were refused, and of nothing else.
    let errors = window.errors();
    assert!(errors.len() == 2 && errors.iter().all(|it| it.contains("422")), "{errors:?}");
    window.close().await;
}

#[tokio::test]
async fn a_cancelled_order_leaves_nothing_by_clicking() {
    let installation = Installation::begin(PROGRAM);
    let server = installation.serve();
    let window = window_or_return!(server);
    let api = server.api(&installation.provider.token);
    let customer = api.create_customer("Relecloud", "relecloud.example");
    window.sign_in(&installation.provider.token).await;
    window.visit(&format!("/customers/{}/carts/new", customer.id)).await;
    window.fill(&format!("[name='quantity_{OFFER_PREMIUM}']"), "5").await;
    window.click("Review order").await;
    window.click("Cancel order").await;
    window.sees("Nothing was bought").await;
    window.does_not_see("Orders in the making").await;
    assert_eq!(api.items(&format!("{}/subscriptions", customer.path)), [] as [Value; 0]);
    assert_eq!(window.errors(), [] as [String; 0]);
    window.close().await;
}
