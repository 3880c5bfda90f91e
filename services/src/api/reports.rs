//! Reports of what the partner sold [our own style], as JSON and as tables.

use axum::{extract::State, response::Response};
use commands::Permission;
use events::{CustomerId, PartnerId, SkuId};
use projections::ReadModel;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    price_list::PricedProduct,
    reading::Reader,
    shapes::{Attributes, Collection},
    wire::Answer,
};
use crate::{
    application::CommandError,
    exports::downloaded,
    http::{ApiError, AppState},
    reports::{Sold, by_customer, by_product, company_name, product_name},
};

/// The name of the report by product as it is saved.
const PRODUCT_FILE_NAME: &str = "products-sold.csv";
/// The name of the report by customer as it is saved.
const CUSTOMER_FILE_NAME: &str = "customers-sold.csv";
const PRODUCT_COLUMNS: [&str; 6] = [
    "product_id",
    "product",
    "customers",
    "subscriptions",
    "active_licenses",
    "suspended_licenses",
];
const CUSTOMER_COLUMNS: [&str; 7] = [
    "customer_id",
    "customer",
    "product_id",
    "product",
    "subscriptions",
    "active_licenses",
    "suspended_licenses",
];

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(products))
        .routes(routes!(products_file))
        .routes(routes!(customers))
        .routes(routes!(customers_file))
}

/// What was sold of a product.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct SalesReportItem {
    product: PricedProduct,
    subscriptions: usize,
    active_licenses: u64,
    suspended_licenses: u64,
    attributes: Attributes,
}

/// What was sold of a product to everybody.
#[derive(Serialize, ToSchema)]
struct ProductReportItem {
    #[serde(flatten)]
    sold: SalesReportItem,
    /// To how many.
    customers: usize,
}

/// What was sold of a product to one customer.
#[derive(Serialize, ToSchema)]
struct CustomerReportItem {
    #[serde(flatten)]
    sold: SalesReportItem,
    customer: ReportedCustomer,
}

/// A customer by id and name.
#[derive(Serialize, ToSchema)]
struct ReportedCustomer {
    #[schema(value_type = Uuid)]
    id: CustomerId,
    #[schema(example = "Relecloud")]
    name: String,
}

/// Reports what the partner sold, product by product (*own*).
#[utoipa::path(
    get,
    path = "/v1/reports/products",
    tag = "Reports",
    responses((status = OK, description = "The products.", body = Collection<ProductReportItem>))
)]
async fn products(State(app): State<AppState>, reader: Reader) -> Result<Answer, ApiError> {
    let view = reader.view(&app, Permission::ReportsView).await?;
    let sold = by_product(&view.model, view.partner);
    let items = sold.iter().map(|(sku, sold)| ProductReportItem {
        sold: of_product(&view.model, *sku, sold),
        customers: sold.customers,
    });
    Ok(Answer::ok(view.position(), Collection::of(items, "/reports/products")))
}

/// Reports what the partner sold, customer by customer (*own*).
#[utoipa::path(
    get,
    path = "/v1/reports/customers",
    tag = "Reports",
    responses((status = OK, description = "The customers, product by product.", body = Collection<CustomerReportItem>))
)]
async fn customers(State(app): State<AppState>, reader: Reader) -> Result<Answer, ApiError> {
    let view = reader.view(&app, Permission::CustomerReportsView).await?;
    let sold = by_customer(&view.model, view.partner);
    let items = sold.iter().map(|((customer, sku), sold)| CustomerReportItem {
        sold: of_product(&view.model, *sku, sold),
        customer: ReportedCustomer { id: *customer, name: company_name(&view.model, *customer) },
    });
    Ok(Answer::ok(view.position(), Collection::of(items, "/reports/customers")))
}

fn of_product(model: &ReadModel, sku: SkuId, sold: &Sold) -> SalesReportItem {
    SalesReportItem {
        product: PricedProduct { id: sku, name: product_name(model, sku) },
        subscriptions: sold.subscriptions,
        active_licenses: sold.active,
        suspended_licenses: sold.suspended,
        attributes: Attributes::of("SalesReportItem"),
    }
}

/// Downloads the report by product as a table (*own*).
#[utoipa::path(
    get,
    path = "/v1/reports/products/csv",
    tag = "Reports",
    responses((status = OK, description = "The table.", body = String, content_type = "text/csv"))
)]
async fn products_file(State(app): State<AppState>, reader: Reader) -> Result<Response, ApiError> {
    let view = reader.view(&app, Permission::ReportsView).await?;
    Ok(product_file(&view.model, view.partner)?)
}

/// Downloads the report by customer as a table (*own*).
#[utoipa::path(
    get,
    path = "/v1/reports/customers/csv",
    tag = "Reports",
    responses((status = OK, description = "The table.", body = String, content_type = "text/csv"))
)]
async fn customers_file(State(app): State<AppState>, reader: Reader) -> Result<Response, ApiError> {
    let view = reader.view(&app, Permission::CustomerReportsView).await?;
    Ok(customer_file(&view.model, view.partner)?)
}

/// The report by product as a file.
pub(crate) fn product_file(
    model: &ReadModel,
    partner: PartnerId,
) -> Result<Response, CommandError> {
    downloaded(PRODUCT_FILE_NAME, &PRODUCT_COLUMNS, |file| {
        for (sku, sold) in by_product(model, partner) {
            let cells = [
                sku.to_string(),
                product_name(model, sku),
                sold.customers.to_string(),
                sold.subscriptions.to_string(),
                sold.active.to_string(),
                sold.suspended.to_string(),
            ];
            file.row(cells.iter().map(String::as_str))?;
        }
        Ok(())
    })
}

/// The report by customer as a file.
pub(crate) fn customer_file(
    model: &ReadModel,
    partner: PartnerId,
) -> Result<Response, CommandError> {
    downloaded(CUSTOMER_FILE_NAME, &CUSTOMER_COLUMNS, |file| {
        for ((customer, sku), sold) in by_customer(model, partner) {
            let cells = customer_cells(model, customer, sku, &sold);
            file.row(cells.iter().map(String::as_str))?;
        }
        Ok(())
    })
}

fn customer_cells(
    model: &ReadModel,
    customer: CustomerId,
    sku: SkuId,
    sold: &Sold,
) -> [String; CUSTOMER_COLUMNS.len()] {
    [
        customer.to_string(),
        company_name(model, customer),
        sku.to_string(),
        product_name(model, sku),
        sold.subscriptions.to_string(),
        sold.active.to_string(),
        sold.suspended.to_string(),
    ]
}
