//! `/customers/{id}/licenses`: the seats of every product, and how many are free.

use axum::{Router, extract::Path, response::Response, routing::get};
use commands::Permission;
use events::{CustomerId, SkuId};
use maud::{Markup, html};
use projections::Seats;

use super::{id, product};
use crate::{
    http::AppState,
    web::{
        customer_frame::{self, Tab},
        error::PageError,
        screen::Screen,
        widgets::{self, Tone, badge},
    },
};

pub(super) fn router() -> Router<AppState> {
    Router::new().route("/customers/{customer}/licenses", get(show))
}

async fn show(Path(customer): Path<String>, screen: Screen) -> Result<Response, PageError> {
    let customer = id::<CustomerId>(&customer)?;
    screen.allow_customer(customer, Permission::LicensesManage).await?;
    let customer = screen.customer(customer)?;
    let base = customer_frame::path(customer);
    let seats: Vec<_> = screen.model.licenses().of(customer.id).collect();
    let rows = html! { @for (sku, seats) in &seats { (row(&screen, &base, *sku, *seats)) } };
    let headers = ["Product", "Total", "Assigned", "Free", "In use", "Suspended"];
    let body = html! {
        @if seats.is_empty() {
            (widgets::empty("No product has been subscribed to yet."))
        } @else {
            (widgets::table("licenses", "Licences by product", &headers, &rows))
        }
    };
    Ok(customer_frame::frame(&screen, customer, Tab::Licenses).show(&body))
}

fn row(screen: &Screen, base: &str, sku: SkuId, seats: Seats) -> Markup {
    let holders = screen.link_with(base, &[("license", &sku.to_string())]);
    html! {
        tr data-sku=(sku) {
            th scope="row" data-label="Product" { (product(screen, sku)) }
            td.number data-label="Total" { (seats.active) }
            td.number data-label="Assigned" { a href=(holders) { (seats.consumed) } }
            td.number data-label="Free" {
                (seats.available())
                @if seats.available() == 0 { " " (badge(Tone::Warning, "none free")) }
            }
            td data-label="In use" {
                meter min="0" max=(seats.active.max(1)) value=(seats.consumed)
                    title={ (seats.consumed) " of " (seats.active) } {
                    (seats.consumed) " of " (seats.active)
                }
            }
            td.number data-label="Suspended" {
                @if seats.suspended > 0 { (badge(Tone::Warning, &seats.suspended.to_string())) }
                @else { (widgets::dash()) }
            }
        }
    }
}
