//! Forms of other sites, forms without a session, and what is left after signing out.

use tests::{Api, Installation};

use crate::{PROGRAM, foreign_site, window_or_return};

#[tokio::test]
async fn a_form_on_another_site_changes_nothing_although_the_visitor_is_signed_in() {
    let installation = Installation::begin(PROGRAM);
    let server = installation.serve();
    let window = window_or_return!(server);
    let api = server.api(&installation.provider.token);
    let customer = api.create_customer("Relecloud", "relecloud.example");
    let user = api.create_user(&customer, "nora");
    let (position, url) = (server.position(), server.url());
    let site = foreign_site::serve(format!(
        "<form method=post action='{url}/customers/{}/users/delete'>\
         <input name=user value='{}'><button>Win a prize</button></form>",
        customer.id, user.id
    ));
    window.sign_in(&installation.provider.token).await;
    window.visit_site(&site).await;
    window.click("Win a prize").await;
    window.sees("another site").await;
    window.shot("13-forged").await;
    assert_eq!(server.position(), position);

    // The browser's own protection taken away: the form's origin and its missing key remain.
    window.visit(&format!("/customers/{}", customer.id)).await;
    window.sees("nora@relecloud.example").await;
    window.script("document.querySelector('#users-form [name=form_key]').value = 'guessed'").await;
    window.tick_row("nora@relecloud.example").await;
    window.click("Delete users").await;
    window.sees("does not belong to your session").await;
    assert_eq!(server.position(), position);
    window.close().await;
}

#[tokio::test]
async fn after_signing_out_pages_ask_for_a_token_again() {
    let installation = Installation::begin(PROGRAM);
    let server = installation.serve();
    let window = window_or_return!(server);
    window.sign_in(&installation.provider.token).await;
    window.visit("/customers").await;
    window.sees("Customers").await;
    window.click("Sign out").await;
    window.sees("Paste a token").await;
    window.visit("/customers").await;
    window.sees("Paste a token").await;
    assert!(window.path().await.starts_with("/sign-in"));
    window.fill("#token", "plog_wrong").await;
    window.click("Use the token").await;
    window.appears("#faults").await;
    window.sees("Sign in").await;
    window.shot("14-wrong-token").await;
    window.close().await;
}

#[test]
fn pages_take_no_bearer_token_and_the_api_takes_no_cookie() {
    let installation = Installation::begin(PROGRAM);
    let server = installation.serve();
    let page = server.api(&installation.provider.token).get("/customers");
    assert_eq!(page.status, 303, "{page}");
    let form = format!("token={}", installation.provider.token);
    let anonymous: Api = server.anonymous();
    let signed_in = anonymous
        .request("POST", "/sign-in")
        .header("Content-Type", "application/x-www-form-urlencoded")
        .raw(form)
        .send()
        .expect(303);
    let cookie = signed_in.header("Set-Cookie").unwrap();
    for word in ["HttpOnly", "SameSite=Strict", "Path=/"] {
        assert!(cookie.contains(word), "{cookie}");
    }
    let cookie = cookie.split(';').next().unwrap();
    anonymous.request("GET", "/customers").header("Cookie", cookie).send().expect(200);
    anonymous.request("GET", "/v1/customers").header("Cookie", cookie).send().refused(401, 800_001);
}
