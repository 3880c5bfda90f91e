//! What can be asked about requests for a relationship and what a customer allows its partners.

use events::{CustomerId, InvitationId, PartnerId, RelationshipDraft, Timestamp};

use crate::customer::command::CreateCustomer;

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

/// End a partner's privilege to administer on the customer's behalf.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct EndDelegatedAdmin {
    /// The partner.
    pub partner_id: PartnerId,
}

/// Let the customer buy for itself.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct PermitOwnPurchases {
    /// The partner from which it buys.
    pub partner_id: PartnerId,
}

/// Let the customer not buy for itself any more.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ForbidOwnPurchases {
    /// The partner from which it bought.
    pub partner_id: PartnerId,
}
