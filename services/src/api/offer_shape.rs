//! How an offer looks.

use commands::{Catalogue, Offer as ListedOffer, Price};
use events::{CountryCode, OfferId, ProductFamily, SkuId};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    billing::{UnitPrice, cycle_word},
    shapes::{Attributes, SelfLinks},
};

/// The language of names and descriptions in the catalogue.
const LOCALE: &str = "en-US";

/// Something that can be bought.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_excessive_bools, reason = "the contract's flags")]
pub(super) struct Offer {
    #[schema(value_type = Uuid)]
    id: OfferId,
    #[schema(example = "Office 365 Enterprise E3")]
    name: String,
    #[schema(example = "Mail, applications, voice and compliance for large companies.")]
    description: String,
    minimum_quantity: u32,
    maximum_quantity: u32,
    /// Its place in the catalogue.
    #[schema(example = 0)]
    rank: usize,
    #[schema(example = "/offers/3fa85f64-5717-4562-b3fc-2c963f66afa6")]
    uri: String,
    locale: &'static str,
    country: Option<String>,
    category: OfferCategoryName,
    /// One of these must be subscribed to already.
    #[schema(value_type = Vec<Uuid>, example = json!([]))]
    prerequisite_offers: Vec<OfferId>,
    #[schema(example = false)]
    is_add_on: bool,
    has_add_ons: bool,
    is_available_for_purchase: bool,
    #[schema(example = "license")]
    billing: &'static str,
    #[schema(example = json!(["monthly", "annual"]))]
    supported_billing_cycles: Vec<&'static str>,
    /// What a licence costs (*own*).
    unit_prices: Vec<OfferPrice>,
    /// What a trial can become.
    #[schema(value_type = Vec<Uuid>, example = json!([]))]
    conversion_target_offers: Vec<OfferId>,
    /// What a subscription can become.
    #[schema(value_type = Vec<Uuid>, example = json!([]))]
    upgrade_target_offers: Vec<OfferId>,
    is_auto_renewable: bool,
    #[schema(example = false)]
    is_trial: bool,
    product: OfferProduct,
    #[schema(example = "Licenses")]
    unit_type: &'static str,
    links: SelfLinks,
    attributes: Attributes,
}

/// A family of offers.
#[derive(Serialize, ToSchema)]
struct OfferCategoryName {
    #[schema(example = "office_365")]
    id: &'static str,
    #[schema(example = "Office 365")]
    name: &'static str,
    /// Its place among the categories.
    #[schema(example = 0)]
    rank: usize,
}

/// A category of offers.
#[derive(Serialize, ToSchema)]
pub(super) struct OfferCategory {
    #[serde(flatten)]
    name: OfferCategoryName,
    locale: &'static str,
    country: Option<String>,
    attributes: Attributes,
}

/// What a licence costs for one billing cycle.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct OfferPrice {
    #[schema(example = "monthly")]
    billing_cycle: &'static str,
    #[serde(flatten)]
    unit_price: UnitPrice,
}

/// What seats of an offer are of.
#[derive(Serialize, ToSchema)]
struct OfferProduct {
    #[schema(value_type = Uuid)]
    id: SkuId,
    #[schema(example = "Office 365 Enterprise E3")]
    name: String,
    #[schema(example = "Licenses")]
    unit: &'static str,
}

impl OfferCategory {
    /// A family at its place among those that have offers.
    pub(super) fn of(family: ProductFamily, rank: usize, country: Option<&CountryCode>) -> Self {
        Self {
            name: OfferCategoryName { id: family.name(), name: family.title(), rank },
            locale: LOCALE,
            country: country.map(ToString::to_string),
            attributes: Attributes::of("OfferCategory"),
        }
    }
}

impl OfferPrice {
    fn of(price: &Price) -> Self {
        Self {
            billing_cycle: cycle_word(price.billing_cycle),
            unit_price: UnitPrice::from(&price.unit_price),
        }
    }
}

impl Offer {
    /// An offer of the catalogue, if that lists it.
    pub(super) fn listed(
        catalogue: &Catalogue,
        id: OfferId,
        country: Option<&CountryCode>,
    ) -> Option<Self> {
        let mut offers = catalogue.offers().iter().enumerate();
        let found = offers.find(|(_, offer)| offer.id == id)?;
        Some(Self::of(catalogue, found, country))
    }

    /// An offer at its place in the catalogue.
    pub(super) fn of(
        catalogue: &Catalogue,
        (rank, offer): (usize, &ListedOffer),
        country: Option<&CountryCode>,
    ) -> Self {
        let uri = format!("/offers/{}", offer.id);
        let family = offer.family;
        Self {
            id: offer.id,
            name: offer.name.to_string(),
            description: offer.description.clone(),
            minimum_quantity: offer.minimum_quantity,
            maximum_quantity: offer.maximum_quantity,
            rank,
            uri: uri.clone(),
            locale: LOCALE,
            country: country.map(ToString::to_string),
            category: OfferCategoryName { id: family.name(), name: family.title(), rank: 0 },
            prerequisite_offers: offer.parents.clone(),
            is_add_on: offer.is_add_on(),
            has_add_ons: catalogue.add_ons_of(offer.id).next().is_some(),
            is_available_for_purchase: offer.is_available,
            billing: "license",
            supported_billing_cycles: offer
                .prices
                .iter()
                .map(|price| cycle_word(price.billing_cycle))
                .collect(),
            unit_prices: offer.prices.iter().map(OfferPrice::of).collect(),
            conversion_target_offers: offer.conversions.clone(),
            upgrade_target_offers: offer.upgrades.iter().map(|path| path.to).collect(),
            is_auto_renewable: true,
            is_trial: offer.is_trial(),
            product: OfferProduct {
                id: offer.sku_id,
                name: offer.sku_name.to_string(),
                unit: "Licenses",
            },
            unit_type: "Licenses",
            links: SelfLinks::to(uri),
            attributes: Attributes::of("Offer"),
        }
    }
}
