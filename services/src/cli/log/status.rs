//! `partnerlog log status`: how far is the log, how large, and does it stand twice?

use std::path::PathBuf;

use clap::Args;
use events::{InstallationId, Position};
use serde::Serialize;
use store::{LogSurvey, survey};

use crate::{
    application::OpenError,
    cli::{CliError, error::EXIT_CODES, output},
};

const ABOUT: &str = "\
Everything is read from outside: a running server is not asked and not delayed. The whole journal is
read and each checksum checked; the sealed log is not (that is `partnerlog verify`).

The memory of the commit window is that of its hash table and queue at this many commits, by the
formula in store/README.md.

Examples:
  partnerlog log status --data ./data
  partnerlog log status --data ./data --json | jq .oneCopy";

/// Tell how far the log is, its size, and what stands in one copy only. A server may be running.
#[derive(Args)]
#[command(after_help = format!("{ABOUT}\n\n{EXIT_CODES}"))]
pub(super) struct Status {
    /// The data directory.
    #[arg(long, value_name = "DIR", env = "PARTNERLOG_DATA")]
    data: PathBuf,
    /// Report as one JSON object.
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Report {
    installation: InstallationId,
    /// Null where the system does not tell.
    in_use: Option<bool>,
    head: Position,
    sealed: Position,
    /// Records that stand in the journal alone.
    one_copy: u64,
    /// Records that stand in the sealed log alone, because the journal was trimmed.
    sealed_only: u64,
    newest_recorded_at: Option<String>,
    journal: Journal,
    sealed_log: SealedLog,
    commit_window: Window,
    unacknowledged: Option<Unacknowledged>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Journal {
    first: Position,
    records: u64,
    record_bytes: u64,
    commits: u64,
    segments: u64,
    disk_bytes: u64,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SealedLog {
    disk_bytes: u64,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Window {
    commits: u64,
    commits_max: u64,
    memory_bytes: u64,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Unacknowledged {
    file: String,
    offset: u64,
}

impl Status {
    pub(super) async fn run(self) -> Result<(), CliError> {
        let Self { data, json } = self;
        let surveyed = tokio::task::spawn_blocking(move || survey(&data)).await;
        let report = Report::of(surveyed.map_err(|_| OpenError::Ended("the survey"))??);
        if !json {
            return report.print();
        }
        let text = serde_json::to_string_pretty(&report)
            .map_err(|error| CliError::Output(std::io::Error::other(error)))?;
        output::line(text)
    }
}

impl Report {
    fn of(found: LogSurvey) -> Self {
        Self {
            installation: found.installation,
            in_use: found.in_use,
            head: found.head,
            sealed: found.sealed,
            one_copy: found.head.get() - found.sealed.get(),
            sealed_only: found.journal_first.get(),
            newest_recorded_at: found.recorded_at.map(|at| format!("{at:.6}")),
            journal: Journal {
                first: found.journal_first,
                records: found.records,
                record_bytes: found.record_bytes,
                commits: found.commits,
                segments: found.segments,
                disk_bytes: found.journal_disk_bytes,
            },
            sealed_log: SealedLog { disk_bytes: found.sealed_disk_bytes },
            commit_window: Window {
                commits: found.window_commits,
                commits_max: found.window_commits_max,
                memory_bytes: found.window_bytes,
            },
            unacknowledged: found.unacknowledged.map(|found| Unacknowledged {
                file: found.file.display().to_string(),
                offset: found.offset,
            }),
        }
    }

    fn print(&self) -> Result<(), CliError> {
        let Self { head, sealed, one_copy, sealed_only, journal, commit_window: window, .. } = self;
        let in_use = match self.in_use {
            Some(true) => "open in a process",
            Some(false) => "open in no process",
            None => "not known whether a process has it open",
        };
        let newest = self.newest_recorded_at.as_deref().unwrap_or("nothing");
        output::line(format_args!("installation   {}, {in_use}", self.installation))?;
        output::line(format_args!("head           {head}"))?;
        output::line(format_args!("newest record  {newest}"))?;
        output::line(format_args!(
            "second copy    up to {sealed}; {one_copy} records stand in the journal alone"
        ))?;
        let Journal { first, records, record_bytes, commits, segments, disk_bytes } = journal;
        output::line(format_args!(
            "journal        {disk_bytes} bytes on disk in {segments} segments, from position {first}"
        ))?;
        if *sealed_only > 0 {
            output::line(format_args!(
                "trimmed        {sealed_only} records before it stand in the sealed log alone"
            ))?;
        }
        output::line(format_args!(
            "records        {records} of {commits} commits, {record_bytes} bytes"
        ))?;
        output::line(format_args!("sealed log     {} bytes on disk", self.sealed_log.disk_bytes))?;
        output::line(format_args!(
            "commit window  {} of {} commits, about {} bytes of memory",
            window.commits, window.commits_max, window.memory_bytes
        ))?;
        match &self.unacknowledged {
            None => output::line("torn tail      none"),
            Some(Unacknowledged { file, offset }) => output::line(format_args!(
                "torn tail      {file} at byte {offset}, acknowledged to nobody"
            )),
        }
    }
}
