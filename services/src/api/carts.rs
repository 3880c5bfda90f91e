//! Carts: orders in the making.

use axum::{
    Router,
    extract::State,
    routing::{get, post},
};
use commands::{
    CancelCart, ChangeCart, CheckOutCart, OpenCart, Permission, Rejection, ReviewCart,
    SaleRejection,
};
use events::{BillingCycle, CartId, CartLine, CustomerId, MpnId, OrderId, SubscriptionId};
use projections::{CartRow, CartStage};
use serde_json::{Value, json};

use super::{
    offers::cycle_name,
    orders::{self, CYCLES, ORDER_LINES_MAX, quantity},
    reading::{Reader, View},
    wire::{Answer, attributes, collection, self_link},
    writing::Writer,
};
use crate::{
    application::{OnCustomer, Outcome},
    http::{ApiError, AppState, BodyProblem, JsonBody},
    ids::fresh,
};

/// The participant of a line that is the reseller on record.
const RESELLER: &str = "transaction_reseller";

pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route("/v1/customers/{customer}/carts", get(list).post(open))
        .route("/v1/customers/{customer}/carts/{cart}", get(one).put(change).delete(cancel))
        .route("/v1/customers/{customer}/carts/{cart}/review", post(review))
        .route("/v1/customers/{customer}/carts/{cart}/checkout", post(check_out))
}

async fn list(
    State(app): State<AppState>,
    reader: Reader<(CustomerId,)>,
) -> Result<Answer, ApiError> {
    let (customer,) = reader.ids;
    let view = reader.customer_view(&app, customer, Permission::SubscriptionsView).await?.view;
    let open = view.model.carts().of(customer);
    let open = open.filter(|row| row.partner == view.partner && row.is_open(view.at));
    let body =
        collection(open.map(|row| shown(&view, row)), format!("/customers/{customer}/carts"));
    Ok(Answer::ok(view.position(), body))
}

async fn one(
    State(app): State<AppState>,
    reader: Reader<(CustomerId, CartId)>,
) -> Result<Answer, ApiError> {
    let (customer, cart_id) = reader.ids;
    let view = reader.customer_view(&app, customer, Permission::SubscriptionsView).await?.view;
    let body = found(&view, customer, cart_id)?;
    Ok(Answer::ok(view.position(), body))
}

/// The cart as the partner that opened it sees it; to others there is none.
fn found(view: &View, customer: CustomerId, cart_id: CartId) -> Result<Value, ApiError> {
    let row = view.model.carts().get(customer, cart_id);
    let row = row.filter(|row| row.partner == view.partner);
    row.map(|row| shown(view, row))
        .ok_or_else(|| (&Rejection::from(SaleRejection::CartNotFound { cart_id })).into())
}

async fn open(
    State(app): State<AppState>,
    writer: Writer<(CustomerId,)>,
) -> Result<Answer, ApiError> {
    let (customer,) = writer.ids;
    let cart_id = fresh(app.now(), CartId::from_uuid);
    let partner_id = writer.partner();
    let lines = read_lines(&app, &writer.body, &[])?;
    let command = OpenCart { cart_id, partner_id, lines };
    let outcome = writer.execute(&app, &OnCustomer::new(customer, command)).await;
    let outcome = outcome.map_err(in_words_of_carts)?;
    let opened = outcome.find(|event| match event {
        events::Event::Customer(events::CustomerEvent::Cart(events::CartEvent::CartOpened(
            event,
        ))) => Some(event.cart_id),
        _ => None,
    });
    let cart_id = opened.ok_or_else(ApiError::internal)?;
    let body = after(&app, &writer, &outcome, customer, cart_id).await?;
    Ok(Answer::created(outcome.position, body))
}

/// Carts call an offer an item of the catalogue.
fn in_words_of_carts(error: ApiError) -> ApiError {
    error.with_field_called("offerId", "catalogItemId")
}

