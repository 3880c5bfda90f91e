//! Who serves the company of the caller, as providers and resellers show themselves.

use std::collections::BTreeSet;

use axum::extract::State;
use commands::CompanyPermission;
use events::{CustomerId, PartnerId};
use projections::ReadModel;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    company::own, public_profiles::PublicProfile, reading::Reader, shapes::Collection, wire::Answer,
};
use crate::http::{ApiError, AppState, SignedIn};

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list))
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

/// Lists the public profiles of the providers and resellers that serve the company (*own*).
#[utoipa::path(
    get,
    path = "/v1/company/profiles",
    tag = "Company",
    responses((status = OK, description = "The profiles.", body = Collection<PublicProfile>))
)]
async fn list(
    State(app): State<AppState>,
    reader: Reader<(), SignedIn>,
) -> Result<Answer, ApiError> {
    let customer = own(&app, &reader.caller, CompanyPermission::CompanyView).await?;
    let (model, _) = reader.model(&app).await?;
    let partners = serving(&model, customer).into_iter();
    let items = partners.map(|partner| PublicProfile::of(&model, partner, None));
    Ok(Answer::ok(model.position(), Collection::of(items, "/company/profiles")))
}
