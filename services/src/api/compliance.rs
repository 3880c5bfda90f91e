//! Has an indirect reseller agreed to sell? Before a provider sells through it, the contract has the
//! provider ask.

use axum::{extract::State, http::StatusCode};
use commands::Permission;
use events::{MpnId, PartnerId, PartnerKind};
use projections::{PartnerRow, PartnershipState};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    reading::{Reader, View},
    wire::Answer,
};
use crate::http::{ApiError, AppState};

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(status))
}

/// Whether a reseller has agreed to sell.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct AgreementStatus {
    /// Whether the reseller has accepted a provider's invitation.
    is_agreement_signed: bool,
}

/// Tells whether an indirect reseller has agreed to sell: here, by accepting a provider's invitation.
///
/// Exactly one of the parameters names the reseller.
#[utoipa::path(
    get,
    path = "/v1/compliance/csp/agreementstatus",
    tag = "Partnerships",
    params(
        ("mpnId" = Option<String>, Query, description = "Its MPN id.", example = json!("1234567")),
        ("tenantId" = Option<Uuid>, Query, description = "Its id."),
    ),
    responses((status = OK, description = "Whether it has.", body = AgreementStatus))
)]
async fn status(State(app): State<AppState>, reader: Reader) -> Result<Answer, ApiError> {
    let view = reader.view(&app, Permission::PartnershipsView).await?;
    let query = reader.query();
    let reseller = match (query.text("mpnId"), query.text("tenantId")) {
        (Some(mpn_id), None) => by_mpn_id(&view, mpn_id)?,
        (None, Some(tenant)) => by_tenant(&view, tenant)?,
        (Some(_), Some(_)) => {
            return Err(ApiError::invalid("tenantId", "must be left out where mpnId is given"));
        }
        (None, None) => return Err(ApiError::missing("mpnId")),
    };
    let mut bonds = view.model.resellers().of_reseller(reseller.id);
    let body = AgreementStatus {
        is_agreement_signed: bonds.any(|row| match row.state_at(view.at) {
            PartnershipState::Active { .. } | PartnershipState::Ended { .. } => true,
            PartnershipState::Requested
            | PartnershipState::Declined { .. }
            | PartnershipState::Withdrawn { .. }
            | PartnershipState::Expired { .. } => false,
        }),
    };
    Ok(Answer::ok(view.position(), body))
}

fn by_mpn_id<'a>(view: &'a View, text: &str) -> Result<&'a PartnerRow, ApiError> {
    let mpn_id: MpnId = text.parse().map_err(|_| ApiError::invalid("mpnId", "must be a number"))?;
    let found = view.model.partners().by_mpn_id(&mpn_id);
    let found = found.ok_or_else(|| refused(2200, "mpnId", "no partner has this MPN id"))?;
    if found.kind == PartnerKind::IndirectReseller {
        Ok(found)
    } else {
        Err(refused(2204, "mpnId", "the MPN id is not that of an indirect reseller"))
    }
}

fn by_tenant<'a>(view: &'a View, text: &str) -> Result<&'a PartnerRow, ApiError> {
    let id: PartnerId =
        text.parse().map_err(|_| ApiError::invalid("tenantId", "must be a GUID"))?;
    let found = view.model.partners().get(id);
    let found = found.filter(|partner| partner.kind == PartnerKind::IndirectReseller);
    found.ok_or_else(|| refused(2205, "tenantId", "no indirect reseller has this id"))
}

/// One of the contract's refusals of these checks.
fn refused(code: u32, field: &str, description: &str) -> ApiError {
    ApiError::new(StatusCode::BAD_REQUEST, code, description)
        .with_data(["reseller_not_found".to_owned(), field.to_owned()])
}
