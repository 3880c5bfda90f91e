//! Asking a reseller for a partnership, by clicking: the e-mail is edited, sent, and answered.

use tests::Installation;

use crate::{PROGRAM, window_or_return};

#[tokio::test]
async fn a_partnership_is_asked_for_edited_sent_and_accepted_by_clicking() {
    let installation = Installation::begin(PROGRAM);
    let kind = "indirect-reseller";
    let reseller = installation.register("Wingtip", kind, "wanda@wingtip.example", "7000002");
    let server = installation.serve();
    let window = window_or_return!(server);
    window.sign_in(&installation.provider.token).await;
    window.visit("/resellers").await;
    window.click("Request a partnership").await;
    window.fill("#recipient", "wanda@wingtip.example").await;
    window.click("Request partnership").await;
    window.sees("Now send the e-mail").await;
    window.sees("not sent from here").await;
    window.shot("20-invitation-draft").await;

    window.script("document.querySelector('#text').value = 'No place for it'").await;
    window.click("Save e-mail").await;
    window.sees("the text must contain {link}").await;
    window.script("document.querySelector('#text').value = 'Dear Wanda: {link}'").await;
    window.click("Save e-mail").await;
    window.sees("The e-mail is saved").await;
    window.sees("Dear Wanda: http").await;
    window.click("Send from here").await;
    window.sees("The e-mail is being sent").await;
    let api = server.api(&installation.provider.token);
    let sent = tests::until("letter that is written", || {
        let listed = api.items("/v1/partnerships");
        let request = api.get(&format!("/v1/partnerships/{}", listed[0]["id"].as_str()?));
        (request.text_at("/sending/status") == "sent").then(|| request.text_at("/link"))
    });
    let path = window.path().await;
    window.visit(&path).await;
    window.sees("written to a file").await;
    window.does_not_see("Save e-mail").await;
    window.shot("21-invitation-sent").await;
    // The browser tells of the form that was refused, and of nothing else.
    let errors = window.errors();
    assert!(errors.len() == 1 && errors[0].contains("422"), "{errors:?}");
    window.close().await;

    let other = window_or_return!(server);
    other.sign_in(&reseller.token).await;
    other.visit(&sent[sent.find("/invitations/").unwrap()..]).await;
    other.sees("asks your company for a partnership").await;
    other.click("Accept").await;
    other.sees("The partnership is accepted").await;
    other.sees("Fabrikam Provider").await;
    other.shot("22-invitation-accepted").await;
    assert_eq!(other.errors(), [] as [String; 0]);
    other.close().await;
}
