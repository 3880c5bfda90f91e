//! Why nothing is sold, or nothing of what was sold changes.

use events::{CartId, OfferId, OrderId, PartnerId, SkuId, SubscriptionId, Timestamp};

use super::Row;

/// Why a command about orders, carts, subscriptions or who stands behind them is refused.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum SaleRejection {
    /// The offer is not sold (any more); what was sold goes on.
    #[error("offer {offer_id} is not sold any more")]
    OfferNotSold {
        /// The offer.
        offer_id: OfferId,
    },
    /// The offer is not billed like this.
    #[error("offer {offer_id} is not billed in this cycle")]
    BillingCycleNotOffered {
        /// The offer.
        offer_id: OfferId,
    },
    /// The customer has no such order of the actor's partner.
    #[error("order {order_id} not found")]
    OrderNotFound {
        /// The order.
        order_id: OrderId,
    },
    /// An order is billed anew as long as everything in it works.
    #[error(
        "the order is billed in another cycle only while subscription {subscription_id} of it is active"
    )]
    OrderNotActive {
        /// The subscription that does not work.
        subscription_id: SubscriptionId,
    },
    /// What is paid once is paid, and what is not, is not.
    #[error("an order that is paid once stays so, and no other becomes one")]
    PaidOnce,
    /// An add-on comes with a subscription it belongs to.
    #[error("add-on {offer_id} needs a subscription it belongs to")]
    AddOnUnrelated {
        /// The add-on.
        offer_id: OfferId,
    },
    /// Only add-ons have parents.
    #[error("offer {offer_id} is no add-on")]
    NotAnAddOn {
        /// The offer.
        offer_id: OfferId,
    },
    /// An add-on works only while what it adds to does.
    #[error("the subscription {parent}, to which it is an add-on, is not active")]
    ParentNotActive {
        /// The subscription to which it is an add-on.
        parent: SubscriptionId,
    },
    /// A cancelled subscription does not change any more.
    #[error("the subscription is cancelled: it does not change any more")]
    SubscriptionIsCancelled,
    /// A trial is converted or ends, and what is paid once has no term that ends.
    #[error("the subscription is not one that is renewed or not: it is a trial, or paid once")]
    NoRenewal,
    /// The catalogue knows no way from the subscription's offer to this one.
    #[error("the subscription cannot be upgraded to offer {offer_id}")]
    NoUpgradePath {
        /// The offer.
        offer_id: OfferId,
    },
    /// The subscription is no trial that the catalogue lets become this.
    #[error("the subscription is no trial that becomes offer {offer_id}")]
    NotConvertible {
        /// The offer.
        offer_id: OfferId,
    },
    /// Add-ons of the subscription do not belong to the offer it would become.
    #[error("{count} add-ons of the subscription do not belong to that offer: cancel them first")]
    AddOnsInTheWay {
        /// How many.
        count: usize,
    },
    /// Seats of the subscription are in use, and the upgrade does not move them.
    #[error("{count} licences of {sku_id} must be removed from users first")]
    SeatsStillAssigned {
        /// The product whose seats they are.
        sku_id: SkuId,
        /// How many.
        count: u32,
    },
    /// The customer has no such cart of the actor's partner.
    #[error("cart {cart_id} not found")]
    CartNotFound {
        /// The cart.
        cart_id: CartId,
    },
    /// The cart was forgotten.
    #[error("the cart could be ordered until {expired_at}")]
    CartIsExpired {
        /// It could be ordered strictly before this moment.
        expired_at: Timestamp,
    },
    /// The cart can still be ordered, so it is not closed.
    #[error("the cart can be ordered until {expires_at}")]
    CartNotExpired {
        /// It can be ordered strictly before this moment.
        expires_at: Timestamp,
    },
    /// The cart was ordered already.
    #[error("the cart was ordered already")]
    CartIsOrdered,
    /// The cart was cancelled.
    #[error("the cart was cancelled")]
    CartIsCancelled,
    /// Somebody changed or reviewed the cart after the buyer saw it.
    #[error("the order was changed since: review it again")]
    CartChanged,
    /// What was reviewed costs something else now.
    #[error("prices have changed since the order was reviewed: review it again")]
    PricesChanged,
    /// The partner cannot be the support contact of the subscription.
    #[error(
        "the partner {contact} cannot be the support contact: it needs an active partnership, and delegated admin privileges for the customer"
    )]
    ContactNotEligible {
        /// The partner.
        contact: PartnerId,
    },
}

impl SaleRejection {
    /// Its line in the table of refusals.
    pub(crate) const fn row(&self) -> Row {
        match self {
            Self::OfferNotSold { .. } => Row::rule("offer_not_sold").about("offer_id"),
            Self::BillingCycleNotOffered { .. } => {
                Row::rule("billing_cycle_not_offered").about("billing_cycle")
            }
            Self::OrderNotFound { .. } => Row::not_found("order_not_found").about("order_id"),
            Self::OrderNotActive { .. } => Row::rule("order_not_active").about("billing_cycle"),
            Self::PaidOnce => Row::rule("paid_once").about("billing_cycle"),
            Self::AddOnUnrelated { .. } => {
                Row::rule("add_on_unrelated").about("parent_subscription")
            }
            Self::NotAnAddOn { .. } => Row::rule("not_an_add_on").about("parent_subscription"),
            Self::ParentNotActive { .. } => {
                Row::conflict("parent_not_active").about("parent_subscription")
            }
            Self::SubscriptionIsCancelled => {
                Row::rule("subscription_is_cancelled").about("subscription_id")
            }
            Self::NoRenewal => Row::rule("no_renewal").about("auto_renew_enabled"),
            Self::NoUpgradePath { .. } => Row::rule("no_upgrade_path").about("offer_id"),
            Self::NotConvertible { .. } => Row::rule("not_convertible").about("offer_id"),
            Self::AddOnsInTheWay { .. } => Row::rule("add_ons_in_the_way").about("offer_id"),
            Self::SeatsStillAssigned { .. } => Row::rule("seats_still_assigned").about("sku_id"),
            Self::CartNotFound { .. } => Row::not_found("cart_not_found").about("cart_id"),
            Self::CartIsExpired { .. } => Row::rule("cart_is_expired").about("cart_id"),
            Self::CartNotExpired { .. } => Row::rule("cart_not_expired").about("cart_id"),
            Self::CartIsOrdered => Row::rule("cart_is_ordered").about("cart_id"),
            Self::CartIsCancelled => Row::rule("cart_is_cancelled").about("cart_id"),
            Self::CartChanged => Row::rule("cart_changed").about("cart_id"),
            Self::PricesChanged => Row::rule("prices_changed").about("lines"),
            Self::ContactNotEligible { .. } => Row::rule("contact_not_eligible").about("contact"),
        }
    }
}
