//! How an order looks.

use commands::Catalogue;
use events::{
    CountryCode, CustomerId, Money, OfferId, OrderId, OrderLine, SubscriptionId, Timestamp,
};
use projections::{OrderRow, ReadModel};
use serde::Serialize;
use serde_json::Number;
use utoipa::ToSchema;

use super::{
    billing::{currency_symbol, cycle_word, decimal, term},
    product_shape::sku_uri,
    shapes::{Attributes, Link, SelfLinks, TaggedAttributes},
    wire::version_tag,
};

/// What an order shows besides its own row.
#[derive(Clone, Copy)]
pub(super) struct Surroundings<'a> {
    /// Where the customer is.
    pub(super) model: &'a ReadModel,
    /// Where its offers lie as products.
    pub(super) catalogue: &'a Catalogue,
    /// Whether the caller wants to know what it cost.
    pub(super) with_price: bool,
}

/// The tag of an order as it is now.
pub(super) fn tag(row: &OrderRow) -> String {
    version_tag(row.id, row.version)
}

impl Order {
    /// An order as answers show it.
    pub(super) fn of(row: &OrderRow, around: Surroundings<'_>) -> Self {
        let uri = format!("/customers/{}/orders/{}", row.customer, row.id);
        let agreed = row.prices.iter().flatten().next();
        let currency = agreed.map(|price| &price.currency);
        let lines = row.lines.iter().map(|line| OrderLineItem::of(row, line, around));
        let cost = around.with_price.then(|| total(row)).flatten();
        Self {
            id: row.id,
            reference_customer_id: row.customer,
            billing_cycle: cycle_word(row.billing_cycle),
            currency_code: currency.map(ToString::to_string),
            currency_symbol: currency.map(|currency| currency_symbol(currency).to_owned()),
            line_items: lines.collect(),
            creation_date: row.submitted_at,
            status: "completed",
            transaction_type: "UserPurchase",
            total_price: cost.as_ref().and_then(decimal),
            links: OrderLinks {
                provisioning_status: Link::to(format!("{uri}/provisioningstatus")),
                patch_operation: Link::to(&*uri).with_method("PATCH"),
                own: SelfLinks::to(uri),
            },
            attributes: Attributes::tagged("Order", tag(row)),
        }
    }
}

/// What an order cost: the licences ordered, at the prices agreed; not known where one of these was
/// not recorded.
fn total(row: &OrderRow) -> Option<Money> {
    let mut costs = row.lines.iter().zip(&row.prices).map(|(line, price)| {
        let price = price.as_ref()?;
        price.times(u64::from(line.quantity.get()))
    });
    let first = costs.next()??;
    costs.try_fold(first, |sum, cost| sum.plus(&cost?))
}

impl OrderLineItem {
    fn of(row: &OrderRow, line: &OrderLine, around: Surroundings<'_>) -> Self {
        let country = around.model.customers().get(row.customer).map(|row| &row.country);
        let (customer, subscription) = (row.customer, line.subscription_id);
        let catalogued =
            country.map(|country| CatalogueLinks::to(around.catalogue, line.offer_id, country));
        Self {
            line_item_number: line.line_number,
            offer_id: line.offer_id,
            subscription_id: line.subscription_id,
            parent_subscription_id: line.parent_subscription,
            friendly_name: line.friendly_name.as_ref().map(ToString::to_string),
            quantity: line.quantity.get(),
            term_duration: term(row.billing_cycle),
            transaction_type: "new",
            partner_id_on_record: line.partner_on_record.as_ref().map(ToString::to_string),
            links: OrderLineLinks {
                subscription: Link::to(format!(
                    "/customers/{customer}/subscriptions/{subscription}"
                )),
                catalogued: catalogued.unwrap_or_default(),
            },
            attributes: Attributes::of("OrderLineItem"),
        }
    }
}

impl CatalogueLinks {
    /// What an offer is as a product, in a country; nothing of one that is not listed any more.
    pub(super) fn to(catalogue: &Catalogue, offer: OfferId, country: &CountryCode) -> Self {
        let Some(offer) = catalogue.offer(offer) else { return Self::default() };
        let sku = sku_uri("/products", offer);
        let product = format!("/products/{}?country={country}", offer.sku_id);
        Self {
            product: Some(Link::to(product)),
            sku: Some(Link::to(format!("{sku}?country={country}"))),
            availability: Some(Link::to(format!("{sku}/availabilities/{country}"))),
        }
    }
}

/// What a customer was sold in one go.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Order {
    #[schema(value_type = Uuid)]
    id: OrderId,
    #[schema(value_type = Uuid)]
    reference_customer_id: CustomerId,
    #[schema(example = "monthly")]
    billing_cycle: &'static str,
    /// Absent of what was sold before prices were recorded.
    #[schema(example = "USD")]
    currency_code: Option<String>,
    #[schema(example = "$")]
    currency_symbol: Option<String>,
    line_items: Vec<OrderLineItem>,
    #[schema(value_type = String, format = DateTime)]
    creation_date: Timestamp,
    #[schema(example = "completed")]
    status: &'static str,
    #[schema(example = "UserPurchase")]
    transaction_type: &'static str,
    /// What it cost, with `include_price=true`.
    #[schema(value_type = Option<f64>, example = 62.5)]
    total_price: Option<Number>,
    links: OrderLinks,
    attributes: TaggedAttributes,
}

/// The links of an order.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct OrderLinks {
    /// Whether what was ordered is there yet.
    provisioning_status: Link,
    /// Where it is changed.
    patch_operation: Link,
    #[serde(flatten)]
    own: SelfLinks,
}

/// One offer of an order, and the subscription it became.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct OrderLineItem {
    /// From 0.
    #[schema(example = 0)]
    line_item_number: u32,
    #[schema(value_type = Uuid)]
    offer_id: OfferId,
    #[schema(value_type = Uuid)]
    subscription_id: SubscriptionId,
    /// The subscription to which it is an add-on.
    #[schema(value_type = Option<Uuid>)]
    parent_subscription_id: Option<SubscriptionId>,
    #[schema(example = "Sales team")]
    friendly_name: Option<String>,
    quantity: u32,
    /// After how long it goes on by itself; absent where it was paid once.
    #[schema(example = "P1M")]
    term_duration: Option<&'static str>,
    #[schema(example = "new")]
    transaction_type: &'static str,
    /// The MPN id of the indirect reseller on record.
    #[schema(example = "1234567")]
    partner_id_on_record: Option<String>,
    links: OrderLineLinks,
    attributes: Attributes,
}

/// The links of a line of an order.
#[derive(Serialize, ToSchema)]
struct OrderLineLinks {
    subscription: Link,
    #[serde(flatten)]
    catalogued: CatalogueLinks,
}

/// What something sold is in the catalogue, as long as that lists it.
#[derive(Default, Serialize, ToSchema)]
pub(super) struct CatalogueLinks {
    product: Option<Link>,
    sku: Option<Link>,
    availability: Option<Link>,
}
