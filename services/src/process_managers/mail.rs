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
use commands::{LINK_PLACEHOLDER, Partnership, RecordInvitationSending, SendOutcome, Sending};
use events::{InvitationDraft, MailFailure, Opened, PartnershipId};
use projections::Deadline;

use super::work::{self, Trouble};
use crate::{
    application::{Application, CommandError, OnPartnership, UseCase},
    mail::{OutgoingLetter, Post},
};

/// How a letter reads when it is due.
pub(super) enum Composed {
    /// It can go out.
    Letter(Box<OutgoingLetter>),
    /// It cannot be read any more.
    Unreadable,
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
        Composed::Unreadable => Err(MailFailure::Unreadable),
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
        let Opened::Readable(draft) = draft else { return Ok(Composed::Unreadable) };
        let link = app.invitation_link(row, public_address);
        let text = draft.text.as_str().replace(LINK_PLACEHOLDER, &link);
        let provider = model.partners().get(row.provider);
        Ok(Composed::Letter(Box::new(OutgoingLetter {
            id: row.invitation.as_uuid(),
            from_name: provider.map_or_else(String::new, |partner| partner.name.to_string()),
            recipient: draft.recipient,
            subject: draft.subject,
            text,
            written_at: app.now(),
        })))
    }

    fn record(&self, app: &Application, outcome: SendOutcome) -> Option<OnPartnership> {
        let model = app.models().current();
        let invitation_id = model.resellers().get(self.0)?.invitation;
        Some(OnPartnership::new(self.0, RecordInvitationSending { invitation_id, outcome }))
    }
}
