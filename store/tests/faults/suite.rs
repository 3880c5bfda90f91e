//! What the log does under faults, counted: killed processes, lost power, full disks, and damage to
//! every file of a directory. Prints a table and fails when anything acknowledged is lost, anything
//! wrong is served, anything panics or hangs, or a log is refused that another copy could heal.
//!
//! The short form runs with every test, the long one with `cargo bench -p store --bench faults`.

mod damage;
mod killing;
mod logs;
mod loop_device;
mod power;
mod table;

use std::{
    env,
    io::{self, Write},
    process::ExitCode,
};

use self::table::Table;

const ROUNDS_VARIABLE: &str = "PARTNERLOG_FAULT_ROUNDS";

/// Takes so many rounds of each fault, or as many as the variable says, of all faults or of those whose
/// names contain one of the words; those that need rights over the machine only if it is asked to.
pub(crate) fn run(rounds: u64, with_loop_devices: bool, wanted: Vec<String>) -> ExitCode {
    if let Ok(directory) = env::var(killing::DIRECTORY_VARIABLE) {
        killing::write_until_killed(directory.as_ref());
        return ExitCode::SUCCESS;
    }
    let given = env::var(ROUNDS_VARIABLE).ok().and_then(|text| text.parse().ok());
    let rounds = given.unwrap_or(rounds);
    let mut table = Table::of(wanted);
    killing::run(rounds, &mut table);
    killing::open_twice(rounds, &mut table);
    power::run(rounds, &mut table);
    if with_loop_devices {
        loop_device::run(rounds, &mut table);
    }
    damage::run(rounds, &mut table);
    let written = write!(io::stdout().lock(), "\n{table}\n");
    if written.is_ok() && table.is_good() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
