//! Deleting a user by mistake and getting it back, by clicking.

use tests::{Installation, OFFER_E3, OFFER_PREMIUM, SKU_E3, SKU_PREMIUM};

use crate::{PROGRAM, window_or_return};

#[tokio::test]
async fn a_user_is_deleted_and_restored_with_its_licences_by_clicking() {
    let installation = Installation::begin(PROGRAM);
    let server = installation.serve();
    let window = window_or_return!(server);
    let api = server.api(&installation.provider.token);
    let customer = api.create_customer("Relecloud", "relecloud.example");
    api.create_customer("Tailspin Toys", "tailspin.example");
    api.order(&customer, OFFER_PREMIUM, 3);
    api.order(&customer, OFFER_E3, 5);
    let user = api.create_user(&customer, "nora");
    api.create_user(&customer, "nils");
    api.assign(&user, &[SKU_PREMIUM, SKU_E3]);

    window.visit("/customers").await;
    window.sees("Paste a token").await;
    window.shot("01-sign-in").await;
    window.sign_in(&installation.provider.token).await;
    window.click("Customers").await;
    window.sees("Tailspin Toys").await;
    window.shot("02-customers").await;
    window.click("Relecloud").await;
    window.sees("Deleted users (0)").await;
    window.sees("Office 365 Enterprise E3").await;
    window.shot("03-users").await;

    window.tick_row("nora@relecloud.example").await;
    window.click("Delete users").await;
    window.sees("1 user deleted").await;
    window.sees("Deleted users (1)").await;
    window.does_not_see("nora@relecloud.example").await;
    assert_eq!(api.user_ids(&customer, "Inactive"), [user.id.as_str()]);
    assert_eq!(api.free_seats(&customer, SKU_PREMIUM), 3);
    window.shot("04-deleted").await;

    window.click("Deleted users (1)").await;
    window.sees("days left").await;
    window.sees("nora@relecloud.example").await;
    window.shot("05-deleted-users").await;
    window.tick_row("nora@relecloud.example").await;
    window.click("Restore").await;
    window.sees("is back").await;
    window.sees("Office 365 Business Premium restored").await;
    window.shot("06-restored").await;
    assert!(api.user_ids(&customer, "Active").contains(&user.id));
    let mut licenses = [SKU_PREMIUM, SKU_E3];
    licenses.sort_unstable();
    assert_eq!(api.licenses(&user), licenses);

    assert_eq!(window.errors(), [] as [String; 0]);
    window.close().await;
}

#[tokio::test]
async fn a_user_whose_name_was_taken_is_restored_under_another_one_by_clicking() {
    let installation = Installation::begin(PROGRAM);
    let server = installation.serve();
    let window = window_or_return!(server);
    let api = server.api(&installation.provider.token);
    let customer = api.create_customer("Relecloud", "relecloud.example");
    let gone = api.create_user(&customer, "nora");
    api.delete_user(&gone);
    api.create_user(&customer, "nora");

    window.sign_in(&installation.provider.token).await;
    window.visit(&format!("/customers/{}/deleted", customer.id)).await;
    window.tick_row("nora@relecloud.example").await;
    window.click("Restore").await;
    window.sees("was not restored").await;
    window.shot("07-name-taken").await;
    window.click("Restore under another name").await;
    window.sees("User name").await;
    window.script("document.querySelector('#user_name').value = ''").await;
    window.fill("#user_name", "nora.two@relecloud.example").await;
    window.click("Restore").await;
    window.sees("is back").await;
    assert!(api.user_ids(&customer, "Active").contains(&gone.id));
    window.close().await;
}
