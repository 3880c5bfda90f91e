//! The profiles of partners in the partner network.

use axum::{extract::State, http::StatusCode};
use commands::Permission;
use events::MpnId;
use projections::PartnerRow;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    reading::Reader,
    shapes::{Attributes, SelfLinks},
    wire::Answer,
};
use crate::http::{ApiError, AppState};

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(mpn)).routes(routes!(partner_network))
}

/// The profile in the partner network.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct MpnProfile {
    mpn_id: String,
    #[schema(example = "Fabrikam")]
    partner_name: String,
    #[schema(value_type = String, example = "mpn_profile")]
    profile_type: &'static str,
    links: SelfLinks,
    attributes: Attributes,
}

/// Tells the profile in the partner network, of the caller's partner or of the one with this MPN id.
#[utoipa::path(
    get,
    path = "/v1/profiles/mpn",
    tag = "Profiles",
    params(("mpnId" = Option<String>, Query, description = "Another partner's.", example = json!("1234567"))),
    responses((status = OK, description = "The profile.", body = MpnProfile))
)]
async fn mpn(State(app): State<AppState>, reader: Reader) -> Result<Answer, ApiError> {
    in_network(&app, &reader).await
}

/// Tells the same, under the address that older clients know.
#[utoipa::path(
    get,
    path = "/v1/profiles/partnernetworkprofile",
    tag = "Profiles",
    params(("mpnId" = Option<String>, Query, description = "Another partner's.", example = json!("1234567"))),
    responses((status = OK, description = "The profile.", body = MpnProfile))
)]
async fn partner_network(State(app): State<AppState>, reader: Reader) -> Result<Answer, ApiError> {
    in_network(&app, &reader).await
}

async fn in_network(app: &AppState, reader: &Reader) -> Result<Answer, ApiError> {
    let view = reader.view(app, Permission::PartnerProfilesView).await?;
    let wanted: Option<MpnId> = reader.query().optional("mpnId")?;
    let partners = view.model.partners();
    let found = match wanted {
        Some(mpn_id) => partners.by_mpn_id(&mpn_id),
        None => partners.get(view.partner),
    };
    let found = found.ok_or_else(|| {
        ApiError::new(StatusCode::NOT_FOUND, 3000, "no partner has this MPN id")
            .with_data(["partner_not_found".to_owned(), "mpnId".to_owned()])
    })?;
    Ok(Answer::ok(view.position(), mpn_profile(found)))
}

fn mpn_profile(row: &PartnerRow) -> MpnProfile {
    MpnProfile {
        mpn_id: row.mpn_id.to_string(),
        partner_name: row.name.to_string(),
        profile_type: "mpn_profile",
        links: SelfLinks::to("/profiles/mpn"),
        attributes: Attributes::of("MpnProfile"),
    }
}
