//! The roles customer users have inside their company; its last global admin stays.

use events::{
    Actor, CustomerEvent, CustomerUserId, DirectoryRole, DirectoryRoleGranted, DirectoryRoleRevoked,
};

use super::{CustomerCommand, reach, state::CustomerState, users};
use crate::{
    command::{Requires, command_enum},
    context::Context,
    permissions::Permission,
    rejection::Rejection,
};

/// Give a user a role inside its company.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct GrantDirectoryRole {
    /// The user.
    pub user_id: CustomerUserId,
    /// The role.
    pub role: DirectoryRole,
}

/// Take a role inside its company from a user.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct RevokeDirectoryRole {
    /// The user.
    pub user_id: CustomerUserId,
    /// The role.
    pub role: DirectoryRole,
}

command_enum! {
    /// What can be asked about the roles of users inside their company.
    DirectoryRoleCommand in CustomerCommand {
        /// Give a user a role.
        Grant(GrantDirectoryRole),
        /// Take a role from a user.
        Revoke(RevokeDirectoryRole),
    }
}

impl Requires for DirectoryRoleCommand {
    fn permission(&self, _actor: &Actor) -> Option<Permission> {
        match self {
            Self::Grant(_) | Self::Revoke(_) => Some(Permission::DirectoryRolesManage),
        }
    }
}

pub(super) fn decide(
    state: &CustomerState,
    command: &DirectoryRoleCommand,
    context: &Context<'_>,
) -> Result<Vec<CustomerEvent>, Rejection> {
    match command {
        DirectoryRoleCommand::Grant(command) => grant(state, *command, context),
        DirectoryRoleCommand::Revoke(command) => revoke(state, *command, context),
    }
}

fn grant(
    state: &CustomerState,
    command: GrantDirectoryRole,
    context: &Context<'_>,
) -> Result<Vec<CustomerEvent>, Rejection> {
    reach::administrator(state, context)?;
    let GrantDirectoryRole { user_id, role } = command;
    if users::active(state, user_id)?.directory_roles.contains(&role) {
        return Ok(Vec::new());
    }
    Ok(vec![DirectoryRoleGranted { user_id, role }.into()])
}

fn revoke(
    state: &CustomerState,
    command: RevokeDirectoryRole,
    context: &Context<'_>,
) -> Result<Vec<CustomerEvent>, Rejection> {
    reach::administrator(state, context)?;
    let RevokeDirectoryRole { user_id, role } = command;
    if !users::active(state, user_id)?.directory_roles.contains(&role) {
        return Err(Rejection::DirectoryRoleNotHeld { role });
    }
    if role == DirectoryRole::GlobalAdmin && state.holders_of(role).count() == 1 {
        return Err(Rejection::LastCustomerGlobalAdmin);
    }
    Ok(vec![DirectoryRoleRevoked { user_id, role }.into()])
}
