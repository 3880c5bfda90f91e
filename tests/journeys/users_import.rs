//! The CSV file of users over the API: credentials once, every faulty row named, nothing half done.

use serde_json::{Value, json};
use tests::{Answer, Api, NewCustomer, OFFER_PREMIUM, SKU_PREMIUM, fresh_guid};

use crate::begin;

const FILE: &str = "\u{feff}Display name;Email;Licenses;Usage location\r\n\
    \"Müller; Jürgen\";jurgen@relecloud.example;O365_BUSINESS_PREMIUM;DE\r\n\
    Zoë;zoe@relecloud.example;;\r\n";

fn import(api: &Api, customer: &NewCustomer, query: &str, key: &str, file: &[u8]) -> Answer {
    let path = format!("{}/users/import{query}", customer.path);
    api.request("POST", &path).key(key).header("Content-Type", "text/csv").raw(file).send()
}

fn refused(api: &Api, customer: &NewCustomer, query: &str, file: &[u8]) -> Answer {
    import(api, customer, query, &fresh_guid(), file).expect(400)
}

#[test]
fn a_file_becomes_users_with_licences_whose_passwords_are_listed_once() {
    let installation = begin();
    let server = installation.serve();
    let api = server.api(&installation.provider.token);
    let customer = api.create_customer("Relecloud", "relecloud.example");
    api.order(&customer, OFFER_PREMIUM, 2);
    let key = fresh_guid();
    let first = import(&api, &customer, "", &key, FILE.as_bytes()).expect(201);
    let items = first.items();
    assert_eq!(items.len(), 2);
    assert_eq!(items[0]["displayName"], "Müller; Jürgen");
    assert_eq!((&items[0]["line"], &items[1]["line"]), (&Value::from(2), &Value::from(3)));
    assert_eq!(api.free_seats(&customer, SKU_PREMIUM), 1);
    let password = first.text_at("/items/0/passwordProfile/password");
    assert!(password.len() >= 20);

    let position = server.position();
    let again = import(&api, &customer, "", &key, FILE.as_bytes()).expect(201);
    assert_eq!(server.position(), position);
    assert_eq!(again.items()[0]["id"], items[0]["id"]);
    assert!(!again.text.contains(&password) && again.text.contains("already_shown"), "{again}");
    refused(&api, &customer, "?skipFaulty=true", FILE.as_bytes());
    assert_eq!(import(&api, &customer, "", &key, b"Display name,Email\n").status, 400);
    assert_eq!(server.position(), position);
    assert!(!server.printed().contains(&password));
}

#[test]
fn several_get_new_passwords_each_with_its_own_outcome() {
    let installation = begin();
    let server = installation.serve();
    let api = server.api(&installation.provider.token);
    let customer = api.create_customer("Relecloud", "relecloud.example");
    let [nora, gone] = ["nora", "gone"].map(|name| api.create_user(&customer, name));
    api.delete_user(&gone);
    let path = format!("{}/users/resetpassword", customer.path);
    let body = json!({ "userIds": [nora.id, gone.id] });
    let (key, position) = (fresh_guid(), server.position());
    let reset = || api.request("POST", &path).key(&key).json(&body).send().expect(200);
    let first = reset();
    let items = first.items();
    assert_eq!((&items[0]["status"], &items[1]["status"]), (&json!("reset"), &json!("refused")));
    let password = first.text_at("/items/0/passwordProfile/password");
    assert!(password.len() >= 20 && password != nora.credentials.password);
    assert_eq!(server.position(), position + 1);
    let again = reset();
    assert!(!again.text.contains(&password) && again.text.contains("already_shown"), "{again}");
    assert_eq!(server.position(), position + 1);
}

