//! Swagger UI: the API's document as somebody reads it, and a request tried with a token.

use tests::Installation;

use crate::{PROGRAM, window_or_return};

#[tokio::test]
async fn an_operation_is_read_and_tried_with_a_token() {
    let installation = Installation::begin(PROGRAM);
    let server = installation.serve();
    let window = window_or_return!(server);
    window.visit("/swagger-ui").await;
    window.sees("partnerlog").await;
    window.sees("Tells who the caller is").await;
    window.click("Authorize").await;
    window.fill("#auth-bearer-value", &installation.provider.token).await;
    window.click_at("//div[@class='auth-btn-wrapper']/button[1]").await;
    window.click("Close").await;
    let operation = "//div[@id='operations-Sign-in-get_me']";
    window
        .click_at(&format!("{operation}//button[contains(@class,'opblock-summary-control')]"))
        .await;
    window.click("Try it out").await;
    window.click("Execute").await;
    // Of the answer itself: the body could be an example.
    window.sees("x-position: ").await;
    window.sees("ana@fabrikam.example").await;
    window.shot("swagger-ui").await;
    assert!(window.errors().is_empty(), "{:?}", window.errors());
    window.close().await;
}
