//! The sessions of whoever calls [our own style]: listed, and ended one by one; for every kind of
//! account.

use axum::extract::State;
use events::{SubjectId, Timestamp, TokenId};
use projections::{ReadModel, TokenRow};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    reading::Reader,
    shapes::{Attributes, Collection},
    wire::Answer,
    writing::Writer,
};
use crate::{
    application::Principal,
    http::{ApiError, AppState, SignedIn},
};

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(end))
}

/// A session: what somebody began by signing in.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Session {
    #[schema(value_type = Uuid)]
    id: TokenId,
    #[schema(value_type = String, format = DateTime)]
    signed_in_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
    /// Whether the request came in this one.
    is_this_one: bool,
    attributes: Attributes,
}

/// The sessions of an account that go on at this moment, the newest first.
pub(crate) fn open_sessions(
    model: &ReadModel,
    account: Principal,
    now: Timestamp,
) -> Vec<&TokenRow> {
    let Some(holder) = holder(account) else { return Vec::new() };
    let rows = model.tokens().sessions_of(holder).filter(|row| row.works_at(now));
    let mut rows: Vec<_> = rows.collect();
    rows.sort_by_key(|row| std::cmp::Reverse(row.issued_at));
    rows
}

/// Whose sessions they are; nobody's for who never signs in.
fn holder(account: Principal) -> Option<SubjectId> {
    match account {
        Principal::PartnerUser { user, .. } => Some(user.into()),
        Principal::CustomerUser { user, .. } => Some(user.into()),
        Principal::SupportOperator { operator } => Some(operator.into()),
        Principal::Auditor { auditor } => Some(auditor.into()),
        Principal::Application { .. }
        | Principal::Operator
        | Principal::System(_)
        | Principal::Visitor => None,
    }
}

/// Lists the caller's own sessions that go on (*own*).
///
/// Also while another password must be chosen: who sees a session that is not its own ends it.
#[utoipa::path(
    get,
    path = "/v1/sessions",
    tag = "Sign-in",
    responses((status = OK, description = "The newest first.", body = Collection<Session>))
)]
async fn list(
    State(app): State<AppState>,
    reader: Reader<(), SignedIn>,
) -> Result<Answer, ApiError> {
    let (model, at) = reader.model(&app).await?;
    let own = reader.caller.authenticated.token;
    let rows = open_sessions(&model, reader.caller.principal(), at);
    let items = rows.into_iter().map(|row| Session {
        id: row.id,
        signed_in_at: row.issued_at,
        expires_at: row.expires_at,
        is_this_one: row.id == own,
        attributes: Attributes::of("Session"),
    });
    Ok(Answer::ok(model.position(), Collection::of(items, "/sessions")))
}

/// Ends one of the caller's own sessions (*own*).
#[utoipa::path(
    delete,
    path = "/v1/sessions/{session}",
    tag = "Sign-in",
    responses((status = NO_CONTENT, description = "It has ended."))
)]
async fn end(
    State(app): State<AppState>,
    writer: Writer<(TokenId,), SignedIn>,
) -> Result<Answer, ApiError> {
    let (session,) = writer.ids;
    let model = app.models().current();
    let rows = open_sessions(&model, writer.caller.principal(), app.now());
    if !rows.iter().any(|row| row.id == session) {
        return Err(ApiError::not_found("you have no such session"));
    }
    let outcome = app.sign_out(&writer.call(&app)?, session).await?;
    Ok(Answer::done(outcome.position))
}
