//! Webhooks: where a partner wants to be told of what happens, how that goes, and tests of it.

use axum::{extract::State, http::StatusCode};
use commands::{
    ChangeWebhook, OFFERED_EVENTS, OfferedEvent, Permission, RegisterWebhook, RemoveWebhook,
    TestWebhook,
};
use events::{
    CorrelationId, Event, PartnerEvent, Position, Timestamp, WebhookAddress, WebhookEvent,
    WebhookEventName, WebhookId, WebhookSecretId,
};
use projections::{FailedAttempt, WebhookRow, WebhookTest};
use secrecy::ExposeSecret;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    reading::{Reader, View},
    wire::Answer,
    writing::Writer,
};
use crate::{
    application::{OnPartner, Outcome},
    http::{ApiError, AppState},
    ids,
};

/// For how long a test is shown, in days.
const TEST_DAYS: i64 = 7;
/// The member that holds the names of events.
const EVENTS: &str = "webhookEvents";
/// The member that holds the address.
const ADDRESS: &str = "webhookUrl";

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(show, register, change, remove))
        .routes(routes!(offered))
        .routes(routes!(deliveries))
        .routes(routes!(test))
        .routes(routes!(tested))
}

/// Where a partner is told of what happens.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct WebhookRegistration {
    /// The registration.
    #[schema(value_type = Uuid)]
    subscriber_id: WebhookId,
    /// Where each event is posted to.
    #[schema(value_type = String, example = "https://hooks.relecloud.example/partner")]
    webhook_url: WebhookAddress,
    /// Of what.
    #[schema(value_type = Vec<String>, example = json!(["subscription-updated", "test-created"]))]
    webhook_events: Vec<WebhookEventName>,
}

/// A registration, with the secret that its deliveries are signed with where that is new.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ChangedWebhookRegistration {
    #[serde(flatten)]
    registration: WebhookRegistration,
    /// The secret; shown once, here (*own*).
    #[schema(example = "plogw_0123456789abcdefghijklmnopqrstuvwxyzABCDEFG")]
    secret: Option<String>,
    /// `already_shown` where the request was repeated (*own*).
    #[schema(example = "already_shown")]
    secret_state: Option<&'static str>,
}

/// Where to be told, and of what.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "the document's view of a body that is read member by member")]
struct WantedWebhook {
    /// Where each event is to be posted: `https://`, without a secret in it.
    #[schema(example = "https://hooks.relecloud.example/partner")]
    webhook_url: String,
    /// Of what, by the names that are offered.
    #[schema(example = json!(["subscription-updated", "test-created"]))]
    webhook_events: Vec<String>,
    /// With a change: makes another secret, which is shown in the answer (*own*).
    new_secret: Option<bool>,
}

/// Tells where the partner is told of what happens.
#[utoipa::path(
    get,
    path = "/webhooks/v1/registration",
    tag = "Webhooks",
    responses((status = OK, description = "The registration.", body = WebhookRegistration))
)]
async fn show(State(app): State<AppState>, reader: Reader) -> Result<Answer, ApiError> {
    let view = reader.view(&app, Permission::WebhooksManage).await?;
    Ok(Answer::ok(view.position(), shown(registered(&view)?)))
}

fn registered(view: &View) -> Result<&WebhookRow, ApiError> {
    let row = view.model.webhooks().of(view.partner);
    row.ok_or_else(|| ApiError::not_found("no webhook is registered"))
}

fn shown(row: &WebhookRow) -> WebhookRegistration {
    WebhookRegistration {
        subscriber_id: row.id,
        webhook_url: row.address.clone(),
        webhook_events: row.wanted.iter().map(|wanted| wanted.name.clone()).collect(),
    }
}

