//! What the caller's company buys for itself [our own style], by the rules of every order.

use axum::extract::State;
use commands::{CompanyPermission, SubmitOrder};
use events::{OrderId, PartnerId};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    billing::cycle_of,
    company::own,
    order_shape::Order,
    orders::{NewOrderLine, read_lines, shown, submitted},
    wire::Answer,
    writing::Writer,
};
use crate::{
    application::OnCustomer,
    http::{ApiError, AppState, SignedIn},
    ids::fresh,
};

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(buy))
}

/// What the company buys, and from whom.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "the document's view of a body that is read member by member")]
struct OwnPurchase {
    /// The partner that permitted it to buy for itself.
    #[schema(value_type = Uuid)]
    partner_id: PartnerId,
    /// How often it is billed; unless it is there, as the terms of the lines are.
    #[schema(example = "monthly")]
    billing_cycle: Option<String>,
    line_items: Vec<NewOrderLine>,
}

/// Buys for the company (*own*).
#[utoipa::path(
    post,
    path = "/v1/company/orders",
    tag = "Company",
    request_body = OwnPurchase,
    responses((status = CREATED, description = "The order.", body = Order))
)]
async fn buy(
    State(app): State<AppState>,
    writer: Writer<(), SignedIn>,
) -> Result<Answer, ApiError> {
    let customer = own(&app, &writer.caller, CompanyPermission::Buy).await?;
    let body = &writer.body;
    let command = SubmitOrder {
        order_id: fresh(app.now(), OrderId::from_uuid),
        partner_id: body.required("partnerId")?,
        billing_cycle: cycle_of(body, &body.objects("lineItems")?)?,
        lines: read_lines(&app, body)?,
    };
    let outcome = writer.execute(&app, &OnCustomer::new(customer, command)).await?;
    let order = outcome.find(submitted).ok_or_else(ApiError::internal)?;
    let body = shown(&app, &app.models().current(), customer, order)?;
    Ok(Answer::created(outcome.position, body))
}
