//! The catalogue as products, their SKUs, and what of them can be had where. A product is what seats
//! are of, a SKU is an offer of it; every offer is sold in every country.

use std::collections::BTreeSet;

use axum::{extract::State, http::StatusCode};
use commands::{Catalogue, Offer, Permission};
use events::{CountryCode, CustomerId, OfferId, SkuId};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    path_ids::PathId,
    product_shape::{Availability, Product, Sku, sku_uri},
    reading::{Reader, View},
    shapes::Collection,
    wire::Answer,
    words::Words,
};
use crate::http::{ApiError, AppState};

/// The views of the contract's catalogue, with whether what is sold belongs to them.
const VIEWS: Words<bool> = Words {
    field: "targetView",
    all: &[
        ("online_services", true),
        ("azure", false),
        ("azure_reservations", false),
        ("azure_reservations_vm", false),
        ("azure_reservations_sql", false),
        ("azure_reservations_cosmos_db", false),
        ("microsoft_azure", false),
        ("saas", false),
        ("software", false),
        ("software_perpetual", false),
        ("software_subscriptions", false),
        ("software_suse_linux", false),
    ],
};

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(one))
        .routes(routes!(skus))
        .routes(routes!(sku))
        .routes(routes!(availabilities))
        .routes(routes!(availability))
        .routes(routes!(list_of_customer))
        .routes(routes!(one_of_customer))
        .routes(routes!(skus_of_customer))
        .routes(routes!(sku_of_customer))
        .routes(routes!(availabilities_of_customer))
        .routes(routes!(availability_of_customer))
}

/// A product in a path: whatever is none of ours is not found.
#[derive(Clone, Copy)]
struct ProductId(SkuId);
/// A SKU in a path: one offer of a product.
#[derive(Clone, Copy)]
struct OfferOf(OfferId);
/// An availability in a path: it is named after its country.
struct Place(CountryCode);

impl PathId for ProductId {
    fn read(text: &str) -> Result<Self, ApiError> {
        text.parse().map(Self).map_err(|_| no_product())
    }
}

impl PathId for OfferOf {
    fn read(text: &str) -> Result<Self, ApiError> {
        text.parse().map(Self).map_err(|_| no_sku())
    }
}

impl PathId for Place {
    fn read(text: &str) -> Result<Self, ApiError> {
        text.parse().map(Self).map_err(|_| {
            let description = "there is no such availability";
            ApiError::new(StatusCode::NOT_FOUND, 400_019, description)
                .with_data(["availability_not_found".to_owned(), "availabilityId".to_owned()])
        })
    }
}

fn no_product() -> ApiError {
    ApiError::new(StatusCode::NOT_FOUND, 400_013, "there is no such product")
        .with_data(["product_not_found".to_owned(), "productId".to_owned()])
}

fn no_sku() -> ApiError {
    ApiError::new(StatusCode::NOT_FOUND, 400_018, "there is no such SKU of the product")
        .with_data(["sku_not_found".to_owned(), "skuId".to_owned()])
}

/// Where products are read, and for which country.
struct Shop {
    view: View,
    /// The address under which the products lie, without the version.
    base: String,
    country: CountryCode,
}

/// What a partner can sell: in its own country unless it names another.
async fn shop<I: Sync>(app: &AppState, reader: &Reader<I>) -> Result<Shop, ApiError> {
    let view = reader.view(app, Permission::OffersView).await?;
    let country = if let Some(country) = reader.query().optional("country")? {
        country
    } else {
        view.own()?.country.clone()
    };
    Ok(Shop { view, base: "/products".to_owned(), country })
}

/// What a customer can buy, in its country.
async fn shop_of<I: Sync>(
    app: &AppState,
    reader: &Reader<I>,
    customer: CustomerId,
) -> Result<Shop, ApiError> {
    let view = reader.customer_view(app, customer, Permission::OffersView).await?;
    let country = view.row()?.country.clone();
    Ok(Shop { view: view.view, base: format!("/customers/{customer}/products"), country })
}

/// Lists the products.
#[utoipa::path(
    get,
    path = "/v1/products",
    tag = "Offers",
    params(("targetView" = Option<String>, Query, description = "Which part of the catalogue; everything that is sold is of `OnlineServices`.", example = "OnlineServices"), ("country" = Option<String>, Query, description = "Where it is sold; the partner's own country unless named.", example = "US")),
    responses((status = OK, description = "The products.", body = Collection<Product>))
)]
async fn list(State(app): State<AppState>, reader: Reader) -> Result<Answer, ApiError> {
    let shop = shop(&app, &reader).await?;
    shop.products(app.catalogue(), &reader)
}

