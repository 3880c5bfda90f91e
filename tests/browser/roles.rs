//! The role matrix, the activity log, the resellers; and that each role sees only its own.

use tests::Installation;

use crate::{PROGRAM, window_or_return};

#[tokio::test]
async fn role_matrix_and_activity_log_tell_who_may_what_and_who_did_what() {
    let installation = Installation::begin(PROGRAM);
    let server = installation.serve();
    let window = window_or_return!(server);
    let api = server.api(&installation.provider.token);
    let customer = api.create_customer("Relecloud", "relecloud.example");
    let user = api.create_user(&customer, "nora");
    api.delete_user(&user);
    let colleague = api.add_partner_user("Bo Berg", "bo@fabrikam.example", &["sales_agent"]);
    api.assign_role(&colleague.id, "helpdesk_agent").expect_success();

    window.sign_in(&installation.provider.token).await;
    window.click("Roles").await;
    window.sees("Helpdesk agent").await;
    window.sees("Bo Berg").await;
    window.shot("09-roles").await;
    window.click("Activity log").await;
    window.sees("deleted").await;
    window.shot("10-activity").await;
    window.click("Indirect resellers").await;
    window.sees("Indirect resellers").await;
    window.shot("11-resellers").await;
    assert_eq!(window.errors(), [] as [String; 0]);
    window.close().await;
}

#[tokio::test]
async fn a_page_offers_only_what_the_roles_of_its_visitor_allow() {
    let installation = Installation::begin(PROGRAM);
    let server = installation.serve();
    let window = window_or_return!(server);
    let api = server.api(&installation.provider.token);
    let customer = api.create_customer("Relecloud", "relecloud.example");
    api.create_user(&customer, "nora");
    let helpdesk = api.add_partner_user("Hal Help", "hal@fabrikam.example", &["helpdesk_agent"]);
    let token = api.issue_token(&helpdesk.id);

    window.sign_in(&token).await;
    window.visit(&format!("/customers/{}", customer.id)).await;
    window.sees("nora@relecloud.example").await;
    window.does_not_see("Delete users").await;
    window.does_not_see("Add user").await;
    window.does_not_see("With the selected").await;
    assert_eq!(window.count("#users input[type=checkbox]").await, 0);
    window.does_not_see("Roles and permissions").await;
    window.shot("12-helpdesk").await;
    window.visit("/roles").await;
    window.sees("do not allow").await;
    window.close().await;
}
