//! Planted names, addresses, passwords and tokens are nowhere in the log's files or in what the
//! server printed.

use std::{fs, path::Path};

use serde_json::json;
use tests::{Installation, NewCustomer, OFFER_PREMIUM, SKU_PREMIUM};

use crate::PROGRAM;

/// Personal data that the story enters: none of it may be found in the clear.
const PLANTED: [&str; 12] = [
    "quistfirst",
    "quistlast",
    "quistdisplay",
    "quistlogin",
    "zzcontactfirst",
    "zzcontactlast",
    "zzcontactmail",
    "zzstreetname",
    "5550178899",
    "plantedadmin",
    "plantedcolleague",
    "plantedreason",
];

/// More users than the log leaves in its journal alone.
const SEALED_USERS: usize = 300;

/// A text in the forms in which it could have leaked.
fn forms(text: &str) -> Vec<(String, Vec<u8>)> {
    let plain = [text.to_owned(), text.to_lowercase(), text.to_uppercase()];
    let mut forms: Vec<(String, Vec<u8>)> =
        plain.into_iter().map(|form| (form.clone(), form.into_bytes())).collect();
    let utf16 = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    forms.push((format!("{text} (UTF-16)"), utf16));
    forms.push((
        format!("{text} (hex)"),
        text.bytes().flat_map(|byte| format!("{byte:02x}").into_bytes()).collect(),
    ));
    // A text inside a longer one has one of three alignments in base64; its first and last digits
    // depend on its neighbours.
    for skip in 0..3 {
        let padded: Vec<u8> = std::iter::repeat_n(0, skip).chain(text.bytes()).collect();
        let digits = base64(&padded);
        let whole = &digits[(skip * 8).div_ceil(6)..padded.len() * 8 / 6];
        forms.push((format!("{text} (base64)"), whole.as_bytes().to_vec()));
    }
    forms
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let bits: Vec<bool> =
        bytes.iter().flat_map(|byte| (0..8).rev().map(move |bit| byte >> bit & 1 == 1)).collect();
    let digit = |bits: &[bool]| {
        (0..6).fold(0, |digit, bit| digit << 1 | usize::from(bits.get(bit) == Some(&true)))
    };
    bits.chunks(6).map(|bits| char::from(DIGITS[digit(bits)])).collect()
}

/// Texts in all their forms, by their first two bytes: places are searched for all of them at once.
struct Needles(Vec<Vec<(String, Vec<u8>)>>);

impl Needles {
    fn of(secrets: &[String]) -> Self {
        let mut by_start = vec![Vec::new(); 1 << 16];
        for (form, bytes) in secrets.iter().flat_map(|secret| forms(secret)) {
            by_start[usize::from(bytes[0]) << 8 | usize::from(bytes[1])].push((form, bytes));
        }
        Self(by_start)
    }

    /// The first of them that stands in a content.
    fn found_in(&self, content: &[u8]) -> Option<&str> {
        let mut start = 0;
        for (at, byte) in content.iter().enumerate() {
            start = (start << 8 | usize::from(*byte)) & 0xffff;
            for (form, bytes) in &self.0[start] {
                if at > 0 && content[at - 1..].starts_with(bytes) {
                    return Some(form);
                }
            }
        }
        None
    }
}

/// Every file below a directory with its content.
fn files(directory: &Path, found: &mut Vec<(String, Vec<u8>)>) {
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else {
            found.push((path.display().to_string(), fs::read(&path).unwrap()));
        }
    }
}

fn check(places: &[(String, Vec<u8>)], secrets: &[String]) {
    let needles = Needles::of(secrets);
    for (place, content) in places {
        assert_eq!(needles.found_in(content), None, "it is in {place}");
    }
}

