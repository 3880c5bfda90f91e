//! Adding a customer from a reseller's row, by clicking: details, subscriptions, review, submission.

use serde_json::json;
use tests::{Installation, OFFER_PREMIUM};

use crate::{PROGRAM, window::Window, window_or_return};

async fn fill_in(window: &Window) {
    for (field, text) in [
        ("#company_name", "Tailspin Toys"),
        ("#domain", "tailspin.example"),
        ("#first_name", "Tess"),
        ("#last_name", "Hale"),
        ("#email", "tess@tailspin.example"),
        ("#line1", "1 Main St"),
        ("#city", "Redmond"),
    ] {
        window.fill(field, text).await;
    }
}

#[tokio::test]
async fn a_customer_is_added_from_a_reseller_s_row_or_given_up_by_clicking() {
    let installation = Installation::begin(PROGRAM);
    let kind = "indirect-reseller";
    let reseller = installation.register("Wingtip", kind, "wanda@wingtip.example", "7000002");
    let server = installation.serve();
    let window = window_or_return!(server);
    let api = server.api(&installation.provider.token);
    let asked = json!({ "recipient": "wanda@wingtip.example" });
    let asked = api.post("/v1/partnerships", &asked).expect(201);
    let token = json!({ "token": asked.text_at("/link") });
    server.api(&reseller.token).post("/v1/invitations/accept", &token).expect_success();

    window.sign_in(&installation.provider.token).await;
    window.visit("/resellers").await;
    let before = server.position();
    window.click("Add customer").await;
    fill_in(&window).await;
    window.sees("tailspin.example is free.").await;
    window.shot("45-new-customer").await;
    window.click("Continue").await;
    window.sees("what Tailspin Toys buys").await;
    window.fill(&format!("[name='quantity_{OFFER_PREMIUM}']"), "5").await;
    window.shot("46-new-customer-subscriptions").await;
    window.click("Continue to the review").await;
    window.sees("62.50 USD").await;
    window.sees("admin@tailspin.example").await;
    window.sees("On record: Wingtip").await;
    window.shot("47-new-customer-review").await;
    window.click("Change the customer").await;
    window.sees("Company name").await;
    window.click("Continue").await;
    window.click("Back").await;
    window.sees("Company name").await;
    window.click("Cancel").await;
    window.sees("There are no customers yet.").await;
    assert_eq!(server.position(), before, "given up, nothing remains");

    window.visit(&format!("/customers/new?reseller={}", reseller.partner)).await;
    fill_in(&window).await;
    window.click("Continue").await;
    window.fill(&format!("[name='quantity_{OFFER_PREMIUM}']"), "5").await;
    window.click("Continue to the review").await;
    window.sees("Every month").await;
    window.click("Add customer").await;
    window.sees("Tailspin Toys is a customer now").await;
    window.sees("Ordered: 1 subscription.").await;
    window.sees("admin@tailspin.example").await;
    window.appears("#credential-password").await;
    window.shot("48-new-customer-added").await;
    let customers = server.api(&reseller.token).items("/v1/customers");
    assert_eq!(customers[0]["companyProfile"]["domain"], "tailspin.example");
    assert_eq!(window.errors(), [] as [String; 0]);
    window.close().await;
}
