//! A subscription becomes one to another offer: whole, along the catalogue's paths, seat by seat.

use events::{
    CustomerEvent, CustomerUserId, OfferId, SubscriptionId, SubscriptionRenamed,
    SubscriptionUpgraded,
};

use super::renewal;
use crate::{
    SEATS_MOVED_MAX,
    catalogue::{Catalogue, Offer, UpgradeAssignments},
    context::Context,
    customer::{
        orders,
        state::{CustomerState, Subscription, SubscriptionStatus},
        subscriptions,
    },
    rejection::{Rejection, SaleRejection},
};

/// Make a subscription one to another offer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct UpgradeSubscription {
    /// The subscription.
    pub subscription_id: SubscriptionId,
    /// The offer, to which a path of the catalogue leads.
    pub offer_id: OfferId,
}

pub(super) fn upgrade(
    state: &CustomerState,
    command: UpgradeSubscription,
    context: &Context<'_>,
) -> Result<Vec<CustomerEvent>, Rejection> {
    let UpgradeSubscription { subscription_id, offer_id } = command;
    let held = subscriptions::managed(state, subscription_id, context)?;
    match held.status {
        SubscriptionStatus::Active => {}
        SubscriptionStatus::Suspended => return Err(Rejection::SubscriptionIsSuspended),
        SubscriptionStatus::Cancelled => return Err(SaleRejection::SubscriptionIsCancelled.into()),
    }
    let catalogue = context.facts.catalogue;
    let path = catalogue.offer(held.offer_id).and_then(|offer| offer.upgrade_to(offer_id));
    let path = path.ok_or(SaleRejection::NoUpgradePath { offer_id })?;
    let target = catalogue.offer(offer_id).ok_or(Rejection::OfferNotFound { offer_id })?;
    orders::offered(target, held.quantity)?;
    let price = orders::priced(target, held.billing_cycle)?;
    keeps_family(state, subscription_id, held, target, catalogue)?;
    let (moved, released) = going(state, held, target, path.assignments)?;
    let upgraded = SubscriptionUpgraded {
        subscription_id,
        old_offer_id: held.offer_id,
        new_offer_id: offer_id,
        old_sku_id: held.sku_id,
        new_sku_id: target.sku_id,
        terms: orders::terms(target, price),
        moved,
        released,
    };
    let mut events = vec![upgraded.into()];
    let was_trial = catalogue.offer(held.offer_id).is_some_and(Offer::is_trial);
    if was_trial && !target.is_trial() {
        events.extend(renewal::resumed(subscription_id, held));
    }
    if is_named_after_offer(held, catalogue) && held.friendly_name != target.name {
        let friendly_name = target.name.clone();
        events.push(SubscriptionRenamed { subscription_id, friendly_name }.into());
    }
    Ok(events)
}

/// Refuses to part an add-on from what it adds to: the subscription from its parent, or its add-ons
/// from it.
pub(super) fn keeps_family(
    state: &CustomerState,
    subscription_id: SubscriptionId,
    held: &Subscription,
    target: &Offer,
    catalogue: &Catalogue,
) -> Result<(), Rejection> {
    let parent = held.parent_subscription.and_then(|parent| state.subscription(parent));
    if parent.is_some_and(|parent| !target.parents.contains(&parent.offer_id)) {
        return Err(SaleRejection::AddOnUnrelated { offer_id: target.id }.into());
    }
    let suits = |offer: Option<&Offer>| offer.is_some_and(|it| it.parents.contains(&target.id));
    let add_ons = state.add_ons_of(subscription_id);
    match add_ons.filter(|(_, held)| !suits(catalogue.offer(held.offer_id))).count() {
        0 => Ok(()),
        count => Err(SaleRejection::AddOnsInTheWay { count }.into()),
    }
}

/// The users whose seat of the old product goes: those who get one of the new, and those who have one
/// already. Seats are the product's: as many assignments stay as other active subscriptions to it
/// have seats.
fn going(
    state: &CustomerState,
    held: &Subscription,
    target: &Offer,
    assignments: UpgradeAssignments,
) -> Result<(Vec<CustomerUserId>, Vec<CustomerUserId>), Rejection> {
    let sku_id = target.sku_id;
    let needed = subscriptions::needed(state, held);
    if held.sku_id == sku_id || needed == 0 {
        return Ok((Vec::new(), Vec::new()));
    }
    if assignments == UpgradeAssignments::Stay {
        return Err(SaleRejection::SeatsStillAssigned { sku_id: held.sku_id, count: needed }.into());
    }
    // While another subscription is suspended, more may be assigned than this one has seats for.
    let count = needed.min(held.quantity.get());
    let going = subscriptions::last_holders(state, held.sku_id, count);
    if going.len() > SEATS_MOVED_MAX {
        return Err(Rejection::TooManyChanges { count: going.len(), limit: SEATS_MOVED_MAX });
    }
    let has_one =
        |id: &CustomerUserId| state.user(*id).is_some_and(|it| it.licenses.contains(&sku_id));
    let (released, moved): (Vec<_>, Vec<_>) = going.into_iter().partition(has_one);
    let wanted = u32::try_from(moved.len()).unwrap_or(u32::MAX);
    let seats = state.pool(sku_id).unwrap_or_default().saturating_add(held.quantity.get());
    match wanted.saturating_sub(seats.saturating_sub(state.consumed(sku_id))) {
        0 => Ok((moved, released)),
        missing => Err(Rejection::SeatsMissing { sku_id, missing }),
    }
}

/// Whether nobody gave the subscription a name of its own.
pub(super) fn is_named_after_offer(held: &Subscription, catalogue: &Catalogue) -> bool {
    let agreed = held.terms.as_ref().map(|terms| &terms.offer_name);
    let named = agreed.or_else(|| catalogue.offer(held.offer_id).map(|offer| &offer.name));
    named == Some(&held.friendly_name)
}
