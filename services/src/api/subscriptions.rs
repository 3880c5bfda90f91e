//! Subscriptions: shown and changed.

use axum::{Router, extract::State, http::StatusCode, routing::get};
use commands::{
    ChangeResellerOfRecord, ChangeSubscription, Permission, Rejection, SubscriptionStatus,
};
use events::{CustomerId, OrderId, PartnerId, SubscriptionId};
use projections::{ReadModel, SubscriptionRow, SubscriptionState};
use serde_json::{Value, json};

use super::{
    edits::Unchanged,
    orders::{CYCLES, quantity},
    reading::{Reader, View},
    wire::{Answer, collection, link, tagged_attributes, version_tag},
    words::Words,
    writing::Writer,
};
use crate::{
    application::OnCustomer,
    http::{ApiError, AppState},
};

pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route("/v1/customers/{customer}/subscriptions", get(list))
        .route("/v1/customers/{customer}/subscriptions/{subscription}", get(one).patch(change))
}

/// The states of a subscription, with those it can be put into.
const STATES: Words<Option<SubscriptionStatus>> = Words {
    field: "status",
    all: &[
        ("none", None),
        ("active", Some(SubscriptionStatus::Active)),
        ("suspended", Some(SubscriptionStatus::Suspended)),
        ("deleted", Some(SubscriptionStatus::Cancelled)),
        ("expired", None),
        ("pending", None),
        ("disabled", None),
    ],
};

async fn list(
    State(app): State<AppState>,
    reader: Reader<(CustomerId,)>,
) -> Result<Answer, ApiError> {
    let (customer,) = reader.ids;
    let view = reader.customer_view(&app, customer, Permission::SubscriptionsView).await?;
    // Order ids of the contract may be any text: what is no id of ours is an order of nothing.
    let order = reader.query().text("order_id").map(|text| text.parse::<OrderId>().ok());
    let mpn_id: Option<events::MpnId> = reader.query().optional("mpn_id")?;
    let seen = view
        .view
        .model
        .subscriptions()
        .of(customer)
        .filter(|row| view.sees_sales_of(&app, row.partner))
        .filter(|row| order.is_none_or(|order| order == Some(row.order)))
        .filter(|row| mpn_id.is_none() || row.partner_on_record == mpn_id);
    let items = seen.map(|row| shown(&app, &view.view.model, row));
    let body = collection(items, format!("/customers/{customer}/subscriptions"));
    Ok(Answer::ok(view.view.position(), body))
}

async fn one(
    State(app): State<AppState>,
    reader: Reader<(CustomerId, SubscriptionId)>,
) -> Result<Answer, ApiError> {
    let (view, row) = seen(&app, &reader).await?;
    Ok(Answer::ok(view.position(), shown(&app, &view.model, &row)))
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
    refuse_what_stays(&writer, row)?;
    let command = ChangeSubscription {
        subscription_id,
        quantity: quantity(&writer.body)?,
        status: wanted_status(&writer)?,
        friendly_name: writer.body.optional("friendlyName")?,
    };
    let guarded = Unchanged {
        customer,
        subscription: Some(subscription_id),
        permission,
        known: writer.known_tag()?,
        current: Box::new(move |model| {
            model.subscriptions().get(customer, subscription_id).map(tag)
        }),
        change: with_reseller(OnCustomer::new(customer, command), &writer, row)?,
    };
    let outcome = writer.execute(&app, &guarded).await?;
    let view = writer.view_after(&app, &outcome, permission).await?;
    let row = view.model.subscriptions().get(customer, subscription_id);
    let body = shown(&app, &view.model, row.ok_or_else(|| not_found(subscription_id))?);
    Ok(Answer::ok(outcome.position, body))
}

/// Puts the reseller on record that the body names, where it is another one. An empty text is none.
fn with_reseller<I>(
    change: OnCustomer,
    writer: &Writer<I>,
    row: &SubscriptionRow,
) -> Result<OnCustomer, ApiError> {
    let Some(text) = writer.body.plain::<String>("partnerId")? else { return Ok(change) };
    let mpn_id =
        match text.trim() {
            "" => None,
            text => Some(text.parse().map_err(|error: events::InvalidValue| {
                writer.body.wrong("partnerId", error.reason)
            })?),
        };
    if mpn_id == row.partner_on_record {
        return Ok(change);
    }
    Ok(change.and(ChangeResellerOfRecord { subscription_id: row.id, mpn_id }))
}

