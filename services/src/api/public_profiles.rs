//! The public profiles of providers: what resellers and customers see of them. They are changed by a
//! service request that an operator carries out.

use axum::extract::State;
use commands::{Permission, Rejection};
use events::{PartnerId, Timestamp};
use projections::ReadModel;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    partners::{PartnerSummary, shown_partner},
    reading::{Reader, View},
    service_request_shape::{ProfileDetails, shown_profile},
    shapes::{Attributes, SelfLinks},
    wire::Answer,
};
use crate::http::{ApiError, AppState};

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(own)).routes(routes!(one))
}

/// The public profile of a provider; without name, logo and places before one was entered.
#[derive(Serialize, ToSchema)]
pub(super) struct PublicProfile {
    #[serde(flatten)]
    details: ProfileDetails,
    partner: PartnerSummary,
    /// Since when it is shown like this.
    #[schema(value_type = Option<String>, format = DateTime)]
    since: Option<Timestamp>,
    links: Option<SelfLinks>,
    attributes: Attributes,
}

impl PublicProfile {
    /// What a partner shows of itself; `uri` is where that stands, if it stands by itself.
    pub(super) fn of(model: &ReadModel, partner: PartnerId, uri: Option<String>) -> Self {
        let row = model.public_profiles().get(partner);
        Self {
            details: row.map(|row| shown_profile(&row.profile)).unwrap_or_default(),
            partner: shown_partner(model, partner),
            since: row.map(|row| row.since),
            links: uri.map(SelfLinks::to),
            attributes: Attributes::of("PublicProfile"),
        }
    }
}

/// Shows the public profile of the caller's partner (*own*).
///
/// It is changed by a service request.
#[utoipa::path(
    get,
    path = "/v1/profiles/public",
    tag = "Profiles",
    responses((status = OK, description = "The profile.", body = PublicProfile))
)]
async fn own(State(app): State<AppState>, reader: Reader) -> Result<Answer, ApiError> {
    let view = reader.view(&app, Permission::OwnProfile).await?;
    let body = shown(&view, view.partner)?;
    Ok(Answer::ok(view.position(), body))
}

/// Shows the public profile of a partner (*own*).
#[utoipa::path(
    get,
    path = "/v1/profiles/public/{partner}",
    tag = "Profiles",
    responses((status = OK, description = "The profile.", body = PublicProfile))
)]
async fn one(
    State(app): State<AppState>,
    reader: Reader<(PartnerId,)>,
) -> Result<Answer, ApiError> {
    let view = reader.view(&app, Permission::OwnProfile).await?;
    let body = shown(&view, reader.ids.0)?;
    Ok(Answer::ok(view.position(), body))
}

fn shown(view: &View, partner: PartnerId) -> Result<PublicProfile, ApiError> {
    let known = view.model.partners().get(partner);
    known.ok_or_else(|| ApiError::from(&Rejection::PartnerNotFound))?;
    let uri = format!("/profiles/public/{partner}");
    Ok(PublicProfile::of(&view.model, partner, Some(uri)))
}
