//! What can be asked of a partnership.

use events::{Actor, InvitationDraft, InvitationId, PartnerId, PartnershipId, Timestamp};

use super::invitations::{
    EditInvitation, ExpireInvitation, RecordInvitationSending, SendInvitation,
};
use crate::{
    command::{Requires, command_enum},
    permissions::Permission,
};

/// Ask a reseller for a partnership.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RequestPartnership {
    /// The new partnership.
    pub partnership_id: PartnershipId,
    /// The provider who asks.
    pub provider: PartnerId,
    /// The new invitation.
    pub invitation_id: InvitationId,
    /// The link works strictly before this moment.
    pub expires_at: Timestamp,
    /// The e-mail; [`LINK_PLACEHOLDER`](crate::LINK_PLACEHOLDER) stands where the link goes.
    pub draft: InvitationDraft,
}

/// Accept a request.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct AcceptPartnership {
    /// The invitation whose link was opened.
    pub invitation_id: InvitationId,
    /// The reseller who accepts.
    pub reseller: PartnerId,
}

/// Decline a request.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct DeclinePartnership {
    /// The invitation whose link was opened.
    pub invitation_id: InvitationId,
    /// The reseller who declines.
    pub reseller: PartnerId,
}

/// Take a request back.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct WithdrawPartnership {
    /// The provider who asked.
    pub provider: PartnerId,
}

/// End an active partnership.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct EndPartnership {
    /// Which of the two ends it.
    pub ended_by: PartnerId,
}

command_enum! {
    /// What can be asked of a partnership.
    PartnershipCommand {
        /// Ask a reseller for a partnership.
        Request(RequestPartnership),
        /// Accept a request.
        Accept(AcceptPartnership),
        /// Decline a request.
        Decline(DeclinePartnership),
        /// Take a request back.
        Withdraw(WithdrawPartnership),
        /// End an active partnership.
        End(EndPartnership),
        /// Change the e-mail of a request.
        EditInvitation(EditInvitation),
        /// Have the e-mail sent.
        SendInvitation(SendInvitation),
        /// Record what an attempt to send the e-mail led to.
        RecordSending(RecordInvitationSending),
        /// Record that nobody answered in time.
        Expire(ExpireInvitation),
    }
}

impl Requires for PartnershipCommand {
    fn permission(&self, _actor: &Actor) -> Option<Permission> {
        match self {
            Self::Request(_)
            | Self::Withdraw(_)
            | Self::End(_)
            | Self::EditInvitation(_)
            | Self::SendInvitation(_) => Some(Permission::PartnershipsRequest),
            Self::Accept(_) | Self::Decline(_) => Some(Permission::PartnershipsAnswer),
            Self::RecordSending(_) | Self::Expire(_) => None,
        }
    }
}
