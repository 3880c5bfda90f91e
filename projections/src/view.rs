//! What a view is: a pure fold of recorded events, and what stops one.

use events::{Position, RecordedEvent};
use uuid::Uuid;

use crate::keys::Id;

/// A fold of the log into rows that answer one kind of question.
///
/// A view sees every event once and in log order. It has no clock and does no I/O, so that the same
/// events always make the same rows.
pub trait View {
    /// The name in messages and metrics.
    const NAME: &'static str;

    /// Takes the next event in; events that do not concern the view leave it unchanged.
    ///
    /// # Errors
    /// When the event makes no sense after what came before. The view is then of no further use.
    fn apply(&mut self, recorded: &RecordedEvent) -> Result<(), Contradiction>;
}

/// Why an event makes no sense after what came before.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Contradiction {
    /// The event speaks of something that was never there, or is gone.
    #[error("{kind} {id} is not known")]
    Unknown {
        /// What kind of thing.
        kind: &'static str,
        /// Which.
        id: Uuid,
    },
    /// The event creates something that exists.
    #[error("{kind} {id} exists already")]
    Duplicate {
        /// What kind of thing.
        kind: &'static str,
        /// Which.
        id: Uuid,
    },
    /// The thing is there, in a state in which this cannot happen to it.
    #[error("{kind} {id} {state}")]
    WrongState {
        /// What kind of thing.
        kind: &'static str,
        /// Which.
        id: Uuid,
        /// The state it is in, such as "is deleted".
        state: &'static str,
    },
    /// The event stands in a stream of another category.
    #[error("it stands in stream category {found}")]
    ForeignStream {
        /// The category of the stream it was found in.
        found: &'static str,
    },
    /// An event is missing, repeated or out of order.
    #[error("the next position should be {expected}")]
    OutOfOrder {
        /// The position that comes next.
        expected: Position,
    },
    /// The recorded time lies before that of the event before it.
    #[error("its recorded time lies before that of the event before it")]
    TimeWentBack,
}

impl Contradiction {
    pub(crate) fn unknown<I: Id>(id: I) -> Self {
        Self::Unknown { kind: I::WORDS, id: id.uuid() }
    }

    pub(crate) fn duplicate<I: Id>(id: I) -> Self {
        Self::Duplicate { kind: I::WORDS, id: id.uuid() }
    }

    pub(crate) fn wrong_state<I: Id>(id: I, state: &'static str) -> Self {
        Self::WrongState { kind: I::WORDS, id: id.uuid(), state }
    }
}

/// Why a read model could not take an event in.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{event} at position {position} contradicts what came before ({view}): {reason}")]
pub struct ApplyError {
    /// Where the event stands.
    pub position: Position,
    /// The name of the event.
    pub event: &'static str,
    /// The view that objects.
    pub view: &'static str,
    /// What is wrong.
    pub reason: Contradiction,
}

impl ApplyError {
    pub(crate) fn new(recorded: &RecordedEvent, view: &'static str, reason: Contradiction) -> Self {
        Self { position: recorded.position, event: recorded.event.name(), view, reason }
    }
}
