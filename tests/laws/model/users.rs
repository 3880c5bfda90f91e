//! The users of a customer: created, edited, deleted for thirty days, restored, purged; their
//! directory roles, of which the last global admin stays.

use std::collections::BTreeSet;

use commands::{
    CreateCustomerUsers, DeleteCustomerUsers, EditCustomerUser, GrantDirectoryRole,
    RestoreCustomerUser, RevokeDirectoryRole,
};
use events::{
    CredentialId, CustomerId, CustomerUserId, CustomerUserProfile, DirectoryRole, NameHash, SkuId,
    Timestamp,
};
use projections::ReadModel;
use proptest::{prop_assert, prop_assert_eq, test_runner::TestCaseError};
use services::application::Principal;

use super::{
    Plain, Reasons, Status, partner_users::restorable, reach::Way, sign_in::Door, who_may::Deed,
};

/// The most users a command may name.
const NAMED_MAX: usize = 250;

/// A user of a customer.
#[derive(Clone, Debug)]
pub(crate) struct User {
    pub(crate) status: Status,
    name: NameHash,
    pub(super) is_located: bool,
    /// The products it has a seat of.
    pub(crate) licenses: BTreeSet<SkuId>,
    /// Those it had when it was deleted.
    had: BTreeSet<SkuId>,
    pub(crate) roles: BTreeSet<DirectoryRole>,
    pub(crate) door: Door,
}

impl User {
    pub(super) fn new(
        name: NameHash,
        credential: CredentialId,
        profile: &CustomerUserProfile,
    ) -> Self {
        Self {
            status: Status::Active,
            name,
            is_located: profile.usage_location.is_some(),
            licenses: BTreeSet::new(),
            had: BTreeSet::new(),
            roles: BTreeSet::new(),
            door: Door::new(credential),
        }
    }

    fn is_admin(&self) -> bool {
        self.status.is_active() && self.roles.contains(&DirectoryRole::GlobalAdmin)
    }
}

/// What speaks against commands.
impl Plain {
    pub(super) fn administering(&self, no: &mut Reasons, by: Principal, customer: CustomerId) {
        self.on_customer(no, by, customer, (Deed::CustomerUsers, Way::Administrator));
    }

    pub(super) fn user(&self, customer: CustomerId, user: CustomerUserId) -> Option<&User> {
        self.customers.get(&customer)?.users.get(&user)
    }

    /// Refuses what is about somebody who is not there.
    pub(super) fn user_is_there(
        &self,
        no: &mut Reasons,
        customer: CustomerId,
        user: CustomerUserId,
    ) {
        match self.user(customer, user).map(|it| it.status) {
            Some(Status::Active) => {}
            Some(Status::Deleted { .. }) => no.no("user_is_deleted"),
            Some(Status::Purged) | None => no.no("customer_user_not_found"),
        }
    }

    /// Whether another active user has the name.
    fn has_name(&self, customer: CustomerId, name: NameHash, except: CustomerUserId) -> bool {
        let users = self.customers.get(&customer).into_iter().flat_map(|it| it.users.iter());
        let mut active = users.filter(|(_, user)| user.status.is_active());
        active.any(|(id, user)| *id != except && user.name == name)
    }

    fn is_outside(&self, customer: CustomerId, profile: &CustomerUserProfile) -> bool {
        let Some(state) = self.customers.get(&customer) else { return false };
        let Some(account) = &state.account else { return false };
        let domain = profile.user_name.domain();
        domain != *account && !state.domains.contains(&domain)
    }

