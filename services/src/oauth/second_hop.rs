//! The second hop of old clients: a token, also for the audience of long ago, for one of the API.

use axum::{
    body::Bytes,
    extract::State,
    http::{HeaderMap, header},
    response::Response,
};
use secrecy::ExposeSecret;

use super::{
    error::Fault,
    form::Form,
    not_stored,
    shapes::{HopRequest, HopToken, TokenFault},
};
use crate::{
    auth::{Bearer, Endpoint, NewAccess},
    http::{AppState, RequestContext},
    jwt::Compact,
};

/// Gives a token for the API for one that an old client has.
#[utoipa::path(
    post,
    path = "/generatetoken",
    tag = "Tokens",
    request_body(content = HopRequest, content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = OK, description = "The token.", body = HopToken),
        (status = BAD_REQUEST, description = "Not a good request for a token.", body = TokenFault),
        (status = UNAUTHORIZED, description = "No good token was presented.", body = TokenFault),
        (status = SERVICE_UNAVAILABLE, description = "Not now.", body = TokenFault),
    )
)]
pub(super) async fn generate_token(
    State(app): State<AppState>,
    context: RequestContext,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    match exchanged(&app, &headers, &body).await {
        Ok(token) => not_stored(token),
        Err(fault) => fault.answer(context.correlation_id, app.now()),
    }
}

/// The new token ends when the one it was given for does: nobody lives on by hopping.
async fn exchanged(app: &AppState, headers: &HeaderMap, body: &Bytes) -> Result<HopToken, Fault> {
    let form = Form::read(headers, body)?;
    if form.required("grant_type")? != "jwt_token" {
        return Err(Fault::GrantType);
    }
    let client = form.required("client_id")?.parse().ok();
    let text = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let (scheme, token) = text.and_then(|it| it.split_once(' ')).ok_or(Fault::Bearer)?;
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(Fault::Bearer);
    }
    let token = Compact::read(token.trim()).map_err(|_| Fault::Bearer)?;
    let proved = app.prove_access(token).map_err(|_| Fault::Bearer)?;
    app.alive(&proved).await.map_err(|_| Fault::Bearer)?;
    let (Bearer::Application(application) | Bearer::User { application, .. }) = proved.bearer;
    if client != Some(application) {
        return Err(Fault::Client);
    }
    let rules = app.access.rules().ok_or(Fault::Failed)?;
    let new = NewAccess {
        partner: proved.partner,
        bearer: proved.bearer,
        audience: rules.audiences.first().map(String::as_str).ok_or(Fault::Failed)?,
        endpoint: Endpoint::V1,
        no_later_than: Some(proved.expires_at),
    };
    let issued = app.issue_access(&new)?;
    let microseconds = issued.expires_at.as_microseconds() - issued.not_before.as_microseconds();
    Ok(HopToken {
        access_token: issued.text.expose_secret().to_owned(),
        token_type: "Bearer",
        expires_in: (microseconds / 1_000_000).max(0),
    })
}
