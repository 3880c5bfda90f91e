//! The command line.

mod backup;
mod caller;
mod client_application;
mod demo;
mod directory;
mod error;
mod export;
mod import;
mod import_customers;
mod init;
mod log;
mod moment;
mod openapi;
mod output;
mod partner;
mod people;
mod rebuild;
mod replay;
mod request;
mod restore;
mod salvage;
mod serve;
mod token;
mod verify;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use self::{
    directory::{CatalogueFile, Directory},
    error::CliError,
};
use crate::telemetry::{self, LogFormat};

/// The administration backend of cloud resellers, event-sourced: every change is a recorded fact,
/// every screen a replay.
///
/// Without a command it runs `demo`: an installation with sample data on 127.0.0.1, port 8420.
#[derive(Parser)]
#[command(name = "partnerlog", version, max_term_width = 100)]
struct Arguments {
    /// How traces on standard error are written.
    #[arg(long, global = true, value_enum, default_value = "text", env = "PARTNERLOG_LOG_FORMAT")]
    log_format: LogFormat,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    Init(init::Init),
    Serve(Box<serve::Serve>),
    Demo(demo::Demo),
    Partner(partner::Partner),
    Request(request::Request),
    Token(token::Token),
    Application(client_application::ClientApplication),
    Operator(people::Operator),
    Auditor(people::Auditor),
    Import(import::Import),
    Replay(replay::Replay),
    Export(export::Export),
    Rebuild(rebuild::Rebuild),
    Verify(verify::Verify),
    Salvage(salvage::Salvage),
    Log(log::Log),
    Backup(backup::Backup),
    Restore(restore::Restore),
    Openapi(openapi::Openapi),
}

/// Runs the program with the arguments of the process.
#[must_use]
pub fn run() -> ExitCode {
    let arguments = Arguments::parse();
    let command = arguments.command.unwrap_or_else(|| Command::Demo(demo::Demo::default()));
    let filter = match command {
        Command::Serve(_) | Command::Demo(_) => "info,sled=warn",
        _ => "warn",
    };
    telemetry::start_tracing(arguments.log_format, filter);
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return output::failure(&CliError::Runtime(error)),
    };
    match runtime.block_on(carry_out(command)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if error.is_closed_output() => ExitCode::SUCCESS,
        Err(error) => output::failure(&error),
    }
}

async fn carry_out(command: Command) -> Result<(), CliError> {
    match command {
        Command::Init(command) => command.run().await,
        Command::Serve(command) => command.run().await,
        Command::Demo(command) => command.run().await,
        Command::Partner(command) => command.run().await,
        Command::Request(command) => command.run().await,
        Command::Token(command) => command.run().await,
        Command::Application(command) => command.run().await,
        Command::Operator(command) => command.run().await,
        Command::Auditor(command) => command.run().await,
        Command::Import(command) => command.run().await,
        Command::Replay(command) => command.run().await,
        Command::Export(command) => command.run().await,
        Command::Rebuild(command) => command.run().await,
        Command::Verify(command) => command.run().await,
        Command::Salvage(command) => command.run().await,
        Command::Log(command) => command.run().await,
        Command::Backup(command) => command.run().await,
        Command::Restore(command) => command.run().await,
        Command::Openapi(command) => command.run(),
    }
}

#[cfg(test)]
mod tests;
