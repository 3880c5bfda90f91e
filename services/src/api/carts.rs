//! Carts: orders in the making.

use axum::extract::State;
use commands::{
    CancelCart, CheckOutCart, OpenCart, Permission, Rejection, ReviewCart, SaleRejection,
};
use events::{CartId, CartLine, CustomerId, MpnId, OrderId, SubscriptionId};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    billing::cycle_of,
    cart_shape::{Cart, CartCheckoutResult, RESELLER},
    orders::{self, ORDER_LINES_MAX, quantity},
    product_shape::catalogue_item,
    reading::{Reader, View},
    shapes::Collection,
    wire::Answer,
    writing::Writer,
};
use crate::{
    application::{ChangeCartLines, OnCustomer, Outcome, going_on},
    http::{ApiError, AppState, BodyProblem, JsonBody},
    ids::fresh,
};

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list, open))
        .routes(routes!(one, change, cancel))
        .routes(routes!(review))
        .routes(routes!(check_out))
}

/// What is to be in a cart.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "the document's view of a body that is read member by member")]
struct CartContent {
    line_items: Vec<NewCartLine>,
}

/// One offer that is to be in a cart.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "the document's view of a body that is read member by member")]
struct NewCartLine {
    /// An offer, or an item of the catalogue as `product:sku:availability`.
    #[schema(example = "796b6b5f-613c-4e24-a17c-eba730d49c02")]
    catalog_item_id: String,
    quantity: u32,
    /// `monthly`, `annual` or `one_time`; unless it is there, as the term is.
    #[schema(example = "monthly")]
    billing_cycle: Option<String>,
    /// `P1M`, which is billed monthly, or `P1Y`, annually.
    #[schema(example = "P1M")]
    term_duration: Option<String>,
    #[schema(example = "Sales team")]
    friendly_name: Option<String>,
    /// The indirect reseller that is on record for it.
    #[schema(example = json!([]))]
    participants: Option<Vec<NewParticipant>>,
    /// The subscription to which it is an add-on (*own*).
    #[schema(value_type = Option<Uuid>, example = json!(null))]
    parent_subscription_id: Option<SubscriptionId>,
    /// Add-ons to this very line.
    #[schema(no_recursion, example = json!([]))]
    addon_items: Option<Vec<NewCartLine>>,
}

/// Who is to take part in a sale.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the document's view of a body that is read member by member")]
struct NewParticipant {
    #[schema(example = "transaction_reseller")]
    key: String,
    /// The MPN id.
    #[schema(example = "1234567")]
    value: String,
}

/// Lists the caller's partner's carts for a customer that can be ordered (*own*).
#[utoipa::path(
    get,
    path = "/v1/customers/{customer}/carts",
    tag = "Carts",
    responses((status = OK, description = "The carts.", body = Collection<Cart>))
)]
async fn list(
    State(app): State<AppState>,
    reader: Reader<(CustomerId,)>,
) -> Result<Answer, ApiError> {
    let (customer,) = reader.ids;
    let view = reader.customer_view(&app, customer, Permission::SubscriptionsView).await?.view;
    let open = view.model.carts().of(customer);
    let open = open.filter(|row| row.partner == view.partner && row.is_open(view.at));
    let items = open.map(|row| Cart::of(row, view.at));
    let body = Collection::of(items, format!("/customers/{customer}/carts"));
    Ok(Answer::ok(view.position(), body))
}

/// Tells about a cart.
#[utoipa::path(
    get,
    path = "/v1/customers/{customer}/carts/{cart}",
    tag = "Carts",
    responses((status = OK, description = "The cart.", body = Cart))
)]
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
fn found(view: &View, customer: CustomerId, cart_id: CartId) -> Result<Cart, ApiError> {
    let row = view.model.carts().get(customer, cart_id);
    let row = row.filter(|row| row.partner == view.partner);
    row.map(|row| Cart::of(row, view.at))
        .ok_or_else(|| (&Rejection::from(SaleRejection::CartNotFound { cart_id })).into())
}

