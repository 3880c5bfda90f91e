//! Requests for a relationship: a partner asks, a company answers, once and in time.
//!
//! A request that addresses a customer stands in the customer's stream. One that any company may
//! answer has a stream of its own; a customer that answers it enters the relationship in its own
//! stream, and a company without an account signs up and makes the stream its own.

mod command;
mod letters;
mod state;

use events::{
    Actor, CustomerEvent, CustomerId, DelegatedAdminGranted, InvitationId, PartnerId, Personal,
    Process, RelationshipDraft, RelationshipEstablished, RelationshipRequestAccepted,
    RelationshipRequestDeclined, RelationshipRequestExpired, RelationshipRequestWithdrawn,
    RelationshipRequested,
};

pub use self::{
    command::{
        AcceptRelationshipRequest, DeclineRelationshipRequest, EnterRelationship,
        ExpireRelationshipRequest, RelationshipRequestCommand, RequestRelationship, SignUp,
        WithdrawRelationshipRequest,
    },
    letters::{EditRelationshipDraft, RecordRelationshipSending, SendRelationshipLetter},
    state::{RelationshipRequest, RequestStatus, Requests},
};
use super::{
    account, reach,
    state::{CustomerState, Relationship},
    users,
};
use crate::{
    access::{acts_as, speaks_for, speaks_for_known},
    context::Context,
    partnership::LINK_PLACEHOLDER,
    rejection::{Rejection, RelationshipRejection},
};

pub(super) fn decide(
    state: &CustomerState,
    command: &RelationshipRequestCommand,
    context: &Context<'_>,
) -> Result<Vec<CustomerEvent>, Rejection> {
    match command {
        RelationshipRequestCommand::Request(command) => request(state, command, context),
        RelationshipRequestCommand::EditDraft(command) => letters::edit(state, command, context),
        RelationshipRequestCommand::SendLetter(command) => letters::send(state, *command, context),
        RelationshipRequestCommand::RecordSending(command) => {
            letters::record_sending(state, *command, context)
        }
        RelationshipRequestCommand::Withdraw(command) => withdraw(state, *command, context),
        RelationshipRequestCommand::Accept(command) => accept(state, *command, context),
        RelationshipRequestCommand::Decline(command) => decline(state, *command, context),
        RelationshipRequestCommand::Expire(command) => expire(state, *command, context),
        RelationshipRequestCommand::Enter(command) => enter(state, *command, context),
        RelationshipRequestCommand::SignUp(command) => sign_up(state, command, context),
    }
}

fn request(
    state: &CustomerState,
    command: &RequestRelationship,
    context: &Context<'_>,
) -> Result<Vec<CustomerEvent>, Rejection> {
    let RequestRelationship { invitation_id, partner_id, delegated_admin, .. } = *command;
    speaks_for_known(context, partner_id)?;
    match command.addressed_to {
        Some(customer) => may_be_asked(state, customer, command, context)?,
        None if state.account().is_none() && state.requests().is_empty() => {}
        None => return Err(Rejection::AlreadyExists { what: "relationship request" }),
    }
    holds_link(&command.draft)?;
    if command.expires_at <= context.now {
        return Err(Rejection::ExpiryInThePast);
    }
    Ok(vec![
        RelationshipRequested {
            invitation_id,
            partner_id,
            addressed_to: command.addressed_to,
            delegated_admin,
            expires_at: command.expires_at,
            draft: Personal::open(invitation_id.into(), command.draft.clone()),
        }
        .into(),
    ])
}

/// A customer is asked for what the partner does not have yet, by one request at a time.
fn may_be_asked(
    state: &CustomerState,
    customer: CustomerId,
    command: &RequestRelationship,
    context: &Context<'_>,
) -> Result<(), Rejection> {
    let account = state.account().filter(|account| account.customer_id == customer);
    account.ok_or(Rejection::CustomerNotFound)?;
    if state.requests().get(command.invitation_id).is_some() {
        return Err(Rejection::AlreadyExists { what: "relationship request" });
    }
    if has_everything(state, command.partner_id, command.delegated_admin) {
        return Err(RelationshipRejection::RelationshipActive.into());
    }
    let mut unanswered = state.requests().unanswered_of(command.partner_id);
    if unanswered.any(|(_, request)| request.is_open(context.now)) {
        return Err(RelationshipRejection::RequestOpen.into());
    }
    Ok(())
}

/// Whether the partner has the relationship already, with the privileges it asks for.
fn has_everything(state: &CustomerState, partner: PartnerId, delegated_admin: bool) -> bool {
    match state.relationship(partner) {
        Some(Relationship::Active { delegated_admin: held }) => held || !delegated_admin,
        Some(Relationship::Ended) | None => false,
    }
}

fn holds_link(draft: &RelationshipDraft) -> Result<(), Rejection> {
    if draft.text.as_str().contains(LINK_PLACEHOLDER) {
        Ok(())
    } else {
        Err(Rejection::LinkMissing)
    }
}

fn withdraw(
    state: &CustomerState,
    command: WithdrawRelationshipRequest,
    context: &Context<'_>,
) -> Result<Vec<CustomerEvent>, Rejection> {
    let WithdrawRelationshipRequest { invitation_id, partner_id } = command;
    speaks_for(&context.actor, partner_id)?;
    let request = of_partner(state, invitation_id, partner_id)?;
    unanswered(request)?;
    Ok(vec![RelationshipRequestWithdrawn { invitation_id, partner_id }.into()])
}

