//! Carts, given other lines: a line that goes on keeps the subscription it is going to become.
//!
//! Which lines go on is worked out from the cart while other commands on the customer queue: of two
//! who add the same line at the same time, the second finds it there.

use std::collections::BTreeMap;

use async_trait::async_trait;
use commands::{ChangeCart, Customer, ReviewCart};
use events::{CartId, CartLine, CustomerId, StreamId, SubscriptionId};

use super::{CommandError, OnCustomer, Transaction, UseCase};

/// A change of a cart to lines that depend on those it has.
pub(crate) struct ChangeCartLines<F> {
    /// The customer.
    pub(crate) customer: CustomerId,
    /// The cart.
    pub(crate) cart_id: CartId,
    /// The lines from now on, out of those until now.
    pub(crate) lines: F,
    /// Whether the cart is found good as it stands then.
    pub(crate) reviews: bool,
}

#[async_trait]
impl<F> UseCase for ChangeCartLines<F>
where
    F: Fn(&[CartLine]) -> Vec<CartLine> + Send + Sync,
{
    fn name(&self) -> &'static str {
        "ChangeCart"
    }

    fn primary(&self) -> StreamId {
        self.customer.into()
    }

    async fn decide(&self, transaction: &mut Transaction<'_>) -> Result<(), CommandError> {
        let cart_id = self.cart_id;
        let state = transaction.read::<Customer>(self.customer).await?.state;
        let lines = (self.lines)(state.cart_lines(cart_id));
        let change = OnCustomer::new(self.customer, ChangeCart { cart_id, lines });
        let change = if self.reviews { change.and(ReviewCart { cart_id }) } else { change };
        change.decide(transaction).await
    }
}

/// Lets each line that goes on become what it was going to become; `known` tells the line it was, by
/// its place or by what it is. Add-ons to a line stay with it.
pub(crate) fn going_on<'k>(
    mut lines: Vec<CartLine>,
    known: impl Fn(usize, &CartLine) -> Option<&'k CartLine>,
) -> Vec<CartLine> {
    let mut renamed: BTreeMap<SubscriptionId, SubscriptionId> = BTreeMap::new();
    for (place, line) in lines.iter_mut().enumerate() {
        if let Some(known) = known(place, line) {
            renamed.insert(line.subscription_id, known.subscription_id);
            line.subscription_id = known.subscription_id;
        }
    }
    for parent in lines.iter_mut().filter_map(|line| line.parent_subscription.as_mut()) {
        *parent = renamed.get(parent).copied().unwrap_or(*parent);
    }
    lines
}

#[cfg(test)]
mod tests {
    use events::{BillingCycle, OfferId, Quantity};
    use uuid::Uuid;

    use super::*;

    fn line(number: u32, becomes: u128, parent: Option<u128>) -> CartLine {
        let subscription = |id| SubscriptionId::from_uuid(Uuid::from_u128(id));
        CartLine {
            line_number: number,
            offer_id: OfferId::from_uuid(Uuid::from_u128(1)),
            subscription_id: subscription(becomes),
            quantity: Quantity::new(1).unwrap(),
            billing_cycle: BillingCycle::Monthly,
            friendly_name: None,
            partner_on_record: None,
            parent_subscription: parent.map(subscription),
        }
    }

    #[test]
    fn a_line_that_goes_on_keeps_what_it_becomes_and_its_add_ons_follow() {
        let known = [line(0, 10, None), line(1, 11, Some(10))];
        let wanted = vec![line(0, 20, None), line(1, 21, Some(20)), line(2, 22, Some(20))];
        let lines = going_on(wanted, |place, _| known.get(place));
        assert_eq!(lines, [line(0, 10, None), line(1, 11, Some(10)), line(2, 22, Some(10))]);
    }

    #[test]
    fn an_add_on_to_a_subscription_that_is_no_line_stays_with_it() {
        let known = [line(0, 10, None)];
        let lines = going_on(vec![line(0, 20, Some(5))], |place, _| known.get(place));
        assert_eq!(lines, [line(0, 10, Some(5))]);
    }
}
