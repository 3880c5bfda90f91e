//! What can be asked about requests for a relationship.

use events::{Actor, CustomerId, InvitationId, PartnerId, RelationshipDraft, Timestamp};

use super::letters::{EditRelationshipDraft, RecordRelationshipSending, SendRelationshipLetter};
use crate::{
    command::{Requires, command_enum},
    company_permissions::CompanyPermission,
    customer::{CreateCustomer, CustomerCommand},
    permissions::Permission,
};

/// Ask a company for a relationship, or for delegated admin privileges in one.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RequestRelationship {
    /// The new invitation.
    pub invitation_id: InvitationId,
    /// The partner who asks.
    pub partner_id: PartnerId,
    /// The customer it addresses; `None` lets any company answer.
    pub addressed_to: Option<CustomerId>,
    /// Whether the partner asks to administer on the company's behalf.
    pub delegated_admin: bool,
    /// The link works strictly before this moment.
    pub expires_at: Timestamp,
    /// The e-mail; [`LINK_PLACEHOLDER`](crate::LINK_PLACEHOLDER) stands where the link goes.
    pub draft: RelationshipDraft,
}

/// Take a request back.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct WithdrawRelationshipRequest {
    /// The invitation.
    pub invitation_id: InvitationId,
    /// The partner who asked.
    pub partner_id: PartnerId,
}

/// Accept a request.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct AcceptRelationshipRequest {
    /// The invitation.
    pub invitation_id: InvitationId,
    /// The customer that accepts.
    pub customer_id: CustomerId,
}

/// Decline a request.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct DeclineRelationshipRequest {
    /// The invitation.
    pub invitation_id: InvitationId,
    /// The customer that declines.
    pub customer_id: CustomerId,
}

/// Note that nobody answered a request in time.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ExpireRelationshipRequest {
    /// The invitation.
    pub invitation_id: InvitationId,
}

/// Enter the relationship that a request in another stream led to. It is decided in one commit with
/// the acceptance there.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct EnterRelationship {
    /// The partner who asked.
    pub partner_id: PartnerId,
    /// Whether it asked to administer on the customer's behalf.
    pub delegated_admin: bool,
}

/// Open an account and accept a request in one: for a company that has none.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SignUp {
    /// The invitation.
    pub invitation_id: InvitationId,
    /// The account; its partner is the one who asked.
    pub account: CreateCustomer,
}

command_enum! {
    /// What can be asked about requests for a relationship.
    RelationshipRequestCommand in CustomerCommand {
        /// Ask for a relationship.
        Request(Box<RequestRelationship>),
        /// Write the e-mail of a request anew.
        EditDraft(EditRelationshipDraft),
        /// Have the e-mail of a request sent.
        SendLetter(SendRelationshipLetter),
        /// Record an attempt to send it.
        RecordSending(RecordRelationshipSending),
        /// Take a request back.
        Withdraw(WithdrawRelationshipRequest),
        /// Accept a request.
        Accept(AcceptRelationshipRequest),
        /// Decline a request.
        Decline(DeclineRelationshipRequest),
        /// Note that nobody answered a request in time.
        Expire(ExpireRelationshipRequest),
        /// Enter the relationship that a request in another stream led to.
        Enter(EnterRelationship),
        /// Open an account through a request.
        SignUp(Box<SignUp>),
    }
}

impl Requires for RelationshipRequestCommand {
    fn permission(&self, _actor: &Actor) -> Option<Permission> {
        match self {
            Self::Request(command) if command.delegated_admin => {
                Some(Permission::DelegatedAdminRequest)
            }
            Self::Request(_) | Self::EditDraft(_) | Self::SendLetter(_) | Self::Withdraw(_) => {
                Some(Permission::RelationshipsRequest)
            }
            // What the customer itself decides, and what timers do.
            Self::Accept(_)
            | Self::Decline(_)
            | Self::Enter(_)
            | Self::SignUp(_)
            | Self::Expire(_)
            | Self::RecordSending(_) => None,
        }
    }

    fn company_permission(&self) -> Option<CompanyPermission> {
        match self {
            Self::Accept(_) | Self::Decline(_) | Self::Enter(_) => {
                Some(CompanyPermission::RelationshipsAnswer)
            }
            Self::Request(_)
            | Self::EditDraft(_)
            | Self::SendLetter(_)
            | Self::RecordSending(_)
            | Self::Withdraw(_)
            | Self::Expire(_)
            | Self::SignUp(_) => None,
        }
    }
}
