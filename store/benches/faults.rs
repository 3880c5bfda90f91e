//! The long form of the fault suites: `cargo bench -p store --bench faults`, 100 rounds of each fault,
//! or as many as `PARTNERLOG_FAULT_ROUNDS` says. Words after `--` choose faults by their names.

#![expect(clippy::unwrap_used, reason = "the suites are those of the tests")]

#[path = "../tests/faults/suite.rs"]
mod suite;

use std::{env, process::ExitCode};

const ROUNDS: u64 = 100;

fn main() -> ExitCode {
    // Without it the program is run as a test of itself, which the short form is.
    if !env::args().any(|argument| argument == "--bench") {
        return ExitCode::SUCCESS;
    }
    let wanted = env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    suite::run(ROUNDS, true, wanted)
}
