//! Where a partner is told of what happens: registered, tried out, told, and what could not be told.

use serde::{Deserialize, Serialize};

use super::PartnerEvent;
use crate::{
    ids::{CorrelationId, WebhookId, WebhookSecretId},
    log::Position,
    personal::Clear,
    time::Timestamp,
    values::{WebhookAddress, WebhookEventName},
};

/// Why something could not be told: the sort of trouble only. Stored by order: new sorts go to the
/// end.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WebhookFailure {
    /// The receiver could not be reached, or the talk with it broke off.
    Unreachable,
    /// The receiver shows no certificate that is trusted for its name.
    Unprotected,
    /// The receiver took too long.
    TimedOut,
    /// The receiver answered something else than that it took it.
    Refused,
    /// The receiver's name leads to an address that nothing is sent to from here.
    ForbiddenAddress,
}

impl WebhookFailure {
    /// Every sort.
    pub const ALL: [Self; 5] = [
        Self::Unreachable,
        Self::Unprotected,
        Self::TimedOut,
        Self::Refused,
        Self::ForbiddenAddress,
    ];

    /// The stable name in answers and metrics.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Unreachable => "unreachable",
            Self::Unprotected => "unprotected",
            Self::TimedOut => "timed_out",
            Self::Refused => "refused",
            Self::ForbiddenAddress => "forbidden_address",
        }
    }
}

impl Clear for WebhookFailure {}

events! {
    /// A partner said where it wants to be told of what happens, and of what.
    WebhookRegistered = 0x01e0 v 1 {
        /// The registration.
        clear webhook_id: WebhookId,
        /// The secret that deliveries are signed with; it is kept outside the log.
        clear secret_id: WebhookSecretId,
        /// Where.
        clear address: WebhookAddress,
        /// Of what, each once.
        clear wanted: Vec<WebhookEventName>,
    }
    /// A partner wants to be told elsewhere, of other things or under another secret.
    WebhookChanged = 0x01e1 v 1 {
        /// The registration.
        clear webhook_id: WebhookId,
        /// The secret from now on; it is kept outside the log.
        clear secret_id: WebhookSecretId,
        /// Where from now on.
        clear address: WebhookAddress,
        /// Of what from now on, each once.
        clear wanted: Vec<WebhookEventName>,
    }
    /// A partner wants to be told no longer.
    WebhookRemoved = 0x01e2 v 1 {
        /// The registration.
        clear webhook_id: WebhookId,
    }
    /// A partner tries out whether it is told.
    WebhookTested = 0x01e3 v 1 {
        /// The registration.
        clear webhook_id: WebhookId,
        /// This test.
        clear test_id: CorrelationId,
        /// It counts against the number of tests before this moment.
        clear counted_until: Timestamp,
    }
    /// A partner was told of everything it wants to be told of, up to an event.
    WebhookDelivered = 0x01e4 v 1 {
        /// The registration.
        clear webhook_id: WebhookId,
        /// The last event it was told of.
        clear through: Position,
        /// How many it was told of since the last time that was recorded.
        clear count: u32,
    }
    /// A partner could not be told of an event.
    WebhookDeliveryFailed = 0x01e5 v 1 {
        /// The registration.
        clear webhook_id: WebhookId,
        /// The event.
        clear position: Position,
        /// Which attempt it was, from 1.
        clear attempt: u32,
        /// Why.
        clear reason: WebhookFailure,
        /// The status that the receiver answered, if it did.
        clear status: Option<u32>,
        /// When it is tried again; `None` when it was given up.
        clear retry_at: Option<Timestamp>,
    }
}

aggregate_events! {
    /// What happens to the webhook of a partner.
    WebhookEvent in PartnerEvent {
        WebhookRegistered,
        WebhookChanged,
        WebhookRemoved,
        WebhookTested,
        WebhookDelivered,
        WebhookDeliveryFailed,
    }
}
