//! Roles: at most one of a category, granted by somebody else, and the last global admin stays.

use std::collections::BTreeMap;

use events::{
    PartnerEvent, PartnerUserId, Role, RoleAssigned, RoleCategory, RoleReplaced, RoleRevoked,
};

use super::{
    authority::Authority,
    command::{AssignRole, RevokeRole},
    state::{PartnerState, PartnerUser},
};
use crate::rejection::Rejection;

pub(super) fn assign(
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

pub(super) fn revoke(
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
