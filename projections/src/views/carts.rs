//! Which orders are in the making, for which customer, and what became of them?

use events::{
    Actor, CartChanged, CartEvent, CartId, CartLine, CartOpened, CustomerEvent, CustomerId, Event,
    Money, OrderId, PartnerId, PartnerUserId, RecordedEvent, Timestamp,
};

use crate::{
    keys::{Owned, customer_of, insert_new, owned_by, owned_mut},
    view::{Contradiction, View},
};

/// An order in the making.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CartRow {
    /// The cart.
    pub id: CartId,
    /// The customer.
    pub customer: CustomerId,
    /// The partner that is going to sell.
    pub partner: PartnerId,
    /// What is to be bought, or was.
    pub lines: Box<[CartLine]>,
    /// When it was opened.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub modified_at: Timestamp,
    /// Who changed it last, where that was a partner user.
    pub modified_by: Option<PartnerUserId>,
    /// It can be ordered strictly before this moment.
    pub expires_at: Timestamp,
    /// What became of it.
    pub stage: CartStage,
    /// How often it was changed or reviewed: what a buyer saw is this one, or another.
    pub revision: u32,
}

/// How far a cart has come.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum CartStage {
    /// It is being drafted.
    Draft,
    /// It was found good, at these prices of a licence line by line.
    Reviewed {
        /// The prices.
        unit_prices: Box<[Money]>,
    },
    /// It was ordered.
    Ordered {
        /// The orders it became.
        orders: Box<[OrderId]>,
    },
    /// It was given up.
    Cancelled,
    /// It was forgotten.
    Expired,
}

impl CartRow {
    /// Whether it can still be ordered at a moment.
    #[must_use]
    pub fn is_open(&self, at: Timestamp) -> bool {
        match self.stage {
            CartStage::Draft | CartStage::Reviewed { .. } => at < self.expires_at,
            CartStage::Ordered { .. } | CartStage::Cancelled | CartStage::Expired => false,
        }
    }
}

/// All carts of all customers.
#[derive(Clone, Default, PartialEq, Debug)]
pub struct Carts {
    rows: Owned<CustomerId, CartId, CartRow>,
}

impl Carts {
    /// A cart of this customer.
    #[must_use]
    pub fn get(&self, customer: CustomerId, id: CartId) -> Option<&CartRow> {
        self.rows.get(&(customer, id)).map(|row| &**row)
    }

    /// The carts of a customer, whoever opened them, oldest first.
    pub fn of(&self, customer: CustomerId) -> impl Iterator<Item = &CartRow> {
        owned_by(&self.rows, customer, None)
    }

    fn open(&mut self, recorded: &RecordedEvent, event: &CartOpened) -> Result<(), Contradiction> {
        let (customer, at) = (customer_of(recorded), recorded.metadata.occurred_at);
        let row = CartRow {
            id: event.cart_id,
            customer,
            partner: event.partner_id,
            lines: event.lines.as_slice().into(),
            created_at: at,
            modified_at: at,
            modified_by: partner_user(recorded),
            expires_at: event.expires_at,
            stage: CartStage::Draft,
            revision: 0,
        };
        insert_new(&mut self.rows, customer, event.cart_id, row)
    }

    fn change(
        &mut self,
        recorded: &RecordedEvent,
        event: &CartChanged,
    ) -> Result<(), Contradiction> {
        let row = self.working(customer_of(recorded), event.cart_id)?;
        row.lines = event.lines.as_slice().into();
        row.modified_at = recorded.metadata.occurred_at;
        row.modified_by = partner_user(recorded);
        row.expires_at = event.expires_at;
        row.stage = CartStage::Draft;
        row.revision += 1;
        Ok(())
    }

    fn stage(
        &mut self,
        customer: CustomerId,
        id: CartId,
        stage: CartStage,
    ) -> Result<(), Contradiction> {
        self.working(customer, id)?.stage = stage;
        Ok(())
    }

    /// A cart that is neither ordered nor closed.
    fn working(&mut self, customer: CustomerId, id: CartId) -> Result<&mut CartRow, Contradiction> {
        let row = owned_mut(&mut self.rows, customer, id)?;
        match row.stage {
            CartStage::Draft | CartStage::Reviewed { .. } => Ok(row),
            CartStage::Ordered { .. } | CartStage::Cancelled | CartStage::Expired => {
                Err(Contradiction::wrong_state(id, "is closed"))
            }
        }
    }
}

/// The partner user who did it, if it was one.
const fn partner_user(recorded: &RecordedEvent) -> Option<PartnerUserId> {
    match recorded.metadata.actor {
        Actor::PartnerUser { user, .. } => Some(user),
        Actor::Operator
        | Actor::CustomerUser { .. }
        | Actor::System(_)
        | Actor::SupportOperator { .. }
        | Actor::Auditor { .. }
        | Actor::Visitor
        | Actor::Application { .. } => None,
    }
}

impl View for Carts {
    const NAME: &'static str = "carts";

    fn apply(&mut self, recorded: &RecordedEvent) -> Result<(), Contradiction> {
        let Event::Customer(CustomerEvent::Cart(event)) = &recorded.event else {
            return Ok(());
        };
        let customer = customer_of(recorded);
        match event {
            CartEvent::CartOpened(event) => self.open(recorded, event),
            CartEvent::CartChanged(event) => self.change(recorded, event),
            CartEvent::CartReviewed(event) => {
                let unit_prices = event.unit_prices.as_slice().into();
                let row = self.working(customer, event.cart_id)?;
                row.stage = CartStage::Reviewed { unit_prices };
                row.revision += 1;
                Ok(())
            }
            CartEvent::CartCheckedOut(event) => {
                let orders = event.order_ids.as_slice().into();
                self.stage(customer, event.cart_id, CartStage::Ordered { orders })
            }
            CartEvent::CartCancelled(event) => {
                self.stage(customer, event.cart_id, CartStage::Cancelled)
            }
            CartEvent::CartExpired(event) => {
                self.stage(customer, event.cart_id, CartStage::Expired)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use events::{CartCancelled, CartCheckedOut, CartReviewed, Timestamp};

    use super::*;
    use crate::testing::{History, cart, cart_opened, customer, order, partner};

    fn opened() -> History {
        let mut history = History::new();
        let end = Timestamp::EPOCH.plus_hours(1);
        history.customer(1, "Contoso", 1).then(customer(1), cart_opened(1, 1, end));
        history
    }

    fn row(history: &History) -> &CartRow {
        history.model.carts().get(customer(1), cart(1)).unwrap()
    }

    #[test]
    fn a_cart_is_open_until_it_expires_by_the_clock() {
        let history = opened();
        assert_eq!(row(&history).partner, partner(1));
        assert!(row(&history).is_open(Timestamp::EPOCH));
        assert!(!row(&history).is_open(Timestamp::EPOCH.plus_hours(1)));
        assert_eq!(history.model.carts().of(customer(2)).count(), 0);
    }

    #[test]
    fn a_cart_is_reviewed_and_becomes_orders_once() {
        let mut history = opened();
        history.then(customer(1), CartReviewed { cart_id: cart(1), unit_prices: Vec::new() });
        assert!(matches!(row(&history).stage, CartStage::Reviewed { .. }));
        assert_eq!(row(&history).revision, 1);
        let ordered = CartCheckedOut { cart_id: cart(1), order_ids: vec![order(1)] };
        history.then(customer(1), ordered);
        assert!(!row(&history).is_open(Timestamp::EPOCH));
        let late = history.refused(customer(1), CartCancelled { cart_id: cart(1) });
        assert!(late.is_err());
    }
}