#[test]
fn credentials_come_as_a_table_for_whoever_asks_for_one() {
    let installation = begin();
    let server = installation.serve();
    let api = server.api(&installation.provider.token);
    let customer = api.create_customer("Relecloud", "relecloud.example");
    let path = format!("{}/users/import", customer.path);
    let file = "Display name,Email\nAna,ana@relecloud.example\n";
    let answer = api.request("POST", &path).header("Accept", "text/csv").raw(file).send();
    let table = answer.expect(201);
    assert_eq!(table.header("Content-Type"), Some("text/csv; charset=utf-8"));
    assert_eq!(table.header("Cache-Control"), Some("no-store"));
    let rows: Vec<&str> = table.text.trim_end().split("\r\n").collect();
    assert_eq!(rows[0], "User name,Temporary password,Display name,Licenses,User id");
    assert!(rows[1].starts_with("ana@relecloud.example,") && rows.len() == 2, "{table}");
}

#[test]
fn every_faulty_row_is_named_and_the_good_ones_are_created_only_where_somebody_says_so() {
    let installation = begin();
    let server = installation.serve();
    let api = server.api(&installation.provider.token);
    let customer = api.create_customer("Relecloud", "relecloud.example");
    let position = server.position();
    let file = b"Display name,Email\n=1+1,f@relecloud.example\nA,admin@relecloud.example\n\
        Good,good@relecloud.example\nTwice,good@relecloud.example\nX,x@elsewhere.example\n";
    let answer = refused(&api, &customer, "", file);
    let data: Vec<&str> =
        answer.json()["data"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    assert_eq!(data[..2], ["faulty_rows", "file"]);
    let lines: Vec<_> = data[2..].iter().filter_map(|text| text.split(':').next()).collect();
    assert_eq!(lines, ["line 2", "line 3", "line 5", "line 6"], "{answer}");
    assert_eq!(server.position(), position);

    let key = fresh_guid();
    let skipped = import(&api, &customer, "?skipFaulty=true", &key, file).expect(201);
    assert_eq!(skipped.items().len(), 1);
    assert_eq!(skipped.json()["skipped"].as_array().unwrap().len(), 4);
}

#[test]
fn files_and_options_of_no_use_are_refused_and_nothing_is_recorded() {
    let installation = begin();
    let server = installation.serve();
    let api = server.api(&installation.provider.token);
    let customer = api.create_customer("Relecloud", "relecloud.example");
    let position = server.position();
    let header = "Display name,Email\n";
    let rows = |count: usize| {
        let rows = (0..count).map(|row| format!("U,u{row}@relecloud.example\n"));
        header.to_owned() + &rows.collect::<String>()
    };
    let utf_16: Vec<u8> = header.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let minimal = header.to_owned() + &"A,a@b.c\n".repeat(100_001);
    let (hundred_and_one, beyond) = (rows(101), rows(251));
    let cases: [(&str, &[u8], &str); 12] = [
        ("", b"", "empty"),
        ("", header.as_bytes(), "no row"),
        ("", b"Display name\nA\n", "Email"),
        ("", b"Display name,Email,Shoe size\n", "Shoe size"),
        ("", b"Display name,Email\n\"A,a@relecloud.example\n", "quote"),
        ("", &utf_16, "UTF-16"),
        ("", b"Display name,Email\nJos\xe9,j@relecloud.example\n", "line 2"),
        ("", hundred_and_one.as_bytes(), "101 rows, at most 100"),
        ("?rowsMax=250", beyond.as_bytes(), "251 rows, at most 250"),
        ("", minimal.as_bytes(), "100001 rows"),
        ("?rowsMax=251", rows(1).leak().as_bytes(), "rowsMax"),
        ("?usageLocation=USA", rows(1).leak().as_bytes(), "usageLocation"),
    ];
    for (query, file, reason) in cases {
        let answer = refused(&api, &customer, query, file);
        assert!(answer.text.contains(reason), "{reason}: {answer}");
    }
    let long = minimal + &"A,a@b.c\n".repeat(50_000);
    assert_eq!(import(&api, &customer, "", &fresh_guid(), long.as_bytes()).status, 413);
    assert_eq!(server.position(), position);
}
