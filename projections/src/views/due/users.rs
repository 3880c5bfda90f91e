//! Deleted users, erased when their window has passed.

use events::{CustomerId, CustomerUserEvent, PartnerId, PartnerUserEvent};

use super::{Deadlines, Due};

impl Deadlines {
    pub(super) fn customer_user(&mut self, customer: CustomerId, event: &CustomerUserEvent) {
        let purge = |user| Due::PurgeCustomerUser { customer, user };
        match event {
            CustomerUserEvent::CustomerUserDeleted(event) => {
                self.open(purge(event.user_id), event.restorable_until);
            }
            CustomerUserEvent::CustomerUserRestored(event) => self.settle(purge(event.user_id)),
            CustomerUserEvent::CustomerUserPurged(event) => self.settle(purge(event.user_id)),
            CustomerUserEvent::CustomerUserCreated(_)
            | CustomerUserEvent::CustomerUserEdited(_)
            | CustomerUserEvent::CustomerUserPasswordReset(_) => {}
        }
    }

    pub(super) fn partner_user(&mut self, partner: PartnerId, event: &PartnerUserEvent) {
        let purge = |user| Due::PurgePartnerUser { partner, user };
        match event {
            PartnerUserEvent::PartnerUserDeleted(event) => {
                self.open(purge(event.user_id), event.restorable_until);
            }
            PartnerUserEvent::PartnerUserRestored(event) => self.settle(purge(event.user_id)),
            PartnerUserEvent::PartnerUserPurged(event) => self.settle(purge(event.user_id)),
            PartnerUserEvent::PartnerUserAdded(_)
            | PartnerUserEvent::PartnerUserEdited(_)
            | PartnerUserEvent::PartnerUserPasswordReset(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use events::{CustomerUserPurged, LicenseFate, Process};

    use super::*;
    use crate::testing::{History, RESTORE_WINDOW_HOURS, customer, user};

    fn purge(number: u128) -> Due {
        Due::PurgeCustomerUser { customer: customer(1), user: user(number) }
    }

    fn two_deleted_users() -> History {
        let mut history = History::new();
        history.customer(1, "Contoso", 9).user(1, 1).user(1, 2).delete(1, 1, &[]).delete(1, 2, &[]);
        history
    }

    #[test]
    fn a_deleted_user_is_due_from_the_end_of_its_window_on_longest_due_first() {
        let history = two_deleted_users();
        let deadlines = history.model.deadlines();
        let end = history.now.plus_hours(RESTORE_WINDOW_HOURS);
        let due = |at, after, limit| -> Vec<Due> {
            let due = deadlines.due(Process::Purge, at, after, limit);
            due.into_iter().map(|deadline| deadline.due).collect()
        };
        assert_eq!(due(end.plus_seconds(-1), None, 10), [purge(1)]);
        assert_eq!(due(end, None, 10), [purge(1), purge(2)]);
        assert_eq!(due(end, None, 1), [purge(1)]);
        let first = deadlines.next(Process::Purge).unwrap();
        assert_eq!((first.at, first.due), (end.plus_seconds(-60), purge(1)));
        assert_eq!(due(end, Some(first), 10), [purge(2)]);
        assert_eq!(deadlines.waiting(Process::Purge), 2);
        assert_eq!(deadlines.next(Process::Mail), None, "one process has no say in another's work");
    }

    #[test]
    fn restored_and_purged_users_are_due_no_more() {
        let mut history = two_deleted_users();
        history.restore(1, 1, &[(5, LicenseFate::NoSeat)]);
        assert_eq!(history.model.deadlines().at(purge(1)), None);
        history.then(customer(1), CustomerUserPurged { user_id: user(2) });
        assert_eq!(*history.model.deadlines(), Deadlines::default());
    }
}
