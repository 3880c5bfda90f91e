//! The price list: what a licence of each offer costs, by billing cycle.

use axum::{Router, extract::State, response::Response, routing::get};
use commands::{Catalogue, Offer, Permission, Price};
use serde_json::{Value, json};

use super::{
    billing::cycle_word,
    reading::Reader,
    wire::{Answer, attributes, collection, shown_money},
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

pub(super) fn router() -> Router<AppState> {
    Router::new().route("/v1/pricelist", get(list)).route("/v1/pricelist/csv", get(download))
}

async fn list(State(app): State<AppState>, reader: Reader) -> Result<Answer, ApiError> {
    let view = reader.view(&app, Permission::PriceListsView).await?;
    let items = priced(app.catalogue()).map(|(offer, price)| shown(offer, price));
    Ok(Answer::ok(view.position(), collection(items, "/pricelist")))
}

/// What is sold, with each of its prices.
pub(crate) fn priced(catalogue: &Catalogue) -> impl Iterator<Item = (&Offer, &Price)> {
    let sold = catalogue.offers().iter().filter(|offer| offer.is_available);
    sold.flat_map(|offer| offer.prices.iter().map(move |price| (offer, price)))
}

fn shown(offer: &Offer, price: &Price) -> Value {
    json!({
        "offerId": offer.id,
        "offerName": offer.name,
        "product": { "id": offer.sku_id, "name": offer.sku_name },
        "billingCycle": cycle_word(price.billing_cycle),
        "unitPrice": shown_money(&price.unit_price),
        "minimumQuantity": offer.minimum_quantity,
        "maximumQuantity": offer.maximum_quantity,
        "attributes": attributes("PriceListItem"),
    })
}

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
