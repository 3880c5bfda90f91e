//! `partnerlog log trim`: old segments of the journal go, where their other copy is good.

use std::{path::PathBuf, sync::Arc};

use clap::Args;
use store::{LogStore, Retention, StoreOptions};

use crate::{
    SystemClock,
    application::OpenError,
    cli::{CliError, error::EXIT_CODES, output},
};

const ABOUT: &str = "\
The journal is one of the two copies of the log, and all of it is kept unless you say otherwise. What
is trimmed stands in the sealed log alone: damage to it cannot be healed, only restored from a backup.
Name the backup, and only segments that it has byte for byte are dropped.

Each segment is read and compared with the sealed log before it goes. The log still begins at
position 0, reads, verifies and goes on; `partnerlog replay --follow` beside a running server and a
new backup can read from the beginning of the journal only. `partnerlog log status` tells where
that is. A running server does the same with `serve --keep-journal BYTES`.

Examples:
  partnerlog backup --data ./data --to /mnt/backup/log
  partnerlog log trim --data ./data --keep-journal 1073741824 --backed-up-in /mnt/backup/log";

/// Drop old segments of the journal of a stopped log, to free space.
#[derive(Args)]
#[command(after_help = format!("{ABOUT}\n\n{EXIT_CODES}"))]
pub(super) struct Trim {
    /// The data directory.
    #[arg(long, value_name = "DIR", env = "PARTNERLOG_DATA")]
    data: PathBuf,
    /// Keep the newest segments that together have so many bytes; 0 keeps the one that is written.
    #[arg(long, value_name = "BYTES")]
    keep_journal: u64,
    /// Drop only what this backup has.
    #[arg(long, value_name = "DIR")]
    backed_up_in: Option<PathBuf>,
}

impl Trim {
    pub(super) async fn run(self) -> Result<(), CliError> {
        let Self { data, keep_journal, backed_up_in } = self;
        let retention = Retention { keep_bytes: keep_journal, backup: backed_up_in };
        let options = StoreOptions::default();
        let opened = tokio::task::spawn_blocking(move || {
            LogStore::open(&data, Arc::new(SystemClock), &options)
        });
        let log = opened.await.map_err(|_| OpenError::Ended("opening the log"))?;
        let log = log.map_err(OpenError::from)?;
        let trimmed = log.trim(retention).await;
        log.close().await.map_err(OpenError::from)?;
        let trimmed = trimmed?;
        output::line(format_args!("dropped   {} segments", trimmed.segments))?;
        output::line(format_args!("freed     {} bytes", trimmed.bytes))?;
        output::line(format_args!("journal   from position {}", trimmed.journal_first))?;
        output::line(format_args!(
            "one copy  {} records, in the sealed log alone",
            trimmed.journal_first
        ))?;
        output::line(format_args!("kept      the segment from there on: {}", trimmed.kept))
    }
}
