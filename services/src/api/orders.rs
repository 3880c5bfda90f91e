//! Orders: submitted and shown.

use axum::{Router, extract::State, http::StatusCode, routing::get};
use commands::{Permission, SubmitOrder};
use events::{
    BillingCycle, CustomerEvent, CustomerId, Event, OrderEvent, OrderId, OrderLine, OrderSubmitted,
    Quantity, SubscriptionId, Timestamp,
};
use projections::OrderRow;
use serde_json::{Value, json};

use super::{
    reading::{CustomerView, Reader},
    wire::{Answer, attributes, collection, link, tagged_attributes, version_tag},
    words::Words,
    writing::Writer,
};
use crate::{
    application::OnCustomer,
    http::{ApiError, AppState, BodyProblem, JsonBody},
    ids::fresh,
};

/// The most lines of one order or cart.
pub(crate) const ORDER_LINES_MAX: usize = 200;
/// Orders do not change: the only version there is.
const ORDER_VERSION: u64 = 1;

/// How often an order is billed; what says nothing means every month.
pub(super) const CYCLES: Words<BillingCycle> = Words {
    field: "billingCycle",
    all: &[
        ("unknown", BillingCycle::Monthly),
        ("monthly", BillingCycle::Monthly),
        ("annual", BillingCycle::Annual),
        ("none", BillingCycle::Monthly),
        ("one_time", BillingCycle::OneTime),
    ],
};

pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route("/v1/customers/{customer}/orders", get(list).post(submit))
        .route("/v1/customers/{customer}/orders/{order}", get(one))
}

async fn list(
    State(app): State<AppState>,
    reader: Reader<(CustomerId,)>,
) -> Result<Answer, ApiError> {
    let (customer,) = reader.ids;
    let view = reader.customer_view(&app, customer, Permission::SubscriptionsView).await?;
    let cycle = reader.query().text("billingType").map(|text| CYCLES.read(text)).transpose()?;
    let orders = view.view.model.orders().of(customer);
    let seen = orders
        .filter(|row| view.sees_sales_of(&app, row.partner))
        .filter(|row| cycle.is_none_or(|cycle| row.billing_cycle == cycle));
    let items =
        seen.map(|row| shown(customer, row.id, row.billing_cycle, &row.lines, row.submitted_at));
    let body = collection(items, format!("/customers/{customer}/orders"));
    Ok(Answer::ok(view.view.position(), body))
}

async fn one(
    State(app): State<AppState>,
    reader: Reader<(CustomerId, OrderId)>,
) -> Result<Answer, ApiError> {
    let (customer, order) = reader.ids;
    let view = reader.customer_view(&app, customer, Permission::SubscriptionsView).await?;
    let row = seen(&app, &view, order)?;
    let body = shown(customer, row.id, row.billing_cycle, &row.lines, row.submitted_at);
    Ok(Answer::ok(view.view.position(), body))
}

/// An order that the caller sees.
pub(super) fn seen<'a>(
    app: &AppState,
    view: &'a CustomerView,
    order: OrderId,
) -> Result<&'a OrderRow, ApiError> {
    let row = view.view.model.orders().get(view.customer, order);
    row.filter(|row| view.sees_sales_of(app, row.partner)).ok_or_else(|| {
        ApiError::new(StatusCode::NOT_FOUND, 20_000, format!("order {order} not found"))
            .with_data(["order_not_found".to_owned(), "order_id".to_owned()])
    })
}

