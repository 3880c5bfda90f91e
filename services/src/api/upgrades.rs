//! What a subscription can become, and its add-ons.

use axum::extract::State;
use commands::{Offer as ListedOffer, UpgradeAssignments, UpgradeSubscription};
use events::{CustomerEvent, CustomerId, Event, OfferId, SubscriptionEvent, SubscriptionId};
use projections::SubscriptionRow;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    offer_shape::Offer,
    reading::Reader,
    shapes::{Attributes, Collection},
    subscription_shape::Subscription,
    subscriptions::{seen, sees},
    wire::Answer,
    words::Words,
    writing::Writer,
};
use crate::{
    application::OnCustomer,
    http::{ApiError, AppState},
};

/// Sorts of upgrade: clients name one, and the catalogue's path decides which it is.
const TYPES: Words<()> = Words {
    field: "upgradeType",
    all: &[("none", ()), ("upgrade_only", ()), ("upgrade_with_license_transfer", ())],
};

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list, upgrade)).routes(routes!(add_ons))
}

/// What a subscription can become.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_field_names, reason = "the contract's names")]
struct Upgrade {
    target_offer: Offer,
    /// `upgrade_with_license_transfer` where licences in use move along, else `upgrade_only`.
    #[schema(example = "upgrade_with_license_transfer")]
    upgrade_type: &'static str,
    /// Whether it can be done now.
    is_eligible: bool,
    quantity: u32,
    /// Why it cannot be done now.
    upgrade_errors: Vec<UpgradeError>,
    attributes: Attributes,
}

/// Why a subscription cannot become something.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct UpgradeError {
    #[schema(example = 2091)]
    code: u32,
    #[schema(example = "the offer is not sold any more")]
    description: &'static str,
    attributes: Attributes,
}

/// What a subscription became.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct UpgradeResult {
    #[schema(value_type = Uuid)]
    source_subscription_id: SubscriptionId,
    /// The same: it goes on as one to the other offer.
    #[schema(value_type = Uuid)]
    target_subscription_id: SubscriptionId,
    #[schema(value_type = Uuid)]
    target_offer_id: OfferId,
    #[schema(example = "upgrade_with_license_transfer")]
    upgrade_type: &'static str,
    /// How many users have a licence of the other product instead (*own*).
    licenses_moved: usize,
    /// How many had one already (*own*).
    licenses_no_longer_needed: usize,
    /// Always empty: an upgrade is done whole or not at all.
    upgrade_errors: Vec<UpgradeError>,
    /// Always empty.
    license_errors: Vec<UpgradeError>,
    attributes: Attributes,
}

/// What a subscription is to become.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "the document's view of a body that is read member by member")]
struct UpgradeRequest {
    target_offer: UpgradeTarget,
    /// `upgrade_only` or `upgrade_with_license_transfer`; which it is, is the catalogue's.
    #[schema(example = "upgrade_with_license_transfer")]
    upgrade_type: Option<String>,
}

/// The offer of the catalogue that a subscription is to be one to.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the document's view of a body that is read member by member")]
struct UpgradeTarget {
    #[schema(value_type = Uuid)]
    id: OfferId,
}

/// Lists what a subscription can become.
#[utoipa::path(
    get,
    path = "/v1/customers/{customer}/subscriptions/{subscription}/upgrades",
    tag = "Subscriptions",
    responses((status = OK, description = "The upgrades.", body = Collection<Upgrade>))
)]
async fn list(
    State(app): State<AppState>,
    reader: Reader<(CustomerId, SubscriptionId)>,
) -> Result<Answer, ApiError> {
    let (customer, id) = reader.ids;
    let (view, row) = seen(&app, &reader).await?;
    let country = view.model.customers().get(customer).map(|row| &row.country);
    let catalogue = app.catalogue();
    let paths = catalogue.offer(row.offer).into_iter().flat_map(|offer| &offer.upgrades);
    let targets =
        paths.filter_map(|path| Some((path, Offer::listed(catalogue, path.to, country)?)));
    let items = targets.filter_map(|(path, target_offer)| {
        let upgrade_errors = errors(&row, catalogue.offer(path.to)?);
        Some(Upgrade {
            target_offer,
            upgrade_type: upgrade_type(path.assignments),
            is_eligible: upgrade_errors.is_empty(),
            quantity: row.quantity.get(),
            upgrade_errors,
            attributes: Attributes::of("Upgrade"),
        })
    });
    let uri = format!("/customers/{customer}/subscriptions/{id}/upgrades");
    Ok(Answer::ok(view.position(), Collection::of(items, uri)))
}

