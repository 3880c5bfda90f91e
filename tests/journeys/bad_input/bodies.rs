//! Bodies that are no acceptable JSON object, and parameters that mean nothing.

use super::case::{Case, Ground};

/// Beyond the largest body, in bytes.
const TOO_MANY_BYTES: usize = (1 << 20) + 1;
/// Deeper than anybody nests.
const DEEP: usize = 200_000;

/// What is wrong, the body, and what the answer names.
const BODIES: [(&str, &[u8], &str); 9] = [
    ("half a body", br#"{"companyProfile":"#, "json"),
    ("a text", b"hello", "json"),
    ("a list", b"[]", "object"),
    ("a number", b"7", "object"),
    ("null", b"null", "object"),
    ("bytes that are not UTF-8", b"{\"companyProfile\":\"\xff\xfe\"}", "json"),
    ("a member twice", br#"{"companyProfile":{},"companyProfile":{}}"#, "companyProfile"),
    ("an inner member twice", br#"{"companyProfile":{"domain":"a.ex","domain":"b.ex"}}"#, "domain"),
    ("two objects", b"{}{}", "json"),
];

/// What is wrong, the query, and what the answer names.
const QUERIES: [(&str, &str, &str); 6] = [
    ("a page size in words", "size=many", "size"),
    ("a page size below nothing", "size=-1", "size"),
    ("a filter that is no JSON", "filter=%7B", "filter"),
    (
        "a filter by an unknown field",
        "filter=%7B%22Field%22:%22Shoe%22,%22Value%22:%221%22,%22Operator%22:%22equals%22%7D",
        "filter",
    ),
    (
        "a filter by an unknown operator",
        "filter=%7B%22Field%22:%22Domain%22,%22Value%22:%221%22,%22Operator%22:%22like%22%7D",
        "filter",
    ),
    ("a parameter that is not UTF-8", "filter=%ff", "UTF-8"),
];

pub(super) fn cases(ground: &Ground) -> Vec<Case> {
    let create = |name| Case::new(name, "POST", "/v1/customers");
    let bodies =
        BODIES.iter().map(|(name, body, names)| create(name).raw(*body).is(400, 2000, names));
    let queries = QUERIES.iter().map(|(name, query, names)| {
        Case::get(name, format!("/v1/customers?{query}")).is(400, 2000, names)
    });
    let mut long = br#"{"companyProfile":{"domain":""#.to_vec();
    long.resize(TOO_MANY_BYTES, b'a');
    let asleep = format!("{}/users?{}", ground.customer.path, tests::user_filter("Asleep"));
    let others = [
        create("a deep nest").raw("[".repeat(DEEP)).is(400, 2000, "json"),
        create("XML").header("Content-Type", "application/xml").raw("<customer/>").is(
            400,
            2000,
            "Content-Type",
        ),
        create("a foreign alphabet")
            .header("Content-Type", "application/json; charset=utf-16")
            .raw("{}")
            .is(400, 2000, "Content-Type"),
        create("a number beyond all numbers")
            .raw(r#"{"companyProfile":{"domain":1e999}}"#)
            .is(400, 2000, "json"),
        create("an empty object").raw("{}").is(400, 2001, "companyProfile"),
        create("a body beyond the limit").raw(long).is(413, 2000, "bytes"),
        Case::get("an unknown user state", asleep).is(400, 900_126, "state"),
    ];
    bodies.chain(queries).chain(others).collect()
}