/// Drafts an order. It can be submitted for 15 minutes after its last change.
#[utoipa::path(
    post,
    path = "/v1/customers/{customer}/carts",
    tag = "Carts",
    request_body = CartContent,
    responses((status = CREATED, description = "The cart.", body = Cart))
)]
async fn open(
    State(app): State<AppState>,
    writer: Writer<(CustomerId,)>,
) -> Result<Answer, ApiError> {
    let (customer,) = writer.ids;
    let cart_id = fresh(app.now(), CartId::from_uuid);
    let partner_id = writer.partner();
    let lines = read_lines(&app, &writer.body)?;
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

/// Changes what is in a cart.
#[utoipa::path(
    put,
    path = "/v1/customers/{customer}/carts/{cart}",
    tag = "Carts",
    request_body = CartContent,
    responses((status = OK, description = "The cart from now on.", body = Cart))
)]
async fn change(
    State(app): State<AppState>,
    writer: Writer<(CustomerId, CartId)>,
) -> Result<Answer, ApiError> {
    let (customer, cart_id) = writer.ids;
    let wanted = read_lines(&app, &writer.body)?;
    // A line keeps the subscription it is going to become as long as it stands at its place.
    let lines = |known: &[CartLine]| going_on(wanted.clone(), |place, _| known.get(place));
    let use_case = ChangeCartLines { customer, cart_id, lines, reviews: false };
    let outcome = writer.execute(&app, &use_case).await;
    let outcome = outcome.map_err(in_words_of_carts)?;
    let body = after(&app, &writer, &outcome, customer, cart_id).await?;
    Ok(Answer::ok(outcome.position, body))
}

/// Finds a cart good as it stands, and names the prices at which it is ordered or not at all (*own*).
#[utoipa::path(
    post,
    path = "/v1/customers/{customer}/carts/{cart}/review",
    tag = "Carts",
    responses((status = OK, description = "The cart with its prices.", body = Cart))
)]
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

/// Orders what is in a cart: an order for each billing cycle in it.
#[utoipa::path(
    post,
    path = "/v1/customers/{customer}/carts/{cart}/checkout",
    tag = "Carts",
    responses((status = CREATED, description = "The orders.", body = CartCheckoutResult))
)]
async fn check_out(
    State(app): State<AppState>,
    writer: Writer<(CustomerId, CartId)>,
) -> Result<Answer, ApiError> {
    let (customer, cart_id) = writer.ids;
    let now = app.now();
    let order_ids = [(); 3].map(|()| fresh(now, OrderId::from_uuid));
    let command = CheckOutCart { cart_id, order_ids, seen: None };
    let outcome = writer.execute(&app, &OnCustomer::new(customer, command)).await?;
    let permission = Permission::SubscriptionsView;
    let view = writer.customer_view_after(&app, customer, &outcome, permission).await?;
    let submitted = outcome.events.iter().filter_map(orders::submitted);
    let orders = submitted.map(|order| orders::shown(&app, &view.model, customer, order));
    let body = CartCheckoutResult::of(orders.collect::<Result<_, _>>()?);
    Ok(Answer::created(outcome.position, body))
}

/// Gives a cart up (*own*).
#[utoipa::path(
    delete,
    path = "/v1/customers/{customer}/carts/{cart}",
    tag = "Carts",
    responses((status = NO_CONTENT, description = "It is given up."))
)]
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
) -> Result<Cart, ApiError> {
    let permission = Permission::SubscriptionsManage;
    let view = writer.customer_view_after(app, customer, outcome, permission).await?;
    found(&view, customer, cart_id)
}

/// The lines of a body, add-ons after what they add to.
fn read_lines(app: &AppState, body: &JsonBody) -> Result<Vec<CartLine>, ApiError> {
    let items = body.objects("lineItems")?;
    if items.is_empty() {
        return Err(ApiError::field("lineItems", &BodyProblem::Missing));
    }
    let mut lines: Vec<CartLine> = Vec::new();
    for item in &items {
        let parent = item.optional("parentSubscriptionId")?;
        let parent = read_line(app, item, parent, &mut lines)?;
        for add_on in item.objects("addonItems")? {
            read_line(app, &add_on, Some(parent), &mut lines)?;
        }
    }
    if lines.len() > ORDER_LINES_MAX {
        let reason = format!("must have at most {ORDER_LINES_MAX} lines");
        return Err(ApiError::invalid("lineItems", reason));
    }
    Ok(lines)
}

/// Reads a line to those before it.
fn read_line(
    app: &AppState,
    item: &JsonBody,
    parent_subscription: Option<SubscriptionId>,
    lines: &mut Vec<CartLine>,
) -> Result<SubscriptionId, ApiError> {
    let subscription_id = fresh(app.now(), SubscriptionId::from_uuid);
    let offer_id = catalogue_item(app, item, "catalogItemId")?;
    lines.push(CartLine {
        line_number: u32::try_from(lines.len()).unwrap_or(u32::MAX),
        offer_id,
        subscription_id,
        quantity: quantity(item)?.ok_or_else(|| item.missing("quantity"))?,
        billing_cycle: cycle_of(item, std::slice::from_ref(item))?,
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
