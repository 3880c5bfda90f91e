//! Whom a customer turns to about a subscription: the seller, or a reseller it designated.

use serde::{Deserialize, Serialize};

use super::CustomerEvent;
use crate::{
    ids::{PartnerId, SubscriptionId},
    personal::Clear,
};

/// Why a designated support contact is none any more. Stored by order: new causes go to the end.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FallbackCause {
    /// Seller and reseller are no partners any more.
    PartnershipEnded,
    /// The reseller has nothing to do with the customer any more.
    ResellerRemoved,
    /// The seller may not administer on the customer's behalf any more.
    PrivilegesEnded,
    /// The seller's relationship with the customer is over.
    RelationshipEnded,
}

impl Clear for FallbackCause {}

events! {
    /// Somebody else was designated as the support contact of a subscription.
    SupportContactChanged = 0x0329 v 1 {
        /// The subscription.
        clear subscription_id: SubscriptionId,
        /// The partner that sold it.
        clear seller: PartnerId,
        /// The contact until now.
        clear old: PartnerId,
        /// The contact from now on.
        clear new: PartnerId,
    }
    /// The support contact of a subscription is its seller again, because the designated one may
    /// not be it any more.
    SupportContactFellBack = 0x032a v 1 {
        /// The subscription.
        clear subscription_id: SubscriptionId,
        /// The contact until now.
        clear old: PartnerId,
        /// The seller.
        clear new: PartnerId,
        /// Why.
        clear cause: FallbackCause,
    }
}

aggregate_events! {
    /// What happens to the support contact of a subscription.
    SupportContactEvent in CustomerEvent {
        SupportContactChanged,
        SupportContactFellBack,
    }
}
