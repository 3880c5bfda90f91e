//! How the catalogue looks as products, SKUs and availabilities, and how an item of it is named.

use commands::{Catalogue, Offer};
use events::{CountryCode, OfferId, SkuId};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    billing::{currency_symbol, cycle_word, term},
    shapes::{Attributes, Link, SelfLinks},
};
use crate::http::{ApiError, AppState, JsonBody};

/// The one sort of product that is sold.
const ONLINE_SERVICES: ProductType =
    ProductType { id: "OnlineServices", display_name: "Online Services" };

/// The offer that an item of the catalogue names: by its own id, or as `product:sku:availability`.
///
/// # Errors
/// When the member is missing, or names nothing in the catalogue.
pub(super) fn catalogue_item(
    app: &AppState,
    body: &JsonBody,
    name: &str,
) -> Result<OfferId, ApiError> {
    let bad_offer = |error| ApiError { code: 800_004, ..error };
    let text: String = body.required(name).map_err(bad_offer)?;
    if !text.contains(':') {
        return body.required(name).map_err(bad_offer);
    }
    let named = item(app.catalogue(), &text);
    named.ok_or_else(|| bad_offer(body.wrong(name, "is no item of the catalogue")))
}

fn item(catalogue: &Catalogue, text: &str) -> Option<OfferId> {
    let mut parts = text.trim().split(':');
    let (product, sku, place) = (parts.next()?, parts.next()?, parts.next()?);
    place.parse::<CountryCode>().ok()?;
    let product: SkuId = product.parse().ok()?;
    let offer = catalogue.offer(sku.parse().ok()?)?;
    (parts.next().is_none() && offer.sku_id == product).then_some(offer.id)
}

/// The address of an offer as a SKU of its product, under that of the products.
pub(super) fn sku_uri(base: &str, offer: &Offer) -> String {
    format!("{base}/{}/skus/{}", offer.sku_id, offer.id)
}

impl Product {
    /// The product of its first offer, which speaks for it.
    pub(super) fn of(base: &str, first: &Offer) -> Self {
        let uri = format!("{base}/{}", first.sku_id);
        Self {
            id: first.sku_id,
            title: first.sku_name.to_string(),
            description: first.description.clone(),
            product_type: ONLINE_SERVICES,
            links: ProductLinks { skus: Link::to(format!("{uri}/skus")), own: SelfLinks::to(uri) },
            attributes: Attributes::of("Product"),
        }
    }
}

impl Sku {
    /// An offer as a SKU of its product.
    pub(super) fn of(base: &str, catalogue: &Catalogue, offer: &Offer) -> Self {
        let uri = sku_uri(base, offer);
        let cycles = offer.prices.iter().map(|price| cycle_word(price.billing_cycle));
        Self {
            id: offer.id,
            product_id: offer.sku_id,
            title: offer.name.to_string(),
            description: offer.description.clone(),
            minimum_quantity: offer.minimum_quantity,
            maximum_quantity: offer.maximum_quantity,
            is_trial: offer.is_trial(),
            supported_billing_cycles: cycles.collect(),
            dynamic_attributes: SkuRelations::of(catalogue, offer),
            links: SkuLinks {
                availabilities: Link::to(format!("{uri}/availabilities")),
                own: SelfLinks::to(uri),
            },
            attributes: Attributes::of("Sku"),
        }
    }
}

impl SkuRelations {
    fn of(catalogue: &Catalogue, offer: &Offer) -> Self {
        let named = |id: &OfferId| catalogue.offer(*id).map(|it| format!("{}:{id}", it.sku_id));
        let upgrades = offer.upgrades.iter().filter_map(|path| named(&path.to));
        Self {
            is_addon: offer.is_add_on(),
            prerequisite_skus: offer.parents.iter().filter_map(named).collect(),
            upgrade_target_offers: upgrades.collect(),
        }
    }
}

