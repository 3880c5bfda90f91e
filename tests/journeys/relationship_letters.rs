//! The e-mail of a request for a relationship, sent from here: to a file, and to a real mail server.

use std::{fs, path::Path};

use serde_json::{Value, json};
use tests::{Api, Installation, MailServer, MailServerOptions, PageSession, RunningServer};

use crate::{
    begin,
    sign_in::{CHOSEN, settle},
};

const REQUESTS: &str = "/v1/relationshiprequests";
const TO: &str = "office@relecloud.example";

/// A second partner that sells directly.
fn tailspin(installation: &Installation) -> String {
    let (kind, admin) = ("direct-partner", "tina@tailspin.example");
    installation.register("Tailspin", kind, admin, "7000009").token
}

fn ask(partner: &Api, body: &Value) -> String {
    format!("{REQUESTS}/{}", partner.post(REQUESTS, body).expect(201).text_at("/id"))
}

/// How far the sending has come, once it has come so far.
fn sending(partner: &Api, path: &str, status: &str) -> Value {
    tests::until(&format!("letter that is {status}"), || {
        let answer = partner.get(path).expect(200);
        (answer.text_at("/sending/status") == status).then(|| answer.json()["sending"].clone())
    })
}

fn serve(installation: &Installation, port: u16) -> RunningServer {
    let port = port.to_string();
    let options = ["--smtp-host", "localhost", "--smtp-port", &port, "--smtp-security", "none"];
    installation.serve_with(options)
}

#[test]
fn the_letter_of_a_request_goes_out_by_smtp_and_its_link_leads_to_the_relationship() {
    let place = Path::new(env!("CARGO_TARGET_TMPDIR")).join("mail-server");
    let answers = &["451 later", "550 no such mailbox"];
    let options = MailServerOptions { answers, ..MailServerOptions::default() };
    let Some(mail) = MailServer::start(&place, &options) else { return };
    let installation = begin();
    let token = tailspin(&installation);
    let server = serve(&installation, mail.port());
    let (provider, tailspin) = (server.api(&installation.provider.token), server.api(&token));
    let customer = provider.create_customer("Relecloud", "relecloud.example");
    settle(&server, &customer.admin);

    let waiting = ask(&tailspin, &json!({ "recipient": "somebody@company.example" }));
    tailspin.post(&format!("{waiting}/send"), &json!({})).expect(200);
    assert_eq!(mail.letter()["answer"], "451 later");
    tests::until("attempt that failed", || {
        let waiting = sending(&tailspin, &waiting, "underWay");
        (waiting["failedAttempts"] == 1).then_some(())
    });

    let path = ask(&tailspin, &json!({ "customerId": customer.id, "recipient": TO }));
    tailspin.post(&format!("{path}/send"), &json!({})).expect(200);
    assert_eq!(mail.letter()["answer"], "550 no such mailbox");
    assert_eq!(sending(&tailspin, &path, "givenUp")["lastFailure"], "refused");
    tailspin.patch(&path, &json!({ "recipient": "admin@relecloud.example" })).expect(200);
    tailspin.post(&format!("{path}/send"), &json!({})).expect(200);
    let letter = mail.letter();
    assert_eq!(letter["to"], json!(["admin@relecloud.example"]));
    let text = letter["content"].as_str().unwrap().replace("=\r\n", "").replace("=3D", "=");
    assert!(text.contains("Tailspin asks for a relationship"), "{text}");
    assert_eq!(sending(&tailspin, &path, "sent")["route"], "smtp");

    let link = text.split_whitespace().find(|word| word.contains("/relationships/")).unwrap();
    let link = link.strip_prefix(server.url()).unwrap();
    let pages = PageSession::by_password(&server, &customer.admin.user_name, CHOSEN);
    let action = pages.open(link).expect(303).header("Location").unwrap().to_owned();
    let page = pages.open(&action).expect(200);
    pages.follow(&page, &action, &[("answer", "accept")]);
    tailspin.get(&customer.path).expect(200);
    let printed = server.stop();
    assert!(!printed.contains("relecloud.example"), "traces name nobody: {printed}");
}

