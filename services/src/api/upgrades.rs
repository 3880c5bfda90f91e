//! What a subscription can become, and its add-ons.

use axum::{Router, extract::State, routing::get};
use commands::{Permission, UpgradeAssignments, UpgradeSubscription};
use events::{CustomerEvent, CustomerId, Event, OfferId, SubscriptionEvent, SubscriptionId};
use projections::SubscriptionRow;
use serde_json::{Value, json};

use super::{
    reading::{Reader, View},
    subscriptions::{not_found, sees, shown},
    wire::{Answer, attributes, collection},
    writing::Writer,
};
use crate::{
    application::OnCustomer,
    http::{ApiError, AppState},
};

pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route(
            "/v1/customers/{customer}/subscriptions/{subscription}/upgrades",
            get(list).post(upgrade),
        )
        .route("/v1/customers/{customer}/subscriptions/{subscription}/addons", get(add_ons))
}

/// The subscription, as far as the caller sees it.
async fn seen(
    app: &AppState,
    reader: &Reader<(CustomerId, SubscriptionId)>,
) -> Result<(View, SubscriptionRow), ApiError> {
    let (customer, id) = reader.ids;
    let permission = Permission::SubscriptionsView;
    app.allow_subscription(reader.caller.principal(), customer, id, permission).await?;
    let view = reader.view(app, permission).await?;
    let row = view.model.subscriptions().get(customer, id);
    let row = row.filter(|row| sees(app, view.partner, row)).cloned();
    let row = row.ok_or_else(|| not_found(id))?;
    Ok((view, row))
}

async fn list(
    State(app): State<AppState>,
    reader: Reader<(CustomerId, SubscriptionId)>,
) -> Result<Answer, ApiError> {
    let (customer, id) = reader.ids;
    let (view, row) = seen(&app, &reader).await?;
    let offer = app.catalogue().offer(row.offer);
    let paths = offer.into_iter().flat_map(|offer| &offer.upgrades);
    let targets = paths.filter_map(|path| Some((path, app.catalogue().offer(path.to)?)));
    let items = targets.map(|(path, target)| {
        let is_eligible = row.state.is_active()
            && target.is_available
            && target.allows(row.quantity)
            && target.unit_price(row.billing_cycle).is_some();
        json!({
            "targetOffer": { "id": target.id, "name": target.name },
            "upgradeType": upgrade_type(path.assignments),
            "isEligible": is_eligible,
            "quantity": row.quantity,
            "attributes": attributes("Upgrade"),
        })
    });
    let uri = format!("/customers/{customer}/subscriptions/{id}/upgrades");
    Ok(Answer::ok(view.position(), collection(items, uri)))
}

const fn upgrade_type(assignments: UpgradeAssignments) -> &'static str {
    match assignments {
        UpgradeAssignments::Move => "upgrade_with_license_transfer",
        UpgradeAssignments::Stay => "upgrade_only",
    }
}

async fn upgrade(
    State(app): State<AppState>,
    writer: Writer<(CustomerId, SubscriptionId)>,
) -> Result<Answer, ApiError> {
    let (customer, subscription_id) = writer.ids;
    let target = writer.body.required_object("targetOffer")?;
    let offer_id: OfferId =
        target.required("id").map_err(|error| ApiError { code: 800_004, ..error })?;
    let command = UpgradeSubscription { subscription_id, offer_id };
    let outcome = writer.execute(&app, &OnCustomer::new(customer, command)).await?;
    let moved: Option<(usize, usize)> = outcome.find(|event| match event {
        Event::Customer(CustomerEvent::Subscription(SubscriptionEvent::SubscriptionUpgraded(
            event,
        ))) => Some((event.moved.len(), event.released.len())),
        _ => None,
    });
    let (moved, released) = moved.ok_or_else(ApiError::internal)?;
    let body: Value = json!({
        "sourceSubscriptionId": subscription_id,
        "targetSubscriptionId": subscription_id,
        "targetOfferId": offer_id,
        "licensesMoved": moved,
        "licensesNoLongerNeeded": released,
        "upgradeErrors": [],
        "licenseErrors": [],
        "attributes": attributes("UpgradeResult"),
    });
    Ok(Answer::ok(outcome.position, body))
}

async fn add_ons(
    State(app): State<AppState>,
    reader: Reader<(CustomerId, SubscriptionId)>,
) -> Result<Answer, ApiError> {
    let (customer, id) = reader.ids;
    let (view, _) = seen(&app, &reader).await?;
    let rows = view.model.subscriptions().add_ons_of(customer, id);
    let rows = rows.filter(|row| sees(&app, view.partner, row));
    let items = rows.map(|row| shown(&app, &view.model, row));
    let uri = format!("/customers/{customer}/subscriptions/{id}/addons");
    Ok(Answer::ok(view.position(), collection(items, uri)))
}
