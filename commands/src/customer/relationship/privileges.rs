//! What a customer and its partners allow each other: administering on the customer's behalf, and
//! buying for itself.

use events::{
    CustomerEvent, DelegatedAdminEnded, FallbackCause, OwnPurchasesForbidden,
    OwnPurchasesPermitted, PartnerId,
};

use crate::{
    context::Context,
    customer::{
        reach,
        state::{CustomerState, Relationship},
        support_contacts::fall_back,
    },
    rejection::{Rejection, RelationshipRejection},
};

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

/// The customer's global admin ends what the customer granted; the relationship stays.
pub(super) fn end_delegated_admin(
    state: &CustomerState,
    command: EndDelegatedAdmin,
    context: &Context<'_>,
) -> Result<Vec<CustomerEvent>, Rejection> {
    let partner_id = command.partner_id;
    reach::global_admin(state, context)?;
    match state.relationship(partner_id) {
        Some(Relationship::Active { delegated_admin: true }) => {
            let mut events = fall_back(state, partner_id, None, FallbackCause::PrivilegesEnded);
            events.push(DelegatedAdminEnded { partner_id }.into());
            Ok(events)
        }
        Some(Relationship::Active { delegated_admin: false } | Relationship::Ended) | None => {
            Err(RelationshipRejection::DelegatedAdminNotHeld.into())
        }
    }
}

/// On the strength of a prior subscription: one that this partner sold, whether or not it is active.
pub(super) fn permit_own_purchases(
    state: &CustomerState,
    command: PermitOwnPurchases,
    context: &Context<'_>,
) -> Result<Vec<CustomerEvent>, Rejection> {
    let partner_id = command.partner_id;
    reach::holder(state, partner_id, context)?;
    if state.may_buy_from(partner_id) {
        return Err(RelationshipRejection::OwnPurchasesPermitted.into());
    }
    if !state.subscriptions().any(|(_, held)| held.partner_id == partner_id) {
        return Err(RelationshipRejection::NoPriorSubscription.into());
    }
    Ok(vec![OwnPurchasesPermitted { partner_id }.into()])
}

pub(super) fn forbid_own_purchases(
    state: &CustomerState,
    command: ForbidOwnPurchases,
    context: &Context<'_>,
) -> Result<Vec<CustomerEvent>, Rejection> {
    let partner_id = command.partner_id;
    reach::holder(state, partner_id, context)?;
    if !state.may_buy_from(partner_id) {
        return Err(RelationshipRejection::OwnPurchasesNotPermitted.into());
    }
    Ok(vec![OwnPurchasesForbidden { partner_id }.into()])
}
