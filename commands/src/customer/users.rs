//! The users of a customer: created one or many, edited, deleted one or many.

mod command;
mod restore;

use std::collections::{BTreeMap, BTreeSet};

use events::{
    CredentialId, CustomerEvent, CustomerUserCreated, CustomerUserDeleted, CustomerUserEdited,
    CustomerUserId, CustomerUserPasswordReset, CustomerUserProfile, DirectoryRole,
    DirectoryRoleGranted, DomainName, LicenseAssigned, NameHash, Personal, SkuId,
};

pub use self::command::{
    CreateCustomerUsers, CustomerUserCommand, DeleteCustomerUsers, EditCustomerUser,
    NewCustomerUser, PurgeCustomerUser, RenamedCustomerUser, ResetCustomerUserPassword,
    RestoreCustomerUser,
};
use super::{
    licenses, reach,
    state::{CustomerState, CustomerUser},
};
use crate::{
    BULK_USERS_MAX, RESTORE_WINDOW_HOURS,
    context::Context,
    rejection::{NameKind, Rejection},
};

pub(super) fn decide(
    state: &CustomerState,
    command: &CustomerUserCommand,
    context: &Context<'_>,
) -> Result<Vec<CustomerEvent>, Rejection> {
    match command {
        CustomerUserCommand::Create(command) => create(state, command, context),
        CustomerUserCommand::Edit(command) => edit(state, command, context),
        CustomerUserCommand::ResetPassword(command) => reset_password(state, *command, context),
        CustomerUserCommand::Delete(command) => delete(state, command, context),
        CustomerUserCommand::Restore(command) => restore::restore(state, command, context),
        CustomerUserCommand::Purge(command) => restore::purge(state, *command, context),
    }
}

/// What is wrong with one of several users that are to be created.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NewUserFault {
    /// Which one, from 0.
    pub index: usize,
    /// What is wrong with it.
    pub rejection: Rejection,
}

/// Everything that is wrong with users that are to be created together, in their order.
///
/// They are created when there is no fault and refused with the first one otherwise; an import shows
/// all of them.
#[must_use]
pub fn new_user_faults(state: &CustomerState, users: &[NewCustomerUser]) -> Vec<NewUserFault> {
    let mut names = BTreeSet::new();
    let mut ids = BTreeSet::new();
    let mut seats = Seats::new(users);
    let mut faults = Vec::new();
    for (index, user) in users.iter().enumerate() {
        let mut found = |fault: Result<(), Rejection>| {
            faults.extend(fault.err().map(|rejection| NewUserFault { index, rejection }));
        };
        let is_new = !state.knows_user(user.user_id) && ids.insert(user.user_id);
        found(refuse_unless(is_new, Rejection::AlreadyExists { what: "customer user" }));
        let is_free = state.user_named(user.user_name).is_none() && names.insert(user.user_name);
        found(refuse_unless(is_free, Rejection::NameTaken { kind: NameKind::UserName }));
        found(in_own_domain(state, &user.profile));
        let is_placed = user.licenses.is_empty() || user.profile.usage_location.is_some();
        let unplaced = Rejection::UsageLocationMissing { user_id: user.user_id };
        found(refuse_unless(is_placed, unplaced));
        for sku_id in distinct(&user.licenses) {
            found(seats.take(state, sku_id));
        }
    }
    faults
}

/// How many seats of each product new users want, and how many of them are taken so far.
struct Seats {
    wanted: BTreeMap<SkuId, usize>,
    taken: BTreeMap<SkuId, usize>,
    refused: BTreeSet<SkuId>,
}

impl Seats {
    fn new(users: &[NewCustomerUser]) -> Self {
        let mut wanted = BTreeMap::new();
        for sku_id in users.iter().flat_map(|user| distinct(&user.licenses)) {
            *wanted.entry(sku_id).or_default() += 1;
        }
        Self { wanted, taken: BTreeMap::new(), refused: BTreeSet::new() }
    }

    /// Takes a seat; the first user for whom none is left learns how many are missing for all.
    fn take(&mut self, state: &CustomerState, sku_id: SkuId) -> Result<(), Rejection> {
        let taken = self.taken.entry(sku_id).or_default();
        *taken += 1;
        if licenses::seats_are_free(state, sku_id, *taken).is_ok() || !self.refused.insert(sku_id) {
            return Ok(());
        }
        let wanted = self.wanted.get(&sku_id).copied().unwrap_or_default();
        licenses::seats_are_free(state, sku_id, wanted)
    }
}

/// All users are created, or none.
fn create(
    state: &CustomerState,
    command: &CreateCustomerUsers,
    context: &Context<'_>,
) -> Result<Vec<CustomerEvent>, Rejection> {
    reach::administrator(state, context)?;
    not_too_many(command.users.len())?;
    if let Some(fault) = new_user_faults(state, &command.users).into_iter().next() {
        return Err(fault.rejection);
    }
    let mut events = Vec::new();
    for user in &command.users {
        let user_id = user.user_id;
        events.push(created(user_id, user.user_name, user.credential_id, &user.profile));
        let licenses = distinct(&user.licenses);
        events.extend(
            licenses.map(|sku_id| CustomerEvent::from(LicenseAssigned { user_id, sku_id })),
        );
        let roles = user.directory_roles.iter().copied().collect::<BTreeSet<_>>().into_iter();
        events
            .extend(roles.map(|role| CustomerEvent::from(DirectoryRoleGranted { user_id, role })));
    }
    Ok(events)
}

