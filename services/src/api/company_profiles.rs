//! Who serves the company of the caller, as providers and resellers show themselves [our own style].

use std::collections::BTreeSet;

use axum::{Router, extract::State, routing::get};
use commands::CompanyPermission;
use events::{CustomerId, PartnerId};
use projections::ReadModel;
use serde_json::json;

use super::{
    company::own,
    partners::shown_partner,
    service_request_shape::shown_profile,
    wire::{Answer, attributes, collection, extended},
};
use crate::http::{ApiError, AppState, SignedIn};

pub(super) fn router() -> Router<AppState> {
    Router::new().route("/v1/company/profiles", get(list))
}

/// The partners that serve a customer now: those with a relationship, and the resellers associated
/// through them.
pub(crate) fn serving(model: &ReadModel, customer: CustomerId) -> Vec<PartnerId> {
    let Some(row) = model.customers().get(customer) else { return Vec::new() };
    let mut partners = BTreeSet::new();
    for bond in row.relationships.iter().filter(|bond| bond.active) {
        partners.insert(bond.partner);
        partners.extend(model.customers().resellers_through(customer, bond.partner));
    }
    partners.into_iter().collect()
}

async fn list(State(app): State<AppState>, caller: SignedIn) -> Result<Answer, ApiError> {
    let customer = own(&app, &caller, CompanyPermission::CompanyView).await?;
    let model = app.models().current();
    let items = serving(&model, customer).into_iter().map(|partner| {
        let row = model.public_profiles().get(partner);
        let profile = row.map_or_else(|| json!({}), |row| shown_profile(&row.profile));
        let about = json!({
            "partner": shown_partner(&model, partner),
            "since": row.map(|row| row.since),
            "attributes": attributes("PublicProfile"),
        });
        extended(profile, about)
    });
    Ok(Answer::ok(model.position(), collection(items, "/company/profiles")))
}
