//! Roles: at most one of a category, granted by somebody else, and the last global admin stays.

use std::collections::BTreeMap;

use events::{
    Actor, PartnerEvent, PartnerUserId, Role, RoleAssigned, RoleCategory, RoleReplaced, RoleRevoked,
};

use super::{
    PartnerCommand,
    authority::{self, Authority},
    state::{PartnerState, PartnerUser},
};
use crate::{
    command::{Requires, command_enum},
    context::Context,
    permissions::Permission,
    rejection::Rejection,
};

/// Give a user a role; another role of the category gives way.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct AssignRole {
    /// The user.
    pub user_id: PartnerUserId,
    /// The role.
    pub role: Role,
}

/// Take a role from a user.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct RevokeRole {
    /// The user.
    pub user_id: PartnerUserId,
    /// The role.
    pub role: Role,
}

command_enum! {
    /// What can be asked about the roles of users.
    RoleCommand in PartnerCommand {
        /// Give a user a role.
        Assign(AssignRole),
        /// Take a role from a user.
        Revoke(RevokeRole),
    }
}

impl Requires for RoleCommand {
    fn permission(&self, _actor: &Actor) -> Option<Permission> {
        match self {
            Self::Assign(_) | Self::Revoke(_) => Some(Permission::RolesAssign),
        }
    }
}

pub(super) fn decide(
    state: &PartnerState,
    command: &RoleCommand,
    context: &Context<'_>,
) -> Result<Vec<PartnerEvent>, Rejection> {
    let by = authority::of(state, &context.actor, command.permission(&context.actor))?;
    match command {
        RoleCommand::Assign(command) => assign(state, *command, by),
        RoleCommand::Revoke(command) => revoke(state, *command, by),
    }
}

fn assign(
    state: &PartnerState,
    command: AssignRole,
    by: Authority,
) -> Result<Vec<PartnerEvent>, Rejection> {
    let AssignRole { user_id, role } = command;
    let user = state.changeable_user(user_id)?;
    if by.is_of(user_id) {
        return Err(Rejection::SelfGrant { role });
    }
    by.may_change(role)?;
    match user.role_in(role.category()) {
        Some(held) if held == role => Ok(Vec::new()),
        Some(old) => {
            keeps_a_global_admin(state, user, old)?;
            let category = role.category();
            Ok(vec![RoleReplaced { user_id, category, old, new: role }.into()])
        }
        None => Ok(vec![RoleAssigned { user_id, role }.into()]),
    }
}

fn revoke(
    state: &PartnerState,
    command: RevokeRole,
    by: Authority,
) -> Result<Vec<PartnerEvent>, Rejection> {
    let RevokeRole { user_id, role } = command;
    let user = state.changeable_user(user_id)?;
    by.may_change(role)?;
    if !user.holds(role) {
        return Err(Rejection::RoleNotHeld { role });
    }
    if role == Role::DefaultAccess {
        return Err(Rejection::DefaultLevelStays);
    }
    keeps_a_global_admin(state, user, role)?;
    Ok(vec![RoleRevoked { user_id, role }.into()])
}

/// Refuses when the partner had no global admin left once this user lost this role.
pub(super) fn keeps_a_global_admin(
    state: &PartnerState,
    user: &PartnerUser,
    lost: Role,
) -> Result<(), Rejection> {
    let loses_one = lost == Role::GlobalAdmin && user.is_global_admin();
    if loses_one && state.global_admins() <= 1 { Err(Rejection::LastGlobalAdmin) } else { Ok(()) }
}

/// The roles a new user starts with: the default level unless withheld, and those asked for.
pub(super) fn initial(
    user_id: PartnerUserId,
    roles: &[Role],
    withhold_default_access: bool,
    by: Authority,
) -> Result<Vec<PartnerEvent>, Rejection> {
    let mut chosen = BTreeMap::<RoleCategory, Role>::new();
    if !withhold_default_access {
        chosen.insert(RoleCategory::Default, Role::DefaultAccess);
    }
    for role in roles.iter().copied() {
        by.may_change(role)?;
        let category = role.category();
        if chosen.insert(category, role).is_some_and(|other| other != role) {
            return Err(Rejection::TwoRolesOfCategory { category });
        }
    }
    Ok(chosen.into_values().map(|role| RoleAssigned { user_id, role }.into()).collect())
}
