//! Webhooks on their way out: what a receiver is told, how it can know from whom that comes, and where
//! nothing is sent to.
//!
//! Nothing here decides whether something is told again: that is decided and recorded as events. What
//! receivers answer beyond a status is not read: it would be anybody's text.

mod address;
mod callback;
mod exchange;
mod settings;
mod signature;

use events::{RecordedEvent, Timestamp, WebhookFailure};
use projections::WebhookRow;
use secrecy::SecretString;

pub(crate) use self::settings::{WebhookPolicy, WebhookRules, WebhookSettings};
use self::{
    address::Target,
    callback::Callback,
    exchange::{Exchange, Tls},
};

/// What keeps a receiver from being told.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Refused {
    /// The sort of trouble.
    pub(crate) reason: WebhookFailure,
    /// The status that the receiver answered, if it did.
    pub(crate) status: Option<u32>,
}

impl From<WebhookFailure> for Refused {
    fn from(reason: WebhookFailure) -> Self {
        Self { reason, status: None }
    }
}

/// Tells receivers.
pub(crate) struct Messenger {
    rules: WebhookRules,
    /// The address of this program in what leaves it, without a slash at its end.
    public_address: String,
    tls: Tls,
}

impl Messenger {
    /// Prepares to tell receivers of what happens here.
    pub(crate) fn new(rules: WebhookRules, public_address: &str) -> Self {
        Self { rules, public_address: public_address.to_owned(), tls: Tls::default() }
    }

    /// Tells one receiver of one event, signed with its secret.
    ///
    /// # Errors
    /// When it did not take it.
    pub(crate) async fn tell(
        &self,
        webhook: &WebhookRow,
        event: &RecordedEvent,
        secret: &SecretString,
        now: Timestamp,
    ) -> Result<(), Refused> {
        let body = Callback::of(event, webhook.partner, &self.public_address).bytes();
        let seconds = now.as_microseconds().div_euclid(1_000_000);
        let target = Target::of(&webhook.address).ok_or(WebhookFailure::Unreachable)?;
        let exchange = Exchange {
            target: &target,
            signature: signature::of(secret, seconds, &body),
            timestamp: seconds,
            delivery: format!("{}:{}", webhook.id, event.position),
            correlation: event.metadata.correlation_id,
            body,
        };
        exchange.carry_out(&self.rules, &self.tls).await
    }
}