fn wanted_status<I>(writer: &Writer<I>) -> Result<Option<SubscriptionStatus>, ApiError> {
    match STATES.read_member(&writer.body)? {
        None => Ok(None),
        Some(Some(status)) => Ok(Some(status)),
        Some(None) => {
            let description = "the status can be set to active, suspended or deleted only";
            Err(ApiError::new(StatusCode::BAD_REQUEST, 800_040, description)
                .with_data(["invalid_field".to_owned(), STATES.field.to_owned()]))
        }
    }
}

/// Clients send whole resources back: what cannot be changed may be there, but not be different.
fn refuse_what_stays<I>(writer: &Writer<I>, row: &SubscriptionRow) -> Result<(), ApiError> {
    let body = &writer.body;
    let refused = |code, field: &str, how: &str| {
        Err(ApiError::new(
            StatusCode::BAD_REQUEST,
            code,
            format!("{field} cannot be changed {how}"),
        )
        .with_data(["invalid_field".to_owned(), field.to_owned()]))
    };
    if CYCLES.read_member(body)?.is_some_and(|cycle| cycle != row.billing_cycle) {
        return refused(2054, "billingCycle", "through the subscription");
    }
    if body.plain::<bool>("autoRenewEnabled")? == Some(false) {
        return refused(2000, "autoRenewEnabled", "yet: subscriptions go on until suspended");
    }
    Ok(())
}

/// Whether a partner sees a subscription: what it may see of the customer's, or what it is on record
/// for.
pub(super) fn sees(app: &AppState, partner: PartnerId, row: &SubscriptionRow) -> bool {
    let model = app.models().current();
    let own = model.partners().get(partner).map(|row| &row.mpn_id);
    app.sees_sales(partner, row.customer, row.partner)
        || (own.is_some() && own == row.partner_on_record.as_ref())
}

/// The tag of a subscription as it is now.
fn tag(row: &SubscriptionRow) -> String {
    version_tag(row.id, row.version)
}

/// A state in the contract's word.
pub(super) const fn status_word(state: SubscriptionState) -> &'static str {
    match state {
        SubscriptionState::Active => "active",
        SubscriptionState::Suspended { .. } => "suspended",
        SubscriptionState::Cancelled { .. } => "deleted",
    }
}

pub(super) fn shown(app: &AppState, model: &ReadModel, row: &SubscriptionRow) -> Value {
    let listed = app.catalogue().offer(row.offer).map(|offer| &offer.name);
    let offer_name = row.terms.as_ref().map(|terms| &terms.offer_name).or(listed);
    let price = row.terms.as_ref().map(|terms| &terms.unit_price);
    let has_add_ons = app.catalogue().add_ons_of(row.offer).any(|offer| offer.is_available);
    let parent = row.parent.and_then(|parent| model.subscriptions().get(row.customer, parent));
    let parent_link = parent
        .map(|parent| link(format!("/customers/{}/subscriptions/{}", row.customer, parent.id)));
    let reasons: &[&str] = match row.state {
        SubscriptionState::Suspended { .. } => &["Partner"],
        SubscriptionState::Active | SubscriptionState::Cancelled { .. } => &[],
    };
    let own = format!("/customers/{}/subscriptions/{}", row.customer, row.id);
    json!({
        "id": row.id,
        "entitlementId": row.id,
        "offerId": row.offer,
        "offerName": offer_name,
        "parentSubscriptionId": row.parent,
        "unitPrice": price.map(|price| json!({
            "currencyCode": price.currency,
            "minorUnits": price.minor_units,
        })),
        "friendlyName": row.friendly_name,
        "quantity": row.quantity,
        "unitType": "Licenses",
        "creationDate": row.created_at,
        "effectiveStartDate": row.created_at,
        "status": status_word(row.state),
        "autoRenewEnabled": true,
        "isTrial": false,
        "hasPurchasableAddons": has_add_ons,
        "billingType": "license",
        "billingCycle": row.billing_cycle,
        "contractType": "subscription",
        "partnerId": row.partner_on_record,
        "suspensionReasons": reasons,
        "orderId": row.order,
        "links": {
            "self": link(own),
            "offer": link(format!("/offers/{}", row.offer)),
            "parentSubscription": parent_link,
        },
        "attributes": tagged_attributes("Subscription", &tag(row)),
    })
}