async fn change(
    State(app): State<AppState>,
    writer: Writer<(CustomerId, CartId)>,
) -> Result<Answer, ApiError> {
    let (customer, cart_id) = writer.ids;
    let model = app.models().current();
    let known = model.carts().get(customer, cart_id);
    let known = known.filter(|row| row.partner == writer.partner());
    let lines = read_lines(&app, &writer.body, known.map_or(&[], |row| &row.lines))?;
    let command = ChangeCart { cart_id, lines };
    let outcome = writer.execute(&app, &OnCustomer::new(customer, command)).await;
    let outcome = outcome.map_err(in_words_of_carts)?;
    let body = after(&app, &writer, &outcome, customer, cart_id).await?;
    Ok(Answer::ok(outcome.position, body))
}

async fn review(
    State(app): State<AppState>,
    writer: Writer<(CustomerId, CartId)>,
) -> Result<Answer, ApiError> {
    let (customer, cart_id) = writer.ids;
    let command = ReviewCart { cart_id };
    let outcome = writer.execute(&app, &OnCustomer::new(customer, command)).await?;
    let body = after(&app, &writer, &outcome, customer, cart_id).await?;
    Ok(Answer::ok(outcome.position, body))
}

async fn check_out(
    State(app): State<AppState>,
    writer: Writer<(CustomerId, CartId)>,
) -> Result<Answer, ApiError> {
    let (customer, cart_id) = writer.ids;
    let now = app.now();
    let order_ids = [(); 3].map(|()| fresh(now, OrderId::from_uuid));
    let command = CheckOutCart { cart_id, order_ids };
    let outcome = writer.execute(&app, &OnCustomer::new(customer, command)).await?;
    let permission = Permission::SubscriptionsView;
    let view = writer.customer_view_after(&app, customer, &outcome, permission).await?;
    let submitted = outcome.events.iter().filter_map(|event| match event {
        events::Event::Customer(events::CustomerEvent::Order(
            events::OrderEvent::OrderSubmitted(event),
        )) => Some(event),
        _ => None,
    });
    let orders: Vec<Value> = submitted
        .map(|order| {
            let row = view.model.orders().get(customer, order.order_id);
            let at = row.map_or(view.at, |row| row.submitted_at);
            orders::shown(customer, order.order_id, order.billing_cycle, &order.lines, at)
        })
        .collect();
    let body = json!({
        "orders": orders,
        "orderErrors": [],
        "attributes": attributes("CartCheckoutResult"),
    });
    Ok(Answer::created(outcome.position, body))
}

async fn cancel(
    State(app): State<AppState>,
    writer: Writer<(CustomerId, CartId)>,
) -> Result<Answer, ApiError> {
    let (customer, cart_id) = writer.ids;
    let command = CancelCart { cart_id };
    let outcome = writer.execute(&app, &OnCustomer::new(customer, command)).await?;
    Ok(Answer::done(outcome.position))
}

async fn after<I>(
    app: &AppState,
    writer: &Writer<I>,
    outcome: &Outcome,
    customer: CustomerId,
    cart_id: CartId,
) -> Result<Value, ApiError> {
    let permission = Permission::SubscriptionsManage;
    let view = writer.customer_view_after(app, customer, outcome, permission).await?;
    found(&view, customer, cart_id)
}

/// The lines of a body, add-ons after what they add to. A line keeps the subscription it is going to
/// become as long as it stands at its place.
fn read_lines(
    app: &AppState,
    body: &JsonBody,
    known: &[CartLine],
) -> Result<Vec<CartLine>, ApiError> {
    let items = body.objects("lineItems")?;
    if items.is_empty() {
        return Err(ApiError::field("lineItems", &BodyProblem::Missing));
    }
    let now = app.now();
    let mut lines: Vec<CartLine> = Vec::new();
    for item in &items {
        let parent = item.optional("parentSubscriptionId")?;
        let parent = read_line(item, parent, known, &mut lines, now)?;
        for add_on in item.objects("addonItems")? {
            read_line(&add_on, Some(parent), known, &mut lines, now)?;
        }
    }
    if lines.len() > ORDER_LINES_MAX {
        let reason = format!("must have at most {ORDER_LINES_MAX} lines");
        return Err(ApiError::invalid("lineItems", reason));
    }
    Ok(lines)
}

