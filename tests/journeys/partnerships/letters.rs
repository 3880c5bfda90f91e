//! The e-mail of a request: drafted, edited, written to a file where no mail server is named, once.

use std::{fs, path::Path};

use serde_json::{Value, json};
use tests::{Api, RunningServer};

use super::{Companies, ask, path_of, process, sending};

fn letters(directory: &Path) -> Vec<String> {
    let Ok(files) = fs::read_dir(directory) else { return Vec::new() };
    files.map(|file| fs::read_to_string(file.unwrap().path()).unwrap()).collect()
}

/// Waits until a process has done everything that was due.
fn caught_up(server: &RunningServer, name: &str) {
    tests::until("process that has caught up", || {
        (process(server, name)["lagEvents"] == 0).then_some(())
    });
}

#[test]
fn a_letter_is_edited_until_it_is_sent_and_keeps_the_place_of_its_link() {
    let companies = Companies::new();
    let server = companies.installation.serve();
    let provider = companies.provider(&server);
    let request = ask(&provider);
    let path = path_of(&request);
    assert_eq!(request.text_at("/sending/status"), "draft");
    let text = json!({ "text": "Dear Wanda,\n{link}\nYours, Ana" });
    let edited = provider.patch(&path, &text).expect(200);
    let link = edited.text_at("/link");
    assert_eq!(edited.text_at("/text"), format!("Dear Wanda,\n{link}\nYours, Ana"));
    assert_eq!(edited.text_at("/draftText"), "Dear Wanda,\n{link}\nYours, Ana");
    assert_eq!(edited.text_at("/subject"), "Sell with us", "what is left out stays");
    assert!(edited.text_at("/mailto").starts_with("mailto:wanda@wingtip.example?subject="));
    let other = json!({ "recipient": "office@wingtip.example", "subject": "Once more" });
    let edited = provider.patch(&path, &other).expect(200);
    assert_eq!(edited.text_at("/recipient"), "office@wingtip.example");

    provider.post(&format!("{path}/send"), &json!({})).expect(200);
    let sent = sending(&provider, &path, "sent");
    assert_eq!(sent["route"], "file");
    for answer in [provider.patch(&path, &text), provider.post(&format!("{path}/send"), &json!({}))]
    {
        assert_eq!(answer.refused(400, 2000).reason(), "letter_sent");
    }
    let history = provider.get("/v1/history").expect(200).text;
    for event in ["InvitationEdited", "InvitationSendRequested", "InvitationSent"] {
        assert!(history.contains(event), "{event}");
    }
}

#[test]
fn a_letter_is_written_once_whatever_is_restarted_rebuilt_replayed_or_lost_meanwhile() {
    let companies = Companies::new();
    let installation = &companies.installation;
    let server = installation.serve();
    let provider = companies.provider(&server);
    let path = path_of(&ask(&provider));
    provider.post(&format!("{path}/send"), &json!({})).expect(200);
    sending(&provider, &path, "sent");
    let outbox = installation.data().join("outbox");
    let [letter] = &letters(&outbox)[..] else { panic!("one letter") };
    for part in
        ["To: wanda@wingtip.example", "Subject: Sell with us", "X-Unsent: 1", "/invitations/"]
    {
        assert!(letter.contains(part), "{part} in {letter}");
    }
    let position = server.position();
    server.kill();

    fs::remove_dir_all(&outbox).unwrap();
    installation.run(&["rebuild"], &[]).exited(0);
    installation.run(&["replay"], &[]).exited(0);
    let server = installation.serve();
    for process in ["mail", "expiry", "purge", "support_contacts", "terms"] {
        caught_up(&server, process);
    }
    assert_eq!(server.position(), position);
    assert!(letters(&outbox).is_empty());
}

