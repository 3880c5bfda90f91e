//! Bearer tokens of a partner's users [our own style]: made, shown once, listed, revoked.

use axum::extract::State;
use commands::RevokeToken;
use events::{PartnerUserId, Timestamp, TokenId};
use secrecy::ExposeSecret;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    partner_users::{row_of, viewing},
    reading::Reader,
    shapes::{Attributes, Collection},
    wire::Answer,
    writing::Writer,
};
use crate::{
    application::{OnPartner, Principal, TOKEN_DAYS_DEFAULT, TOKEN_DAYS_MAX},
    http::{ApiError, AppState},
};

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list, issue)).routes(routes!(revoke))
}

/// A token that was made for an account.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct AccessToken {
    #[schema(value_type = Uuid)]
    id: TokenId,
    #[schema(value_type = Uuid)]
    user_id: PartnerUserId,
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
    /// When it was made, in lists.
    #[schema(value_type = Option<String>, format = DateTime)]
    issued_at: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = DateTime)]
    revoked_at: Option<Timestamp>,
    /// Whether it works, in lists.
    works: Option<bool>,
    /// The token itself, in the answer that makes it.
    #[schema(example = "plog_AaH5XfE9dniai9UWqLXyftFyANkndg_yKxiXw9k8ho_h0KNFF-RZr2IRuYyOfIDj")]
    token: Option<String>,
    /// Of a repeat: that it was shown before.
    #[schema(value_type = Option<String>, example = "already_shown")]
    token_state: Option<&'static str>,
    attributes: Attributes,
}

impl AccessToken {
    const fn new(id: TokenId, user_id: PartnerUserId, expires_at: Timestamp) -> Self {
        Self {
            id,
            user_id,
            expires_at,
            issued_at: None,
            revoked_at: None,
            works: None,
            token: None,
            token_state: None,
            attributes: Attributes::of("AccessToken"),
        }
    }
}

/// Lists the tokens that were made for a user (*own*).
#[utoipa::path(
    get,
    path = "/v1/users/{user}/tokens",
    tag = "Partner users",
    responses((status = OK, description = "The tokens.", body = Collection<AccessToken>))
)]
async fn list(
    State(app): State<AppState>,
    reader: Reader<(PartnerUserId,)>,
) -> Result<Answer, ApiError> {
    let (user,) = reader.ids;
    let view = reader.view(&app, viewing(&reader.caller, user)).await?;
    row_of(&view, user)?;
    let tokens = view.model.tokens().of(user);
    let items = tokens.map(|row| AccessToken {
        issued_at: Some(row.issued_at),
        revoked_at: row.revoked_at,
        works: Some(row.works_at(view.at)),
        ..AccessToken::new(row.id, user, row.expires_at)
    });
    let body = Collection::of(items, format!("/users/{user}/tokens"));
    Ok(Answer::ok(view.position(), body))
}

/// How long a token works.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "the document's view of a body that is read member by member")]
struct NewAccessToken {
    #[schema(example = 30)]
    days: Option<i64>,
}

/// Makes a token for a user, and shows it once (*own*).
#[utoipa::path(
    post,
    path = "/v1/users/{user}/tokens",
    tag = "Partner users",
    request_body = Option<NewAccessToken>,
    responses((status = CREATED, description = "The token.", body = AccessToken))
)]
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
    let token = issued.text.as_ref().map(|text| text.expose_secret().to_owned());
    let token_state = token.is_none().then_some("already_shown");
    let made = AccessToken::new(issued.token_id, user_id, issued.expires_at);
    Ok(Answer::created(issued.outcome.position, AccessToken { token, token_state, ..made }))
}

/// Revokes a token, at once and for good (*own*).
#[utoipa::path(
    delete,
    path = "/v1/users/{user}/tokens/{token}",
    tag = "Partner users",
    responses((status = NO_CONTENT, description = "It works no more."))
)]
async fn revoke(
    State(app): State<AppState>,
    writer: Writer<(PartnerUserId, TokenId)>,
) -> Result<Answer, ApiError> {
    let (user_id, token_id) = writer.ids;
    let use_case = OnPartner::new(writer.partner(), RevokeToken { token_id, user_id });
    let outcome = writer.execute(&app, &use_case).await?;
    Ok(Answer::done(outcome.position))
}
