//! Elevation: asked for by somebody with the default level only, verified and carried out by an
//! operator.

use tests::Installation;

use crate::{PROGRAM, window_or_return};

/// The number of the request that a page shows.
fn number(path: &str) -> String {
    path.rsplit('/').next().unwrap().to_owned()
}

#[tokio::test]
async fn a_user_asks_to_be_elevated_and_is_global_admin_once_an_operator_has_seen_to_it() {
    let installation = Installation::begin(PROGRAM);
    let server = installation.serve();
    let window = window_or_return!(server);
    let api = server.api(&installation.provider.token);
    let carla = api.add_partner_user("Carla Cole", "carla@fabrikam.example", &[]);
    let token = api.issue_token(&carla.id);

    window.sign_in(&token).await;
    window.visit("/requests").await;
    window.sees("Nothing was asked for yet").await;
    window.click("New request").await;
    window.does_not_see("Ask for support").await;
    window.click("Ask to become global admin").await;
    window.fill("#title", "Our global admin has left").await;
    window.fill("#description", "Nobody can add users any more.").await;
    window.fill("#identity", "Carla Cole, identity card 7781").await;
    window.fill("#organization", "Register of Berlin, 4711").await;
    window.click("Log request").await;
    window.sees("was logged under number").await;
    window.sees("identity card 7781").await;
    window.shot("20-elevation-asked").await;
    let request = number(&window.path().await);
    window.close().await;
    drop(server);

    let proof = ["--absence", "left", "--evidence", "Called back on the registered number."];
    installation.run(&["request", "verify"], &[&[request.as_str()], &proof[..]].concat()).exited(0);
    installation.run(&["request", "carry-out"], &[&request]).exited(0);

    let server = installation.serve();
    let window = window_or_return!(server);
    window.sign_in(&token).await;
    window.visit(&format!("/requests/{request}")).await;
    window.sees("Resolved").await;
    window.does_not_see("Called back").await;
    window.shot("21-elevation-resolved").await;
    window.visit("/users").await;
    window.sees("Add user").await;
    window.click("Activity log").await;
    window.sees("to global admin").await;
    assert_eq!(window.errors(), [] as [String; 0]);
    window.close().await;
}
