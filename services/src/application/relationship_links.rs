//! The link of a request that any company may answer: all who ask for it get the same.

use async_trait::async_trait;
use commands::RequestRelationship;
use events::{CustomerId, PartnerId, StreamId, Timestamp};
use projections::{ReadModel, RelationshipRequestRow};

use super::{CommandError, OnCustomer, Transaction, UseCase, WantedRelationship};

/// The newest open request of a partner that any company may answer.
pub(crate) fn open_to_anybody(
    model: &ReadModel,
    partner: PartnerId,
    delegated_admin: bool,
    now: Timestamp,
) -> Option<&RelationshipRequestRow> {
    model.relationship_requests().of_partner(partner).find(|row| {
        row.addressed_to.is_none() && row.delegated_admin == delegated_admin && row.is_open(now)
    })
}

/// Asks any company for a relationship, unless the partner does so already. Who asks for the link
/// queues for the partner: each request stands in a stream of its own.
pub(crate) struct LinkForAnybody {
    stream: CustomerId,
    command: RequestRelationship,
}

impl LinkForAnybody {
    /// Takes what to ask, where nothing is asked yet.
    pub(crate) fn new(wanted: WantedRelationship, now: Timestamp) -> Self {
        let (stream, command) = WantedRelationship { addressed_to: None, ..wanted }.asked(now);
        Self { stream, command }
    }
}

#[async_trait]
impl UseCase for LinkForAnybody {
    fn name(&self) -> &'static str {
        "RequestRelationship"
    }

    fn primary(&self) -> StreamId {
        self.command.partner_id.into()
    }

    async fn decide(&self, transaction: &mut Transaction<'_>) -> Result<(), CommandError> {
        let model = transaction.model_now().await?;
        let RequestRelationship { partner_id, delegated_admin, .. } = self.command;
        if open_to_anybody(&model, partner_id, delegated_admin, transaction.now).is_some() {
            return Ok(());
        }
        OnCustomer::new(self.stream, self.command.clone()).decide(transaction).await
    }
}
