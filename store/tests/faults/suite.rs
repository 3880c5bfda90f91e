//! What the log does under faults, counted: killed processes, lost power, full disks, and damage to
//! every file of a directory. Prints a table and fails when anything acknowledged is lost, anything
//! wrong is served, anything panics or hangs, or a log is refused that another copy could heal.
//!
//! The short form runs with every test; the long one takes more rounds:
//! `PARTNERLOG_FAULT_ROUNDS=100 cargo test --release -p store --test faults`.

#![expect(clippy::unwrap_used, reason = "tests")]

mod damage;
mod killing;
mod logs;
mod power;
mod table;

use std::{
    env,
    io::{self, Write},
    process::ExitCode,
};

use self::table::Table;

const ROUNDS_VARIABLE: &str = "PARTNERLOG_FAULT_ROUNDS";
/// So many rounds the short form takes of each fault.
const ROUNDS_SHORT: u64 = 1;

fn main() -> ExitCode {
    if let Ok(directory) = env::var(killing::DIRECTORY_VARIABLE) {
        killing::write_until_killed(directory.as_ref());
        return ExitCode::SUCCESS;
    }
    let arguments: Vec<_> = env::args().skip(1).collect();
    let named =
        |argument: &String| argument.starts_with('-') || "faults".contains(argument.as_str());
    if arguments.iter().any(|argument| argument == "--list") || !arguments.iter().all(named) {
        return ExitCode::SUCCESS;
    }
    let rounds = env::var(ROUNDS_VARIABLE).ok().and_then(|text| text.parse().ok());
    let rounds = rounds.unwrap_or(ROUNDS_SHORT);
    let mut table = Table::default();
    killing::run(rounds, &mut table);
    power::run(rounds, &mut table);
    damage::run(rounds, &mut table);
    let written = write!(io::stdout().lock(), "\n{table}\n");
    if written.is_ok() && table.is_good() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
