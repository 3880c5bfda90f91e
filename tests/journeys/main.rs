//! The stories of partnerlog, told to the real program over HTTP and the command line.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "what goes wrong in a helper fails the test that called it"
)]

mod api_document;
mod around;
mod as_of;
mod audit_records;
mod backup;
mod bad_input;
mod command_line;
mod commerce;
mod company;
mod company_pages;
mod contract_customers;
mod contract_reads;
mod crash;
mod customers_file;
mod event_feed;
mod following;
mod limits;
mod noticed;
mod operator_requests;
mod own_account;
mod pages;
mod paging;
mod partnerships;
mod privacy;
mod profiles;
mod races;
mod races_of_changes;
mod relationship_letters;
mod relationships;
mod requests;
mod reseller_story;
mod restart;
mod rights;
mod roles;
mod sales;
mod sales_pages;
mod secrets;
mod sign_in;
mod story;
mod tenancy;
mod tls;
mod tokens;
mod users_file;
mod users_import;
mod users_narrowed;
mod webhooks;

/// The program that these tests belong to.
const PROGRAM: &str = env!("CARGO_BIN_EXE_partnerlog");

/// An installation of its own, just begun.
fn begin() -> tests::Installation {
    tests::Installation::begin(PROGRAM)
}

/// The position of every event in the log, as `replay` tells them.
fn positions(installation: &tests::Installation) -> Vec<u64> {
    let replay = installation.run(&["replay"], &["--format", "jsonl"]).exited(0);
    let events = replay.stdout.lines().map(|line| {
        let event: serde_json::Value = serde_json::from_str(line).expect("a line is JSON");
        event["position"].as_u64().expect("an event has a position")
    });
    events.collect()
}
