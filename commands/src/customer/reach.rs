//! In which capacity an actor reaches a customer.

use events::{Actor, PartnerId};

use super::state::{CustomerState, Subscription};
use crate::{
    access::{self, CustomerAccess, customer_access},
    context::Context,
    rejection::{Rejection, RelationshipRejection},
};

/// Refuses whoever does not reach the customer: a user of a partner without access, a customer user,
/// a process.
pub(super) fn any(state: &CustomerState, context: &Context<'_>) -> Result<(), Rejection> {
    match context.actor {
        Actor::Operator => exists(state),
        Actor::PartnerUser { partner, .. } | Actor::Application { partner, .. } => {
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
        Actor::PartnerUser { partner, .. } | Actor::Application { partner, .. } => {
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

/// Refuses whoever does not administer on the customer's behalf: it takes the delegated admin
/// privileges of the relationship through which the actor's partner reaches the customer.
pub(super) fn administrator(state: &CustomerState, context: &Context<'_>) -> Result<(), Rejection> {
    any(state, context)?;
    match context.actor {
        Actor::PartnerUser { partner, .. } | Actor::Application { partner, .. }
            if !access::administers(state, partner, &context.facts.active_partnerships) =>
        {
            Err(RelationshipRejection::DelegatedAdminMissing.into())
        }
        Actor::PartnerUser { .. }
        | Actor::Application { .. }
        | Actor::Operator
        | Actor::CustomerUser { .. }
        | Actor::System(_)
        | Actor::SupportOperator { .. }
        | Actor::Auditor { .. }
        | Actor::Visitor => Ok(()),
    }
}

/// Refuses whoever is not global admin of this very company.
pub(super) fn global_admin(state: &CustomerState, context: &Context<'_>) -> Result<(), Rejection> {
    let own = state.account().map(|account| account.customer_id);
    match context.actor {
        Actor::CustomerUser { customer, user }
            if own == Some(customer) && state.is_global_admin(user) =>
        {
            Ok(())
        }
        Actor::CustomerUser { .. }
        | Actor::Operator
        | Actor::PartnerUser { .. }
        | Actor::Application { .. }
        | Actor::System(_)
        | Actor::SupportOperator { .. }
        | Actor::Auditor { .. }
        | Actor::Visitor => Err(RelationshipRejection::CustomerGlobalAdminOnly.into()),
    }
}

/// Refuses whoever may not buy from this partner for the customer: the partner itself sells, and
/// the customer's global admin buys where the partner permits it.
pub(super) fn buyer(
    state: &CustomerState,
    seller: PartnerId,
    context: &Context<'_>,
) -> Result<(), Rejection> {
    let Actor::CustomerUser { .. } = context.actor else { return holder(state, seller, context) };
    global_admin(state, context)?;
    if state.has_active_relationship(seller) && state.may_buy_from(seller) {
        Ok(())
    } else {
        Err(RelationshipRejection::OwnPurchasesNotPermitted.into())
    }
}

/// Whether the actor may manage a subscription of the customer.
pub(super) fn subscription(
    state: &CustomerState,
    held: &Subscription,
    context: &Context<'_>,
) -> bool {
    let partnerships = &context.facts.active_partnerships;
    match context.actor {
        Actor::Operator => state.has_active_relationship(held.partner_id),
        Actor::PartnerUser { partner, .. } | Actor::Application { partner, .. } => {
            access::manages_subscriptions_of(state, partner, held.partner_id, partnerships)
                || access::is_reseller_of_record(state, held, partner, partnerships)
        }
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
