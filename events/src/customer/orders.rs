//! What a customer was sold, order by order.

use serde::{Deserialize, Serialize};

use super::{CustomerEvent, SaleTerms};
use crate::{
    ids::{OfferId, OrderId, PartnerId, SubscriptionId},
    personal::Clear,
    values::{FriendlyName, MpnId, Quantity},
};

/// How often an order is billed. Stored by order: new cycles go to the end.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BillingCycle {
    /// Every month.
    Monthly,
    /// Every year.
    Annual,
    /// Once.
    OneTime,
}

impl BillingCycle {
    /// Every cycle.
    pub const ALL: [Self; 3] = [Self::Monthly, Self::Annual, Self::OneTime];
}

impl Clear for BillingCycle {}

/// One line of a submitted order.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all(serialize = "camelCase"))]
pub struct OrderLine {
    /// Its number, from 0.
    pub line_number: u32,
    /// What was bought.
    pub offer_id: OfferId,
    /// The subscription it became.
    pub subscription_id: SubscriptionId,
    /// How many licences.
    pub quantity: Quantity,
    /// What the buyer calls it.
    pub friendly_name: Option<FriendlyName>,
    /// The MPN id of the indirect reseller on record.
    pub partner_on_record: Option<MpnId>,
    /// The subscription to which it is an add-on.
    pub parent_subscription: Option<SubscriptionId>,
}

impl Clear for OrderLine {}

/// What was agreed when a subscription of an order came to be billed in another cycle.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all(serialize = "camelCase"))]
pub struct RebilledSubscription {
    /// The subscription.
    pub subscription_id: SubscriptionId,
    /// What was agreed.
    pub terms: SaleTerms,
}

impl Clear for RebilledSubscription {}

events! {
    /// An order was submitted.
    OrderSubmitted = 0x0307 v 2 from { 1 => OrderSubmittedV1 } {
        /// The order.
        clear order_id: OrderId,
        /// The partner that submitted it.
        clear partner_id: PartnerId,
        /// How it is billed.
        clear billing_cycle: BillingCycle,
        /// What was ordered.
        clear lines: Vec<OrderLine>,
    }
    /// Add-ons were bought to subscriptions of an order, and belong to it.
    OrderExtended = 0x03d0 v 1 {
        /// The order.
        clear order_id: OrderId,
        /// The partner that submitted it.
        clear partner_id: PartnerId,
        /// What was ordered; the numbers go on where those of the order ended.
        clear lines: Vec<OrderLine>,
    }
    /// An order is billed in another cycle, and so are all its subscriptions.
    OrderRebilled = 0x03d1 v 1 {
        /// The order.
        clear order_id: OrderId,
        /// The partner that submitted it.
        clear partner_id: PartnerId,
        /// How it was billed until now.
        clear old: BillingCycle,
        /// How it is billed from now on.
        clear new: BillingCycle,
        /// What that makes of each subscription.
        clear subscriptions: Vec<RebilledSubscription>,
    }
}

aggregate_events! {
    /// What happens to an order.
    OrderEvent in CustomerEvent {
        OrderSubmitted,
        OrderExtended,
        OrderRebilled,
    }
}

/// Before add-ons, an order line had no parent.
#[derive(Serialize, Deserialize)]
struct OrderLineV1 {
    line_number: u32,
    offer_id: OfferId,
    subscription_id: SubscriptionId,
    quantity: Quantity,
    friendly_name: Option<FriendlyName>,
    partner_on_record: Option<MpnId>,
}

/// As orders were stored before add-ons.
#[derive(Serialize, Deserialize)]
struct OrderSubmittedV1 {
    order_id: OrderId,
    partner_id: PartnerId,
    billing_cycle: BillingCycle,
    lines: Vec<OrderLineV1>,
}

impl From<OrderLineV1> for OrderLine {
    fn from(old: OrderLineV1) -> Self {
        Self {
            line_number: old.line_number,
            offer_id: old.offer_id,
            subscription_id: old.subscription_id,
            quantity: old.quantity,
            friendly_name: old.friendly_name,
            partner_on_record: old.partner_on_record,
            parent_subscription: None,
        }
    }
}

impl From<OrderSubmittedV1> for OrderSubmitted {
    fn from(old: OrderSubmittedV1) -> Self {
        Self {
            order_id: old.order_id,
            partner_id: old.partner_id,
            billing_cycle: old.billing_cycle,
            lines: old.lines.into_iter().map(Into::into).collect(),
        }
    }
}
