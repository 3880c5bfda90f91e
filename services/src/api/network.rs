//! What the caller's partner has in the partner network [our own style]: competencies and benefits.

use axum::extract::State;
use commands::{ActivateBenefit, DeactivateBenefit, PartnerCommand, Permission};
use events::{BenefitId, CompetencyId, Quantity, Timestamp};
use projections::{BenefitRow, CompetencyRow};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    reading::{Reader, View},
    shapes::{Attributes, Collection, SelfLinks},
    wire::Answer,
    writing::Writer,
};
use crate::{
    application::OnPartner,
    http::{ApiError, AppState, JsonBody},
};

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(competencies))
        .routes(routes!(competency))
        .routes(routes!(benefits))
        .routes(routes!(benefit))
        .routes(routes!(activate))
        .routes(routes!(deactivate))
}

/// A competency of a partner.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Competency {
    #[schema(value_type = Uuid)]
    id: CompetencyId,
    /// What it is in.
    #[schema(example = "Small and midmarket cloud solutions")]
    name: String,
    /// `member`, `silver` or `gold`.
    #[schema(example = "gold")]
    level: &'static str,
    #[schema(value_type = String, format = DateTime)]
    attained_at: Timestamp,
    /// It counts strictly before this moment.
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    last_modified_date: Timestamp,
    /// `active` or `expired`; operators are told the moments only.
    #[schema(example = "active")]
    state: Option<&'static str>,
    links: SelfLinks,
    attributes: Attributes,
}

/// A benefit of a partner.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Benefit {
    #[schema(value_type = Uuid)]
    id: BenefitId,
    /// What it is.
    #[schema(example = "Office 365 licences for own use")]
    name: String,
    /// How many units there are.
    #[schema(example = 25)]
    quantity: u32,
    /// How many of them are used.
    #[schema(example = 10)]
    used: u32,
    /// It can be used strictly before this moment.
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    granted_at: Timestamp,
    /// `active` or `expired`; operators are told the moments only.
    #[schema(example = "active")]
    state: Option<&'static str>,
    /// How many units are left to use; not told to operators.
    #[schema(example = 15)]
    available: Option<u32>,
    links: SelfLinks,
    attributes: Attributes,
}

/// A number of units.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the document's view of a body that is read member by member")]
struct Units {
    #[schema(example = 5)]
    quantity: u32,
}

/// Lists the competencies of the partner (*own*).
#[utoipa::path(
    get,
    path = "/v1/competencies",
    tag = "Network",
    responses((status = OK, description = "The competencies.", body = Collection<Competency>))
)]
async fn competencies(State(app): State<AppState>, reader: Reader) -> Result<Answer, ApiError> {
    let view = reader.view(&app, Permission::CompetenciesView).await?;
    let rows = view.model.network().competencies(view.partner);
    let items = rows.map(|row| shown_competency(row, &view));
    Ok(Answer::ok(view.position(), Collection::of(items, "/competencies")))
}

/// Shows a competency (*own*).
#[utoipa::path(
    get,
    path = "/v1/competencies/{competency}",
    tag = "Network",
    responses((status = OK, description = "The competency.", body = Competency))
)]
async fn competency(
    State(app): State<AppState>,
    reader: Reader<(CompetencyId,)>,
) -> Result<Answer, ApiError> {
    let view = reader.view(&app, Permission::CompetenciesView).await?;
    let row = view.model.network().competency(view.partner, reader.ids.0);
    let row = row.ok_or_else(|| ApiError::not_found("there is no such competency"))?;
    Ok(Answer::ok(view.position(), shown_competency(row, &view)))
}

fn shown_competency(row: &CompetencyRow, view: &View) -> Competency {
    let state = if view.at < row.expires_at { "active" } else { "expired" };
    Competency { state: Some(state), ..competency_body(row) }
}

/// A competency, without whether it counts at some moment.
pub(super) fn competency_body(row: &CompetencyRow) -> Competency {
    Competency {
        id: row.id,
        name: row.name.to_string(),
        level: row.level.name(),
        attained_at: row.attained_at,
        expires_at: row.expires_at,
        last_modified_date: row.changed_at,
        state: None,
        links: SelfLinks::to(format!("/competencies/{}", row.id)),
        attributes: Attributes::of("Competency"),
    }
}

