//! For how many seats was an indirect reseller on record, and when?

use events::{
    CustomerEvent, CustomerId, Event, MpnId, PartnerId, RecordedEvent, SkuId, SubscriptionCreated,
    SubscriptionEvent, SubscriptionId, Timestamp,
};
use imbl::{OrdMap, OrdSet};

use crate::{
    keys::{Id, Owned, customer_of, owned_mut},
    view::{Contradiction, View},
};

/// Who was credited for a subscription in the course of time.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CreditRow {
    /// The customer.
    pub customer: CustomerId,
    /// The subscription.
    pub subscription: SubscriptionId,
    /// The partner that sold it.
    pub seller: PartnerId,
    /// What was the case since when, oldest first; never empty.
    pub steps: Vec<CreditStep>,
}

/// What was the case from a moment on.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CreditStep {
    /// Since when.
    pub since: Timestamp,
    /// The reseller on record.
    pub reseller: Option<MpnId>,
    /// The product.
    pub sku: SkuId,
    /// The seats that worked: none while the subscription was suspended, or when it was over.
    pub seats: u32,
}

impl CreditRow {
    /// The seats for which a reseller was on record at a moment.
    #[must_use]
    pub fn seats_at(&self, reseller: &MpnId, at: Timestamp) -> u32 {
        let step = self.steps.iter().rev().find(|step| step.since <= at);
        step.filter(|step| step.reseller.as_ref() == Some(reseller)).map_or(0, |step| step.seats)
    }
}

/// What all resellers were ever on record for.
#[derive(Clone, Default, PartialEq, Debug)]
pub struct Credits {
    rows: Owned<CustomerId, SubscriptionId, CreditRow>,
    by_reseller: OrdSet<(MpnId, CustomerId, SubscriptionId)>,
    by_seller: OrdMap<PartnerId, OrdMap<MpnId, u32>>,
    quantities: OrdMap<(CustomerId, SubscriptionId), u32>,
}

impl Credits {
    /// Everything a reseller was ever on record for, whoever sold it.
    pub fn of_reseller(&self, reseller: &MpnId) -> impl Iterator<Item = &CreditRow> {
        let first = (reseller.clone(), CustomerId::MIN, SubscriptionId::MIN);
        let last = (reseller.clone(), CustomerId::MAX, SubscriptionId::MAX);
        let found = self.by_reseller.range(first..=last);
        found.filter_map(|(_, customer, id)| self.rows.get(&(*customer, *id)).map(|row| &**row))
    }

    /// The resellers that were ever on record for what a partner sold.
    pub fn resellers_of(&self, seller: PartnerId) -> impl Iterator<Item = &MpnId> {
        self.by_seller.get(&seller).into_iter().flat_map(OrdMap::keys)
    }

    fn create(&mut self, customer: CustomerId, at: Timestamp, event: &SubscriptionCreated) {
        let (id, seller) = (event.subscription_id, event.partner_id);
        let (reseller, seats) = (event.partner_on_record.clone(), event.quantity.get());
        let step = CreditStep { since: at, reseller, sku: event.sku_id, seats };
        let row = CreditRow { customer, subscription: id, seller, steps: vec![step] };
        self.rows.insert((customer, id), row.into());
        self.quantities.insert((customer, id), seats);
        self.index(event.partner_on_record.clone(), seller, customer, id);
    }

    /// Says what is the case with a subscription from now on.
    fn step(
        &mut self,
        customer: CustomerId,
        id: SubscriptionId,
        at: Timestamp,
        change: impl FnOnce(&mut CreditStep),
    ) -> Result<(), Contradiction> {
        let row = owned_mut(&mut self.rows, customer, id)?;
        let Some(last) = row.steps.last().cloned() else { return Ok(()) };
        let mut next = CreditStep { since: at, ..last.clone() };
        change(&mut next);
        if (CreditStep { since: last.since, ..next.clone() }) == last {
            return Ok(());
        }
        // What nobody is credited for is no history of credits: only its last word counts.
        if last.reseller.is_none() {
            row.steps.pop();
        }
        let (reseller, seller) = (next.reseller.clone(), row.seller);
        row.steps.push(next);
        self.index(reseller, seller, customer, id);
        Ok(())
    }

    fn index(
        &mut self,
        reseller: Option<MpnId>,
        seller: PartnerId,
        customer: CustomerId,
        id: SubscriptionId,
    ) {
        let Some(reseller) = reseller else { return };
        let is_new = self.by_reseller.insert((reseller.clone(), customer, id)).is_none();
        if is_new {
            *self.by_seller.entry(seller).or_default().entry(reseller).or_default() += 1;
        }
    }

