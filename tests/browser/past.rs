//! Looking at an earlier moment: the state of then, and nothing that could be changed.

use tests::Installation;

use crate::{PROGRAM, window_or_return};

#[tokio::test]
async fn an_earlier_moment_shows_what_was_then_and_offers_no_change() {
    let installation = Installation::begin(PROGRAM);
    let server = installation.serve();
    let window = window_or_return!(server);
    let api = server.api(&installation.provider.token);
    let customer = api.create_customer("Relecloud", "relecloud.example");
    let user = api.create_user(&customer, "nora");
    let before = server.head();
    api.delete_user(&user);

    window.sign_in(&installation.provider.token).await;
    let path = format!("/customers/{}", customer.id);
    window.visit(&path).await;
    window.sees("Deleted users (1)").await;
    window.does_not_see("nora@relecloud.example").await;
    assert!(window.count("#users input[type=checkbox]").await > 0);

    window.visit(&format!("{path}?as_of={before}")).await;
    window.sees("Nothing can be changed here").await;
    window.sees("Deleted users (0)").await;
    window.sees("nora@relecloud.example").await;
    assert_eq!(window.count("input[type=checkbox]").await, 0);
    assert_eq!(window.count("main form[method=post]").await, 0);
    window.shot("08-as-of").await;

    window.click("Deleted users (0)").await;
    window.sees("Nobody can be restored").await;
    assert!(window.path().await.contains(&format!("as_of={before}")), "the moment is kept");
    window.click("Back to now").await;
    window.sees("Deleted users (1)").await;
    window.sees("nora@relecloud.example").await;

    window.visit(&path).await;
    window.click_at("//details[@id='as-of']/summary").await;
    window
        .script(&format!(
            "const slider = document.querySelector('#as-of-position'); slider.value = {before}; \
         slider.dispatchEvent(new Event('change', {{ bubbles: true }}))"
        ))
        .await;
    window.sees("Nothing can be changed here").await;
    window.sees("nora@relecloud.example").await;
    assert_eq!(window.errors(), [] as [String; 0]);
    window.close().await;
}
