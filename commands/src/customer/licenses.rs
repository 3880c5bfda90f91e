//! Licences: seats of products, assigned to users, never more than there are.

use std::collections::BTreeSet;

use events::{Actor, CustomerEvent, CustomerUserId, LicenseAssigned, LicenseRevoked, SkuId};

use super::{
    CustomerCommand, reach,
    state::{CustomerState, CustomerUser},
    users,
};
use crate::{
    command::{Requires, command_enum},
    context::Context,
    permissions::Permission,
    rejection::Rejection,
};

/// Assign licences to users and remove licences from them, all or nothing.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct UpdateLicenses {
    /// The users, at most [`BULK_USERS_MAX`](crate::BULK_USERS_MAX).
    pub user_ids: Vec<CustomerUserId>,
    /// The products each of them gets a seat of.
    pub assign: Vec<SkuId>,
    /// The products each of them loses the seat of.
    pub remove: Vec<SkuId>,
}

command_enum! {
    /// What can be asked about licences.
    LicenseCommand in CustomerCommand {
        /// Assign and remove licences.
        Update(UpdateLicenses),
    }
}

impl Requires for LicenseCommand {
    fn permission(&self, _actor: &Actor) -> Option<Permission> {
        match self {
            Self::Update(_) => Some(Permission::LicensesManage),
        }
    }
}

pub(super) fn decide(
    state: &CustomerState,
    command: &LicenseCommand,
    context: &Context<'_>,
) -> Result<Vec<CustomerEvent>, Rejection> {
    match command {
        LicenseCommand::Update(command) => update(state, command, context),
    }
}

/// What a user has already is not assigned, and what it has not is not removed: neither is an event.
fn update(
    state: &CustomerState,
    command: &UpdateLicenses,
    context: &Context<'_>,
) -> Result<Vec<CustomerEvent>, Rejection> {
    reach::administrator(state, context)?;
    let assign: BTreeSet<SkuId> = command.assign.iter().copied().collect();
    let remove: BTreeSet<SkuId> = command.remove.iter().copied().collect();
    if let Some(sku_id) = assign.intersection(&remove).next().copied() {
        return Err(Rejection::LicenseAssignedAndRemoved { sku_id });
    }
    let users = users::named(state, &command.user_ids)?;
    let mut events = Vec::new();
    for (user_id, user) in &users {
        events.extend(remove.intersection(&user.licenses).map(|sku_id| -> CustomerEvent {
            LicenseRevoked { user_id: *user_id, sku_id: *sku_id }.into()
        }));
    }
    for sku_id in assign {
        events.append(&mut assigned(state, sku_id, &users)?);
    }
    Ok(events)
}

fn assigned(
    state: &CustomerState,
    sku_id: SkuId,
    users: &[(CustomerUserId, &CustomerUser)],
) -> Result<Vec<CustomerEvent>, Rejection> {
    let mut events = Vec::new();
    for (user_id, user) in users.iter().filter(|(_, user)| !user.licenses.contains(&sku_id)) {
        if !user.has_usage_location {
            return Err(Rejection::UsageLocationMissing { user_id: *user_id });
        }
        events.push(LicenseAssigned { user_id: *user_id, sku_id }.into());
    }
    seats_are_free(state, sku_id, events.len())?;
    Ok(events)
}

/// Refuses when not this many seats of the product can be assigned, naming how many are missing.
pub(super) fn seats_are_free(
    state: &CustomerState,
    sku_id: SkuId,
    wanted: usize,
) -> Result<(), Rejection> {
    if wanted == 0 {
        return Ok(());
    }
    if state.pool(sku_id).is_none() {
        return Err(Rejection::NoActiveSubscription { sku_id });
    }
    let wanted = u32::try_from(wanted).unwrap_or(u32::MAX);
    match wanted.saturating_sub(state.available(sku_id)) {
        0 => Ok(()),
        missing => Err(Rejection::SeatsMissing { sku_id, missing }),
    }
}