/// Lists the products that a customer can buy.
#[utoipa::path(
    get,
    path = "/v1/customers/{customer}/products",
    tag = "Offers",
    params(("targetView" = Option<String>, Query, description = "Which part of the catalogue; everything that is sold is of `OnlineServices`.", example = "OnlineServices")),
    responses((status = OK, description = "The products.", body = Collection<Product>))
)]
async fn list_of_customer(
    State(app): State<AppState>,
    reader: Reader<(CustomerId,)>,
) -> Result<Answer, ApiError> {
    let shop = shop_of(&app, &reader, reader.ids.0).await?;
    shop.products(app.catalogue(), &reader)
}

/// Tells about a product.
#[utoipa::path(
    get,
    path = "/v1/products/{product}",
    tag = "Offers",
    params(("country" = Option<String>, Query, description = "Where it is sold; the partner's own country unless named.", example = "US")),
    responses((status = OK, description = "The product.", body = Product))
)]
async fn one(
    State(app): State<AppState>,
    reader: Reader<(ProductId,)>,
) -> Result<Answer, ApiError> {
    shop(&app, &reader).await?.product(app.catalogue(), reader.ids.0)
}

/// Tells about a product that a customer can buy.
#[utoipa::path(
    get,
    path = "/v1/customers/{customer}/products/{product}",
    tag = "Offers",
    responses((status = OK, description = "The product.", body = Product))
)]
async fn one_of_customer(
    State(app): State<AppState>,
    reader: Reader<(CustomerId, ProductId)>,
) -> Result<Answer, ApiError> {
    let (customer, product) = reader.ids;
    shop_of(&app, &reader, customer).await?.product(app.catalogue(), product)
}

/// Lists the SKUs of a product.
#[utoipa::path(
    get,
    path = "/v1/products/{product}/skus",
    tag = "Offers",
    params(("country" = Option<String>, Query, description = "Where it is sold; the partner's own country unless named.", example = "US")),
    responses((status = OK, description = "The SKUs.", body = Collection<Sku>))
)]
async fn skus(
    State(app): State<AppState>,
    reader: Reader<(ProductId,)>,
) -> Result<Answer, ApiError> {
    shop(&app, &reader).await?.skus(app.catalogue(), reader.ids.0)
}

/// Lists the SKUs of a product that a customer can buy.
#[utoipa::path(
    get,
    path = "/v1/customers/{customer}/products/{product}/skus",
    tag = "Offers",
    responses((status = OK, description = "The SKUs.", body = Collection<Sku>))
)]
async fn skus_of_customer(
    State(app): State<AppState>,
    reader: Reader<(CustomerId, ProductId)>,
) -> Result<Answer, ApiError> {
    let (customer, product) = reader.ids;
    shop_of(&app, &reader, customer).await?.skus(app.catalogue(), product)
}

/// Tells about a SKU.
#[utoipa::path(
    get,
    path = "/v1/products/{product}/skus/{sku}",
    tag = "Offers",
    params(("country" = Option<String>, Query, description = "Where it is sold; the partner's own country unless named.", example = "US")),
    responses((status = OK, description = "The SKU.", body = Sku))
)]
async fn sku(
    State(app): State<AppState>,
    reader: Reader<(ProductId, OfferOf)>,
) -> Result<Answer, ApiError> {
    shop(&app, &reader).await?.sku(app.catalogue(), reader.ids)
}

/// Tells about a SKU that a customer can buy.
#[utoipa::path(
    get,
    path = "/v1/customers/{customer}/products/{product}/skus/{sku}",
    tag = "Offers",
    responses((status = OK, description = "The SKU.", body = Sku))
)]
async fn sku_of_customer(
    State(app): State<AppState>,
    reader: Reader<(CustomerId, ProductId, OfferOf)>,
) -> Result<Answer, ApiError> {
    let (customer, product, sku) = reader.ids;
    shop_of(&app, &reader, customer).await?.sku(app.catalogue(), (product, sku))
}

/// Lists where a SKU can be had: in the country asked for.
#[utoipa::path(
    get,
    path = "/v1/products/{product}/skus/{sku}/availabilities",
    tag = "Offers",
    params(("country" = Option<String>, Query, description = "Where it is sold; the partner's own country unless named.", example = "US")),
    responses((status = OK, description = "The availabilities.", body = Collection<Availability>))
)]
async fn availabilities(
    State(app): State<AppState>,
    reader: Reader<(ProductId, OfferOf)>,
) -> Result<Answer, ApiError> {
    shop(&app, &reader).await?.availabilities(app.catalogue(), reader.ids)
}

