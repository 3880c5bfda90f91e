//! Why a command on a webhook is refused.

use events::{Timestamp, WebhookEventName};

use crate::rejection::Row;

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
    /// Its line in the table of refusals.
    pub(crate) const fn row(&self) -> Row {
        match self {
            Self::NotRegistered => Row::not_found("webhook_not_registered"),
            Self::AlreadyRegistered => Row::conflict("webhook_already_registered"),
            Self::NoEvents => Row::rule("webhook_without_events").about("webhook_events"),
            Self::UnknownEvent { .. } => Row::rule("webhook_event_unknown").about("webhook_events"),
            Self::TestNotWanted => Row::rule("webhook_test_not_wanted"),
            Self::TestsTooFast { .. } => Row::rule("webhook_tests_too_fast"),
            Self::DeliveryKnown => Row::rule("webhook_delivery_known"),
        }
    }
}
