//! How a read model is made from the log: from nothing, or onwards from an older version.

use events::{Position, Timestamp};
use store::{Delivery, EventStore, ReadError, Record};
use tokio_stream::StreamExt as _;

use crate::{read_model::ReadModel, view::ApplyError};

/// Why the log could not be folded. Nothing is skipped: the fold ends here.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReplayError {
    /// The log could not be read, or a record could not be decoded.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// An event makes no sense after what came before.
    #[error(transparent)]
    Apply(#[from] ApplyError),
    /// The log was closed before the fold was done.
    #[error("the log was closed at position {position}")]
    Closed {
        /// How far the fold had come.
        position: Position,
    },
}

impl ReplayError {
    /// The record at which the fold cannot go on, where it is a record's fault.
    #[must_use]
    pub const fn position(&self) -> Option<Position> {
        match self {
            Self::Read(
                ReadError::Undecodable { position, .. } | ReadError::Damaged { position, .. },
            )
            | Self::Apply(ApplyError { position, .. }) => Some(*position),
            Self::Read(ReadError::Unavailable { .. }) | Self::Closed { .. } => None,
        }
    }

    /// True when the same fold may work later.
    #[must_use]
    pub const fn is_passing(&self) -> bool {
        matches!(self, Self::Read(ReadError::Unavailable { .. }))
    }
}

/// How far to fold.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Until {
    /// To the end of what is published.
    Head,
    /// To the last commit that ends at or before this position.
    Position(Position),
    /// To the last commit recorded at or before this moment.
    Time(Timestamp),
}

impl Until {
    /// True when a commit that ends with `last` lies beyond.
    fn excludes(self, last: &Record) -> bool {
        match self {
            Self::Head => false,
            Self::Position(position) => last.position().next() > position,
            Self::Time(moment) => last.header().recorded_at > moment,
        }
    }

    /// True when a model that has come to `position` needs no look at the log.
    fn is_reached(self, position: Position) -> bool {
        self == Self::Position(position)
    }
}

/// Folds the log from its beginning: everything published, or what was published when it ended at
/// `up_to` (inside a commit: before that commit).
///
/// # Errors
/// When the log cannot be read or holds a record that cannot be folded.
pub async fn rebuild(
    store: &dyn EventStore,
    up_to: Option<Position>,
) -> Result<ReadModel, ReplayError> {
    replay(store, ReadModel::new(), up_to.map_or(Until::Head, Until::Position)).await
}

/// Folds the log onwards from `model`.
pub(crate) async fn replay(
    store: &dyn EventStore,
    mut model: ReadModel,
    until: Until,
) -> Result<ReadModel, ReplayError> {
    if until.is_reached(model.position()) {
        return Ok(model);
    }
    let mut deliveries = store.subscribe(model.position());
    while let Some(delivery) = deliveries.next().await {
        let Delivery::Records(records) = delivery? else {
            return Ok(model);
        };
        for commit in commits_after(model.position(), &records) {
            if commit.last().is_some_and(|last| until.excludes(last)) {
                return Ok(model);
            }
            apply_commit(&mut model, commit)?;
        }
        tokio::task::yield_now().await;
    }
    Err(ReplayError::Closed { position: model.position() })
}

/// The commits of a delivery that a model at `position` has not taken in, one after the other. A
/// replicated log may deliver again what it had delivered; what is missing shows when it is applied.
pub(crate) fn commits_after(
    position: Position,
    records: &[Record],
) -> impl Iterator<Item = &[Record]> {
    let commits = records.chunk_by(|record, _| !record.header().ends_commit());
    commits.skip_while(move |commit| commit.last().is_some_and(|last| last.position() < position))
}

/// Takes one commit in. After an error the model is of no further use.
pub(crate) fn apply_commit(model: &mut ReadModel, commit: &[Record]) -> Result<(), ReplayError> {
    for record in commit {
        model.apply(&record.decode()?)?;
    }
    Ok(())
}