fn edit(
    state: &CustomerState,
    command: &EditCustomerUser,
    context: &Context<'_>,
) -> Result<Vec<CustomerEvent>, Rejection> {
    reach::administrator(state, context)?;
    let EditCustomerUser { user_id, user_name, profile } = command;
    let user = active(state, *user_id)?;
    in_own_domain(state, profile)?;
    let is_free = state.user_named(*user_name).is_none_or(|holder| holder == *user_id);
    refuse_unless(is_free, Rejection::NameTaken { kind: NameKind::UserName })?;
    let is_placed = user.licenses.is_empty() || profile.usage_location.is_some();
    refuse_unless(is_placed, Rejection::UsageLocationMissing { user_id: *user_id })?;
    Ok(vec![edited(*user_id, *user_name, profile)])
}

fn reset_password(
    state: &CustomerState,
    command: ResetCustomerUserPassword,
    context: &Context<'_>,
) -> Result<Vec<CustomerEvent>, Rejection> {
    reach::administrator(state, context)?;
    let ResetCustomerUserPassword { user_id, credential_id } = command;
    active(state, user_id)?;
    Ok(vec![CustomerUserPasswordReset { user_id, credential_id }.into()])
}

/// All users are deleted, or none.
fn delete(
    state: &CustomerState,
    command: &DeleteCustomerUsers,
    context: &Context<'_>,
) -> Result<Vec<CustomerEvent>, Rejection> {
    reach::administrator(state, context)?;
    let users = named(state, &command.user_ids)?;
    let is_admin = |user: &CustomerUser| user.directory_roles.contains(&DirectoryRole::GlobalAdmin);
    let admins_lost = users.iter().filter(|(_, user)| is_admin(user)).count();
    if admins_lost > 0 && state.holders_of(DirectoryRole::GlobalAdmin).count() == admins_lost {
        return Err(Rejection::LastCustomerGlobalAdmin);
    }
    let restorable_until = context.now.plus_hours(RESTORE_WINDOW_HOURS);
    let deleted = users.into_iter().map(|(user_id, user)| {
        let licenses_returned = user.licenses.iter().copied().collect();
        CustomerUserDeleted { user_id, licenses_returned, restorable_until }.into()
    });
    Ok(deleted.collect())
}

/// The active users of a command, each once, in the order in which they are named.
pub(super) fn named<'a>(
    state: &'a CustomerState,
    user_ids: &[CustomerUserId],
) -> Result<Vec<(CustomerUserId, &'a CustomerUser)>, Rejection> {
    not_too_many(user_ids.len())?;
    let mut seen = BTreeSet::new();
    let once = user_ids.iter().copied().filter(|user_id| seen.insert(*user_id));
    once.map(|user_id| active(state, user_id).map(|user| (user_id, user))).collect()
}

/// A user that is neither deleted nor purged, or why there is none.
pub(super) fn active(
    state: &CustomerState,
    user_id: CustomerUserId,
) -> Result<&CustomerUser, Rejection> {
    let user = state.user(user_id).ok_or(Rejection::CustomerUserNotFound { user_id })?;
    if user.is_active() { Ok(user) } else { Err(Rejection::UserIsDeleted) }
}

/// Refuses a user name outside the customer's domains.
fn in_own_domain(state: &CustomerState, profile: &CustomerUserProfile) -> Result<(), Rejection> {
    let account = state.account().ok_or(Rejection::CustomerNotFound)?;
    if account.has_domain(&profile.user_name.domain()) {
        return Ok(());
    }
    Err(Rejection::UserNameOutsideDomain { domain: account.domain.clone() })
}

/// Refuses a user name outside a domain. Domains are unique in the installation and user names in
/// their domain, which makes user names unique in the installation; a subdomain may be another
/// customer's.
pub(super) fn in_domain(
    profile: &CustomerUserProfile,
    domain: &DomainName,
) -> Result<(), Rejection> {
    let is_inside = profile.user_name.domain() == *domain;
    refuse_unless(is_inside, Rejection::UserNameOutsideDomain { domain: domain.clone() })
}

pub(super) fn created(
    user_id: CustomerUserId,
    user_name: NameHash,
    credential_id: CredentialId,
    profile: &CustomerUserProfile,
) -> CustomerEvent {
    CustomerUserCreated {
        user_id,
        user_name,
        domain: profile.user_name.domain(),
        has_usage_location: profile.usage_location.is_some(),
        credential_id,
        profile: Personal::open(user_id.into(), profile.clone()),
    }
    .into()
}

fn edited(
    user_id: CustomerUserId,
    user_name: NameHash,
    profile: &CustomerUserProfile,
) -> CustomerEvent {
    CustomerUserEdited {
        user_id,
        user_name,
        domain: profile.user_name.domain(),
        has_usage_location: profile.usage_location.is_some(),
        profile: Personal::open(user_id.into(), profile.clone()),
    }
    .into()
}

fn not_too_many(count: usize) -> Result<(), Rejection> {
    refuse_unless(count <= BULK_USERS_MAX, Rejection::TooManyUsers { count, limit: BULK_USERS_MAX })
}

fn refuse_unless(fine: bool, rejection: Rejection) -> Result<(), Rejection> {
    if fine { Ok(()) } else { Err(rejection) }
}

fn distinct(skus: &[SkuId]) -> impl Iterator<Item = SkuId> + use<> {
    skus.iter().copied().collect::<BTreeSet<_>>().into_iter()
}
