//! What partnerlog notices itself: damage it healed, callers it refused.

use std::{fs, path::Path};

use serde_json::{Value, json};
use tests::{Installation, NewCustomer, until};

use crate::{begin, pages};

/// The events of one type, as `replay` tells them.
fn recorded(installation: &Installation, kind: &str) -> Vec<Value> {
    let options = ["--format", "jsonl", "--type", kind];
    let replay = installation.run(&["replay"], &options).exited(0);
    replay.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn flip(path: &Path) {
    let mut bytes = fs::read(path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(path, bytes).unwrap();
}

/// Every file that is kept twice, of a stopped installation.
const KEPT_TWICE: [(&str, &str); 8] = [
    ("partnerlog.id", "identity"),
    ("partnerlog.id.copy", "identity"),
    ("keys/secrets.a", "secrets"),
    ("keys/secrets.b", "secrets"),
    ("keys/data-keys.a", "key_blocks"),
    ("keys/data-keys.b", "key_blocks"),
    ("keys/credentials.a", "credentials"),
    ("keys/credentials.b", "credentials"),
];

#[test]
fn damage_that_a_start_healed_is_recorded_once_and_shown_to_everybody_who_reads_the_log() {
    let installation = begin();
    for (number, (file, part)) in KEPT_TWICE.iter().enumerate() {
        let path = installation.data().join(file);
        let whole = fs::read(&path).unwrap();
        flip(&path);
        installation.run(&["verify"], &[]).exited(1);
        installation.serve().stop();
        assert!(fs::read(&path).unwrap() == whole, "{file}");
        let healed = recorded(&installation, "DamageHealed");
        assert_eq!(healed.len(), number + 1, "{file}");
        let last = &healed[number]["data"];
        assert_eq!((&last["part"], &last["foundBy"]), (&json!(part), &json!("opening")), "{file}");
        installation.run(&["verify"], &[]).exited(0);
    }
    let server = installation.serve();
    let browser = pages::sign_in(&server, &installation.provider.token);
    let page = pages::page(&browser, "/audit?scope=installation").expect(200).text;
    assert_eq!(
        page.matches("healed <strong>a copy of the data keys</strong>").count(),
        2,
        "{page}"
    );
    assert!(page.contains("data-keys.a: block 0"), "{page}");
    server.stop();
    assert_eq!(recorded(&installation, "DamageHealed").len(), KEPT_TWICE.len());
}

#[test]
fn a_start_with_both_copies_of_a_key_file_damaged_or_missing_says_which_and_what_is_lost() {
    let cases = [
        ("secrets", "no personal data can be read"),
        ("data-keys", "up to 256 people"),
        ("credentials", "passwords or tokens"),
    ];
    let installation = begin();
    for (file, lost) in cases {
        let copies = ["a", "b"].map(|copy| installation.data().join(format!("keys/{file}.{copy}")));
        let whole = copies.clone().map(|copy| fs::read(copy).unwrap());
        for copy in &copies {
            flip(copy);
        }
        let refused = installation.run(&["serve"], &["--listen", "127.0.0.1:0"]).exited(1);
        assert!(
            refused.stderr.contains(file) && refused.stderr.contains(lost),
            "{}",
            refused.stderr
        );
        for missing in [true, false] {
            for copy in &copies {
                if missing { fs::remove_file(copy) } else { fs::write(copy, []) }.unwrap();
            }
            if missing || file != "credentials" {
                let refused = installation.run(&["serve"], &["--listen", "127.0.0.1:0"]);
                assert_ne!(refused.code, Some(0), "{file}");
                assert!(refused.stderr.contains(file), "{}", refused.stderr);
            }
        }
        for (copy, bytes) in copies.iter().zip(whole) {
            fs::write(copy, bytes).unwrap();
        }
    }
    installation.run(&["verify"], &[]).exited(0);
    assert_eq!(recorded(&installation, "DamageHealed").len(), 0);
}

#[test]
fn who_was_refused_stands_in_its_companys_log_and_in_no_other() {
    let installation = begin();
    let rival = installation.register("Rival", "direct-partner", "rita@rival.example", "4200077");
    let server = installation.serve();
    let admin = server.api(&installation.provider.token);
    let user = admin.add_partner_user("Ben", "ben@fabrikam.example", &["helpdesk_agent"]);
    let ben = server.api(&admin.issue_token(&user.id));
    let before = server.position();
    let body = NewCustomer::body("Relecloud", "relecloud.example");
    let correlation = tests::fresh_guid();
    for _ in 0..3 {
        let asked = ben.request("POST", "/v1/customers").header("MS-CorrelationId", &correlation);
        asked.json(&body).send().refused(403, 900_150);
    }
    ben.get("/v1/users").refused(403, 900_150);
    assert_eq!(server.position(), before, "a refused command leaves nothing in other streams");
    let refused = until("refusals in the history", || {
        let history = admin.get("/v1/history").expect(200).json()["items"].clone();
        let refusal = |event: &&Value| event["type"] == "AccessRefused";
        let found: Vec<_> = history.as_array()?.iter().filter(refusal).cloned().collect();
        (!found.is_empty()).then_some(found)
    });
    let [refusal] = refused.as_slice() else { panic!("one fact a minute: {refused:?}") };
    let text = refusal.to_string();
    for told in ["forbidden", "customers.create", "CreateCustomer", &user.id, &correlation] {
        assert!(text.contains(told), "{told}: {text}");
    }
    let browser = pages::sign_in(&server, &installation.provider.token);
    let page = pages::page(&browser, "/audit").expect(200).text;
    assert!(page.contains("refused <strong>CreateCustomer</strong> to Ben"), "{page}");
    let rivals = server.api(&rival.token).get("/v1/history").expect(200).text;
    assert!(!rivals.contains("AccessRefused"), "{rivals}");
    let browser = pages::sign_in(&server, &rival.token);
    let page = pages::page(&browser, "/audit?scope=installation").expect(200).text;
    assert!(!page.contains("CreateCustomer"), "{page}");
    server.stop();
    let told = recorded(&installation, "AccessRefused");
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(told[0]["data"]["suppressed"], 0);
}

#[test]
fn a_directory_from_before_there_was_a_second_copy_is_good_and_gets_it() {
    let installation = begin();
    let copy = installation.data().join("partnerlog.id.copy");
    fs::remove_file(&copy).unwrap();
    let good = installation.run(&["verify"], &[]).exited(0).stdout;
    assert!(good.contains("no copy yet") && good.contains("partnerlog.id.copy"), "{good}");
    assert_eq!(good.lines().last(), Some("good"));
    assert!(!copy.exists(), "nothing is changed");
    installation.serve().stop();
    assert!(copy.exists());
    let good = installation.run(&["verify"], &[]).exited(0).stdout;
    assert!(!good.contains("no copy yet"), "{good}");
}

#[test]
fn verify_says_what_it_did_not_try_and_lists_what_it_found() {
    let installation = begin();
    flip(&installation.data().join("sealed.mark"));
    flip(&installation.data().join("keys/data-keys.a"));
    let damaged = installation.run(&["verify"], &[]).exited(1).stdout;
    assert!(damaged.contains("decoded       not tried"), "{damaged}");
    assert!(damaged.lines().any(|line| line.starts_with("files ")), "{damaged}");
    assert!(damaged.lines().any(|line| line.starts_with("keys ")), "{damaged}");
    installation.serve().stop();
    installation.run(&["verify"], &[]).exited(0);
}
