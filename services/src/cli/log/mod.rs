//! `partnerlog log`: the log itself, not what it tells.

mod status;

use clap::{Args, Subcommand};

use super::CliError;

/// Look at the log itself.
#[derive(Args)]
pub(super) struct Log {
    #[command(subcommand)]
    command: LogCommand,
}

#[derive(Subcommand)]
enum LogCommand {
    Status(status::Status),
}

impl Log {
    pub(super) async fn run(self) -> Result<(), CliError> {
        match self.command {
            LogCommand::Status(command) => command.run().await,
        }
    }
}
