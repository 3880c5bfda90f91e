//! Deleted users: back within the window, gone for good after it.

use events::{
    CustomerEvent, CustomerUserId, CustomerUserPurged, CustomerUserRestored, LicenseFate,
    LicenseOutcome, Process, SkuId, Timestamp,
};

use super::{PurgeCustomerUser, RestoreCustomerUser};
use crate::{
    access::acts_as,
    context::Context,
    customer::{
        reach,
        state::{CustomerState, CustomerUser, CustomerUserStatus},
        users,
    },
    rejection::{NameKind, Rejection},
};

/// The user is back with its roles, and with its licences as far as seats are free.
pub(super) fn restore(
    state: &CustomerState,
    command: &RestoreCustomerUser,
    context: &Context<'_>,
) -> Result<Vec<CustomerEvent>, Rejection> {
    reach::administrator(state, context)?;
    let user_id = command.user_id;
    let deleted = deleted(state, user_id)?;
    let restorable_until = deleted.restorable_until;
    if context.now >= restorable_until {
        return Err(Rejection::RestoreWindowPassed { restorable_until });
    }
    let mut events = Vec::new();
    let mut has_usage_location = deleted.user.has_usage_location;
    if let Some(renamed) = &command.renamed {
        users::in_own_domain(state, &renamed.profile)?;
        if state.user_named(renamed.user_name).is_some() {
            return Err(Rejection::NameTaken { kind: NameKind::UserName });
        }
        has_usage_location = renamed.profile.usage_location.is_some();
        events.push(users::edited(user_id, renamed.user_name, &renamed.profile));
    } else if state.user_named(deleted.user.user_name).is_some() {
        return Err(Rejection::RestoreNameTaken);
    }
    if !has_usage_location && !deleted.licenses.is_empty() {
        return Err(Rejection::UsageLocationMissing { user_id });
    }
    let outcome = |sku_id: &SkuId| LicenseOutcome { sku_id: *sku_id, fate: fate(state, *sku_id) };
    let licenses = deleted.licenses.iter().map(outcome).collect();
    events.push(CustomerUserRestored { user_id, licenses }.into());
    Ok(events)
}

/// Not before the window has passed: until then the user may come back.
pub(super) fn purge(
    state: &CustomerState,
    command: PurgeCustomerUser,
    context: &Context<'_>,
) -> Result<Vec<CustomerEvent>, Rejection> {
    acts_as(&context.actor, Process::Purge)?;
    let restorable_until = deleted(state, command.user_id)?.restorable_until;
    if context.now < restorable_until {
        return Err(Rejection::RestoreWindowOpen { restorable_until });
    }
    Ok(vec![CustomerUserPurged { user_id: command.user_id }.into()])
}

struct Deleted<'a> {
    user: &'a CustomerUser,
    restorable_until: Timestamp,
    licenses: &'a [SkuId],
}

fn deleted(state: &CustomerState, user_id: CustomerUserId) -> Result<Deleted<'_>, Rejection> {
    let user = state.user(user_id).ok_or(Rejection::CustomerUserNotFound { user_id })?;
    match &user.status {
        CustomerUserStatus::Deleted { restorable_until, licenses } => {
            Ok(Deleted { user, restorable_until: *restorable_until, licenses })
        }
        CustomerUserStatus::Active => Err(Rejection::UserIsNotDeleted),
        CustomerUserStatus::Purged => Err(Rejection::CustomerUserNotFound { user_id }),
    }
}

fn fate(state: &CustomerState, sku_id: SkuId) -> LicenseFate {
    if state.pool(sku_id).is_none() {
        LicenseFate::SubscriptionGone
    } else if state.available(sku_id) == 0 {
        LicenseFate::NoSeat
    } else {
        LicenseFate::Restored
    }
}