/// Lists where a SKU can be had by a customer: in its country.
#[utoipa::path(
    get,
    path = "/v1/customers/{customer}/products/{product}/skus/{sku}/availabilities",
    tag = "Offers",
    responses((status = OK, description = "The availabilities.", body = Collection<Availability>))
)]
async fn availabilities_of_customer(
    State(app): State<AppState>,
    reader: Reader<(CustomerId, ProductId, OfferOf)>,
) -> Result<Answer, ApiError> {
    let (customer, product, sku) = reader.ids;
    shop_of(&app, &reader, customer).await?.availabilities(app.catalogue(), (product, sku))
}

/// Tells how a SKU can be had in a country.
#[utoipa::path(
    get,
    path = "/v1/products/{product}/skus/{sku}/availabilities/{place}",
    tag = "Offers",
    params(("place" = String, Path, description = "A country.", example = "US")),
    responses((status = OK, description = "The availability.", body = Availability))
)]
async fn availability(
    State(app): State<AppState>,
    reader: Reader<(ProductId, OfferOf, Place)>,
) -> Result<Answer, ApiError> {
    let shop = shop(&app, &reader).await?;
    let (product, sku, Place(place)) = reader.ids;
    shop.availability(app.catalogue(), (product, sku), &place)
}

/// Tells how a customer can have a SKU in a country.
#[utoipa::path(
    get,
    path = "/v1/customers/{customer}/products/{product}/skus/{sku}/availabilities/{place}",
    tag = "Offers",
    params(("place" = String, Path, description = "A country.", example = "US")),
    responses((status = OK, description = "The availability.", body = Availability))
)]
async fn availability_of_customer(
    State(app): State<AppState>,
    reader: Reader<(CustomerId, ProductId, OfferOf, Place)>,
) -> Result<Answer, ApiError> {
    let shop = shop_of(&app, &reader, reader.ids.0).await?;
    let (_, product, sku, Place(place)) = reader.ids;
    shop.availability(app.catalogue(), (product, sku), &place)
}

impl Shop {
    fn products<I>(self, catalogue: &Catalogue, reader: &Reader<I>) -> Result<Answer, ApiError> {
        let wanted = reader.query().text("targetView").map(|text| VIEWS.read(text)).transpose()?;
        let sold = if wanted == Some(false) { &[] } else { catalogue.offers() };
        let mut known = BTreeSet::new();
        let firsts = sold.iter().filter(|offer| known.insert(offer.sku_id));
        let items: Vec<_> = firsts.map(|first| Product::of(&self.base, first)).collect();
        Ok(Answer::ok(self.view.position(), Collection::of(items, self.base)))
    }

    fn product(self, catalogue: &Catalogue, ProductId(id): ProductId) -> Result<Answer, ApiError> {
        let first = catalogue.sku(id).ok_or_else(no_product)?;
        Ok(Answer::ok(self.view.position(), Product::of(&self.base, first)))
    }

    fn skus(self, catalogue: &Catalogue, ProductId(id): ProductId) -> Result<Answer, ApiError> {
        catalogue.sku(id).ok_or_else(no_product)?;
        let offers = catalogue.offers().iter().filter(|offer| offer.sku_id == id);
        let items: Vec<_> = offers.map(|offer| Sku::of(&self.base, catalogue, offer)).collect();
        let uri = format!("{}/{id}/skus", self.base);
        Ok(Answer::ok(self.view.position(), Collection::of(items, uri)))
    }

    fn sku(self, catalogue: &Catalogue, ids: (ProductId, OfferOf)) -> Result<Answer, ApiError> {
        let offer = find(catalogue, ids)?;
        Ok(Answer::ok(self.view.position(), Sku::of(&self.base, catalogue, offer)))
    }

    fn availabilities(
        self,
        catalogue: &Catalogue,
        ids: (ProductId, OfferOf),
    ) -> Result<Answer, ApiError> {
        let offer = find(catalogue, ids)?;
        let uri = format!("{}/availabilities", sku_uri(&self.base, offer));
        let here = Availability::of(&self.base, offer, &self.country);
        Ok(Answer::ok(self.view.position(), Collection::of([here], uri)))
    }

    fn availability(
        self,
        catalogue: &Catalogue,
        ids: (ProductId, OfferOf),
        place: &CountryCode,
    ) -> Result<Answer, ApiError> {
        let offer = find(catalogue, ids)?;
        let body = Availability::of(&self.base, offer, place);
        Ok(Answer::ok(self.view.position(), body))
    }
}

fn find(
    catalogue: &Catalogue,
    (ProductId(product), OfferOf(sku)): (ProductId, OfferOf),
) -> Result<&Offer, ApiError> {
    catalogue.sku(product).ok_or_else(no_product)?;
    catalogue.offer(sku).filter(|offer| offer.sku_id == product).ok_or_else(no_sku)
}
