//! A trial becomes a subscription that is paid for: of the same product, so that whoever has a seat
//! keeps it.

use events::{
    CustomerEvent, OfferId, Quantity, SubscriptionId, SubscriptionQuantityChanged,
    SubscriptionRenamed, TrialConverted,
};

use super::{renewal, upgrade};
use crate::{
    catalogue::{Catalogue, Offer},
    context::Context,
    customer::{
        orders,
        state::{CustomerState, Subscription, SubscriptionStatus},
        subscriptions,
    },
    rejection::{Rejection, SaleRejection},
};

/// Make a trial a subscription that is paid for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ConvertTrial {
    /// The subscription.
    pub subscription_id: SubscriptionId,
    /// The offer, to which the catalogue says the trial can be converted.
    pub offer_id: OfferId,
    /// How many licences from now on; `None` leaves them.
    pub quantity: Option<Quantity>,
}

pub(super) fn convert(
    state: &CustomerState,
    command: ConvertTrial,
    context: &Context<'_>,
) -> Result<Vec<CustomerEvent>, Rejection> {
    let ConvertTrial { subscription_id, offer_id, .. } = command;
    let held = subscriptions::managed(state, subscription_id, context)?;
    match held.status {
        SubscriptionStatus::Active => {}
        SubscriptionStatus::Suspended => return Err(Rejection::SubscriptionIsSuspended),
        SubscriptionStatus::Cancelled => return Err(SaleRejection::SubscriptionIsCancelled.into()),
    }
    let catalogue = context.facts.catalogue;
    let target = target(held, command, catalogue)?;
    let quantity = command.quantity.unwrap_or(held.quantity);
    orders::offered(target, quantity)?;
    let price = orders::priced(target, held.billing_cycle)?;
    let minimum = subscriptions::needed(state, held);
    if quantity < held.quantity && quantity.get() < minimum {
        return Err(Rejection::QuantityBelowAssigned { quantity, minimum });
    }
    upgrade::keeps_family(state, subscription_id, held, target, catalogue)?;
    let converted = TrialConverted {
        subscription_id,
        old_offer_id: held.offer_id,
        new_offer_id: offer_id,
        sku_id: held.sku_id,
        terms: orders::terms(target, price),
    };
    let mut events = vec![converted.into()];
    events.extend(renewal::resumed(subscription_id, held));
    if quantity != held.quantity {
        let (old, new) = (held.quantity, quantity);
        events.push(SubscriptionQuantityChanged { subscription_id, old, new }.into());
    }
    events.extend(renamed(subscription_id, held, target, catalogue));
    Ok(events)
}

/// What the trial is to become, if the catalogue says it can. A catalogue lets it become only what is
/// of the same product, and a later one may say otherwise of an offer that was sold.
fn target<'c>(
    held: &Subscription,
    command: ConvertTrial,
    catalogue: &'c Catalogue,
) -> Result<&'c Offer, Rejection> {
    let offer_id = command.offer_id;
    let known = catalogue.offer(held.offer_id);
    let is_meant = known.is_some_and(|trial| trial.conversions.contains(&offer_id));
    let target = catalogue.offer(offer_id).filter(|target| target.sku_id == held.sku_id);
    target.filter(|_| is_meant).ok_or_else(|| SaleRejection::NotConvertible { offer_id }.into())
}

/// The name of the new offer, unless somebody gave the subscription one of its own.
fn renamed(
    subscription_id: SubscriptionId,
    held: &Subscription,
    target: &Offer,
    catalogue: &Catalogue,
) -> Option<CustomerEvent> {
    let is_named_after_it = upgrade::is_named_after_offer(held, catalogue);
    let friendly_name = Some(target.name.clone()).filter(|name| *name != held.friendly_name);
    let friendly_name = friendly_name.filter(|_| is_named_after_it)?;
    Some(SubscriptionRenamed { subscription_id, friendly_name }.into())
}