    pub(super) fn create_users(
        &self,
        no: &mut Reasons,
        by: Principal,
        (customer, command): (CustomerId, &CreateCustomerUsers),
    ) {
        self.administering(no, by, customer);
        let users = &command.users;
        no.no_if(users.len() > NAMED_MAX, "too_many_users");
        for user in users {
            let twice = users.iter().filter(|it| it.user_id == user.user_id).count() > 1;
            no.no_if(twice || self.user(customer, user.user_id).is_some(), "already_exists");
            let twice = users.iter().filter(|it| it.user_name == user.user_name).count() > 1;
            let is_taken = self.has_name(customer, user.user_name, user.user_id);
            no.no_if(twice || is_taken, "user_name_taken");
            no.no_if(self.is_outside(customer, &user.profile), "user_name_outside_domain");
            let is_placed = user.licenses.is_empty() || user.profile.usage_location.is_some();
            no.no_if(!is_placed, "usage_location_missing");
        }
        let wanted: BTreeSet<SkuId> = users.iter().flat_map(|it| it.licenses.clone()).collect();
        for sku in wanted {
            let count = users.iter().filter(|user| user.licenses.contains(&sku)).count();
            self.seats(no, customer, sku, count);
        }
    }

    pub(super) fn edit_user(
        &self,
        no: &mut Reasons,
        by: Principal,
        (customer, command): (CustomerId, &EditCustomerUser),
    ) {
        self.administering(no, by, customer);
        self.user_is_there(no, customer, command.user_id);
        no.no_if(self.is_outside(customer, &command.profile), "user_name_outside_domain");
        let is_taken = self.has_name(customer, command.user_name, command.user_id);
        no.no_if(is_taken, "user_name_taken");
        let user = self.user(customer, command.user_id);
        let is_licensed = user.is_some_and(|user| !user.licenses.is_empty());
        let is_placed = command.profile.usage_location.is_some();
        no.no_if(is_licensed && !is_placed, "usage_location_missing");
    }

    /// Users that a command names.
    pub(super) fn named(&self, no: &mut Reasons, customer: CustomerId, users: &[CustomerUserId]) {
        no.no_if(users.len() > NAMED_MAX, "too_many_users");
        for user in users {
            self.user_is_there(no, customer, *user);
        }
    }

    pub(super) fn delete_users(
        &self,
        no: &mut Reasons,
        by: Principal,
        (customer, command): (CustomerId, &DeleteCustomerUsers),
    ) {
        self.administering(no, by, customer);
        self.named(no, customer, &command.user_ids);
        let admins = self.admins(customer);
        let is_left = admins.iter().any(|admin| !command.user_ids.contains(admin));
        let hits = admins.iter().any(|admin| command.user_ids.contains(admin));
        no.no_if(hits && !is_left, "last_customer_global_admin");
    }

    fn admins(&self, customer: CustomerId) -> Vec<CustomerUserId> {
        let users = self.customers.get(&customer).into_iter().flat_map(|it| it.users.iter());
        users.filter(|(_, user)| user.is_admin()).map(|(id, _)| *id).collect()
    }

    pub(super) fn restore_user(
        &self,
        no: &mut Reasons,
        by: Principal,
        (customer, command): (CustomerId, &RestoreCustomerUser),
        now: Timestamp,
    ) {
        self.administering(no, by, customer);
        let Some(user) = self.user(customer, command.user_id) else {
            return no.no("customer_user_not_found");
        };
        restorable(no, user.status, "customer_user_not_found", now);
        let is_placed = if let Some(renamed) = &command.renamed {
            no.no_if(self.is_outside(customer, &renamed.profile), "user_name_outside_domain");
            let is_taken = self.has_name(customer, renamed.user_name, command.user_id);
            no.no_if(is_taken, "user_name_taken");
            renamed.profile.usage_location.is_some()
        } else {
            let is_taken = self.has_name(customer, user.name, command.user_id);
            no.no_if(is_taken, "restore_name_taken");
            user.is_located
        };
        no.no_if(!is_placed && !user.had.is_empty(), "usage_location_missing");
    }

    pub(super) fn grant(
        &self,
        no: &mut Reasons,
        by: Principal,
        (customer, command): (CustomerId, GrantDirectoryRole),
    ) {
        self.administering(no, by, customer);
        self.user_is_there(no, customer, command.user_id);
    }

