//! In which capacity an actor reaches a customer.

use events::{Actor, PartnerId};

use super::state::CustomerState;
use crate::{
    access::{self, CustomerAccess, customer_access},
    context::Context,
    rejection::Rejection,
};

/// Refuses whoever does not reach the customer: a user of a partner without access, a customer user,
/// a process.
pub(super) fn any(state: &CustomerState, context: &Context<'_>) -> Result<(), Rejection> {
    match context.actor {
        Actor::Operator => exists(state),
        Actor::PartnerUser { partner, .. } => {
            customer_access(state, partner, &context.facts.active_partnerships).map(|_| ())
        }
        Actor::CustomerUser { .. }
        | Actor::System(_)
        | Actor::SupportOperator { .. }
        | Actor::Auditor { .. }
        | Actor::Visitor => Err(Rejection::ActorNotAllowed),
    }
}

/// Refuses whoever does not speak for this partner, and the partner unless it holds an active
/// relationship with the customer.
pub(super) fn holder(
    state: &CustomerState,
    holder: PartnerId,
    context: &Context<'_>,
) -> Result<(), Rejection> {
    match context.actor {
        Actor::Operator => {
            exists(state)?;
            if state.has_active_relationship(holder) {
                Ok(())
            } else {
                Err(Rejection::NotYourCustomer)
            }
        }
        Actor::PartnerUser { partner, .. } => {
            match customer_access(state, partner, &context.facts.active_partnerships)? {
                CustomerAccess::Holder => access::speaks_for(&context.actor, holder),
                CustomerAccess::Reseller { .. } => Err(Rejection::RelationshipHolderOnly),
            }
        }
        Actor::CustomerUser { .. }
        | Actor::System(_)
        | Actor::SupportOperator { .. }
        | Actor::Auditor { .. }
        | Actor::Visitor => Err(Rejection::ActorNotAllowed),
    }
}

/// Whether the actor may manage what this partner sold to the customer.
pub(super) fn manages_subscriptions_of(
    state: &CustomerState,
    seller: PartnerId,
    context: &Context<'_>,
) -> bool {
    match context.actor {
        Actor::Operator => state.has_active_relationship(seller),
        Actor::PartnerUser { partner, .. } => access::manages_subscriptions_of(
            state,
            partner,
            seller,
            &context.facts.active_partnerships,
        ),
        Actor::CustomerUser { .. }
        | Actor::System(_)
        | Actor::SupportOperator { .. }
        | Actor::Auditor { .. }
        | Actor::Visitor => false,
    }
}

fn exists(state: &CustomerState) -> Result<(), Rejection> {
    state.account().map(|_| ()).ok_or(Rejection::CustomerNotFound)
}
