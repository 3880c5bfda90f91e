//! What the subscriptions of one customer cost [our own style]: for who helps it with questions about
//! that, and for its own people. An invoice as a whole is its seller's affair.

use axum::extract::State;
use commands::{CompanyPermission, Permission};
use events::{CustomerId, SubscriptionId, Timestamp};
use projections::{BillingMonth, InvoiceLine, ReadModel};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    company::own,
    invoices::{InvoiceLineItem, Months, shown_line},
    paging::part,
    partners::{PartnerSummary, shown_partner},
    reading::Reader,
    shapes::{Collection, Page},
    wire::Answer,
};
use crate::http::{ApiError, AppState, SignedIn};

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(of_customer)).routes(routes!(of_company))
}

/// What one sale of a subscription costs a customer in a month.
#[derive(Serialize, ToSchema)]
struct CostLine {
    #[serde(flatten)]
    line: InvoiceLineItem,
    /// Who sold it.
    seller: PartnerSummary,
}

/// A line as tokens name it: its month, its subscription and which of its sales.
type Place = (String, SubscriptionId, usize);

fn place(month: BillingMonth, line: &InvoiceLine<'_>) -> Place {
    (month.to_string(), line.subscription, line.sale)
}

/// The lines of a customer for all closed months, the newest month first.
pub(crate) fn lines_of(
    model: &ReadModel,
    customer: CustomerId,
    at: Timestamp,
) -> impl Iterator<Item = (BillingMonth, InvoiceLine<'_>)> {
    let months = model.invoices().months_of(customer, at);
    months.flat_map(move |month| {
        model.invoices().of_customer(customer, month).map(move |line| (month, line))
    })
}

/// Lists what a customer's subscriptions cost in closed months, as far as the caller's partner sees them (*own*).
#[utoipa::path(
    get,
    path = "/v1/customers/{customer}/invoicelineitems",
    tag = "Invoices",
    params(
        ("from" = Option<String>, Query, description = "The first month.", example = "2026-01"),
        ("to" = Option<String>, Query, description = "The last month.", example = "2026-12"),
    ),
    responses((status = OK, description = "The newest month first.", body = Page<CostLine>))
)]
async fn of_customer(
    State(app): State<AppState>,
    reader: Reader<(CustomerId,)>,
) -> Result<Answer, ApiError> {
    let (customer,) = reader.ids;
    let months = Months::of(reader.query())?;
    let after: Option<Place> = reader.seek.after()?;
    let reached = reader.customer_view(&app, customer, Permission::BillingHelp).await?;
    let view = &reached.view;
    let seen: Vec<_> = lines_of(&view.model, customer, view.at)
        .filter(|(month, line)| months.has(*month) && reached.sees_sales_of(&app, line.seller))
        .collect();
    let total = seen.len();
    let begin =
        after.and_then(|last| seen.iter().position(|(month, it)| place(*month, it) == last));
    let rest = seen.into_iter().skip(begin.map_or(0, |last| last + 1));
    let (lines, more) = part(rest, reader.seek.limit()?);
    let next = lines.last().filter(|_| more).map(|(month, line)| place(*month, line));
    let items = lines.iter().map(|(month, line)| with_seller(&view.model, *month, line));
    let body = reader.seek.page(&app, items, Some(total), next);
    Ok(Answer::ok(view.position(), body))
}

/// Lists what the company's subscriptions cost in closed months, whoever sold them (*own*).
#[utoipa::path(
    get,
    path = "/v1/company/invoicelineitems",
    tag = "Company",
    params(
        ("from" = Option<String>, Query, description = "The first month.", example = "2026-01"),
        ("to" = Option<String>, Query, description = "The last month.", example = "2026-12"),
    ),
    responses((status = OK, description = "The newest month first.", body = Collection<CostLine>))
)]
async fn of_company(
    State(app): State<AppState>,
    reader: Reader<(), SignedIn>,
) -> Result<Answer, ApiError> {
    let customer = own(&app, &reader.caller, CompanyPermission::BillingView).await?;
    let months = Months::of(reader.query())?;
    let (model, at) = reader.model(&app).await?;
    let lines = lines_of(&model, customer, at).filter(|(month, _)| months.has(*month));
    let items = lines.map(|(month, line)| with_seller(&model, month, &line));
    Ok(Answer::ok(model.position(), Collection::of(items, "/company/invoicelineitems")))
}

fn with_seller(model: &ReadModel, month: BillingMonth, line: &InvoiceLine<'_>) -> CostLine {
    let seller = shown_partner(model, line.seller);
    CostLine { line: shown_line(model, month, line), seller }
}
