//! Whether the services that are sold work [our own style]: read by who administers for customers, told
//! by support operators.

use std::collections::BTreeSet;

use axum::extract::State;
use commands::{InstallationCommand, OpenIncident, Permission, ResolveIncident, UpdateIncident};
use events::{
    CustomerId, Event, IncidentEvent, IncidentId, IncidentSeverity, InstallationEvent, SkuId,
    Timestamp,
};
use projections::{IncidentRow, ReadModel};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    dates::day_or_moment,
    operator_requests::allow,
    reading::Reader,
    shapes::{Attributes, Collection},
    wire::Answer,
    words::{Words, same_word},
    writing::Writer,
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

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(of_customer))
        .routes(routes!(all, open))
        .routes(routes!(update))
        .routes(routes!(resolve))
}

/// A service that does not work as it should, or did not.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Incident {
    #[schema(value_type = Uuid)]
    id: IncidentId,
    /// What is sold of which it is.
    product: AffectedProduct,
    #[schema(example = "Mail is late")]
    title: String,
    /// `advisory`, `degraded` or `interrupted`.
    #[schema(example = "degraded")]
    severity: &'static str,
    /// `current` or `resolved`.
    #[schema(example = "current")]
    state: &'static str,
    #[schema(value_type = String, format = DateTime)]
    started_at: Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    resolved_at: Option<Timestamp>,
    /// What was told of it, the oldest first.
    notes: Vec<IncidentNote>,
    attributes: Attributes,
}

/// The product that an incident is of.
#[derive(Serialize, ToSchema)]
struct AffectedProduct {
    #[schema(value_type = Uuid)]
    id: SkuId,
    #[schema(example = "Exchange Online")]
    name: String,
}

/// Something that was told of an incident.
#[derive(Serialize, ToSchema)]
struct IncidentNote {
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    #[schema(example = "degraded")]
    severity: &'static str,
    #[schema(example = "We are moving the mailboxes to other machines.")]
    note: String,
}

/// An incident to tell of.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "the document's view of a body that is read member by member")]
struct NewIncident {
    /// Of what that is sold.
    #[schema(value_type = Uuid)]
    sku_id: SkuId,
    /// `advisory`, `degraded` or `interrupted`.
    #[schema(example = "degraded")]
    severity: String,
    #[schema(example = "Mail is late")]
    title: String,
    #[schema(example = "Mail is up to an hour late.")]
    note: String,
    /// A date or a moment; now where nothing is said.
    #[schema(example = "2026-11-20T08:00:00Z")]
    started_at: Option<String>,
}

/// What is new about an incident.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "the document's view of a body that is read member by member")]
struct IncidentUpdate {
    /// Only where it is another from now on.
    #[schema(example = "advisory")]
    severity: Option<String>,
    #[schema(example = "Mail is on time again for most.")]
    note: String,
}

/// What ended an incident.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the document's view of a body that is read member by member")]
struct IncidentEnd {
    #[schema(example = "All mailboxes were moved.")]
    note: String,
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

/// Lists incidents of what is sold, the newest first (*own*).
#[utoipa::path(
    get,
    path = "/v1/servicehealth",
    tag = "Service health",
    params(
        ("state" = Option<String>, Query, description = "`current` or `past`.", example = json!("current")),
        ("skuId" = Option<String>, Query, description = "Of which product.",
            example = json!("f245ecc8-75af-4f8e-b61f-27d8114de5f3")),
    ),
    responses((status = OK, description = "The incidents.", body = Collection<Incident>))
)]
async fn list(State(app): State<AppState>, reader: Reader) -> Result<Answer, ApiError> {
    let current = wanted(reader.query().text("state"))?;
    let sku: Option<SkuId> = reader.query().optional("skuId")?;
    let view = reader.view(&app, Permission::ServiceHealthView).await?;
    let rows = view.model.service_health().newest_first().into_iter().filter(|row| {
        sku.is_none_or(|sku| sku == row.sku)
            && current.is_none_or(|current| current == row.resolved_at.is_none())
    });
    let body = Collection::of(rows.map(shown), "/servicehealth");
    Ok(Answer::ok(view.position(), body))
}

/// Lists incidents of the products that a customer holds through the caller's side (*own*).
#[utoipa::path(
    get,
    path = "/v1/customers/{customer}/servicehealth",
    tag = "Service health",
    params(("state" = Option<String>, Query, description = "`current` or `past`.", example = json!("current"))),
    responses((status = OK, description = "The newest first.", body = Collection<Incident>))
)]
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
    Ok(Answer::ok(view.position(), Collection::of(rows.map(shown), path)))
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

