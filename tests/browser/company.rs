//! A customer's admin at a screen: opens the link of a request, accepts, ends the privileges, buys.

use serde_json::json;
use tests::{Installation, OFFER_PREMIUM};

use crate::{
    PROGRAM,
    sign_in::{CHOSEN, choose, sign_in},
    window_or_return,
};

#[tokio::test]
async fn a_customer_follows_the_link_of_a_request_accepts_it_and_buys() {
    let installation = Installation::begin(PROGRAM);
    let kind = "direct-partner";
    let tailspin = installation.register("Tailspin", kind, "tina@tailspin.example", "7000009");
    let server = installation.serve();
    let window = window_or_return!(server);
    let provider = server.api(&installation.provider.token);
    let seller = server.api(&tailspin.token);
    let customer = provider.create_customer("Relecloud", "relecloud.example");
    let body = json!({ "customerId": customer.id, "allowDelegatedAccess": true });
    let link = seller.post("/v1/relationshiprequests", &body).expect(201).text_at("/link");
    let link = &link[link.find("/relationships/").unwrap()..];
    let admin = &customer.admin;
    sign_in(&window, &admin.user_name, &admin.password).await;
    choose(&window, &admin.password, CHOSEN).await;
    window.sees("Requests of partners").await;
    window.shot("60-company-start").await;
    window.click("Sign out").await;
    window.appears("#user_name").await;

    window.visit(link).await;
    window.sees("delegated admin privileges").await;
    window.shot("61-company-link").await;
    window.click("Sign in and answer").await;
    window.fill("#user_name", &admin.user_name).await;
    window.fill("#password", CHOSEN).await;
    window.click("Sign in").await;
    window.appears("button[value=accept]").await;
    window.shot("62-company-answer").await;
    window.click("Accept").await;
    window.sees("The relationship is accepted").await;
    window.does_not_see("Requests of partners").await;
    assert_eq!(seller.get(&customer.path).expect(200).json()["allowDelegatedAccess"], true);

    window.click_at("//tr[contains(., 'Tailspin')]//a[.='End privileges']").await;
    window.sees("goes on to sell to you").await;
    window.shot("63-company-privileges").await;
    window.click("End the privileges").await;
    window.sees("the relationship stays").await;

    provider.order(&customer, OFFER_PREMIUM, 5);
    let policy = json!({
        "selfServeEntity": { "selfServeEntityType": "customer", "tenantID": customer.id },
        "permissions": [{ "resource": "AzureReservedInstances", "action": "Purchase" }],
    });
    provider.post("/v1/SelfServePolicy", &policy).expect(201);
    window.visit("/company").await;
    window.click("Buy").await;
    window.fill(&format!("[name='quantity_{OFFER_PREMIUM}']"), "3").await;
    window.shot("64-company-buy").await;
    window.click("Review the order").await;
    window.sees("Total").await;
    window.shot("65-company-review").await;
    window.click("Submit the order").await;
    window.sees("Ordered: 1 subscription").await;
    window.shot("66-company-bought").await;
    assert_eq!(provider.items(&format!("{}/orders", customer.path)).len(), 2);
    assert_eq!(window.errors(), [] as [String; 0]);
    window.close().await;
}
