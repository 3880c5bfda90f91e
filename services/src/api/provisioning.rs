//! Whether what was ordered is there yet. Here it always is: an order and its subscriptions are one
//! commit, so clients of the contract that wait for provisioning wait no longer than one request.

use axum::{extract::State, http::StatusCode};
use commands::Permission;
use events::{CustomerId, OrderId, OrderLine, SkuId, SubscriptionId, Timestamp};
use projections::SubscriptionState;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    orders,
    reading::Reader,
    shapes::{Attributes, Collection},
    subscription_shape::ends_at,
    subscriptions,
    wire::Answer,
    writing::Writer,
};
use crate::http::{ApiError, AppState};

/// The contract's code for a subscription that would have to be registered and is not.
const NOT_REGISTERED: u32 = 800_030;

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(of_order))
        .routes(routes!(of_subscription))
        .routes(routes!(registration))
        .routes(routes!(register))
}

/// Whether a line of an order is there.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct OrderLineItemProvisioningStatus {
    /// From 0.
    #[schema(example = 0)]
    line_item_number: u32,
    #[schema(example = "Fulfilled")]
    status: &'static str,
    quantity_provisioning_information: Vec<QuantityProvisioningStatus>,
}

/// How many licences are in this state.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct QuantityProvisioningStatus {
    quantity: u32,
    #[schema(example = "Fulfilled")]
    status: &'static str,
}

/// Whether the seats of a subscription are there.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct SubscriptionProvisioningStatus {
    #[schema(value_type = Uuid)]
    sku_id: SkuId,
    /// `success`, or `none` once it is cancelled.
    #[schema(example = "success")]
    status: &'static str,
    quantity: u32,
    /// When the term that runs ends, or the subscription ended; absent where it is paid once.
    #[schema(value_type = Option<String>, format = DateTime)]
    end_date: Option<Timestamp>,
    attributes: Attributes,
}

/// Whether a subscription to reservations is registered.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct SubscriptionRegistrationStatus {
    #[schema(value_type = Uuid)]
    subscription_id: SubscriptionId,
    #[schema(example = "notregistered")]
    status: &'static str,
    attributes: Attributes,
}

/// Tells whether what was ordered is there: it is, at once.
#[utoipa::path(
    get,
    path = "/v1/customers/{customer}/orders/{order}/provisioningstatus",
    tag = "Orders",
    responses((
        status = OK,
        description = "The order, line by line.",
        body = Collection<OrderLineItemProvisioningStatus>
    ))
)]
async fn of_order(
    State(app): State<AppState>,
    reader: Reader<(CustomerId, OrderId)>,
) -> Result<Answer, ApiError> {
    let (customer, order) = reader.ids;
    let view = reader.customer_view(&app, customer, Permission::SubscriptionsView).await?;
    let row = orders::seen(&app, &view, order)?;
    let uri = format!("/customers/{customer}/orders/{order}/provisioningstatus");
    let body = Collection::of(row.lines.iter().map(fulfilled), uri);
    Ok(Answer::ok(view.view.position(), body))
}

fn fulfilled(line: &OrderLine) -> OrderLineItemProvisioningStatus {
    let quantity = line.quantity.get();
    OrderLineItemProvisioningStatus {
        line_item_number: line.line_number,
        status: "Fulfilled",
        quantity_provisioning_information: vec![QuantityProvisioningStatus {
            quantity,
            status: "Fulfilled",
        }],
    }
}

/// Tells whether the seats of a subscription are there.
#[utoipa::path(
    get,
    path = "/v1/customers/{customer}/subscriptions/{subscription}/provisioningstatus",
    tag = "Subscriptions",
    responses((status = OK, description = "Its state.", body = SubscriptionProvisioningStatus))
)]
async fn of_subscription(
    State(app): State<AppState>,
    reader: Reader<(CustomerId, SubscriptionId)>,
) -> Result<Answer, ApiError> {
    let (view, row) = subscriptions::seen(&app, &reader).await?;
    let status = match row.state {
        SubscriptionState::Active | SubscriptionState::Suspended { .. } => "success",
        SubscriptionState::Cancelled { .. } => "none",
    };
    let body = SubscriptionProvisioningStatus {
        sku_id: row.sku,
        status,
        quantity: row.quantity.get(),
        end_date: ends_at(&row, view.at),
        attributes: Attributes::of("SubscriptionProvisioningStatus"),
    };
    Ok(Answer::ok(view.position(), body))
}

/// Tells whether a subscription is registered. Only subscriptions to reservations of computing power
/// are, and none of those is sold.
#[utoipa::path(
    get,
    path = "/v1/customers/{customer}/subscriptions/{subscription}/registrationstatus",
    tag = "Subscriptions",
    responses((status = OK, description = "It is not.", body = SubscriptionRegistrationStatus))
)]
async fn registration(
    State(app): State<AppState>,
    reader: Reader<(CustomerId, SubscriptionId)>,
) -> Result<Answer, ApiError> {
    let (view, row) = subscriptions::seen(&app, &reader).await?;
    let body = SubscriptionRegistrationStatus {
        subscription_id: row.id,
        status: "notregistered",
        attributes: Attributes::of("SubscriptionRegistrationStatus"),
    };
    Ok(Answer::ok(view.position(), body))
}

/// Registers a subscription for reservations of computing power.
///
/// None that is sold here can be: it is refused, once it is clear that the caller might.
#[utoipa::path(
    post,
    path = "/v1/customers/{customer}/subscriptions/{subscription}/registrations",
    tag = "Subscriptions",
    responses((status = ACCEPTED, description = "It is being registered: never, as nothing that is sold is."))
)]
async fn register(
    State(app): State<AppState>,
    writer: Writer<(CustomerId, SubscriptionId)>,
) -> Result<Answer, ApiError> {
    let (customer, subscription) = writer.ids;
    let (principal, permission) = (writer.caller.principal(), Permission::SubscriptionsManage);
    app.allow_subscription(principal, customer, subscription, permission).await?;
    let model = app.models().current();
    let row = model.subscriptions().get(customer, subscription);
    let seen = row.filter(|row| subscriptions::sees(&app, writer.partner(), row));
    seen.ok_or_else(|| subscriptions::not_found(subscription))?;
    let description = "the subscription is to no offer that is registered";
    Err(ApiError::new(StatusCode::BAD_REQUEST, NOT_REGISTERED, description)
        .with_data(["not_registrable".to_owned(), "subscriptionId".to_owned()]))
}
