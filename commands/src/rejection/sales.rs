//! Why nothing is sold, or nothing of what was sold changes.

use events::{CartId, OfferId, OrderId, PartnerId, SkuId, SubscriptionId, Timestamp};

use super::RejectionKind;

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
    /// The stable name of the refusal.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::OfferNotSold { .. } => "offer_not_sold",
            Self::BillingCycleNotOffered { .. } => "billing_cycle_not_offered",
            Self::OrderNotFound { .. } => "order_not_found",
            Self::OrderNotActive { .. } => "order_not_active",
            Self::PaidOnce => "paid_once",
            Self::AddOnUnrelated { .. } => "add_on_unrelated",
            Self::NotAnAddOn { .. } => "not_an_add_on",
            Self::ParentNotActive { .. } => "parent_not_active",
            Self::SubscriptionIsCancelled => "subscription_is_cancelled",
            Self::NoRenewal => "no_renewal",
            Self::NoUpgradePath { .. } => "no_upgrade_path",
            Self::NotConvertible { .. } => "not_convertible",
            Self::AddOnsInTheWay { .. } => "add_ons_in_the_way",
            Self::SeatsStillAssigned { .. } => "seats_still_assigned",
            Self::CartNotFound { .. } => "cart_not_found",
            Self::CartIsExpired { .. } => "cart_is_expired",
            Self::CartNotExpired { .. } => "cart_not_expired",
            Self::CartIsOrdered => "cart_is_ordered",
            Self::CartIsCancelled => "cart_is_cancelled",
            Self::PricesChanged => "prices_changed",
            Self::ContactNotEligible { .. } => "contact_not_eligible",
        }
    }

    /// The field of the command that is to blame.
    #[must_use]
    pub const fn field(&self) -> &'static str {
        match self {
            Self::OfferNotSold { .. }
            | Self::NoUpgradePath { .. }
            | Self::NotConvertible { .. }
            | Self::AddOnsInTheWay { .. } => "offer_id",
            Self::BillingCycleNotOffered { .. } | Self::OrderNotActive { .. } | Self::PaidOnce => {
                "billing_cycle"
            }
            Self::OrderNotFound { .. } => "order_id",
            Self::AddOnUnrelated { .. }
            | Self::NotAnAddOn { .. }
            | Self::ParentNotActive { .. } => "parent_subscription",
            Self::SubscriptionIsCancelled => "subscription_id",
            Self::NoRenewal => "auto_renew_enabled",
            Self::SeatsStillAssigned { .. } => "sku_id",
            Self::CartNotFound { .. }
            | Self::CartIsExpired { .. }
            | Self::CartNotExpired { .. }
            | Self::CartIsOrdered
            | Self::CartIsCancelled => "cart_id",
            Self::PricesChanged => "lines",
            Self::ContactNotEligible { .. } => "contact",
        }
    }

    /// The sort of refusal.
    #[must_use]
    pub const fn kind(&self) -> RejectionKind {
        match self {
            Self::OfferNotSold { .. }
            | Self::BillingCycleNotOffered { .. }
            | Self::OrderNotActive { .. }
            | Self::PaidOnce
            | Self::AddOnUnrelated { .. }
            | Self::NotAnAddOn { .. }
            | Self::SubscriptionIsCancelled
            | Self::NoRenewal
            | Self::NoUpgradePath { .. }
            | Self::NotConvertible { .. }
            | Self::AddOnsInTheWay { .. }
            | Self::SeatsStillAssigned { .. }
            | Self::CartIsExpired { .. }
            | Self::CartNotExpired { .. }
            | Self::CartIsOrdered
            | Self::CartIsCancelled
            | Self::PricesChanged
            | Self::ContactNotEligible { .. } => RejectionKind::Rule,
            Self::ParentNotActive { .. } => RejectionKind::Conflict,
            Self::OrderNotFound { .. } | Self::CartNotFound { .. } => RejectionKind::NotFound,
        }
    }
}
