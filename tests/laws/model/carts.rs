//! Carts: an order that is drafted, reviewed, then ordered, cancelled, or forgotten after fifteen
//! minutes without a change.

use commands::{CheckOutCart, OpenCart};
use events::{
    BillingCycle, CartId, CartLine, CustomerId, OrderLine, PartnerId, Process, Timestamp,
};
use projections::{CartStage, ReadModel};
use proptest::{prop_assert, prop_assert_eq, test_runner::TestCaseError};
use services::application::Principal;

use super::{
    Plain, Reasons,
    reach::{self, Way},
    sales::Line,
    who_may::Deed,
};

const LIFE_MINUTES: i64 = 15;

/// A cart.
#[derive(Clone, Debug)]
pub(crate) struct Cart {
    pub(crate) seller: PartnerId,
    pub(crate) lines: Vec<CartLine>,
    pub(crate) expires_at: Timestamp,
    pub(crate) stage: Stage,
    /// How often it was changed or reviewed.
    pub(crate) revision: u32,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Stage {
    Draft,
    Reviewed,
    Ordered,
    Cancelled,
    Expired,
}

impl Cart {
    pub(crate) fn is_open(&self) -> bool {
        matches!(self.stage, Stage::Draft | Stage::Reviewed)
    }
}

/// What speaks against commands.
impl Plain {
    pub(super) fn open_cart(
        &self,
        no: &mut Reasons,
        by: Principal,
        (customer, command): (CustomerId, &OpenCart),
    ) {
        let seller = command.partner_id;
        self.on_customer(no, by, customer, (Deed::Sell, Way::Holder(seller)));
        no.no_if(self.cart(customer, command.cart_id).is_some(), "already_exists");
        self.cart_lines(no, customer, seller, &command.lines);
    }

    fn cart(&self, customer: CustomerId, id: CartId) -> Option<&Cart> {
        self.customers.get(&customer)?.carts.get(&id)
    }

    fn cart_lines(
        &self,
        no: &mut Reasons,
        customer: CustomerId,
        seller: PartnerId,
        lines: &[CartLine],
    ) {
        let orders: Vec<_> = lines.iter().map(order_line).collect();
        let lines: Vec<_> = lines
            .iter()
            .zip(&orders)
            .map(|(cart, line)| Line { line, cycle: cart.billing_cycle })
            .collect();
        self.sellable(no, customer, seller, &lines);
    }

    /// What speaks against touching a cart: it is its seller's, and works for a while.
    pub(super) fn working_cart(
        &self,
        no: &mut Reasons,
        by: Principal,
        (customer, id): (CustomerId, CartId),
        now: Timestamp,
    ) {
        self.on_customer(no, by, customer, (Deed::Sell, Way::Any));
        let Some(cart) = self.cart(customer, id) else { return no.no("cart_not_found") };
        let is_own = by.partner().is_none_or(|own| own == cart.seller);
        if !is_own || !self.holds(customer, cart.seller) {
            return no.bar(&["cart_not_found"]);
        }
        match cart.stage {
            Stage::Draft | Stage::Reviewed => {
                no.no_if(now >= cart.expires_at, "cart_is_expired");
            }
            Stage::Ordered => no.no("cart_is_ordered"),
            Stage::Cancelled => no.no("cart_is_cancelled"),
            Stage::Expired => no.no("cart_is_expired"),
        }
    }

    /// What speaks against lines of a cart that is there; its own where none are given.
    pub(super) fn lines_of_cart(
        &self,
        no: &mut Reasons,
        (customer, id): (CustomerId, CartId),
        lines: Option<&[CartLine]>,
    ) {
        if let Some(cart) = self.cart(customer, id).filter(|cart| cart.is_open()) {
            self.cart_lines(no, customer, cart.seller, lines.unwrap_or(&cart.lines));
        }
    }

    /// What speaks against ordering what a buyer saw.
    pub(super) fn seen_cart(
        &self,
        no: &mut Reasons,
        (customer, id): (CustomerId, CartId),
        seen: Option<u32>,
    ) {
        if let (Some(cart), Some(seen)) = (self.cart(customer, id), seen) {
            no.no_if(cart.is_open() && cart.revision != seen, "cart_changed");
        }
    }

