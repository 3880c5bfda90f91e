//! What can be sold to a customer as things stand, and the subscriptions that an order becomes.

mod changes;

use std::collections::BTreeSet;

use events::{
    Actor, BillingCycle, CustomerEvent, FriendlyName, Money, MpnId, OfferId, OrderId, OrderLine,
    OrderSubmitted, PartnerId, Quantity, SaleTerms, SubscriptionCreated, SubscriptionId, Timestamp,
};

pub use self::changes::ChangeOrder;
use super::{
    CustomerCommand, reach,
    state::{CustomerState, SubscriptionStatus},
    subscriptions::renewal,
};
use crate::{
    catalogue::Offer,
    command::{Requires, command_enum},
    company_permissions::CompanyPermission,
    context::Context,
    permissions::Permission,
    rejection::{Rejection, SaleRejection},
};

/// Buy offers: each line becomes a subscription.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SubmitOrder {
    /// The new order.
    pub order_id: OrderId,
    /// The partner that sells.
    pub partner_id: PartnerId,
    /// How it is billed.
    pub billing_cycle: BillingCycle,
    /// What is bought; the numbers run from 0, in any order.
    pub lines: Vec<OrderLine>,
}

command_enum! {
    /// What can be asked about orders.
    OrderCommand in CustomerCommand {
        /// Buy offers.
        Submit(SubmitOrder),
        /// Change an order.
        Change(ChangeOrder),
    }
}

impl Requires for OrderCommand {
    fn permission(&self, _actor: &Actor) -> Option<Permission> {
        match self {
            Self::Submit(_) | Self::Change(_) => Some(Permission::SubscriptionsManage),
        }
    }

    fn company_permission(&self) -> Option<CompanyPermission> {
        match self {
            Self::Submit(_) => Some(CompanyPermission::Buy),
            Self::Change(_) => None,
        }
    }
}

pub(super) fn decide(
    state: &CustomerState,
    command: &OrderCommand,
    context: &Context<'_>,
) -> Result<Vec<CustomerEvent>, Rejection> {
    match command {
        OrderCommand::Submit(command) => submit(state, command, context),
        OrderCommand::Change(command) => changes::change(state, command, context),
    }
}

/// One line of an order or a cart, whichever.
pub(super) struct Sale<'a> {
    pub(super) offer_id: OfferId,
    pub(super) subscription_id: SubscriptionId,
    pub(super) quantity: Quantity,
    pub(super) billing_cycle: BillingCycle,
    pub(super) friendly_name: Option<&'a FriendlyName>,
    pub(super) partner_on_record: Option<&'a MpnId>,
    pub(super) parent_subscription: Option<SubscriptionId>,
}

impl<'a> Sale<'a> {
    pub(super) fn of(line: &'a OrderLine, billing_cycle: BillingCycle) -> Self {
        Self {
            offer_id: line.offer_id,
            subscription_id: line.subscription_id,
            quantity: line.quantity,
            billing_cycle,
            friendly_name: line.friendly_name.as_ref(),
            partner_on_record: line.partner_on_record.as_ref(),
            parent_subscription: line.parent_subscription,
        }
    }
}

/// A line that can be sold: its offer, and for how much.
pub(super) type Sellable<'c> = (&'c Offer, &'c Money);

fn submit(
    state: &CustomerState,
    command: &SubmitOrder,
    context: &Context<'_>,
) -> Result<Vec<CustomerEvent>, Rejection> {
    let seller = command.partner_id;
    reach::buyer(state, seller, context)?;
    if state.knows_order(command.order_id) {
        return Err(Rejection::AlreadyExists { what: "order" });
    }
    let lines = numbered(&command.lines, |line| line.line_number)?;
    let sales: Vec<_> = lines.iter().map(|line| Sale::of(line, command.billing_cycle)).collect();
    let sellable = sellable(state, seller, &sales, context)?;
    let created: Vec<_> = sales
        .iter()
        .zip(&sellable)
        .flat_map(|(sale, sellable)| {
            created((seller, command.order_id), sale, *sellable, context.now)
        })
        .collect();
    let submitted = OrderSubmitted {
        order_id: command.order_id,
        partner_id: seller,
        billing_cycle: command.billing_cycle,
        lines,
    };
    Ok(std::iter::once(submitted.into()).chain(created).collect())
}

/// The lines in the order of their numbers, which must run from 0 to n - 1.
pub(super) fn numbered<L: Clone>(
    lines: &[L],
    number: impl Fn(&L) -> u32,
) -> Result<Vec<L>, Rejection> {
    if lines.is_empty() {
        return Err(Rejection::NoLines);
    }
    let mut lines = lines.to_vec();
    lines.sort_by_key(&number);
    if lines.iter().map(&number).eq((0..).take(lines.len())) {
        Ok(lines)
    } else {
        Err(Rejection::LineNumbers { lines: lines.len() })
    }
}

