//! What each due thing is settled by.

use commands::{
    EndSubscription, ExpireCart, ExpireInvitation, ExpireRelationshipRequest,
    FallBackSupportContacts, PurgeCustomerUser, PurgePartnerUser, Rejection,
};
use events::{Client, CorrelationId, MailFailure, PartnershipId};
use projections::{Deadline, Due};

use super::mail::{self, InvitationMail, RelationshipMail};
use crate::{
    application::{
        Application, Call, CommandError, Idempotency, OnCustomer, OnPartner, OnPartnership,
        Principal, UseCase,
    },
    ids,
    mail::Post,
};

/// Why something that is due could not be done.
#[derive(Debug, thiserror::Error)]
pub(super) enum Trouble {
    /// The command was not carried out.
    #[error("the command was not carried out")]
    Command(#[from] CommandError),
    /// A letter did not go out. That is recorded, with when it is tried again.
    #[error("the letter did not go out: {}", .0.name())]
    Letter(MailFailure),
}

impl Trouble {
    /// The sort of trouble, for metrics and health.
    pub(super) const fn code(&self) -> &'static str {
        match self {
            Self::Letter(failure) => failure.name(),
            Self::Command(CommandError::Rejected(rejection)) => rejection.code(),
            Self::Command(_) => "unavailable",
        }
    }
}

/// Settles one due thing. That it is settled already, or need not be any more, is no trouble: the
/// log has decided.
pub(super) async fn carry_out(
    app: &Application,
    post: &Post,
    deadline: Deadline,
) -> Result<(), Trouble> {
    match deadline.due {
        Due::PurgeCustomerUser { customer, user } => {
            let command = PurgeCustomerUser { user_id: user };
            execute(app, deadline, &OnCustomer::new(customer, command)).await
        }
        Due::PurgePartnerUser { partner, user } => {
            let command = PurgePartnerUser { user_id: user };
            execute(app, deadline, &OnPartner::new(partner, command)).await
        }
        Due::ExpireCart { customer, cart } => {
            let command = ExpireCart { cart_id: cart };
            execute(app, deadline, &OnCustomer::new(customer, command)).await
        }
        Due::EndSubscription { customer, subscription } => {
            let command = EndSubscription { subscription_id: subscription };
            execute(app, deadline, &OnCustomer::new(customer, command)).await
        }
        Due::FallBackSupportContacts { customer, provider, reseller } => {
            let command = FallBackSupportContacts { provider, reseller };
            execute(app, deadline, &OnCustomer::new(customer, command)).await
        }
        Due::ExpireInvitation { partnership } => expire(app, deadline, partnership).await,
        Due::ExpireRelationshipRequest { stream, invitation } => {
            let command = ExpireRelationshipRequest { invitation_id: invitation };
            execute(app, deadline, &OnCustomer::new(stream, command)).await
        }
        Due::SendInvitation { partnership } => {
            mail::send(app, post, deadline, &InvitationMail(partnership)).await
        }
        Due::SendRelationshipLetter { stream, invitation } => {
            mail::send(app, post, deadline, &RelationshipMail { stream, invitation }).await
        }
    }
}

async fn expire(
    app: &Application,
    deadline: Deadline,
    partnership: PartnershipId,
) -> Result<(), Trouble> {
    let model = app.models().current();
    let Some(row) = model.resellers().get(partnership) else { return Ok(()) };
    let command = ExpireInvitation { invitation_id: row.invitation };
    execute(app, deadline, &OnPartnership::new(partnership, command)).await
}

/// Gives a command in the name of the process whose work it is.
pub(super) async fn execute(
    app: &Application,
    deadline: Deadline,
    use_case: &impl UseCase,
) -> Result<(), Trouble> {
    match app.execute(&call(app, deadline), use_case).await {
        Ok(_) => Ok(()),
        Err(CommandError::Rejected(rejection)) if is_settled(&rejection) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// A call under a commit id that follows from what is due and since when: however often it is
/// repeated, it is recorded once.
fn call(app: &Application, deadline: Deadline) -> Call {
    let process = deadline.due.process();
    let correlation = ids::fresh(app.now(), CorrelationId::from_uuid);
    let mut call = Call::new(Principal::System(process), Client::Internal, correlation);
    let due = format!("{:?}", deadline.due);
    let since = deadline.at.as_microseconds().to_be_bytes();
    call.idempotency = Some(Idempotency {
        commit_id: app.keys.commit_id(&[b"process", due.as_bytes(), &since]),
        digest: app.keys.request_digest(due.as_bytes()),
    });
    call
}

/// Whether a refusal says that somebody else settled it in the meantime.
const fn is_settled(rejection: &Rejection) -> bool {
    matches!(
        rejection,
        Rejection::UserIsNotDeleted
            | Rejection::CustomerUserNotFound { .. }
            | Rejection::PartnerUserNotFound { .. }
            | Rejection::PartnershipNotRequested { .. }
            | Rejection::LetterNotUnderWay
    )
}