/// Registers where the partner is told of what happens, once.
///
/// The answer holds the secret that deliveries are signed with.
#[utoipa::path(
    post,
    path = "/webhooks/v1/registration",
    tag = "Webhooks",
    request_body = WantedWebhook,
    responses((status = OK, description = "The registration.", body = ChangedWebhookRegistration))
)]
async fn register(State(app): State<AppState>, writer: Writer) -> Result<Answer, ApiError> {
    let (address, wanted) = (address(&app, &writer)?, wanted(&writer)?);
    let webhook_id = ids::fresh(app.now(), WebhookId::from_uuid);
    let secret_id = ids::fresh(app.now(), WebhookSecretId::from_uuid);
    let command = RegisterWebhook { webhook_id, secret_id, address, wanted };
    let outcome = writer.execute(&app, &OnPartner::new(writer.partner(), command)).await?;
    changed(&app, &writer, &outcome, true).await
}

/// Changes where the partner is told of what happens, and of what.
///
/// What is newly named is told from now on. With `newSecret` the answer holds another secret, under
/// which everything is signed from now on (*own*).
#[utoipa::path(
    put,
    path = "/webhooks/v1/registration",
    tag = "Webhooks",
    request_body = WantedWebhook,
    responses((status = OK, description = "The registration.", body = ChangedWebhookRegistration))
)]
async fn change(State(app): State<AppState>, writer: Writer) -> Result<Answer, ApiError> {
    let (address, wanted) = (address(&app, &writer)?, wanted(&writer)?);
    let has_new_secret = writer.body.plain("newSecret")?.unwrap_or(false);
    let secret_id = has_new_secret.then(|| ids::fresh(app.now(), WebhookSecretId::from_uuid));
    let command = ChangeWebhook { secret_id, address, wanted };
    let outcome = writer.execute(&app, &OnPartner::new(writer.partner(), command)).await?;
    changed(&app, &writer, &outcome, has_new_secret).await
}

async fn changed(
    app: &AppState,
    writer: &Writer,
    outcome: &Outcome,
    has_new_secret: bool,
) -> Result<Answer, ApiError> {
    writer.view_after(app, outcome, Permission::WebhooksManage).await?;
    let recorded = outcome.find(|event| match event {
        Event::Partner(PartnerEvent::Webhook(WebhookEvent::WebhookRegistered(it))) => {
            Some((it.webhook_id, it.secret_id, it.address.clone(), it.wanted.clone()))
        }
        Event::Partner(PartnerEvent::Webhook(WebhookEvent::WebhookChanged(it))) => {
            Some((it.webhook_id, it.secret_id, it.address.clone(), it.wanted.clone()))
        }
        _ => None,
    });
    let (subscriber_id, secret_id, webhook_url, webhook_events) =
        recorded.ok_or_else(ApiError::internal)?;
    let secret =
        (has_new_secret && !outcome.replayed).then(|| app.keys().webhook_secret(secret_id));
    let body = ChangedWebhookRegistration {
        registration: WebhookRegistration { subscriber_id, webhook_url, webhook_events },
        secret: secret.map(|secret| secret.expose_secret().to_owned()),
        secret_state: (has_new_secret && outcome.replayed).then_some("already_shown"),
    };
    Ok(Answer::ok(outcome.position, body))
}

fn address(app: &AppState, writer: &Writer) -> Result<WebhookAddress, ApiError> {
    let address: WebhookAddress = writer.body.required(ADDRESS)?;
    match app.webhooks.rules().fault(&address) {
        None => Ok(address),
        Some(fault) => Err(ApiError::invalid(ADDRESS, fault)),
    }
}

fn wanted(writer: &Writer) -> Result<Vec<WebhookEventName>, ApiError> {
    let names: Option<Vec<Value>> = writer.body.plain(EVENTS)?;
    let names = names.ok_or_else(|| ApiError::missing(EVENTS))?;
    let wrong = || ApiError::invalid(EVENTS, "must be names of events such as test-created");
    let name = |name: &Value| name.as_str().and_then(|text| text.parse().ok()).ok_or_else(wrong);
    names.iter().map(name).collect()
}

/// Tells the partner no longer of what happens (*own*).
#[utoipa::path(
    delete,
    path = "/webhooks/v1/registration",
    tag = "Webhooks",
    responses((status = NO_CONTENT, description = "Nothing is told any more."))
)]
async fn remove(State(app): State<AppState>, writer: Writer) -> Result<Answer, ApiError> {
    let use_case = OnPartner::new(writer.partner(), RemoveWebhook);
    let outcome = writer.execute(&app, &use_case).await?;
    Ok(Answer::done(outcome.position))
}

