//! What was ordered, by which partner, for which customer?

use events::{
    BillingCycle, CustomerEvent, CustomerId, Event, OrderEvent, OrderId, OrderLine, OrderSubmitted,
    PartnerId, RecordedEvent, Timestamp,
};
use imbl::OrdSet;

use crate::{
    keys::{Id, Owned, customer_of, insert_new, owned_by},
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
    /// When it was submitted.
    pub submitted_at: Timestamp,
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
            submitted_at: recorded.metadata.occurred_at,
        };
        insert_new(&mut self.rows, customer, event.order_id, row)?;
        self.by_partner.insert((event.partner_id, customer, event.order_id));
        Ok(())
    }
}

impl View for Orders {
    const NAME: &'static str = "orders";

    fn apply(&mut self, recorded: &RecordedEvent) -> Result<(), Contradiction> {
        let Event::Customer(event) = &recorded.event else {
            return Ok(());
        };
        match event {
            CustomerEvent::Order(OrderEvent::OrderSubmitted(event)) => self.submit(recorded, event),
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
    use crate::testing::{History, customer, order, order_submitted, partner};

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
}
