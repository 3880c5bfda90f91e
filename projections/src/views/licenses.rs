//! How many seats of each product does a customer have, and how many are free?

use events::{
    CustomerEvent, CustomerId, CustomerUserEvent, Event, LicenseEvent, LicenseFate, RecordedEvent,
    SkuId, SubscriptionCancelled, SubscriptionCreated, SubscriptionEvent, SubscriptionId,
    SubscriptionUpgraded,
};
use imbl::OrdMap;

use crate::{
    keys::{Id, customer_of},
    view::{Contradiction, View},
};

/// The seats of one product at one customer.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Seats {
    /// Seats of active subscriptions.
    pub active: u64,
    /// Seats of suspended subscriptions.
    pub suspended: u64,
    /// Seats assigned to users.
    pub consumed: u64,
}

impl Seats {
    /// Seats that can be assigned now: none while more are assigned than are active.
    #[must_use]
    pub const fn available(&self) -> u64 {
        self.active.saturating_sub(self.consumed)
    }

    /// Seats of all subscriptions, active or suspended.
    #[must_use]
    pub const fn total(&self) -> u64 {
        self.active + self.suspended
    }
}

/// What a subscription adds to its product's seats.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Pool {
    sku: SkuId,
    quantity: u64,
    suspended: bool,
}

/// The seats of every product at every customer.
#[derive(Clone, Default, PartialEq, Debug)]
pub struct Licenses {
    seats: OrdMap<(CustomerId, SkuId), Seats>,
    pools: OrdMap<(CustomerId, SubscriptionId), Pool>,
}

impl Licenses {
    /// The seats of a product at a customer; `None` where it was never subscribed to.
    #[must_use]
    pub fn get(&self, customer: CustomerId, sku: SkuId) -> Option<Seats> {
        self.seats.get(&(customer, sku)).copied()
    }

    /// The seats of every product a customer ever subscribed to, in the order of their SKU ids.
    pub fn of(&self, customer: CustomerId) -> impl Iterator<Item = (SkuId, Seats)> {
        self.seats
            .range((customer, SkuId::MIN)..=(customer, SkuId::MAX))
            .map(|((_, sku), seats)| (*sku, *seats))
    }

    fn subscribe(
        &mut self,
        customer: CustomerId,
        event: &SubscriptionCreated,
    ) -> Result<(), Contradiction> {
        let id = event.subscription_id;
        let quantity = u64::from(event.quantity.get());
        let pool = Pool { sku: event.sku_id, quantity, suspended: false };
        if self.pools.insert((customer, id), pool).is_some() {
            return Err(Contradiction::duplicate(id));
        }
        self.seats.entry((customer, event.sku_id)).or_default().active += quantity;
        Ok(())
    }

    /// Changes a subscription and moves its seats accordingly.
    fn change(
        &mut self,
        customer: CustomerId,
        subscription: SubscriptionId,
        change: impl FnOnce(&mut Pool),
    ) -> Result<(), Contradiction> {
        let pool = self
            .pools
            .get_mut(&(customer, subscription))
            .ok_or_else(|| Contradiction::unknown(subscription))?;
        let before = *pool;
        change(pool);
        let after = *pool;
        let seats = self.seats.entry((customer, before.sku)).or_default();
        *seats.share(before.suspended) -= before.quantity;
        let seats = self.seats.entry((customer, after.sku)).or_default();
        *seats.share(after.suspended) += after.quantity;
        Ok(())
    }

    fn upgrade(
        &mut self,
        customer: CustomerId,
        event: &SubscriptionUpgraded,
    ) -> Result<(), Contradiction> {
        self.change(customer, event.subscription_id, |pool| pool.sku = event.new_sku_id)?;
        for _ in &event.moved {
            self.free(customer, event.old_sku_id)?;
            self.consume(customer, event.new_sku_id)?;
        }
        event.released.iter().try_for_each(|_| self.free(customer, event.old_sku_id))
    }

    fn cancel(
        &mut self,
        customer: CustomerId,
        event: &SubscriptionCancelled,
    ) -> Result<(), Contradiction> {
        self.change(customer, event.subscription_id, |pool| pool.quantity = 0)?;
        self.pools.remove(&(customer, event.subscription_id));
        event.released.iter().try_for_each(|_| self.free(customer, event.sku_id))
    }

    fn consume(&mut self, customer: CustomerId, sku: SkuId) -> Result<(), Contradiction> {
        let seats = self.seats.get_mut(&(customer, sku));
        seats.ok_or_else(|| Contradiction::unknown(sku))?.consumed += 1;
        Ok(())
    }

    fn free(&mut self, customer: CustomerId, sku: SkuId) -> Result<(), Contradiction> {
        let seats = self.seats.get_mut(&(customer, sku));
        let consumed = &mut seats.ok_or_else(|| Contradiction::unknown(sku))?.consumed;
        *consumed = consumed
            .checked_sub(1)
            .ok_or_else(|| Contradiction::wrong_state(sku, "has no seat in use"))?;
        Ok(())
    }
}

impl Seats {
    const fn share(&mut self, suspended: bool) -> &mut u64 {
        if suspended { &mut self.suspended } else { &mut self.active }
    }
}

impl View for Licenses {
    const NAME: &'static str = "licenses";

