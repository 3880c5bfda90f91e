//! What can be bought.

use axum::{Router, extract::State, routing::get};
use commands::{Catalogue, Offer, Permission, Price};
use events::{BillingCycle, CountryCode, CustomerId, OfferId, ProductFamily};
use serde_json::{Value, json};

use super::{
    reading::{Reader, View},
    shapes::Collection,
    wire::{Answer, attributes, collection, extended, self_link},
    words::same_word,
};
use crate::http::{ApiError, AppState};

/// The language of names and descriptions in the catalogue.
const LOCALE: &str = "en-US";

pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route("/v1/offers", get(list))
        .route("/v1/offers/{offer}", get(one))
        .route("/v1/offers/{offer}/addons", get(add_ons))
        .route("/v1/offercategories", get(categories))
        .route("/v1/customers/{customer}/offers", get(of_customer))
        .route("/v1/customers/{customer}/offercategories", get(categories_of_customer))
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
    Ok(Answer::ok(view.position(), page(&app, &reader, country.as_ref(), "/offers".to_owned())?))
}

/// What a customer can buy: everything that is sold, in the customer's country.
async fn of_customer(
    State(app): State<AppState>,
    reader: Reader<(CustomerId,)>,
) -> Result<Answer, ApiError> {
    let (customer,) = reader.ids;
    let view = reader.customer_view(&app, customer, Permission::OffersView).await?;
    let country = view.row()?.country.clone();
    let body = page(&app, &reader, Some(&country), format!("/customers/{customer}/offers"))?;
    Ok(Answer::ok(view.view.position(), body))
}

/// The offers of one category or of all, from an offset on.
fn page<I>(
    app: &AppState,
    reader: &Reader<I>,
    country: Option<&CountryCode>,
    uri: String,
) -> Result<Collection<Value>, ApiError> {
    let category = reader.query().text("offer_category_id");
    let offset: usize = reader.query().optional("offset")?.unwrap_or(0);
    let limit = reader.seek.limit()?;
    let catalogue = app.catalogue();
    let wanted = catalogue.offers().iter().enumerate().filter(|(_, offer)| {
        category.is_none_or(|category| same_word(category, offer.family.name()))
    });
    let page = wanted.skip(offset).take(limit);
    let items = page.map(|(rank, offer)| shown(catalogue, offer, rank, country));
    Ok(collection(items, uri))
}

async fn categories(State(app): State<AppState>, reader: Reader) -> Result<Answer, ApiError> {
    let view = reader.view(&app, Permission::OffersView).await?;
    let country = country(&reader, &view)?;
    let items = all_categories(&app, country.as_ref());
    Ok(Answer::ok(view.position(), collection(items, "/offercategories")))
}

async fn categories_of_customer(
    State(app): State<AppState>,
    reader: Reader<(CustomerId,)>,
) -> Result<Answer, ApiError> {
    let (customer,) = reader.ids;
    let view = reader.customer_view(&app, customer, Permission::OffersView).await?;
    let items = all_categories(&app, Some(&view.row()?.country));
    let body = collection(items, format!("/customers/{customer}/offercategories"));
    Ok(Answer::ok(view.view.position(), body))
}

/// The categories that have an offer, in the order of the first offer of each.
fn all_categories(app: &AppState, country: Option<&CountryCode>) -> Vec<Value> {
    let mut families = Vec::new();
    for offer in app.catalogue().offers() {
        if !families.contains(&offer.family) {
            families.push(offer.family);
        }
    }
    let shown = families.into_iter().enumerate().map(|(rank, family)| {
        let about = json!({
            "locale": LOCALE,
            "country": country,
            "attributes": attributes("OfferCategory"),
        });
        extended(category(family, rank), about)
    });
    shown.collect()
}

fn category(family: ProductFamily, rank: usize) -> Value {
    json!({ "id": family.name(), "name": family.title(), "rank": rank })
}

async fn one(State(app): State<AppState>, reader: Reader<(OfferId,)>) -> Result<Answer, ApiError> {
    let (id,) = reader.ids;
    let view = reader.view(&app, Permission::OffersView).await?;
    let country = country(&reader, &view)?;
    let (rank, offer) = find(app.catalogue(), id)?;
    Ok(Answer::ok(view.position(), shown(app.catalogue(), offer, rank, country.as_ref())))
}

async fn add_ons(
    State(app): State<AppState>,
    reader: Reader<(OfferId,)>,
) -> Result<Answer, ApiError> {
    let (id,) = reader.ids;
    let view = reader.view(&app, Permission::OffersView).await?;
    let country = country(&reader, &view)?;
    let catalogue = app.catalogue();
    find(catalogue, id)?;
    let all = catalogue.offers().iter().enumerate();
    let add_ons = all.filter(|(_, offer)| offer.parents.contains(&id));
    let items = add_ons.map(|(rank, offer)| shown(catalogue, offer, rank, country.as_ref()));
    Ok(Answer::ok(view.position(), collection(items, format!("/offers/{id}/addons"))))
}

fn find(catalogue: &Catalogue, id: OfferId) -> Result<(usize, &Offer), ApiError> {
    let mut offers = catalogue.offers().iter().enumerate();
    offers.find(|(_, offer)| offer.id == id).ok_or_else(|| {
        ApiError::not_found(format!("offer {id} is not in the catalogue"))
            .with_data(["offer_not_found".to_owned(), "offerId".to_owned()])
    })
}

/// How the contract spells a billing cycle.
pub(super) const fn cycle_name(cycle: BillingCycle) -> &'static str {
    match cycle {
        BillingCycle::Monthly => "monthly",
        BillingCycle::Annual => "annual",
        BillingCycle::OneTime => "one_time",
    }
}

fn shown(
    catalogue: &Catalogue,
    offer: &Offer,
    rank: usize,
    country: Option<&CountryCode>,
) -> Value {
    let uri = format!("/offers/{}", offer.id);
    let cycles: Vec<_> = offer.prices.iter().map(|price| cycle_name(price.billing_cycle)).collect();
    let upgrades: Vec<_> = offer.upgrades.iter().map(|path| path.to).collect();
    json!({
        "id": offer.id,
        "name": offer.name,
        "description": offer.description,
        "minimumQuantity": offer.minimum_quantity,
        "maximumQuantity": offer.maximum_quantity,
        "rank": rank,
        "uri": uri,
        "locale": LOCALE,
        "country": country,
        "category": category(offer.family, 0),
        "prerequisiteOffers": offer.parents,
        "isAddOn": offer.is_add_on(),
        "hasAddOns": catalogue.add_ons_of(offer.id).next().is_some(),
        "isAvailableForPurchase": offer.is_available,
        "billing": "license",
        "supportedBillingCycles": cycles,
        "unitPrices": offer.prices.iter().map(shown_price).collect::<Vec<_>>(),
        "upgradeTargetOffers": upgrades,
        "isAutoRenewable": true,
        "isTrial": false,
        "product": { "id": offer.sku_id, "name": offer.sku_name, "unit": "Licenses" },
        "unitType": "Licenses",
        "links": self_link(uri),
        "attributes": attributes("Offer"),
    })
}

fn shown_price(price: &Price) -> Value {
    json!({
        "billingCycle": cycle_name(price.billing_cycle),
        "currencyCode": price.unit_price.currency,
        "minorUnits": price.unit_price.minor_units,
    })
}
