//! What was ordered, by which partner, for which customer?

use events::{
    BillingCycle, CustomerEvent, CustomerId, Event, Money, OrderEvent, OrderExtended, OrderId,
    OrderLine, OrderRebilled, OrderSubmitted, PartnerId, RecordedEvent, SubscriptionCreated,
    SubscriptionEvent, SubscriptionId, Timestamp,
};
use imbl::OrdSet;

use crate::{
    keys::{Id, Owned, customer_of, insert_new, owned_by, owned_mut},
    view::{Contradiction, View},
};

/// A submitted order.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OrderRow {
    /// The order.
    pub id: OrderId,
    /// The customer.
    pub customer: CustomerId,
    /// The partner that submitted it.
    pub partner: PartnerId,
    /// How it is billed.
    pub billing_cycle: BillingCycle,
    /// What was ordered.
    pub lines: Box<[OrderLine]>,
    /// What was agreed for a licence, line by line; not known of what was sold before prices were
    /// recorded.
    pub prices: Box<[Option<Money>]>,
    /// When it was submitted.
    pub submitted_at: Timestamp,
    /// How often it was written: 1 when it was submitted, one more with each change.
    pub version: u64,
}

/// All orders of all customers.
#[derive(Clone, Default, PartialEq, Debug)]
pub struct Orders {
    rows: Owned<CustomerId, OrderId, OrderRow>,
    by_partner: OrdSet<(PartnerId, CustomerId, OrderId)>,
}

impl Orders {
    /// An order of this customer.
    #[must_use]
    pub fn get(&self, customer: CustomerId, id: OrderId) -> Option<&OrderRow> {
        self.rows.get(&(customer, id)).map(|row| &**row)
    }

    /// The orders of a customer, whoever submitted them, oldest first.
    pub fn of(&self, customer: CustomerId) -> impl Iterator<Item = &OrderRow> {
        owned_by(&self.rows, customer, None)
    }

    /// The orders a partner submitted, customer by customer.
    pub fn submitted_by(&self, partner: PartnerId) -> impl Iterator<Item = &OrderRow> {
        let first = (partner, CustomerId::MIN, OrderId::MIN);
        self.by_partner
            .range(first..=(partner, CustomerId::MAX, OrderId::MAX))
            .filter_map(|(_, customer, id)| self.get(*customer, *id))
    }

    fn submit(
        &mut self,
        recorded: &RecordedEvent,
        event: &OrderSubmitted,
    ) -> Result<(), Contradiction> {
        let customer = customer_of(recorded);
        let row = OrderRow {
            id: event.order_id,
            customer,
            partner: event.partner_id,
            billing_cycle: event.billing_cycle,
            lines: event.lines.as_slice().into(),
            prices: vec![None; event.lines.len()].into(),
            submitted_at: recorded.metadata.occurred_at,
            version: 1,
        };
        insert_new(&mut self.rows, customer, event.order_id, row)?;
        self.by_partner.insert((event.partner_id, customer, event.order_id));
        Ok(())
    }

    fn extend(&mut self, customer: CustomerId, event: &OrderExtended) -> Result<(), Contradiction> {
        let row = self.written(customer, event.order_id)?;
        row.lines = row.lines.iter().chain(&event.lines).cloned().collect();
        let prices = row.prices.iter().cloned();
        row.prices = prices.chain(event.lines.iter().map(|_| None)).collect();
        Ok(())
    }

    fn rebill(&mut self, customer: CustomerId, event: &OrderRebilled) -> Result<(), Contradiction> {
        let row = self.written(customer, event.order_id)?;
        row.billing_cycle = event.new;
        for rebilled in &event.subscriptions {
            agree(row, rebilled.subscription_id, &rebilled.terms.unit_price);
        }
        Ok(())
    }

    /// A line became a subscription, at the price agreed.
    fn sold(
        &mut self,
        customer: CustomerId,
        event: &SubscriptionCreated,
    ) -> Result<(), Contradiction> {
        if let Some(terms) = &event.terms
            && self.get(customer, event.order_id).is_some()
        {
            let row = owned_mut(&mut self.rows, customer, event.order_id)?;
            agree(row, event.subscription_id, &terms.unit_price);
        }
        Ok(())
    }

    /// A row that is about to be changed.
    fn written(
        &mut self,
        customer: CustomerId,
        id: OrderId,
    ) -> Result<&mut OrderRow, Contradiction> {
        let row = owned_mut(&mut self.rows, customer, id)?;
        row.version += 1;
        Ok(row)
    }
}

