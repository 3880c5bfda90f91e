//! Which seats a customer's users have.

use super::CustomerEvent;
use crate::ids::{CustomerUserId, SkuId};

events! {
    /// A seat was given to a user.
    LicenseAssigned = 0x0313 v 1 {
        /// The user.
        clear user_id: CustomerUserId,
        /// The product.
        clear sku_id: SkuId,
    }
    /// A seat was taken from a user.
    LicenseRevoked = 0x0314 v 1 {
        /// The user.
        clear user_id: CustomerUserId,
        /// The product.
        clear sku_id: SkuId,
    }
}

aggregate_events! {
    /// What happens to a seat.
    LicenseEvent in CustomerEvent {
        LicenseAssigned,
        LicenseRevoked,
    }
}
