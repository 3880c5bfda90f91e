//! The program `partnerlog`.

use std::process::ExitCode;

fn main() -> ExitCode {
    services::run()
}
