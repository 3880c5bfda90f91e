//! Bearer tokens of a partner's users [our own style]: made, shown once, listed, revoked.

use axum::{
    Router,
    extract::State,
    routing::{delete, get},
};
use commands::RevokeToken;
use events::{PartnerUserId, Timestamp, TokenId};
use secrecy::ExposeSecret;
use serde_json::{Value, json};

use super::{
    partner_users::{row_of, viewing},
    reading::Reader,
    wire::{Answer, attributes, collection, extended},
    writing::Writer,
};
use crate::{
    application::{OnPartner, Principal, TOKEN_DAYS_DEFAULT, TOKEN_DAYS_MAX},
    http::{ApiError, AppState},
};

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
    let tokens = view.model.tokens().of(user);
    let items = tokens.map(|row| {
        let more = json!({
            "issuedAt": row.issued_at,
            "revokedAt": row.revoked_at,
            "works": row.works_at(view.at),
        });
        extended(shown(row.id, user, row.expires_at), more)
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
    let account = Principal::PartnerUser { partner: writer.partner(), user: user_id };
    let issued = app.issue_token(&writer.call(&app)?, account, days).await?;
    let secret = match &issued.text {
        Some(text) => json!({ "token": text.expose_secret() }),
        None => json!({ "tokenState": "already_shown" }),
    };
    let body = extended(shown(issued.token_id, user_id, issued.expires_at), secret);
    Ok(Answer::created(issued.outcome.position, body))
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
