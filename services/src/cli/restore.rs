//! `partnerlog restore`: a data directory made from a backup, at its end or as it was earlier.

use std::path::{Path, PathBuf};

use clap::Args;
use events::{Position, Timestamp};
use store::RestorePoint;

use super::{CliError, Directory, backup, error::EXIT_CODES, moment, output, verify::Verify};
use crate::{application::OpenError, keys::copy_key_directory};

const ABOUT: &str = "\
Every file of the backup is checked against its list, every record against the one before, and the
restored log is verified. Commits stay whole: a position or moment within a commit means before it.

The keys must be brought along: name the key directory with --keys, here and at every later start,
or copy it to `keys` inside the new data directory. Only a backup made --with-keys has its own copy,
which is put where --keys says, or inside the data directory.

A log restored to an earlier point and written again is another log: back it up elsewhere.

Examples:
  partnerlog restore --from /mnt/backup/log --data ./restored --keys ./data/keys
  partnerlog restore --from /mnt/backup/log --data ./yesterday --to-time 2026-11-19T18:00:00Z";

/// Make a data directory from a backup, and verify it. The backup stays as it is.
#[derive(Args)]
#[command(after_help = format!("{ABOUT}\n\n{EXIT_CODES}"))]
pub(super) struct Restore {
    #[command(flatten)]
    directory: Directory,
    /// The backup's directory.
    #[arg(long, value_name = "DIR")]
    from: PathBuf,
    /// Only what stands before this position.
    #[arg(long, value_name = "POSITION", conflicts_with = "to_time")]
    to_position: Option<u64>,
    /// Only what was recorded at this moment or earlier.
    #[arg(long, value_name = "TIME", value_parser = moment::parse)]
    to_time: Option<Timestamp>,
}

impl Restore {
    pub(super) async fn run(self) -> Result<(), CliError> {
        let directory = self.directory.clone();
        let worked = tokio::task::spawn_blocking(move || self.work()).await;
        let has_keys = worked.map_err(|_| OpenError::Ended("the restore"))??;
        if has_keys {
            return Verify::of(directory).run().await;
        }
        let places = directory.places();
        let report = tokio::task::spawn_blocking(move || store::verify(places.data())).await;
        let report = report.map_err(|_| OpenError::Ended("the check"))??;
        match report.problems.first() {
            Some(problem) => Err(CliError::Damaged(problem.reason.clone())),
            None => output::line(format_args!("verified  {} records", report.records)),
        }
    }

    fn point(&self) -> RestorePoint {
        match (self.to_position, self.to_time) {
            (Some(position), _) => RestorePoint::Position(Position::new(position)),
            (None, Some(moment)) => RestorePoint::Time(moment),
            (None, None) => RestorePoint::End,
        }
    }

    /// True when there are keys to go with the log.
    fn work(&self) -> Result<bool, CliError> {
        let places = self.directory.places();
        let restored = store::restore(&self.from, places.data(), self.point())?;
        output::line(format_args!("restored  {}", places.data().display()))?;
        let (position, whole) = (restored.position, restored.backup_position);
        output::line(format_args!("position  {position} of {whole} in the backup"))?;
        if let Some(recorded_at) = restored.recorded_at {
            output::line(format_args!("newest    recorded {recorded_at}"))?;
        }
        let (copied, keys) = (self.from.join(backup::KEYS), places.keys());
        if holds_anything(keys) {
            output::line(format_args!("keys      {}, as they are", keys.display()))?;
            return Ok(true);
        }
        if holds_anything(&copied) {
            copy_key_directory(&copied, keys)?;
            output::line(format_args!("keys      copied from the backup to {}", keys.display()))?;
            return Ok(true);
        }
        let text = "not in the backup: bring the key directory along, see --help";
        output::line(format_args!("keys      {text}"))?;
        Ok(false)
    }
}

fn holds_anything(directory: &Path) -> bool {
    std::fs::read_dir(directory).is_ok_and(|mut entries| entries.next().is_some())
}
