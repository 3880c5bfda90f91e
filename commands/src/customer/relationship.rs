//! Who serves the customer: the end of a relationship, and the resellers associated through it.

use events::{
    Actor, CustomerEvent, FallbackCause, OwnPurchasesForbidden, RelationshipEnded,
    RelationshipRequestWithdrawn, ResellerAssociated, ResellerRemoved,
};

use super::{
    command::{AssociateReseller, EndRelationship, RemoveReseller},
    reach,
    state::{CustomerState, Relationship, SubscriptionStatus},
    support_contacts::fall_back,
};
use crate::{context::Context, rejection::Rejection};

/// What came with the relationship goes with it: the resellers associated through it, the permission
/// to buy, requests of the partner that nobody has answered, and designated support contacts.
pub(super) fn end(
    state: &CustomerState,
    command: EndRelationship,
    context: &Context<'_>,
) -> Result<Vec<CustomerEvent>, Rejection> {
    let partner_id = command.partner_id;
    refuse_if_ended(state, command, context)?;
    reach::holder(state, partner_id, context)?;
    let is_left = |status| status == SubscriptionStatus::Active;
    let count = state
        .subscriptions()
        .filter(|(_, held)| held.partner_id == partner_id && is_left(held.status))
        .count();
    if count > 0 {
        return Err(Rejection::ActiveSubscriptionsLeft { count });
    }
    let resellers = state.resellers().filter(|(provider, _)| *provider == partner_id);
    let mut events = fall_back(state, partner_id, None, FallbackCause::RelationshipEnded);
    events.extend(
        resellers.map(|(provider, reseller)| ResellerRemoved { provider, reseller }.into()),
    );
    for (invitation_id, _) in state.requests().unanswered_of(partner_id) {
        events.push(RelationshipRequestWithdrawn { invitation_id, partner_id }.into());
    }
    if state.may_buy_from(partner_id) {
        events.push(OwnPurchasesForbidden { partner_id }.into());
    }
    events.push(RelationshipEnded { partner_id }.into());
    Ok(events)
}

/// Whoever had the relationship may know that it ended; to others the customer stays unknown.
fn refuse_if_ended(
    state: &CustomerState,
    command: EndRelationship,
    context: &Context<'_>,
) -> Result<(), Rejection> {
    let had_it = match context.actor {
        Actor::Operator => true,
        Actor::PartnerUser { partner, .. } | Actor::Application { partner, .. } => {
            partner == command.partner_id
        }
        Actor::CustomerUser { .. }
        | Actor::System(_)
        | Actor::SupportOperator { .. }
        | Actor::Auditor { .. }
        | Actor::Visitor => false,
    };
    if had_it && state.relationship(command.partner_id) == Some(Relationship::Ended) {
        Err(Rejection::RelationshipAlreadyEnded)
    } else {
        Ok(())
    }
}

pub(super) fn associate(
    state: &CustomerState,
    command: AssociateReseller,
    context: &Context<'_>,
) -> Result<Vec<CustomerEvent>, Rejection> {
    let AssociateReseller { provider, reseller } = command;
    reach::holder(state, provider, context)?;
    if context.facts.partnership(provider, reseller).is_none() {
        return Err(Rejection::NoActivePartnership { reseller });
    }
    if state.is_associated(provider, reseller) {
        return Ok(Vec::new());
    }
    Ok(vec![ResellerAssociated { provider, reseller }.into()])
}

pub(super) fn remove(
    state: &CustomerState,
    command: RemoveReseller,
    context: &Context<'_>,
) -> Result<Vec<CustomerEvent>, Rejection> {
    let RemoveReseller { provider, reseller } = command;
    reach::holder(state, provider, context)?;
    if !state.is_associated(provider, reseller) {
        return Err(Rejection::ResellerNotAssociated { reseller });
    }
    let mut events = fall_back(state, provider, Some(reseller), FallbackCause::ResellerRemoved);
    events.push(ResellerRemoved { provider, reseller }.into());
    Ok(events)
}