#[test]
fn the_letter_of_a_request_is_written_to_a_file_where_no_mail_server_is_named() {
    let installation = begin();
    let server = installation.serve();
    let provider = server.api(&installation.provider.token);
    let path = ask(&provider, &json!({ "recipient": TO }));
    let drafted = provider.get(&path).expect(200);
    assert_eq!(drafted.text_at("/sending/status"), "draft");
    assert!(drafted.text_at("/draftText").contains("{link}"));
    let asked = provider.post(&format!("{path}/send"), &json!({})).expect(200);
    assert!(["underWay", "sent"].contains(&asked.text_at("/sending/status").as_str()), "{asked}");
    assert_eq!(sending(&provider, &path, "sent")["route"], "file");
    let files: Vec<_> = fs::read_dir(installation.data().join("outbox")).unwrap().collect();
    assert_eq!(files.len(), 1);
    let history = provider.get("/v1/history").expect(200).text;
    for event in ["RelationshipLetterSendRequested", "RelationshipLetterSent"] {
        assert!(history.contains(event), "{event} in {history}");
    }
}

#[test]
fn what_is_not_to_be_sent_is_refused_by_name_and_nothing_is_written() {
    let installation = begin();
    let token = tailspin(&installation);
    let server = installation.serve();
    let (provider, tailspin) = (server.api(&installation.provider.token), server.api(&token));
    let to_nobody = ask(&provider, &json!({}));
    let sent = ask(&provider, &json!({ "recipient": TO }));
    provider.post(&format!("{sent}/send"), &json!({})).expect(200);
    sending(&provider, &sent, "sent");
    let withdrawn = ask(&provider, &json!({ "recipient": TO }));
    provider.post(&format!("{withdrawn}/withdraw"), &json!({})).expect(200);
    let helpdesk = provider.add_partner_user("Hana", "hana@fabrikam.example", &["helpdesk_agent"]);
    let helpdesk = server.api(&provider.issue_token(&helpdesk.id));

    let before = server.position();
    let ask_to_send = |api: &Api, path: &str| api.post(&format!("{path}/send"), &json!({}));
    let refused = ask_to_send(&provider, &to_nobody).refused(400, 2000);
    assert_eq!(refused.json()["data"], json!(["recipient_missing", "recipient"]), "{refused}");
    assert_eq!(ask_to_send(&provider, &sent).refused(400, 2000).reason(), "letter_sent");
    let edited = provider.patch(&sent, &json!({ "subject": "Again" })).refused(400, 2000);
    assert_eq!(edited.reason(), "letter_sent");
    let refused = ask_to_send(&provider, &withdrawn).refused(400, 2000);
    assert_eq!(refused.reason(), "relationship_request_not_open");
    ask_to_send(&tailspin, &sent).refused(404, 1000);
    ask_to_send(&helpdesk, &to_nobody).refused(403, 900_150);
    ask_to_send(&provider, &format!("{REQUESTS}/0190a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2b"))
        .refused(404, 1000);
    assert_eq!(ask_to_send(&provider, &format!("{REQUESTS}/42")).status, 400);
    assert_eq!(ask_to_send(&server.anonymous(), &to_nobody).status, 401);
    assert_eq!(server.position(), before);
}

#[test]
fn a_letter_is_addressed_and_sent_on_its_page() {
    let installation = begin();
    let server = installation.serve();
    let session = PageSession::by_token(&server, &installation.provider.token);
    let api = server.api(&installation.provider.token);
    let path = ask(&api, &json!({}));
    let page_path = path.replace(REQUESTS, "/customers/requests");
    let send = format!("{page_path}/send");
    let page = session.open(&page_path).expect(200);
    assert!(page.text.contains("no-recipient") && !page.text.contains(&send), "{page}");
    let subject = [("subject", "May we serve you?"), ("text", "Open {link}")];
    let before = server.position();
    for (to, text, why) in [
        ("nobody", "Open {link}", "e-mail"),
        (TO, "Open nothing", "{link}"),
        (TO, "", "must not be empty"),
    ] {
        let fields = [("recipient", to), ("subject", "May we?"), ("text", text)];
        let refused = session.send(&page, &page_path, &fields).expect(422);
        assert!(refused.text.contains(why), "{why}: {refused}");
    }
    assert_eq!(server.position(), before, "nothing is written");
    let fields = [subject.as_slice(), &[("recipient", TO)]].concat();
    let page = session.follow(&page, &page_path, &fields);
    assert!(page.text.contains("The e-mail is saved."), "{page}");
    let done = session.follow(&page, &send, &[]);
    assert!(done.text.contains("The e-mail is being sent."), "{done}");
    sending(&api, &path, "sent");
    let page = session.open(&page_path).expect(200);
    assert!(page.text.contains("written to a file") && !page.text.contains("Save e-mail"));
}
