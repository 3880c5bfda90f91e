//! Names that look like markup are shown as the letters they are.

use serde_json::json;
use tests::Installation;

use crate::{PROGRAM, window_or_return};

#[tokio::test]
async fn a_name_made_of_markup_is_shown_letter_by_letter_and_runs_nothing() {
    let installation = Installation::begin(PROGRAM);
    let server = installation.serve();
    let window = window_or_return!(server);
    let api = server.api(&installation.provider.token);
    let company = "<b>Bold</b> & Sons \"Ltd\"";
    let customer = api.create_customer(company, "relecloud.example");
    let name = "<img src=x onerror=\"document.title='run'\">";
    let body = json!({
        "userPrincipalName": "mark@relecloud.example", "displayName": name, "usageLocation": "US",
    });
    let created = api.post(&format!("{}/users", customer.path), &body).expect_success();
    let user = created.text_at("/id");

    window.sign_in(&installation.provider.token).await;
    let base = format!("/customers/{}", customer.id);
    for path in [base.clone(), format!("{base}/users/{user}"), "/audit".to_owned()] {
        window.visit(&path).await;
        window.sees(name).await;
        assert_eq!(window.count("img[src=x]").await, 0, "{path}");
    }
    window.visit("/customers").await;
    window.sees(company).await;
    window.visit("/customers?q=%22%3E%3Cscript%3Edocument.title%3D%27run%27%3C%2Fscript%3E").await;
    window.sees("Customers").await;
    assert_eq!(window.count("main script").await, 0);
    assert_eq!(window.errors(), [] as [String; 0]);
    window.close().await;
}
