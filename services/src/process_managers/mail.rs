//! Letters that are due: composed, sent, and what became of them recorded.
//!
//! A kind of letter is a [`Mail`]: it says how the letter reads now and which command records the
//! outcome of an attempt. To add one:
//!
//! 1. the aggregate keeps a [`commands::Sending`] in its state, has events for *send requested*,
//!    *sent* and *send failed*, and a command that records a [`SendOutcome`] for `Process::Mail`;
//! 2. [`projections::Due`] gets a variant of `Process::Mail`, opened by *send requested* and by a
//!    failure with a time of retry, settled by *sent*, by the last failure, and by whatever makes the
//!    letter pointless;
//! 3. `work::carry_out` passes a [`Mail`] for that variant to [`send`].
//!
//! A letter goes out at least once: what a crash keeps from being recorded after the server took the
//! letter is sent again, under the same message id.

use async_trait::async_trait;
use commands::{
    Customer, LINK_PLACEHOLDER, Partnership, RecordInvitationSending, RecordRelationshipSending,
    SendOutcome, Sending,
};
use events::{
    CustomerId, EmailAddress, InvitationDraft, InvitationId, LetterText, MailFailure, Opened,
    PartnershipId, RelationshipDraft, SubjectLine,
};
use projections::{Deadline, PartnerRow};

use super::work::{self, Trouble};
use crate::{
    application::{Application, CommandError, OnCustomer, OnPartnership, UseCase},
    mail::{OutgoingLetter, Post},
};

/// How a letter reads when it is due.
pub(super) enum Composed {
    /// It can go out.
    Letter(Box<OutgoingLetter>),
    /// It can never go out.
    Never(MailFailure),
    /// It is not to go out any more.
    Pointless,
}

/// A kind of letter that is due.
#[async_trait]
pub(super) trait Mail: Send + Sync {
    /// The command that records the outcome of an attempt.
    type Record: UseCase;

    /// The letter as it reads now, its links leading to `public_address`; decided by the stream at
    /// its head, for the read model may not show yet that it is settled.
    async fn compose(
        &self,
        app: &Application,
        public_address: &str,
    ) -> Result<Composed, CommandError>;

    /// The command that records what became of an attempt.
    fn record(&self, app: &Application, outcome: SendOutcome) -> Option<Self::Record>;
}

/// Sends a letter that is due, and records what became of it.
pub(super) async fn send<M: Mail>(
    app: &Application,
    post: &Post,
    deadline: Deadline,
    mail: &M,
) -> Result<(), Trouble> {
    let outcome = match mail.compose(app, post.public_address()).await? {
        Composed::Letter(letter) => post.send(&letter).await,
        Composed::Never(failure) => Err(failure),
        Composed::Pointless => return Ok(()),
    };
    let told = match outcome {
        Ok(route) => SendOutcome::Sent(route),
        Err(reason) => SendOutcome::Failed(reason),
    };
    if let Some(record) = mail.record(app, told) {
        work::execute(app, deadline, &record).await?;
    }
    outcome.map(|_| ()).map_err(Trouble::Letter)
}

/// The letter of an invitation: its id is the invitation's, and its link stands where the placeholder
/// stood.
fn written(
    app: &Application,
    invitation: InvitationId,
    from: Option<&PartnerRow>,
    (recipient, subject): (EmailAddress, SubjectLine),
    text: &LetterText,
    link: &str,
) -> Composed {
    Composed::Letter(Box::new(OutgoingLetter {
        id: invitation.as_uuid(),
        from_name: from.map_or_else(String::new, |partner| partner.name.to_string()),
        recipient,
        subject,
        text: text.as_str().replace(LINK_PLACEHOLDER, link),
        written_at: app.now(),
    }))
}

/// The e-mail of a request for a partnership.
pub(super) struct InvitationMail(pub(super) PartnershipId);

#[async_trait]
impl Mail for InvitationMail {
    type Record = OnPartnership;

    async fn compose(
        &self,
        app: &Application,
        public_address: &str,
    ) -> Result<Composed, CommandError> {
        let state = app.aggregates.load::<Partnership>(self.0.into()).await?.state;
        let is_due = state.bond().is_some_and(|bond| {
            bond.is_open(app.now()) && matches!(bond.sending, Sending::UnderWay { .. })
        });
        let model = app.models().current();
        let Some(row) = model.resellers().get(self.0).filter(|_| is_due) else {
            return Ok(Composed::Pointless);
        };
        let draft = app.vault().open::<InvitationDraft>(&row.draft).await?;
        let Opened::Readable(draft) = draft else {
            return Ok(Composed::Never(MailFailure::Unreadable));
        };
        let link = app.invitation_link(row, public_address);
        let InvitationDraft { recipient, subject, text } = draft;
        let from = model.partners().get(row.provider);
        Ok(written(app, row.invitation, from, (recipient, subject), &text, &link))
    }

    fn record(&self, app: &Application, outcome: SendOutcome) -> Option<OnPartnership> {
        let model = app.models().current();
        let invitation_id = model.resellers().get(self.0)?.invitation;
        Some(OnPartnership::new(self.0, RecordInvitationSending { invitation_id, outcome }))
    }
}

/// The e-mail of a request for a relationship.
pub(super) struct RelationshipMail {
    /// The stream the request stands in.
    pub(super) stream: CustomerId,
    /// The request.
    pub(super) invitation: InvitationId,
}

#[async_trait]
impl Mail for RelationshipMail {
    type Record = OnCustomer;

    async fn compose(
        &self,
        app: &Application,
        public_address: &str,
    ) -> Result<Composed, CommandError> {
        let state = app.aggregates.load::<Customer>(self.stream.into()).await?.state;
        let is_due = state.requests().get(self.invitation).is_some_and(|request| {
            request.is_open(app.now()) && matches!(request.sending, Sending::UnderWay { .. })
        });
        let model = app.models().current();
        let row = model.relationship_requests().get(self.invitation).filter(|_| is_due);
        let Some(row) = row else { return Ok(Composed::Pointless) };
        let draft = app.vault().open::<RelationshipDraft>(&row.draft).await?;
        let Opened::Readable(draft) = draft else {
            return Ok(Composed::Never(MailFailure::Unreadable));
        };
        let RelationshipDraft { recipient, subject, text } = draft;
        let Some(recipient) = recipient else {
            return Ok(Composed::Never(MailFailure::Unaddressed));
        };
        let link = app.relationship_link(row, public_address);
        let from = model.partners().get(row.partner);
        Ok(written(app, row.invitation, from, (recipient, subject), &text, &link))
    }

    fn record(&self, _: &Application, outcome: SendOutcome) -> Option<OnCustomer> {
        let command = RecordRelationshipSending { invitation_id: self.invitation, outcome };
        Some(OnCustomer::new(self.stream, command))
    }
}
