//! Invoices of the caller's partner [our own style]: one for each closed month and currency, with a
//! line for each sale of a subscription.

use axum::{extract::State, response::Response};
use commands::Permission;
use events::{BillingCycle, CustomerId, OfferId, SubscriptionId, Timestamp};
use projections::{BillingMonth, InvoiceId, InvoiceLine, InvoiceRow, LinePlace, ReadModel};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    billing::cycle_word,
    paging::part,
    price_list::PricedProduct,
    query::Query,
    reading::{Reader, View},
    shapes::{Amount, Attributes, Link, Page, SelfLinks},
    wire::Answer,
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

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(one))
        .routes(routes!(lines))
        .routes(routes!(download))
}

/// What the partner bills for a month in one currency.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_field_names, reason = "the contract's names")]
struct Invoice {
    #[schema(example = "3fa85f64-5717-4562-b3fc-2c963f66afa6_2026-10_usd")]
    id: String,
    #[schema(example = "2026-10")]
    month: String,
    #[schema(value_type = String, format = DateTime)]
    invoice_date: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    billing_period_start_date: Timestamp,
    /// The moment it is over.
    #[schema(value_type = String, format = DateTime)]
    billing_period_end_date: Timestamp,
    #[schema(example = "USD")]
    currency_code: String,
    total: Amount,
    line_item_count: usize,
    links: InvoiceLinks,
    attributes: Attributes,
}

/// The links of an invoice.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct InvoiceLinks {
    line_items: Link,
    #[serde(flatten)]
    own: SelfLinks,
}

/// What one sale of a subscription costs in a month.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct InvoiceLineItem {
    #[schema(example = "2026-10")]
    month: String,
    #[schema(value_type = Uuid)]
    customer_id: CustomerId,
    #[schema(example = "Relecloud")]
    customer_name: String,
    #[schema(value_type = Uuid)]
    subscription_id: SubscriptionId,
    #[schema(value_type = Uuid)]
    offer_id: OfferId,
    #[schema(example = "Office 365 Enterprise E3")]
    offer_name: String,
    product: PricedProduct,
    #[schema(example = "monthly")]
    billing_cycle: &'static str,
    unit_price: Amount,
    quantity: u64,
    /// What is counted: `license_days`, or `licenses` of what is paid once.
    #[schema(example = "license_days")]
    unit: &'static str,
    amount: Amount,
    attributes: Attributes,
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

/// Lists the partner's invoices of closed months, the newest first (*own*).
#[utoipa::path(
    get,
    path = "/v1/invoices",
    tag = "Invoices",
    params(
        ("customerId" = Option<String>, Query, description = "Only what concerns this customer.", example = "3fa85f64-5717-4562-b3fc-2c963f66afa6"),
        ("from" = Option<String>, Query, description = "The first month.", example = "2026-01"),
        ("to" = Option<String>, Query, description = "The last month.", example = "2026-12"),
    ),
    responses((status = OK, description = "The invoices.", body = Page<Invoice>))
)]
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

/// Tells about an invoice (*own*).
#[utoipa::path(
    get,
    path = "/v1/invoices/{invoice}",
    tag = "Invoices",
    responses((status = OK, description = "The invoice.", body = Invoice))
)]
async fn one(
    State(app): State<AppState>,
    reader: Reader<(InvoiceId,)>,
) -> Result<Answer, ApiError> {
    let view = reader.view(&app, Permission::BillingView).await?;
    let row = row_of(&view, &reader.ids.0)?;
    Ok(Answer::ok(view.position(), shown(&row)))
}

/// Lists the lines of an invoice (*own*).
#[utoipa::path(
    get,
    path = "/v1/invoices/{invoice}/lineitems",
    tag = "Invoices",
    params(
        ("customerId" = Option<String>, Query, description = "Only what concerns this customer.", example = "3fa85f64-5717-4562-b3fc-2c963f66afa6"),
    ),
    responses((status = OK, description = "The lines.", body = Page<InvoiceLineItem>))
)]
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

/// Downloads an invoice with its lines as a table (*own*).
#[utoipa::path(
    get,
    path = "/v1/invoices/{invoice}/csv",
    tag = "Invoices",
    responses((status = OK, description = "The lines.", body = String, content_type = "text/csv"))
)]
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

fn shown(row: &InvoiceRow) -> Invoice {
    let own = format!("/invoices/{}", row.id);
    Invoice {
        id: row.id.to_string(),
        month: row.id.month.to_string(),
        invoice_date: row.id.month.end(),
        billing_period_start_date: row.id.month.start(),
        billing_period_end_date: row.id.month.end(),
        currency_code: row.id.currency.to_string(),
        total: Amount::from(&row.total),
        line_item_count: row.lines,
        links: InvoiceLinks {
            line_items: Link::to(format!("{own}/lineitems")),
            own: SelfLinks::to(own),
        },
        attributes: Attributes::of("Invoice"),
    }
}

/// A line of an invoice.
pub(super) fn shown_line(
    model: &ReadModel,
    month: BillingMonth,
    line: &InvoiceLine<'_>,
) -> InvoiceLineItem {
    InvoiceLineItem {
        month: month.to_string(),
        customer_id: line.customer,
        customer_name: company_name(model, line.customer),
        subscription_id: line.subscription,
        offer_id: line.offer,
        offer_name: line.terms.offer_name.to_string(),
        product: PricedProduct { id: line.sku, name: line.terms.product_name.to_string() },
        billing_cycle: cycle_word(line.billing_cycle),
        unit_price: Amount::from(&line.terms.unit_price),
        quantity: line.used,
        unit: unit_word(line.billing_cycle),
        amount: Amount::from(&line.amount),
        attributes: Attributes::of("InvoiceLineItem"),
    }
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
