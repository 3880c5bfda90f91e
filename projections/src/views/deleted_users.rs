//! Who is deleted and can be restored at a given moment?

use events::{
    CustomerEvent, CustomerId, CustomerUserDeleted, CustomerUserEvent, CustomerUserId, Event,
    PartnerEvent, PartnerId, PartnerUserDeleted, PartnerUserEvent, PartnerUserId, RecordedEvent,
    Role, SkuId, Timestamp,
};
use imbl::OrdMap;

use crate::{
    keys::{Id, customer_of, partner_of},
    page::Page,
    view::{Contradiction, View},
    views::restore_windows::RestoreWindows,
};

/// A deleted customer user.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DeletedCustomerUser {
    /// The user; the profile stands in the row of the same id among the customer's users.
    pub user: CustomerUserId,
    /// The customer.
    pub customer: CustomerId,
    /// When the user was deleted.
    pub deleted_at: Timestamp,
    /// The user can be restored strictly before this moment.
    pub restorable_until: Timestamp,
    /// The licences the user had, for a restore.
    pub licenses_before: Box<[SkuId]>,
}

/// A deleted partner user.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DeletedPartnerUser {
    /// The user; the profile stands in the row of the same id among the partner's users.
    pub user: PartnerUserId,
    /// The partner.
    pub partner: PartnerId,
    /// When the user was deleted.
    pub deleted_at: Timestamp,
    /// The user can be restored strictly before this moment.
    pub restorable_until: Timestamp,
    /// The roles the user had, for a restore.
    pub roles_before: Box<[Role]>,
}

/// A deleted user of either kind.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum DeletedUser {
    /// A user of a customer.
    Customer {
        /// The customer.
        customer: CustomerId,
        /// The user.
        user: CustomerUserId,
    },
    /// A user of a partner.
    Partner {
        /// The partner.
        partner: PartnerId,
        /// The user.
        user: PartnerUserId,
    },
}

/// A place in a list of deleted customer users.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct DeletedUserCursor {
    /// Until when the user there can be restored.
    pub restorable_until: Timestamp,
    /// The user there.
    pub user: CustomerUserId,
}

/// All deleted users that are not purged.
#[derive(Clone, Default, PartialEq, Debug)]
pub struct DeletedUsers {
    customers: RestoreWindows<CustomerId, CustomerUserId, DeletedCustomerUser>,
    partners: RestoreWindows<PartnerId, PartnerUserId, DeletedPartnerUser>,
    ends: OrdMap<DeletedUser, Timestamp>,
}

impl DeletedUsers {
    /// The users of a customer that can be restored at this moment, newest deletion first: exactly
    /// those, whether or not the purge has run.
    pub fn restorable(
        &self,
        customer: CustomerId,
        at: Timestamp,
    ) -> impl Iterator<Item = &DeletedCustomerUser> {
        self.customers.restorable(customer, at, None)
    }

    /// How many users of a customer can be restored at this moment.
    #[must_use]
    pub fn restorable_count(&self, customer: CustomerId, at: Timestamp) -> usize {
        self.customers.restorable_count(customer, at)
    }

    /// A page of the users of a customer that can be restored at this moment.
    #[must_use]
    pub fn restorable_page(
        &self,
        customer: CustomerId,
        at: Timestamp,
        after: Option<DeletedUserCursor>,
        limit: usize,
    ) -> Page<&DeletedCustomerUser, DeletedUserCursor> {
        let before = after.map(|cursor| (cursor.restorable_until, cursor.user));
        let rows = self.customers.restorable(customer, at, before);
        Page::take(rows, limit, self.restorable_count(customer, at), |row| DeletedUserCursor {
            restorable_until: row.restorable_until,
            user: row.user,
        })
    }

    /// The users of a partner that can be restored at this moment, newest deletion first.
    pub fn restorable_partner_users(
        &self,
        partner: PartnerId,
        at: Timestamp,
    ) -> impl Iterator<Item = &DeletedPartnerUser> {
        self.partners.restorable(partner, at, None)
    }

    /// How many users of a partner can be restored at this moment.
    #[must_use]
    pub fn restorable_partner_user_count(&self, partner: PartnerId, at: Timestamp) -> usize {
        self.partners.restorable_count(partner, at)
    }

