//! Competencies and benefits of every partner, as support operators of the installation grant them.

use axum::{
    Router,
    extract::State,
    routing::{get, patch, post},
};
use commands::{
    ChangeCompetency, GrantBenefit, PartnerCommand, RecordCompetency, Rejection, WithdrawBenefit,
    WithdrawCompetency,
};
use events::{BenefitId, CompetencyId, CompetencyLevel, Event, PartnerEvent, PartnerId, Timestamp};
use serde_json::{Value, json};

use super::{
    dates::day_or_moment,
    network::{benefit_body, competency_body, read_quantity},
    operator_requests::allow,
    path_ids::Ids,
    wire::{Answer, attributes},
    words::Words,
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

pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route("/v1/operator/partners/{partner}/network", get(show))
        .route("/v1/operator/partners/{partner}/competencies", post(record))
        .route(
            "/v1/operator/partners/{partner}/competencies/{competency}",
            patch(change).delete(withdraw_competency),
        )
        .route("/v1/operator/partners/{partner}/benefits", post(grant))
        .route(
            "/v1/operator/partners/{partner}/benefits/{benefit}",
            axum::routing::delete(withdraw_benefit),
        )
}

/// What a partner has.
async fn show(
    State(app): State<AppState>,
    caller: SignedIn,
    Ids((partner,)): Ids<(PartnerId,)>,
) -> Result<Answer, ApiError> {
    allow(&app, &caller).await?;
    let position = app.models().current().position();
    Ok(Answer::ok(position, body(&app, partner)?))
}

fn body(app: &AppState, partner: PartnerId) -> Result<Value, ApiError> {
    let model = app.models().current();
    let row = model.partners().get(partner);
    let row = row.ok_or_else(|| ApiError::from(&Rejection::PartnerNotFound))?;
    let network = model.network();
    let competencies: Vec<Value> = network.competencies(partner).map(competency_body).collect();
    let benefits: Vec<Value> = network.benefits(partner).map(benefit_body).collect();
    Ok(json!({
        "partner": { "id": partner, "name": row.name, "mpnId": row.mpn_id },
        "competencies": competencies,
        "benefits": benefits,
        "attributes": attributes("PartnerNetwork"),
    }))
}

async fn record(
    State(app): State<AppState>,
    caller: SignedIn,
    Ids((partner,)): Ids<(PartnerId,)>,
    sent: JsonBody,
) -> Result<Answer, ApiError> {
    allow(&app, &caller).await?;
    let command = RecordCompetency {
        competency_id: ids::fresh(app.now(), CompetencyId::from_uuid),
        name: sent.required("name")?,
        level: LEVELS.read_member(&sent)?.ok_or_else(|| sent.missing("level"))?,
        attained_at: read_date(&sent, "attainedAt")?,
        expires_at: read_date(&sent, "expiresAt")?,
    };
    let outcome = execute(&app, &caller, partner, &sent, command).await?;
    let id = outcome.find(|event| match event {
        Event::Partner(PartnerEvent::CompetencyAttained(event)) => Some(event.competency_id),
        _ => None,
    });
    let model = app.models().current();
    let row = id.and_then(|id| model.network().competency(partner, id));
    Ok(Answer::created(outcome.position, row.map_or_else(|| json!({ "id": id }), competency_body)))
}

async fn change(
    State(app): State<AppState>,
    caller: SignedIn,
    Ids((partner, competency_id)): Ids<(PartnerId, CompetencyId)>,
    sent: JsonBody,
) -> Result<Answer, ApiError> {
    allow(&app, &caller).await?;
    let level = LEVELS.read_member(&sent)?.ok_or_else(|| sent.missing("level"))?;
    let expires_at = read_date(&sent, "expiresAt")?;
    let command = ChangeCompetency { competency_id, level, expires_at };
    let outcome = execute(&app, &caller, partner, &sent, command).await?;
    Ok(Answer::ok(outcome.position, body(&app, partner)?))
}

async fn withdraw_competency(
    State(app): State<AppState>,
    caller: SignedIn,
    Ids((partner, competency_id)): Ids<(PartnerId, CompetencyId)>,
    sent: JsonBody,
) -> Result<Answer, ApiError> {
    allow(&app, &caller).await?;
    let command = WithdrawCompetency { competency_id };
    Ok(Answer::done(execute(&app, &caller, partner, &sent, command).await?.position))
}

async fn grant(
    State(app): State<AppState>,
    caller: SignedIn,
    Ids((partner,)): Ids<(PartnerId,)>,
    sent: JsonBody,
) -> Result<Answer, ApiError> {
    allow(&app, &caller).await?;
    let command = GrantBenefit {
        benefit_id: ids::fresh(app.now(), BenefitId::from_uuid),
        name: sent.required("name")?,
        quantity: read_quantity(&sent)?,
        expires_at: read_date(&sent, "expiresAt")?,
    };
    let outcome = execute(&app, &caller, partner, &sent, command).await?;
    let id = outcome.find(|event| match event {
        Event::Partner(PartnerEvent::BenefitGranted(event)) => Some(event.benefit_id),
        _ => None,
    });
    let model = app.models().current();
    let row = id.and_then(|id| model.network().benefit(partner, id));
    Ok(Answer::created(outcome.position, row.map_or_else(|| json!({ "id": id }), benefit_body)))
}

async fn withdraw_benefit(
    State(app): State<AppState>,
    caller: SignedIn,
    Ids((partner, benefit_id)): Ids<(PartnerId, BenefitId)>,
    sent: JsonBody,
) -> Result<Answer, ApiError> {
    allow(&app, &caller).await?;
    let command = WithdrawBenefit { benefit_id };
    Ok(Answer::done(execute(&app, &caller, partner, &sent, command).await?.position))
}

/// A date or a moment that must be there.
pub(super) fn read_date(sent: &JsonBody, name: &str) -> Result<Timestamp, ApiError> {
    let text: String = sent.plain(name)?.ok_or_else(|| sent.missing(name))?;
    day_or_moment(&text).ok_or_else(|| sent.wrong(name, "must be a date such as 2026-11-20"))
}

async fn execute(
    app: &AppState,
    caller: &SignedIn,
    partner: PartnerId,
    sent: &JsonBody,
    command: impl Into<PartnerCommand>,
) -> Result<Outcome, ApiError> {
    let mut call = caller.call_part(app, &sent.bytes, "");
    call.reason = sent.optional("reason")?;
    call.ticket = sent.optional("ticket")?;
    Ok(app.execute(&call, &OnPartner::new(partner, command)).await?)
}
