//! Whether the services that are sold work [our own style]: read by who administers for customers, told
//! by support operators.

use std::collections::BTreeSet;

use axum::{
    Router,
    extract::State,
    routing::{get, post},
};
use commands::{InstallationCommand, OpenIncident, Permission, ResolveIncident, UpdateIncident};
use events::{
    CustomerId, Event, IncidentId, IncidentSeverity, InstallationEvent, SkuId, Timestamp,
};
use projections::{IncidentRow, ReadModel};
use serde_json::{Value, json};

use super::{
    dates::day_or_moment,
    operator_requests::allow,
    path_ids::Ids,
    reading::Reader,
    wire::{Answer, attributes, collection},
    words::{Words, same_word},
};
use crate::{
    application::{Application, OnInstallation, Outcome},
    http::{ApiError, AppState, JsonBody, SignedIn},
    ids,
};

const SEVERITIES: Words<IncidentSeverity> = Words {
    field: "severity",
    all: &[
        ("advisory", IncidentSeverity::Advisory),
        ("degraded", IncidentSeverity::Degraded),
        ("interrupted", IncidentSeverity::Interrupted),
    ],
};

pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route("/v1/servicehealth", get(list))
        .route("/v1/customers/{customer}/servicehealth", get(of_customer))
        .route("/v1/operator/incidents", get(all).post(open))
        .route("/v1/operator/incidents/{incident}/updates", post(update))
        .route("/v1/operator/incidents/{incident}/resolve", post(resolve))
}

/// Which incidents are asked for: those that go on, those that are over, or all.
fn wanted(reader_state: Option<&str>) -> Result<Option<bool>, ApiError> {
    match reader_state {
        None => Ok(None),
        Some(word) if same_word(word, "current") => Ok(Some(true)),
        Some(word) if same_word(word, "past") => Ok(Some(false)),
        Some(_) => Err(ApiError::invalid("state", "must be current or past")),
    }
}

async fn list(State(app): State<AppState>, reader: Reader) -> Result<Answer, ApiError> {
    let current = wanted(reader.query().text("state"))?;
    let sku: Option<SkuId> = reader.query().optional("skuId")?;
    let view = reader.view(&app, Permission::ServiceHealthView).await?;
    let rows = view.model.service_health().newest_first().into_iter().filter(|row| {
        sku.is_none_or(|sku| sku == row.sku)
            && current.is_none_or(|current| current == row.resolved_at.is_none())
    });
    let body = collection(rows.map(shown), "/servicehealth");
    Ok(Answer::ok(view.position(), body))
}

/// The incidents of the products that the customer holds through the caller's side.
async fn of_customer(
    State(app): State<AppState>,
    reader: Reader<(CustomerId,)>,
) -> Result<Answer, ApiError> {
    let (customer,) = reader.ids;
    let current = wanted(reader.query().text("state"))?;
    let shown_to = reader.customer_view(&app, customer, Permission::ServiceHealthView).await?;
    let view = &shown_to.view;
    let held = products_held(&app, &view.model, view.partner, customer);
    let rows = view.model.service_health().newest_first().into_iter().filter(|row| {
        held.contains(&row.sku)
            && current.is_none_or(|current| current == row.resolved_at.is_none())
    });
    let path = format!("/customers/{customer}/servicehealth");
    Ok(Answer::ok(view.position(), collection(rows.map(shown), path)))
}

/// The products a customer has a subscription to that is not cancelled, sold by whom the partner may
/// see.
pub(crate) fn products_held(
    app: &Application,
    model: &ReadModel,
    partner: events::PartnerId,
    customer: CustomerId,
) -> BTreeSet<SkuId> {
    let rows = model.subscriptions().of(customer).filter(|row| !row.state.is_cancelled());
    rows.filter(|row| app.sees_sales(partner, customer, row.partner)).map(|row| row.sku).collect()
}

