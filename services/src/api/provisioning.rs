//! Whether what was ordered is there yet. Here it always is: an order and its subscriptions are one
//! commit, so clients of the contract that wait for provisioning wait no longer than one request.

use axum::{Router, extract::State, routing::get};
use commands::Permission;
use events::{CustomerId, OrderId, OrderLine, SubscriptionId};
use serde_json::{Value, json};

use super::{
    orders,
    reading::Reader,
    subscriptions,
    wire::{Answer, attributes, collection},
};
use crate::http::{ApiError, AppState};

pub(super) fn router() -> Router<AppState> {
    let subscription = "/v1/customers/{customer}/subscriptions/{subscription}";
    Router::new()
        .route("/v1/customers/{customer}/orders/{order}/provisioningstatus", get(of_order))
        .route(&format!("{subscription}/provisioningstatus"), get(of_subscription))
        .route(&format!("{subscription}/registrationstatus"), get(registration))
}

async fn of_order(
    State(app): State<AppState>,
    reader: Reader<(CustomerId, OrderId)>,
) -> Result<Answer, ApiError> {
    let (customer, order) = reader.ids;
    let view = reader.customer_view(&app, customer, Permission::SubscriptionsView).await?;
    let row = orders::seen(&app, &view, order)?;
    let uri = format!("/customers/{customer}/orders/{order}/provisioningstatus");
    Ok(Answer::ok(view.view.position(), collection(row.lines.iter().map(fulfilled), uri)))
}

fn fulfilled(line: &OrderLine) -> Value {
    json!({
        "lineItemNumber": line.line_number,
        "status": "Fulfilled",
        "quantityProvisioningInformation": [{ "quantity": line.quantity, "status": "Fulfilled" }],
    })
}

async fn of_subscription(
    State(app): State<AppState>,
    reader: Reader<(CustomerId, SubscriptionId)>,
) -> Result<Answer, ApiError> {
    let (view, row) = subscriptions::seen(&app, &reader).await?;
    let body = json!({
        "skuId": row.sku,
        "status": "success",
        "quantity": row.quantity,
        "attributes": attributes("SubscriptionProvisioningStatus"),
    });
    Ok(Answer::ok(view.position(), body))
}

/// Only subscriptions to reservations of computing power are registered, and none of those is sold.
async fn registration(
    State(app): State<AppState>,
    reader: Reader<(CustomerId, SubscriptionId)>,
) -> Result<Answer, ApiError> {
    let (view, row) = subscriptions::seen(&app, &reader).await?;
    let body = json!({
        "subscriptionId": row.id,
        "status": "notregistered",
        "attributes": attributes("SubscriptionRegistrationStatus"),
    });
    Ok(Answer::ok(view.position(), body))
}
