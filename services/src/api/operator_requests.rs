//! Service requests of every partner, as support operators of the installation answer them.

use axum::{
    Router,
    extract::State,
    http::{HeaderMap, Uri},
    routing::{get, post},
};
use commands::{
    CarryOutServiceRequest, DeclineServiceRequest, Rejection, ServiceRequestCommand,
    ServiceRequestRefusal, VerifyElevation,
};
use events::{GlobalAdminAbsence, ServiceRequestId};
use projections::ServiceRequestRow;
use serde_json::Value;
use uuid::Uuid;

use super::{
    paging::{ListName, Seek, part},
    path_ids::Ids,
    query::Query,
    service_request_shape::{read_change, shown, summary},
    wire::Answer,
    words::Words,
};
use crate::{
    application::{OnServiceRequest, Outcome},
    http::{ApiError, AppState, JsonBody, SignedIn},
};

const ABSENCES: Words<GlobalAdminAbsence> = Words {
    field: "absence",
    all: &[
        ("left", GlobalAdminAbsence::Left),
        ("moved_to_another_role", GlobalAdminAbsence::MovedToAnotherRole),
    ],
};

pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route("/v1/operator/servicerequests", get(list))
        .route("/v1/operator/servicerequests/{request}", get(one).patch(change))
        .route("/v1/operator/servicerequests/{request}/verify", post(verify))
        .route("/v1/operator/servicerequests/{request}/carryout", post(carry_out))
        .route("/v1/operator/servicerequests/{request}/decline", post(decline))
}

/// Demands a support operator with a password of its own who may act now.
pub(super) async fn allow(app: &AppState, caller: &SignedIn) -> Result<(), ApiError> {
    if caller.authenticated.must_change_password {
        return Err(ApiError::password_must_change());
    }
    app.allow_operator(caller.principal()).await?;
    Ok(())
}

/// The open requests of every partner, newest first, in parts.
async fn list(
    State(app): State<AppState>,
    caller: SignedIn,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Answer, ApiError> {
    allow(&app, &caller).await?;
    let name = ListName { path: uri.path().to_owned(), reader: Uuid::nil() };
    let seek = Seek::of(&app, name, Query::of(&uri)?, &headers)?;
    let after: Option<ServiceRequestId> = seek.after()?;
    let model = app.models().current();
    let is_open = |row: &&ServiceRequestRow| row.status.is_open();
    let total = model.service_requests().iter().filter(is_open).count();
    // The request at which the last part ended may be closed by now: its place stays.
    let all = model.service_requests().iter();
    let rest = all.skip_while(|row| after.is_some_and(|after| row.id != after));
    let rest = rest.skip(usize::from(after.is_some())).filter(is_open);
    let (page, more) = part(rest, seek.limit()?);
    let next = page.last().map(|row| row.id).filter(|_| more);
    let mut items = Vec::with_capacity(page.len());
    for row in page {
        items.push(summary(&app, &model, row).await?);
    }
    let body = seek.page(&app, items, Some(total), next);
    Ok(Answer::ok(model.position(), body))
}

async fn one(
    State(app): State<AppState>,
    caller: SignedIn,
    Ids((request,)): Ids<(ServiceRequestId,)>,
) -> Result<Answer, ApiError> {
    allow(&app, &caller).await?;
    let position = app.models().current().position();
    Ok(Answer::ok(position, body(&app, request).await?))
}

async fn body(app: &AppState, request: ServiceRequestId) -> Result<Value, ApiError> {
    let model = app.models().current();
    let row = model.service_requests().get(request).ok_or_else(not_found)?;
    Ok(shown(app, &model, row, true).await?)
}

fn not_found() -> ApiError {
    (&Rejection::from(ServiceRequestRefusal::NotFound)).into()
}

async fn change(
    State(app): State<AppState>,
    caller: SignedIn,
    Ids((request,)): Ids<(ServiceRequestId,)>,
    sent: JsonBody,
) -> Result<Answer, ApiError> {
    allow(&app, &caller).await?;
    let model = app.models().current();
    let row = model.service_requests().get(request).ok_or_else(not_found)?;
    let change = read_change(&sent, row)?;
    execute(&app, &caller, request, &sent, change).await
}

async fn verify(
    State(app): State<AppState>,
    caller: SignedIn,
    Ids((request,)): Ids<(ServiceRequestId,)>,
    sent: JsonBody,
) -> Result<Answer, ApiError> {
    allow(&app, &caller).await?;
    let absence = ABSENCES.read_member(&sent)?.ok_or_else(|| sent.missing("absence"))?;
    let verify = VerifyElevation { absence, evidence: sent.required("evidence")? };
    execute(&app, &caller, request, &sent, verify).await
}

async fn carry_out(
    State(app): State<AppState>,
    caller: SignedIn,
    Ids((request_id,)): Ids<(ServiceRequestId,)>,
    sent: JsonBody,
) -> Result<Answer, ApiError> {
    allow(&app, &caller).await?;
    execute(&app, &caller, request_id, &sent, CarryOutServiceRequest { request_id }).await
}

async fn decline(
    State(app): State<AppState>,
    caller: SignedIn,
    Ids((request,)): Ids<(ServiceRequestId,)>,
    sent: JsonBody,
) -> Result<Answer, ApiError> {
    allow(&app, &caller).await?;
    let decline = DeclineServiceRequest { reason: sent.required("because")? };
    execute(&app, &caller, request, &sent, decline).await
}

async fn execute(
    app: &AppState,
    caller: &SignedIn,
    request: ServiceRequestId,
    sent: &JsonBody,
    command: impl Into<ServiceRequestCommand>,
) -> Result<Answer, ApiError> {
    let mut call = caller.call_part(app, &sent.bytes, "");
    call.reason = sent.optional("reason")?;
    call.ticket = sent.optional("ticket")?;
    let Outcome { position, .. } =
        app.execute(&call, &OnServiceRequest::new(request, command)).await?;
    Ok(Answer::ok(position, body(app, request).await?))
}
