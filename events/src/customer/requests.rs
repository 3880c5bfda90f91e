//! How a partner asks a company for a relationship, and what the company answers.
//!
//! A request stands in the stream of the customer it addresses. One that any company may answer has
//! a stream of its own, which becomes the account of the company that signs up through its link.

use serde::{Deserialize, Serialize};

use super::CustomerEvent;
use crate::{
    ids::{CustomerId, InvitationId, PartnerId},
    personal::PersonalData,
    time::Timestamp,
    values::{EmailAddress, LetterText, MailFailure, MailRoute, SubjectLine},
};

/// The e-mail in which a partner asks a company for a relationship: personal, sealed under the
/// invitation.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all(serialize = "camelCase"))]
pub struct RelationshipDraft {
    /// To whom; open where whoever sends it fills that in.
    pub recipient: Option<EmailAddress>,
    /// The subject line.
    pub subject: SubjectLine,
    /// The text; the placeholder `{link}` stands where the personalised link goes. The link itself
    /// is derived when it is shown or sent and never stored.
    pub text: LetterText,
}

impl PersonalData for RelationshipDraft {}

events! {
    /// A partner asked a company for a relationship, or for delegated admin privileges in one.
    RelationshipRequested = 0x0340 v 1 {
        /// The invitation whose link the e-mail holds.
        clear invitation_id: InvitationId,
        /// The partner who asks.
        clear partner_id: PartnerId,
        /// The customer it addresses; open where any company may answer.
        clear addressed_to: Option<CustomerId>,
        /// Whether the partner asks to administer on the company's behalf.
        clear delegated_admin: bool,
        /// The link works, and the request can be answered, strictly before this moment.
        clear expires_at: Timestamp,
        /// The e-mail.
        personal draft: RelationshipDraft,
    }
    /// The e-mail of a request was written anew.
    RelationshipDraftEdited = 0x0341 v 1 {
        /// The invitation whose link the e-mail holds.
        clear invitation_id: InvitationId,
        /// The partner who asked.
        clear partner_id: PartnerId,
        /// The e-mail from now on.
        personal draft: RelationshipDraft,
    }
    /// A company accepted a request; it cannot be answered again.
    RelationshipRequestAccepted = 0x0342 v 1 {
        /// The invitation.
        clear invitation_id: InvitationId,
        /// The partner who asked.
        clear partner_id: PartnerId,
        /// The customer that accepted.
        clear customer_id: CustomerId,
    }
    /// A company said no.
    RelationshipRequestDeclined = 0x0343 v 1 {
        /// The invitation.
        clear invitation_id: InvitationId,
        /// The partner who asked.
        clear partner_id: PartnerId,
        /// The customer that declined.
        clear customer_id: CustomerId,
    }
    /// The partner took its request back.
    RelationshipRequestWithdrawn = 0x0344 v 1 {
        /// The invitation.
        clear invitation_id: InvitationId,
        /// The partner who asked.
        clear partner_id: PartnerId,
    }
    /// Nobody answered a request in time.
    RelationshipRequestExpired = 0x0345 v 1 {
        /// The invitation.
        clear invitation_id: InvitationId,
        /// The partner who asked.
        clear partner_id: PartnerId,
    }
    /// The partner asked that this installation send the e-mail of its request.
    RelationshipLetterSendRequested = 0x03a0 v 1 {
        /// The invitation.
        clear invitation_id: InvitationId,
        /// The partner who asked.
        clear partner_id: PartnerId,
    }
    /// The e-mail of a request went out.
    RelationshipLetterSent = 0x03a1 v 1 {
        /// The invitation.
        clear invitation_id: InvitationId,
        /// The partner who asked.
        clear partner_id: PartnerId,
        /// At which attempt, from 1.
        clear attempt: u32,
        /// By which way.
        clear route: MailRoute,
    }
    /// An attempt to send the e-mail of a request failed.
    RelationshipLetterSendFailed = 0x03a2 v 1 {
        /// The invitation.
        clear invitation_id: InvitationId,
        /// The partner who asked.
        clear partner_id: PartnerId,
        /// Which attempt, from 1.
        clear attempt: u32,
        /// Why.
        clear reason: MailFailure,
        /// When it is tried again; nothing when it is not.
        clear retry_at: Option<Timestamp>,
    }
}

aggregate_events! {
    /// What happens to a request for a relationship.
    RelationshipRequestEvent in CustomerEvent {
        RelationshipRequested,
        RelationshipDraftEdited,
        RelationshipRequestAccepted,
        RelationshipRequestDeclined,
        RelationshipRequestWithdrawn,
        RelationshipRequestExpired,
        RelationshipLetterSendRequested,
        RelationshipLetterSent,
        RelationshipLetterSendFailed,
    }
}
