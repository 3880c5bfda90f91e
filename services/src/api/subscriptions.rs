//! Subscriptions: shown and changed.

use axum::{Router, extract::State, http::StatusCode, routing::get};
use commands::{ChangeSubscription, Permission, Rejection, SubscriptionStatus};
use events::{CustomerId, OrderId, SubscriptionId};
use projections::{SubscriptionRow, SubscriptionState};
use serde_json::{Value, json};

use super::{
    edits::Unchanged,
    orders::{CYCLES, quantity},
    reading::Reader,
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
        ("deleted", None),
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
    let items = seen.map(|row| shown(&app, row));
    let body = collection(items, format!("/customers/{customer}/subscriptions"));
    Ok(Answer::ok(view.view.position(), body))
}

async fn one(
    State(app): State<AppState>,
    reader: Reader<(CustomerId, SubscriptionId)>,
) -> Result<Answer, ApiError> {
    let (customer, subscription) = reader.ids;
    let view = reader.customer_view(&app, customer, Permission::SubscriptionsView).await?;
    let row = view.view.model.subscriptions().get(customer, subscription);
    let row = row.filter(|row| view.sees_sales_of(&app, row.partner));
    let row = row.ok_or_else(|| not_found(subscription))?;
    Ok(Answer::ok(view.view.position(), shown(&app, row)))
}

fn not_found(subscription_id: SubscriptionId) -> ApiError {
    (&Rejection::SubscriptionNotFound { subscription_id }).into()
}

async fn change(
    State(app): State<AppState>,
    writer: Writer<(CustomerId, SubscriptionId)>,
) -> Result<Answer, ApiError> {
    let (customer, subscription_id) = writer.ids;
    let permission = Permission::SubscriptionsManage;
    app.allow_customer(writer.caller.principal(), customer, permission).await?;
    let model = app.models().current();
    let row = model.subscriptions().get(customer, subscription_id);
    let row = row.filter(|row| app.sees_sales(writer.partner(), customer, row.partner));
    refuse_what_stays(&writer, row.ok_or_else(|| not_found(subscription_id))?)?;
    let command = ChangeSubscription {
        subscription_id,
        quantity: quantity(&writer.body)?,
        status: wanted_status(&writer)?,
        friendly_name: writer.body.optional("friendlyName")?,
    };
    let guarded = Unchanged {
        customer,
        permission,
        known: writer.known_tag()?,
        current: Box::new(move |model| {
            model.subscriptions().get(customer, subscription_id).map(tag)
        }),
        change: OnCustomer::new(customer, command),
    };
    let outcome = writer.execute(&app, &guarded).await?;
    let view = writer.customer_view_after(&app, customer, &outcome, permission).await?;
    let row = view.model.subscriptions().get(customer, subscription_id);
    let body = shown(&app, row.ok_or_else(|| not_found(subscription_id))?);
    Ok(Answer::ok(outcome.position, body))
}

fn wanted_status<I>(writer: &Writer<I>) -> Result<Option<SubscriptionStatus>, ApiError> {
    match STATES.read_member(&writer.body)? {
        None => Ok(None),
        Some(Some(status)) => Ok(Some(status)),
        Some(None) => {
            let description = "the status can be set to active or suspended only";
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
    let partner: Option<String> = body.plain("partnerId")?;
    let on_record = row.partner_on_record.as_ref().map(events::MpnId::as_str).unwrap_or_default();
    if partner.is_some_and(|partner| partner.trim() != on_record) {
        return refused(800_098, "partnerId", "after the order");
    }
    if body.plain::<bool>("autoRenewEnabled")? == Some(false) {
        return refused(2000, "autoRenewEnabled", "yet: subscriptions go on until suspended");
    }
    Ok(())
}

/// The tag of a subscription as it is now.
fn tag(row: &SubscriptionRow) -> String {
    version_tag(row.id, row.version)
}

fn shown(app: &AppState, row: &SubscriptionRow) -> Value {
    let offer = app.catalogue().offer(row.offer);
    let (status, reasons): (_, &[&str]) = match row.state {
        SubscriptionState::Active => ("active", &[]),
        SubscriptionState::Suspended { .. } => ("suspended", &["Partner"]),
    };
    let own = format!("/customers/{}/subscriptions/{}", row.customer, row.id);
    json!({
        "id": row.id,
        "entitlementId": row.id,
        "offerId": row.offer,
        "offerName": offer.map(|offer| &offer.name),
        "friendlyName": row.friendly_name,
        "quantity": row.quantity,
        "unitType": "Licenses",
        "creationDate": row.created_at,
        "effectiveStartDate": row.created_at,
        "status": status,
        "autoRenewEnabled": true,
        "isTrial": false,
        "hasPurchasableAddons": false,
        "billingType": "license",
        "billingCycle": row.billing_cycle,
        "contractType": "subscription",
        "partnerId": row.partner_on_record,
        "suspensionReasons": reasons,
        "orderId": row.order,
        "links": { "self": link(own), "offer": link(format!("/offers/{}", row.offer)) },
        "attributes": tagged_attributes("Subscription", &tag(row)),
    })
}
