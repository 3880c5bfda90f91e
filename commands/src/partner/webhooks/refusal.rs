//! Why a command on a webhook is refused.

use events::{Timestamp, WebhookEventName};

use crate::rejection::RejectionKind;

/// Why a command on a webhook is refused.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum WebhookRefusal {
    /// The partner is registered nowhere, or no longer there.
    #[error("no webhook is registered")]
    NotRegistered,
    /// The partner is registered already.
    #[error("a webhook is registered already: change it")]
    AlreadyRegistered,
    /// The registration names nothing to be told of.
    #[error("at least one event must be named")]
    NoEvents,
    /// The registration names what nobody is told of.
    #[error("there is no event {}", .name.as_str())]
    UnknownEvent {
        /// The name.
        name: WebhookEventName,
    },
    /// The partner does not want to be told of tests.
    #[error("the webhook is not registered for test-created")]
    TestNotWanted,
    /// There were too many tests within a minute.
    #[error("at most {limit} tests in a minute are possible: the next one at {possible_at}")]
    TestsTooFast {
        /// How many are possible.
        limit: usize,
        /// When another one is.
        possible_at: Timestamp,
    },
    /// What came of telling is recorded already, or the registration has gone past it.
    #[error("what came of this delivery is known")]
    DeliveryKnown,
}

impl WebhookRefusal {
    /// The stable name of the refusal.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotRegistered => "webhook_not_registered",
            Self::AlreadyRegistered => "webhook_already_registered",
            Self::NoEvents => "webhook_without_events",
            Self::UnknownEvent { .. } => "webhook_event_unknown",
            Self::TestNotWanted => "webhook_test_not_wanted",
            Self::TestsTooFast { .. } => "webhook_tests_too_fast",
            Self::DeliveryKnown => "webhook_delivery_known",
        }
    }

    /// The field of the command that is to blame.
    #[must_use]
    pub const fn field(&self) -> Option<&'static str> {
        match self {
            Self::NoEvents | Self::UnknownEvent { .. } => Some("webhook_events"),
            Self::NotRegistered
            | Self::AlreadyRegistered
            | Self::TestNotWanted
            | Self::TestsTooFast { .. }
            | Self::DeliveryKnown => None,
        }
    }

    /// The sort of refusal.
    #[must_use]
    pub const fn kind(&self) -> RejectionKind {
        match self {
            Self::NotRegistered => RejectionKind::NotFound,
            Self::AlreadyRegistered => RejectionKind::Conflict,
            Self::NoEvents
            | Self::UnknownEvent { .. }
            | Self::TestNotWanted
            | Self::TestsTooFast { .. }
            | Self::DeliveryKnown => RejectionKind::Rule,
        }
    }
}
