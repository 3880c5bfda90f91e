//! Who sells to a customer, through which resellers, and what the customer allows them.

use super::CustomerEvent;
use crate::ids::PartnerId;

events! {
    /// A partner may sell to the customer from now on.
    RelationshipEstablished = 0x0303 v 1 {
        /// The partner.
        clear partner_id: PartnerId,
        /// Whether it may administer on the customer's behalf.
        clear delegated_admin: bool,
    }
    /// The relationship with a partner is over; history stays.
    RelationshipEnded = 0x0304 v 1 {
        /// The partner.
        clear partner_id: PartnerId,
    }
    /// An indirect reseller sees and administers the customer from now on.
    ResellerAssociated = 0x0305 v 1 {
        /// The provider through which it does.
        clear provider: PartnerId,
        /// The reseller.
        clear reseller: PartnerId,
    }
    /// An indirect reseller has nothing to do with the customer any more.
    ResellerRemoved = 0x0306 v 1 {
        /// The provider through which it had.
        clear provider: PartnerId,
        /// The reseller.
        clear reseller: PartnerId,
    }
    /// A partner may administer on the customer's behalf from now on.
    DelegatedAdminGranted = 0x0346 v 1 {
        /// The partner.
        clear partner_id: PartnerId,
    }
    /// The customer ended a partner's privilege to administer on its behalf.
    DelegatedAdminEnded = 0x0347 v 1 {
        /// The partner.
        clear partner_id: PartnerId,
    }
    /// The customer may buy for itself from a partner.
    OwnPurchasesPermitted = 0x0348 v 1 {
        /// The partner that sells.
        clear partner_id: PartnerId,
    }
    /// The customer may not buy for itself from a partner any more.
    OwnPurchasesForbidden = 0x0349 v 1 {
        /// The partner that sold.
        clear partner_id: PartnerId,
    }
}

aggregate_events! {
    /// What happens to the bond between a customer and a partner.
    RelationshipEvent in CustomerEvent {
        RelationshipEstablished,
        RelationshipEnded,
        ResellerAssociated,
        ResellerRemoved,
        DelegatedAdminGranted,
        DelegatedAdminEnded,
        OwnPurchasesPermitted,
        OwnPurchasesForbidden,
    }
}
