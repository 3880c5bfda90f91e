//! Whatever the OpenAPI document allows, and what it does not, sent to the running server: no answer
//! may be a server's error or one the document does not tell of. By `schemathesis` from `PyPI`; where it
//! cannot be had the test says so and passes.
//!
//! The suite makes a short run that is the same each time. A longer one:
//! `FUZZ_SECONDS=1800 FUZZ_SEED=7 cargo test -p services --test conformance fuzz -- --nocapture`.

use std::{env, fmt::Write, fs, path::Path, process::Command};

use serde_json::Value;
use tests::{Api, Sample};

use crate::{PROGRAM, python};

/// How many requests of each kind the short run makes to an operation.
const EXAMPLES: &str = "3";
const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,\
                      response_headers_conformance,response_schema_conformance";
/// How often an identifier is one that exists.
const KNOWN_SHARE: &str = "0.7";

/// Identifiers of things that exist, by the names they have in paths.
fn known(admin: &Api) -> Vec<(&'static str, Vec<String>)> {
    let ids = |path: &str| -> Vec<String> {
        let answer = admin.get(path);
        let items = answer.json()["items"].as_array().cloned().unwrap_or_default();
        items.iter().filter_map(|it| it["id"].as_str()).map(str::to_owned).take(5).collect()
    };
    let customers = ids("/v1/customers");
    let of = |kind: &str| -> Vec<String> {
        customers.iter().flat_map(|id| ids(&format!("/v1/customers/{id}/{kind}"))).collect()
    };
    let resellers =
        ids("/v1/relationships?relationship_type=is_indirect_cloud_solution_provider_of");
    vec![
        ("user", of("users").into_iter().chain(ids("/v1/users").into_iter().skip(1)).collect()),
        ("subscription", of("subscriptions")),
        ("order", of("orders")),
        ("cart", of("carts")),
        ("request", ids("/v1/servicerequests")),
        ("offer", ids("/v1/offers")),
        ("role", ids("/v1/roles")),
        ("invoice", ids("/v1/invoices")),
        ("partnership", ids("/v1/partnerships")),
        ("record", ids("/v1/auditrecords?size=5")),
        ("reseller", resellers.clone()),
        ("partner", resellers),
        ("customer", customers),
    ]
}

/// The settings of the run: how to call, and what there is to be found.
fn settings(admin: &Api) -> String {
    let mut text = String::from("[output.truncation]\nmax-lines = 12\n");
    let mut bound = String::from("\n[parameters]\n");
    for (name, ids) in known(admin).into_iter().filter(|(_, ids)| !ids.is_empty()) {
        writeln!(text, "\n[dictionaries.{name}]\nvalues = {}", Value::from(ids)).expect("text");
        writeln!(
            bound,
            "\"path.{name}\" = {{ dictionary = \"{name}\", probability = {KNOWN_SHARE} }}"
        )
        .expect("text");
    }
    text + &bound
}

#[test]
fn nothing_that_is_sent_gets_an_answer_the_document_does_not_tell_of() {
    let Some(environment) = python::environment("schemathesis") else { return };
    let sample = Sample::open(PROGRAM);
    let admin = sample.acting_as("global_admin");
    let place = Path::new(env!("CARGO_TARGET_TMPDIR")).join("fuzz");
    fs::create_dir_all(&place).expect("a folder for the settings");
    let config = place.join("schemathesis.toml");
    fs::write(&config, settings(&admin)).expect("the settings can be written");
    let mut fuzzer = Command::new(environment.join("schemathesis"));
    fuzzer.arg("--config-file").arg(&config).arg("run");
    fuzzer.arg(format!("{}/openapi.json", sample.server.url()));
    fuzzer.args(["--header", &format!("Authorization:Bearer {}", sample.token("global_admin"))]);
    fuzzer.args(["--checks", CHECKS, "--phases", "examples,coverage,fuzzing"]);
    // One worker: a seed gives the same run again, and Python before 3.12 miscounts the depth of its
    // own syntax trees where threads make them at the same time (cpython 106905).
    fuzzer.args(["--workers", "1", "--warnings", "off", "--no-shrink", "--no-color"]);
    fuzzer.args(["--suppress-health-check", "all", "--request-timeout", "30"]);
    // A sign-out ends the run; a stream has no end.
    fuzzer.args(["--exclude-path-regex", "^/v1/(sign-out|password|events.*)$"]);
    fuzzer.args(["--generation-database", "none"]);
    fuzzer.args(["--seed", &env::var("FUZZ_SEED").unwrap_or_else(|_| "1".to_owned())]);
    match env::var("FUZZ_SECONDS") {
        Ok(seconds) => fuzzer.args(["--max-time", &seconds]),
        Err(_) => fuzzer.args(["--max-examples", EXAMPLES]),
    };
    let ran = python::run(fuzzer, "");
    let told = String::from_utf8_lossy(&ran.stdout);
    fs::write(place.join("told.txt"), told.as_bytes()).expect("what was told can be kept");
    let from = told.find("= FAILURES =").or_else(|| told.find("= SUMMARY =")).unwrap_or_default();
    eprintln!("{}", told.get(from..).unwrap_or(&told));
    let errors = String::from_utf8_lossy(&ran.stderr);
    assert!(ran.status.success(), "schemathesis found faults, see above; {errors}");
}
