//! The bond between an indirect provider and an indirect reseller: who may ask, answer and end it.

mod command;
mod invitations;

use std::fmt;

use events::{
    InvitationId, PartnerId, PartnerKind, PartnershipAccepted, PartnershipDeclined,
    PartnershipEnded, PartnershipEvent, PartnershipRequested, PartnershipWithdrawn, Personal,
    Timestamp,
};

pub use self::{
    command::{
        AcceptPartnership, DeclinePartnership, EndPartnership, PartnershipCommand,
        RequestPartnership, WithdrawPartnership,
    },
    invitations::{EditInvitation, ExpireInvitation, RecordInvitationSending, SendInvitation},
};
use crate::{
    access::speaks_for, context::Context, decider::Decider, rejection::Rejection, sending::Sending,
};

/// Where the personalised link goes in the text of an invitation.
pub const LINK_PLACEHOLDER: &str = "{link}";

/// The rules of a partnership. That a pair has one partnership only is a name claim, written in the
/// commit of the acceptance.
#[derive(Clone, Copy, Debug)]
pub struct Partnership;

/// How far a partnership has come.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum PartnershipStatus {
    /// The provider asked.
    Requested,
    /// The reseller accepted.
    Active,
    /// The reseller said no.
    Declined,
    /// The provider took its request back.
    Withdrawn,
    /// One of the two ended it.
    Ended,
    /// Nobody answered in time.
    Expired,
}

impl PartnershipStatus {
    /// The status as answers and exports spell it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Requested => "requested",
            Self::Active => "active",
            Self::Declined => "declined",
            Self::Withdrawn => "withdrawn",
            Self::Ended => "ended",
            Self::Expired => "expired",
        }
    }
}

impl fmt::Display for PartnershipStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What is known about a partnership; nothing before it was requested.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct PartnershipState {
    bond: Option<Bond>,
}

/// A partnership that was requested, and what became of it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Bond {
    /// The provider who asked.
    pub provider: PartnerId,
    /// The reseller who accepted or declined.
    pub reseller: Option<PartnerId>,
    /// The invitation whose link answers the request.
    pub invitation_id: InvitationId,
    /// The link works strictly before this moment.
    pub expires_at: Timestamp,
    /// How far it has come.
    pub status: PartnershipStatus,
    /// How far the sending of its e-mail has come.
    pub sending: Sending,
}

impl Bond {
    /// Whether the request can still be answered: nobody has, and its link works.
    #[must_use]
    pub fn is_open(&self, now: Timestamp) -> bool {
        self.status == PartnershipStatus::Requested && now < self.expires_at
    }
}

impl PartnershipState {
    /// The partnership; `None` before it was requested.
    #[must_use]
    pub const fn bond(&self) -> Option<&Bond> {
        self.bond.as_ref()
    }
}

impl Decider for Partnership {
    type State = PartnershipState;
    type Command = PartnershipCommand;
    type Event = PartnershipEvent;

    fn decide(
        state: &PartnershipState,
        command: &PartnershipCommand,
        context: &Context<'_>,
    ) -> Result<Vec<PartnershipEvent>, Rejection> {
        let event = match command {
            PartnershipCommand::Request(command) => request(state, command, context)?,
            PartnershipCommand::Accept(command) => accept(state, *command, context)?,
            PartnershipCommand::Decline(command) => decline(state, *command, context)?,
            PartnershipCommand::Withdraw(command) => withdraw(state, *command, context)?,
            PartnershipCommand::End(command) => end(state, *command, context)?,
            PartnershipCommand::EditInvitation(command) => {
                invitations::edit(state, command, context)?
            }
            PartnershipCommand::SendInvitation(command) => {
                invitations::send(state, *command, context)?
            }
            PartnershipCommand::RecordSending(command) => {
                invitations::record_sending(state, *command, context)?
            }
            PartnershipCommand::Expire(command) => invitations::expire(state, *command, context)?,
        };
        Ok(vec![event])
    }

    fn evolve(state: PartnershipState, event: &PartnershipEvent) -> PartnershipState {
        let PartnershipEvent::PartnershipRequested(requested) = event else {
            let bond = state.bond.map(|bond| moved(bond, event));
            return PartnershipState { bond };
        };
        PartnershipState {
            bond: Some(Bond {
                provider: requested.provider,
                reseller: None,
                invitation_id: requested.invitation_id,
                expires_at: requested.expires_at,
                status: PartnershipStatus::Requested,
                sending: Sending::NotAsked,
            }),
        }
    }

    fn own(event: &events::Event) -> Option<&PartnershipEvent> {
        match event {
            events::Event::Partnership(event) => Some(event),
            events::Event::Partner(_)
            | events::Event::Customer(_)
            | events::Event::NameClaim(_)
            | events::Event::Installation(_)
            | events::Event::Lead(_)
            | events::Event::ServiceRequest(_) => None,
        }
    }
}

