//! The sessions of whoever calls [our own style]: listed, and ended one by one; for every kind of
//! account.

use axum::{
    Router,
    extract::State,
    routing::{delete, get},
};
use events::{SubjectId, TokenId};
use projections::{ReadModel, TokenRow};
use serde_json::{Value, json};

use super::{
    path_ids::Ids,
    wire::{Answer, attributes, collection},
};
use crate::{
    application::Principal,
    http::{ApiError, AppState, SignedIn},
};

pub(super) fn router() -> Router<AppState> {
    Router::new().route("/v1/sessions", get(list)).route("/v1/sessions/{session}", delete(end))
}

/// The sessions of an account that go on at this moment, the newest first.
pub(crate) fn open_sessions(
    model: &ReadModel,
    account: Principal,
    now: events::Timestamp,
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

/// Also while another password must be chosen: who sees a session that is not its own ends it.
async fn list(State(app): State<AppState>, caller: SignedIn) -> Result<Answer, ApiError> {
    let model = app.models().current();
    let own = caller.authenticated.token;
    let rows = open_sessions(&model, caller.principal(), app.now());
    let items = rows.into_iter().map(|row| shown(row, own));
    Ok(Answer::ok(model.position(), collection(items, "/sessions")))
}

fn shown(row: &TokenRow, own: TokenId) -> Value {
    json!({
        "id": row.id,
        "signedInAt": row.issued_at,
        "expiresAt": row.expires_at,
        "isThisOne": row.id == own,
        "attributes": attributes("Session"),
    })
}

async fn end(
    State(app): State<AppState>,
    caller: SignedIn,
    Ids((session,)): Ids<(TokenId,)>,
) -> Result<Answer, ApiError> {
    let model = app.models().current();
    let rows = open_sessions(&model, caller.principal(), app.now());
    if !rows.iter().any(|row| row.id == session) {
        return Err(ApiError::not_found("you have no such session"));
    }
    let outcome = app.sign_out(&caller.call_part(&app, b"", ""), session).await?;
    Ok(Answer::done(outcome.position))
}
