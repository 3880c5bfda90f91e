//! What was agreed when an offer was sold, and what becomes of it afterwards.

use serde::{Deserialize, Serialize};

use super::{BillingCycle, CustomerEvent};
use crate::{
    ids::{CustomerUserId, OfferId, OrderId, PartnerId, SkuId, SubscriptionId},
    personal::Clear,
    time::Timestamp,
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
    /// An order line became a subscription.
    SubscriptionCreated = 0x0308 v 2 from { 1 => SubscriptionCreatedV1 } {
        /// The subscription.
        clear subscription_id: SubscriptionId,
        /// The order it came from.
        clear order_id: OrderId,
        /// The partner that sold it.
        clear partner_id: PartnerId,
        /// What was bought.
        clear offer_id: OfferId,
        /// The product whose seats it holds.
        clear sku_id: SkuId,
        /// How many licences.
        clear quantity: Quantity,
        /// How it is billed.
        clear billing_cycle: BillingCycle,
        /// What the buyer calls it.
        clear friendly_name: FriendlyName,
        /// The MPN id of the indirect reseller on record.
        clear partner_on_record: Option<MpnId>,
        /// The subscription to which it is an add-on.
        clear parent_subscription: Option<SubscriptionId>,
        /// What was agreed; not recorded of what was sold before it was.
        clear terms: Option<SaleTerms>,
    }
    /// A subscription got another name.
    SubscriptionRenamed = 0x0309 v 1 {
        /// The subscription.
        clear subscription_id: SubscriptionId,
        /// Its name from now on.
        clear friendly_name: FriendlyName,
    }
    /// Licences were bought or given back.
    SubscriptionQuantityChanged = 0x030a v 1 {
        /// The subscription.
        clear subscription_id: SubscriptionId,
        /// How many licences until now.
        clear old: Quantity,
        /// How many from now on.
        clear new: Quantity,
    }
    /// A subscription was suspended: assignments stay, no seat is available.
    SubscriptionSuspended = 0x030b v 1 {
        /// The subscription.
        clear subscription_id: SubscriptionId,
    }
    /// A suspended subscription works again.
    SubscriptionReactivated = 0x030c v 1 {
        /// The subscription.
        clear subscription_id: SubscriptionId,
    }
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
    /// A trial became a subscription that is paid for, with all its licences and whoever has them.
    TrialConverted = 0x03d2 v 1 {
        /// The subscription.
        clear subscription_id: SubscriptionId,
        /// The offer until now.
        clear old_offer_id: OfferId,
        /// The offer from now on.
        clear new_offer_id: OfferId,
        /// The product whose seats it holds, before and after.
        clear sku_id: SkuId,
        /// What was agreed.
        clear terms: SaleTerms,
    }
    /// A subscription is not renewed any more: it is over at the end of its term.
    SubscriptionRenewalStopped = 0x03e0 v 1 {
        /// The subscription.
        clear subscription_id: SubscriptionId,
        /// When its term ends.
        clear ends_at: Timestamp,
    }

    /// A subscription is renewed at the end of each term again.
    SubscriptionRenewalResumed = 0x03e1 v 1 {
        /// The subscription.
        clear subscription_id: SubscriptionId,
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

aggregate_events! {
    /// What happens to a subscription.
    SubscriptionEvent in CustomerEvent {
        SubscriptionCreated,
        SubscriptionRenamed,
        SubscriptionQuantityChanged,
        SubscriptionSuspended,
        SubscriptionReactivated,
        SubscriptionUpgraded,
        TrialConverted,
        SubscriptionRenewalStopped,
        SubscriptionRenewalResumed,
        SubscriptionCancelled,
        ResellerOfRecordChanged,
    }
}

/// As subscriptions were stored before add-ons, and before what was agreed stood in the event.
#[derive(Serialize, Deserialize)]
struct SubscriptionCreatedV1 {
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
