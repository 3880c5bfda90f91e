//! Bearer tokens of a partner's users [our own style]: made, shown once, listed, revoked.

use axum::{
    Router,
    extract::State,
    routing::{delete, get},
};
use commands::{IssueToken, RevokeToken};
use events::{AccessTokenIssued, Event, PartnerEvent, PartnerUserId, Timestamp, TokenId};
use secrecy::ExposeSecret;
use serde_json::{Value, json};

use super::{
    partner_users::{row_of, viewing},
    reading::Reader,
    wire::{Answer, attributes, collection, extended},
    writing::Writer,
};
use crate::{
    application::OnPartner,
    auth::new_token,
    http::{ApiError, AppState},
    ids::fresh,
};

/// How long a token works unless the request says otherwise, in days.
const TOKEN_DAYS_DEFAULT: i64 = 90;
/// How long a token may work, in days.
const TOKEN_DAYS_MAX: i64 = 3_650;

pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route("/v1/users/{user}/tokens", get(list).post(issue))
        .route("/v1/users/{user}/tokens/{token}", delete(revoke))
}

async fn list(
    State(app): State<AppState>,
    reader: Reader<(PartnerUserId,)>,
) -> Result<Answer, ApiError> {
    let (user,) = reader.ids;
    let view = reader.view(&app, viewing(&reader.caller, user)).await?;
    row_of(&view, user)?;
    let tokens = view.model.tokens().of(user).filter(|row| row.partner == view.partner);
    let items = tokens.map(|row| {
        let more = json!({
            "issuedAt": row.issued_at,
            "revokedAt": row.revoked_at,
            "works": row.works_at(view.at),
        });
        extended(shown(row.id, row.user, row.expires_at), more)
    });
    let body = collection(items, format!("/users/{user}/tokens"));
    Ok(Answer::ok(view.position(), body))
}

fn shown(token: TokenId, user: PartnerUserId, expires_at: Timestamp) -> Value {
    json!({
        "id": token,
        "userId": user,
        "expiresAt": expires_at,
        "attributes": attributes("AccessToken"),
    })
}

async fn issue(
    State(app): State<AppState>,
    writer: Writer<(PartnerUserId,)>,
) -> Result<Answer, ApiError> {
    let (user_id,) = writer.ids;
    let days: i64 = writer.body.plain("days")?.unwrap_or(TOKEN_DAYS_DEFAULT);
    if !(1..=TOKEN_DAYS_MAX).contains(&days) {
        return Err(ApiError::invalid("days", format!("must be 1 to {TOKEN_DAYS_MAX}")));
    }
    let now = app.now();
    let token_id = fresh(now, TokenId::from_uuid);
    let (text, credential) = new_token(token_id)?;
    let command = IssueToken { token_id, user_id, expires_at: now.plus_hours(days * 24) };
    let use_case = OnPartner::with_credential(writer.partner(), command, credential);
    let outcome = writer.execute(&app, &use_case).await?;
    let issued: Option<AccessTokenIssued> = outcome.find(|event| match event {
        Event::Partner(PartnerEvent::AccessTokenIssued(event)) => Some(event.clone()),
        _ => None,
    });
    let issued = issued.ok_or_else(ApiError::internal)?;
    let secret = if outcome.replayed {
        json!({ "tokenState": "already_shown" })
    } else {
        json!({ "token": text.expose_secret() })
    };
    let body = extended(shown(issued.token_id, issued.user_id, issued.expires_at), secret);
    Ok(Answer::created(outcome.position, body))
}

async fn revoke(
    State(app): State<AppState>,
    writer: Writer<(PartnerUserId, TokenId)>,
) -> Result<Answer, ApiError> {
    let (user_id, token_id) = writer.ids;
    let use_case = OnPartner::new(writer.partner(), RevokeToken { token_id, user_id });
    let outcome = writer.execute(&app, &use_case).await?;
    Ok(Answer::done(outcome.position))
}
