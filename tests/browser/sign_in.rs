//! The first sign-in with a temporary password, as somebody at a screen goes through it.

use tests::Installation;

use crate::{PROGRAM, window::Window, window_or_return};

pub(crate) const CHOSEN: &str = "a horse in the rain";

pub(crate) async fn sign_in(window: &Window, name: &str, password: &str) {
    window.visit("/sign-in").await;
    window.fill("#user_name", name).await;
    window.fill("#password", password).await;
    window.click("Sign in").await;
}

pub(crate) async fn choose(window: &Window, old: &str, new: &str) {
    window.fill("#old_password", old).await;
    window.fill("#new_password", new).await;
    window.fill("#again", new).await;
    window.click("Change password").await;
}

#[tokio::test]
async fn a_temporary_password_leads_to_the_choice_of_another_and_then_to_work() {
    let installation = Installation::begin(PROGRAM);
    let server = installation.serve();
    let window = window_or_return!(server);
    let (email, password) = (&installation.provider.email, &installation.provider.password);
    sign_in(&window, email, "wrong").await;
    window.sees("name or the password is wrong").await;
    sign_in(&window, email, password).await;
    window.sees("You signed in with a temporary password").await;
    window.shot("20-must-change").await;
    window.visit("/customers").await;
    window.sees("You signed in with a temporary password").await;
    choose(&window, password, "short").await;
    window.sees("must have at least 12 characters").await;
    choose(&window, password, CHOSEN).await;
    window.sees("Your password was changed").await;
    window.sees("Customers").await;
    window.click("Sign out").await;
    window.appears("#user_name").await;
    sign_in(&window, email, CHOSEN).await;
    window.sees("Customers").await;
    window.close().await;
}

#[tokio::test]
async fn the_admin_of_a_customer_sees_its_company_and_no_page_of_a_partner() {
    let installation = Installation::begin(PROGRAM);
    let server = installation.serve();
    let window = window_or_return!(server);
    let api = server.api(&installation.provider.token);
    let customer = api.create_customer("Relecloud", "relecloud.example");
    let admin = &customer.admin;
    sign_in(&window, &admin.user_name, &admin.password).await;
    choose(&window, &admin.password, CHOSEN).await;
    window.sees("My company").await;
    window.sees("Fabrikam Provider").await;
    window.shot("21-my-company").await;
    window.visit("/customers").await;
    window.sees("may not do this").await;
    window.close().await;
}
