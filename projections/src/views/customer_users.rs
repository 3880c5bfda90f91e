//! Who has an account at a customer, with which licences and roles?

use std::sync::Arc;

use events::{
    CustomerEvent, CustomerId, CustomerUserCreated, CustomerUserEdited, CustomerUserEvent,
    CustomerUserId, CustomerUserRestored, DirectoryRole, DirectoryRoleEvent, DomainName, Event,
    LicenseEvent, LicenseFate, RecordedEvent, SkuId, SubscriptionEvent, SubscriptionUpgraded,
};
use imbl::{OrdMap, OrdSet};

use crate::{
    keys::{Id, Owned, customer_of, insert_new, owned_between, owned_by, owned_mut},
    page::Page,
    personal_handle::{PersonalField, PersonalHandle},
    view::{Contradiction, View},
    views::{
        customer_user_row::{CustomerUserFilter, CustomerUserRow},
        held_roles::HeldDirectoryRoles,
        user_state::{UserCounts, UserState},
    },
};

/// All users of all customers.
#[derive(Clone, Default, PartialEq, Debug)]
pub struct CustomerUsers {
    rows: Owned<CustomerId, CustomerUserId, CustomerUserRow>,
    members: OrdSet<(CustomerId, DirectoryRole, CustomerUserId)>,
    counts: OrdMap<CustomerId, UserCounts>,
    domains: OrdMap<DomainName, Arc<DomainName>>,
}

impl CustomerUsers {
    /// A user of this customer, deleted or not; `None` once purged.
    #[must_use]
    pub fn get(&self, customer: CustomerId, user: CustomerUserId) -> Option<&CustomerUserRow> {
        self.rows.get(&(customer, user)).map(|row| &**row)
    }

    /// Every user of a customer, deleted ones too, in the order of creation.
    pub fn of(&self, customer: CustomerId) -> impl Iterator<Item = &CustomerUserRow> {
        owned_by(&self.rows, customer, None)
    }

    /// The users of a customer whose accounts work, in the order of creation.
    pub fn active(&self, customer: CustomerId) -> impl Iterator<Item = &CustomerUserRow> {
        self.of(customer).filter(|row| row.state.is_active())
    }

