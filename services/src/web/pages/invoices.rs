//! `/invoices`: what the partner bills, month by month, and each invoice with its lines.

use axum::{Router, extract::Path, response::Response, routing::get};
use commands::Permission;
use events::{BillingCycle, CustomerId, SubscriptionId};
use maud::{Markup, html};
use projections::{InvoiceId, InvoiceLine, InvoiceRow, LinePlace};

use super::{PAGE_ROWS, id};
use crate::{
    api::{cycle_word, invoice_file},
    http::AppState,
    reports::company_name,
    web::{
        error::PageError,
        layout::{Frame, Section},
        screen::Screen,
        widgets,
    },
};

/// The column under which a line tells how much of it is billed.
pub(super) const USED: &str = "Licences × days";

pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route("/invoices", get(list))
        .route("/invoices/{invoice}", get(show))
        .route("/invoices/{invoice}/lines.csv", get(download))
}

async fn list(screen: Screen) -> Result<Response, PageError> {
    screen.allow(Permission::BillingView).await?;
    let all = screen.model.invoices().of(screen.visitor.partner, screen.at);
    let after = screen.query.text("after");
    let seen = all.iter().position(|row| row.id.to_string() == after);
    let begin = seen.map_or(0, |seen| seen + 1);
    let shown: Vec<_> = all.iter().skip(begin).take(PAGE_ROWS).collect();
    let more = all.len() > begin + shown.len();
    let next = shown
        .last()
        .filter(|_| more)
        .map(|row| screen.link_with("/invoices", &[("after", &row.id.to_string())]));
    let first = seen.map(|_| screen.link("/invoices"));
    let headers = ["Month", "Lines", "Total", r#"<span class="hidden">File</span>"#];
    let rows = html! { @for row in &shown { (invoice(&screen, row)) } };
    let body = html! {
        @if all.is_empty() { (widgets::empty("No month with anything to bill is closed yet.")) }
        @else {
            (widgets::table("invoices", "Invoices", &headers, &rows))
            (widgets::pager(shown.len(), Some(all.len()), first, next))
        }
    };
    Ok(Frame::new(&screen, Section::Invoices, "Invoices").readable().show(&body))
}

fn invoice(screen: &Screen, row: &InvoiceRow) -> Markup {
    let path = path(&row.id);
    html! {
        tr data-invoice=(row.id) {
            th scope="row" data-label="Month" {
                a href=(screen.link(&path)) { (row.id.month) " in " (row.id.currency) }
            }
            td.number data-label="Lines" { (row.lines) }
            td.number data-label="Total" { (row.total) }
            td { a.small href=(screen.link(&format!("{path}/lines.csv"))) { "CSV" } }
        }
    }
}

fn path(id: &InvoiceId) -> String {
    format!("/invoices/{id}")
}

/// An invoice of the visitor's partner.
fn own(screen: &Screen, invoice: &str) -> Result<InvoiceRow, PageError> {
    let asked = id::<InvoiceId>(invoice)?;
    let row = screen.model.invoices().get(&asked, screen.at);
    let row = row.filter(|row| row.id.seller == screen.visitor.partner);
    row.ok_or_else(|| PageError::not_found("there is no such invoice"))
}

async fn show(Path(invoice): Path<String>, screen: Screen) -> Result<Response, PageError> {
    screen.allow(Permission::BillingView).await?;
    let row = own(&screen, &invoice)?;
    let after = read_place(&screen);
    let mut lines = screen.model.invoices().lines(&row.id, None, after);
    let shown: Vec<_> = lines.by_ref().take(PAGE_ROWS).collect();
    let more = lines.next().is_some();
    let path = path(&row.id);
    let next = shown.last().filter(|_| more).map(|line| next_link(&screen, &path, line));
    let first = after.map(|_| screen.link(&path));
    let headers = ["Customer", "Offer", "Billed", "Price of a licence", USED, "Amount"];
    let rows = html! { @for line in &shown { (line_row(&screen, line)) } };
    let body = html! {
        (widgets::table("lines", "Lines", &headers, &rows))
        (widgets::pager(shown.len(), Some(row.lines), first, next))
    };
    let title = format!("Invoice {} in {}", row.id.month, row.id.currency);
    let frame = Frame::new(&screen, Section::Invoices, title).under("Invoices", "/invoices");
    let file = screen.link(&format!("{path}/lines.csv"));
    let frame = frame
        .subtitle(html! { p.subtitle { "Total " strong #total { (row.total) } } })
        .actions(html! { a.button #download href=(file) { "Download CSV" } });
    Ok(frame.readable().show(&body))
}

fn line_row(screen: &Screen, line: &InvoiceLine<'_>) -> Markup {
    html! {
        tr data-subscription=(line.subscription) {
            th scope="row" data-label="Customer" { (company_name(&screen.model, line.customer)) }
            (cells(line))
        }
    }
}

/// What every list shows of a line.
pub(super) fn cells(line: &InvoiceLine<'_>) -> Markup {
    html! {
        td data-label="Offer" { (line.terms.offer_name) }
        td data-label="Billed" { (cycle_word(line.billing_cycle).replace('_', " ")) }
        td.number data-label="Price of a licence" { (line.terms.unit_price) }
        td.number data-label=(USED) { (used(line)) }
        td.number data-label="Amount" { (line.amount) }
    }
}

fn used(line: &InvoiceLine<'_>) -> String {
    match line.billing_cycle {
        BillingCycle::Monthly | BillingCycle::Annual => line.used.to_string(),
        BillingCycle::OneTime => format!("{} once", line.used),
    }
}

/// Where the page before this one ended.
fn read_place(screen: &Screen) -> Option<LinePlace> {
    let customer = screen.query.text("customer").parse::<CustomerId>().ok()?;
    let subscription = screen.query.text("subscription").parse::<SubscriptionId>().ok()?;
    Some((customer, subscription, screen.query.text("sale").parse().ok()?))
}

fn next_link(screen: &Screen, path: &str, line: &InvoiceLine<'_>) -> String {
    let (customer, subscription) = (line.customer.to_string(), line.subscription.to_string());
    let sale = line.sale.to_string();
    let place = [("customer", &*customer), ("subscription", &*subscription), ("sale", &*sale)];
    screen.link_with(path, &place)
}

async fn download(Path(invoice): Path<String>, screen: Screen) -> Result<Response, PageError> {
    screen.allow(Permission::BillingView).await?;
    Ok(invoice_file(&screen.model, &own(&screen, &invoice)?)?)
}