impl Availability {
    /// An offer as it is sold in a country.
    pub(super) fn of(base: &str, offer: &Offer, country: &CountryCode) -> Self {
        let terms = offer.prices.iter().map(|price| AvailabilityTerm {
            duration: term(price.billing_cycle),
            billing_cycle: cycle_word(price.billing_cycle),
        });
        let currency = offer.prices.first().map(|price| &price.unit_price.currency);
        Self {
            id: country.to_string(),
            product_id: offer.sku_id,
            sku_id: offer.id,
            catalog_item_id: format!("{}:{}:{country}", offer.sku_id, offer.id),
            default_currency: currency.map(|currency| CurrencyInformation {
                code: currency.to_string(),
                symbol: currency_symbol(currency).to_owned(),
            }),
            segment: "commercial",
            country: country.to_string(),
            is_purchasable: offer.is_available,
            is_renewable: offer.prices.iter().any(|price| term(price.billing_cycle).is_some()),
            terms: terms.collect(),
            links: SelfLinks::to(format!("{}/availabilities/{country}", sku_uri(base, offer))),
            attributes: Attributes::of("Availability"),
        }
    }
}

/// What seats are of.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_field_names, reason = "the contract's names")]
pub(super) struct Product {
    #[schema(value_type = Uuid)]
    id: SkuId,
    #[schema(example = "Office 365 Enterprise E3")]
    title: String,
    #[schema(example = "Mail, applications, voice and compliance for large companies.")]
    description: String,
    product_type: ProductType,
    links: ProductLinks,
    attributes: Attributes,
}

/// What sort of product it is.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ProductType {
    #[schema(example = "OnlineServices")]
    id: &'static str,
    #[schema(example = "Online Services")]
    display_name: &'static str,
}

/// The links of a product.
#[derive(Serialize, ToSchema)]
struct ProductLinks {
    /// Its SKUs.
    skus: Link,
    #[serde(flatten)]
    own: SelfLinks,
}

/// One offer of a product.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Sku {
    /// The offer.
    #[schema(value_type = Uuid)]
    id: OfferId,
    #[schema(value_type = Uuid)]
    product_id: SkuId,
    #[schema(example = "Office 365 Enterprise E3")]
    title: String,
    #[schema(example = "Mail, applications, voice and compliance for large companies.")]
    description: String,
    minimum_quantity: u32,
    maximum_quantity: u32,
    is_trial: bool,
    #[schema(example = json!(["monthly", "annual"]))]
    supported_billing_cycles: Vec<&'static str>,
    dynamic_attributes: SkuRelations,
    links: SkuLinks,
    attributes: Attributes,
}

/// What a SKU needs, and what it leads to; others are named `product:sku`.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct SkuRelations {
    is_addon: bool,
    /// One of these must be subscribed to already.
    #[schema(example = json!([]))]
    prerequisite_skus: Vec<String>,
    /// What a subscription can become.
    #[schema(example = json!([]))]
    upgrade_target_offers: Vec<String>,
}

/// The links of a SKU.
#[derive(Serialize, ToSchema)]
struct SkuLinks {
    /// Where it can be had.
    availabilities: Link,
    #[serde(flatten)]
    own: SelfLinks,
}

/// A SKU as it can be had in one country.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Availability {
    /// It is named after its country.
    #[schema(example = "US")]
    id: String,
    #[schema(value_type = Uuid)]
    product_id: SkuId,
    #[schema(value_type = Uuid)]
    sku_id: OfferId,
    /// What orders and carts name to buy it.
    #[schema(
        example = "6fd2c87f-b296-42f0-b197-1e91e994b900:796b6b5f-613c-4e24-a17c-eba730d49c02:US"
    )]
    catalog_item_id: String,
    default_currency: Option<CurrencyInformation>,
    #[schema(example = "commercial")]
    segment: &'static str,
    country: String,
    is_purchasable: bool,
    /// Whether it goes on by itself when its term is over.
    is_renewable: bool,
    terms: Vec<AvailabilityTerm>,
    links: SelfLinks,
    attributes: Attributes,
}

/// A currency with its sign.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct CurrencyInformation {
    #[schema(example = "USD")]
    code: String,
    #[schema(example = "$")]
    symbol: String,
}

/// A period for which it can be bought, and how that is billed.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct AvailabilityTerm {
    /// Absent where it is paid once.
    #[schema(example = "P1M")]
    duration: Option<&'static str>,
    #[schema(example = "monthly")]
    billing_cycle: &'static str,
}
