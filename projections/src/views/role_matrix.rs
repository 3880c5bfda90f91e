//! Who of a partner holds which role: users against roles, one moment at a time.

use events::{PartnerId, PartnerUserId, Role};

use crate::views::{
    held_roles::HeldRoles,
    partner_users::{PartnerUserRow, PartnerUsers},
};

/// The users of a partner whose accounts work, each with the roles held.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RoleMatrix<'a> {
    /// One row a user, in the order of creation.
    pub rows: Vec<RoleMatrixRow<'a>>,
}

/// One user of the matrix.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct RoleMatrixRow<'a> {
    /// The user.
    pub user: &'a PartnerUserRow,
    /// The roles held; may be none.
    pub roles: &'a HeldRoles,
}

impl<'a> RoleMatrix<'a> {
    /// The matrix of a partner.
    #[must_use]
    pub fn of(users: &'a PartnerUsers, partner: PartnerId) -> Self {
        let rows =
            users.active(partner).map(|user| RoleMatrixRow { user, roles: &user.roles }).collect();
        Self { rows }
    }

    /// How many users hold this role.
    #[must_use]
    pub fn holders(&self, role: Role) -> usize {
        self.rows.iter().filter(|row| row.roles.has(role)).count()
    }

    /// The row of a user.
    #[must_use]
    pub fn row(&self, user: PartnerUserId) -> Option<&RoleMatrixRow<'a>> {
        self.rows.iter().find(|row| row.user.id == user)
    }
}
