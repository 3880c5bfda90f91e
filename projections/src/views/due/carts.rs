//! Carts, closed when they were forgotten.

use events::{CartEvent, CustomerId};

use super::{Deadlines, Due};

impl Deadlines {
    pub(super) fn cart(&mut self, customer: CustomerId, event: &CartEvent) {
        let expire = |cart| Due::ExpireCart { customer, cart };
        match event {
            CartEvent::CartOpened(event) => self.open(expire(event.cart_id), event.expires_at),
            CartEvent::CartChanged(event) => self.open(expire(event.cart_id), event.expires_at),
            CartEvent::CartCheckedOut(event) => self.settle(expire(event.cart_id)),
            CartEvent::CartCancelled(event) => self.settle(expire(event.cart_id)),
            CartEvent::CartExpired(event) => self.settle(expire(event.cart_id)),
            CartEvent::CartReviewed(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use events::{CartCancelled, Timestamp};

    use super::*;
    use crate::testing::{History, cart, cart_opened, customer};

    #[test]
    fn a_forgotten_cart_is_due_from_its_end_on_and_an_ordered_one_is_not() {
        let mut history = History::new();
        let end = Timestamp::EPOCH.plus_hours(1);
        let expire = Due::ExpireCart { customer: customer(1), cart: cart(1) };
        history.customer(1, "Contoso", 9).then(customer(1), cart_opened(1, 9, end));
        assert_eq!(history.model.deadlines().at(expire), Some(end));
        history.then(customer(1), CartCancelled { cart_id: cart(1) });
        assert_eq!(history.model.deadlines().at(expire), None);
    }
}
