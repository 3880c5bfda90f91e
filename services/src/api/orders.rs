//! Orders: submitted, shown and changed.

use axum::{extract::State, http::StatusCode};
use commands::{ChangeOrder, Permission, Rejection, SaleRejection, SubmitOrder};
use events::{
    CustomerEvent, CustomerId, Event, OrderEvent, OrderId, OrderLine, PartnerId, Quantity,
    SubscriptionId,
};
use projections::{OrderRow, ReadModel};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    billing::{LISTED_CYCLES, STATED_CYCLES, cycle_of, with_term_of},
    edits::Unchanged,
    order_shape::{Order, Surroundings, tag},
    product_shape::catalogue_item,
    reading::{CustomerView, Reader},
    shapes::Collection,
    wire::Answer,
    words::{Words, same_word},
    writing::Writer,
};
use crate::{
    application::OnCustomer,
    http::{ApiError, AppState, BodyProblem, JsonBody},
    ids::fresh,
};

/// The most lines of one order or cart.
pub(crate) const ORDER_LINES_MAX: usize = 200;

/// The contract's code for a promotion that there is not.
const NO_SUCH_PROMOTION: u32 = 27_007;

/// The states of an order, with whether it can be put into them: it is in the first from the start.
const STATES: Words<Wanted> = Words {
    field: "status",
    all: &[
        ("unknown", Wanted::AsItIs),
        ("completed", Wanted::AsItIs),
        ("pending", Wanted::Impossible),
        ("cancelled", Wanted::Cancelled),
    ],
};

/// What a state means in a request.
#[derive(Clone, Copy)]
enum Wanted {
    AsItIs,
    Cancelled,
    Impossible,
}

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list, submit)).routes(routes!(one, change))
}

/// What is to be bought.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "the document's view of a body that is read member by member")]
struct NewOrder {
    /// The customer in the path, where it is there.
    #[schema(value_type = Option<Uuid>)]
    reference_customer_id: Option<CustomerId>,
    /// `monthly`, `annual` or `one_time`; unless it is there, as the terms of the lines are.
    #[schema(example = "monthly")]
    billing_cycle: Option<String>,
    line_items: Vec<NewOrderLine>,
}

/// One offer that is to be bought.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "the document's view of a body that is read member by member")]
pub(super) struct NewOrderLine {
    /// From 0 without gaps; its place in the list unless it is there.
    #[schema(example = 0)]
    line_item_number: Option<u32>,
    /// An offer, or an item of the catalogue as `product:sku:availability`.
    #[schema(example = "796b6b5f-613c-4e24-a17c-eba730d49c02")]
    offer_id: String,
    quantity: u32,
    /// `P1M`, which is billed monthly, or `P1Y`, annually.
    #[schema(example = "P1M")]
    term_duration: Option<String>,
    #[schema(example = "Sales team")]
    friendly_name: Option<String>,
    /// The MPN id of the indirect reseller that is on record for it.
    #[schema(example = json!(null))]
    partner_id_on_record: Option<String>,
    /// The subscription to which it is an add-on.
    #[schema(value_type = Option<Uuid>, example = json!(null))]
    parent_subscription_id: Option<SubscriptionId>,
}

/// What an order is to become.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "the document's view of a body that is read member by member")]
struct OrderChange {
    /// The order in the path, where it is there.
    #[schema(value_type = Option<Uuid>, example = json!(null))]
    id: Option<OrderId>,
    /// How everything in it is billed from now on: `monthly` or `annual`.
    #[schema(example = "annual")]
    billing_cycle: Option<String>,
    /// Add-ons to subscriptions of the order. Lines that have a `subscriptionId` are those it has.
    #[schema(example = json!([]))]
    line_items: Option<Vec<NewOrderLine>>,
    /// An order is not cancelled; its subscriptions are.
    #[schema(example = "completed")]
    status: Option<String>,
}

/// Lists a customer's orders, oldest first.
#[utoipa::path(
    get,
    path = "/v1/customers/{customer}/orders",
    tag = "Orders",
    params(
        ("billingType" = Option<String>, Query, description = "Only those that are billed so: `monthly`, `annual`, `onetime`.", example = "monthly"),
        ("include_price" = Option<bool>, Query, description = "With what they cost."),
        ("indirectResellerId" = Option<Uuid>, Query, description = "Only those with a line for which this reseller is on record (*own*).", example = json!(null)),
    ),
    responses((status = OK, description = "The orders.", body = Collection<Order>))
)]
async fn list(
    State(app): State<AppState>,
    reader: Reader<(CustomerId,)>,
) -> Result<Answer, ApiError> {
    let (customer,) = reader.ids;
    let view = reader.customer_view(&app, customer, Permission::SubscriptionsView).await?;
    let cycle = reader.query().text("billingType").map(|text| LISTED_CYCLES.read(text));
    let cycle = cycle.transpose()?.flatten();
    let reseller: Option<PartnerId> = reader.query().optional("indirectResellerId")?;
    let around = around(&app, &view.view.model, with_price(&reader));
    let orders = view.view.model.orders().of(customer);
    let seen = orders
        .filter(|row| view.sees_sales_of(&app, row.partner))
        .filter(|row| cycle.is_none_or(|cycle| row.billing_cycle == cycle))
        .filter(|row| reseller.is_none_or(|id| is_through(&view.view.model, id, row)));
    let items = seen.map(|row| Order::of(row, around));
    let body = Collection::of(items, format!("/customers/{customer}/orders"));
    Ok(Answer::ok(view.view.position(), body))
}

