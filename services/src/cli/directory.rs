//! The options that say where an installation lives and what it sells.

use std::path::PathBuf;

use clap::Args;
use store::Retention;

use super::CliError;
use crate::{
    SystemClock,
    application::{DataDirectory, Reading, Running},
};

/// Where an installation lives.
#[derive(Args, Clone)]
pub(super) struct Directory {
    /// The data directory: the log and what is derived from it.
    #[arg(long = "data", value_name = "DIR", env = "PARTNERLOG_DATA")]
    pub(super) data: PathBuf,
    /// The key directory, if it is not `keys` inside the data directory. Keep it apart from
    /// backups of the log: erasing personal data means destroying keys.
    #[arg(long = "keys", value_name = "DIR", env = "PARTNERLOG_KEYS")]
    pub(super) keys: Option<PathBuf>,
}

/// By which catalogue an installation sells.
#[derive(Args, Clone, Default)]
pub(super) struct CatalogueFile {
    /// What is sold: offers with licence ranges, prices, add-ons and upgrade paths, as TOML. Without
    /// it, `catalogue.toml` of the data directory, where init keeps a copy; else a sample.
    #[arg(long = "catalogue", value_name = "FILE", env = "PARTNERLOG_CATALOGUE")]
    pub(super) file: Option<PathBuf>,
}

impl Directory {
    /// The directories in full.
    pub(super) fn places(&self) -> DataDirectory {
        DataDirectory::new(self.data.clone(), self.keys.clone())
    }

    /// Another command on the same installation, as it is typed.
    pub(super) fn command(&self, name: &str) -> String {
        let keys = self.keys.as_ref().map(|keys| format!(" --keys {}", keys.display()));
        format!("partnerlog {name} --data {}{}", self.data.display(), keys.unwrap_or_default())
    }

    /// Opens the installation for this command.
    pub(super) async fn open(&self) -> Result<Running, CliError> {
        Ok(self.places().open(std::sync::Arc::new(SystemClock)).await?)
    }

    /// Opens the installation for this command, to sell by this catalogue.
    pub(super) async fn open_with(
        &self,
        catalogue: CatalogueFile,
        retention: Option<Retention>,
    ) -> Result<Running, CliError> {
        let places = self.places().with_catalogue(catalogue.file).retaining(retention);
        Ok(places.open(std::sync::Arc::new(SystemClock)).await?)
    }

    /// Opens the installation only to read it, while a server may be running.
    pub(super) async fn open_to_follow(&self) -> Result<Reading, CliError> {
        Ok(self.places().open_to_follow().await?)
    }

    /// Opens the installation only to read it.
    pub(super) async fn open_to_read(&self) -> Result<Reading, CliError> {
        Ok(self.places().open_to_read().await?)
    }
}
