//! How a cart looks.

use events::{
    BillingCycle, CartId, CartLine, Money, OfferId, PartnerUserId, SubscriptionId, Timestamp,
};
use projections::{CartRow, CartStage};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    billing::{UnitPrice, cycle_word, term},
    order_shape::Order,
    shapes::{Attributes, SelfLinks},
};

/// The participant of a line that is the reseller on record.
pub(super) const RESELLER: &str = "transaction_reseller";

/// An order in the making.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Cart {
    #[schema(value_type = Uuid)]
    id: CartId,
    #[schema(value_type = String, format = DateTime)]
    creation_timestamp: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    last_modified_timestamp: Timestamp,
    /// It can be ordered before this moment.
    #[schema(value_type = String, format = DateTime)]
    expiration_timestamp: Timestamp,
    /// Who changed it last, where that was a partner user.
    #[schema(value_type = Option<Uuid>)]
    last_modified_user: Option<PartnerUserId>,
    /// `Active` or `Ordered`; absent of one that came to nothing.
    #[schema(example = "Active")]
    status: Option<&'static str>,
    /// How far it has come: `draft`, `reviewed`, `ordered`, `cancelled` or `expired` (*own*).
    #[schema(example = "draft")]
    stage: &'static str,
    line_items: Vec<CartLineItem>,
    links: SelfLinks,
    attributes: Attributes,
}

/// One offer in a cart.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct CartLineItem {
    /// From 0.
    #[schema(example = 0)]
    id: u32,
    #[schema(value_type = Uuid)]
    catalog_item_id: OfferId,
    #[schema(example = "Sales team")]
    friendly_name: Option<String>,
    quantity: u32,
    /// Of what was reviewed.
    #[schema(example = "USD")]
    currency_code: Option<String>,
    #[schema(example = "monthly")]
    billing_cycle: &'static str,
    /// After how long it goes on by itself; absent where it is paid once.
    #[schema(example = "P1M")]
    term_duration: Option<&'static str>,
    /// Lines of one group become one order.
    #[schema(example = "0")]
    order_group: String,
    /// Of what was reviewed (*own*).
    unit_price: Option<UnitPrice>,
    /// The subscription that it becomes (*own*).
    #[schema(value_type = Uuid)]
    subscription_id: SubscriptionId,
    /// The subscription to which it is an add-on (*own*).
    #[schema(value_type = Option<Uuid>)]
    parent_subscription_id: Option<SubscriptionId>,
    participants: Option<Vec<Participant>>,
    /// Add-ons to this very line.
    #[schema(no_recursion, example = json!([]))]
    addon_items: Option<Vec<CartLineItem>>,
    attributes: Attributes,
}

/// Who takes part in a sale.
#[derive(Serialize, ToSchema)]
pub(super) struct Participant {
    #[schema(example = "transaction_reseller")]
    key: &'static str,
    /// The MPN id.
    #[schema(example = "1234567")]
    value: String,
}

/// What a cart became.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct CartCheckoutResult {
    orders: Vec<Order>,
    /// Always empty: a cart is ordered whole or not at all.
    order_errors: Vec<OrderError>,
    attributes: Attributes,
}

/// Why an order of a cart was not made.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct OrderError {
    #[schema(example = "0")]
    order_group_id: String,
    code: u32,
    description: String,
}

impl CartCheckoutResult {
    /// These orders, and nothing went wrong.
    pub(super) const fn of(orders: Vec<Order>) -> Self {
        Self { orders, order_errors: Vec::new(), attributes: Attributes::of("CartCheckoutResult") }
    }
}

impl Cart {
    /// A cart as it is at a moment.
    pub(super) fn of(row: &CartRow, at: Timestamp) -> Self {
        let is_child = |line: &&CartLine| {
            let parent = line.parent_subscription;
            parent.is_some_and(|id| row.lines.iter().any(|line| line.subscription_id == id))
        };
        let lines = row.lines.iter().filter(|line| !is_child(line));
        let (status, stage) = words(row, at);
        Self {
            id: row.id,
            creation_timestamp: row.created_at,
            last_modified_timestamp: row.modified_at,
            expiration_timestamp: row.expires_at,
            last_modified_user: row.modified_by,
            status,
            stage,
            line_items: lines.map(|line| CartLineItem::with_add_ons(row, line)).collect(),
            links: SelfLinks::to(format!("/customers/{}/carts/{}", row.customer, row.id)),
            attributes: Attributes::of("Cart"),
        }
    }
}

/// The contract's word for a cart, where it has one, and ours.
fn words(row: &CartRow, at: Timestamp) -> (Option<&'static str>, &'static str) {
    match &row.stage {
        CartStage::Draft | CartStage::Reviewed { .. } if !row.is_open(at) => (None, "expired"),
        CartStage::Draft => (Some("Active"), "draft"),
        CartStage::Reviewed { .. } => (Some("Active"), "reviewed"),
        CartStage::Ordered { .. } => (Some("Ordered"), "ordered"),
        CartStage::Cancelled => (None, "cancelled"),
        CartStage::Expired => (None, "expired"),
    }
}

impl CartLineItem {
    fn with_add_ons(row: &CartRow, line: &CartLine) -> Self {
        let own = Some(line.subscription_id);
        let add_ons = row.lines.iter().filter(|other| other.parent_subscription == own);
        let add_ons: Vec<_> = add_ons.map(|add_on| Self::of(row, add_on)).collect();
        let addon_items = Some(add_ons).filter(|add_ons| !add_ons.is_empty());
        Self { addon_items, ..Self::of(row, line) }
    }

    fn of(row: &CartRow, line: &CartLine) -> Self {
        let price = price(row, line);
        let reseller = line.partner_on_record.as_ref();
        Self {
            id: line.line_number,
            catalog_item_id: line.offer_id,
            friendly_name: line.friendly_name.as_ref().map(ToString::to_string),
            quantity: line.quantity.get(),
            currency_code: price.map(|price| price.currency.to_string()),
            billing_cycle: cycle_word(line.billing_cycle),
            term_duration: term(line.billing_cycle),
            order_group: order_group(line.billing_cycle).to_owned(),
            unit_price: price.map(UnitPrice::from),
            subscription_id: line.subscription_id,
            parent_subscription_id: line.parent_subscription,
            participants: reseller
                .map(|id| vec![Participant { key: RESELLER, value: id.to_string() }]),
            addon_items: None,
            attributes: Attributes::of("CartLineItem"),
        }
    }
}

/// What a licence of a line costs, if the cart was reviewed.
fn price<'a>(row: &'a CartRow, line: &CartLine) -> Option<&'a Money> {
    match &row.stage {
        CartStage::Reviewed { unit_prices } => {
            unit_prices.get(usize::try_from(line.line_number).ok()?)
        }
        CartStage::Draft
        | CartStage::Ordered { .. }
        | CartStage::Cancelled
        | CartStage::Expired => None,
    }
}

/// A cart becomes an order for each billing cycle in it.
const fn order_group(cycle: BillingCycle) -> &'static str {
    match cycle {
        BillingCycle::Monthly => "0",
        BillingCycle::Annual => "1",
        BillingCycle::OneTime => "2",
    }
}