/// Whether this reseller is on record for a line of the order; one that is not there is for none.
fn is_through(model: &ReadModel, reseller: PartnerId, row: &OrderRow) -> bool {
    model.partners().get(reseller).is_some_and(|reseller| {
        let mpn_id = Some(&reseller.mpn_id);
        row.lines.iter().any(|line| line.partner_on_record.as_ref() == mpn_id)
    })
}

fn with_price<I>(reader: &Reader<I>) -> bool {
    reader.query().text("include_price").is_some_and(|text| same_word(text, "true"))
}

fn around<'a>(app: &'a AppState, model: &'a ReadModel, with_price: bool) -> Surroundings<'a> {
    Surroundings { model, catalogue: app.catalogue(), with_price }
}

/// Tells about an order.
#[utoipa::path(
    get,
    path = "/v1/customers/{customer}/orders/{order}",
    tag = "Orders",
    params(("include_price" = Option<bool>, Query, description = "With what it cost.")),
    responses((status = OK, description = "The order.", body = Order))
)]
async fn one(
    State(app): State<AppState>,
    reader: Reader<(CustomerId, OrderId)>,
) -> Result<Answer, ApiError> {
    let (customer, order) = reader.ids;
    let view = reader.customer_view(&app, customer, Permission::SubscriptionsView).await?;
    let row = seen(&app, &view, order)?;
    let body = Order::of(row, around(&app, &view.view.model, with_price(&reader)));
    Ok(Answer::ok(view.view.position(), body))
}

/// An order that the caller sees.
pub(super) fn seen<'a>(
    app: &AppState,
    view: &'a CustomerView,
    order: OrderId,
) -> Result<&'a OrderRow, ApiError> {
    let row = view.view.model.orders().get(view.customer, order);
    row.filter(|row| view.sees_sales_of(app, row.partner)).ok_or_else(|| not_found(order))
}

fn not_found(order_id: OrderId) -> ApiError {
    (&Rejection::from(SaleRejection::OrderNotFound { order_id })).into()
}

/// Buys offers for a customer; each line becomes a subscription.
#[utoipa::path(
    post,
    path = "/v1/customers/{customer}/orders",
    tag = "Orders",
    request_body = NewOrder,
    responses((status = CREATED, description = "The order.", body = Order))
)]
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
        billing_cycle: cycle_of(&writer.body, &writer.body.objects("lineItems")?)?,
        lines: read_lines(&app, &writer.body)?,
    };
    let outcome = writer.execute(&app, &OnCustomer::new(customer, command)).await?;
    let order = outcome.find(submitted).ok_or_else(ApiError::internal)?;
    let permission = Permission::SubscriptionsView;
    let view = writer.customer_view_after(&app, customer, &outcome, permission).await?;
    let body = shown(&app, &view.model, customer, order)?;
    Ok(Answer::created(outcome.position, body))
}

/// The order that an event tells of, if it tells that one was submitted.
pub(super) const fn submitted(event: &Event) -> Option<OrderId> {
    match event {
        Event::Customer(CustomerEvent::Order(OrderEvent::OrderSubmitted(event))) => {
            Some(event.order_id)
        }
        _ => None,
    }
}

/// An order that was submitted or changed just now.
///
/// # Errors
/// When the read model does not show it.
pub(super) fn shown(
    app: &AppState,
    model: &ReadModel,
    customer: CustomerId,
    order: OrderId,
) -> Result<Order, ApiError> {
    let row = model.orders().get(customer, order).ok_or_else(|| not_found(order))?;
    Ok(Order::of(row, around(app, model, false)))
}

/// Buys add-ons to what was ordered, or has it billed in another cycle.
#[utoipa::path(
    patch,
    path = "/v1/customers/{customer}/orders/{order}",
    tag = "Orders",
    params(("If-Match" = Option<String>, Header, description = "The version the caller knows.")),
    request_body = OrderChange,
    responses((status = OK, description = "The order from now on.", body = Order))
)]
async fn change(
    State(app): State<AppState>,
    writer: Writer<(CustomerId, OrderId)>,
) -> Result<Answer, ApiError> {
    let (customer, order_id) = writer.ids;
    let permission = Permission::SubscriptionsManage;
    app.allow_customer(writer.caller.principal(), customer, permission).await?;
    let model = app.models().current();
    let row = model.orders().get(customer, order_id);
    let row = row.filter(|row| app.sees_sales(writer.partner(), customer, row.partner));
    let row = row.ok_or_else(|| not_found(order_id))?;
    refuse_what_stays(&writer.body, row)?;
    let command = ChangeOrder {
        order_id,
        billing_cycle: STATED_CYCLES.read_member(&writer.body)?.flatten(),
        lines: added_lines(&app, &writer.body, row)?,
    };
    let guarded = Unchanged {
        customer,
        permission,
        known: writer.known_tag()?,
        current: Box::new(move |model| model.orders().get(customer, order_id).map(tag)),
        change: OnCustomer::new(customer, command),
    };
    let outcome = writer.execute(&app, &guarded).await?;
    let view = writer.customer_view_after(&app, customer, &outcome, permission).await?;
    let body = shown(&app, &view.model, customer, order_id)?;
    Ok(Answer::ok(outcome.position, body))
}

