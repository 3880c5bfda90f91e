//! What does a partner bill for a month, and what for?
//!
//! Invoices are no facts of their own: they follow from what was sold, for how much, and how many
//! licences worked day by day. A closed month does not change any more, so an invoice is made out
//! when it is asked for, and is the same every time.

mod billed;
mod id;
mod month;
#[cfg(test)]
mod tests;
mod totals;

use std::cmp::Reverse;

use events::{
    BillingCycle, CustomerEvent, CustomerId, Event, Money, OfferId, OrderEvent, PartnerId,
    RecordedEvent, SaleTerms, SkuId, SubscriptionCreated, SubscriptionEvent, SubscriptionId,
    Timestamp,
};
use imbl::OrdSet;

use self::{
    billed::{Billed, Change, Charge},
    totals::{Costs, Totals},
};
pub use self::{id::InvoiceId, month::BillingMonth, totals::InvoiceRow};
use crate::{
    keys::{Id, Owned, customer_of, insert_new, owned_by, owned_mut},
    view::{Contradiction, View},
};

/// A line of an invoice: what one sale of a subscription costs in the month.
#[derive(Clone, PartialEq, Debug)]
pub struct InvoiceLine<'a> {
    /// The customer that has the subscription.
    pub customer: CustomerId,
    /// The subscription.
    pub subscription: SubscriptionId,
    /// Which sale of the subscription: 0 as it was created, one more with each upgrade and
    /// each change of how it is billed.
    pub sale: usize,
    /// The partner that sold it.
    pub seller: PartnerId,
    /// What was bought.
    pub offer: OfferId,
    /// The product.
    pub sku: SkuId,
    /// How it is billed.
    pub billing_cycle: BillingCycle,
    /// What was agreed when it was sold.
    pub terms: &'a SaleTerms,
    /// How much of it is billed: licences that are paid for once, else the licences at the end of
    /// each day, added up over the month.
    pub used: u64,
    /// What that costs.
    pub amount: Money,
}

/// Where a line stands in its invoice.
pub type LinePlace = (CustomerId, SubscriptionId, usize);

impl<'a> InvoiceLine<'a> {
    /// Where it stands in its invoice.
    #[must_use]
    pub const fn place(&self) -> LinePlace {
        (self.customer, self.subscription, self.sale)
    }

    fn of(
        customer: CustomerId,
        subscription: SubscriptionId,
        seller: PartnerId,
        charge: Charge<'a>,
    ) -> Self {
        let Charge { sale, offer, sku, cycle, terms, used, amount } = charge;
        Self {
            customer,
            subscription,
            sale,
            seller,
            offer,
            sku,
            billing_cycle: cycle,
            terms,
            used,
            amount,
        }
    }
}

/// What all partners sold, as it is billed.
#[derive(Clone, Default, PartialEq, Debug)]
pub struct Invoices {
    rows: Owned<CustomerId, SubscriptionId, Billed>,
    by_seller: OrdSet<(PartnerId, CustomerId, SubscriptionId)>,
    totals: Totals,
}

impl Invoices {
    /// The invoices of a partner for all months that are closed at a moment: the newest month
    /// first, then by currency.
    #[must_use]
    pub fn of(&self, seller: PartnerId, at: Timestamp) -> Vec<InvoiceRow> {
        let mut rows = self.totals.before(seller, BillingMonth::of(at));
        rows.sort_by(|a, b| {
            (Reverse(a.id.month), &a.id.currency).cmp(&(Reverse(b.id.month), &b.id.currency))
        });
        rows
    }

    /// One invoice, if its month is closed at a moment and anything is billed for it.
    #[must_use]
    pub fn get(&self, id: &InvoiceId, at: Timestamp) -> Option<InvoiceRow> {
        id.month.is_closed_at(at).then(|| self.totals.get(id)).flatten()
    }

