//! Competencies and benefits of every partner, as support operators of the installation grant them.

use axum::extract::State;
use commands::{
    ChangeCompetency, GrantBenefit, PartnerCommand, RecordCompetency, Rejection, WithdrawBenefit,
    WithdrawCompetency,
};
use events::{
    BenefitId, CompetencyId, CompetencyLevel, Event, NetworkEvent, PartnerEvent, PartnerId,
    Timestamp,
};
use projections::ReadModel;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    dates::day_or_moment,
    network::{Benefit, Competency, benefit_body, competency_body, read_quantity},
    operator_requests::allow,
    partners::{PartnerSummary, shown_partner},
    path_ids::PathIds,
    reading::Reader,
    shapes::Attributes,
    wire::Answer,
    words::Words,
    writing::Writer,
};
use crate::{
    application::{OnPartner, Outcome},
    http::{ApiError, AppState, JsonBody, SignedIn},
    ids,
};

const LEVELS: Words<CompetencyLevel> = Words {
    field: "level",
    all: &[
        ("member", CompetencyLevel::Member),
        ("silver", CompetencyLevel::Silver),
        ("gold", CompetencyLevel::Gold),
    ],
};

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(show))
        .routes(routes!(record))
        .routes(routes!(change, withdraw_competency))
        .routes(routes!(grant))
        .routes(routes!(withdraw_benefit))
}

/// What a partner has in the partner network.
#[derive(Serialize, ToSchema)]
struct PartnerNetwork {
    partner: PartnerSummary,
    competencies: Vec<Competency>,
    benefits: Vec<Benefit>,
    attributes: Attributes,
}

/// A competency that a partner attained.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "the document's view of a body that is read member by member")]
struct NewCompetency {
    /// What it is in.
    #[schema(example = "Small and midmarket cloud solutions")]
    name: String,
    /// `member`, `silver` or `gold`.
    #[schema(example = "gold")]
    level: String,
    /// A date or a moment.
    #[schema(example = "2026-11-01")]
    attained_at: String,
    /// A date or a moment: it counts strictly before.
    #[schema(example = "2027-11-01")]
    expires_at: String,
}

/// How far a partner has come from now on.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "the document's view of a body that is read member by member")]
struct CompetencyChange {
    /// `member`, `silver` or `gold`.
    #[schema(example = "silver")]
    level: String,
    /// A date or a moment: it counts strictly before.
    #[schema(example = "2028-11-01")]
    expires_at: String,
}

/// A benefit to grant.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "the document's view of a body that is read member by member")]
struct NewBenefit {
    #[schema(example = "Office 365 licences for own use")]
    name: String,
    /// How many units.
    #[schema(example = 25)]
    quantity: u32,
    /// A date or a moment: it can be used strictly before.
    #[schema(example = "2027-11-01")]
    expires_at: String,
}

/// Shows what a partner has (*own*).
#[utoipa::path(
    get,
    path = "/v1/operator/partners/{partner}/network",
    tag = "Operators",
    responses((status = OK, description = "Its competencies and benefits.", body = PartnerNetwork))
)]
async fn show(
    State(app): State<AppState>,
    reader: Reader<(PartnerId,), SignedIn>,
) -> Result<Answer, ApiError> {
    allow(&app, &reader.caller).await?;
    let (model, _) = reader.model(&app).await?;
    Ok(Answer::ok(model.position(), body(&model, reader.ids.0)?))
}

fn body(model: &ReadModel, partner: PartnerId) -> Result<PartnerNetwork, ApiError> {
    let row = model.partners().get(partner);
    row.ok_or_else(|| ApiError::from(&Rejection::PartnerNotFound))?;
    let network = model.network();
    Ok(PartnerNetwork {
        partner: shown_partner(model, partner),
        competencies: network.competencies(partner).map(competency_body).collect(),
        benefits: network.benefits(partner).map(benefit_body).collect(),
        attributes: Attributes::of("PartnerNetwork"),
    })
}

/// Records a competency that a partner attained (*own*).
#[utoipa::path(
    post,
    path = "/v1/operator/partners/{partner}/competencies",
    tag = "Operators",
    request_body = NewCompetency,
    responses((status = CREATED, description = "The competency.", body = Competency))
)]
async fn record(
    State(app): State<AppState>,
    writer: Writer<(PartnerId,), SignedIn>,
) -> Result<Answer, ApiError> {
    allow(&app, &writer.caller).await?;
    let (partner, sent) = (writer.ids.0, &writer.body);
    let command = RecordCompetency {
        competency_id: ids::fresh(app.now(), CompetencyId::from_uuid),
        name: sent.required("name")?,
        level: LEVELS.read_member(sent)?.ok_or_else(|| sent.missing("level"))?,
        attained_at: read_date(sent, "attainedAt")?,
        expires_at: read_date(sent, "expiresAt")?,
    };
    let outcome = execute(&app, &writer, partner, command).await?;
    let id = outcome.find(|event| match event {
        Event::Partner(PartnerEvent::Network(NetworkEvent::CompetencyAttained(event))) => {
            Some(event.competency_id)
        }
        _ => None,
    });
    let model = app.models().current();
    let row = id.and_then(|id| model.network().competency(partner, id));
    // On a repeat it may have been withdrawn since.
    let row = row.ok_or_else(|| ApiError::not_found("the competency was withdrawn"))?;
    Ok(Answer::created(outcome.position, competency_body(row)))
}

