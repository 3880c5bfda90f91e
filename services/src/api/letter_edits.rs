//! Letters of requests, changed in part before they are sent.
//!
//! What is left out stays as it is, also where two people change one letter at the same time: what
//! is there is looked at while other commands on the request queue, as in `edits`.

use std::str::FromStr;

use async_trait::async_trait;
use commands::{
    Customer, EditInvitation, EditRelationshipDraft, Partnership, Permission, Rejection,
};
use events::{
    CustomerId, EmailAddress, InvalidValue, InvitationDraft, InvitationId, LetterText, PartnerId,
    PartnershipId, RelationshipDraft, StreamId, SubjectLine,
};

use super::{
    edits::not_readable,
    reading::{open, readable},
};
use crate::{
    application::{CommandError, OnCustomer, OnPartnership, Transaction, UseCase},
    http::{ApiError, JsonBody},
};

/// What a request changes about a letter.
pub(super) struct LetterChange {
    recipient: Option<EmailAddress>,
    subject: Option<SubjectLine>,
    text: Option<LetterText>,
}

impl LetterChange {
    /// Reads it.
    ///
    /// # Errors
    /// When a part is not acceptable.
    pub(super) fn read(body: &JsonBody) -> Result<Self, ApiError> {
        Ok(Self {
            recipient: given(body, "recipient")?,
            subject: given(body, "subject")?,
            text: given(body, "text")?,
        })
    }

    /// Whether nothing is to be changed.
    pub(super) const fn is_empty(&self) -> bool {
        self.recipient.is_none() && self.subject.is_none() && self.text.is_none()
    }
}

/// A part that the request names; an empty one is not taken for one that is left out.
fn given<T: FromStr<Err = InvalidValue>>(
    body: &JsonBody,
    name: &str,
) -> Result<Option<T>, ApiError> {
    body.has(name).then(|| body.required(name)).transpose()
}

/// The letter by which a reseller is asked, changed in part.
pub(super) struct EditInvitationLetter {
    /// The request.
    pub(super) partnership: PartnershipId,
    /// Who asks.
    pub(super) provider: PartnerId,
    /// What is changed.
    pub(super) change: LetterChange,
}

#[async_trait]
impl UseCase for EditInvitationLetter {
    fn name(&self) -> &'static str {
        "EditInvitation"
    }

    fn primary(&self) -> StreamId {
        self.partnership.into()
    }

    async fn decide(&self, transaction: &mut Transaction<'_>) -> Result<(), CommandError> {
        transaction.authorise(Permission::PartnershipsRequest).await?;
        let model = transaction.model_of::<Partnership>(self.partnership).await?;
        let row = model.resellers().get(self.partnership);
        let row = row.filter(|row| row.provider == self.provider);
        let row = row.ok_or(Rejection::PartnershipNotFound)?;
        let known = open::<InvitationDraft>(transaction.application, &row.draft).await?;
        let known = readable(&known);
        let LetterChange { recipient, subject, text } = &self.change;
        let draft = InvitationDraft {
            recipient: part(recipient.as_ref(), known.map(|known| &known.recipient))?,
            subject: part(subject.as_ref(), known.map(|known| &known.subject))?,
            text: part(text.as_ref(), known.map(|known| &known.text))?,
        };
        let command = EditInvitation { provider: self.provider, draft };
        OnPartnership::new(self.partnership, command).decide(transaction).await
    }
}

/// The letter by which a company is asked for a relationship, changed in part.
pub(super) struct EditRelationshipLetter {
    /// In whose stream the request stands.
    pub(super) stream: CustomerId,
    /// The request.
    pub(super) invitation: InvitationId,
    /// Who asks.
    pub(super) partner: PartnerId,
    /// What is changed.
    pub(super) change: LetterChange,
}

#[async_trait]
impl UseCase for EditRelationshipLetter {
    fn name(&self) -> &'static str {
        "EditRelationshipDraft"
    }

    fn primary(&self) -> StreamId {
        self.stream.into()
    }

    async fn decide(&self, transaction: &mut Transaction<'_>) -> Result<(), CommandError> {
        transaction.authorise(Permission::RelationshipsRequest).await?;
        let model = transaction.model_of::<Customer>(self.stream).await?;
        let row = model.relationship_requests().get(self.invitation);
        let row = row.filter(|row| row.partner == self.partner);
        let row = row.ok_or(Rejection::InvitationNotFound)?;
        let known = open::<RelationshipDraft>(transaction.application, &row.draft).await?;
        let known = readable(&known);
        let LetterChange { recipient, subject, text } = &self.change;
        let draft = RelationshipDraft {
            recipient: recipient.clone().or_else(|| known?.recipient.clone()),
            subject: part(subject.as_ref(), known.map(|known| &known.subject))?,
            text: part(text.as_ref(), known.map(|known| &known.text))?,
        };
        let command = EditRelationshipDraft {
            invitation_id: self.invitation,
            partner_id: self.partner,
            draft,
        };
        OnCustomer::new(self.stream, command).decide(transaction).await
    }
}

/// A part of a letter: as it is wanted, else as it is known.
fn part<T: Clone>(wanted: Option<&T>, known: Option<&T>) -> Result<T, CommandError> {
    wanted.or(known).cloned().ok_or_else(not_readable)
}
