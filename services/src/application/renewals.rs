//! Subscriptions, renewed at the end of each term or not.

use async_trait::async_trait;
use commands::{ChangeRenewal, Customer};
use events::{CustomerId, StreamId, SubscriptionId, Timestamp};

use super::{CommandError, OnCustomer, Transaction, UseCase};

/// Has a subscription renewed at the end of each term, or lets it end with the one that runs: that is
/// looked up while other commands on the customer queue, as they may change it.
pub(crate) struct Renewal {
    /// The customer.
    pub(crate) customer: CustomerId,
    /// The subscription.
    pub(crate) subscription_id: SubscriptionId,
    /// Whether it is renewed.
    pub(crate) renews: bool,
}

#[async_trait]
impl UseCase for Renewal {
    fn name(&self) -> &'static str {
        "ChangeRenewal"
    }

    fn primary(&self) -> StreamId {
        self.customer.into()
    }

    async fn decide(&self, transaction: &mut Transaction<'_>) -> Result<(), CommandError> {
        let Self { customer, subscription_id, renews } = *self;
        let model = transaction.model_of::<Customer>(customer).await?;
        let row = model.subscriptions().get(customer, subscription_id);
        // One that is not there is refused before its terms count.
        let terms_since = row.map_or(Timestamp::EPOCH, |row| row.terms_since);
        let command = ChangeRenewal { subscription_id, renews, terms_since };
        OnCustomer::new(customer, command).decide(transaction).await
    }
}
