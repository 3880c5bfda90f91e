//! Long lists, page by page: everything once, in one order, and an end.

use std::collections::BTreeSet;

use serde_json::Value;
use tests::{Api, NewCustomer};

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
