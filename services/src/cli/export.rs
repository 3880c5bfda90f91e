//! `partnerlog export role-changes`: the history of roles for auditors.

use std::{fs, path::PathBuf};

use clap::{Args, Subcommand};
use events::{PartnerId, Position, Timestamp};

use super::{CliError, Directory, error::EXIT_CODES, moment, output};
use crate::exports::{Manifest, RoleChangeFilter, export_role_changes};

/// Export parts of the log for use elsewhere.
#[derive(Args)]
pub(super) struct Export {
    #[command(subcommand)]
    command: ExportCommand,
}

#[derive(Subcommand)]
enum ExportCommand {
    RoleChanges(RoleChanges),
}

const ABOUT_FILE: &str = "\
The file: CSV after RFC 4180, UTF-8, CRLF; a row a role that was granted, revoked or replaced, also
by deleting or restoring a user; names as they were at that moment. leaf_index is the position of
the event, leaf_hash the RFC 6962 hash of its stored bytes. A cell that a spreadsheet would run as a
formula begins with an apostrophe.

The manifest (one JSON object: filter, how far the log was read, rows, sha256 of the file) goes to
standard error, or to the file that --manifest names.

Examples:
  partnerlog export role-changes --data ./data > roles.csv
  partnerlog export role-changes --data ./data --partner 0198... --since 2026-01-01 \\
      --until 2027-01-01 --manifest roles.json > roles.csv";

/// Write every change of a partner user's roles to standard output: who, by whom, when, why.
///
/// Changes nothing. The server must not be running.
#[derive(Args)]
#[command(after_help = format!("{ABOUT_FILE}\n\n{EXIT_CODES}"))]
struct RoleChanges {
    #[command(flatten)]
    directory: Directory,
    /// Only the users of this partner.
    #[arg(long, value_name = "ID")]
    partner: Option<PartnerId>,
    /// Only what was recorded at this moment or later.
    #[arg(long, value_name = "TIME", value_parser = moment::parse)]
    since: Option<Timestamp>,
    /// Only what was recorded before this moment.
    #[arg(long, value_name = "TIME", value_parser = moment::parse)]
    until: Option<Timestamp>,
    /// As if the log had only this many events.
    #[arg(long, value_name = "POSITION")]
    as_of: Option<u64>,
    /// Where the manifest goes, instead of standard error.
    #[arg(long, value_name = "FILE")]
    manifest: Option<PathBuf>,
}

impl Export {
    pub(super) async fn run(self) -> Result<(), CliError> {
        let ExportCommand::RoleChanges(export) = self.command;
        export.run().await
    }
}

impl RoleChanges {
    async fn run(self) -> Result<(), CliError> {
        let reading = self.directory.open_to_read().await?;
        let filter = RoleChangeFilter {
            partner: self.partner,
            since: self.since,
            until: self.until,
            as_of: self.as_of.map(Position::new),
        };
        let (store, vault) = (reading.store(), reading.vault());
        if filter.as_of.is_some_and(|as_of| as_of > store.head()) {
            let head = store.head();
            return Err(CliError::Usage(format!("--as-of: the log has only {head} events")));
        }
        let manifest = export_role_changes(store, vault, filter, output::stream()).await?;
        self.write_manifest(&manifest)
    }

    fn write_manifest(&self, manifest: &Manifest<RoleChangeFilter>) -> Result<(), CliError> {
        let text = serde_json::to_string(manifest)
            .map_err(|error| CliError::Output(std::io::Error::other(error)))?;
        if let Some(path) = &self.manifest {
            return fs::write(path, text + "\n").map_err(CliError::file(path));
        }
        output::note(text);
        Ok(())
    }
}
