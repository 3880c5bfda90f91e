//! What can be bought.

use axum::extract::State;
use commands::{Catalogue, Offer as ListedOffer, Permission};
use events::{CountryCode, CustomerId, OfferId};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    offer_shape::{Offer, OfferCategory},
    reading::{Reader, View},
    shapes::Collection,
    wire::Answer,
    words::same_word,
};
use crate::http::{ApiError, AppState};

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(one))
        .routes(routes!(add_ons))
        .routes(routes!(categories))
        .routes(routes!(of_customer))
        .routes(routes!(add_ons_of_customer))
        .routes(routes!(categories_of_customer))
}

/// The country offers are asked for: that of the caller's partner unless named. Every offer is sold
/// in every country.
fn country<I>(reader: &Reader<I>, view: &View) -> Result<Option<CountryCode>, ApiError> {
    let asked = reader.query().optional("country")?;
    Ok(asked.or_else(|| view.model.partners().get(view.partner).map(|row| row.country.clone())))
}

/// Lists what can be bought.
#[utoipa::path(
    get,
    path = "/v1/offers",
    tag = "Offers",
    params(
        ("country" = Option<String>, Query, description = "Where it is sold; the partner's own country unless named.", example = "US"),
        ("offer_category_id" = Option<String>, Query, description = "Only offers of this category.", example = "office_365"),
        ("offset" = Option<usize>, Query, description = "How many to leave out at the beginning.", example = 0),
        ("size" = Option<usize>, Query, description = "How many at most; 0 or nothing means all.", example = 40),
    ),
    responses((status = OK, description = "The offers.", body = Collection<Offer>))
)]
async fn list(State(app): State<AppState>, reader: Reader) -> Result<Answer, ApiError> {
    let view = reader.view(&app, Permission::OffersView).await?;
    let country = country(&reader, &view)?;
    Ok(Answer::ok(view.position(), page(&app, &reader, country.as_ref(), "/offers".to_owned())?))
}

/// Lists what a customer can buy: everything that is sold, in the customer's country.
#[utoipa::path(
    get,
    path = "/v1/customers/{customer}/offers",
    tag = "Offers",
    params(
        ("offer_category_id" = Option<String>, Query, description = "Only offers of this category.", example = "office_365"),
        ("offset" = Option<usize>, Query, description = "How many to leave out at the beginning.", example = 0),
        ("size" = Option<usize>, Query, description = "How many at most; 0 or nothing means all.", example = 40),
    ),
    responses((status = OK, description = "The offers.", body = Collection<Offer>))
)]
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
) -> Result<Collection<Offer>, ApiError> {
    let category = reader.query().text("offer_category_id");
    let offset: usize = reader.query().optional("offset")?.unwrap_or(0);
    let limit = reader.seek.limit()?;
    let catalogue = app.catalogue();
    let wanted = catalogue.offers().iter().enumerate().filter(|(_, offer)| {
        category.is_none_or(|category| same_word(category, offer.family.name()))
    });
    let page = wanted.skip(offset).take(limit);
    let items = page.map(|(rank, offer)| Offer::of(catalogue, (rank, offer), country));
    Ok(Collection::of(items, uri))
}

/// Lists the categories of offers.
#[utoipa::path(
    get,
    path = "/v1/offercategories",
    tag = "Offers",
    params(
        ("country" = Option<String>, Query, description = "Where it is sold; the partner's own country unless named.", example = "US"),
    ),
    responses((status = OK, description = "The categories.", body = Collection<OfferCategory>))
)]
async fn categories(State(app): State<AppState>, reader: Reader) -> Result<Answer, ApiError> {
    let view = reader.view(&app, Permission::OffersView).await?;
    let country = country(&reader, &view)?;
    let items = all_categories(&app, country.as_ref());
    Ok(Answer::ok(view.position(), Collection::of(items, "/offercategories")))
}

