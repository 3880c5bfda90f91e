//! The roles one user holds, packed.

use std::fmt;

use events::{DirectoryRole, Role, RoleCategory};

/// The roles of a partner user: at most one of each category.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
pub struct HeldRoles([Option<Role>; RoleCategory::ALL.len()]);

impl HeldRoles {
    /// The role held in a category.
    #[must_use]
    pub const fn in_category(&self, category: RoleCategory) -> Option<Role> {
        self.0[category as usize]
    }

    /// True when the user holds this role.
    #[must_use]
    pub fn has(&self, role: Role) -> bool {
        self.in_category(role.category()) == Some(role)
    }

    /// True when the user has at least the default level.
    #[must_use]
    pub fn has_default_access(&self) -> bool {
        self.has(Role::DefaultAccess)
    }

    /// True when the user holds nothing, not even the default level.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.iter().next().is_none()
    }

    /// The roles held, in the order of their categories.
    pub fn iter(&self) -> impl Iterator<Item = Role> + '_ {
        self.0.iter().flatten().copied()
    }

    /// Puts a role into its category; returns what was there.
    pub(crate) const fn put(&mut self, role: Role) -> Option<Role> {
        self.0[role.category() as usize].replace(role)
    }

    /// Empties a category; returns what was there.
    pub(crate) const fn take(&mut self, category: RoleCategory) -> Option<Role> {
        self.0[category as usize].take()
    }
}

impl FromIterator<Role> for HeldRoles {
    fn from_iter<I: IntoIterator<Item = Role>>(roles: I) -> Self {
        let mut held = Self::default();
        for role in roles {
            held.put(role);
        }
        held
    }
}

impl fmt::Debug for HeldRoles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

/// The roles of a customer user inside its company: any number of them.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
pub struct HeldDirectoryRoles(u8);

impl HeldDirectoryRoles {
    /// True when the user holds this role.
    #[must_use]
    pub const fn has(self, role: DirectoryRole) -> bool {
        self.0 & Self::bit(role) != 0
    }

    /// True when the user holds none.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The roles held, in the order of the table.
    pub fn iter(self) -> impl Iterator<Item = DirectoryRole> {
        DirectoryRole::ALL.into_iter().filter(move |role| self.has(*role))
    }

    /// Adds a role; false when it was held already.
    pub(crate) const fn grant(&mut self, role: DirectoryRole) -> bool {
        let new = !self.has(role);
        self.0 |= Self::bit(role);
        new
    }

    /// Takes a role away; false when it was not held.
    pub(crate) const fn revoke(&mut self, role: DirectoryRole) -> bool {
        let held = self.has(role);
        self.0 &= !Self::bit(role);
        held
    }

    const fn bit(role: DirectoryRole) -> u8 {
        1 << role as u8
    }
}

impl fmt::Debug for HeldDirectoryRoles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_role_has_its_place_and_the_second_of_a_category_takes_it_over() {
        for role in Role::ALL {
            let held: HeldRoles = [role].into_iter().collect();
            assert_eq!(held.iter().collect::<Vec<_>>(), [role]);
        }
        let mut held: HeldRoles = [Role::AdminAgent].into_iter().collect();
        assert_eq!(held.put(Role::SalesAgent), Some(Role::AdminAgent));
        assert!(held.has(Role::SalesAgent) && !held.has(Role::AdminAgent));
        assert!(!held.has_default_access());
    }

    #[test]
    fn directory_roles_are_held_side_by_side() {
        let mut held = HeldDirectoryRoles::default();
        for role in DirectoryRole::ALL {
            assert!(held.grant(role));
            assert!(!held.grant(role));
        }
        assert_eq!(held.iter().collect::<Vec<_>>(), DirectoryRole::ALL);
        assert!(held.revoke(DirectoryRole::BillingAdmin));
        assert!(!held.has(DirectoryRole::BillingAdmin));
        assert!(held.has(DirectoryRole::GlobalAdmin));
    }
}