async fn submit(
    State(app): State<AppState>,
    writer: Writer<(CustomerId,)>,
) -> Result<Answer, ApiError> {
    let (customer,) = writer.ids;
    let reference: Option<CustomerId> = writer.body.optional("referenceCustomerId")?;
    if reference.is_some_and(|reference| reference != customer) {
        return Err(ApiError::invalid("referenceCustomerId", "must be the customer in the path"));
    }
    let command = SubmitOrder {
        order_id: fresh(app.now(), OrderId::from_uuid),
        partner_id: writer.partner(),
        billing_cycle: CYCLES.read_member(&writer.body)?.unwrap_or(BillingCycle::Monthly),
        lines: read_lines(&writer.body, app.now())?,
    };
    let outcome = writer.execute(&app, &OnCustomer::new(customer, command)).await?;
    let submitted: Option<OrderSubmitted> = outcome.find(|event| match event {
        Event::Customer(CustomerEvent::Order(OrderEvent::OrderSubmitted(event))) => {
            Some(event.clone())
        }
        _ => None,
    });
    let order = submitted.ok_or_else(ApiError::internal)?;
    let permission = Permission::SubscriptionsView;
    let view = writer.customer_view_after(&app, customer, &outcome, permission).await?;
    let row = view.model.orders().get(customer, order.order_id);
    let submitted_at = row.map_or(view.at, |row| row.submitted_at);
    let body = shown(customer, order.order_id, order.billing_cycle, &order.lines, submitted_at);
    Ok(Answer::created(outcome.position, body))
}

/// The lines of an order in a body: at least one, and not too many.
pub(super) fn read_lines(body: &JsonBody, now: Timestamp) -> Result<Vec<OrderLine>, ApiError> {
    let lines = body.objects("lineItems")?;
    if lines.is_empty() {
        return Err(ApiError::field("lineItems", &BodyProblem::Missing));
    }
    if lines.len() > ORDER_LINES_MAX {
        let reason = format!("must have at most {ORDER_LINES_MAX} lines");
        return Err(ApiError::invalid("lineItems", reason));
    }
    (0..).zip(&lines).map(|(index, line)| read_line(line, index, now)).collect()
}

fn read_line(line: &JsonBody, index: u32, now: Timestamp) -> Result<OrderLine, ApiError> {
    let offer_id = line.required("offerId").map_err(|error| ApiError { code: 800_004, ..error })?;
    Ok(OrderLine {
        line_number: line.plain("lineItemNumber")?.unwrap_or(index),
        offer_id,
        subscription_id: fresh(now, SubscriptionId::from_uuid),
        quantity: quantity(line)?.ok_or_else(|| line.missing("quantity"))?,
        friendly_name: line.optional("friendlyName")?,
        partner_on_record: line.optional("partnerIdOnRecord")?,
        parent_subscription: line.optional("parentSubscriptionId")?,
    })
}

/// The number of licences in a body, if it is there.
pub(super) fn quantity(body: &JsonBody) -> Result<Option<Quantity>, ApiError> {
    let number: Option<u32> = body.plain("quantity").map_err(out_of_bounds)?;
    let quantity = number.map(Quantity::new).transpose();
    quantity.map_err(|error| out_of_bounds(body.wrong("quantity", error.reason)))
}

/// The contract has a code of its own for a quantity that no offer comes in.
fn out_of_bounds(error: ApiError) -> ApiError {
    ApiError { code: 2002, ..error }
}

/// An order as answers show it.
pub(super) fn shown(
    customer: CustomerId,
    order: OrderId,
    billing_cycle: BillingCycle,
    lines: &[OrderLine],
    submitted_at: Timestamp,
) -> Value {
    let lines: Vec<Value> = lines.iter().map(|line| shown_line(customer, line)).collect();
    json!({
        "id": order,
        "referenceCustomerId": customer,
        "billingCycle": billing_cycle,
        "lineItems": lines,
        "creationDate": submitted_at,
        "status": "completed",
        "transactionType": "UserPurchase",
        "links": { "self": link(format!("/customers/{customer}/orders/{order}")) },
        "attributes": tagged_attributes("Order", &version_tag(order, ORDER_VERSION)),
    })
}

fn shown_line(customer: CustomerId, line: &OrderLine) -> Value {
    let subscription = line.subscription_id;
    let uri = format!("/customers/{customer}/subscriptions/{subscription}");
    json!({
        "lineItemNumber": line.line_number,
        "offerId": line.offer_id,
        "subscriptionId": subscription,
        "friendlyName": line.friendly_name,
        "quantity": line.quantity,
        "partnerIdOnRecord": line.partner_on_record,
        "parentSubscriptionId": line.parent_subscription,
        "links": { "subscription": link(uri) },
        "attributes": attributes("OrderLineItem"),
    })
}
