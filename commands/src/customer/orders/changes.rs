//! What becomes of an order that was submitted: it grows by add-ons, and is billed in another cycle.

use events::{
    BillingCycle, CustomerEvent, OrderExtended, OrderId, OrderLine, OrderRebilled, PartnerId,
    RebilledSubscription, SubscriptionId,
};

use super::Sale;
use crate::{
    context::Context,
    customer::{
        orders, reach,
        state::{CustomerState, Subscription, SubscriptionStatus},
    },
    rejection::{Rejection, SaleRejection},
};

/// Change an order that was submitted.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ChangeOrder {
    /// The order.
    pub order_id: OrderId,
    /// How it is billed from now on; `None` leaves it.
    pub billing_cycle: Option<BillingCycle>,
    /// What is bought besides: add-ons to its subscriptions. The numbers run from 0, in any order.
    pub lines: Vec<OrderLine>,
}

/// An order as its subscriptions tell of it: each line became one.
struct Held<'s> {
    seller: PartnerId,
    billing_cycle: BillingCycle,
    subscriptions: Vec<(SubscriptionId, &'s Subscription)>,
}

/// Bills anew before it sells: what is bought besides is billed as the order is from then on.
pub(super) fn change(
    state: &CustomerState,
    command: &ChangeOrder,
    context: &Context<'_>,
) -> Result<Vec<CustomerEvent>, Rejection> {
    let held = held(state, command, context)?;
    let mut events = Vec::new();
    let billing_cycle = command.billing_cycle.unwrap_or(held.billing_cycle);
    if billing_cycle != held.billing_cycle {
        events.push(rebilled(command, &held, billing_cycle, context)?);
    }
    if !command.lines.is_empty() {
        events.append(&mut extended(state, command, (&held, billing_cycle), context)?);
    }
    Ok(events)
}

/// The order, if the actor's partner submitted it and still serves the customer.
fn held<'s>(
    state: &'s CustomerState,
    command: &ChangeOrder,
    context: &Context<'_>,
) -> Result<Held<'s>, Rejection> {
    reach::any(state, context)?;
    let order_id = command.order_id;
    let subscriptions: Vec<_> = state.subscriptions_of(order_id).collect();
    let first = subscriptions.first().map(|(_, first)| (first.partner_id, first.billing_cycle));
    let own = first.filter(|(seller, _)| reach::holder(state, *seller, context).is_ok());
    let (seller, billing_cycle) = own.ok_or(SaleRejection::OrderNotFound { order_id })?;
    Ok(Held { seller, billing_cycle, subscriptions })
}

/// Everything in the order is billed in the other cycle or nothing is, at the prices of now. What is
/// paid once is paid.
fn rebilled(
    command: &ChangeOrder,
    held: &Held<'_>,
    new: BillingCycle,
    context: &Context<'_>,
) -> Result<CustomerEvent, Rejection> {
    let old = held.billing_cycle;
    if old == BillingCycle::OneTime || new == BillingCycle::OneTime {
        return Err(SaleRejection::PaidOnce.into());
    }
    let mut subscriptions = Vec::with_capacity(held.subscriptions.len());
    for (subscription_id, subscription) in &held.subscriptions {
        if subscription.status != SubscriptionStatus::Active {
            let subscription_id = *subscription_id;
            return Err(SaleRejection::OrderNotActive { subscription_id }.into());
        }
        let offer_id = subscription.offer_id;
        let offer = context.facts.catalogue.offer(offer_id);
        let offer = offer.ok_or(SaleRejection::BillingCycleNotOffered { offer_id })?;
        let terms = orders::terms(offer, orders::priced(offer, new)?);
        subscriptions.push(RebilledSubscription { subscription_id: *subscription_id, terms });
    }
    let (order_id, partner_id) = (command.order_id, held.seller);
    Ok(OrderRebilled { order_id, partner_id, old, new, subscriptions }.into())
}

/// Sells add-ons to subscriptions of the order, and nothing else.
fn extended(
    state: &CustomerState,
    command: &ChangeOrder,
    (held, billing_cycle): (&Held<'_>, BillingCycle),
    context: &Context<'_>,
) -> Result<Vec<CustomerEvent>, Rejection> {
    let order_id = command.order_id;
    let lines = orders::numbered(&command.lines, |line| line.line_number)?;
    for OrderLine { offer_id, parent_subscription, .. } in &lines {
        let mut own = held.subscriptions.iter().map(|(id, _)| *id);
        if parent_subscription.is_none_or(|parent| !own.any(|id| id == parent)) {
            return Err(SaleRejection::AddOnUnrelated { offer_id: *offer_id }.into());
        }
    }
    let sales: Vec<_> = lines.iter().map(|line| Sale::of(line, billing_cycle)).collect();
    let sellable = orders::sellable(state, held.seller, &sales, context)?;
    let created = sales.iter().zip(sellable);
    let created: Vec<_> = created
        .flat_map(|(sale, sellable)| {
            orders::created((held.seller, order_id), sale, sellable, context.now)
        })
        .collect();
    let first = u32::try_from(held.subscriptions.len()).unwrap_or(u32::MAX);
    let lines = (first..).zip(lines).map(|(line_number, line)| OrderLine { line_number, ..line });
    let extended = OrderExtended { order_id, partner_id: held.seller, lines: lines.collect() };
    Ok(std::iter::once(extended.into()).chain(created).collect())
}
