//! Opening an installation: log, keys, read model, application; and closing it in the right order.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use events::InstallationId;
use projections::{ProjectionRunner, ReplayError, RunnerOptions};
use store::{Clock, CloseError, EventStore, LogStore, Retention, StoreOptions};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use commands::Catalogue;

use super::{Application, watch::Watch};
use crate::{
    catalogue::{CatalogueError, load_catalogue},
    ids,
    keys::{KeyDirectory, KeyError, KeyFileError, KeyUse},
    sample::sample_catalogue,
};

/// The catalogue of an installation, inside its data directory; without one the sample is sold.
const CATALOGUE_FILE: &str = "catalogue.toml";

/// The variable that sets the length of a journal segment, in bytes: small ones for tests.
const SEGMENT_BYTES_VARIABLE: &str = "PARTNERLOG_SEGMENT_BYTES";
/// How long the read model may take for one step of its first fold before the start is given up.
const FIRST_FOLD_PATIENCE_SECONDS: u64 = 60;

/// Where an installation lives.
#[derive(Clone, Debug)]
pub struct DataDirectory {
    data: PathBuf,
    keys: PathBuf,
    catalogue: Option<PathBuf>,
    retention: Option<Retention>,
}

/// Why an installation could not be opened or closed.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The log says no.
    #[error(transparent)]
    Log(#[from] store::OpenError),
    /// The key directory says no.
    #[error(transparent)]
    Keys(#[from] KeyError),
    /// What is sold cannot be read.
    #[error(transparent)]
    Catalogue(#[from] CatalogueError),
    /// The catalogue cannot be kept.
    #[error("the catalogue cannot be kept in {}", .path.display())]
    KeepCatalogue {
        /// Where it was to be kept.
        path: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// The log could not be folded into the read model.
    #[error("the read model cannot be built")]
    ReadModel(#[from] ReplayError),
    /// The read model did not catch up.
    #[error("the read model does not catch up with the log")]
    Stuck,
    /// The log was not closed cleanly.
    #[error(transparent)]
    Close(#[from] CloseError),
    /// A part of the program ended badly.
    #[error("{0} ended badly")]
    Ended(&'static str),
}

/// An open installation. Stop it; one that is only dropped is recovered at the next start.
pub struct Running {
    /// The application.
    pub application: Arc<Application>,
    log: Arc<LogStore>,
    runner: JoinHandle<Result<(), ReplayError>>,
    stop: CancellationToken,
    watch: Watch,
}

impl DataDirectory {
    /// The directories; keys lie inside the data directory unless told otherwise.
    #[must_use]
    pub fn new(data: PathBuf, keys: Option<PathBuf>) -> Self {
        let keys = keys.unwrap_or_else(|| data.join("keys"));
        Self { data, keys, catalogue: None, retention: None }
    }

    /// Sells by this catalogue instead of the one in the data directory.
    #[must_use]
    pub fn with_catalogue(self, file: Option<PathBuf>) -> Self {
        Self { catalogue: file, ..self }
    }

    /// The same, with old segments of the journal dropped while it is open; none are by default.
    #[must_use]
    pub fn retaining(self, retention: Option<Retention>) -> Self {
        Self { retention, ..self }
    }

    /// The data directory.
    #[must_use]
    pub fn data(&self) -> &Path {
        &self.data
    }

    /// The key directory.
    #[must_use]
    pub fn keys(&self) -> &Path {
        &self.keys
    }

    /// Begins an installation in an empty directory and opens it. A catalogue that was named is kept
    /// there.
    ///
    /// # Errors
    /// When the directory is not empty or cannot be written, or the catalogue has a fault.
    pub async fn create(&self, clock: Arc<dyn Clock>) -> Result<Running, OpenError> {
        let installation = ids::fresh(clock.now(), InstallationId::from_uuid);
        let places = self.clone();
        let log_clock = Arc::clone(&clock);
        let opened = blocking(move || {
            let catalogue = places.load_catalogue()?;
            let log = LogStore::create(&places.data, installation, log_clock, &places.options())?;
            places.keep_catalogue()?;
            Ok((log, KeyDirectory::create(&places.keys)?, catalogue))
        });
        let (log, keys, catalogue) = opened.await?;
        self.run(log, keys, catalogue, clock).await
    }

    /// Opens an installation.
    ///
    /// # Errors
    /// When there is none, another process has it, it is damaged, or the catalogue has a fault.
    pub async fn open(&self, clock: Arc<dyn Clock>) -> Result<Running, OpenError> {
        let places = self.clone();
        let log_clock = Arc::clone(&clock);
        let opened = blocking(move || {
            let catalogue = places.load_catalogue()?;
            let log = LogStore::open(&places.data, log_clock, &places.options())?;
            let keys = places.open_keys(&log)?;
            Ok((log, keys, catalogue))
        });
        let (log, keys, catalogue) = opened.await?;
        self.run(log, keys, catalogue, clock).await
    }

    /// The catalogue that was named, else that of the data directory, else the sample.
    fn load_catalogue(&self) -> Result<Catalogue, CatalogueError> {
        let kept = self.data.join(CATALOGUE_FILE);
        match &self.catalogue {
            Some(file) => load_catalogue(file),
            None if kept.exists() => load_catalogue(&kept),
            None => Ok(sample_catalogue()),
        }
    }

    fn keep_catalogue(&self) -> Result<(), OpenError> {
        let Some(file) = &self.catalogue else { return Ok(()) };
        let path = self.data.join(CATALOGUE_FILE);
        match std::fs::copy(file, &path) {
            Ok(_) => Ok(()),
            Err(source) => Err(OpenError::KeepCatalogue { path, source }),
        }
    }

    /// Keys may only be missing where nothing was ever recorded: a start that broke off.
    fn open_keys(&self, log: &LogStore) -> Result<KeyDirectory, KeyError> {
        let unused = log.head().get() == 0;
        let use_so_far = if unused { KeyUse::Unused } else { KeyUse::InUse };
        match KeyDirectory::open(&self.keys, use_so_far) {
            Err(KeyError::File(KeyFileError::Missing { .. })) if unused => {
                KeyDirectory::create(&self.keys)
            }
            opened => opened,
        }
    }

    fn options(&self) -> StoreOptions {
        let retention = self.retention.clone();
        let mut options = StoreOptions { retention, ..StoreOptions::default() };
        let given = std::env::var(SEGMENT_BYTES_VARIABLE).ok();
        if let Some(bytes) = given.and_then(|text| text.parse().ok()) {
            options.segment_bytes = bytes;
        }
        options
    }

    async fn run(
        &self,
        log: LogStore,
        keys: KeyDirectory,
        catalogue: Catalogue,
        clock: Arc<dyn Clock>,
    ) -> Result<Running, OpenError> {
        let log = Arc::new(log);
        let store: Arc<dyn EventStore> = Arc::<LogStore>::clone(&log);
        let (runner, models) = ProjectionRunner::new(Arc::clone(&store), RunnerOptions::default());
        let stop = CancellationToken::new();
        let runner = tokio::spawn(runner.run(stop.child_token()));
        let head = store.head();
        let patience = Duration::from_secs(FIRST_FOLD_PATIENCE_SECONDS);
        let mut folded = models.status().position;
        while models.wait_for(head, patience).await.is_err() {
            let status = models.status();
            if let Some(error) = status.last_error {
                return Err(error.into());
            }
            if status.position == folded {
                return Err(OpenError::Stuck);
            }
            folded = status.position;
        }
        if let Some(newest) = models.current().subject_keys().highest() {
            keys.demand(newest)?;
        }
        let installation = log.installation();
        let application =
            Application::new(store, Arc::new(keys), clock, models, catalogue, installation);
        let application = Arc::new(application);
        let watch = Watch::start(Arc::clone(&application), Arc::clone(&log)).await;
        Ok(Running { application, log, runner, stop, watch })
    }
}

impl Running {
    /// Cancelled when the installation begins to stop.
    #[must_use]
    pub fn stopping(&self) -> CancellationToken {
        self.stop.child_token()
    }

    /// Tells every follower to stop.
    pub fn begin_stop(&self) {
        self.stop.cancel();
    }

    /// The durable log.
    #[must_use]
    pub const fn log(&self) -> &Arc<LogStore> {
        &self.log
    }

    /// Records what was noticed last, stops the read model, then closes the log cleanly.
    ///
    /// # Errors
    /// When the log could not be closed; everything acknowledged is durable all the same.
    pub async fn stop(self) -> Result<(), OpenError> {
        let Self { log, runner, stop, watch, .. } = self;
        watch.finish().await;
        stop.cancel();
        let runner = runner.await.map_err(|_| OpenError::Ended("the read model"))?;
        if let Err(error) = runner {
            tracing::error!(error = &error as &dyn std::error::Error, "read model had stopped");
        }
        Ok(log.close().await?)
    }
}

pub(super) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, OpenError> + Send + 'static,
) -> Result<T, OpenError> {
    tokio::task::spawn_blocking(work).await.map_err(|_| OpenError::Ended("opening the log"))?
}