/// Enters every planted text by some way; returns the passwords and tokens that were shown.
fn story(installation: &Installation, server: &tests::RunningServer) -> Vec<String> {
    let api = server.api(&installation.provider.token);
    let mut body = NewCustomer::body("Relecloud", "relecloud.example");
    let profile = &mut body["billingProfile"];
    profile["email"] = "zzcontactmail@mail.example".into();
    let address = &mut profile["defaultAddress"];
    address["firstName"] = "Zzcontactfirst".into();
    address["lastName"] = "Zzcontactlast".into();
    address["addressLine1"] = "7 Zzstreetname".into();
    address["phoneNumber"] = "5550178899".into();
    let customer = api.create_customer_from(&body);
    api.order(&customer, OFFER_PREMIUM, 2);
    let users = format!("{}/users", customer.path);
    let user_body = json!({
        "usageLocation": "US", "userPrincipalName": "quistlogin@relecloud.example",
        "firstName": "Quistfirst", "lastName": "Quistlast", "displayName": "Quistdisplay",
    });
    let created = api.post(&users, &user_body).expect_success();
    let user = tests::NewUser {
        path: format!("{users}/{}", created.text_at("/id")),
        id: created.text_at("/id"),
        credentials: tests::Credentials {
            user_name: created.text_at("/userPrincipalName"),
            password: created.text_at("/passwordProfile/password"),
        },
    };
    api.assign(&user, &[SKU_PREMIUM]);
    api.request("DELETE", &user.path)
        .json(&json!({ "reason": "plantedreason of leaving" }))
        .send()
        .expect(204);
    api.restore(&user).expect(200);
    let colleague = api.add_partner_user(
        "Plantedcolleague",
        "plantedcolleague@fabrikam.example",
        &["admin_agent"],
    );
    let token = api.issue_token(&colleague.id);
    // Enough to be moved from the journal into the sealed log.
    for number in 0..SEALED_USERS {
        let name = format!("quistlogin{number}@relecloud.example");
        let body = json!({ "userPrincipalName": name, "displayName": "Quistdisplay" });
        api.post(&users, &body).expect_success();
    }
    // What is refused must not be told to the log of the process either.
    let wrong = api.post(
        &users,
        &json!({ "userPrincipalName": "quistlogin at relecloud", "displayName": "Quistdisplay" }),
    );
    assert_eq!(wrong.status, 400, "{wrong}");
    let again = api.post(&users, &user_body);
    assert_eq!(again.status, 409, "{again}");
    let unknown = server.api("plog_quistlogin").get("/v1/customers");
    assert_eq!(unknown.status, 401, "{unknown}");
    vec![customer.admin.password, user.credentials.password, colleague.password, token]
}

#[test]
fn planted_personal_data_and_secrets_are_nowhere_in_the_log_or_the_output() {
    let installation =
        Installation::begin_with(PROGRAM, "Fabrikam Provider", "plantedadmin@fabrikam.example");
    let server = installation.serve();
    let mut secrets = story(&installation, &server);
    secrets.extend([installation.provider.password.clone(), installation.provider.token.clone()]);
    // Once from the running process, whose journal is still open, once after a clean end.
    for stopped in [server.kill(), installation.serve().stop()] {
        let mut places = vec![("the output".to_owned(), stopped.into_bytes())];
        files(&installation.data(), &mut places);
        assert!(places.len() > 5, "the data directory holds files");
        let (keys, others): (Vec<_>, Vec<_>) =
            places.into_iter().partition(|(path, _)| path.contains("/keys/"));
        assert!(!keys.is_empty());
        let planted: Vec<String> = PLANTED.map(str::to_owned).into();
        check(&others, &planted);
        check(&others, &secrets);
        check(&keys, &secrets);
    }
    let verified = installation.run(&["verify"], &[]).exited(0);
    assert!(!verified.labelled("second copy").starts_with("0 "), "{}", verified.stdout);
}

#[test]
fn a_planted_text_would_be_found_in_every_form() {
    let content = |text: &str| vec![("a file".to_owned(), text.as_bytes().to_vec())];
    let inside = |text: &str| format!("before {text} after");
    for form in [
        "Quistlogin",
        "quistlogin",
        "QUISTLOGIN",
        &base64(b"x Quistlogin y"),
        &base64(b"xyzquistlogin"),
    ] {
        let found = std::panic::catch_unwind(|| {
            check(&content(&inside(form)), &["Quistlogin".to_owned(), "quistlogin".to_owned()]);
        });
        assert!(found.is_err(), "{form}");
    }
    check(&content("nothing of the sort"), &["Quistlogin".to_owned()]);
}