    pub(super) fn withdraw(
        &self,
        no: &mut Reasons,
        by: Principal,
        (customer, command): (CustomerId, RevokeDirectoryRole),
    ) {
        let RevokeDirectoryRole { user_id, role } = command;
        self.administering(no, by, customer);
        self.user_is_there(no, customer, user_id);
        let user = self.user(customer, user_id);
        let holds = user.is_some_and(|user| user.roles.contains(&role));
        no.no_if(!holds, "directory_role_not_held");
        let is_last = self.admins(customer) == [user_id];
        no.no_if(role == DirectoryRole::GlobalAdmin && is_last, "last_customer_global_admin");
    }
}

/// What accepted commands lead to.
impl Plain {
    pub(super) fn user_mut(&mut self, customer: CustomerId, user: CustomerUserId) -> &mut User {
        let user = self.customer_mut(customer).users.get_mut(&user);
        user.expect("an accepted command names somebody who is known")
    }

    pub(super) fn users_created(&mut self, customer: CustomerId, command: &CreateCustomerUsers) {
        for new in &command.users {
            let mut user = User::new(new.user_name, new.credential_id, &new.profile);
            user.licenses = new.licenses.iter().copied().collect();
            user.roles = new.directory_roles.iter().copied().collect();
            self.customer_mut(customer).users.insert(new.user_id, user);
        }
    }

    pub(super) fn user_edited(&mut self, customer: CustomerId, command: &EditCustomerUser) {
        let user = self.user_mut(customer, command.user_id);
        user.name = command.user_name;
        user.is_located = command.profile.usage_location.is_some();
    }

    pub(super) fn users_deleted(
        &mut self,
        customer: CustomerId,
        command: &DeleteCustomerUsers,
        now: Timestamp,
    ) {
        for id in &command.user_ids {
            let user = self.user_mut(customer, *id);
            if user.status.is_active() {
                user.status = Status::deleted(now);
                user.had = std::mem::take(&mut user.licenses);
                user.door.close();
            }
        }
    }

    /// Back with the licences for which a seat is free.
    pub(super) fn user_restored(&mut self, customer: CustomerId, command: &RestoreCustomerUser) {
        let state = self.customer_mut(customer);
        let had = state.users[&command.user_id].had.clone();
        let free = |sku: &SkuId| state.pool(*sku) > state.consumed(*sku);
        let licenses = had.into_iter().filter(free).collect();
        let user = self.user_mut(customer, command.user_id);
        user.status = Status::Active;
        user.licenses = licenses;
        if let Some(renamed) = &command.renamed {
            user.name = renamed.user_name;
            user.is_located = renamed.profile.usage_location.is_some();
        }
    }

    pub(super) fn users_agree(
        &self,
        model: &ReadModel,
        now: Timestamp,
    ) -> Result<(), TestCaseError> {
        for (customer, state) in &self.customers {
            for (id, user) in &state.users {
                let row = model.customer_users().get(*customer, *id);
                if user.status == Status::Purged {
                    prop_assert!(row.is_none(), "{} is purged", id);
                    continue;
                }
                let Some(row) = row else {
                    return Err(TestCaseError::fail(format!("{id} is not shown")));
                };
                prop_assert_eq!(row.state.is_active(), user.status.is_active(), "{}", id);
                prop_assert_eq!(row.has_usage_location, user.is_located);
                let licenses: BTreeSet<_> = row.licenses.iter().copied().collect();
                prop_assert_eq!(&licenses, &user.licenses, "licences of {}", id);
                let roles: BTreeSet<_> = row.directory_roles.iter().collect();
                prop_assert_eq!(&roles, &user.roles, "roles of {}", id);
                if user.status.is_active() {
                    user.door.agrees(model, (*id).into(), now)?;
                }
            }
            let shown: BTreeSet<_> =
                model.deleted_users().restorable(*customer, now).map(|row| row.user).collect();
            let count = model.deleted_users().restorable_count(*customer, now);
            prop_assert_eq!(count, shown.len());
            let restorable = state.users.iter().filter(|(_, user)| user.status.is_restorable(now));
            let restorable: BTreeSet<_> = restorable.map(|(id, _)| *id).collect();
            prop_assert_eq!(shown, restorable, "deleted users of {}", customer);
        }
        Ok(())
    }
}