    fn quantity(&self, customer: CustomerId, id: SubscriptionId) -> u32 {
        self.quantities.get(&(customer, id)).copied().unwrap_or_default()
    }
}

impl View for Credits {
    const NAME: &'static str = "credits";

    fn apply(&mut self, recorded: &RecordedEvent) -> Result<(), Contradiction> {
        let Event::Customer(CustomerEvent::Subscription(event)) = &recorded.event else {
            return Ok(());
        };
        let (customer, at) = (customer_of(recorded), recorded.metadata.occurred_at);
        match event {
            SubscriptionEvent::SubscriptionCreated(event) => {
                self.create(customer, at, event);
                Ok(())
            }
            SubscriptionEvent::SubscriptionQuantityChanged(event) => {
                let (id, seats) = (event.subscription_id, event.new.get());
                self.quantities.insert((customer, id), seats);
                self.step(customer, id, at, |step| step.seats = seats)
            }
            SubscriptionEvent::SubscriptionSuspended(event) => {
                self.step(customer, event.subscription_id, at, |step| step.seats = 0)
            }
            SubscriptionEvent::SubscriptionReactivated(event) => {
                let seats = self.quantity(customer, event.subscription_id);
                self.step(customer, event.subscription_id, at, |step| step.seats = seats)
            }
            SubscriptionEvent::SubscriptionCancelled(event) => {
                self.quantities.remove(&(customer, event.subscription_id));
                self.step(customer, event.subscription_id, at, |step| step.seats = 0)
            }
            SubscriptionEvent::SubscriptionUpgraded(event) => {
                self.step(customer, event.subscription_id, at, |step| {
                    step.sku = event.new_sku_id;
                })
            }
            SubscriptionEvent::ResellerOfRecordChanged(event) => {
                self.step(customer, event.subscription_id, at, |step| {
                    step.reseller.clone_from(&event.new);
                })
            }
            SubscriptionEvent::SubscriptionRenamed(_)
            | SubscriptionEvent::SubscriptionRenewalStopped(_)
            | SubscriptionEvent::SubscriptionRenewalResumed(_)
            | SubscriptionEvent::TrialConverted(_) => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use events::{ResellerOfRecordChanged, SubscriptionQuantityChanged, SubscriptionSuspended};

    use super::*;
    use crate::testing::{History, customer, partner, quantity, subscription};

    fn mpn(id: &str) -> MpnId {
        id.parse().unwrap()
    }

    fn put(history: &mut History, old: Option<&str>, new: Option<&str>) -> Timestamp {
        let (old, new) = (old.map(mpn), new.map(mpn));
        let subscription_id = subscription(1);
        history.then(customer(1), ResellerOfRecordChanged { subscription_id, old, new });
        history.now
    }

    #[test]
    fn a_reseller_is_credited_for_the_seats_it_was_on_record_for_and_as_long_as_it_was() {
        let mut history = History::new();
        history.customer(1, "Contoso", 1).subscribe(1, 1, 5, 3, 1);
        let before = history.now;
        let since = put(&mut history, None, Some("1002"));
        let subscription_id = subscription(1);
        let (old, new) = (quantity(3), quantity(8));
        history.then(customer(1), SubscriptionQuantityChanged { subscription_id, old, new });
        let grown = history.now;
        let until = put(&mut history, Some("1002"), Some("1003"));
        history.then(customer(1), SubscriptionSuspended { subscription_id });
        let suspended = history.now;

        let credits = history.model.credits();
        let row = credits.of_reseller(&mpn("1002")).next().unwrap();
        let seats = [before, since, grown, until].map(|at| row.seats_at(&mpn("1002"), at));
        assert_eq!(seats, [0, 3, 8, 0]);
        let row = credits.of_reseller(&mpn("1003")).next().unwrap();
        assert_eq!([until, suspended].map(|at| row.seats_at(&mpn("1003"), at)), [8, 0]);
        let resellers: Vec<_> = credits.resellers_of(partner(1)).collect();
        assert_eq!(resellers, [&mpn("1002"), &mpn("1003")]);
        assert_eq!(credits.resellers_of(partner(2)).count(), 0);
    }

    #[test]
    fn what_nobody_is_on_record_for_is_nobody_s() {
        let mut history = History::new();
        history.customer(1, "Contoso", 1).subscribe(1, 1, 5, 3, 1);
        assert_eq!(history.model.credits().of_reseller(&mpn("1002")).count(), 0);
    }
}