fn agree(row: &mut OrderRow, subscription: SubscriptionId, price: &Money) {
    let lines = row.lines.iter().zip(&mut row.prices);
    for (_, agreed) in lines.filter(|(line, _)| line.subscription_id == subscription) {
        *agreed = Some(price.clone());
    }
}

impl View for Orders {
    const NAME: &'static str = "orders";

    fn apply(&mut self, recorded: &RecordedEvent) -> Result<(), Contradiction> {
        let Event::Customer(event) = &recorded.event else {
            return Ok(());
        };
        let customer = customer_of(recorded);
        match event {
            CustomerEvent::Order(event) => match event {
                OrderEvent::OrderSubmitted(event) => self.submit(recorded, event),
                OrderEvent::OrderExtended(event) => self.extend(customer, event),
                OrderEvent::OrderRebilled(event) => self.rebill(customer, event),
            },
            CustomerEvent::Subscription(SubscriptionEvent::SubscriptionCreated(event)) => {
                self.sold(customer, event)
            }
            CustomerEvent::Account(_)
            | CustomerEvent::Relationship(_)
            | CustomerEvent::Request(_)
            | CustomerEvent::Cart(_)
            | CustomerEvent::Subscription(_)
            | CustomerEvent::SupportContact(_)
            | CustomerEvent::User(_)
            | CustomerEvent::License(_)
            | CustomerEvent::DirectoryRole(_)
            | CustomerEvent::SignIn(_)
            | CustomerEvent::Device(_)
            | CustomerEvent::Agreement(_) => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use events::{OrderExtended, OrderLine, OrderRebilled, RebilledSubscription};

    use super::*;
    use crate::testing::{
        History, customer, offer, order, order_submitted, partner, quantity, subscription,
        subscription_created, terms,
    };

    #[test]
    fn an_order_is_found_under_its_customer_and_its_partner_only() {
        let mut history = History::new();
        history.customer(1, "Contoso", 1).then(customer(1), order_submitted(1, 5, 1));
        history.then(customer(1), order_submitted(2, 5, 2));
        let orders = history.model.orders();
        assert_eq!(orders.get(customer(1), order(1)).unwrap().lines.len(), 1);
        assert!(orders.get(customer(2), order(1)).is_none());
        assert_eq!(orders.of(customer(1)).count(), 2);
        let submitted: Vec<_> = orders.submitted_by(partner(2)).map(|row| row.id).collect();
        assert_eq!(submitted, [order(2)]);
    }

    #[test]
    fn an_order_tells_what_was_agreed_grows_and_is_billed_in_another_cycle() {
        let mut history = History::new();
        history.customer(1, "Contoso", 1).then(customer(1), order_submitted(1, 5, 1));
        let of = |history: &History| history.model.orders().get(customer(1), order(1)).cloned();
        assert_eq!(*of(&history).unwrap().prices, [None]);
        let mut terms = terms("Mail");
        let sold = Some(terms.clone());
        history.then(
            customer(1),
            SubscriptionCreated { terms: sold, ..subscription_created(1, 5, 5, 1) },
        );
        assert_eq!(*of(&history).unwrap().prices, [Some(terms.unit_price.clone())]);
        assert_eq!(of(&history).unwrap().version, 1);

        let line = OrderLine {
            line_number: 1,
            offer_id: offer(6),
            subscription_id: subscription(2),
            quantity: quantity(5),
            friendly_name: None,
            partner_on_record: None,
            parent_subscription: Some(subscription(1)),
        };
        history.then(
            customer(1),
            OrderExtended { order_id: order(1), partner_id: partner(1), lines: vec![line] },
        );
        terms.unit_price.minor_units = 6_000;
        let rebilled =
            RebilledSubscription { subscription_id: subscription(1), terms: terms.clone() };
        history.then(
            customer(1),
            OrderRebilled {
                order_id: order(1),
                partner_id: partner(1),
                old: BillingCycle::Monthly,
                new: BillingCycle::Annual,
                subscriptions: vec![rebilled],
            },
        );
        let row = of(&history).unwrap();
        assert_eq!((row.lines.len(), row.version), (2, 3));
        assert_eq!(row.billing_cycle, BillingCycle::Annual);
        assert_eq!(*row.prices, [Some(terms.unit_price), None]);
    }
}