    /// A deleted user of a customer, restorable or not.
    #[must_use]
    pub fn get(&self, customer: CustomerId, user: CustomerUserId) -> Option<&DeletedCustomerUser> {
        let end = self.ends.get(&DeletedUser::Customer { customer, user })?;
        self.customers.get(customer, (*end, user))
    }

    /// A deleted user of a partner, restorable or not.
    #[must_use]
    pub fn get_partner_user(
        &self,
        partner: PartnerId,
        user: PartnerUserId,
    ) -> Option<&DeletedPartnerUser> {
        let end = self.ends.get(&DeletedUser::Partner { partner, user })?;
        self.partners.get(partner, (*end, user))
    }

    fn delete_customer_user(
        &mut self,
        recorded: &RecordedEvent,
        event: &CustomerUserDeleted,
    ) -> Result<(), Contradiction> {
        let (customer, user) = (customer_of(recorded), event.user_id);
        let row = DeletedCustomerUser {
            user,
            customer,
            deleted_at: recorded.metadata.occurred_at,
            restorable_until: event.restorable_until,
            licenses_before: event.licenses_returned.as_slice().into(),
        };
        self.open(DeletedUser::Customer { customer, user }, event.restorable_until, user)?;
        self.customers.insert(customer, (event.restorable_until, user), row);
        Ok(())
    }

    fn delete_partner_user(
        &mut self,
        recorded: &RecordedEvent,
        event: &PartnerUserDeleted,
    ) -> Result<(), Contradiction> {
        let (partner, user) = (partner_of(recorded), event.user_id);
        let row = DeletedPartnerUser {
            user,
            partner,
            deleted_at: recorded.metadata.occurred_at,
            restorable_until: event.restorable_until,
            roles_before: event.roles.as_slice().into(),
        };
        self.open(DeletedUser::Partner { partner, user }, event.restorable_until, user)?;
        self.partners.insert(partner, (event.restorable_until, user), row);
        Ok(())
    }

    fn forget_customer_user(
        &mut self,
        customer: CustomerId,
        user: CustomerUserId,
    ) -> Result<(), Contradiction> {
        let end = self.close(DeletedUser::Customer { customer, user }, user)?;
        self.customers.remove(customer, (end, user));
        Ok(())
    }

    fn forget_partner_user(
        &mut self,
        partner: PartnerId,
        user: PartnerUserId,
    ) -> Result<(), Contradiction> {
        let end = self.close(DeletedUser::Partner { partner, user }, user)?;
        self.partners.remove(partner, (end, user));
        Ok(())
    }

    fn open<U: Id>(
        &mut self,
        user: DeletedUser,
        due_at: Timestamp,
        id: U,
    ) -> Result<(), Contradiction> {
        if self.ends.insert(user, due_at).is_some() {
            return Err(Contradiction::wrong_state(id, "is deleted already"));
        }
        Ok(())
    }

    fn close<U: Id>(&mut self, user: DeletedUser, id: U) -> Result<Timestamp, Contradiction> {
        self.ends.remove(&user).ok_or_else(|| Contradiction::wrong_state(id, "is not deleted"))
    }
}

impl DeletedUsers {
    fn apply_customer(
        &mut self,
        recorded: &RecordedEvent,
        event: &CustomerUserEvent,
    ) -> Result<(), Contradiction> {
        let customer = customer_of(recorded);
        match event {
            CustomerUserEvent::CustomerUserDeleted(event) => {
                self.delete_customer_user(recorded, event)
            }
            CustomerUserEvent::CustomerUserRestored(event) => {
                self.forget_customer_user(customer, event.user_id)
            }
            CustomerUserEvent::CustomerUserPurged(event) => {
                self.forget_customer_user(customer, event.user_id)
            }
            CustomerUserEvent::CustomerUserCreated(_)
            | CustomerUserEvent::CustomerUserEdited(_)
            | CustomerUserEvent::CustomerUserPasswordReset(_) => Ok(()),
        }
    }

