//! `/customers/{id}/billing`: what the customer's subscriptions cost month by month, for who helps it
//! with questions about that.

use axum::{Router, extract::Path, response::Response, routing::get};
use commands::Permission;
use events::CustomerId;
use maud::{Markup, html};
use projections::{BillingMonth, InvoiceLine, ReadModel};

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

/// The parameter that says how many lines the pages before this one showed.
pub(super) const SHOWN: &str = "shown";

pub(super) fn router() -> Router<AppState> {
    Router::new().route("/customers/{customer}/billing", get(show))
}

async fn show(Path(customer): Path<String>, screen: Screen) -> Result<Response, PageError> {
    let customer = id::<CustomerId>(&customer)?;
    screen.allow_customer(customer, Permission::BillingHelp).await?;
    let customer = screen.customer(customer)?;
    let lines: Vec<_> = lines_of(&screen.model, customer.id, screen.at)
        .filter(|(_, line)| sees_subscriptions_of(&screen, customer.id, line.seller))
        .collect();
    let path = format!("{}/billing", customer_frame::path(customer));
    let link = |parameters: &[(&str, &str)]| screen.link_with(&path, parameters);
    let body = lines_page(&screen.model, &lines, screen.query.text(SHOWN), link);
    Ok(customer_frame::frame(&screen, customer, Tab::Billing).show(&body))
}

/// A page of a customer's lines behind those that were shown, and the way to the others.
pub(super) fn lines_page(
    model: &ReadModel,
    lines: &[(BillingMonth, InvoiceLine<'_>)],
    shown_before: &str,
    link: impl Fn(&[(&str, &str)]) -> String,
) -> Markup {
    if lines.is_empty() {
        return widgets::empty("No month with anything to bill is closed yet.");
    }
    let begin = shown_before.parse::<usize>().unwrap_or_default().min(lines.len());
    let shown: Vec<_> = lines.iter().skip(begin).take(PAGE_ROWS).collect();
    let end = begin + shown.len();
    let next = (end < lines.len()).then(|| link(&[(SHOWN, &end.to_string())]));
    let first = (begin > 0).then(|| link(&[]));
    let headers = ["Month", "Offer", "Billed", "Price of a licence", USED, "Amount", "Seller"];
    let rows = html! { @for (month, line) in &shown { (row(model, *month, line)) } };
    html! {
        (widgets::table("lines", "What the subscriptions cost", &headers, &rows))
        (widgets::pager(shown.len(), Some(lines.len()), first, next))
    }
}

fn row(model: &ReadModel, month: BillingMonth, line: &InvoiceLine<'_>) -> Markup {
    let seller = model.partners().get(line.seller);
    html! {
        tr data-subscription=(line.subscription) {
            th scope="row" data-label="Month" { (month) }
            (cells(line))
            td data-label="Seller" { @if let Some(seller) = seller { (seller.name) } }
        }
    }
}