fn accept(
    state: &CustomerState,
    command: AcceptRelationshipRequest,
    context: &Context<'_>,
) -> Result<Vec<CustomerEvent>, Rejection> {
    let AcceptRelationshipRequest { invitation_id, customer_id } = command;
    let request = answerable(state, invitation_id, customer_id, context)?;
    let partner_id = request.partner_id;
    let mut events =
        vec![RelationshipRequestAccepted { invitation_id, partner_id, customer_id }.into()];
    if request.is_addressed {
        let entered = EnterRelationship { partner_id, delegated_admin: request.delegated_admin };
        events.extend(bond(state, entered));
    }
    Ok(events)
}

fn decline(
    state: &CustomerState,
    command: DeclineRelationshipRequest,
    context: &Context<'_>,
) -> Result<Vec<CustomerEvent>, Rejection> {
    let DeclineRelationshipRequest { invitation_id, customer_id } = command;
    let partner_id = answerable(state, invitation_id, customer_id, context)?.partner_id;
    Ok(vec![RelationshipRequestDeclined { invitation_id, partner_id, customer_id }.into()])
}

/// The request that the acting global admin of this customer may answer now: one in the customer's
/// own stream, be it one that addresses it or the one through which it signed up, or one that any
/// company may answer.
fn answerable<'a>(
    state: &'a CustomerState,
    invitation_id: InvitationId,
    customer: CustomerId,
    context: &Context<'_>,
) -> Result<&'a RelationshipRequest, Rejection> {
    let request = state.requests().get(invitation_id).ok_or(Rejection::InvitationNotFound)?;
    if state.account().is_some_and(|account| account.customer_id == customer) {
        reach::global_admin(state, context)?;
    } else if request.is_addressed {
        return Err(Rejection::InvitationNotFound);
    } else if context.facts.answering != Some(customer) {
        return Err(RelationshipRejection::CustomerGlobalAdminOnly.into());
    }
    open(request, context)?;
    Ok(request)
}

/// What an accepted request makes of the bond with the partner.
fn bond(state: &CustomerState, command: EnterRelationship) -> Option<CustomerEvent> {
    let EnterRelationship { partner_id, delegated_admin } = command;
    match state.relationship(partner_id) {
        Some(Relationship::Active { delegated_admin: held }) => {
            (delegated_admin && !held).then(|| DelegatedAdminGranted { partner_id }.into())
        }
        Some(Relationship::Ended) | None => {
            Some(RelationshipEstablished { partner_id, delegated_admin }.into())
        }
    }
}

/// An ended relationship comes back only by a request that addresses the customer: who may ask for
/// that is decided when it is asked for.
fn enter(
    state: &CustomerState,
    command: EnterRelationship,
    context: &Context<'_>,
) -> Result<Vec<CustomerEvent>, Rejection> {
    let EnterRelationship { partner_id, delegated_admin } = command;
    reach::global_admin(state, context)?;
    if state.relationship(partner_id) == Some(Relationship::Ended) {
        return Err(RelationshipRejection::ReinstatementNotAddressed.into());
    }
    if has_everything(state, partner_id, delegated_admin) {
        return Err(RelationshipRejection::RelationshipActive.into());
    }
    Ok(bond(state, command).into_iter().collect())
}

/// The company acts as its first user, who becomes its global admin.
fn sign_up(
    state: &CustomerState,
    command: &SignUp,
    context: &Context<'_>,
) -> Result<Vec<CustomerEvent>, Rejection> {
    let SignUp { invitation_id, account } = command;
    let invitation_id = *invitation_id;
    let request = state.requests().get(invitation_id).ok_or(Rejection::InvitationNotFound)?;
    let customer_id = account.customer_id;
    let first = Actor::CustomerUser { customer: customer_id, user: account.admin.user_id };
    if context.actor != first {
        return Err(Rejection::ActorNotAllowed);
    }
    open(request, context)?;
    if state.account().is_some() {
        return Err(Rejection::AlreadyExists { what: "customer" });
    }
    if request.partner_id != account.partner_id {
        return Err(Rejection::InvitationNotFound);
    }
    users::in_domain(&account.admin.profile, &account.domain)?;
    let partner_id = request.partner_id;
    let relationship =
        RelationshipEstablished { partner_id, delegated_admin: request.delegated_admin };
    let mut events = vec![
        RelationshipRequestAccepted { invitation_id, partner_id, customer_id }.into(),
        account::created(account),
        relationship.into(),
    ];
    events.extend(account::first_user(&account.admin));
    Ok(events)
}

fn expire(
    state: &CustomerState,
    command: ExpireRelationshipRequest,
    context: &Context<'_>,
) -> Result<Vec<CustomerEvent>, Rejection> {
    let invitation_id = command.invitation_id;
    acts_as(&context.actor, Process::Expiry)?;
    let request = state.requests().get(invitation_id).ok_or(Rejection::InvitationNotFound)?;
    if request.status != RequestStatus::Open {
        return Ok(Vec::new());
    }
    if context.now < request.expires_at {
        return Err(Rejection::NotDueYet { due_at: request.expires_at });
    }
    let partner_id = request.partner_id;
    Ok(vec![RelationshipRequestExpired { invitation_id, partner_id }.into()])
}

fn of_partner(
    state: &CustomerState,
    id: InvitationId,
    partner: PartnerId,
) -> Result<&RelationshipRequest, Rejection> {
    let request = state.requests().get(id).filter(|request| request.partner_id == partner);
    request.ok_or(Rejection::InvitationNotFound)
}

fn unanswered(request: &RelationshipRequest) -> Result<(), Rejection> {
    if request.status == RequestStatus::Open {
        Ok(())
    } else {
        Err(RelationshipRejection::RequestNotOpen { status: request.status }.into())
    }
}

fn open(request: &RelationshipRequest, context: &Context<'_>) -> Result<(), Rejection> {
    unanswered(request)?;
    if request.is_open(context.now) {
        Ok(())
    } else {
        Err(Rejection::InvitationExpired { expired_at: request.expires_at })
    }
}
