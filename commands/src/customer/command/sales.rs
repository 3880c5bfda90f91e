//! What can be asked about carts, subscriptions and who stands behind them.

use events::{
    BillingCycle, CartId, CartLine, FriendlyName, MpnId, OfferId, OrderId, OrderLine, PartnerId,
    Quantity, SubscriptionId, Timestamp,
};

use super::super::state::SubscriptionStatus;

/// Draft an order.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OpenCart {
    /// The new cart.
    pub cart_id: CartId,
    /// The partner that is going to sell.
    pub partner_id: PartnerId,
    /// What is to be bought; the numbers run from 0, in any order.
    pub lines: Vec<CartLine>,
}

/// Change a draft.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ChangeCart {
    /// The cart.
    pub cart_id: CartId,
    /// What is to be bought from now on.
    pub lines: Vec<CartLine>,
}

/// Find a draft good as it stands, at the prices of now.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ReviewCart {
    /// The cart.
    pub cart_id: CartId,
}

/// Order what is in a cart.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct CheckOutCart {
    /// The cart.
    pub cart_id: CartId,
    /// A new order for each of [`BillingCycle::ALL`](events::BillingCycle::ALL), as far as the cart
    /// has lines of it.
    pub order_ids: [OrderId; 3],
}

/// Give a draft up.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct CancelCart {
    /// The cart.
    pub cart_id: CartId,
}

/// Close a draft that was forgotten.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ExpireCart {
    /// The cart.
    pub cart_id: CartId,
}

/// Buy offers: each line becomes a subscription.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SubmitOrder {
    /// The new order.
    pub order_id: OrderId,
    /// The partner that sells.
    pub partner_id: PartnerId,
    /// How it is billed.
    pub billing_cycle: BillingCycle,
    /// What is bought; the numbers run from 0, in any order.
    pub lines: Vec<OrderLine>,
}

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

/// Change a subscription; what is `None` stays.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ChangeSubscription {
    /// The subscription.
    pub subscription_id: SubscriptionId,
    /// How many licences from now on.
    pub quantity: Option<Quantity>,
    /// Whether it works from now on.
    pub status: Option<SubscriptionStatus>,
    /// Its name from now on.
    pub friendly_name: Option<FriendlyName>,
}

/// Have a subscription renewed at the end of each term, or let it end with the one that runs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ChangeRenewal {
    /// The subscription.
    pub subscription_id: SubscriptionId,
    /// Whether it is renewed.
    pub renews: bool,
    /// When the first of its terms began: the log knows it.
    pub terms_since: Timestamp,
}

/// End a subscription that is not renewed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct EndSubscription {
    /// The subscription.
    pub subscription_id: SubscriptionId,
}

/// Make a subscription one to another offer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct UpgradeSubscription {
    /// The subscription.
    pub subscription_id: SubscriptionId,
    /// The offer, to which a path of the catalogue leads.
    pub offer_id: OfferId,
}

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

/// Put another indirect reseller, or none, on record for a subscription.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ChangeResellerOfRecord {
    /// The subscription.
    pub subscription_id: SubscriptionId,
    /// The reseller's MPN id from now on.
    pub mpn_id: Option<MpnId>,
}

/// Designate the support contact of a subscription.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ChangeSupportContact {
    /// The subscription.
    pub subscription_id: SubscriptionId,
    /// The contact from now on: the seller, or a reseller of it.
    pub contact: PartnerId,
}

/// Put the support contacts back that a reseller was, whose partnership with the seller has ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct FallBackSupportContacts {
    /// The seller.
    pub provider: PartnerId,
    /// The reseller.
    pub reseller: PartnerId,
}