fn shown(row: &IncidentRow) -> Value {
    let notes: Vec<Value> = row
        .notes
        .iter()
        .map(|it| json!({ "at": it.at, "severity": it.severity.name(), "note": it.note }))
        .collect();
    json!({
        "id": row.id,
        "product": { "id": row.sku, "name": row.service },
        "title": row.title,
        "severity": row.severity.name(),
        "state": if row.resolved_at.is_some() { "resolved" } else { "current" },
        "startedAt": row.started_at,
        "resolvedAt": row.resolved_at,
        "notes": notes,
        "attributes": attributes("Incident"),
    })
}

async fn all(State(app): State<AppState>, caller: SignedIn) -> Result<Answer, ApiError> {
    allow(&app, &caller).await?;
    let model = app.models().current();
    let rows = model.service_health().newest_first().into_iter().map(shown);
    Ok(Answer::ok(model.position(), collection(rows, "/operator/incidents")))
}

async fn open(
    State(app): State<AppState>,
    caller: SignedIn,
    sent: JsonBody,
) -> Result<Answer, ApiError> {
    allow(&app, &caller).await?;
    let command = OpenIncident {
        incident_id: ids::fresh(app.now(), IncidentId::from_uuid),
        sku_id: sent.required("skuId")?,
        severity: SEVERITIES.read_member(&sent)?.ok_or_else(|| sent.missing("severity"))?,
        title: sent.required("title")?,
        note: sent.required("note")?,
        started_at: read_start(&sent, app.now())?,
    };
    let outcome = execute(&app, &caller, &sent, command).await?;
    let id = outcome.find(|event| match event {
        Event::Installation(InstallationEvent::IncidentOpened(event)) => Some(event.incident_id),
        _ => None,
    });
    let id = id.ok_or_else(ApiError::internal)?;
    Ok(Answer::created(outcome.position, body(&app, id)?))
}

/// When it started; now where nothing is said.
fn read_start(sent: &JsonBody, now: Timestamp) -> Result<Timestamp, ApiError> {
    let Some(text) = sent.plain::<String>("startedAt")? else { return Ok(now) };
    let wrong = || sent.wrong("startedAt", "must be a moment such as 2026-11-20T08:00:00Z");
    day_or_moment(&text).ok_or_else(wrong)
}

async fn update(
    State(app): State<AppState>,
    caller: SignedIn,
    Ids((incident_id,)): Ids<(IncidentId,)>,
    sent: JsonBody,
) -> Result<Answer, ApiError> {
    allow(&app, &caller).await?;
    let severity = SEVERITIES.read_member(&sent)?;
    let command = UpdateIncident { incident_id, severity, note: sent.required("note")? };
    let outcome = execute(&app, &caller, &sent, command).await?;
    Ok(Answer::ok(outcome.position, body(&app, incident_id)?))
}

async fn resolve(
    State(app): State<AppState>,
    caller: SignedIn,
    Ids((incident_id,)): Ids<(IncidentId,)>,
    sent: JsonBody,
) -> Result<Answer, ApiError> {
    allow(&app, &caller).await?;
    let command = ResolveIncident { incident_id, note: sent.required("note")? };
    let outcome = execute(&app, &caller, &sent, command).await?;
    Ok(Answer::ok(outcome.position, body(&app, incident_id)?))
}

fn body(app: &AppState, id: IncidentId) -> Result<Value, ApiError> {
    let model = app.models().current();
    let row = model.service_health().get(id).ok_or_else(ApiError::internal)?;
    Ok(shown(row))
}

async fn execute(
    app: &AppState,
    caller: &SignedIn,
    sent: &JsonBody,
    command: impl Into<InstallationCommand>,
) -> Result<Outcome, ApiError> {
    let mut call = caller.call_part(app, &sent.bytes, "");
    call.reason = sent.optional("reason")?;
    call.ticket = sent.optional("ticket")?;
    Ok(app.execute(&call, &OnInstallation::new(command)).await?)
}