/// Changes how far a partner has come in a competency (*own*).
#[utoipa::path(
    patch,
    path = "/v1/operator/partners/{partner}/competencies/{competency}",
    tag = "Operators",
    request_body = CompetencyChange,
    responses((status = OK, description = "What the partner has.", body = PartnerNetwork))
)]
async fn change(
    State(app): State<AppState>,
    writer: Writer<(PartnerId, CompetencyId), SignedIn>,
) -> Result<Answer, ApiError> {
    allow(&app, &writer.caller).await?;
    let ((partner, competency_id), sent) = (writer.ids, &writer.body);
    let level = LEVELS.read_member(sent)?.ok_or_else(|| sent.missing("level"))?;
    let expires_at = read_date(sent, "expiresAt")?;
    let command = ChangeCompetency { competency_id, level, expires_at };
    let outcome = execute(&app, &writer, partner, command).await?;
    Ok(Answer::ok(outcome.position, body(&app.models().current(), partner)?))
}

/// Withdraws a competency (*own*).
#[utoipa::path(
    delete,
    path = "/v1/operator/partners/{partner}/competencies/{competency}",
    tag = "Operators",
    responses((status = NO_CONTENT, description = "It is withdrawn."))
)]
async fn withdraw_competency(
    State(app): State<AppState>,
    writer: Writer<(PartnerId, CompetencyId), SignedIn>,
) -> Result<Answer, ApiError> {
    allow(&app, &writer.caller).await?;
    let (partner, competency_id) = writer.ids;
    let command = WithdrawCompetency { competency_id };
    Ok(Answer::done(execute(&app, &writer, partner, command).await?.position))
}

/// Grants a benefit (*own*).
#[utoipa::path(
    post,
    path = "/v1/operator/partners/{partner}/benefits",
    tag = "Operators",
    request_body = NewBenefit,
    responses((status = CREATED, description = "The benefit.", body = Benefit))
)]
async fn grant(
    State(app): State<AppState>,
    writer: Writer<(PartnerId,), SignedIn>,
) -> Result<Answer, ApiError> {
    allow(&app, &writer.caller).await?;
    let (partner, sent) = (writer.ids.0, &writer.body);
    let command = GrantBenefit {
        benefit_id: ids::fresh(app.now(), BenefitId::from_uuid),
        name: sent.required("name")?,
        quantity: read_quantity(sent)?,
        expires_at: read_date(sent, "expiresAt")?,
    };
    let outcome = execute(&app, &writer, partner, command).await?;
    let id = outcome.find(|event| match event {
        Event::Partner(PartnerEvent::Network(NetworkEvent::BenefitGranted(event))) => {
            Some(event.benefit_id)
        }
        _ => None,
    });
    let model = app.models().current();
    let row = id.and_then(|id| model.network().benefit(partner, id));
    // On a repeat it may have been withdrawn since.
    let row = row.ok_or_else(|| ApiError::not_found("the benefit was withdrawn"))?;
    Ok(Answer::created(outcome.position, benefit_body(row)))
}

/// Withdraws a benefit (*own*).
#[utoipa::path(
    delete,
    path = "/v1/operator/partners/{partner}/benefits/{benefit}",
    tag = "Operators",
    responses((status = NO_CONTENT, description = "It is withdrawn."))
)]
async fn withdraw_benefit(
    State(app): State<AppState>,
    writer: Writer<(PartnerId, BenefitId), SignedIn>,
) -> Result<Answer, ApiError> {
    allow(&app, &writer.caller).await?;
    let (partner, benefit_id) = writer.ids;
    let command = WithdrawBenefit { benefit_id };
    Ok(Answer::done(execute(&app, &writer, partner, command).await?.position))
}

/// A date or a moment that must be there.
fn read_date(sent: &JsonBody, name: &str) -> Result<Timestamp, ApiError> {
    let text: String = sent.plain(name)?.ok_or_else(|| sent.missing(name))?;
    day_or_moment(&text).ok_or_else(|| sent.wrong(name, "must be a date such as 2026-11-20"))
}

async fn execute<I: PathIds>(
    app: &AppState,
    writer: &Writer<I, SignedIn>,
    partner: PartnerId,
    command: impl Into<PartnerCommand>,
) -> Result<Outcome, ApiError> {
    writer.execute(app, &OnPartner::new(partner, command)).await
}
