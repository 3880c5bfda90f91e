//! How everybody else reads: the newest model, one that shows a certain commit, or one of then.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use events::Position;
use store::EventStore;
use tokio::sync::watch;

use crate::{
    as_of::PastReads, kept_versions::KeptVersions, progress::Progress, progress::RunnerStatus,
    read_model::ReadModel,
};

/// Why a wait for a position ended without it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WaitError {
    /// The time was up.
    #[error("the read model did not come to position {wanted} in time, it stands at {position}")]
    TimedOut {
        /// What was waited for.
        wanted: Position,
        /// Where the newest model stands.
        position: Position,
    },
    /// The runner has ended: waiting is of no use.
    #[error("the read model stays at position {position}: its runner has ended")]
    Ended {
        /// Where the newest model stands.
        position: Position,
    },
}

/// What the runner and its readers share.
pub(crate) struct Shared {
    pub(crate) store: Arc<dyn EventStore>,
    pub(crate) past: PastReads,
    kept: Mutex<KeptVersions>,
    progress: Mutex<Progress>,
}

impl Shared {
    pub(crate) fn new(store: Arc<dyn EventStore>, kept: KeptVersions) -> Self {
        Self {
            store,
            past: PastReads::new(),
            kept: Mutex::new(kept),
            progress: Mutex::new(Progress::new()),
        }
    }

    pub(crate) fn kept(&self) -> MutexGuard<'_, KeptVersions> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn progress(&self) -> MutexGuard<'_, Progress> {
        self.progress.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Access to the read models of a running [`ProjectionRunner`](crate::ProjectionRunner); cheap to
/// clone. Stays usable, and stays where it is, after the runner has ended.
#[derive(Clone)]
pub struct ReadModels {
    pub(crate) current: watch::Receiver<Arc<ReadModel>>,
    pub(crate) shared: Arc<Shared>,
}

impl ReadModels {
    /// The newest published model. Empty until the runner has caught up for the first time.
    #[must_use]
    pub fn current(&self) -> Arc<ReadModel> {
        Arc::clone(&self.current.borrow())
    }

    /// Tells of every newly published model, for who acts on what it shows.
    #[must_use]
    pub fn updates(&self) -> watch::Receiver<Arc<ReadModel>> {
        self.current.clone()
    }

    /// The newest model, once it shows everything before `position`: pass what an append returned
    /// as `next` to read one's own write.
    ///
    /// # Errors
    /// When the model does not come that far within `timeout`, or never will.
    pub async fn wait_for(
        &self,
        position: Position,
        timeout: Duration,
    ) -> Result<Arc<ReadModel>, WaitError> {
        {
            // What is there already needs no timer.
            let model = self.current.borrow();
            if model.position() >= position {
                return Ok(Arc::clone(&model));
            }
        }
        let mut current = self.current.clone();
        let shown = current.wait_for(|model| model.position() >= position);
        let outcome = match tokio::time::timeout(timeout, shown).await {
            Ok(Ok(model)) => return Ok(Arc::clone(&model)),
            Ok(Err(_)) => |_, position| WaitError::Ended { position },
            Err(_) => |wanted, position| WaitError::TimedOut { wanted, position },
        };
        Err(outcome(position, self.current().position()))
    }

    /// How far the runner is.
    #[must_use]
    pub fn status(&self) -> RunnerStatus {
        let head = self.shared.store.head();
        self.shared.progress().status(head)
    }
}
