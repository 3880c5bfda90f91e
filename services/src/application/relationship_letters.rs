//! The e-mail that carries the link of a request for a relationship, on its way.

use async_trait::async_trait;
use commands::{Customer, SendRelationshipLetter};
use events::{CustomerId, InvitationId, Opened, PartnerId, RelationshipDraft, StreamId};

use super::{CommandError, OnCustomer, Transaction, UseCase};

/// Has this installation send the e-mail of a request: that it went out, or not, is told later. That
/// it has a recipient is looked up while other commands queue that write it anew.
pub(crate) struct SendRelationship {
    /// The stream in which the request stands.
    pub(crate) stream: CustomerId,
    /// The request.
    pub(crate) invitation_id: InvitationId,
    /// Who asks.
    pub(crate) partner_id: PartnerId,
}

#[async_trait]
impl UseCase for SendRelationship {
    fn name(&self) -> &'static str {
        "SendRequestLetter"
    }

    fn primary(&self) -> StreamId {
        self.stream.into()
    }

    async fn decide(&self, transaction: &mut Transaction<'_>) -> Result<(), CommandError> {
        let Self { stream, invitation_id, partner_id } = *self;
        let model = transaction.model_of::<Customer>(stream).await?;
        // Of a request that is not there the decision tells, to who may know; of an e-mail that cannot
        // be read any more the attempt to send it.
        let has_recipient = match model.relationship_requests().get(invitation_id) {
            None => true,
            Some(row) => match transaction.application.vault().open(&row.draft).await? {
                Opened::Readable(RelationshipDraft { recipient, .. }) => recipient.is_some(),
                Opened::Erased(_) | Opened::KeyUnavailable => true,
            },
        };
        let command = SendRelationshipLetter { invitation_id, partner_id, has_recipient };
        OnCustomer::new(stream, command).decide(transaction).await
    }
}
