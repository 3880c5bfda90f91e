//! What happens between an indirect provider and an indirect reseller.

mod invitations;

use serde::{Deserialize, Serialize};

pub use self::invitations::{
    InvitationEdited, InvitationExpired, InvitationSendFailed, InvitationSendRequested,
    InvitationSent,
};

use crate::{
    ids::{InvitationId, PartnerId, PartnershipId, SubjectId},
    personal::PersonalData,
    time::Timestamp,
    values::{EmailAddress, LetterText, SubjectLine},
};

/// The e-mail in which a provider asks a reseller: personal, sealed under the invitation.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all(serialize = "camelCase"))]
pub struct InvitationDraft {
    /// To whom.
    pub recipient: EmailAddress,
    /// The subject line.
    pub subject: SubjectLine,
    /// The text; the placeholder `{link}` stands where the personalised link goes. The link itself
    /// is derived when it is shown or sent and never stored.
    pub text: LetterText,
}

impl PersonalData for InvitationDraft {}

impl From<InvitationId> for SubjectId {
    fn from(id: InvitationId) -> Self {
        Self::from_uuid(id.as_uuid())
    }
}

events! {
    /// A provider asked a reseller for a partnership.
    PartnershipRequested = 0x0201 v 1 {
        /// The partnership.
        clear partnership_id: PartnershipId,
        /// The provider who asks.
        clear provider: PartnerId,
        /// The invitation whose link the e-mail holds.
        clear invitation_id: InvitationId,
        /// The link works strictly before this moment.
        clear expires_at: Timestamp,
        /// The e-mail.
        personal draft: InvitationDraft,
    }
    /// The reseller accepted: the partnership is active.
    PartnershipAccepted = 0x0202 v 1 {
        /// The provider.
        clear provider: PartnerId,
        /// The reseller.
        clear reseller: PartnerId,
    }
    /// The reseller said no.
    PartnershipDeclined = 0x0203 v 1 {
        /// The provider.
        clear provider: PartnerId,
        /// The reseller.
        clear reseller: PartnerId,
    }
    /// The provider took its request back.
    PartnershipWithdrawn = 0x0204 v 1 {
        /// The provider.
        clear provider: PartnerId,
    }
    /// An active partnership was ended by one of the two.
    PartnershipEnded = 0x0205 v 1 {
        /// The provider.
        clear provider: PartnerId,
        /// The reseller.
        clear reseller: PartnerId,
        /// Which of them ended it.
        clear ended_by: PartnerId,
    }
}

aggregate_events! {
    /// What happens to a partnership.
    PartnershipEvent {
        PartnershipRequested,
        PartnershipAccepted,
        PartnershipDeclined,
        PartnershipWithdrawn,
        PartnershipEnded,
        InvitationEdited,
        InvitationSendRequested,
        InvitationSent,
        InvitationSendFailed,
        InvitationExpired,
    }
}
