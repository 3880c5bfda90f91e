//! Invoices of the caller's partner [our own style]: one for each closed month and currency, with a
//! line for each sale of a subscription.

use axum::{Router, extract::State, response::Response, routing::get};
use commands::Permission;
use events::{BillingCycle, CustomerId};
use projections::{BillingMonth, InvoiceId, InvoiceLine, InvoiceRow, LinePlace, ReadModel};
use serde_json::{Value, json};

use super::{
    billing::cycle_word,
    paging::part,
    query::Query,
    reading::{Reader, View},
    wire::{Answer, attributes, link, shown_money},
};
use crate::{
    application::CommandError,
    exports::downloaded,
    http::{ApiError, AppState},
    reports::company_name,
};

const COLUMNS: [&str; 14] = [
    "month",
    "customer_id",
    "customer",
    "subscription_id",
    "offer_id",
    "offer",
    "product",
    "billing_cycle",
    "unit_price_minor_units",
    "quantity",
    "unit",
    "amount_minor_units",
    "currency",
    "invoice_id",
];

pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route("/v1/invoices", get(list))
        .route("/v1/invoices/{invoice}", get(one))
        .route("/v1/invoices/{invoice}/lineitems", get(lines))
        .route("/v1/invoices/{invoice}/csv", get(download))
}

/// Months from one to another, both included; open where nothing is said.
pub(super) struct Months {
    from: Option<BillingMonth>,
    to: Option<BillingMonth>,
}

impl Months {
    /// Reads the parameters `from` and `to`.
    pub(super) fn of(query: &Query) -> Result<Self, ApiError> {
        let (from, to) = (query.optional("from")?, query.optional("to")?);
        if from.zip(to).is_some_and(|(from, to)| from > to) {
            return Err(ApiError::invalid("to", "must not be before from"));
        }
        Ok(Self { from, to })
    }

    pub(super) fn has(&self, month: BillingMonth) -> bool {
        self.from.is_none_or(|from| from <= month) && self.to.is_none_or(|to| month <= to)
    }
}

async fn list(State(app): State<AppState>, reader: Reader) -> Result<Answer, ApiError> {
    let customer: Option<CustomerId> = reader.query().optional("customerId")?;
    let months = Months::of(reader.query())?;
    let after: Option<String> = reader.seek.after()?;
    let view = reader.view(&app, Permission::BillingView).await?;
    let invoices = view.model.invoices();
    let concerns = |row: &InvoiceRow| {
        customer.is_none_or(|only| invoices.lines(&row.id, Some(only), None).next().is_some())
    };
    let mut rows = invoices.of(view.partner, view.at);
    rows.retain(|row| months.has(row.id.month) && concerns(row));
    let total = rows.len();
    let seen = after.and_then(|id| rows.iter().position(|row| row.id.to_string() == id));
    let rest = rows.into_iter().skip(seen.map_or(0, |seen| seen + 1));
    let (rows, more) = part(rest, reader.seek.limit()?);
    let next = rows.last().filter(|_| more).map(|row| row.id.to_string());
    let items = rows.iter().map(shown);
    let body = reader.seek.page(&app, items, Some(total), next);
    Ok(Answer::ok(view.position(), body))
}

async fn one(
    State(app): State<AppState>,
    reader: Reader<(InvoiceId,)>,
) -> Result<Answer, ApiError> {
    let view = reader.view(&app, Permission::BillingView).await?;
    let row = row_of(&view, &reader.ids.0)?;
    Ok(Answer::ok(view.position(), shown(&row)))
}

