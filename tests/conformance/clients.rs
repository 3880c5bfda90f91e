//! The client `partnercenterservices` from `PyPI`, generated from Microsoft's own description of the
//! API and knowing nothing of partnerlog, does a reseller's work. Where it cannot be had the test says
//! so and passes.

use std::process::Command;

use serde_json::Value;

use crate::{market::Market, python};

/// How many operations the client has.
const OPERATIONS: u64 = 131;

fn line(row: &Value) -> String {
    let text = |name: &str| row[name].as_str().unwrap_or_default();
    let (operation, does) = (text("operation"), text("does"));
    let verdict = if row["passed"] == true { "passed" } else { "FAILED" };
    let why = text("why");
    let line = format!("{verdict} {:>10} {:>10} {operation}", text("expected"), text("got"));
    format!("{line} - {does} {why}").trim_end().to_owned()
}

#[test]
fn a_client_that_was_generated_from_microsofts_description_works_as_it_is() {
    let Some(environment) = python::environment("partner_center_services") else { return };
    let market = Market::open();
    let mut driver = Command::new(environment.join("python"));
    driver.arg(python::root().join("tests/clients/partner_center_services/main.py"));
    let ran = python::run(driver, &market.introduction().to_string());
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    let table: Value = serde_json::from_slice(&ran.stdout).expect("the driver prints JSON");
    let rows = table["called"].as_array().expect("rows");
    for row in rows {
        eprintln!("{}", line(row));
    }
    let unserved = table["out_of_scope"].as_object().expect("reasons");
    for (operation, why) in unserved {
        eprintln!("not offered: {operation} - {}", why.as_str().unwrap_or_default());
    }
    let failed: Vec<String> = rows.iter().filter(|row| row["passed"] != true).map(line).collect();
    eprintln!("{} calls, {} failed, {} not offered", rows.len(), failed.len(), unserved.len());
    assert!(failed.is_empty(), "{}", failed.join("\n"));
    assert_eq!(table["operations"], OPERATIONS);
    assert_eq!(table["forgotten"], serde_json::json!([]), "neither called nor out of scope");
}
