//! What can be bought.

use axum::{Router, extract::State, routing::get};
use commands::{Offer, Permission};
use events::{CountryCode, OfferId};
use serde_json::{Value, json};

use super::{
    reading::{Reader, View},
    wire::{Answer, attributes, collection, self_link},
};
use crate::http::{ApiError, AppState};

pub(super) fn router() -> Router<AppState> {
    Router::new().route("/v1/offers", get(list)).route("/v1/offers/{offer}", get(one))
}

/// The country offers are asked for: that of the caller's partner unless named. Every offer is sold
/// in every country.
fn country<I>(reader: &Reader<I>, view: &View) -> Result<Option<CountryCode>, ApiError> {
    let asked = reader.query().optional("country")?;
    Ok(asked.or_else(|| view.model.partners().get(view.partner).map(|row| row.country.clone())))
}

async fn list(State(app): State<AppState>, reader: Reader) -> Result<Answer, ApiError> {
    let view = reader.view(&app, Permission::OffersView).await?;
    let country = country(&reader, &view)?;
    let offset: usize = reader.query().optional("offset")?.unwrap_or(0);
    let limit = reader.seek.limit()?;
    let page = app.catalogue().offers().iter().enumerate().skip(offset).take(limit);
    let items = page.map(|(rank, offer)| shown(offer, rank, country.as_ref()));
    Ok(Answer::ok(view.position(), collection(items, "/offers")))
}

async fn one(State(app): State<AppState>, reader: Reader<(OfferId,)>) -> Result<Answer, ApiError> {
    let (id,) = reader.ids;
    let view = reader.view(&app, Permission::OffersView).await?;
    let country = country(&reader, &view)?;
    let mut offers = app.catalogue().offers().iter().enumerate();
    let found = offers.find(|(_, offer)| offer.id == id);
    let (rank, offer) = found.ok_or_else(|| {
        ApiError::not_found(format!("offer {id} is not in the catalogue"))
            .with_data(["offer_not_found".to_owned(), "offerId".to_owned()])
    })?;
    Ok(Answer::ok(view.position(), shown(offer, rank, country.as_ref())))
}

fn shown(offer: &Offer, rank: usize, country: Option<&CountryCode>) -> Value {
    let uri = format!("/offers/{}", offer.id);
    json!({
        "id": offer.id,
        "name": offer.name,
        "description": offer.description,
        "minimumQuantity": offer.minimum_quantity,
        "maximumQuantity": offer.maximum_quantity,
        "rank": rank,
        "uri": uri,
        "locale": "en-US",
        "country": country,
        "category": { "id": "seat_based", "name": "Seat based", "rank": 0 },
        "prerequisiteOffers": [],
        "isAddOn": false,
        "hasAddOns": false,
        "isAvailableForPurchase": true,
        "billing": "license",
        "supportedBillingCycles": ["monthly", "annual"],
        "isAutoRenewable": true,
        "isTrial": false,
        "product": { "id": offer.sku_id, "name": offer.sku_name, "unit": "Licenses" },
        "unitType": "Licenses",
        "links": self_link(uri),
        "attributes": attributes("Offer"),
    })
}