/// Lists the benefits of the partner (*own*).
#[utoipa::path(
    get,
    path = "/v1/benefits",
    tag = "Network",
    responses((status = OK, description = "The benefits.", body = Collection<Benefit>))
)]
async fn benefits(State(app): State<AppState>, reader: Reader) -> Result<Answer, ApiError> {
    let view = reader.view(&app, Permission::BenefitsView).await?;
    let items = view.model.network().benefits(view.partner).map(|row| shown_benefit(row, &view));
    Ok(Answer::ok(view.position(), Collection::of(items, "/benefits")))
}

/// Shows a benefit (*own*).
#[utoipa::path(
    get,
    path = "/v1/benefits/{benefit}",
    tag = "Network",
    responses((status = OK, description = "The benefit.", body = Benefit))
)]
async fn benefit(
    State(app): State<AppState>,
    reader: Reader<(BenefitId,)>,
) -> Result<Answer, ApiError> {
    let view = reader.view(&app, Permission::BenefitsView).await?;
    let body = shown_benefit(benefit_row(&view, reader.ids.0)?, &view);
    Ok(Answer::ok(view.position(), body))
}

fn benefit_row(view: &View, id: BenefitId) -> Result<&BenefitRow, ApiError> {
    let row = view.model.network().benefit(view.partner, id);
    row.ok_or_else(|| ApiError::not_found("there is no such benefit"))
}

fn shown_benefit(row: &BenefitRow, view: &View) -> Benefit {
    let state = if view.at < row.expires_at { "active" } else { "expired" };
    let available = row.available_at(view.at);
    Benefit { state: Some(state), available: Some(available), ..benefit_body(row) }
}

/// A benefit, without what is available at some moment.
pub(super) fn benefit_body(row: &BenefitRow) -> Benefit {
    Benefit {
        id: row.id,
        name: row.name.to_string(),
        quantity: row.quantity,
        used: row.used,
        expires_at: row.expires_at,
        granted_at: row.granted_at,
        state: None,
        available: None,
        links: SelfLinks::to(format!("/benefits/{}", row.id)),
        attributes: Attributes::of("Benefit"),
    }
}

/// Uses units of a benefit (*own*).
#[utoipa::path(
    post,
    path = "/v1/benefits/{benefit}/activate",
    tag = "Network",
    request_body = Units,
    responses((status = OK, description = "The benefit.", body = Benefit))
)]
async fn activate(
    State(app): State<AppState>,
    writer: Writer<(BenefitId,)>,
) -> Result<Answer, ApiError> {
    let (benefit_id,) = writer.ids;
    let quantity = read_quantity(&writer.body)?;
    change(&app, &writer, ActivateBenefit { benefit_id, quantity }).await
}

/// Stops using units of a benefit (*own*).
#[utoipa::path(
    post,
    path = "/v1/benefits/{benefit}/deactivate",
    tag = "Network",
    request_body = Units,
    responses((status = OK, description = "The benefit.", body = Benefit))
)]
async fn deactivate(
    State(app): State<AppState>,
    writer: Writer<(BenefitId,)>,
) -> Result<Answer, ApiError> {
    let (benefit_id,) = writer.ids;
    let quantity = read_quantity(&writer.body)?;
    change(&app, &writer, DeactivateBenefit { benefit_id, quantity }).await
}

/// A number of units that a body names.
pub(super) fn read_quantity(body: &JsonBody) -> Result<Quantity, ApiError> {
    let number: u32 = body.plain("quantity")?.ok_or_else(|| body.missing("quantity"))?;
    let reason = || format!("must be 1 to {}", Quantity::MAX);
    Quantity::new(number).map_err(|_| body.wrong("quantity", reason()))
}

async fn change(
    app: &AppState,
    writer: &Writer<(BenefitId,)>,
    command: impl Into<PartnerCommand>,
) -> Result<Answer, ApiError> {
    let outcome = writer.execute(app, &OnPartner::new(writer.partner(), command)).await?;
    let view = writer.view_after(app, &outcome, Permission::BenefitsManage).await?;
    let body = shown_benefit(benefit_row(&view, writer.ids.0)?, &view);
    Ok(Answer::ok(outcome.position, body))
}
