//! Subscriptions: shown and changed.

use axum::{extract::State, http::StatusCode};
use commands::{ChangeSubscription, Permission, Rejection, SubscriptionStatus};
use events::{CustomerId, MpnId, OrderId, PartnerId, SubscriptionId};
use projections::SubscriptionRow;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    billing::{RENEWAL_TERMS, STATED_CYCLES, TERMS},
    orders::quantity,
    reading::{Reader, View},
    shapes::Collection,
    subscription_edits::{EditSubscription, Stays},
    subscription_shape::Subscription,
    wire::Answer,
    words::Words,
    writing::Writer,
};
use crate::http::{ApiError, AppState, JsonBody};

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(one, change))
}

/// What a subscription is to become; what is not there stays, and so does everything else that the
/// contract's clients send back with it.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "the document's view of a body that is read member by member")]
struct SubscriptionChange {
    /// How many licences.
    quantity: Option<u32>,
    /// `active`, `suspended`, or `deleted`: cancelled for good.
    #[schema(example = "active")]
    status: Option<String>,
    #[schema(example = "Sales team")]
    friendly_name: Option<String>,
    /// The MPN id of the reseller of record; empty for none.
    #[schema(example = "")]
    partner_id: Option<String>,
    /// Whether it is renewed at the end of each term, or ends with the one that runs.
    auto_renew_enabled: Option<bool>,
}

/// The states of a subscription, with what becomes of one that is to have them. `none` says nothing:
/// clients send it with whatever else they change.
const STATES: Words<Wanted> = Words {
    field: "status",
    all: &[
        ("none", Wanted::AsItIs),
        ("active", Wanted::State(SubscriptionStatus::Active)),
        ("suspended", Wanted::State(SubscriptionStatus::Suspended)),
        ("deleted", Wanted::State(SubscriptionStatus::Cancelled)),
        ("expired", Wanted::Impossible),
        ("pending", Wanted::Impossible),
        ("disabled", Wanted::Impossible),
    ],
};

/// What a state means in a request.
#[derive(Clone, Copy)]
enum Wanted {
    AsItIs,
    State(SubscriptionStatus),
    Impossible,
}

/// Lists a customer's subscriptions, as far as the caller's partner sees them.
#[utoipa::path(
    get,
    path = "/v1/customers/{customer}/subscriptions",
    tag = "Subscriptions",
    params(
        ("order_id" = Option<String>, Query, description = "Only those that came from this order.", example = "3fa85f64-5717-4562-b3fc-2c963f66afa6"),
        ("mpn_id" = Option<String>, Query, description = "Only those with this reseller on record.", example = "1234567"),
    ),
    responses((status = OK, description = "The subscriptions.", body = Collection<Subscription>))
)]
async fn list(
    State(app): State<AppState>,
    reader: Reader<(CustomerId,)>,
) -> Result<Answer, ApiError> {
    let (customer,) = reader.ids;
    let view = reader.customer_view(&app, customer, Permission::SubscriptionsView).await?;
    // Order ids of the contract may be any text: what is no id of ours is an order of nothing.
    let order = reader.query().text("order_id").map(|text| text.parse::<OrderId>().ok());
    let mpn_id: Option<MpnId> = reader.query().optional("mpn_id")?;
    let seen = view
        .view
        .model
        .subscriptions()
        .of(customer)
        .filter(|row| view.sees_sales_of(&app, row.partner))
        .filter(|row| order.is_none_or(|order| order == Some(row.order)))
        .filter(|row| mpn_id.is_none() || row.partner_on_record == mpn_id);
    let items = seen.map(|row| Subscription::of(app.catalogue(), view.view.moment(), row));
    let body = Collection::of(items, format!("/customers/{customer}/subscriptions"));
    Ok(Answer::ok(view.view.position(), body))
}

/// Tells about a subscription.
#[utoipa::path(
    get,
    path = "/v1/customers/{customer}/subscriptions/{subscription}",
    tag = "Subscriptions",
    responses((status = OK, description = "The subscription.", body = Subscription))
)]
async fn one(
    State(app): State<AppState>,
    reader: Reader<(CustomerId, SubscriptionId)>,
) -> Result<Answer, ApiError> {
    let (view, row) = seen(&app, &reader).await?;
    let body = Subscription::of(app.catalogue(), view.moment(), &row);
    Ok(Answer::ok(view.position(), body))
}

/// A subscription that the caller sees, at the moment asked for.
pub(super) async fn seen(
    app: &AppState,
    reader: &Reader<(CustomerId, SubscriptionId)>,
) -> Result<(View, SubscriptionRow), ApiError> {
    let (customer, subscription) = reader.ids;
    let permission = Permission::SubscriptionsView;
    let principal = reader.caller.principal();
    app.allow_subscription(principal, customer, subscription, permission).await?;
    let view = reader.view(app, permission).await?;
    let row = view.model.subscriptions().get(customer, subscription);
    let row = row.filter(|row| sees(app, view.partner, row)).cloned();
    let row = row.ok_or_else(|| not_found(subscription))?;
    Ok((view, row))
}