/// Lists the categories of what a customer can buy.
#[utoipa::path(
    get,
    path = "/v1/customers/{customer}/offercategories",
    tag = "Offers",
    responses((status = OK, description = "The categories.", body = Collection<OfferCategory>))
)]
async fn categories_of_customer(
    State(app): State<AppState>,
    reader: Reader<(CustomerId,)>,
) -> Result<Answer, ApiError> {
    let (customer,) = reader.ids;
    let view = reader.customer_view(&app, customer, Permission::OffersView).await?;
    let items = all_categories(&app, Some(&view.row()?.country));
    let body = Collection::of(items, format!("/customers/{customer}/offercategories"));
    Ok(Answer::ok(view.view.position(), body))
}

/// The categories that have an offer, in the order of the first offer of each.
fn all_categories(app: &AppState, country: Option<&CountryCode>) -> Vec<OfferCategory> {
    let mut families = Vec::new();
    for offer in app.catalogue().offers() {
        if !families.contains(&offer.family) {
            families.push(offer.family);
        }
    }
    let ranked = families.into_iter().enumerate();
    ranked.map(|(rank, family)| OfferCategory::of(family, rank, country)).collect()
}

/// Tells about an offer.
#[utoipa::path(
    get,
    path = "/v1/offers/{offer}",
    tag = "Offers",
    params(
        ("country" = Option<String>, Query, description = "Where it is sold; the partner's own country unless named.", example = "US"),
    ),
    responses((status = OK, description = "The offer.", body = Offer))
)]
async fn one(State(app): State<AppState>, reader: Reader<(OfferId,)>) -> Result<Answer, ApiError> {
    let (id,) = reader.ids;
    let view = reader.view(&app, Permission::OffersView).await?;
    let country = country(&reader, &view)?;
    let found = find(app.catalogue(), id)?;
    let body = Offer::of(app.catalogue(), found, country.as_ref());
    Ok(Answer::ok(view.position(), body))
}

/// Lists the add-ons of an offer.
#[utoipa::path(
    get,
    path = "/v1/offers/{offer}/addons",
    tag = "Offers",
    params(
        ("country" = Option<String>, Query, description = "Where it is sold; the partner's own country unless named.", example = "US"),
    ),
    responses((status = OK, description = "The add-ons.", body = Collection<Offer>))
)]
async fn add_ons(
    State(app): State<AppState>,
    reader: Reader<(OfferId,)>,
) -> Result<Answer, ApiError> {
    let (id,) = reader.ids;
    let view = reader.view(&app, Permission::OffersView).await?;
    let country = country(&reader, &view)?;
    let items = all_add_ons(app.catalogue(), id, country.as_ref())?;
    Ok(Answer::ok(view.position(), Collection::of(items, format!("/offers/{id}/addons"))))
}

/// Lists the add-ons of an offer that a customer can buy, in the customer's country.
#[utoipa::path(
    get,
    path = "/v1/customers/{customer}/offers/{offer}/addons",
    tag = "Offers",
    responses((status = OK, description = "The add-ons.", body = Collection<Offer>))
)]
async fn add_ons_of_customer(
    State(app): State<AppState>,
    reader: Reader<(CustomerId, OfferId)>,
) -> Result<Answer, ApiError> {
    let (customer, id) = reader.ids;
    let view = reader.customer_view(&app, customer, Permission::OffersView).await?;
    let items = all_add_ons(app.catalogue(), id, Some(&view.row()?.country))?;
    let body = Collection::of(items, format!("/customers/{customer}/offers/{id}/addons"));
    Ok(Answer::ok(view.view.position(), body))
}

fn all_add_ons(
    catalogue: &Catalogue,
    id: OfferId,
    country: Option<&CountryCode>,
) -> Result<Vec<Offer>, ApiError> {
    find(catalogue, id)?;
    let all = catalogue.offers().iter().enumerate();
    let add_ons = all.filter(|(_, offer)| offer.parents.contains(&id));
    Ok(add_ons.map(|(rank, offer)| Offer::of(catalogue, (rank, offer), country)).collect())
}

fn find(catalogue: &Catalogue, id: OfferId) -> Result<(usize, &ListedOffer), ApiError> {
    let mut offers = catalogue.offers().iter().enumerate();
    offers.find(|(_, offer)| offer.id == id).ok_or_else(|| {
        ApiError::not_found(format!("offer {id} is not in the catalogue"))
            .with_data(["offer_not_found".to_owned(), "offerId".to_owned()])
    })
}