/// What stands in the way of an upgrade, as far as it shows without trying.
fn errors(row: &SubscriptionRow, target: &ListedOffer) -> Vec<UpgradeError> {
    let faults = [
        (!row.state.is_active(), 2001, "the subscription is not active"),
        (!target.is_available, 2091, "the offer is not sold any more"),
        (!target.allows(row.quantity), 2002, "the offer does not come in this quantity"),
        (target.unit_price(row.billing_cycle).is_none(), 6001, "the offer is not billed like this"),
    ];
    let found = faults.into_iter().filter(|(is_so, ..)| *is_so);
    found
        .map(|(_, code, description)| UpgradeError {
            code,
            description,
            attributes: Attributes::of("UpgradeError"),
        })
        .collect()
}

const fn upgrade_type(assignments: UpgradeAssignments) -> &'static str {
    match assignments {
        UpgradeAssignments::Move => "upgrade_with_license_transfer",
        UpgradeAssignments::Stay => "upgrade_only",
    }
}

/// Makes a subscription one to another offer, with all its licences.
#[utoipa::path(
    post,
    path = "/v1/customers/{customer}/subscriptions/{subscription}/upgrades",
    tag = "Subscriptions",
    request_body = UpgradeRequest,
    responses((status = OK, description = "What it became.", body = UpgradeResult))
)]
async fn upgrade(
    State(app): State<AppState>,
    writer: Writer<(CustomerId, SubscriptionId)>,
) -> Result<Answer, ApiError> {
    let (customer, subscription_id) = writer.ids;
    let target = writer.body.required_object("targetOffer")?;
    let offer_id: OfferId =
        target.required("id").map_err(|error| ApiError { code: 800_004, ..error })?;
    TYPES.read_member(&writer.body)?;
    let command = UpgradeSubscription { subscription_id, offer_id };
    let outcome = writer.execute(&app, &OnCustomer::new(customer, command)).await?;
    let upgraded = outcome.find(|event| match event {
        Event::Customer(CustomerEvent::Subscription(SubscriptionEvent::SubscriptionUpgraded(
            event,
        ))) => Some((event.old_offer_id, event.moved.len(), event.released.len())),
        _ => None,
    });
    let (old, licenses_moved, licenses_no_longer_needed) =
        upgraded.ok_or_else(ApiError::internal)?;
    let path = app.catalogue().offer(old).and_then(|offer| offer.upgrade_to(offer_id));
    let body = UpgradeResult {
        source_subscription_id: subscription_id,
        target_subscription_id: subscription_id,
        target_offer_id: offer_id,
        upgrade_type: path.map_or("none", |path| upgrade_type(path.assignments)),
        licenses_moved,
        licenses_no_longer_needed,
        upgrade_errors: Vec::new(),
        license_errors: Vec::new(),
        attributes: Attributes::of("UpgradeResult"),
    };
    Ok(Answer::ok(outcome.position, body))
}

/// Lists the add-ons of a subscription.
#[utoipa::path(
    get,
    path = "/v1/customers/{customer}/subscriptions/{subscription}/addons",
    tag = "Subscriptions",
    responses((status = OK, description = "The add-ons.", body = Collection<Subscription>))
)]
async fn add_ons(
    State(app): State<AppState>,
    reader: Reader<(CustomerId, SubscriptionId)>,
) -> Result<Answer, ApiError> {
    let (customer, id) = reader.ids;
    let (view, _) = seen(&app, &reader).await?;
    let rows = view.model.subscriptions().add_ons_of(customer, id);
    let rows = rows.filter(|row| sees(&app, view.partner, row));
    let items = rows.map(|row| Subscription::of(app.catalogue(), view.moment(), row));
    let uri = format!("/customers/{customer}/subscriptions/{id}/addons");
    Ok(Answer::ok(view.position(), Collection::of(items, uri)))
}
