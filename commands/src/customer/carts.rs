//! Orders in the making: drafted, reviewed, then ordered, cancelled or forgotten.

mod command;

use events::{
    BillingCycle, CartCancelled, CartChanged, CartCheckedOut, CartExpired, CartId, CartLine,
    CartOpened, CartReviewed, CustomerEvent, Money, MpnId, OrderId, OrderLine, OrderSubmitted,
    PartnerId, Process, Timestamp,
};
use imbl::OrdMap;

pub use self::command::{
    CancelCart, CartCommand, ChangeCart, CheckOutCart, ExpireCart, OpenCart, ReviewCart,
};
use super::{
    orders::{self, Sale, Sellable},
    reach,
    state::CustomerState,
};
use crate::{
    CART_LIFE_MINUTES,
    access::acts_as,
    context::Context,
    rejection::{Rejection, SaleRejection},
};

/// The carts of a customer; of those that are closed, no more than how.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Carts {
    carts: OrdMap<CartId, Cart>,
}

/// A cart.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Cart {
    partner_id: PartnerId,
    lines: Vec<CartLine>,
    expires_at: Timestamp,
    stage: Stage,
    /// How often it was changed or reviewed.
    revision: u32,
}

/// How far a cart has come.
#[derive(Clone, PartialEq, Eq, Debug)]
enum Stage {
    Draft,
    Reviewed { unit_prices: Vec<Money> },
    Ordered,
    Cancelled,
    Expired,
}

impl Carts {
    /// The partner of a cart, and the resellers its lines name.
    pub(super) fn parties(&self, id: CartId) -> Option<(PartnerId, Vec<MpnId>)> {
        let cart = self.carts.get(&id)?;
        let resellers = cart.lines.iter().filter_map(|line| line.partner_on_record.clone());
        Some((cart.partner_id, resellers.collect()))
    }

    /// The lines of a cart; none of one that is closed or not there.
    pub(super) fn lines(&self, id: CartId) -> &[CartLine] {
        self.carts.get(&id).map_or(&[], |cart| &cart.lines)
    }

    pub(super) fn opened(&mut self, event: &CartOpened) {
        let cart = Cart {
            partner_id: event.partner_id,
            lines: event.lines.clone(),
            expires_at: event.expires_at,
            stage: Stage::Draft,
            revision: 0,
        };
        self.carts.insert(event.cart_id, cart);
    }

    pub(super) fn changed(&mut self, event: &CartChanged) {
        if let Some(cart) = self.carts.get_mut(&event.cart_id) {
            cart.lines.clone_from(&event.lines);
            cart.expires_at = event.expires_at;
            cart.stage = Stage::Draft;
            cart.revision += 1;
        }
    }

    pub(super) fn reviewed(&mut self, event: &CartReviewed) {
        if let Some(cart) = self.carts.get_mut(&event.cart_id) {
            cart.stage = Stage::Reviewed { unit_prices: event.unit_prices.clone() };
            cart.revision += 1;
        }
    }

    pub(super) fn checked_out(&mut self, event: &CartCheckedOut) {
        self.close(event.cart_id, Stage::Ordered);
    }

    pub(super) fn cancelled(&mut self, event: &CartCancelled) {
        self.close(event.cart_id, Stage::Cancelled);
    }

    pub(super) fn expired(&mut self, event: &CartExpired) {
        self.close(event.cart_id, Stage::Expired);
    }

    fn close(&mut self, id: CartId, stage: Stage) {
        if let Some(cart) = self.carts.get_mut(&id) {
            cart.lines = Vec::new();
            cart.stage = stage;
        }
    }
}

pub(super) fn decide(
    state: &CustomerState,
    command: &CartCommand,
    context: &Context<'_>,
) -> Result<Vec<CustomerEvent>, Rejection> {
    match command {
        CartCommand::Open(command) => open(state, command, context),
        CartCommand::Change(command) => change(state, command, context),
        CartCommand::Review(command) => review(state, *command, context),
        CartCommand::CheckOut(command) => check_out(state, command, context),
        CartCommand::Cancel(command) => cancel(state, *command, context),
        CartCommand::Expire(command) => expire(state, *command, context),
    }
}

