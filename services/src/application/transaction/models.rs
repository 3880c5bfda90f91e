//! What does a decision see of the read model?

use std::{sync::Arc, time::Duration};

use events::{Position, StreamId};
use projections::ReadModel;

use super::Transaction;
use crate::application::{CommandError, aggregates::Aggregate};

/// How long a decision waits for the read model to show what came before it.
const MODEL_WAIT_SECONDS_MAX: u64 = 5;

impl Transaction<'_> {
    /// The read model, once it shows everything recorded in a stream until now: for decisions that
    /// rest on what the state of the aggregate does not hold, such as the text of a profile. No
    /// later command on the aggregate is decided meanwhile.
    pub(crate) async fn model_of<A: Aggregate>(
        &self,
        stream: impl Into<StreamId>,
    ) -> Result<Arc<ReadModel>, CommandError> {
        self.model_at(self.read::<A>(stream).await?.seen_at).await
    }

    /// The read model, once it shows everything recorded until now, for decisions that rest on many
    /// streams.
    pub(crate) async fn model_now(&self) -> Result<Arc<ReadModel>, CommandError> {
        self.model_at(self.application.store.head()).await
    }

    async fn model_at(&self, position: Position) -> Result<Arc<ReadModel>, CommandError> {
        let wait = Duration::from_secs(MODEL_WAIT_SECONDS_MAX);
        let model = self.application.models().wait_for(position, wait).await;
        model.map_err(|behind| CommandError::Unavailable(behind.to_string()))
    }
}