/// Clients send whole orders back: what cannot be changed may be there, but not be different.
fn refuse_what_stays(body: &JsonBody, row: &OrderRow) -> Result<(), ApiError> {
    let id: Option<OrderId> = body.optional("id")?;
    if id.is_some_and(|id| id != row.id) {
        return Err(ApiError::invalid("id", "must be the order in the path"));
    }
    let refused = |code, description: &str| {
        Err(ApiError::new(StatusCode::BAD_REQUEST, code, description)
            .with_data(["invalid_field".to_owned(), STATES.field.to_owned()]))
    };
    match STATES.read_member(body)? {
        None | Some(Wanted::AsItIs) => Ok(()),
        Some(Wanted::Cancelled) => refused(
            800_061,
            "an order is not cancelled: set the status of its subscriptions to suspended or deleted",
        ),
        Some(Wanted::Impossible) => refused(800_040, "an order that is completed stays so"),
    }
}

/// The lines of a body that the order does not have yet: those without a subscription.
fn added_lines(
    app: &AppState,
    body: &JsonBody,
    row: &OrderRow,
) -> Result<Vec<OrderLine>, ApiError> {
    let mut added = Vec::new();
    let cycle = STATED_CYCLES.read_member(body)?.flatten().unwrap_or(row.billing_cycle);
    for line in &body.objects("lineItems")? {
        match line.optional::<SubscriptionId>("subscriptionId")? {
            None => {
                with_term_of(line, Some(cycle))?;
                added.push(read_line(app, line, number_after(&added))?);
            }
            Some(id) => refuse_other_line(line, row, id)?,
        }
    }
    refuse_too_many(added.len())?;
    // What is added is numbered by itself, in whatever numbers it came.
    Ok((0..).zip(added).map(|(line_number, line)| OrderLine { line_number, ..line }).collect())
}

fn number_after(lines: &[OrderLine]) -> u32 {
    u32::try_from(lines.len()).unwrap_or(u32::MAX)
}

fn refuse_other_line(line: &JsonBody, row: &OrderRow, id: SubscriptionId) -> Result<(), ApiError> {
    let known = row.lines.iter().find(|known| known.subscription_id == id);
    let known = known.ok_or_else(|| line.wrong("subscriptionId", "is none of the order"))?;
    if quantity(line)?.is_some_and(|quantity| quantity != known.quantity) {
        let reason = "is changed through the subscription";
        return Err(ApiError { code: 800_095, ..line.wrong("quantity", reason) });
    }
    Ok(())
}

/// The lines of an order in a body: at least one, and not too many.
pub(super) fn read_lines(app: &AppState, body: &JsonBody) -> Result<Vec<OrderLine>, ApiError> {
    let lines = body.objects("lineItems")?;
    if lines.is_empty() {
        return Err(ApiError::field("lineItems", &BodyProblem::Missing));
    }
    refuse_too_many(lines.len())?;
    (0..).zip(&lines).map(|(index, line)| read_line(app, line, index)).collect()
}

fn refuse_too_many(lines: usize) -> Result<(), ApiError> {
    if lines > ORDER_LINES_MAX {
        let reason = format!("must have at most {ORDER_LINES_MAX} lines");
        return Err(ApiError::invalid("lineItems", reason));
    }
    Ok(())
}

fn read_line(app: &AppState, line: &JsonBody, index: u32) -> Result<OrderLine, ApiError> {
    refuse_promotion(line)?;
    Ok(OrderLine {
        line_number: line.plain("lineItemNumber")?.unwrap_or(index),
        offer_id: catalogue_item(app, line, "offerId")?,
        subscription_id: fresh(app.now(), SubscriptionId::from_uuid),
        quantity: quantity(line)?.ok_or_else(|| line.missing("quantity"))?,
        friendly_name: line.optional("friendlyName")?,
        partner_on_record: line.optional("partnerIdOnRecord")?,
        parent_subscription: line.optional("parentSubscriptionId")?,
    })
}

/// Nothing is promoted here: who counts on another price is told so.
fn refuse_promotion(line: &JsonBody) -> Result<(), ApiError> {
    let promotion: Option<String> = line.plain("promotionId")?;
    if promotion.is_none_or(|promotion| promotion.trim().is_empty()) {
        return Ok(());
    }
    let reason = "is none that is known here: nothing is promoted";
    Err(ApiError { code: NO_SUCH_PROMOTION, ..line.wrong("promotionId", reason) })
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
