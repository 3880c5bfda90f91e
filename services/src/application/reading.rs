//! Opening an installation only to read it: log and keys, without read model, timers or commands.

use std::sync::Arc;

use projections::{ReadModel, ReplayError, rebuild};
use store::{EventStore, LogReader};

use super::{DataDirectory, OpenError, open::blocking};
use crate::{keys::KeyDirectory, vault::Vault};

/// An installation that is open to be read. Nothing is recorded through it, and a record that
/// cannot be decoded is met only by whoever reads that far.
///
/// Holds the log's lock until it is dropped, unless it was opened to be followed.
pub struct Reading {
    store: Arc<dyn EventStore>,
    keys: Arc<KeyDirectory>,
    vault: Vault,
}

impl DataDirectory {
    /// Opens an installation to read it.
    ///
    /// # Errors
    /// When there is none, another process has it, or it is damaged.
    pub async fn open_to_read(&self) -> Result<Reading, OpenError> {
        let places = self.clone();
        blocking(move || {
            let log = LogReader::open(places.data())?;
            Ok(Reading::new(log, KeyDirectory::open_to_read(places.keys())?))
        })
        .await
    }

    /// Opens an installation to read it while a server may be running on it: no lock is taken,
    /// nothing is changed, and what is recorded later shows up a moment after.
    ///
    /// # Errors
    /// When there is none, it is damaged, or its journal no longer begins at the beginning.
    pub async fn open_to_follow(&self) -> Result<Reading, OpenError> {
        let places = self.clone();
        blocking(move || {
            let log = LogReader::follow(places.data())?;
            Ok(Reading::new(log, KeyDirectory::open_to_read(places.keys())?))
        })
        .await
    }
}

impl Reading {
    fn new(log: LogReader, keys: KeyDirectory) -> Self {
        let (keys, installation) = (Arc::new(keys), log.installation());
        let store: Arc<dyn EventStore> = Arc::new(log);
        let vault = Vault::new(Arc::clone(&store), Arc::clone(&keys), installation);
        Self { store, keys, vault }
    }

    /// The log.
    #[must_use]
    pub fn store(&self) -> &dyn EventStore {
        &*self.store
    }

    /// The key directory.
    #[must_use]
    pub fn keys(&self) -> &KeyDirectory {
        &self.keys
    }

    /// Opens personal data.
    #[must_use]
    pub const fn vault(&self) -> &Vault {
        &self.vault
    }

    /// The read model of everything recorded.
    ///
    /// # Errors
    /// When the log cannot be read or holds a record that cannot be folded.
    pub async fn model(&self) -> Result<ReadModel, ReplayError> {
        rebuild(self.store(), None).await
    }
}