fn open(
    state: &CustomerState,
    command: &OpenCart,
    context: &Context<'_>,
) -> Result<Vec<CustomerEvent>, Rejection> {
    let OpenCart { cart_id, partner_id, .. } = *command;
    reach::holder(state, partner_id, context)?;
    if state.carts.carts.contains_key(&cart_id) {
        return Err(Rejection::AlreadyExists { what: "cart" });
    }
    let lines = orders::numbered(&command.lines, |line| line.line_number)?;
    sellable(state, partner_id, &lines, context)?;
    Ok(vec![CartOpened { cart_id, partner_id, lines, expires_at: expiry(context) }.into()])
}

/// A change is a sign of life: the cart lives as long as a new one from now on.
fn change(
    state: &CustomerState,
    command: &ChangeCart,
    context: &Context<'_>,
) -> Result<Vec<CustomerEvent>, Rejection> {
    let cart_id = command.cart_id;
    let cart = working(state, cart_id, context)?;
    let lines = orders::numbered(&command.lines, |line| line.line_number)?;
    sellable(state, cart.partner_id, &lines, context)?;
    if lines == cart.lines {
        return Ok(Vec::new());
    }
    Ok(vec![CartChanged { cart_id, lines, expires_at: expiry(context) }.into()])
}

fn review(
    state: &CustomerState,
    command: ReviewCart,
    context: &Context<'_>,
) -> Result<Vec<CustomerEvent>, Rejection> {
    let cart_id = command.cart_id;
    let cart = working(state, cart_id, context)?;
    let unit_prices = prices(&sellable(state, cart.partner_id, &cart.lines, context)?);
    if cart.stage == (Stage::Reviewed { unit_prices: unit_prices.clone() }) {
        return Ok(Vec::new());
    }
    Ok(vec![CartReviewed { cart_id, unit_prices }.into()])
}

/// What was reviewed is sold at the prices it was reviewed at, or not at all; what nobody reviewed is
/// reviewed by ordering it. What the buyer saw is not sold once it is something else.
fn check_out(
    state: &CustomerState,
    command: &CheckOutCart,
    context: &Context<'_>,
) -> Result<Vec<CustomerEvent>, Rejection> {
    let cart_id = command.cart_id;
    let cart = working(state, cart_id, context)?;
    if command.seen.is_some_and(|seen| seen != cart.revision) {
        return Err(SaleRejection::CartChanged.into());
    }
    let sellable = sellable(state, cart.partner_id, &cart.lines, context)?;
    let unit_prices = prices(&sellable);
    let mut events = Vec::new();
    match &cart.stage {
        Stage::Reviewed { unit_prices: agreed } if *agreed == unit_prices => {}
        Stage::Reviewed { .. } => return Err(SaleRejection::PricesChanged.into()),
        Stage::Draft | Stage::Ordered | Stage::Cancelled | Stage::Expired => {
            events.push(CartReviewed { cart_id, unit_prices }.into());
        }
    }
    let mut order_ids = Vec::new();
    for (billing_cycle, order_id) in BillingCycle::ALL.into_iter().zip(command.order_ids) {
        let chosen = cart.lines.iter().zip(&sellable);
        let chosen: Vec<_> =
            chosen.filter(|(line, _)| line.billing_cycle == billing_cycle).collect();
        if chosen.is_empty() {
            continue;
        }
        if state.knows_order(order_id) || order_ids.contains(&order_id) {
            return Err(Rejection::AlreadyExists { what: "order" });
        }
        order_ids.push(order_id);
        events.push(submitted(cart.partner_id, order_id, billing_cycle, &chosen));
        events.extend(chosen.iter().flat_map(|(line, sellable)| {
            orders::created((cart.partner_id, order_id), &sale(line), **sellable, context.now)
        }));
    }
    events.push(CartCheckedOut { cart_id, order_ids }.into());
    Ok(events)
}