/// Lists the names of everything a partner can be told of.
#[utoipa::path(
    get,
    path = "/webhooks/v1/registration/events",
    tag = "Webhooks",
    responses((
        status = OK,
        description = "The names.",
        body = Vec<String>,
        example = json!(["customer-created", "subscription-updated", "test-created"])
    ))
)]
async fn offered(State(app): State<AppState>, reader: Reader) -> Result<Answer, ApiError> {
    let view = reader.view(&app, Permission::WebhooksManage).await?;
    let names: Vec<&str> = OFFERED_EVENTS.iter().map(|offered| offered.name).collect();
    Ok(Answer::ok(view.position(), names))
}

/// How far the partner was told.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct WebhookDeliveries {
    /// How many events it was told of.
    delivered: u64,
    /// The position of the log before which everything is told or given up.
    #[schema(value_type = u64)]
    next_position: Position,
    /// What is being tried again; everything after it waits.
    failing: Option<FailingWebhookDelivery>,
    /// The newest of what was given up, newest first.
    given_up: Vec<WebhookDeliveryFailure>,
}

/// Something that could not be told yet.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct FailingWebhookDelivery {
    #[serde(flatten)]
    last_attempt: WebhookDeliveryFailure,
    /// When it is tried again.
    #[schema(value_type = String, format = DateTime)]
    next_attempt_at: Timestamp,
}

/// Something that was not told, with the last attempt.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct WebhookDeliveryFailure {
    /// The position of the event.
    #[schema(value_type = u64)]
    position: Position,
    /// What it is told as.
    #[schema(example = "subscription-updated")]
    event_name: Option<&'static str>,
    /// How often it was tried.
    attempts: u32,
    /// When the last time.
    #[schema(value_type = String, format = DateTime)]
    attempted_at: Timestamp,
    /// Why it failed: `unreachable`, `unprotected`, `timed_out`, `refused` or `forbidden_address`.
    #[schema(value_type = String, example = "refused")]
    reason: &'static str,
    /// The status that the receiver answered, if it did.
    #[schema(example = 503)]
    status: Option<u32>,
}

/// Tells how the deliveries go (*own*).
#[utoipa::path(
    get,
    path = "/webhooks/v1/registration/deliveries",
    tag = "Webhooks",
    responses((status = OK, description = "How they go.", body = WebhookDeliveries))
)]
async fn deliveries(State(app): State<AppState>, reader: Reader) -> Result<Answer, ApiError> {
    let view = reader.view(&app, Permission::WebhooksManage).await?;
    let row = registered(&view)?;
    let mut given_up = Vec::with_capacity(row.given_up.len());
    for one in row.given_up.iter().rev() {
        given_up.push(failure(&app, one.position, one.last).await?);
    }
    let failing = match row.failing {
        None => None,
        Some(failing) => Some(FailingWebhookDelivery {
            last_attempt: failure(&app, failing.position, failing.last).await?,
            next_attempt_at: failing.retry_at,
        }),
    };
    let body =
        WebhookDeliveries { delivered: row.delivered, next_position: row.next, failing, given_up };
    Ok(Answer::ok(view.position(), body))
}

async fn failure(
    app: &AppState,
    position: Position,
    last: FailedAttempt,
) -> Result<WebhookDeliveryFailure, ApiError> {
    let event = app.event(position).await?;
    Ok(WebhookDeliveryFailure {
        position,
        event_name: OfferedEvent::of_type(event.event.name()).map(|offered| offered.name),
        attempts: last.attempt,
        attempted_at: last.at,
        reason: last.reason.name(),
        status: last.status,
    })
}

/// A test that was asked for.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ValidationEventCreated {
    /// By this its result is asked for.
    #[schema(value_type = Uuid)]
    correlation_id: CorrelationId,
}

