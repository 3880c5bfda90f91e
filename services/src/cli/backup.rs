//! `partnerlog backup`: a copy of the log that a restore can use, also beside a running server.

use std::path::PathBuf;

use clap::Args;

use super::{CliError, Directory, error::EXIT_CODES, output};
use crate::{application::OpenError, keys::copy_key_directory};

/// What a backup with keys calls their directory.
pub(super) const KEYS: &str = "keys";

const ABOUT: &str = "\
The first run copies the journal up to the newest acknowledged position, later runs add what is new.
Every frame is checked while it is copied; every file is listed with its SHA-256. A run that breaks
off leaves the backup as it was. Copying a data directory of a running server with other tools is
no backup.

Keys are not part of it, also not the directory `keys` inside the data directory: erasing personal
data means destroying keys, and a copy of them would bring the data back. Keep the key directory
safe in its own way; a restored log without it shows no personal data and does not start.

Examples:
  partnerlog backup --data ./data --to /mnt/backup/log
  partnerlog restore --from /mnt/backup/log --data ./restored --keys ./data/keys";

/// Copy the log into a directory, or add what is new to an earlier copy. A server may be running.
#[derive(Args)]
#[command(after_help = format!("{ABOUT}\n\n{EXIT_CODES}"))]
pub(super) struct Backup {
    #[command(flatten)]
    directory: Directory,
    /// The backup's directory: empty, new, or an earlier backup of the same log.
    #[arg(long, value_name = "DIR")]
    to: PathBuf,
    /// Also copy the key directory. Destroy such a backup once something in it was erased.
    #[arg(long)]
    with_keys: bool,
}

impl Backup {
    pub(super) async fn run(self) -> Result<(), CliError> {
        let worked = tokio::task::spawn_blocking(move || self.work()).await;
        worked.map_err(|_| OpenError::Ended("the backup"))?
    }

    fn work(&self) -> Result<(), CliError> {
        let places = self.directory.places();
        let made = store::backup(places.data(), &self.to)?;
        output::line(format_args!("backup    {}", self.to.display()))?;
        output::line(format_args!("position  {}, before {}", made.position, made.previous))?;
        output::line(format_args!("new       {} bytes", made.new_bytes))?;
        output::line(format_args!("size      {} bytes in {} files", made.bytes, made.files))?;
        if self.with_keys {
            // After the log: every key it needs was durable before it.
            copy_key_directory(places.keys(), &self.to.join(KEYS))?;
            return output::line("keys      copied: whoever has this backup reads personal data");
        }
        let keys = places.keys().display();
        output::line(format_args!("keys      not copied: a restore needs {keys}, or a copy of it"))
    }
}
