//! Reports of what the partner sold [our own style], as JSON and as tables.

use axum::{Router, extract::State, response::Response, routing::get};
use commands::Permission;
use events::{CustomerId, PartnerId, SkuId};
use projections::ReadModel;
use serde_json::{Value, json};

use super::{
    reading::Reader,
    wire::{Answer, attributes, collection, extended},
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

pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route("/v1/reports/products", get(products))
        .route("/v1/reports/products/csv", get(products_file))
        .route("/v1/reports/customers", get(customers))
        .route("/v1/reports/customers/csv", get(customers_file))
}

async fn products(State(app): State<AppState>, reader: Reader) -> Result<Answer, ApiError> {
    let view = reader.view(&app, Permission::ReportsView).await?;
    let sold = by_product(&view.model, view.partner);
    let items = sold.iter().map(|(sku, sold)| {
        extended(of_product(&view.model, *sku, sold), json!({ "customers": sold.customers }))
    });
    Ok(Answer::ok(view.position(), collection(items, "/reports/products")))
}

async fn customers(State(app): State<AppState>, reader: Reader) -> Result<Answer, ApiError> {
    let view = reader.view(&app, Permission::CustomerReportsView).await?;
    let sold = by_customer(&view.model, view.partner);
    let items = sold.iter().map(|((customer, sku), sold)| {
        let name = company_name(&view.model, *customer);
        let whose = json!({ "customer": { "id": customer, "name": name } });
        extended(of_product(&view.model, *sku, sold), whose)
    });
    Ok(Answer::ok(view.position(), collection(items, "/reports/customers")))
}

fn of_product(model: &ReadModel, sku: SkuId, sold: &Sold) -> Value {
    json!({
        "product": { "id": sku, "name": product_name(model, sku) },
        "subscriptions": sold.subscriptions,
        "activeLicenses": sold.active,
        "suspendedLicenses": sold.suspended,
        "attributes": attributes("SalesReportItem"),
    })
}

async fn products_file(State(app): State<AppState>, reader: Reader) -> Result<Response, ApiError> {
    let view = reader.view(&app, Permission::ReportsView).await?;
    Ok(product_file(&view.model, view.partner)?)
}

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
