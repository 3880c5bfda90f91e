//! What happens to the e-mail of a request for a partnership, until it is answered.

use crate::{
    ids::{InvitationId, PartnerId},
    partnership::InvitationDraft,
    time::Timestamp,
    values::{MailFailure, MailRoute},
};

events! {
    /// The provider changed the e-mail before it was sent.
    InvitationEdited = 0x0217 v 1 {
        /// The provider.
        clear provider: PartnerId,
        /// The invitation.
        clear invitation_id: InvitationId,
        /// The whole e-mail as it is from now on.
        personal draft: InvitationDraft,
    }
    /// The provider asked that this installation send the e-mail.
    InvitationSendRequested = 0x0218 v 1 {
        /// The provider.
        clear provider: PartnerId,
        /// The invitation.
        clear invitation_id: InvitationId,
    }
    /// The e-mail went out.
    InvitationSent = 0x0219 v 1 {
        /// The provider.
        clear provider: PartnerId,
        /// The invitation.
        clear invitation_id: InvitationId,
        /// At which attempt, from 1.
        clear attempt: u32,
        /// By which way.
        clear route: MailRoute,
    }
    /// An attempt to send the e-mail failed.
    InvitationSendFailed = 0x021a v 1 {
        /// The provider.
        clear provider: PartnerId,
        /// The invitation.
        clear invitation_id: InvitationId,
        /// Which attempt, from 1.
        clear attempt: u32,
        /// Why.
        clear reason: MailFailure,
        /// When it is tried again; nothing when it is not.
        clear retry_at: Option<Timestamp>,
    }
    /// The link of a request stopped working before anybody had answered.
    InvitationExpired = 0x021b v 1 {
        /// The provider.
        clear provider: PartnerId,
        /// The invitation.
        clear invitation_id: InvitationId,
        /// Since when the link does not work.
        clear expired_at: Timestamp,
    }
}
