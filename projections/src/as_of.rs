//! What was the case then: the read model at an older position or time.
//!
//! The nearest version in memory that is old enough is folded onwards through the log; how far that
//! is at most, the distance between kept versions says.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError},
};

use events::{Position, Timestamp};
use tokio::sync::Semaphore;

use crate::{
    read_model::ReadModel,
    read_models::ReadModels,
    rebuild::{ReplayError, Until, replay},
};

/// How many as-of models are remembered: a slider moves to and fro between a few.
const REMEMBERED_MODELS_MAX: usize = 8;
/// How many replays run at once; others wait their turn.
const REPLAYS_MAX: usize = 4;

/// Why the model of an older moment cannot be had.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AsOfError {
    /// The position lies in the future.
    #[error("position {asked} lies beyond the head of the log, {head}")]
    BeyondHead {
        /// What was asked for.
        asked: Position,
        /// How many events the log has.
        head: Position,
    },
    /// The log could not be folded as far as needed.
    #[error(transparent)]
    Replay(#[from] ReplayError),
}

/// The as-of models made lately, newest request first, and the right to make more.
pub(crate) struct PastReads {
    remembered: Mutex<VecDeque<Arc<ReadModel>>>,
    replays: Semaphore,
}

impl PastReads {
    pub(crate) const fn new() -> Self {
        Self { remembered: Mutex::new(VecDeque::new()), replays: Semaphore::const_new(REPLAYS_MAX) }
    }

    fn newest(&self, holds: impl Fn(&ReadModel) -> bool) -> Option<Arc<ReadModel>> {
        let remembered = self.remembered.lock().unwrap_or_else(PoisonError::into_inner);
        let good = remembered.iter().filter(|model| holds(model));
        good.max_by_key(|model| model.position()).map(Arc::clone)
    }

    fn remember(&self, model: &Arc<ReadModel>) {
        let mut remembered = self.remembered.lock().unwrap_or_else(PoisonError::into_inner);
        remembered.retain(|known| known.position() != model.position());
        remembered.push_front(Arc::clone(model));
        remembered.truncate(REMEMBERED_MODELS_MAX);
    }
}

impl ReadModels {
    /// The model as it was when the log ended at `position`; inside a commit, before that commit.
    ///
    /// # Errors
    /// When the position lies beyond the head, or the log cannot be folded that far.
    pub async fn as_of_position(&self, position: Position) -> Result<Arc<ReadModel>, AsOfError> {
        let head = self.shared.store.head();
        if position > head {
            return Err(AsOfError::BeyondHead { asked: position, head });
        }
        let kept = self.shared.kept().at_or_below(position);
        let base = self.nearest(kept, |model| model.position() <= position);
        self.continue_from(base, Until::Position(position)).await
    }

    /// The model as it was at a moment: with every commit recorded at or before it.
    ///
    /// # Errors
    /// When the log cannot be folded that far.
    pub async fn as_of_time(&self, moment: Timestamp) -> Result<Arc<ReadModel>, AsOfError> {
        let kept = self.shared.kept().at_or_before(moment);
        let base = self
            .nearest(kept, |model| model.recorded_at().is_none_or(|recorded| recorded <= moment));
        self.continue_from(base, Until::Time(moment)).await
    }

    /// The newest model in memory that is old enough; the empty one if there is none.
    fn nearest(
        &self,
        kept: Option<Arc<ReadModel>>,
        holds: impl Fn(&ReadModel) -> bool,
    ) -> Arc<ReadModel> {
        let current = Some(self.current()).filter(|model| holds(model));
        let remembered = self.shared.past.newest(holds);
        let candidates = [kept, current, remembered].into_iter().flatten();
        candidates.max_by_key(|model| model.position()).unwrap_or_default()
    }

    async fn continue_from(
        &self,
        base: Arc<ReadModel>,
        until: Until,
    ) -> Result<Arc<ReadModel>, AsOfError> {
        if until == Until::Position(base.position()) {
            return Ok(base);
        }
        // The semaphore is never closed; if it were, the replay would only be less bounded.
        let _turn = self.shared.past.replays.acquire().await;
        let start = base.position();
        let model = replay(&*self.shared.store, ReadModel::clone(&base), until).await?;
        if model.position() == start {
            return Ok(base);
        }
        let model = Arc::new(model);
        self.shared.past.remember(&model);
        Ok(model)
    }
}
