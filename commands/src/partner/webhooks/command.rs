//! What can be asked about where a partner is told of what happens.

use events::{
    CorrelationId, Position, Timestamp, WebhookAddress, WebhookEventName, WebhookFailure,
    WebhookId, WebhookSecretId,
};

use crate::{command::command_enum, partner::PartnerCommand};

/// Say where the partner wants to be told of what happens, and of what.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RegisterWebhook {
    /// The new registration.
    pub webhook_id: WebhookId,
    /// The secret that deliveries are signed with.
    pub secret_id: WebhookSecretId,
    /// Where.
    pub address: WebhookAddress,
    /// Of what.
    pub wanted: Vec<WebhookEventName>,
}

/// Be told elsewhere, of other things, or under another secret.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ChangeWebhook {
    /// The secret from now on; `None` for that until now.
    pub secret_id: Option<WebhookSecretId>,
    /// Where from now on.
    pub address: WebhookAddress,
    /// Of what from now on.
    pub wanted: Vec<WebhookEventName>,
}

/// Be told no longer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct RemoveWebhook;

/// Try out whether the partner is told.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct TestWebhook {
    /// This test.
    pub test_id: CorrelationId,
}

/// Record what came of telling the partner. Only the process that does it gives this command.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct RecordWebhookDelivery {
    /// The registration.
    pub webhook_id: WebhookId,
    /// What came of it.
    pub outcome: DeliveryOutcome,
}

/// What came of telling a partner.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DeliveryOutcome {
    /// It was told of everything it wants to be told of.
    Delivered {
        /// Up to this event.
        through: Position,
        /// How many there were since the last time this was recorded.
        count: u32,
    },
    /// It could not be told of an event.
    Failed {
        /// The event.
        position: Position,
        /// When that was recorded.
        recorded_at: Timestamp,
        /// Why.
        reason: WebhookFailure,
        /// The status that the receiver answered, if it did.
        status: Option<u32>,
    },
}

command_enum! {
    /// What can be asked about where a partner is told of what happens.
    WebhookCommand in PartnerCommand {
        /// Register.
        Register(RegisterWebhook),
        /// Change the registration.
        Change(ChangeWebhook),
        /// Take the registration back.
        Remove(RemoveWebhook),
        /// Try it out.
        Test(TestWebhook),
        /// Record what came of telling.
        RecordDelivery(RecordWebhookDelivery),
    }
}