/// Refuses what cannot be sold to the customer now, by this partner, in one go.
pub(super) fn sellable<'c>(
    state: &CustomerState,
    seller: PartnerId,
    sales: &[Sale<'_>],
    context: &Context<'c>,
) -> Result<Vec<Sellable<'c>>, Rejection> {
    let mut ids = BTreeSet::new();
    let mut sellable = Vec::with_capacity(sales.len());
    for sale in sales {
        let id = sale.subscription_id;
        if state.subscription(id).is_some() || !ids.insert(id) {
            return Err(Rejection::AlreadyExists { what: "subscription" });
        }
        let offer_id = sale.offer_id;
        let offer = context.facts.catalogue.offer(offer_id);
        let offer = offer.ok_or(Rejection::OfferNotFound { offer_id })?;
        offered(offer, sale.quantity)?;
        let price = priced(offer, sale.billing_cycle)?;
        if let Some(mpn_id) = sale.partner_on_record {
            on_record(seller, mpn_id, context)?;
        }
        has_parent(state, seller, sale, offer, sales)?;
        sellable.push((offer, price));
    }
    Ok(sellable)
}

/// Refuses an offer that is not sold any more, and a quantity it does not come in.
pub(super) fn offered(offer: &Offer, quantity: Quantity) -> Result<(), Rejection> {
    if !offer.is_available {
        Err(SaleRejection::OfferNotSold { offer_id: offer.id }.into())
    } else if offer.allows(quantity) {
        Ok(())
    } else {
        Err(Rejection::QuantityOutsideOffer {
            quantity,
            minimum: offer.minimum_quantity,
            maximum: offer.maximum_quantity,
        })
    }
}

/// The price when billed like this.
pub(super) fn priced(offer: &Offer, billing_cycle: BillingCycle) -> Result<&Money, Rejection> {
    let not_offered = Rejection::from(SaleRejection::BillingCycleNotOffered { offer_id: offer.id });
    offer.unit_price(billing_cycle).ok_or(not_offered)
}

/// Refuses an MPN id that is none of a reseller with an active partnership with the seller.
pub(super) fn on_record(
    seller: PartnerId,
    mpn_id: &MpnId,
    context: &Context<'_>,
) -> Result<(), Rejection> {
    let mut partnerships = context.facts.active_partnerships.iter();
    if partnerships.any(|bond| bond.provider == seller && bond.reseller_mpn_id == *mpn_id) {
        Ok(())
    } else {
        Err(Rejection::PartnerOnRecord { mpn_id: mpn_id.clone() })
    }
}

/// Refuses an add-on without an active subscription it belongs to, and a parent for anything else.
/// The parent may be bought together with it.
fn has_parent(
    state: &CustomerState,
    seller: PartnerId,
    sale: &Sale<'_>,
    offer: &Offer,
    together: &[Sale<'_>],
) -> Result<(), Rejection> {
    let offer_id = offer.id;
    let Some(parent) = sale.parent_subscription else {
        return if offer.is_add_on() {
            Err(SaleRejection::AddOnUnrelated { offer_id }.into())
        } else {
            Ok(())
        };
    };
    if !offer.is_add_on() {
        return Err(SaleRejection::NotAnAddOn { offer_id }.into());
    }
    let bought_now = together.iter().find(|other| other.subscription_id == parent);
    let held = state.subscription(parent).filter(|held| held.partner_id == seller);
    let (parent_offer, is_active) = match (bought_now, held) {
        (Some(sale), _) => (sale.offer_id, true),
        (None, Some(held)) => (held.offer_id, held.status == SubscriptionStatus::Active),
        (None, None) => return Err(SaleRejection::AddOnUnrelated { offer_id }.into()),
    };
    if !offer.parents.contains(&parent_offer) {
        Err(SaleRejection::AddOnUnrelated { offer_id }.into())
    } else if is_active {
        Ok(())
    } else {
        Err(SaleRejection::ParentNotActive { parent }.into())
    }
}

/// The subscription that a line becomes; one on trial ends by itself.
pub(super) fn created(
    (seller, order_id): (PartnerId, OrderId),
    sale: &Sale<'_>,
    (offer, price): Sellable<'_>,
    now: Timestamp,
) -> impl Iterator<Item = CustomerEvent> + use<> {
    let ends = renewal::of_trial(sale.subscription_id, offer, now);
    let created = SubscriptionCreated {
        subscription_id: sale.subscription_id,
        order_id,
        partner_id: seller,
        offer_id: offer.id,
        sku_id: offer.sku_id,
        quantity: sale.quantity,
        billing_cycle: sale.billing_cycle,
        friendly_name: sale.friendly_name.unwrap_or(&offer.name).clone(),
        partner_on_record: sale.partner_on_record.cloned(),
        parent_subscription: sale.parent_subscription,
        terms: Some(terms(offer, price)),
    };
    std::iter::once(created.into()).chain(ends)
}

/// What is agreed when an offer is sold at this price.
pub(super) fn terms(offer: &Offer, price: &Money) -> SaleTerms {
    SaleTerms {
        offer_name: offer.name.clone(),
        product_name: offer.sku_name.clone(),
        family: offer.family,
        minimum_quantity: offer.minimum_quantity,
        maximum_quantity: offer.maximum_quantity,
        unit_price: price.clone(),
    }
}
