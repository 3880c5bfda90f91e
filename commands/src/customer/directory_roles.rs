//! The roles customer users have inside their company; its last global admin stays.

use events::{CustomerEvent, DirectoryRole, DirectoryRoleGranted, DirectoryRoleRevoked};

use super::{
    command::{GrantDirectoryRole, RevokeDirectoryRole},
    reach,
    state::CustomerState,
    users,
};
use crate::{context::Context, rejection::Rejection};

pub(super) fn grant(
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

pub(super) fn revoke(
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