/// What became of a bond that was requested before.
fn moved(bond: Bond, event: &PartnershipEvent) -> Bond {
    let answered = |status, reseller| Bond { status, reseller: Some(reseller), ..bond };
    match event {
        PartnershipEvent::PartnershipRequested(_) | PartnershipEvent::InvitationEdited(_) => bond,
        PartnershipEvent::PartnershipAccepted(event) => {
            answered(PartnershipStatus::Active, event.reseller)
        }
        PartnershipEvent::PartnershipDeclined(event) => {
            answered(PartnershipStatus::Declined, event.reseller)
        }
        PartnershipEvent::PartnershipWithdrawn(_) => {
            Bond { status: PartnershipStatus::Withdrawn, ..bond }
        }
        PartnershipEvent::PartnershipEnded(_) => Bond { status: PartnershipStatus::Ended, ..bond },
        PartnershipEvent::InvitationExpired(_) => {
            Bond { status: PartnershipStatus::Expired, ..bond }
        }
        PartnershipEvent::InvitationSendRequested(_) => Bond { sending: Sending::asked(), ..bond },
        PartnershipEvent::InvitationSent(_) => Bond { sending: Sending::Sent, ..bond },
        PartnershipEvent::InvitationSendFailed(event) => {
            Bond { sending: Sending::failed(event.attempt, event.retry_at), ..bond }
        }
    }
}

fn request(
    state: &PartnershipState,
    command: &RequestPartnership,
    context: &Context<'_>,
) -> Result<PartnershipEvent, Rejection> {
    speaks_for(&context.actor, command.provider)?;
    if state.bond.is_some() {
        return Err(Rejection::AlreadyExists { what: "partnership" });
    }
    let provider = context.facts.partner(command.provider);
    if provider.is_none_or(|partner| partner.kind != PartnerKind::IndirectProvider) {
        return Err(Rejection::NotIndirectProvider);
    }
    invitations::holds_link(&command.draft)?;
    if command.expires_at <= context.now {
        return Err(Rejection::ExpiryInThePast);
    }
    Ok(PartnershipRequested {
        partnership_id: command.partnership_id,
        provider: command.provider,
        invitation_id: command.invitation_id,
        expires_at: command.expires_at,
        draft: Personal::open(command.invitation_id.into(), command.draft.clone()),
    }
    .into())
}

fn accept(
    state: &PartnershipState,
    command: AcceptPartnership,
    context: &Context<'_>,
) -> Result<PartnershipEvent, Rejection> {
    let reseller = command.reseller;
    let bond = open_invitation(state, command.invitation_id, reseller, context)?;
    if context.facts.partnership(bond.provider, reseller).is_some() {
        return Err(Rejection::AlreadyPartners);
    }
    Ok(PartnershipAccepted { provider: bond.provider, reseller }.into())
}

fn decline(
    state: &PartnershipState,
    command: DeclinePartnership,
    context: &Context<'_>,
) -> Result<PartnershipEvent, Rejection> {
    let reseller = command.reseller;
    let bond = open_invitation(state, command.invitation_id, reseller, context)?;
    Ok(PartnershipDeclined { provider: bond.provider, reseller }.into())
}

/// The request a reseller may answer through this invitation now. Only an indirect reseller with an
/// account answers, be it yes or no.
fn open_invitation<'a>(
    state: &'a PartnershipState,
    invitation_id: InvitationId,
    reseller: PartnerId,
    context: &Context<'_>,
) -> Result<&'a Bond, Rejection> {
    speaks_for(&context.actor, reseller)?;
    let bond = state.bond().ok_or(Rejection::PartnershipNotFound)?;
    if bond.invitation_id != invitation_id {
        return Err(Rejection::InvitationNotFound);
    }
    if bond.provider == reseller {
        return Err(Rejection::PartnershipWithItself);
    }
    let facts = context.facts.partner(reseller).ok_or(Rejection::ResellerWithoutAccount)?;
    if facts.kind != PartnerKind::IndirectReseller {
        return Err(Rejection::NotIndirectReseller);
    }
    if bond.status == PartnershipStatus::Expired {
        return Err(Rejection::InvitationExpired { expired_at: bond.expires_at });
    }
    requested(bond)?;
    invitations::still_works(bond.expires_at, context.now)?;
    Ok(bond)
}

fn withdraw(
    state: &PartnershipState,
    command: WithdrawPartnership,
    context: &Context<'_>,
) -> Result<PartnershipEvent, Rejection> {
    speaks_for(&context.actor, command.provider)?;
    let bond = state.bond().filter(|bond| bond.provider == command.provider);
    let bond = bond.ok_or(Rejection::PartnershipNotFound)?;
    requested(bond)?;
    Ok(PartnershipWithdrawn { provider: bond.provider }.into())
}

fn end(
    state: &PartnershipState,
    command: EndPartnership,
    context: &Context<'_>,
) -> Result<PartnershipEvent, Rejection> {
    let ended_by = command.ended_by;
    speaks_for(&context.actor, ended_by)?;
    let is_party = |bond: &&Bond| bond.provider == ended_by || bond.reseller == Some(ended_by);
    let bond = state.bond().filter(is_party).ok_or(Rejection::PartnershipNotFound)?;
    let reseller = bond.reseller.filter(|_| bond.status == PartnershipStatus::Active);
    let reseller = reseller.ok_or(Rejection::PartnershipNotActive { status: bond.status })?;
    Ok(PartnershipEnded { provider: bond.provider, reseller, ended_by }.into())
}

fn requested(bond: &Bond) -> Result<(), Rejection> {
    if bond.status == PartnershipStatus::Requested {
        Ok(())
    } else {
        Err(Rejection::PartnershipNotRequested { status: bond.status })
    }
}
