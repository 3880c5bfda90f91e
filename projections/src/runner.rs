//! What keeps the read model up to date: it follows the log and publishes whole versions.

use std::{sync::Arc, time::Duration};

use store::{Delivery, EventStore, Record, Subscription};
use tokio::sync::watch;
use tokio_stream::StreamExt as _;
use tokio_util::sync::CancellationToken;

use crate::{
    kept_versions::KeptVersions,
    metric_definitions,
    progress::RunnerPhase,
    read_model::ReadModel,
    read_models::{ReadModels, Shared},
    rebuild::{ReplayError, Until, apply_commit, commits_after, replay},
};

/// How many whole versions are kept for as-of reads, unless told otherwise.
pub const KEPT_VERSIONS_DEFAULT: usize = 64;
/// How far apart they are at first; doubles as the history grows.
const FIRST_STRIDE_EVENTS: u64 = 1_024;
/// How long the runner waits before it asks an unavailable log again, at first and at most.
const RETRY_DELAY_MIN: Duration = Duration::from_millis(100);
const RETRY_DELAY_MAX: Duration = Duration::from_secs(5);

/// How a runner works.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct RunnerOptions {
    /// How many whole versions are kept for as-of reads: more take memory, fewer make as-of reads
    /// slower.
    pub kept_versions: usize,
    /// How far apart they are at first, in events.
    pub first_stride_events: u64,
}

impl Default for RunnerOptions {
    fn default() -> Self {
        Self { kept_versions: KEPT_VERSIONS_DEFAULT, first_stride_events: FIRST_STRIDE_EVENTS }
    }
}

/// Follows the log from its beginning and keeps the read model up to date.
///
/// What was recorded before the start is folded without being published; from then on every
/// delivery of whole commits makes one published version.
pub struct ProjectionRunner {
    shared: Arc<Shared>,
    published: watch::Sender<Arc<ReadModel>>,
    working: ReadModel,
}

/// Why the runner has nothing more to follow for now.
enum Pause {
    /// It was asked to stop, or the log was closed.
    Over,
    /// Something went wrong.
    Fault(ReplayError),
}

impl ProjectionRunner {
    /// A runner that follows `store`, and the access to what it will publish.
    #[must_use]
    pub fn new(store: Arc<dyn EventStore>, options: RunnerOptions) -> (Self, ReadModels) {
        let kept = KeptVersions::new(options.kept_versions, options.first_stride_events);
        let shared = Arc::new(Shared::new(store, kept));
        let (published, current) = watch::channel(Arc::default());
        let models = ReadModels { current, shared: Arc::clone(&shared) };
        (Self { shared, published, working: ReadModel::new() }, models)
    }

    /// Runs until `shutdown` is cancelled or the log is closed. While the log is unavailable it
    /// asks again.
    ///
    /// # Errors
    /// When it meets a record that cannot be decoded or makes no sense, or damage. The published
    /// model is then the one right before that record's commit.
    pub async fn run(mut self, shutdown: CancellationToken) -> Result<(), ReplayError> {
        let mut delay = RETRY_DELAY_MIN;
        loop {
            let before = self.working.position();
            match self.follow(&shutdown).await {
                Pause::Over => {
                    self.shared.progress().phase = RunnerPhase::Stopped;
                    return Ok(());
                }
                Pause::Fault(error) if error.is_passing() => {
                    if self.working.position() > before {
                        delay = RETRY_DELAY_MIN;
                    }
                    tracing::warn!(%error, "the log cannot be followed, trying again");
                    self.note(&error);
                    let _ = shutdown.run_until_cancelled(tokio::time::sleep(delay)).await;
                    delay = (delay * 2).min(RETRY_DELAY_MAX);
                }
                Pause::Fault(error) => return Err(self.fail(error).await),
            }
        }
    }

    /// Takes deliveries in until something ends them.
    async fn follow(&mut self, shutdown: &CancellationToken) -> Pause {
        let mut deliveries: Subscription = self.shared.store.subscribe(self.working.position());
        loop {
            let delivery = match shutdown.run_until_cancelled(deliveries.next()).await {
                Some(Some(Ok(delivery))) => delivery,
                Some(Some(Err(error))) => return Pause::Fault(error.into()),
                Some(None) | None => return Pause::Over,
            };
            match delivery {
                Delivery::Records(records) => {
                    if let Err(error) = self.take_in(&records) {
                        return Pause::Fault(error);
                    }
                }
                Delivery::CaughtUp(position) => {
                    tracing::info!(%position, "the read model has caught up with the log");
                    self.shared.progress().phase = RunnerPhase::Live;
                    self.publish();
                }
            }
            // Folding is work without waiting: let others on this thread have their turn.
            tokio::task::yield_now().await;
        }
    }

    fn take_in(&mut self, records: &[Record]) -> Result<(), ReplayError> {
        let before = self.working.position();
        for commit in commits_after(before, records) {
            apply_commit(&mut self.working, commit)?;
            let gone = self.shared.kept().offer(&self.working);
            if !gone.is_empty() {
                tokio::task::spawn_blocking(move || drop(gone));
            }
        }
        let position = self.working.position();
        if position == before {
            return Ok(());
        }
        let phase = {
            let mut progress = self.shared.progress();
            progress.advance(position);
            progress.phase
        };
        if phase == RunnerPhase::Live {
            self.publish();
        }
        let kept = self.shared.kept().len();
        let folded = position.get() - before.get();
        metric_definitions::advanced(position, self.shared.store.head(), folded, kept);
        Ok(())
    }

    fn publish(&self) {
        self.published.send_replace(Arc::new(self.working.clone()));
    }

    fn note(&self, error: &ReplayError) {
        self.shared.progress().last_error = Some(error.clone());
        metric_definitions::failed();
    }

    /// Stops for good, and leaves published what the log says up to the commit it cannot take.
    async fn fail(&mut self, error: ReplayError) -> ReplayError {
        tracing::error!(%error, "the read model cannot go on");
        self.note(&error);
        self.shared.progress().phase = RunnerPhase::Failed;
        if let Some(position) = error.position() {
            let kept = self.shared.kept().at_or_below(position).unwrap_or_default();
            let published = Arc::clone(&self.published.borrow());
            let base = if published.position() > kept.position() { published } else { kept };
            let good =
                replay(&*self.shared.store, ReadModel::clone(&base), Until::Position(position));
            match good.await {
                Ok(model) => {
                    self.shared.progress().position = model.position();
                    self.working = model;
                    self.publish();
                }
                Err(second) => tracing::error!(error = %second, "what came before cannot be read"),
            }
        }
        error
    }
}
