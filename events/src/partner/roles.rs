//! The roles that the users of a partner hold.

use super::PartnerEvent;
use crate::{
    ids::PartnerUserId,
    values::{Role, RoleCategory},
};

events! {
    /// A user got a role in a category in which it held none.
    RoleAssigned = 0x0108 v 1 {
        /// The user.
        clear user_id: PartnerUserId,
        /// The role.
        clear role: Role,
    }
    /// A user's role of a category gave way to another of the same category.
    RoleReplaced = 0x0109 v 1 {
        /// The user.
        clear user_id: PartnerUserId,
        /// The category.
        clear category: RoleCategory,
        /// The role until now.
        clear old: Role,
        /// The role from now on.
        clear new: Role,
    }
    /// A user lost a role.
    RoleRevoked = 0x010a v 1 {
        /// The user.
        clear user_id: PartnerUserId,
        /// The role.
        clear role: Role,
    }
}

aggregate_events! {
    /// What happens to the roles of a user of a partner.
    RoleEvent in PartnerEvent {
        RoleAssigned,
        RoleReplaced,
        RoleRevoked,
    }
}
