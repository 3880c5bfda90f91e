//! The e-mail of a request for a relationship: written anew, sent.

use events::{
    CustomerEvent, InvitationId, PartnerId, Personal, RelationshipDraft, RelationshipDraftEdited,
    RelationshipLetterSendFailed, RelationshipLetterSendRequested, RelationshipLetterSent,
};

use super::{RelationshipRequest, holds_link, of_partner, open};
use crate::{
    access::speaks_for,
    context::Context,
    customer::state::CustomerState,
    rejection::{Rejection, RelationshipRejection},
    sending::{Attempted, SendOutcome},
};

/// Write the e-mail of an open request anew, before it is sent.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct EditRelationshipDraft {
    /// The invitation.
    pub invitation_id: InvitationId,
    /// The partner who asked.
    pub partner_id: PartnerId,
    /// The e-mail from now on.
    pub draft: RelationshipDraft,
}

/// Have this installation send the e-mail of a request.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SendRelationshipLetter {
    /// The invitation.
    pub invitation_id: InvitationId,
    /// The partner who asked.
    pub partner_id: PartnerId,
    /// Whether the e-mail names its recipient: the log holds it sealed.
    pub has_recipient: bool,
}

/// Record what an attempt to send the e-mail led to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct RecordRelationshipSending {
    /// The invitation whose e-mail was tried.
    pub invitation_id: InvitationId,
    /// What it led to.
    pub outcome: SendOutcome,
}

pub(super) fn edit(
    state: &CustomerState,
    command: &EditRelationshipDraft,
    context: &Context<'_>,
) -> Result<Vec<CustomerEvent>, Rejection> {
    let EditRelationshipDraft { invitation_id, partner_id, .. } = *command;
    own_open_letter(state, invitation_id, partner_id, context)?;
    holds_link(&command.draft)?;
    let draft = Personal::open(invitation_id.into(), command.draft.clone());
    Ok(vec![RelationshipDraftEdited { invitation_id, partner_id, draft }.into()])
}

pub(super) fn send(
    state: &CustomerState,
    command: SendRelationshipLetter,
    context: &Context<'_>,
) -> Result<Vec<CustomerEvent>, Rejection> {
    let SendRelationshipLetter { invitation_id, partner_id, has_recipient } = command;
    own_open_letter(state, invitation_id, partner_id, context)?;
    if !has_recipient {
        return Err(RelationshipRejection::RecipientMissing.into());
    }
    Ok(vec![RelationshipLetterSendRequested { invitation_id, partner_id }.into()])
}

/// An attempt is recorded whatever became of the request meanwhile: the letter is out, or not.
pub(super) fn record_sending(
    state: &CustomerState,
    command: RecordRelationshipSending,
    context: &Context<'_>,
) -> Result<Vec<CustomerEvent>, Rejection> {
    let RecordRelationshipSending { invitation_id, outcome } = command;
    let request = state.requests().get(invitation_id).ok_or(Rejection::InvitationNotFound)?;
    let partner_id = request.partner_id;
    Ok(vec![match request.sending.attempted(outcome, &context.actor, context.now)? {
        Attempted::Sent { attempt, route } => {
            RelationshipLetterSent { invitation_id, partner_id, attempt, route }.into()
        }
        Attempted::Failed { attempt, reason, retry_at } => {
            RelationshipLetterSendFailed { invitation_id, partner_id, attempt, reason, retry_at }
                .into()
        }
    }])
}

/// The partner's own request, as long as it can be answered and its e-mail is not on its way.
fn own_open_letter<'a>(
    state: &'a CustomerState,
    invitation_id: InvitationId,
    partner_id: PartnerId,
    context: &Context<'_>,
) -> Result<&'a RelationshipRequest, Rejection> {
    speaks_for(&context.actor, partner_id)?;
    let request = of_partner(state, invitation_id, partner_id)?;
    open(request, context)?;
    request.sending.is_open()?;
    Ok(request)
}
