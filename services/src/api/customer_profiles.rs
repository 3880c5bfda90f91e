//! A customer's company profile and billing profile; editing the latter edits the customer's details.

use axum::{Router, extract::State, routing::get};
use commands::{Permission, Rejection};
use events::CustomerId;

use super::{
    customer_shape::{Account, DetailsChange},
    edits::EditDetails,
    reading::Reader,
    wire::Answer,
    writing::Writer,
};
use crate::http::{ApiError, AppState};

pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route("/v1/customers/{customer}/profiles/company", get(company))
        .route("/v1/customers/{customer}/profiles/billing", get(billing).put(edit))
}

async fn company(
    State(app): State<AppState>,
    reader: Reader<(CustomerId,)>,
) -> Result<Answer, ApiError> {
    let view = reader.customer_view(&app, reader.ids.0, Permission::CustomersView).await?;
    let account = Account::of(&app, view.row()?).await?;
    Ok(Answer::ok(view.view.position(), account.company_profile()))
}

async fn billing(
    State(app): State<AppState>,
    reader: Reader<(CustomerId,)>,
) -> Result<Answer, ApiError> {
    let view = reader.customer_view(&app, reader.ids.0, Permission::CustomersView).await?;
    let account = Account::of(&app, view.row()?).await?;
    Ok(Answer::ok(view.view.position(), account.billing_profile()))
}

async fn edit(
    State(app): State<AppState>,
    writer: Writer<(CustomerId,)>,
) -> Result<Answer, ApiError> {
    let (customer,) = writer.ids;
    let change = DetailsChange::read(&writer.body)?;
    let use_case = EditDetails { customer, known: writer.known_tag()?, change };
    let outcome = writer.execute(&app, &use_case).await?;
    let permission = Permission::CustomersView;
    let view = writer.customer_view_after(&app, customer, &outcome, permission).await?;
    let row = view.model.customers().get(customer);
    let row = row.ok_or_else(|| ApiError::from(&Rejection::CustomerNotFound))?;
    let account = Account::of(&app, row).await?;
    Ok(Answer::ok(outcome.position, account.billing_profile()))
}