fn submitted(
    partner_id: PartnerId,
    order_id: OrderId,
    billing_cycle: BillingCycle,
    chosen: &[(&CartLine, &Sellable<'_>)],
) -> CustomerEvent {
    let line = |(line_number, (line, _)): (u32, &(&CartLine, &Sellable<'_>))| OrderLine {
        line_number,
        offer_id: line.offer_id,
        subscription_id: line.subscription_id,
        quantity: line.quantity,
        friendly_name: line.friendly_name.clone(),
        partner_on_record: line.partner_on_record.clone(),
        parent_subscription: line.parent_subscription,
    };
    let lines = (0..).zip(chosen).map(line).collect();
    OrderSubmitted { order_id, partner_id, billing_cycle, lines }.into()
}

fn cancel(
    state: &CustomerState,
    command: CancelCart,
    context: &Context<'_>,
) -> Result<Vec<CustomerEvent>, Rejection> {
    let cart_id = command.cart_id;
    working(state, cart_id, context)?;
    Ok(vec![CartCancelled { cart_id }.into()])
}

/// For the timer; a cart that has expired is refused whether or not it came by.
fn expire(
    state: &CustomerState,
    command: ExpireCart,
    context: &Context<'_>,
) -> Result<Vec<CustomerEvent>, Rejection> {
    let cart_id = command.cart_id;
    acts_as(&context.actor, Process::Expiry)?;
    let cart = state.carts.carts.get(&cart_id).ok_or(SaleRejection::CartNotFound { cart_id })?;
    match cart.stage {
        Stage::Draft | Stage::Reviewed { .. } if context.now < cart.expires_at => {
            Err(SaleRejection::CartNotExpired { expires_at: cart.expires_at }.into())
        }
        Stage::Draft | Stage::Reviewed { .. } => Ok(vec![CartExpired { cart_id }.into()]),
        // Closed meanwhile: there is nothing to do.
        Stage::Ordered | Stage::Cancelled | Stage::Expired => Ok(Vec::new()),
    }
}

/// The cart, if the actor's partner has it and it can still be ordered.
fn working<'s>(
    state: &'s CustomerState,
    cart_id: CartId,
    context: &Context<'_>,
) -> Result<&'s Cart, Rejection> {
    reach::any(state, context)?;
    let cart = state.carts.carts.get(&cart_id);
    let cart = cart.filter(|cart| reach::holder(state, cart.partner_id, context).is_ok());
    let cart = cart.ok_or(SaleRejection::CartNotFound { cart_id })?;
    let expired = Rejection::from(SaleRejection::CartIsExpired { expired_at: cart.expires_at });
    match cart.stage {
        Stage::Draft | Stage::Reviewed { .. } if context.now >= cart.expires_at => Err(expired),
        Stage::Draft | Stage::Reviewed { .. } => Ok(cart),
        Stage::Expired => Err(expired),
        Stage::Ordered => Err(SaleRejection::CartIsOrdered.into()),
        Stage::Cancelled => Err(SaleRejection::CartIsCancelled.into()),
    }
}

fn expiry(context: &Context<'_>) -> Timestamp {
    context.now.plus_seconds(CART_LIFE_MINUTES * 60)
}

fn sellable<'c>(
    state: &CustomerState,
    seller: PartnerId,
    lines: &[CartLine],
    context: &Context<'c>,
) -> Result<Vec<Sellable<'c>>, Rejection> {
    let sales: Vec<_> = lines.iter().map(sale).collect();
    orders::sellable(state, seller, &sales, context)
}

fn sale(line: &CartLine) -> Sale<'_> {
    Sale {
        offer_id: line.offer_id,
        subscription_id: line.subscription_id,
        quantity: line.quantity,
        billing_cycle: line.billing_cycle,
        friendly_name: line.friendly_name.as_ref(),
        partner_on_record: line.partner_on_record.as_ref(),
        parent_subscription: line.parent_subscription,
    }
}

fn prices(sellable: &[Sellable<'_>]) -> Vec<Money> {
    sellable.iter().map(|(_, price)| (*price).clone()).collect()
}