    pub(super) fn expire_cart(
        &self,
        no: &mut Reasons,
        by: Principal,
        (customer, id): (CustomerId, CartId),
        now: Timestamp,
    ) {
        reach::process(no, by, Process::Expiry);
        match self.cart(customer, id) {
            None => no.no("cart_not_found"),
            Some(cart) => no.no_if(cart.is_open() && now < cart.expires_at, "cart_not_expired"),
        }
    }
}

/// What accepted commands lead to.
impl Plain {
    pub(super) fn cart_opened(&mut self, customer: CustomerId, command: &OpenCart, now: Timestamp) {
        let cart = Cart {
            seller: command.partner_id,
            lines: sorted(&command.lines),
            expires_at: now.plus_seconds(LIFE_MINUTES * 60),
            stage: Stage::Draft,
            revision: 0,
        };
        self.customer_mut(customer).carts.insert(command.cart_id, cart);
    }

    pub(super) fn cart_changed(
        &mut self,
        (customer, id): (CustomerId, CartId),
        lines: &[CartLine],
        now: Timestamp,
    ) {
        let cart = self.customer_mut(customer).carts.get_mut(&id).unwrap();
        let lines = sorted(lines);
        if lines != cart.lines {
            cart.lines = lines;
            cart.expires_at = now.plus_seconds(LIFE_MINUTES * 60);
            cart.stage = Stage::Draft;
            cart.revision += 1;
        }
    }

    pub(super) fn cart_is(&mut self, (customer, id): (CustomerId, CartId), stage: Stage) {
        let cart = self.customer_mut(customer).carts.get_mut(&id).unwrap();
        if cart.is_open() {
            cart.revision += u32::from(cart.stage == Stage::Draft && stage == Stage::Reviewed);
            cart.stage = stage;
        }
    }

    /// An order for each billing cycle.
    pub(super) fn checked_out(
        &mut self,
        customer: CustomerId,
        command: &CheckOutCart,
        now: Timestamp,
    ) {
        let cart = self.customers[&customer].carts[&command.cart_id].clone();
        for line in &cart.lines {
            let offer = self.offer(line.offer_id).cloned().expect("what is sold is offered");
            let (order, cycle) = (order_line(line), line.billing_cycle);
            let number = BillingCycle::ALL.iter().position(|it| *it == cycle).unwrap();
            let sale = (cart.seller, command.order_ids[number]);
            let state = self.customer_mut(customer);
            state.sold(&offer, sale, &Line { line: &order, cycle }, now);
            state.orders.insert(command.order_ids[number]);
        }
        self.cart_is((customer, command.cart_id), Stage::Ordered);
    }

    pub(super) fn carts_agree(&self, model: &ReadModel) -> Result<(), TestCaseError> {
        for (customer, state) in &self.customers {
            for (id, cart) in &state.carts {
                let Some(row) = model.carts().get(*customer, *id) else {
                    return Err(TestCaseError::fail(format!("{id} is not shown")));
                };
                let stage = match row.stage {
                    CartStage::Draft => Stage::Draft,
                    CartStage::Reviewed { .. } => Stage::Reviewed,
                    CartStage::Ordered { .. } => Stage::Ordered,
                    CartStage::Cancelled => Stage::Cancelled,
                    CartStage::Expired => Stage::Expired,
                };
                let expected = (cart.stage, cart.expires_at, cart.lines.as_slice());
                prop_assert_eq!((stage, row.expires_at, &*row.lines), expected);
                prop_assert!(!cart.is_open() || cart.revision == row.revision, "{}", row.revision);
            }
        }
        Ok(())
    }
}

fn sorted(lines: &[CartLine]) -> Vec<CartLine> {
    let mut lines = lines.to_vec();
    lines.sort_by_key(|line| line.line_number);
    lines
}

fn order_line(line: &CartLine) -> OrderLine {
    OrderLine {
        line_number: line.line_number,
        offer_id: line.offer_id,
        subscription_id: line.subscription_id,
        quantity: line.quantity,
        friendly_name: line.friendly_name.clone(),
        partner_on_record: line.partner_on_record.clone(),
        parent_subscription: line.parent_subscription,
    }
}
