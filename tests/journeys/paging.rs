//! Long lists, page by page: everything once, in one order, and an end.

use std::{collections::BTreeSet, fmt::Write as _};

use serde_json::{Value, json};
use tests::{Answer, Api, NewCustomer};

use crate::begin;

const CUSTOMERS: usize = 11;
const PAGE: usize = 4;

/// Follows a list from its first page to its last, as the contract's clients do.
fn walk(api: &Api, path: &str) -> Vec<Vec<Value>> {
    let mut page = api.get(path).expect(200);
    let mut pages = vec![page.items()];
    while let Some(uri) = page.json().pointer("/links/next/uri").and_then(Value::as_str) {
        assert!(
            uri.starts_with('/') && !uri.starts_with("/v1"),
            "relative, without version: {uri}"
        );
        let mut request = api.request("GET", &format!("/v1/{uri}"));
        for header in page.json()["links"]["next"]["headers"].as_array().unwrap() {
            let (key, value) = (header["key"].as_str().unwrap(), header["value"].as_str().unwrap());
            request = request.header(key, value);
        }
        page = request.send().expect(200);
        pages.push(page.items());
        assert!(pages.len() <= 2 * CUSTOMERS, "the list has no end");
    }
    pages
}

fn ids(pages: &[Vec<Value>]) -> Vec<String> {
    pages.iter().flatten().map(|item| item["id"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_list_read_page_by_page_is_the_whole_list_and_has_an_end() {
    let installation = begin();
    let server = installation.serve();
    let api = server.api(&installation.provider.token);
    let customers: Vec<NewCustomer> = (0..CUSTOMERS)
        .map(|number| {
            api.create_customer(&format!("Company {number}"), &format!("c{number}.example"))
        })
        .collect();
    for number in 0..CUSTOMERS - 1 {
        api.create_user(&customers[0], &format!("u{number}"));
    }
    for path in ["/v1/customers".to_owned(), format!("{}/users", customers[0].path)] {
        let whole = ids(&[api.items(&path)]);
        assert_eq!(whole.iter().collect::<BTreeSet<_>>().len(), CUSTOMERS, "{path}");
        let pages = walk(&api, &format!("{path}?size={PAGE}"));
        assert_eq!(pages.iter().map(Vec::len).collect::<Vec<_>>(), [4, 4, 3], "{path}");
        assert_eq!(ids(&pages), whole, "{path}");
    }
    let named = "filter=%7B%22Field%22:%22CompanyName%22,%22Value%22:%22company%201%22,%22Operator%22:%22starts_with%22%7D";
    let found = walk(&api, &format!("/v1/customers?size=2&{named}"));
    assert_eq!(ids(&found).len(), 2, "Company 1 and Company 10");
}

#[test]
fn a_page_token_is_of_no_use_elsewhere() {
    let installation = begin();
    let rival =
        installation.register("Rival", "indirect-provider", "rita@rival.example", "7000001");
    let server = installation.serve();
    let api = server.api(&installation.provider.token);
    for number in 0..3 {
        api.create_customer(&format!("Company {number}"), &format!("c{number}.example"));
    }
    let first = api.get("/v1/customers?size=2").expect(200);
    let token = first.text_at("/continuationToken");
    let next = |api: &Api, path: &str, token: &str| {
        let request = api.request("GET", &format!("{path}?size=2&seekOperation=Next"));
        request.header("MS-ContinuationToken", token).send()
    };
    assert_eq!(next(&api, "/v1/customers", &token).expect(200).items().len(), 1);
    let theirs = next(&server.api(&rival.token), "/v1/customers", &token);
    assert!(theirs.status == 400 || theirs.items().is_empty(), "{theirs}");
    for (path, token) in [("/v1/users", token.as_str()), ("/v1/customers", "forged")] {
        let refused = next(&api, path, token);
        assert_eq!(refused.status, 400, "{path}: {refused}");
    }
}

fn encoded(text: &str) -> String {
    text.bytes().fold(String::new(), |mut encoded, byte| {
        write!(encoded, "%{byte:02x}").unwrap();
        encoded
    })
}

/// The part of a list that an operation gives from the token of another part.
fn moved(api: &Api, path: &str, operation: &str, token: &str) -> Answer {
    let request = api.request("GET", &format!("{path}?seekOperation={operation}"));
    request.header("MS-ContinuationToken", token).send()
}

#[test]
fn a_list_is_read_backwards_from_its_end_and_by_the_number_of_a_part() {
    let installation = begin();
    let server = installation.serve();
    let api = server.api(&installation.provider.token);
    for number in 0..7 {
        api.create_customer(&format!("Company {number}"), &format!("c{number}.example"));
    }
    let customer = api.create_customer("Company 7", "c7.example");
    for number in 0..6 {
        api.create_user(&customer, &format!("u{number}"));
    }
    let users = format!("{}/users", customer.path);
    for path in ["/v1/customers", "/v1/roles", &users] {
        let whole = ids(&[api.items(path)]);
        let first = api.get(&format!("{path}?size=3")).expect(200);
        assert!(first.json().pointer("/links/previous").is_none(), "{path}: {first}");
        let second = moved(&api, path, "Next", &first.text_at("/continuationToken")).expect(200);
        assert_eq!(ids(&[second.items()]), whole[3..6], "{path}");
        let previous = second.json().pointer("/links/previous").cloned().unwrap();
        assert!(previous["uri"].as_str().unwrap().ends_with("seekOperation=Previous"), "{path}");
        let token = previous.pointer("/headers/0/value").and_then(Value::as_str).unwrap();
        let again = moved(&api, path, "previous", token).expect(200);
        assert_eq!(ids(&[again.items()]), whole[..3], "{path}");
        let last = api.get(&format!("{path}?size=3&seekOperation=Last")).expect(200);
        assert_eq!(ids(&[last.items()]), whole[whole.len() - 3..], "{path}");
        assert!(last.json().get("continuationToken").is_none(), "{path}: {last}");
        let numbered = format!("{path}?size=3&seekOperation=PageIndex&pageIndex=1");
        assert_eq!(ids(&[api.get(&numbered).expect(200).items()]), whole[3..6], "{path}");
        let skipped = api.get(&format!("{path}?size=2&offset=4")).expect(200);
        assert_eq!(ids(&[skipped.items()]), whole[4..6], "{path}");
        for wrong in ["Sideways", "Previous", "Next", "PageIndex"] {
            let refused = api.get(&format!("{path}?seekOperation={wrong}"));
            assert_eq!(refused.status, 400, "{path} {wrong}: {refused}");
        }
    }
    let sorted = format!("{users}?sortField=DisplayName&sortDirection=Descending");
    let whole = ids(&[api.items(&sorted)]);
    let first = api.get(&format!("{sorted}&size=3")).expect(200);
    let second = moved(&api, &users, "Next", &first.text_at("/continuationToken")).expect(200);
    assert_eq!(ids(&[second.items()]), whole[3..6]);
    let token = second.text_at("/links/previous/headers/0/value");
    let again = moved(&api, &users, "Previous", &token).expect(200);
    assert_eq!(ids(&[again.items()]), whole[..3]);
    let events = api.get("/v1/history?size=2").expect(200).text_at("/continuationToken");
    let refused = moved(&api, "/v1/history", "Previous", &events);
    assert_eq!(refused.refused(400, 2000).json()["data"][1], "seekOperation");
}

#[test]
fn customers_are_filtered_by_every_operator_and_by_several_at_once() {
    let installation = begin();
    let server = installation.serve();
    let api = server.api(&installation.provider.token);
    for (name, domain) in [("Alpha", "a.example"), ("Alphabet", "b.example"), ("Beta", "c.test")] {
        api.create_customer(name, domain);
    }
    let one = |field: &str, operator: &str, value: &str| json!({ "Field": field, "Operator": operator, "Value": value });
    let both = |left: Value, operator: &str, right: Value| json!({ "LeftFilter": left, "Operator": operator, "RightFilter": right });
    let names = |filter: &Value| {
        let encoded = encoded(&filter.to_string());
        let items = api.items(&format!("/v1/customers?size=0&filter={encoded}"));
        let names = items.iter().map(|it| it["companyProfile"]["companyName"].as_str().unwrap());
        names.map(str::to_owned).collect::<Vec<_>>()
    };
    let alpha = || one("CompanyName", "starts_with", "ALPHA");
    for (filter, wanted) in [
        (alpha(), &["Alpha", "Alphabet"][..]),
        (one("companyname", "Equals", "alpha"), &["Alpha"]),
        (one("CompanyName", "not_equals", "alpha"), &["Alphabet", "Beta"]),
        (one("Domain", "substring", "TEST"), &["Beta"]),
        (one("CompanyName", "greater_than", "alpha"), &["Alphabet", "Beta"]),
        (one("CompanyName", "not_starts_with", "b"), &["Alpha", "Alphabet"]),
        (both(alpha(), "and", one("Domain", "starts_with", "b.")), &["Alphabet"]),
        (
            both(one("Domain", "equals", "a.example"), "Or", one("CompanyName", "equals", "BETA")),
            &["Alpha", "Beta"],
        ),
    ] {
        assert_eq!(names(&filter), wanted, "{filter}");
    }
    for wrong in [
        one("Phone", "equals", "1"),
        one("CompanyName", "resembles", "a"),
        one("IndirectReseller", "starts_with", "somebody"),
        both(alpha(), "and", Value::Null),
        (0..9).fold(alpha(), |inner, _| both(inner, "and", alpha())),
    ] {
        let encoded = encoded(&wrong.to_string());
        let refused = api.get(&format!("/v1/customers?filter={encoded}"));
        assert_eq!(refused.status, 400, "{wrong}: {refused}");
    }
}

#[test]
fn a_locale_must_be_one_and_the_answer_names_its_own() {
    let installation = begin();
    let server = installation.serve();
    let api = server.api(&installation.provider.token);
    let asked = |locale: &str| api.request("GET", "/v1/roles").header("X-Locale", locale).send();
    assert_eq!(asked("de-DE").expect(200).header("content-language"), Some("en-US"));
    assert_eq!(asked("not a locale").refused(400, 2000).json()["data"][1], "X-Locale");
}