fn shown(row: &IncidentRow) -> Incident {
    let notes = row.notes.iter().map(|it| IncidentNote {
        at: it.at,
        severity: it.severity.name(),
        note: it.note.to_string(),
    });
    Incident {
        id: row.id,
        product: AffectedProduct { id: row.sku, name: row.service.to_string() },
        title: row.title.to_string(),
        severity: row.severity.name(),
        state: if row.resolved_at.is_some() { "resolved" } else { "current" },
        started_at: row.started_at,
        resolved_at: row.resolved_at,
        notes: notes.collect(),
        attributes: Attributes::of("Incident"),
    }
}

/// Lists the incidents of the installation, the newest first (*own*).
#[utoipa::path(
    get,
    path = "/v1/operator/incidents",
    tag = "Operators",
    responses((status = OK, description = "The incidents.", body = Collection<Incident>))
)]
async fn all(
    State(app): State<AppState>,
    reader: Reader<(), SignedIn>,
) -> Result<Answer, ApiError> {
    allow(&app, &reader.caller).await?;
    let (model, _) = reader.model(&app).await?;
    let rows = model.service_health().newest_first().into_iter().map(shown);
    Ok(Answer::ok(model.position(), Collection::of(rows, "/operator/incidents")))
}

/// Tells everybody of an incident (*own*).
#[utoipa::path(
    post,
    path = "/v1/operator/incidents",
    tag = "Operators",
    request_body = NewIncident,
    responses((status = CREATED, description = "The incident.", body = Incident))
)]
async fn open(
    State(app): State<AppState>,
    writer: Writer<(), SignedIn>,
) -> Result<Answer, ApiError> {
    allow(&app, &writer.caller).await?;
    let sent = &writer.body;
    let command = OpenIncident {
        incident_id: ids::fresh(app.now(), IncidentId::from_uuid),
        sku_id: sent.required("skuId")?,
        severity: SEVERITIES.read_member(sent)?.ok_or_else(|| sent.missing("severity"))?,
        title: sent.required("title")?,
        note: sent.required("note")?,
        started_at: read_start(sent, app.now())?,
    };
    let outcome = execute(&app, &writer, command).await?;
    let id = outcome.find(|event| match event {
        Event::Installation(InstallationEvent::Incident(IncidentEvent::IncidentOpened(event))) => {
            Some(event.incident_id)
        }
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

/// Tells what is new about an incident (*own*).
#[utoipa::path(
    post,
    path = "/v1/operator/incidents/{incident}/updates",
    tag = "Operators",
    request_body = IncidentUpdate,
    responses((status = OK, description = "The incident.", body = Incident))
)]
async fn update(
    State(app): State<AppState>,
    writer: Writer<(IncidentId,), SignedIn>,
) -> Result<Answer, ApiError> {
    allow(&app, &writer.caller).await?;
    let (incident_id,) = writer.ids;
    let severity = SEVERITIES.read_member(&writer.body)?;
    let command = UpdateIncident { incident_id, severity, note: writer.body.required("note")? };
    let outcome = execute(&app, &writer, command).await?;
    Ok(Answer::ok(outcome.position, body(&app, incident_id)?))
}

/// Tells that an incident is over (*own*).
#[utoipa::path(
    post,
    path = "/v1/operator/incidents/{incident}/resolve",
    tag = "Operators",
    request_body = IncidentEnd,
    responses((status = OK, description = "The incident.", body = Incident))
)]
async fn resolve(
    State(app): State<AppState>,
    writer: Writer<(IncidentId,), SignedIn>,
) -> Result<Answer, ApiError> {
    allow(&app, &writer.caller).await?;
    let (incident_id,) = writer.ids;
    let command = ResolveIncident { incident_id, note: writer.body.required("note")? };
    let outcome = execute(&app, &writer, command).await?;
    Ok(Answer::ok(outcome.position, body(&app, incident_id)?))
}

fn body(app: &AppState, id: IncidentId) -> Result<Incident, ApiError> {
    let model = app.models().current();
    let row = model.service_health().get(id).ok_or_else(ApiError::internal)?;
    Ok(shown(row))
}

async fn execute<I>(
    app: &AppState,
    writer: &Writer<I, SignedIn>,
    command: impl Into<InstallationCommand>,
) -> Result<Outcome, ApiError> {
    writer.execute(app, &OnInstallation::new(command)).await
}