    fn apply_partner(
        &mut self,
        recorded: &RecordedEvent,
        event: &PartnerUserEvent,
    ) -> Result<(), Contradiction> {
        let partner = partner_of(recorded);
        match event {
            PartnerUserEvent::PartnerUserDeleted(event) => {
                self.delete_partner_user(recorded, event)
            }
            PartnerUserEvent::PartnerUserRestored(event) => {
                self.forget_partner_user(partner, event.user_id)
            }
            PartnerUserEvent::PartnerUserPurged(event) => {
                self.forget_partner_user(partner, event.user_id)
            }
            PartnerUserEvent::PartnerUserAdded(_)
            | PartnerUserEvent::PartnerUserEdited(_)
            | PartnerUserEvent::PartnerUserPasswordReset(_) => Ok(()),
        }
    }
}

impl View for DeletedUsers {
    const NAME: &'static str = "deleted_users";

    fn apply(&mut self, recorded: &RecordedEvent) -> Result<(), Contradiction> {
        match &recorded.event {
            Event::Customer(CustomerEvent::User(event)) => self.apply_customer(recorded, event),
            Event::Partner(PartnerEvent::User(event)) => self.apply_partner(recorded, event),
            Event::Customer(_)
            | Event::Partner(_)
            | Event::Partnership(_)
            | Event::NameClaim(_)
            | Event::Installation(_)
            | Event::Lead(_)
            | Event::ServiceRequest(_) => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use events::{CustomerUserPurged, LicenseFate};

    use super::*;
    use crate::testing::{History, RESTORE_WINDOW_HOURS, customer, sku, user};

    fn a_customer_with_two_deleted_users() -> History {
        let mut history = History::new();
        history.customer(1, "Contoso", 9).subscribe(1, 1, 5, 10, 9).user(1, 1).user(1, 2);
        history.assign(1, 1, 5).delete(1, 1, &[5]).delete(1, 2, &[]);
        history
    }

    #[test]
    fn deleted_users_are_listed_newest_first_with_what_they_had() {
        let history = a_customer_with_two_deleted_users();
        let deleted = history.model.deleted_users();
        let rows: Vec<_> = deleted.restorable(customer(1), history.now).collect();
        assert_eq!(rows.iter().map(|row| row.user).collect::<Vec<_>>(), [user(2), user(1)]);
        assert_eq!(*rows[1].licenses_before, [sku(5)]);
        assert_eq!(rows[0].deleted_at, history.now);
        assert_eq!(deleted.restorable_count(customer(1), history.now), 2);
        assert_eq!(deleted.get(customer(1), user(1)), Some(rows[1]));
    }

    #[test]
    fn a_user_is_restorable_strictly_before_the_end_of_its_window() {
        let history = a_customer_with_two_deleted_users();
        let deleted = history.model.deleted_users();
        let end = history.now.plus_hours(RESTORE_WINDOW_HOURS);
        let restorable = |at| deleted.restorable(customer(1), at).count();
        assert_eq!(restorable(end.plus_seconds(-1)), 1, "the older one is over, the newer is not");
        assert_eq!(restorable(end), 0);
        assert_eq!(deleted.restorable_count(customer(1), end.plus_seconds(-1)), 1);
        assert_eq!(deleted.restorable_count(customer(1), end), 0);
    }

    #[test]
    fn restored_and_purged_users_leave_the_list() {
        let mut history = a_customer_with_two_deleted_users();
        history.restore(1, 1, &[(5, LicenseFate::Restored)]);
        let deleted = history.model.deleted_users();
        assert_eq!(deleted.restorable_count(customer(1), history.now), 1);
        history.then(customer(1), CustomerUserPurged { user_id: user(2) });
        assert_eq!(*history.model.deleted_users(), DeletedUsers::default());
    }

    #[test]
    fn pages_of_deleted_users_join_without_gap_or_repeat() {
        let mut history = History::new();
        history.customer(1, "Contoso", 9);
        for number in 1..=5 {
            history.user(1, number).delete(1, number, &[]);
        }
        let deleted = history.model.deleted_users();
        let (mut seen, mut after) = (Vec::new(), None);
        loop {
            let page = deleted.restorable_page(customer(1), history.now, after, 2);
            assert_eq!(page.total, 5);
            seen.extend(page.rows.iter().map(|row| row.user));
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        assert_eq!(seen, [5, 4, 3, 2, 1].map(user));
    }
}