pub(super) fn not_found(subscription_id: SubscriptionId) -> ApiError {
    (&Rejection::SubscriptionNotFound { subscription_id }).into()
}

/// Changes a subscription.
#[utoipa::path(
    patch,
    path = "/v1/customers/{customer}/subscriptions/{subscription}",
    tag = "Subscriptions",
    params(("If-Match" = Option<String>, Header, description = "The version the caller knows.")),
    request_body = SubscriptionChange,
    responses((status = OK, description = "The subscription from now on.", body = Subscription))
)]
async fn change(
    State(app): State<AppState>,
    writer: Writer<(CustomerId, SubscriptionId)>,
) -> Result<Answer, ApiError> {
    let (customer, subscription_id) = writer.ids;
    let permission = Permission::SubscriptionsManage;
    let principal = writer.caller.principal();
    app.allow_subscription(principal, customer, subscription_id, permission).await?;
    let model = app.models().current();
    let row = model.subscriptions().get(customer, subscription_id);
    let row = row.filter(|row| sees(&app, writer.partner(), row));
    let row = row.ok_or_else(|| not_found(subscription_id))?;
    if writer.body.optional::<SubscriptionId>("id")?.is_some_and(|id| id != row.id) {
        return Err(writer.body.wrong("id", "must be the subscription in the path"));
    }
    let use_case = EditSubscription {
        customer,
        stays: read_what_stays(&writer.body)?,
        change: ChangeSubscription {
            subscription_id,
            quantity: quantity(&writer.body)?,
            status: wanted_status(&writer)?,
            friendly_name: writer.body.optional("friendlyName")?,
        },
        known: writer.known_tag()?,
        reseller: wanted_reseller(&writer.body)?,
        renews: writer.body.plain("autoRenewEnabled")?,
    };
    let outcome = writer.execute(&app, &use_case).await;
    let outcome =
        outcome.map_err(|error| error.with_field_called("partnerIdOnRecord", "partnerId"))?;
    let view = writer.view_after(&app, &outcome, permission).await?;
    let row = view.model.subscriptions().get(customer, subscription_id);
    let row = row.ok_or_else(|| not_found(subscription_id))?;
    let body = Subscription::of(app.catalogue(), view.moment(), row);
    Ok(Answer::ok(outcome.position, body))
}

/// The reseller that is to be on record. An empty text is none.
#[expect(clippy::option_option, reason = "to have no reseller and to say nothing are told apart")]
fn wanted_reseller(body: &JsonBody) -> Result<Option<Option<MpnId>>, ApiError> {
    let Some(text) = body.plain::<String>("partnerId")? else { return Ok(None) };
    match text.trim() {
        "" => Ok(Some(None)),
        text => {
            let mpn_id = text.parse::<MpnId>();
            mpn_id.map(|mpn_id| Some(Some(mpn_id))).map_err(|it| body.wrong("partnerId", it.reason))
        }
    }
}

fn wanted_status<I>(writer: &Writer<I>) -> Result<Option<SubscriptionStatus>, ApiError> {
    match STATES.read_member(&writer.body)? {
        None | Some(Wanted::AsItIs) => Ok(None),
        Some(Wanted::State(status)) => Ok(Some(status)),
        Some(Wanted::Impossible) => {
            let description = "the status can be set to active, suspended or deleted only";
            Err(ApiError::new(StatusCode::BAD_REQUEST, 800_040, description)
                .with_data(["invalid_field".to_owned(), STATES.field.to_owned()]))
        }
    }
}

/// Clients send whole resources back: what cannot be changed may be there, but not be different.
fn read_what_stays(body: &JsonBody) -> Result<Stays, ApiError> {
    Ok(Stays {
        offer: body.optional("offerId")?,
        parent: body.optional("parentSubscriptionId")?,
        billing_cycle: STATED_CYCLES.read_member(body)?.flatten(),
        term: TERMS.read_member(body)?,
        renewal_term: RENEWAL_TERMS.read_member(body)?,
    })
}

/// Whether a partner sees a subscription: what it may see of the customer's, or what it is on record
/// for.
pub(super) fn sees(app: &AppState, partner: PartnerId, row: &SubscriptionRow) -> bool {
    let model = app.models().current();
    let own = model.partners().get(partner).map(|row| &row.mpn_id);
    app.sees_sales(partner, row.customer, row.partner)
        || (own.is_some() && own == row.partner_on_record.as_ref())
}