    /// The lines of an invoice behind a place, customer by customer; of one customer where one is
    /// named.
    pub fn lines<'a>(
        &'a self,
        id: &'a InvoiceId,
        customer: Option<CustomerId>,
        after: Option<LinePlace>,
    ) -> impl Iterator<Item = InvoiceLine<'a>> {
        let (low, high) = customer.map_or((CustomerId::MIN, CustomerId::MAX), |only| (only, only));
        let begin = (low, SubscriptionId::MIN);
        let begin =
            after.map_or(begin, |(customer, subscription, _)| begin.max((customer, subscription)));
        let range = (id.seller, begin.0, begin.1)..=(id.seller, high, SubscriptionId::MAX);
        // A place behind everything asked for begins no range.
        let found = (begin.0 <= high).then(|| self.by_seller.range(range));
        found
            .into_iter()
            .flatten()
            .flat_map(move |(_, customer, subscription)| {
                self.lines_of(*customer, *subscription, id.month)
            })
            .filter(|line| line.amount.currency == id.currency)
            .filter(move |line| after.is_none_or(|after| line.place() > after))
    }

    /// What a customer's subscriptions cost in a month, whoever sold them.
    pub fn of_customer(
        &self,
        customer: CustomerId,
        month: BillingMonth,
    ) -> impl Iterator<Item = InvoiceLine<'_>> {
        let subscriptions =
            self.rows.range((customer, SubscriptionId::MIN)..=(customer, SubscriptionId::MAX));
        subscriptions
            .flat_map(move |((_, subscription), _)| self.lines_of(customer, *subscription, month))
    }

    /// The months for which a customer's subscriptions may cost something, as far as they are closed
    /// at a moment, newest first.
    pub fn months_of(
        &self,
        customer: CustomerId,
        at: Timestamp,
    ) -> impl Iterator<Item = BillingMonth> + use<> {
        let this = BillingMonth::of(at);
        let first = owned_by(&self.rows, customer, None).map(|billed| billed.since).min();
        let months = std::iter::successors(Some(this.previous()), |month| Some(month.previous()));
        months.take_while(move |month| *month < this && first.is_some_and(|first| first <= *month))
    }

    fn lines_of(
        &self,
        customer: CustomerId,
        subscription: SubscriptionId,
        month: BillingMonth,
    ) -> impl Iterator<Item = InvoiceLine<'_>> {
        let billed = self.rows.get(&(customer, subscription)).into_iter();
        billed.flat_map(move |billed| {
            let line = move |charge| InvoiceLine::of(customer, subscription, billed.seller, charge);
            billed.charges(month).map(line)
        })
    }

    fn create(
        &mut self,
        recorded: &RecordedEvent,
        event: &SubscriptionCreated,
    ) -> Result<(), Contradiction> {
        let (customer, at) = (customer_of(recorded), recorded.recorded_at);
        let (id, seller) = (event.subscription_id, event.partner_id);
        let billed = Billed::created(event, at);
        let after = Costs::of(&billed, billed.since);
        self.totals.change(seller, billed.since, &Costs::NONE, &after);
        self.by_seller.insert((seller, customer, id));
        insert_new(&mut self.rows, customer, id, billed)
    }

    fn change(
        &mut self,
        recorded: &RecordedEvent,
        id: SubscriptionId,
        change: &Change<'_>,
    ) -> Result<(), Contradiction> {
        let (customer, at) = (customer_of(recorded), recorded.recorded_at);
        let month = BillingMonth::of(at);
        let billed = owned_mut(&mut self.rows, customer, id)?;
        let before = Costs::of(billed, month);
        billed.change(change, at);
        self.totals.change(billed.seller, month, &before, &Costs::of(billed, month));
        Ok(())
    }
}

impl View for Invoices {
    const NAME: &'static str = "invoices";

    fn apply(&mut self, recorded: &RecordedEvent) -> Result<(), Contradiction> {
        if let Event::Customer(CustomerEvent::Order(OrderEvent::OrderRebilled(event))) =
            &recorded.event
        {
            for rebilled in &event.subscriptions {
                let change = Change::Rebilled(event.new, &rebilled.terms);
                self.change(recorded, rebilled.subscription_id, &change)?;
            }
        }
        let Event::Customer(CustomerEvent::Subscription(event)) = &recorded.event else {
            return Ok(());
        };
        match event {
            SubscriptionEvent::SubscriptionCreated(event) => self.create(recorded, event),
            SubscriptionEvent::SubscriptionQuantityChanged(event) => {
                let quantity = Change::Quantity(event.new.get());
                self.change(recorded, event.subscription_id, &quantity)
            }
            SubscriptionEvent::SubscriptionSuspended(event) => {
                self.change(recorded, event.subscription_id, &Change::Works(false))
            }
            SubscriptionEvent::SubscriptionReactivated(event) => {
                self.change(recorded, event.subscription_id, &Change::Works(true))
            }
            SubscriptionEvent::SubscriptionUpgraded(event) => {
                self.change(recorded, event.subscription_id, &Change::Upgraded(event))
            }
            SubscriptionEvent::TrialConverted(event) => {
                self.change(recorded, event.subscription_id, &Change::Converted(event))
            }
            SubscriptionEvent::SubscriptionCancelled(event) => {
                self.change(recorded, event.subscription_id, &Change::Works(false))
            }
            SubscriptionEvent::SubscriptionRenamed(_)
            | SubscriptionEvent::SubscriptionRenewalStopped(_)
            | SubscriptionEvent::SubscriptionRenewalResumed(_)
            | SubscriptionEvent::ResellerOfRecordChanged(_) => Ok(()),
        }
    }
}