#[test]
fn a_letter_that_waits_is_neither_sent_by_a_replay_nor_forgotten_by_a_restart() {
    let companies = Companies::new();
    let installation = &companies.installation;
    // A file where the directory of letters should be.
    let outbox = installation.data().join("outbox");
    fs::write(&outbox, "in the way").unwrap();
    let server = installation.serve();
    let provider = companies.provider(&server);
    let path = path_of(&ask(&provider));
    provider.post(&format!("{path}/send"), &json!({})).expect(200);
    let failed = tests::until("attempt that failed", || {
        let waiting = sending(&provider, &path, "underWay");
        (waiting["failedAttempts"] == 1).then_some(waiting)
    });
    assert_eq!(failed["lastFailure"], "not_written");
    tests::until("reason that health tells", || {
        (process(&server, "mail")["lastError"]["code"] == "not_written").then_some(())
    });
    assert_eq!(process(&server, "mail")["waiting"], 1);
    let metrics = server.anonymous().get("/metrics").expect(200).text;
    assert!(metrics.contains(r#"partnerlog_process_waiting{process="mail"} 1"#), "{metrics}");
    let position = server.position();
    server.stop();

    installation.run(&["rebuild"], &[]).exited(0);
    installation.run(&["replay"], &[]).exited(0);
    assert_eq!(fs::read_to_string(&outbox).unwrap(), "in the way");
    let server = installation.serve();
    assert_eq!(server.position(), position);
    assert_eq!(process(&server, "mail")["waiting"], 1);
    let provider = companies.provider(&server);
    assert_eq!(sending(&provider, &path, "underWay"), failed);
}

/// What is wrong with a letter: the field that is to blame, and the body.
fn bad_letters() -> Vec<(&'static str, Value)> {
    let long = |length: usize| "x".repeat(length);
    vec![
        ("text", json!({})),
        ("recipient", json!({ "recipient": "" })),
        ("recipient", json!({ "recipient": "nobody" })),
        ("recipient", json!({ "recipient": 5 })),
        ("recipient", json!({ "recipient": format!("{}@wingtip.example", long(300)) })),
        ("recipient", json!({ "recipient": "a@wingtip.example\r\nBcc: b@wingtip.example" })),
        ("subject", json!({ "subject": "" })),
        ("subject", json!({ "subject": ["Sell"] })),
        ("subject", json!({ "subject": long(201) })),
        ("subject", json!({ "subject": "Sell\r\nBcc: b@wingtip.example" })),
        ("text", json!({ "text": "" })),
        ("text", json!({ "text": "no place for the l{i}nk" })),
        ("text", json!({ "text": false })),
        ("text", json!({ "text": format!("{{link}}{}", long(8_000)) })),
        ("text", json!({ "text": "{link}\u{0}" })),
    ]
}

#[test]
fn a_bad_letter_is_refused_by_its_field_and_nothing_is_written() {
    let companies = Companies::new();
    let server = companies.installation.serve();
    let provider = companies.provider(&server);
    let path = path_of(&ask(&provider));
    let position = server.position();
    for (field, body) in bad_letters() {
        let edited = provider.patch(&path, &body);
        assert_eq!(edited.status, 400, "{body}: {edited}");
        assert!(edited.text.contains(field), "{body}: {edited}");
        let mut whole = json!({ "recipient": "wanda@wingtip.example" });
        whole.as_object_mut().unwrap().extend(body.as_object().unwrap().clone());
        // Who asks and leaves subject or text out, or empty, gets what is proposed.
        let is_proposed = ["text", "subject"].iter().any(|name| body[name] == "");
        if !body.as_object().unwrap().is_empty() && !is_proposed {
            let asked = provider.post("/v1/partnerships", &whole);
            assert_eq!(asked.status, 400, "{body}: {asked}");
            assert!(asked.text.contains(field), "{body}: {asked}");
        }
    }
    for days in [json!(0), json!(366), json!(-1), json!("soon")] {
        let body = json!({ "recipient": "wanda@wingtip.example", "expiresInDays": days });
        let asked = provider.post("/v1/partnerships", &body);
        assert!(asked.status == 400 && asked.text.contains("expiresInDays"), "{asked}");
    }
    nobody_elses_business(&companies, &server, &path);
    assert_eq!(server.position(), position);
}

fn nobody_elses_business(companies: &Companies, server: &RunningServer, path: &str) {
    let text = json!({ "text": "{link}" });
    let foreign: Vec<Api> = vec![companies.wingtip(server), server.api(&companies.direct.token)];
    for api in foreign {
        api.patch(path, &text).refused(404, 1000);
        api.post(&format!("{path}/send"), &json!({})).refused(404, 1000);
    }
    let provider = companies.provider(server);
    let nothing = "/v1/partnerships/00000000-0000-4000-8000-000000000000";
    provider.patch(nothing, &text).refused(404, 1000);
    provider.post(&format!("{nothing}/send"), &json!({})).refused(404, 1000);
    server.anonymous().patch(path, &text).expect(401);
}