fn read_line(
    item: &JsonBody,
    parent_subscription: Option<SubscriptionId>,
    known: &[CartLine],
    lines: &mut Vec<CartLine>,
    now: events::Timestamp,
) -> Result<SubscriptionId, ApiError> {
    let known = known.get(lines.len()).map(|line| line.subscription_id);
    let subscription_id = known.unwrap_or_else(|| fresh(now, SubscriptionId::from_uuid));
    let offer_id =
        item.required("catalogItemId").map_err(|error| ApiError { code: 800_004, ..error })?;
    lines.push(CartLine {
        line_number: u32::try_from(lines.len()).unwrap_or(u32::MAX),
        offer_id,
        subscription_id,
        quantity: quantity(item)?.ok_or_else(|| item.missing("quantity"))?,
        billing_cycle: CYCLES.read_member(item)?.unwrap_or(BillingCycle::Monthly),
        friendly_name: item.optional("friendlyName")?,
        partner_on_record: reseller(item)?,
        parent_subscription,
    });
    Ok(subscription_id)
}

fn reseller(item: &JsonBody) -> Result<Option<MpnId>, ApiError> {
    for participant in item.objects("participants")? {
        if participant.plain::<String>("key")?.as_deref() == Some(RESELLER) {
            return participant.required("value").map(Some);
        }
    }
    Ok(None)
}

fn shown(view: &View, row: &CartRow) -> Value {
    let is_child = |line: &CartLine| {
        let parent = line.parent_subscription;
        parent.is_some_and(|id| row.lines.iter().any(|line| line.subscription_id == id))
    };
    let items: Vec<Value> = row
        .lines
        .iter()
        .filter(|line| !is_child(line))
        .map(|line| {
            let own = Some(line.subscription_id);
            let add_ons = row.lines.iter().filter(|other| other.parent_subscription == own);
            let add_ons: Vec<Value> = add_ons.map(|add_on| shown_line(row, add_on)).collect();
            let mut shown = shown_line(row, line);
            if !add_ons.is_empty() {
                shown["addonItems"] = add_ons.into();
            }
            shown
        })
        .collect();
    let status = match &row.stage {
        CartStage::Draft | CartStage::Reviewed { .. } if !row.is_open(view.at) => "Expired",
        CartStage::Draft => "Active",
        CartStage::Reviewed { .. } => "Reviewed",
        CartStage::Ordered { .. } => "Ordered",
        CartStage::Cancelled => "Cancelled",
        CartStage::Expired => "Expired",
    };
    json!({
        "id": row.id,
        "creationTimestamp": row.created_at,
        "lastModifiedTimestamp": row.modified_at,
        "expirationTimestamp": row.expires_at,
        "status": status,
        "lineItems": items,
        "links": self_link(format!("/customers/{}/carts/{}", row.customer, row.id)),
        "attributes": attributes("Cart"),
    })
}

fn shown_line(row: &CartRow, line: &CartLine) -> Value {
    let number = usize::try_from(line.line_number).unwrap_or(usize::MAX);
    let price = match &row.stage {
        CartStage::Reviewed { unit_prices } => unit_prices.get(number),
        CartStage::Draft
        | CartStage::Ordered { .. }
        | CartStage::Cancelled
        | CartStage::Expired => None,
    };
    let reseller = |id: &MpnId| json!([{ "key": RESELLER, "value": id }]);
    json!({
        "id": line.line_number,
        "catalogItemId": line.offer_id,
        "friendlyName": line.friendly_name,
        "quantity": line.quantity,
        "billingCycle": cycle_name(line.billing_cycle),
        "currencyCode": price.map(|price| &price.currency),
        "unitPrice": price.map(|price| json!({
            "currencyCode": price.currency,
            "minorUnits": price.minor_units,
        })),
        "subscriptionId": line.subscription_id,
        "parentSubscriptionId": line.parent_subscription,
        "participants": line.partner_on_record.as_ref().map(reseller),
        "attributes": attributes("CartLineItem"),
    })
}
