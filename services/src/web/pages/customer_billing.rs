//! `/customers/{id}/billing`: what the customer's subscriptions cost month by month, for who helps it
//! with questions about that.

use axum::{Router, extract::Path, response::Response, routing::get};
use commands::Permission;
use events::CustomerId;
use maud::{Markup, html};
use projections::{BillingMonth, InvoiceLine};

use super::{
    PAGE_ROWS, id,
    invoices::{USED, cells},
    sees_subscriptions_of,
};
use crate::{
    api::lines_of,
    http::AppState,
    web::{
        customer_frame::{self, Tab},
        error::PageError,
        screen::Screen,
        widgets,
    },
};

pub(super) fn router() -> Router<AppState> {
    Router::new().route("/customers/{customer}/billing", get(show))
}

async fn show(Path(customer): Path<String>, screen: Screen) -> Result<Response, PageError> {
    let customer = id::<CustomerId>(&customer)?;
    screen.allow_customer(customer, Permission::BillingHelp).await?;
    let customer = screen.customer(customer)?;
    let all: Vec<_> = lines_of(&screen.model, customer.id, screen.at)
        .filter(|(_, line)| sees_subscriptions_of(&screen, customer.id, line.seller))
        .collect();
    let begin = screen.query.text("from_line").parse::<usize>().unwrap_or_default();
    let path = format!("{}/billing", customer_frame::path(customer));
    let shown: Vec<_> = all.iter().skip(begin).take(PAGE_ROWS).collect();
    let end = begin.saturating_add(shown.len());
    let next =
        (end < all.len()).then(|| screen.link_with(&path, &[("from_line", &end.to_string())]));
    let first = (begin > 0).then(|| screen.link(&path));
    let headers = ["Month", "Offer", "Billed", "Price of a licence", USED, "Amount", "Seller"];
    let rows = html! { @for (month, line) in &shown { (row(&screen, *month, line)) } };
    let body = html! {
        @if all.is_empty() { (widgets::empty("No month with anything to bill is closed yet.")) }
        @else {
            (widgets::table("lines", "What the subscriptions cost", &headers, &rows))
            (widgets::pager(shown.len(), Some(all.len()), first, next))
        }
    };
    Ok(customer_frame::frame(&screen, customer, Tab::Billing).show(&body))
}

fn row(screen: &Screen, month: BillingMonth, line: &InvoiceLine<'_>) -> Markup {
    let seller = screen.model.partners().get(line.seller);
    html! {
        tr data-subscription=(line.subscription) {
            th scope="row" data-label="Month" { (month) }
            (cells(line))
            td data-label="Seller" { @if let Some(seller) = seller { (seller.name) } }
        }
    }
}
