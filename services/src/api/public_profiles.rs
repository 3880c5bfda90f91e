//! The public profiles of providers: what resellers and customers see of them. They are changed by a
//! service request that an operator carries out.

use axum::{Router, extract::State, routing::get};
use commands::{Permission, Rejection};
use events::PartnerId;
use serde_json::{Value, json};

use super::{
    partners::shown_partner,
    reading::{Reader, View},
    service_request_shape::shown_profile,
    wire::{Answer, attributes, extended, self_link},
};
use crate::http::{ApiError, AppState};

pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route("/v1/profiles/public", get(own))
        .route("/v1/profiles/public/{partner}", get(one))
}

async fn own(State(app): State<AppState>, reader: Reader) -> Result<Answer, ApiError> {
    let view = reader.view(&app, Permission::OwnProfile).await?;
    let body = shown(&view, view.partner)?;
    Ok(Answer::ok(view.position(), body))
}

async fn one(
    State(app): State<AppState>,
    reader: Reader<(PartnerId,)>,
) -> Result<Answer, ApiError> {
    let view = reader.view(&app, Permission::OwnProfile).await?;
    let body = shown(&view, reader.ids.0)?;
    Ok(Answer::ok(view.position(), body))
}

/// The profile of a provider, empty before one was entered.
fn shown(view: &View, partner: PartnerId) -> Result<Value, ApiError> {
    let known = view.model.partners().get(partner);
    known.ok_or_else(|| ApiError::from(&Rejection::PartnerNotFound))?;
    let row = view.model.public_profiles().get(partner);
    let profile = row.map_or_else(|| json!({}), |row| shown_profile(&row.profile));
    let about = json!({
        "partner": shown_partner(&view.model, partner),
        "since": row.map(|row| row.since),
        "links": self_link(format!("/profiles/public/{partner}")),
        "attributes": attributes("PublicProfile"),
    });
    Ok(extended(profile, about))
}
