//! `partnerlog log`: the log itself, not what it tells.

mod status;
mod trim;

use clap::{Args, Subcommand};

use super::CliError;

/// Look at the log itself, or drop its oldest journal segments.
#[derive(Args)]
pub(super) struct Log {
    #[command(subcommand)]
    command: LogCommand,
}

#[derive(Subcommand)]
enum LogCommand {
    Status(status::Status),
    Trim(trim::Trim),
}

impl Log {
    pub(super) async fn run(self) -> Result<(), CliError> {
        match self.command {
            LogCommand::Status(command) => command.run().await,
            LogCommand::Trim(command) => command.run().await,
        }
    }
}
