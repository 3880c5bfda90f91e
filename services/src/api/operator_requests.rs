//! Service requests of every partner, as support operators of the installation answer them.

use axum::extract::State;
use commands::{
    CarryOutServiceRequest, DeclineServiceRequest, Rejection, ServiceRequestCommand,
    ServiceRequestRefusal, VerifyElevation,
};
use events::{GlobalAdminAbsence, ServiceRequestId};
use projections::{ReadModel, ServiceRequestRow};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    paging::part,
    reading::Reader,
    service_request_body::{ServiceRequestChange, read_change},
    service_request_edits::EditServiceRequest,
    service_request_shape::{ServiceRequest, shown, summary},
    shapes::Page,
    wire::Answer,
    words::Words,
    writing::Writer,
};
use crate::{
    application::{OnServiceRequest, UseCase},
    http::{ApiError, AppState, SignedIn},
};

const ABSENCES: Words<GlobalAdminAbsence> = Words {
    field: "absence",
    all: &[
        ("left", GlobalAdminAbsence::Left),
        ("moved_to_another_role", GlobalAdminAbsence::MovedToAnotherRole),
    ],
};

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(one, change))
        .routes(routes!(verify))
        .routes(routes!(carry_out))
        .routes(routes!(decline))
}

/// How an operator made sure that no global admin is there any more.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the document's view of a body that is read member by member")]
struct Verification {
    /// `left` or `moved_to_another_role`.
    #[schema(example = "left")]
    absence: String,
    #[schema(example = "Called the number in the commercial register")]
    evidence: String,
}

/// Why a request is declined.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the document's view of a body that is read member by member")]
struct Declining {
    #[schema(example = "The proof is of another company")]
    because: String,
}

/// Demands a support operator with a password of its own who may act now.
pub(super) async fn allow(app: &AppState, caller: &SignedIn) -> Result<(), ApiError> {
    if caller.authenticated.must_change_password {
        return Err(ApiError::password_must_change());
    }
    app.allow_operator(caller.principal()).await?;
    Ok(())
}

/// Lists the open requests of every partner, the newest first (*own*).
#[utoipa::path(
    get,
    path = "/v1/operator/servicerequests",
    tag = "Operators",
    responses((status = OK, description = "The requests, without their notes.", body = Page<ServiceRequest>))
)]
async fn list(
    State(app): State<AppState>,
    reader: Reader<(), SignedIn>,
) -> Result<Answer, ApiError> {
    allow(&app, &reader.caller).await?;
    let after: Option<ServiceRequestId> = reader.seek.after()?;
    let (model, _) = reader.model(&app).await?;
    let is_open = |row: &&ServiceRequestRow| row.status.is_open();
    let total = model.service_requests().iter().filter(is_open).count();
    // The request at which the last part ended may be closed by now: its place stays.
    let all = model.service_requests().iter();
    let rest = all.skip_while(|row| after.is_some_and(|after| row.id != after));
    let rest = rest.skip(usize::from(after.is_some())).filter(is_open);
    let (page, more) = part(rest, reader.seek.limit()?);
    let next = page.last().map(|row| row.id).filter(|_| more);
    let mut items = Vec::with_capacity(page.len());
    for row in page {
        items.push(summary(&app, &model, row).await?);
    }
    let body = reader.seek.page(&app, items, Some(total), next);
    Ok(Answer::ok(model.position(), body))
}

/// Shows a request with its notes, also how somebody was verified (*own*).
#[utoipa::path(
    get,
    path = "/v1/operator/servicerequests/{request}",
    tag = "Operators",
    responses((status = OK, description = "The request.", body = ServiceRequest))
)]
async fn one(
    State(app): State<AppState>,
    reader: Reader<(ServiceRequestId,), SignedIn>,
) -> Result<Answer, ApiError> {
    allow(&app, &reader.caller).await?;
    let (model, _) = reader.model(&app).await?;
    Ok(Answer::ok(model.position(), body(&app, &model, reader.ids.0).await?))
}

async fn body(
    app: &AppState,
    model: &ReadModel,
    request: ServiceRequestId,
) -> Result<ServiceRequest, ApiError> {
    let row = model.service_requests().get(request).ok_or_else(not_found)?;
    Ok(shown(app, model, row, true).await?)
}

fn not_found() -> ApiError {
    (&Rejection::from(ServiceRequestRefusal::NotFound)).into()
}

/// Changes a request, or adds a note (*own*).
#[utoipa::path(
    patch,
    path = "/v1/operator/servicerequests/{request}",
    tag = "Operators",
    request_body = ServiceRequestChange,
    responses((status = OK, description = "The request.", body = ServiceRequest))
)]
async fn change(
    State(app): State<AppState>,
    writer: Writer<(ServiceRequestId,), SignedIn>,
) -> Result<Answer, ApiError> {
    allow(&app, &writer.caller).await?;
    let (request,) = writer.ids;
    let change = read_change(&writer.body)?;
    execute(&app, &writer, &EditServiceRequest { request, change }).await
}

/// Records how somebody was verified who asks for elevation (*own*).
#[utoipa::path(
    post,
    path = "/v1/operator/servicerequests/{request}/verify",
    tag = "Operators",
    request_body = Verification,
    responses((status = OK, description = "The request.", body = ServiceRequest))
)]
async fn verify(
    State(app): State<AppState>,
    writer: Writer<(ServiceRequestId,), SignedIn>,
) -> Result<Answer, ApiError> {
    allow(&app, &writer.caller).await?;
    let sent = &writer.body;
    let absence = ABSENCES.read_member(sent)?.ok_or_else(|| sent.missing("absence"))?;
    let verify = VerifyElevation { absence, evidence: sent.required("evidence")? };
    run(&app, &writer, verify).await
}

/// Does what is asked for: elevates the user, or changes the public profile (*own*).
#[utoipa::path(
    post,
    path = "/v1/operator/servicerequests/{request}/carryout",
    tag = "Operators",
    responses((status = OK, description = "The request.", body = ServiceRequest))
)]
async fn carry_out(
    State(app): State<AppState>,
    writer: Writer<(ServiceRequestId,), SignedIn>,
) -> Result<Answer, ApiError> {
    allow(&app, &writer.caller).await?;
    let (request_id,) = writer.ids;
    run(&app, &writer, CarryOutServiceRequest { request_id }).await
}

/// Declines a request (*own*).
#[utoipa::path(
    post,
    path = "/v1/operator/servicerequests/{request}/decline",
    tag = "Operators",
    request_body = Declining,
    responses((status = OK, description = "The request.", body = ServiceRequest))
)]
async fn decline(
    State(app): State<AppState>,
    writer: Writer<(ServiceRequestId,), SignedIn>,
) -> Result<Answer, ApiError> {
    allow(&app, &writer.caller).await?;
    let decline = DeclineServiceRequest { reason: writer.body.required("because")? };
    run(&app, &writer, decline).await
}

async fn run(
    app: &AppState,
    writer: &Writer<(ServiceRequestId,), SignedIn>,
    command: impl Into<ServiceRequestCommand>,
) -> Result<Answer, ApiError> {
    execute(app, writer, &OnServiceRequest::new(writer.ids.0, command)).await
}

async fn execute(
    app: &AppState,
    writer: &Writer<(ServiceRequestId,), SignedIn>,
    use_case: &impl UseCase,
) -> Result<Answer, ApiError> {
    let outcome = writer.execute(app, use_case).await?;
    let body = body(app, &app.models().current(), writer.ids.0).await?;
    Ok(Answer::ok(outcome.position, body))
}