    fn apply(&mut self, recorded: &RecordedEvent) -> Result<(), Contradiction> {
        let Event::Customer(event) = &recorded.event else {
            return Ok(());
        };
        let customer = customer_of(recorded);
        match event {
            CustomerEvent::Subscription(event) => match event {
                SubscriptionEvent::SubscriptionCreated(event) => self.subscribe(customer, event),
                SubscriptionEvent::SubscriptionQuantityChanged(event) => {
                    let quantity = u64::from(event.new.get());
                    self.change(customer, event.subscription_id, |pool| pool.quantity = quantity)
                }
                SubscriptionEvent::SubscriptionSuspended(event) => {
                    self.change(customer, event.subscription_id, |pool| pool.suspended = true)
                }
                SubscriptionEvent::SubscriptionReactivated(event) => {
                    self.change(customer, event.subscription_id, |pool| pool.suspended = false)
                }
                SubscriptionEvent::SubscriptionUpgraded(event) => self.upgrade(customer, event),
                SubscriptionEvent::SubscriptionCancelled(event) => self.cancel(customer, event),
                SubscriptionEvent::ResellerOfRecordChanged(_)
                | SubscriptionEvent::SubscriptionRenewalStopped(_)
                | SubscriptionEvent::SubscriptionRenewalResumed(_)
                | SubscriptionEvent::TrialConverted(_)
                | SubscriptionEvent::SubscriptionRenamed(_) => Ok(()),
            },
            CustomerEvent::User(event) => match event {
                CustomerUserEvent::CustomerUserDeleted(event) => {
                    event.licenses_returned.iter().try_for_each(|sku| self.free(customer, *sku))
                }
                CustomerUserEvent::CustomerUserRestored(event) => event
                    .licenses
                    .iter()
                    .filter(|outcome| outcome.fate == LicenseFate::Restored)
                    .try_for_each(|outcome| self.consume(customer, outcome.sku_id)),
                CustomerUserEvent::CustomerUserCreated(_)
                | CustomerUserEvent::CustomerUserEdited(_)
                | CustomerUserEvent::CustomerUserPasswordReset(_)
                | CustomerUserEvent::CustomerUserPurged(_) => Ok(()),
            },
            CustomerEvent::License(event) => match event {
                LicenseEvent::LicenseAssigned(event) => self.consume(customer, event.sku_id),
                LicenseEvent::LicenseRevoked(event) => self.free(customer, event.sku_id),
            },
            CustomerEvent::Account(_)
            | CustomerEvent::Relationship(_)
            | CustomerEvent::Request(_)
            | CustomerEvent::Cart(_)
            | CustomerEvent::Order(_)
            | CustomerEvent::SupportContact(_)
            | CustomerEvent::DirectoryRole(_)
            | CustomerEvent::SignIn(_)
            | CustomerEvent::Device(_)
            | CustomerEvent::Agreement(_) => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use events::{
        LicenseRevoked, SubscriptionQuantityChanged, SubscriptionReactivated, SubscriptionSuspended,
    };

    use super::*;
    use crate::testing::{History, customer, quantity, sku, subscription, user};

    /// Ten seats in two subscriptions, two of them in use.
    fn ten_seats() -> History {
        let mut history = History::new();
        history.customer(1, "Contoso", 9).subscribe(1, 1, 5, 6, 9).subscribe(1, 2, 5, 4, 9);
        history.user(1, 1).user(1, 2).assign(1, 1, 5).assign(1, 2, 5);
        history
    }

    fn seats(history: &History) -> Seats {
        history.model.licenses().get(customer(1), sku(5)).unwrap()
    }

    #[test]
    fn seats_are_the_sum_of_the_subscriptions_less_what_is_assigned() {
        let history = ten_seats();
        assert_eq!(seats(&history), Seats { active: 10, suspended: 0, consumed: 2 });
        assert_eq!(seats(&history).available(), 8);
        assert_eq!(history.model.licenses().of(customer(1)).count(), 1);
        assert!(history.model.licenses().get(customer(2), sku(5)).is_none());
    }

    #[test]
    fn a_changed_quantity_counts_at_once() {
        let mut history = ten_seats();
        let subscription_id = subscription(1);
        let (old, new) = (quantity(6), quantity(20));
        history.then(customer(1), SubscriptionQuantityChanged { subscription_id, old, new });
        assert_eq!(seats(&history).active, 24);
    }

    #[test]
    fn suspended_seats_are_not_available_and_assignments_stay() {
        let mut history = ten_seats();
        for number in [1, 2] {
            let subscription_id = subscription(number);
            history.then(customer(1), SubscriptionSuspended { subscription_id });
        }
        assert_eq!(seats(&history), Seats { active: 0, suspended: 10, consumed: 2 });
        assert_eq!((seats(&history).available(), seats(&history).total()), (0, 10));
        let subscription_id = subscription(1);
        history.then(customer(1), SubscriptionReactivated { subscription_id });
        assert_eq!(seats(&history).available(), 4);
    }

    #[test]
    fn deleting_and_revoking_free_seats_and_restoring_takes_what_was_given_back() {
        let mut history = ten_seats();
        history.delete(1, 1, &[5]);
        assert_eq!(seats(&history).consumed, 1);
        history.restore(1, 1, &[(5, LicenseFate::NoSeat)]);
        assert_eq!(seats(&history).consumed, 1);
        history.delete(1, 1, &[]).restore(1, 1, &[]).delete(1, 2, &[5]);
        history.restore(1, 2, &[(5, LicenseFate::Restored)]);
        assert_eq!(seats(&history).consumed, 1);
        history.then(customer(1), LicenseRevoked { user_id: user(2), sku_id: sku(5) });
        assert_eq!(seats(&history).consumed, 0);
    }

    #[test]
    fn a_seat_of_a_product_that_was_never_bought_makes_no_sense() {
        let mut history = ten_seats();
        let stranger = events::LicenseAssigned { user_id: user(1), sku_id: sku(7) };
        let error = history.refused(customer(1), stranger).unwrap_err();
        assert_eq!(error.view, "licenses");
    }
}