async fn lines(
    State(app): State<AppState>,
    reader: Reader<(InvoiceId,)>,
) -> Result<Answer, ApiError> {
    let customer: Option<CustomerId> = reader.query().optional("customerId")?;
    let after: Option<LinePlace> = reader.seek.after()?;
    let view = reader.view(&app, Permission::BillingView).await?;
    let row = row_of(&view, &reader.ids.0)?;
    let invoices = view.model.invoices();
    let total = match customer {
        None => row.lines,
        Some(_) => invoices.lines(&row.id, customer, None).count(),
    };
    let (lines, more) = part(invoices.lines(&row.id, customer, after), reader.seek.limit()?);
    let next = lines.last().filter(|_| more).map(InvoiceLine::place);
    let items = lines.iter().map(|line| shown_line(&view.model, row.id.month, line));
    let body = reader.seek.page(&app, items, Some(total), next);
    Ok(Answer::ok(view.position(), body))
}

async fn download(
    State(app): State<AppState>,
    reader: Reader<(InvoiceId,)>,
) -> Result<Response, ApiError> {
    let view = reader.view(&app, Permission::BillingView).await?;
    let row = row_of(&view, &reader.ids.0)?;
    Ok(invoice_file(&view.model, &row)?)
}

/// An invoice of the caller's partner.
fn row_of(view: &View, id: &InvoiceId) -> Result<InvoiceRow, ApiError> {
    let own = view.model.invoices().get(id, view.at).filter(|row| row.id.seller == view.partner);
    own.ok_or_else(|| ApiError::not_found("there is no such invoice"))
}

fn shown(row: &InvoiceRow) -> Value {
    let own = format!("/invoices/{}", row.id);
    json!({
        "id": row.id.to_string(),
        "month": row.id.month.to_string(),
        "invoiceDate": row.id.month.end(),
        "billingPeriodStartDate": row.id.month.start(),
        "billingPeriodEndDate": row.id.month.end(),
        "currencyCode": row.id.currency,
        "total": shown_money(&row.total),
        "lineItemCount": row.lines,
        "links": { "self": link(own.clone()), "lineItems": link(format!("{own}/lineitems")) },
        "attributes": attributes("Invoice"),
    })
}

/// A line of an invoice.
pub(super) fn shown_line(model: &ReadModel, month: BillingMonth, line: &InvoiceLine<'_>) -> Value {
    json!({
        "month": month.to_string(),
        "customerId": line.customer,
        "customerName": company_name(model, line.customer),
        "subscriptionId": line.subscription,
        "offerId": line.offer,
        "offerName": line.terms.offer_name,
        "product": { "id": line.sku, "name": line.terms.product_name },
        "billingCycle": cycle_word(line.billing_cycle),
        "unitPrice": shown_money(&line.terms.unit_price),
        "quantity": line.used,
        "unit": unit_word(line.billing_cycle),
        "amount": shown_money(&line.amount),
        "attributes": attributes("InvoiceLineItem"),
    })
}

/// What a line counts.
const fn unit_word(cycle: BillingCycle) -> &'static str {
    match cycle {
        BillingCycle::Monthly | BillingCycle::Annual => "license_days",
        BillingCycle::OneTime => "licenses",
    }
}

/// An invoice with its lines as a file.
pub(crate) fn invoice_file(model: &ReadModel, row: &InvoiceRow) -> Result<Response, CommandError> {
    let name = format!("invoice-{}-{}.csv", row.id.month, row.id.currency.as_str().to_lowercase());
    downloaded(&name, &COLUMNS, |file| {
        for line in model.invoices().lines(&row.id, None, None) {
            let cells = [
                row.id.month.to_string(),
                line.customer.to_string(),
                company_name(model, line.customer),
                line.subscription.to_string(),
                line.offer.to_string(),
                line.terms.offer_name.to_string(),
                line.terms.product_name.to_string(),
                cycle_word(line.billing_cycle).to_owned(),
                line.terms.unit_price.minor_units.to_string(),
                line.used.to_string(),
                unit_word(line.billing_cycle).to_owned(),
                line.amount.minor_units.to_string(),
                line.amount.currency.to_string(),
                row.id.to_string(),
            ];
            file.row(cells.iter().map(String::as_str))?;
        }
        Ok(())
    })
}
