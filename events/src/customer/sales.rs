//! What was agreed when an offer was sold, and what becomes of it afterwards.

use serde::{Deserialize, Serialize};

use super::{BillingCycle, OrderLine, OrderSubmitted, SubscriptionCreated};
use crate::{
    ids::{CustomerUserId, OfferId, OrderId, PartnerId, SkuId, SubscriptionId},
    personal::Clear,
    values::{FriendlyName, Money, MpnId, ProductFamily, Quantity},
};

/// What the catalogue said about an offer when it was sold: a subscription stands by it, whatever
/// becomes of the catalogue.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all(serialize = "camelCase"))]
pub struct SaleTerms {
    /// The offer's name.
    pub offer_name: FriendlyName,
    /// The name of the product.
    pub product_name: FriendlyName,
    /// The family of services the product belongs to.
    pub family: ProductFamily,
    /// The fewest licences it comes with.
    pub minimum_quantity: u32,
    /// The most licences it comes with.
    pub maximum_quantity: u32,
    /// The price of one licence for one billing cycle.
    pub unit_price: Money,
}

impl Clear for SaleTerms {}

events! {
    /// A subscription became one to another offer, with all its licences.
    SubscriptionUpgraded = 0x0326 v 1 {
        /// The subscription.
        clear subscription_id: SubscriptionId,
        /// The offer until now.
        clear old_offer_id: OfferId,
        /// The offer from now on.
        clear new_offer_id: OfferId,
        /// The product whose seats it held until now.
        clear old_sku_id: SkuId,
        /// The product whose seats it holds from now on.
        clear new_sku_id: SkuId,
        /// What was agreed.
        clear terms: SaleTerms,
        /// The users who lost their seat of the old product and got one of the new.
        clear moved: Vec<CustomerUserId>,
        /// The users who lost their seat of the old product and had one of the new already.
        clear released: Vec<CustomerUserId>,
    }
    /// A subscription is over for good; its seats are gone.
    SubscriptionCancelled = 0x0327 v 1 {
        /// The subscription.
        clear subscription_id: SubscriptionId,
        /// The product whose seats it held.
        clear sku_id: SkuId,
        /// The users whose seat went with it, because no other subscription holds one for them.
        clear released: Vec<CustomerUserId>,
    }
    /// Another indirect reseller, or none, is on record for a subscription.
    ResellerOfRecordChanged = 0x0328 v 1 {
        /// The subscription.
        clear subscription_id: SubscriptionId,
        /// The reseller's MPN id until now.
        clear old: Option<MpnId>,
        /// The reseller's MPN id from now on.
        clear new: Option<MpnId>,
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
pub(super) struct OrderSubmittedV1 {
    order_id: OrderId,
    partner_id: PartnerId,
    billing_cycle: BillingCycle,
    lines: Vec<OrderLineV1>,
}

/// As subscriptions were stored before add-ons, and before what was agreed stood in the event.
#[derive(Serialize, Deserialize)]
pub(super) struct SubscriptionCreatedV1 {
    subscription_id: SubscriptionId,
    order_id: OrderId,
    partner_id: PartnerId,
    offer_id: OfferId,
    sku_id: SkuId,
    quantity: Quantity,
    billing_cycle: BillingCycle,
    friendly_name: FriendlyName,
    partner_on_record: Option<MpnId>,
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

impl From<SubscriptionCreatedV1> for SubscriptionCreated {
    fn from(old: SubscriptionCreatedV1) -> Self {
        Self {
            subscription_id: old.subscription_id,
            order_id: old.order_id,
            partner_id: old.partner_id,
            offer_id: old.offer_id,
            sku_id: old.sku_id,
            quantity: old.quantity,
            billing_cycle: old.billing_cycle,
            friendly_name: old.friendly_name,
            partner_on_record: old.partner_on_record,
            parent_subscription: None,
            terms: None,
        }
    }
}
