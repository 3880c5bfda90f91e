//! `partnerlog salvage`: every intact record of a log that nothing heals, in a new directory.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use clap::Args;

use super::{CliError, Directory, output};
use crate::{application::OpenError, keys::salvage_keys};

const ABOUT: &str = "\
Damage in one copy of the log is healed by the next start; this is for damage in both. Both copies
are searched byte by byte. The new log goes to the last whole commit before the first record that is
lost: a log has no holes, and nothing is renumbered or made up. Intact records after it keep their
positions and are written beside the log, to salvaged.frames; salvage.txt lists what is missing.
Keys are copied along, so that the new directory can be served; of keys that are damaged in both
copies the new directory does without, and they are named. Keys outside the data directory stay as
they are: copy them to `keys` inside it before, if they are damaged.

Exit codes: 0 everything was recovered, 1 something is missing (it is listed), 2 wrong usage, or an
input or output error.

Example:
  partnerlog salvage --data ./data --to ./salvaged";

/// Recover every intact record of a damaged log into a new directory.
///
/// Changes nothing in the damaged one. The server must not be running.
#[derive(Args)]
#[command(after_help = ABOUT)]
pub(super) struct Salvage {
    #[command(flatten)]
    directory: Directory,
    /// The directory to make; it must not exist or be empty.
    #[arg(long = "to", value_name = "DIR")]
    to: PathBuf,
}

impl Salvage {
    pub(super) async fn run(self) -> Result<(), CliError> {
        let places = self.directory.places();
        let to = self.to.clone();
        let work = move || {
            let report = store::salvage(places.data(), &to)?;
            // Keys that are kept elsewhere stay where they are.
            let keys = places.keys();
            if keys.starts_with(places.data()) && keys.is_dir() {
                let copied = copy_all(keys, &to.join("keys"));
                copied.map_err(CliError::file(keys))?;
                return Ok((report, salvage_keys(&to.join("keys"))?));
            }
            Ok::<_, CliError>((report, Vec::new()))
        };
        let done = tokio::task::spawn_blocking(work).await;
        let (report, lost_keys) = done.map_err(|_| OpenError::Ended("the salvage"))??;
        output::line(report.to_string().trim_end())?;
        output::line(format_args!("new log       {}", self.to.display()))?;
        for lost in &lost_keys {
            output::line(format_args!("lost keys     {lost}"))?;
        }
        if report.is_complete() && !lost_keys.is_empty() {
            return Err(CliError::Damaged("the log is complete, and keys are lost".to_owned()));
        }
        if report.is_complete() {
            return Ok(());
        }
        let missing: u64 =
            report.missing.iter().map(|(from, until)| until.get() - from.get()).sum();
        Err(CliError::Damaged(format!(
            "{missing} records are missing and {} stand beside the log",
            report.loose_records
        )))
    }
}

/// Copies a directory with everything in it, and who may read it.
fn copy_all(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    fs::set_permissions(to, fs::metadata(from)?.permissions())?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_all(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), &target)?;
            fs::File::open(&target)?.sync_all()?;
        }
    }
    fs::File::open(to)?.sync_all()
}
