//! Orders in the making: a cart is drafted, reviewed, and then ordered, cancelled or forgotten.

use serde::{Deserialize, Serialize};

use super::{BillingCycle, CustomerEvent};
use crate::{
    ids::{CartId, OfferId, OrderId, PartnerId, SubscriptionId},
    personal::Clear,
    time::Timestamp,
    values::{FriendlyName, Money, MpnId, Quantity},
};

/// One line of a cart.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all(serialize = "camelCase"))]
pub struct CartLine {
    /// Its number, from 0.
    pub line_number: u32,
    /// What is to be bought.
    pub offer_id: OfferId,
    /// The subscription it becomes when it is ordered.
    pub subscription_id: SubscriptionId,
    /// How many licences.
    pub quantity: Quantity,
    /// How it is to be billed.
    pub billing_cycle: BillingCycle,
    /// What the buyer calls it.
    pub friendly_name: Option<FriendlyName>,
    /// The MPN id of the indirect reseller on record.
    pub partner_on_record: Option<MpnId>,
    /// The subscription to which it is an add-on: one that is there, or one of the same cart.
    pub parent_subscription: Option<SubscriptionId>,
}

impl Clear for CartLine {}

events! {
    /// An order was drafted.
    CartOpened = 0x0320 v 1 {
        /// The cart.
        clear cart_id: CartId,
        /// The partner that is going to sell.
        clear partner_id: PartnerId,
        /// What is to be bought.
        clear lines: Vec<CartLine>,
        /// It can be ordered strictly before this moment.
        clear expires_at: Timestamp,
    }
    /// A draft was changed; what was reviewed is to be reviewed again.
    CartChanged = 0x0321 v 1 {
        /// The cart.
        clear cart_id: CartId,
        /// What is to be bought from now on.
        clear lines: Vec<CartLine>,
        /// It can be ordered strictly before this moment.
        clear expires_at: Timestamp,
    }
    /// A draft was found good as it stands, at these prices.
    CartReviewed = 0x0322 v 1 {
        /// The cart.
        clear cart_id: CartId,
        /// The price of one licence for one billing cycle, line by line.
        clear unit_prices: Vec<Money>,
    }
    /// A cart became orders, one for each billing cycle in it.
    CartCheckedOut = 0x0323 v 1 {
        /// The cart.
        clear cart_id: CartId,
        /// The orders.
        clear order_ids: Vec<OrderId>,
    }
    /// A draft was given up; nothing was sold.
    CartCancelled = 0x0324 v 1 {
        /// The cart.
        clear cart_id: CartId,
    }
    /// A draft was forgotten; nothing was sold.
    CartExpired = 0x0325 v 1 {
        /// The cart.
        clear cart_id: CartId,
    }
}

aggregate_events! {
    /// What happens to a cart.
    CartEvent in CustomerEvent {
        CartOpened,
        CartChanged,
        CartReviewed,
        CartCheckedOut,
        CartCancelled,
        CartExpired,
    }
}