/// Sends a test event to the registered address, which must be registered for `test-created`.
#[utoipa::path(
    post,
    path = "/webhooks/v1/registration/validationevents",
    tag = "Webhooks",
    responses((status = OK, description = "The test.", body = ValidationEventCreated))
)]
async fn test(State(app): State<AppState>, writer: Writer) -> Result<Answer, ApiError> {
    let test_id = ids::fresh(app.now(), CorrelationId::from_uuid);
    let use_case = OnPartner::new(writer.partner(), TestWebhook { test_id });
    let outcome = writer.execute(&app, &use_case).await?;
    writer.view_after(&app, &outcome, Permission::WebhooksManage).await?;
    let recorded = outcome.find(|event| match event {
        Event::Partner(PartnerEvent::Webhook(WebhookEvent::WebhookTested(event))) => {
            Some(event.test_id)
        }
        _ => None,
    });
    let correlation_id = recorded.unwrap_or(test_id);
    Ok(Answer::ok(outcome.position, ValidationEventCreated { correlation_id }))
}

/// What came of a test.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ValidationEvent {
    #[schema(value_type = Uuid)]
    correlation_id: CorrelationId,
    #[schema(value_type = Uuid)]
    partner_id: events::PartnerId,
    /// `completed`, `failed` once it was given up, else `in_progress`.
    #[schema(value_type = String, example = "completed")]
    status: &'static str,
    /// Where it is sent to.
    #[schema(value_type = String, example = "https://hooks.relecloud.example/partner")]
    callback_url: WebhookAddress,
    /// What came of each attempt.
    results: Vec<ValidationResult>,
}

/// What came of an attempt.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ValidationResult {
    /// The words of the status that the receiver answered, or why it answered nothing.
    #[schema(example = "OK")]
    response_code: String,
    #[schema(example = "")]
    response_message: String,
    /// Whether it failed before the receiver answered.
    system_error: bool,
    #[schema(value_type = String, format = DateTime)]
    date_time_utc: Timestamp,
}

/// Tells what came of a test of the last seven days.
#[utoipa::path(
    get,
    path = "/webhooks/v1/registration/validationevents/{correlation}",
    tag = "Webhooks",
    responses((status = OK, description = "What came of it.", body = ValidationEvent))
)]
async fn tested(
    State(app): State<AppState>,
    reader: Reader<(CorrelationId,)>,
) -> Result<Answer, ApiError> {
    let (id,) = reader.ids;
    let view = reader.view(&app, Permission::WebhooksManage).await?;
    let row = registered(&view)?;
    let is_shown =
        |test: &&WebhookTest| test.id == id && view.at < test.at.plus_hours(TEST_DAYS * 24);
    let test = row.tests.iter().find(is_shown);
    let test = test.ok_or_else(|| ApiError::not_found("there is no such test"))?;
    let taken = test.ended_at.filter(|_| test.delivered).map(|at| ValidationResult {
        response_code: "OK".to_owned(),
        response_message: String::new(),
        system_error: false,
        date_time_utc: at,
    });
    let body = ValidationEvent {
        correlation_id: id,
        partner_id: view.partner,
        status: match (test.delivered, test.ended_at) {
            (true, _) => "completed",
            (false, Some(_)) => "failed",
            (false, None) => "in_progress",
        },
        callback_url: row.address.clone(),
        results: test.failed.iter().map(result).chain(taken).collect(),
    };
    Ok(Answer::ok(view.position(), body))
}

fn result(attempt: &FailedAttempt) -> ValidationResult {
    let status = attempt.status.and_then(|status| u16::try_from(status).ok());
    let words = status.and_then(|status| StatusCode::from_u16(status).ok()?.canonical_reason());
    ValidationResult {
        response_code: match (words, attempt.status) {
            (Some(words), _) => words.replace(' ', ""),
            (None, Some(status)) => status.to_string(),
            (None, None) => attempt.reason.name().to_owned(),
        },
        response_message: String::new(),
        system_error: attempt.status.is_none(),
        date_time_utc: attempt.at,
    }
}