    /// The users of a customer that a filter admits, in the order of creation.
    pub fn matching<'a>(
        &'a self,
        customer: CustomerId,
        filter: &'a CustomerUserFilter,
    ) -> impl Iterator<Item = &'a CustomerUserRow> {
        self.of(customer).filter(|row| filter.admits(row))
    }

    /// A page of the users of a customer that a filter admits, in the order of creation; `after` is
    /// the last user of the page before.
    #[must_use]
    pub fn list(
        &self,
        customer: CustomerId,
        filter: &CustomerUserFilter,
        after: Option<CustomerUserId>,
        limit: usize,
    ) -> Page<&CustomerUserRow, CustomerUserId> {
        let rows = self.between(customer, filter, after, None);
        Page::take(rows, limit, self.total(customer, filter), |row| row.id)
    }

    /// How many users of a customer a filter admits; one on more than the state costs a walk over
    /// them.
    #[must_use]
    pub fn total(&self, customer: CustomerId, filter: &CustomerUserFilter) -> usize {
        let counts = self.counts(customer);
        match (filter.is_by_state_only(), filter.deleted) {
            (true, false) => counts.active,
            (true, true) => counts.deleted,
            (false, _) => self.matching(customer, filter).count(),
        }
    }

    /// The users of a customer that a filter admits, between two of them in the order of creation,
    /// from both ends.
    #[must_use]
    pub fn between<'a, 'f>(
        &'a self,
        customer: CustomerId,
        filter: &'f CustomerUserFilter,
        after: Option<CustomerUserId>,
        before: Option<CustomerUserId>,
    ) -> impl DoubleEndedIterator<Item = &'a CustomerUserRow> + use<'a, 'f> {
        owned_between(&self.rows, customer, after, before).filter(|row| filter.admits(row))
    }

    /// How many users the customer has.
    #[must_use]
    pub fn counts(&self, customer: CustomerId) -> UserCounts {
        self.counts.get(&customer).copied().unwrap_or_default()
    }

    /// The users of a customer who hold a role and whose accounts work, in the order of creation,
    /// beginning after `after`.
    pub fn members(
        &self,
        customer: CustomerId,
        role: DirectoryRole,
        after: Option<CustomerUserId>,
    ) -> impl Iterator<Item = &CustomerUserRow> {
        let first = (customer, role, after.unwrap_or(CustomerUserId::MIN));
        self.members
            .range(first..=(customer, role, CustomerUserId::MAX))
            .filter(move |(_, _, user)| after != Some(*user))
            .filter_map(move |(_, _, user)| self.get(customer, *user))
            .filter(|row| row.state.is_active())
    }

    fn create(
        &mut self,
        recorded: &RecordedEvent,
        event: &CustomerUserCreated,
    ) -> Result<(), Contradiction> {
        let customer = customer_of(recorded);
        let row = CustomerUserRow {
            id: event.user_id,
            customer,
            profile: PersonalHandle::new(
                recorded,
                PersonalField::CustomerUserProfile,
                &event.profile,
            ),
            domain: self.shared(&event.domain),
            has_usage_location: event.has_usage_location,
            licenses: Box::default(),
            directory_roles: HeldDirectoryRoles::default(),
            created_at: recorded.metadata.occurred_at,
            state: UserState::Active,
        };
        insert_new(&mut self.rows, customer, event.user_id, row)?;
        self.counts.entry(customer).or_default().active += 1;
        Ok(())
    }

    fn edit(
        &mut self,
        recorded: &RecordedEvent,
        event: &CustomerUserEdited,
    ) -> Result<(), Contradiction> {
        let domain = self.shared(&event.domain);
        let row = owned_mut(&mut self.rows, customer_of(recorded), event.user_id)?;
        row.domain = domain;
        row.has_usage_location = event.has_usage_location;
        row.profile =
            PersonalHandle::new(recorded, PersonalField::CustomerUserProfile, &event.profile);
        Ok(())
    }

    /// One allocation for all users of a domain.
    fn shared(&mut self, domain: &DomainName) -> Arc<DomainName> {
        if let Some(shared) = self.domains.get(domain) {
            return Arc::clone(shared);
        }
        let shared = Arc::new(domain.clone());
        self.domains.insert(domain.clone(), Arc::clone(&shared));
        shared
    }

    fn delete(
        &mut self,
        customer: CustomerId,
        user: CustomerUserId,
        state: UserState,
    ) -> Result<(), Contradiction> {
        let row = self.active_mut(customer, user)?;
        row.state = state;
        row.licenses = Box::default();
        let counts = self.counts.entry(customer).or_default();
        counts.active = counts.active.saturating_sub(1);
        counts.deleted += 1;
        Ok(())
    }

    fn restore(
        &mut self,
        customer: CustomerId,
        event: &CustomerUserRestored,
    ) -> Result<(), Contradiction> {
        let row = owned_mut(&mut self.rows, customer, event.user_id)?;
        if row.state.is_active() {
            return Err(Contradiction::wrong_state(event.user_id, "is not deleted"));
        }
        row.state = UserState::Active;
        row.licenses = event
            .licenses
            .iter()
            .filter(|outcome| outcome.fate == LicenseFate::Restored)
            .map(|outcome| outcome.sku_id)
            .collect();
        let counts = self.counts.entry(customer).or_default();
        counts.active += 1;
        counts.deleted = counts.deleted.saturating_sub(1);
        Ok(())
    }

    fn upgrade(
        &mut self,
        customer: CustomerId,
        event: &SubscriptionUpgraded,
    ) -> Result<(), Contradiction> {
        for user in &event.moved {
            let row = self.active_mut(customer, *user)?;
            row.unassign(event.old_sku_id)?;
            row.assign(event.new_sku_id)?;
        }
        self.release(customer, &event.released, event.old_sku_id)
    }

    fn release(
        &mut self,
        customer: CustomerId,
        users: &[CustomerUserId],
        sku: SkuId,
    ) -> Result<(), Contradiction> {
        users.iter().try_for_each(|user| self.active_mut(customer, *user)?.unassign(sku))
    }

    fn purge(&mut self, customer: CustomerId, user: CustomerUserId) -> Result<(), Contradiction> {
        let row =
            self.rows.remove(&(customer, user)).ok_or_else(|| Contradiction::unknown(user))?;
        if row.state.is_active() {
            return Err(Contradiction::wrong_state(user, "is not deleted"));
        }
        for role in row.directory_roles.iter() {
            self.members.remove(&(customer, role, user));
        }
        let counts = self.counts.entry(customer).or_default();
        counts.deleted = counts.deleted.saturating_sub(1);
        Ok(())
    }

    fn grant(
        &mut self,
        customer: CustomerId,
        user: CustomerUserId,
        role: DirectoryRole,
    ) -> Result<(), Contradiction> {
        if !self.active_mut(customer, user)?.directory_roles.grant(role) {
            return Err(Contradiction::wrong_state(user, "holds that role already"));
        }
        self.members.insert((customer, role, user));
        Ok(())
    }

    fn revoke(
        &mut self,
        customer: CustomerId,
        user: CustomerUserId,
        role: DirectoryRole,
    ) -> Result<(), Contradiction> {
        if !self.active_mut(customer, user)?.directory_roles.revoke(role) {
            return Err(Contradiction::wrong_state(user, "does not hold that role"));
        }
        self.members.remove(&(customer, role, user));
        Ok(())
    }

    fn active_mut(
        &mut self,
        customer: CustomerId,
        user: CustomerUserId,
    ) -> Result<&mut CustomerUserRow, Contradiction> {
        let row = owned_mut(&mut self.rows, customer, user)?;
        if row.state.is_active() {
            Ok(row)
        } else {
            Err(Contradiction::wrong_state(user, "is deleted"))
        }
    }
}

