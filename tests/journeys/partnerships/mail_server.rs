//! Letters handed to a real mail server. Where none can be had the tests say so and pass.

use std::{
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
};

use serde_json::{Value, json};
use tests::{MailServer, MailServerOptions, RunningServer};

use super::{Companies, accept, ask, path_of, process, sending};

const PASSWORD: &str = "plantedmailpassword";

/// Where the mail server's tools lie, for all tests of a build.
fn place() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("mail-server")
}

macro_rules! mail_server_or_return {
    ($options:expr) => {
        match MailServer::start(&place(), &$options) {
            Some(server) => server,
            None => return,
        }
    };
}

fn serve(companies: &Companies, port: u16, options: &[&str]) -> RunningServer {
    let port = port.to_string();
    let mut all: Vec<OsString> = ["--smtp-host", "localhost", "--smtp-port", &port]
        .into_iter()
        .chain(options.iter().copied())
        .map(OsString::from)
        .collect();
    all.extend(["--mail-from", "post@fabrikam.example"].map(OsString::from));
    companies.installation.serve_with(all)
}

/// The text of a letter, its soft line breaks undone.
fn text_of(letter: &Value) -> String {
    letter["content"].as_str().unwrap().replace("=\r\n", "").replace("=3D", "=")
}

#[test]
fn a_letter_goes_out_by_smtp_and_its_link_makes_the_two_partners() {
    let options = MailServerOptions {
        login: Some("partnerlog:plantedmailpassword"),
        starttls: true,
        ..MailServerOptions::default()
    };
    let mail = mail_server_or_return!(options);
    let companies = Companies::new();
    let secret = companies.installation.beside("password");
    fs::write(&secret, format!("{PASSWORD}\n")).unwrap();
    let certificate = mail.certificate();
    let server = serve(
        &companies,
        mail.port(),
        &[
            "--smtp-user",
            "partnerlog",
            "--smtp-password-file",
            secret.to_str().unwrap(),
            "--smtp-certificate",
            certificate.to_str().unwrap(),
            "--public-address",
            "https://partners.fabrikam.example/",
        ],
    );
    let provider = companies.provider(&server);
    let request = ask(&provider);
    let path = path_of(&request);
    provider.post(&format!("{path}/send"), &json!({})).expect(200);
    let letter = mail.letter();
    assert_eq!(letter["to"], json!(["wanda@wingtip.example"]));
    assert_eq!(letter["from"], "post@fabrikam.example");
    assert_eq!((&letter["tls"], &letter["authenticated"]), (&json!(true), &json!(true)));
    let text = text_of(&letter);
    for part in ["From: \"Fabrikam Provider\" <post@fabrikam.example>", "Subject: Sell with us"] {
        assert!(text.contains(part), "{part} in {text}");
    }
    assert_eq!(sending(&provider, &path, "sent")["route"], "smtp");
    let link = text.split_whitespace().find(|word| word.contains("/invitations/")).unwrap();
    assert!(link.starts_with("https://partners.fabrikam.example/invitations/"), "{link}");
    accept(&companies.wingtip(&server), link).expect_success();
    assert!(mail.is_empty());

    let printed = server.stop();
    let replayed = companies.installation.run(&["replay"], &[]).exited(0).stdout;
    for shown in [printed, replayed] {
        assert!(!shown.contains(PASSWORD));
    }
}

#[test]
fn a_letter_that_the_server_does_not_take_for_now_waits_and_one_it_refuses_can_be_mended() {
    let answers = &["451 later", "550 no such mailbox"];
    let mail = mail_server_or_return!(MailServerOptions { answers, ..Default::default() });
    let companies = Companies::new();
    let server = serve(&companies, mail.port(), &["--smtp-security", "none"]);
    let provider = companies.provider(&server);
    let (first, second) = (path_of(&ask(&provider)), path_of(&ask(&provider)));
    provider.post(&format!("{first}/send"), &json!({})).expect(200);
    assert_eq!(mail.letter()["answer"], "451 later");
    let waiting = tests::until("attempt that failed", || {
        let waiting = sending(&provider, &first, "underWay");
        (waiting["failedAttempts"] == 1).then_some(waiting)
    });
    assert_eq!(waiting["lastFailure"], "deferred");
    assert!(waiting["nextAttemptAt"].is_string());

    provider.post(&format!("{second}/send"), &json!({})).expect(200);
    assert_eq!(mail.letter()["answer"], "550 no such mailbox");
    assert_eq!(sending(&provider, &second, "givenUp")["lastFailure"], "refused");
    provider.patch(&second, &json!({ "recipient": "office@wingtip.example" })).expect(200);
    provider.post(&format!("{second}/send"), &json!({})).expect(200);
    let letter = mail.letter();
    assert_eq!(letter["to"], json!(["office@wingtip.example"]), "one waits, the other goes on");
    assert_eq!(sending(&provider, &second, "sent")["route"], "smtp");
    let printed = server.stop();
    assert!(!printed.contains("wingtip.example"), "traces name nobody: {printed}");
}

#[test]
fn what_the_mail_server_demands_and_is_not_given_is_told_as_the_reason() {
    let options =
        MailServerOptions { login: Some("partnerlog:another"), ..MailServerOptions::default() };
    let mail = mail_server_or_return!(options);
    let companies = Companies::new();
    let secret = companies.installation.beside("password");
    fs::write(&secret, PASSWORD).unwrap();
    let login = [
        "--smtp-security",
        "none",
        "--smtp-user",
        "partnerlog",
        "--smtp-password-file",
        secret.to_str().unwrap(),
    ];
    let server = serve(&companies, mail.port(), &login);
    let provider = companies.provider(&server);
    let path = path_of(&ask(&provider));
    provider.post(&format!("{path}/send"), &json!({})).expect(200);
    let failure = || provider.get(&path).expect(200).json()["sending"]["lastFailure"].clone();
    tests::until("refusal of the credentials", || (failure() == "not_authenticated").then_some(()));
    server.stop();
}

#[test]
fn a_mail_server_without_tls_is_given_no_letter_unless_that_is_wanted() {
    let mail = mail_server_or_return!(MailServerOptions::default());
    let companies = Companies::new();
    let server = serve(&companies, mail.port(), &[]);
    let provider = companies.provider(&server);
    let path = path_of(&ask(&provider));
    provider.post(&format!("{path}/send"), &json!({})).expect(200);
    let failure = || provider.get(&path).expect(200).json()["sending"]["lastFailure"].clone();
    tests::until("refusal to go on", || (failure() == "unprotected").then_some(()));
    assert!(mail.is_empty());
    server.stop();
}

#[test]
fn a_mail_server_that_is_not_there_is_told_by_health_and_the_letter_waits() {
    let companies = Companies::new();
    // Port 1 is nobody's.
    let server = serve(&companies, 1, &["--smtp-security", "none"]);
    let provider = companies.provider(&server);
    let path = path_of(&ask(&provider));
    provider.post(&format!("{path}/send"), &json!({})).expect(200);
    tests::until("attempt that failed", || {
        let mail = process(&server, "mail");
        (mail["lastError"]["code"] == "unreachable").then_some(())
    });
    assert_eq!(process(&server, "mail")["waiting"], 1);
    server.stop();
}
