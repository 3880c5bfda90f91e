//! The price list: what a licence of each offer costs, by billing cycle.

use axum::{extract::State, response::Response};
use commands::{Catalogue, Offer, Permission, Price};
use events::{OfferId, SkuId};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    billing::cycle_word,
    reading::Reader,
    shapes::{Amount, Attributes, Collection},
    wire::Answer,
};
use crate::{
    application::CommandError,
    exports::downloaded,
    http::{ApiError, AppState},
};

/// The name of the file as it is saved.
const FILE_NAME: &str = "price-list.csv";
const COLUMNS: [&str; 8] = [
    "offer_id",
    "offer",
    "product",
    "billing_cycle",
    "unit_price_minor_units",
    "currency",
    "minimum_quantity",
    "maximum_quantity",
];

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(download))
}

/// What a licence of an offer costs in one billing cycle.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct PriceListItem {
    #[schema(value_type = Uuid)]
    offer_id: OfferId,
    #[schema(example = "Office 365 Enterprise E3")]
    offer_name: String,
    product: PricedProduct,
    #[schema(example = "monthly")]
    billing_cycle: &'static str,
    unit_price: Amount,
    minimum_quantity: u32,
    maximum_quantity: u32,
    attributes: Attributes,
}

/// The product that something sold is of.
#[derive(Serialize, ToSchema)]
pub(super) struct PricedProduct {
    #[schema(value_type = Uuid)]
    pub(super) id: SkuId,
    #[schema(example = "Office 365 Enterprise E3")]
    pub(super) name: String,
}

/// Lists what a licence of each offer costs (*own*).
#[utoipa::path(
    get,
    path = "/v1/pricelist",
    tag = "Offers",
    responses((status = OK, description = "The prices.", body = Collection<PriceListItem>))
)]
async fn list(State(app): State<AppState>, reader: Reader) -> Result<Answer, ApiError> {
    let view = reader.view(&app, Permission::PriceListsView).await?;
    let items = priced(app.catalogue()).map(|(offer, price)| shown(offer, price));
    Ok(Answer::ok(view.position(), Collection::of(items, "/pricelist")))
}

/// What is sold, with each of its prices.
pub(crate) fn priced(catalogue: &Catalogue) -> impl Iterator<Item = (&Offer, &Price)> {
    let sold = catalogue.offers().iter().filter(|offer| offer.is_available);
    sold.flat_map(|offer| offer.prices.iter().map(move |price| (offer, price)))
}

fn shown(offer: &Offer, price: &Price) -> PriceListItem {
    PriceListItem {
        offer_id: offer.id,
        offer_name: offer.name.to_string(),
        product: PricedProduct { id: offer.sku_id, name: offer.sku_name.to_string() },
        billing_cycle: cycle_word(price.billing_cycle),
        unit_price: Amount::from(&price.unit_price),
        minimum_quantity: offer.minimum_quantity,
        maximum_quantity: offer.maximum_quantity,
        attributes: Attributes::of("PriceListItem"),
    }
}

/// Downloads the price list as a table (*own*).
#[utoipa::path(
    get,
    path = "/v1/pricelist/csv",
    tag = "Offers",
    responses((status = OK, description = "The prices.", body = String, content_type = "text/csv"))
)]
async fn download(State(app): State<AppState>, reader: Reader) -> Result<Response, ApiError> {
    reader.view(&app, Permission::PriceListsView).await?;
    Ok(file(app.catalogue())?)
}

/// The price list as a file.
pub(crate) fn file(catalogue: &Catalogue) -> Result<Response, CommandError> {
    downloaded(FILE_NAME, &COLUMNS, |file| {
        for (offer, price) in priced(catalogue) {
            let cells = [
                offer.id.to_string(),
                offer.name.to_string(),
                offer.sku_name.as_str().to_owned(),
                cycle_word(price.billing_cycle).to_owned(),
                price.unit_price.minor_units.to_string(),
                price.unit_price.currency.to_string(),
                offer.minimum_quantity.to_string(),
                offer.maximum_quantity.to_string(),
            ];
            file.row(cells.iter().map(String::as_str))?;
        }
        Ok(())
    })
}