impl View for CustomerUsers {
    const NAME: &'static str = "customer_users";

    fn apply(&mut self, recorded: &RecordedEvent) -> Result<(), Contradiction> {
        let Event::Customer(event) = &recorded.event else {
            return Ok(());
        };
        let customer = customer_of(recorded);
        match event {
            CustomerEvent::Subscription(event) => match event {
                SubscriptionEvent::SubscriptionUpgraded(event) => self.upgrade(customer, event),
                SubscriptionEvent::SubscriptionCancelled(event) => {
                    self.release(customer, &event.released, event.sku_id)
                }
                SubscriptionEvent::ResellerOfRecordChanged(_)
                | SubscriptionEvent::SubscriptionRenewalStopped(_)
                | SubscriptionEvent::SubscriptionRenewalResumed(_)
                | SubscriptionEvent::TrialConverted(_)
                | SubscriptionEvent::SubscriptionCreated(_)
                | SubscriptionEvent::SubscriptionRenamed(_)
                | SubscriptionEvent::SubscriptionQuantityChanged(_)
                | SubscriptionEvent::SubscriptionSuspended(_)
                | SubscriptionEvent::SubscriptionReactivated(_) => Ok(()),
            },
            CustomerEvent::User(event) => match event {
                CustomerUserEvent::CustomerUserCreated(event) => self.create(recorded, event),
                CustomerUserEvent::CustomerUserEdited(event) => self.edit(recorded, event),
                CustomerUserEvent::CustomerUserDeleted(event) => {
                    let state = UserState::Deleted {
                        deleted_at: recorded.metadata.occurred_at,
                        restorable_until: event.restorable_until,
                    };
                    self.delete(customer, event.user_id, state)
                }
                CustomerUserEvent::CustomerUserRestored(event) => self.restore(customer, event),
                CustomerUserEvent::CustomerUserPurged(event) => self.purge(customer, event.user_id),
                CustomerUserEvent::CustomerUserPasswordReset(_) => Ok(()),
            },
            CustomerEvent::License(event) => match event {
                LicenseEvent::LicenseAssigned(event) => {
                    self.active_mut(customer, event.user_id)?.assign(event.sku_id)
                }
                LicenseEvent::LicenseRevoked(event) => {
                    self.active_mut(customer, event.user_id)?.unassign(event.sku_id)
                }
            },
            CustomerEvent::DirectoryRole(event) => match event {
                DirectoryRoleEvent::DirectoryRoleGranted(event) => {
                    self.grant(customer, event.user_id, event.role)
                }
                DirectoryRoleEvent::DirectoryRoleRevoked(event) => {
                    self.revoke(customer, event.user_id, event.role)
                }
            },
            CustomerEvent::Account(_)
            | CustomerEvent::Relationship(_)
            | CustomerEvent::Request(_)
            | CustomerEvent::Cart(_)
            | CustomerEvent::Order(_)
            | CustomerEvent::SupportContact(_)
            | CustomerEvent::SignIn(_)
            | CustomerEvent::Device(_)
            | CustomerEvent::Agreement(_) => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use events::{CustomerUserPurged, DirectoryRoleGranted, LicenseAssigned, LicenseRevoked};

    use super::*;
    use crate::testing::{History, customer, sku, user, user_edited};

    /// User 1 has two licences and administers the company; users 2 and 3 have nothing.
    fn a_customer_with_three_users() -> History {
        let mut history = History::new();
        history.customer(1, "Contoso", 9).customer(2, "Fabrikam", 9);
        history.subscribe(1, 1, 5, 10, 9).subscribe(1, 2, 6, 10, 9);
        history.user(1, 1).user(1, 2).user(1, 3).user(2, 4).assign(1, 1, 5).assign(1, 1, 6);
        history.then(customer(1), granted(1));
        history
    }

    fn granted(number: u128) -> DirectoryRoleGranted {
        DirectoryRoleGranted { user_id: user(number), role: DirectoryRole::GlobalAdmin }
    }

    fn ids(history: &History, filter: &CustomerUserFilter) -> Vec<CustomerUserId> {
        let page = history.model.customer_users().list(customer(1), filter, None, 100);
        assert_eq!(page.total, page.rows.len());
        page.rows.iter().map(|row| row.id).collect()
    }

    fn licenses(history: &History, number: u128) -> &[SkuId] {
        &history.model.customer_users().get(customer(1), user(number)).unwrap().licenses
    }

    #[test]
    fn users_are_listed_under_their_customer_only() {
        let history = a_customer_with_three_users();
        assert_eq!(ids(&history, &CustomerUserFilter::default()), [1, 2, 3].map(user));
        let users = history.model.customer_users();
        assert!(users.get(customer(2), user(1)).is_none());
        assert_eq!(users.counts(customer(2)), UserCounts { active: 1, deleted: 0 });
    }

    #[test]
    fn filters_narrow_by_licence_product_domain_and_state() {
        let mut history = a_customer_with_three_users();
        history.then(customer(1), user_edited(2)).delete(1, 3, &[]);
        let none = CustomerUserFilter::default;
        let by = |filter| ids(&history, &filter);
        assert_eq!(by(CustomerUserFilter { licensed: Some(true), ..none() }), [user(1)]);
        assert_eq!(by(CustomerUserFilter { licensed: Some(false), ..none() }), [user(2)]);
        assert_eq!(by(CustomerUserFilter { sku: Some(sku(6)), ..none() }), [user(1)]);
        assert_eq!(by(CustomerUserFilter { sku: Some(sku(7)), ..none() }), []);
        let domain = Some(DomainName::new("renamed.example").unwrap());
        assert_eq!(by(CustomerUserFilter { domain, ..none() }), [user(2)]);
        assert_eq!(by(CustomerUserFilter { deleted: true, ..none() }), [user(3)]);
    }

    #[test]
    fn an_edited_user_points_to_its_newest_profile() {
        let mut history = a_customer_with_three_users();
        history.then(customer(1), user_edited(2));
        let row = history.model.customer_users().get(customer(1), user(2)).unwrap();
        assert_eq!(row.profile.position, history.events.last().unwrap().position);
        assert_eq!(row.profile.subject, user(2).into());
        assert!(!row.has_usage_location);
    }

    #[test]
    fn a_deleted_user_has_no_licence_and_comes_back_with_what_was_free_and_its_roles() {
        let mut history = a_customer_with_three_users();
        history.delete(1, 1, &[5, 6]);
        assert_eq!(licenses(&history, 1), []);
        let counts = history.model.customer_users().counts(customer(1));
        assert_eq!(counts, UserCounts { active: 2, deleted: 1 });
        let members = |history: &History| {
            let users = history.model.customer_users();
            users.members(customer(1), DirectoryRole::GlobalAdmin, None).count()
        };
        assert_eq!(members(&history), 0, "a deleted user administers nothing");

        let fates = [(5, LicenseFate::NoSeat), (6, LicenseFate::Restored)];
        history.restore(1, 1, &fates);
        assert_eq!(licenses(&history, 1), [sku(6)]);
        assert_eq!(members(&history), 1);
    }

    #[test]
    fn a_purged_user_is_gone_with_its_roles() {
        let mut history = a_customer_with_three_users();
        history.delete(1, 1, &[5, 6]);
        history.then(customer(1), CustomerUserPurged { user_id: user(1) });
        let users = history.model.customer_users();
        assert!(users.get(customer(1), user(1)).is_none());
        assert_eq!(users.counts(customer(1)), UserCounts { active: 2, deleted: 0 });
        assert!(users.members.is_empty());
    }

    #[test]
    fn members_of_a_role_are_paged_in_the_order_of_creation() {
        let mut history = a_customer_with_three_users();
        history.then(customer(1), granted(2)).then(customer(1), granted(3));
        let members = |after| {
            let users = history.model.customer_users();
            let members = users.members(customer(1), DirectoryRole::GlobalAdmin, after);
            members.map(|row| row.id).collect::<Vec<_>>()
        };
        assert_eq!(members(None), [1, 2, 3].map(user));
        assert_eq!(members(Some(user(2))), [user(3)]);
        assert_eq!(members(Some(user(3))), []);
    }

    #[test]
    fn users_are_paged_without_gap_or_repeat() {
        let mut history = a_customer_with_three_users();
        history.delete(1, 2, &[]);
        let users = history.model.customer_users();
        let page = users.list(customer(1), &CustomerUserFilter::default(), None, 1);
        assert_eq!((page.rows[0].id, page.total), (user(1), 2));
        let page = users.list(customer(1), &CustomerUserFilter::default(), page.next, 1);
        assert_eq!((page.rows[0].id, page.next), (user(3), None));
    }

    #[test]
    fn what_cannot_happen_to_a_user_is_refused_with_the_reason() {
        let mut history = a_customer_with_three_users();
        history.delete(1, 3, &[]);
        let twice = LicenseAssigned { user_id: user(1), sku_id: sku(5) };
        let never_had = LicenseRevoked { user_id: user(2), sku_id: sku(5) };
        let of_deleted = LicenseAssigned { user_id: user(3), sku_id: sku(5) };
        let of_nobody = LicenseAssigned { user_id: user(9), sku_id: sku(5) };
        let refused = [
            (Event::from(twice), "has that licence already"),
            (never_had.into(), "does not have that licence"),
            (of_deleted.into(), "is deleted"),
            (of_nobody.into(), "is not known"),
        ];
        for (event, reason) in refused {
            let error = history.would_refuse(customer(1), event);
            assert!(error.to_string().contains(reason), "{error}");
        }
    }
}
