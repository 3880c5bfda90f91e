//! What the customer buys: orders, and the subscriptions they become.

use std::collections::BTreeSet;

use events::{
    CustomerEvent, OrderLine, OrderSubmitted, Quantity, SubscriptionCreated,
    SubscriptionQuantityChanged, SubscriptionReactivated, SubscriptionRenamed,
    SubscriptionSuspended,
};

use super::{
    command::{ChangeSubscription, SubmitOrder},
    reach,
    state::{CustomerState, Subscription, SubscriptionStatus},
};
use crate::{catalogue::Offer, context::Context, rejection::Rejection};

pub(super) fn order(
    state: &CustomerState,
    command: &SubmitOrder,
    context: &Context<'_>,
) -> Result<Vec<CustomerEvent>, Rejection> {
    reach::buyer(state, command.partner_id, context)?;
    if state.knows_order(command.order_id) {
        return Err(Rejection::AlreadyExists { what: "order" });
    }
    let lines = numbered(&command.lines)?;
    let mut ids = BTreeSet::new();
    let mut subscriptions = Vec::with_capacity(lines.len());
    for line in &lines {
        let id = line.subscription_id;
        if state.subscription(id).is_some() || !ids.insert(id) {
            return Err(Rejection::AlreadyExists { what: "subscription" });
        }
        subscriptions.push(subscribed(command, line, context)?);
    }
    let submitted = OrderSubmitted {
        order_id: command.order_id,
        partner_id: command.partner_id,
        billing_cycle: command.billing_cycle,
        lines,
    };
    let mut events = vec![submitted.into()];
    events.append(&mut subscriptions);
    Ok(events)
}

/// The lines in the order of their numbers, which must run from 0 to n - 1.
fn numbered(lines: &[OrderLine]) -> Result<Vec<OrderLine>, Rejection> {
    if lines.is_empty() {
        return Err(Rejection::NoLines);
    }
    let mut lines = lines.to_vec();
    lines.sort_by_key(|line| line.line_number);
    if lines.iter().zip(0..).all(|(line, number)| line.line_number == number) {
        Ok(lines)
    } else {
        Err(Rejection::LineNumbers { lines: lines.len() })
    }
}

fn subscribed(
    order: &SubmitOrder,
    line: &OrderLine,
    context: &Context<'_>,
) -> Result<CustomerEvent, Rejection> {
    let offer_id = line.offer_id;
    let offer = context.facts.catalogue.offer(offer_id);
    let offer = offer.ok_or(Rejection::OfferNotFound { offer_id })?;
    offered(offer, line.quantity)?;
    if let Some(mpn_id) = &line.partner_on_record {
        let mut partnerships = context.facts.active_partnerships.iter();
        let is_on_record = partnerships
            .any(|bond| bond.provider == order.partner_id && bond.reseller_mpn_id == *mpn_id);
        if !is_on_record {
            return Err(Rejection::PartnerOnRecord { mpn_id: mpn_id.clone() });
        }
    }
    Ok(SubscriptionCreated {
        subscription_id: line.subscription_id,
        order_id: order.order_id,
        partner_id: order.partner_id,
        offer_id,
        sku_id: offer.sku_id,
        quantity: line.quantity,
        billing_cycle: order.billing_cycle,
        friendly_name: line.friendly_name.clone().unwrap_or_else(|| offer.name.clone()),
        partner_on_record: line.partner_on_record.clone(),
    }
    .into())
}

fn offered(offer: &Offer, quantity: Quantity) -> Result<(), Rejection> {
    if offer.allows(quantity) {
        Ok(())
    } else {
        Err(Rejection::QuantityOutsideOffer {
            quantity,
            minimum: offer.minimum_quantity,
            maximum: offer.maximum_quantity,
        })
    }
}

/// Reactivates before and suspends after the quantity changes: it changes only while the
/// subscription is active.
pub(super) fn change(
    state: &CustomerState,
    command: &ChangeSubscription,
    context: &Context<'_>,
) -> Result<Vec<CustomerEvent>, Rejection> {
    reach::any(state, context)?;
    let subscription_id = command.subscription_id;
    let held = state
        .subscription(subscription_id)
        .filter(|held| reach::manages_subscriptions_of(state, held.partner_id, context))
        .ok_or(Rejection::SubscriptionNotFound { subscription_id })?;
    let wanted = command.status.unwrap_or(held.status);
    let mut events = Vec::new();
    if let Some(name) = command.friendly_name.as_ref().filter(|name| **name != held.friendly_name) {
        let friendly_name = name.clone();
        events.push(SubscriptionRenamed { subscription_id, friendly_name }.into());
    }
    if held.status == SubscriptionStatus::Suspended && wanted == SubscriptionStatus::Active {
        events.push(SubscriptionReactivated { subscription_id }.into());
    }
    if let Some(new) = command.quantity.filter(|quantity| *quantity != held.quantity) {
        if held.status == SubscriptionStatus::Suspended && wanted == SubscriptionStatus::Suspended {
            return Err(Rejection::SubscriptionIsSuspended);
        }
        fits(state, held, new, context)?;
        let old = held.quantity;
        events.push(SubscriptionQuantityChanged { subscription_id, old, new }.into());
    }
    if held.status == SubscriptionStatus::Active && wanted == SubscriptionStatus::Suspended {
        events.push(SubscriptionSuspended { subscription_id }.into());
    }
    Ok(events)
}

/// Refuses a quantity the offer does not come in, and one that leaves fewer seats of the product
/// than are assigned, while the subscription is active.
fn fits(
    state: &CustomerState,
    held: &Subscription,
    new: Quantity,
    context: &Context<'_>,
) -> Result<(), Rejection> {
    let offer_id = held.offer_id;
    let offer = context.facts.catalogue.offer(offer_id);
    offered(offer.ok_or(Rejection::OfferNotFound { offer_id })?, new)?;
    let own_share = match held.status {
        SubscriptionStatus::Active => held.quantity.get(),
        SubscriptionStatus::Suspended => 0,
    };
    let others = state.pool(held.sku_id).unwrap_or_default().saturating_sub(own_share);
    let minimum = state.consumed(held.sku_id).saturating_sub(others);
    if new < held.quantity && new.get() < minimum {
        return Err(Rejection::QuantityBelowAssigned { quantity: new, minimum });
    }
    Ok(())
}
