//! The short form of the fault suites: a round of each; see `suite.rs`.

#![expect(clippy::unwrap_used, reason = "tests")]

#[path = "suite.rs"]
mod suite;

use std::{env, process::ExitCode};

/// So many rounds are taken of each fault.
const ROUNDS: u64 = 1;

fn main() -> ExitCode {
    let arguments: Vec<_> = env::args().skip(1).collect();
    let named =
        |argument: &String| argument.starts_with('-') || "faults".contains(argument.as_str());
    if arguments.iter().any(|argument| argument == "--list") || !arguments.iter().all(named) {
        return ExitCode::SUCCESS;
    }
    suite::run(ROUNDS, false, Vec::new())
}
