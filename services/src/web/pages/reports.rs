//! `/reports`: what the partner sold, by product and, for who may see it, by customer.

use axum::{Router, response::Response, routing::get};
use commands::Permission;
use maud::{Markup, html};

use crate::{
    api::{customer_file, product_file},
    http::AppState,
    reports::{Sold, by_customer, by_product, company_name, product_name},
    web::{
        error::PageError,
        layout::{Frame, Section},
        screen::Screen,
        widgets,
    },
};

pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route("/reports", get(show))
        .route("/reports/products.csv", get(products_file))
        .route("/reports/customers.csv", get(customers_file))
}

async fn show(screen: Screen) -> Result<Response, PageError> {
    screen.allow(Permission::ReportsView).await?;
    let names_customers = screen.sees(Permission::CustomerReportsView);
    let body = html! {
        (products(&screen))
        @if names_customers { h2 { "By customer" } (customers(&screen)) }
    };
    let actions = html! {
        a.button #products-file href=(screen.link("/reports/products.csv")) { "Products as CSV" }
        @if names_customers {
            a.button #customers-file href=(screen.link("/reports/customers.csv")) { "Customers as CSV" }
        }
    };
    Ok(Frame::new(&screen, Section::Reports, "Reports").actions(actions).readable().show(&body))
}

fn products(screen: &Screen) -> Markup {
    let sold = by_product(&screen.model, screen.visitor.partner);
    if sold.is_empty() {
        return widgets::empty("Nothing was sold yet.");
    }
    let headers = ["Product", "Customers", "Subscriptions", "Licences", "Suspended"];
    let rows = html! {
        @for (sku, sold) in &sold {
            tr data-product=(sku) {
                th scope="row" data-label="Product" { (product_name(&screen.model, *sku)) }
                td.number data-label="Customers" { (sold.customers) }
                (licenses(sold))
            }
        }
    };
    widgets::table("products-sold", "What was sold, by product", &headers, &rows)
}

fn customers(screen: &Screen) -> Markup {
    let sold = by_customer(&screen.model, screen.visitor.partner);
    let headers = ["Customer", "Product", "Subscriptions", "Licences", "Suspended"];
    let rows = html! {
        @for ((customer, sku), sold) in &sold {
            tr data-customer=(customer) {
                th scope="row" data-label="Customer" { (company_name(&screen.model, *customer)) }
                td data-label="Product" { (product_name(&screen.model, *sku)) }
                (licenses(sold))
            }
        }
    };
    widgets::table("customers-sold", "What was sold, by customer", &headers, &rows)
}

fn licenses(sold: &Sold) -> Markup {
    html! {
        td.number data-label="Subscriptions" { (sold.subscriptions) }
        td.number data-label="Licences" { (sold.active) }
        td.number data-label="Suspended" { (sold.suspended) }
    }
}

async fn products_file(screen: Screen) -> Result<Response, PageError> {
    screen.allow(Permission::ReportsView).await?;
    Ok(product_file(&screen.model, screen.visitor.partner)?)
}

async fn customers_file(screen: Screen) -> Result<Response, PageError> {
    screen.allow(Permission::CustomerReportsView).await?;
    Ok(customer_file(&screen.model, screen.visitor.partner)?)
}
