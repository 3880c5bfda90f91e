//! The e-mail of a request for a partnership: edited, sent, expired.

use events::{
    InvitationDraft, InvitationEdited, InvitationExpired, InvitationId, InvitationSendFailed,
    InvitationSendRequested, InvitationSent, PartnerId, PartnershipEvent, Personal, Process,
    Timestamp,
};

use super::{Bond, LINK_PLACEHOLDER, PartnershipState, requested};
use crate::{
    access::{acts_as, speaks_for},
    context::Context,
    rejection::Rejection,
    sending::{Attempted, SendOutcome},
};

/// Change the e-mail of a request before it is sent.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct EditInvitation {
    /// The provider who asked.
    pub provider: PartnerId,
    /// The whole e-mail as it shall be; [`LINK_PLACEHOLDER`] stands where the link goes.
    pub draft: InvitationDraft,
}

/// Have this installation send the e-mail of a request.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SendInvitation {
    /// The provider who asked.
    pub provider: PartnerId,
}

/// Record what an attempt to send the e-mail led to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct RecordInvitationSending {
    /// The invitation whose e-mail was tried.
    pub invitation_id: InvitationId,
    /// What it led to.
    pub outcome: SendOutcome,
}

/// Record that nobody answered in time.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ExpireInvitation {
    /// The invitation whose link does not work any more.
    pub invitation_id: InvitationId,
}

pub(super) fn edit(
    state: &PartnershipState,
    command: &EditInvitation,
    context: &Context<'_>,
) -> Result<PartnershipEvent, Rejection> {
    let bond = own_open_request(state, command.provider, context)?;
    holds_link(&command.draft)?;
    Ok(InvitationEdited {
        provider: bond.provider,
        invitation_id: bond.invitation_id,
        draft: Personal::open(bond.invitation_id.into(), command.draft.clone()),
    }
    .into())
}

pub(super) fn send(
    state: &PartnershipState,
    command: SendInvitation,
    context: &Context<'_>,
) -> Result<PartnershipEvent, Rejection> {
    let bond = own_open_request(state, command.provider, context)?;
    Ok(InvitationSendRequested { provider: bond.provider, invitation_id: bond.invitation_id }
        .into())
}

/// An attempt is recorded whatever became of the request meanwhile: the letter is out, or not.
pub(super) fn record_sending(
    state: &PartnershipState,
    command: RecordInvitationSending,
    context: &Context<'_>,
) -> Result<PartnershipEvent, Rejection> {
    let bond = invited(state, command.invitation_id)?;
    let (provider, invitation_id) = (bond.provider, bond.invitation_id);
    Ok(match bond.sending.attempted(command.outcome, &context.actor, context.now)? {
        Attempted::Sent { attempt, route } => {
            InvitationSent { provider, invitation_id, attempt, route }.into()
        }
        Attempted::Failed { attempt, reason, retry_at } => {
            InvitationSendFailed { provider, invitation_id, attempt, reason, retry_at }.into()
        }
    })
}

pub(super) fn expire(
    state: &PartnershipState,
    command: ExpireInvitation,
    context: &Context<'_>,
) -> Result<PartnershipEvent, Rejection> {
    acts_as(&context.actor, Process::Expiry)?;
    let bond = invited(state, command.invitation_id)?;
    requested(bond)?;
    if context.now < bond.expires_at {
        return Err(Rejection::NotDueYet { due_at: bond.expires_at });
    }
    Ok(InvitationExpired {
        provider: bond.provider,
        invitation_id: bond.invitation_id,
        expired_at: bond.expires_at,
    }
    .into())
}

/// Refuses an e-mail that has no place for the link.
pub(super) fn holds_link(draft: &InvitationDraft) -> Result<(), Rejection> {
    if draft.text.as_str().contains(LINK_PLACEHOLDER) {
        Ok(())
    } else {
        Err(Rejection::LinkMissing)
    }
}

/// Refuses a link that works no longer.
pub(super) fn still_works(expires_at: Timestamp, now: Timestamp) -> Result<(), Rejection> {
    if now < expires_at {
        Ok(())
    } else {
        Err(Rejection::InvitationExpired { expired_at: expires_at })
    }
}

fn invited(state: &PartnershipState, id: InvitationId) -> Result<&Bond, Rejection> {
    let bond = state.bond().ok_or(Rejection::PartnershipNotFound)?;
    if bond.invitation_id == id { Ok(bond) } else { Err(Rejection::InvitationNotFound) }
}

/// The provider's own request, as long as it can be answered and its e-mail is not on its way.
fn own_open_request<'a>(
    state: &'a PartnershipState,
    provider: PartnerId,
    context: &Context<'_>,
) -> Result<&'a Bond, Rejection> {
    speaks_for(&context.actor, provider)?;
    let bond = state.bond().filter(|bond| bond.provider == provider);
    let bond = bond.ok_or(Rejection::PartnershipNotFound)?;
    requested(bond)?;
    still_works(bond.expires_at, context.now)?;
    bond.sending.is_open()?;
    Ok(bond)
}
