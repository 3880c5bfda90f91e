//! Customers that are not acceptable.

use serde_json::{Value, json};
use tests::NewCustomer;

use super::case::{Case, NOBODY};

const CUSTOMERS: &str = "/v1/customers";
const DOMAIN: &str = "/companyProfile/domain";
const COMPANY: &str = "/billingProfile/companyName";
const EMAIL: &str = "/billingProfile/email";
const ADDRESS: &str = "/billingProfile/defaultAddress";
const COUNTRY: &str = "/billingProfile/defaultAddress/country";

/// What is wrong, where it stands in the body, with which value, code and name in the answer.
fn table() -> Vec<(&'static str, &'static str, Value, u64, &'static str)> {
    let (long, longer) = ("a".repeat(300), "x".repeat(5_000));
    vec![
        ("no dot in the domain", DOMAIN, json!("nodots"), 2000, "companyProfile.domain"),
        (
            "a blank in the domain",
            DOMAIN,
            json!("tail spin.example"),
            2000,
            "companyProfile.domain",
        ),
        ("a domain too long", DOMAIN, json!(format!("{long}.ex")), 2000, "companyProfile.domain"),
        ("a number for a domain", DOMAIN, json!(7), 2000, "companyProfile.domain"),
        ("no domain", DOMAIN, Value::Null, 2001, "companyProfile.domain"),
        ("no company profile", "/companyProfile", Value::Null, 2001, "companyProfile"),
        ("a list for a profile", "/companyProfile", json!([]), 2000, "companyProfile"),
        ("no company name", COMPANY, json!(" "), 2001, "companyName"),
        ("a company name too long", COMPANY, json!(longer), 2000, "companyName"),
        ("a line end in the name", COMPANY, json!("a\nb"), 2000, "companyName"),
        ("an e-mail address without @", EMAIL, json!("nobody"), 2000, "email"),
        ("no e-mail address", EMAIL, Value::Null, 2001, "email"),
        ("a country of three letters", COUNTRY, json!("USA"), 2000, "country"),
        ("no country", COUNTRY, Value::Null, 2001, "country"),
        ("a text for an address", ADDRESS, json!("One Way"), 2000, "defaultAddress"),
    ]
}

pub(super) fn cases() -> Vec<Case> {
    let good = NewCustomer::body("Tailspin Toys", "tailspin.example");
    let mut cases = Vec::new();
    for (name, pointer, value, code, names) in table() {
        let mut body = good.clone();
        *body.pointer_mut(pointer).expect("the body has the member") = value;
        cases.push(Case::post(name, CUSTOMERS, &body).is(400, code, names));
    }
    let with_reseller = |id: &str| {
        let mut body = good.clone();
        body["associatedPartnerId"] = json!(id);
        body
    };
    cases.extend([
        Case::post("an unknown reseller", CUSTOMERS, &with_reseller(NOBODY)).is(
            400,
            800_016,
            "associatedPartnerId",
        ),
        Case::post("a malformed reseller id", CUSTOMERS, &with_reseller("42")).is(
            400,
            2000,
            "associatedPartnerId",
        ),
        Case::post("a taken domain", CUSTOMERS, &NewCustomer::body("Again", "relecloud.example"))
            .is(409, 2000, "domain"),
    ]);
    cases
}
