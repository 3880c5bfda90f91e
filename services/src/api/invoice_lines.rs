//! What the subscriptions of one customer cost [our own style]: for who helps it with questions about
//! that, and for its own people. An invoice as a whole is its seller's affair.

use axum::{Router, extract::State, http::Uri, routing::get};
use commands::{CompanyPermission, Permission};
use events::{CustomerId, SubscriptionId, Timestamp};
use projections::{BillingMonth, InvoiceLine, ReadModel};
use serde_json::{Value, json};

use super::{
    company::own,
    invoices::{Months, shown_line},
    paging::part,
    partners::shown_partner,
    query::Query,
    reading::Reader,
    wire::{Answer, collection, extended},
};
use crate::{
    application::AsOf,
    http::{ApiError, AppState, SignedIn},
};

pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route("/v1/customers/{customer}/invoicelineitems", get(of_customer))
        .route("/v1/company/invoicelineitems", get(of_company))
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

async fn of_company(
    State(app): State<AppState>,
    caller: SignedIn,
    uri: Uri,
) -> Result<Answer, ApiError> {
    let customer = own(&app, &caller, CompanyPermission::BillingView).await?;
    let query = Query::of(&uri)?;
    let months = Months::of(&query)?;
    let as_of = query.text("asOf").map(str::parse::<AsOf>).transpose();
    let as_of = as_of.map_err(|error| ApiError::invalid("asOf", error.to_string()))?;
    let (model, at) = app.model(as_of).await?;
    let lines = lines_of(&model, customer, at).filter(|(month, _)| months.has(*month));
    let items = lines.map(|(month, line)| with_seller(&model, month, &line));
    Ok(Answer::ok(model.position(), collection(items, "/company/invoicelineitems")))
}

fn with_seller(model: &ReadModel, month: BillingMonth, line: &InvoiceLine<'_>) -> Value {
    let seller = json!({ "seller": shown_partner(model, line.seller) });
    extended(shown_line(model, month, line), seller)
}
