//! A customer's company profile and billing profile; editing the latter edits the customer's details.

use axum::extract::State;
use commands::{Permission, Rejection};
use events::CustomerId;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    customer_details::{BillingProfileChange, DetailsChange},
    customer_shape::{Account, CustomerBillingProfile, CustomerCompanyProfile},
    edits::EditDetails,
    reading::Reader,
    wire::Answer,
    writing::Writer,
};
use crate::http::{ApiError, AppState};

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(company)).routes(routes!(billing, edit))
}

/// Tells about a customer's company.
#[utoipa::path(
    get,
    path = "/v1/customers/{customer}/profiles/company",
    tag = "Profiles",
    responses((status = OK, description = "The profile.", body = CustomerCompanyProfile<'_>))
)]
async fn company(
    State(app): State<AppState>,
    reader: Reader<(CustomerId,)>,
) -> Result<Answer, ApiError> {
    let view = reader.customer_view(&app, reader.ids.0, Permission::CustomersView).await?;
    let account = Account::of(&app, view.row()?).await?;
    Ok(Answer::ok(view.view.position(), account.company_profile()))
}

/// Tells what bills of a customer are made from.
#[utoipa::path(
    get,
    path = "/v1/customers/{customer}/profiles/billing",
    tag = "Profiles",
    responses((status = OK, description = "The profile.", body = CustomerBillingProfile<'_>))
)]
async fn billing(
    State(app): State<AppState>,
    reader: Reader<(CustomerId,)>,
) -> Result<Answer, ApiError> {
    let view = reader.customer_view(&app, reader.ids.0, Permission::CustomersView).await?;
    let account = Account::of(&app, view.row()?).await?;
    Ok(Answer::ok(view.view.position(), account.billing_profile()))
}

/// Edits a customer's name, place and contact.
#[utoipa::path(
    put,
    path = "/v1/customers/{customer}/profiles/billing",
    tag = "Profiles",
    params(("If-Match" = Option<String>, Header, description = "The version the caller knows.")),
    request_body = BillingProfileChange,
    responses((status = OK, description = "The profile from now on.", body = CustomerBillingProfile<'_>))
)]
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
