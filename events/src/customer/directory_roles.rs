//! Which roles a customer's users have inside their company.

use super::CustomerEvent;
use crate::{ids::CustomerUserId, values::DirectoryRole};

events! {
    /// A user got a role inside its company.
    DirectoryRoleGranted = 0x0315 v 1 {
        /// The user.
        clear user_id: CustomerUserId,
        /// The role.
        clear role: DirectoryRole,
    }
    /// A user lost a role inside its company.
    DirectoryRoleRevoked = 0x0316 v 1 {
        /// The user.
        clear user_id: CustomerUserId,
        /// The role.
        clear role: DirectoryRole,
    }
}

aggregate_events! {
    /// What happens to the roles of a customer's users.
    DirectoryRoleEvent in CustomerEvent {
        DirectoryRoleGranted,
        DirectoryRoleRevoked,
    }
}
