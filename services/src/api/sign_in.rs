//! Signing in with name and password [our own style], for everybody with an account; the own password;
//! who one is.

use axum::{
    Router,
    extract::State,
    http::StatusCode,
    routing::{get, post},
};
use events::Client;
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};

use super::wire::{Answer, attributes, extended};
use crate::{
    application::{Call, Principal, SignInError},
    http::{ApiError, AppState, JsonBody, RequestContext, SignedIn},
};

pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route("/v1/sign-in", post(sign_in))
        .route("/v1/sign-out", post(sign_out))
        .route("/v1/password", post(change_password))
        .route("/v1/me", get(me))
}

/// A secret of the body.
fn secret(body: &JsonBody, name: &'static str) -> Result<SecretString, ApiError> {
    let text: Option<String> = body.plain(name)?;
    text.filter(|text| !text.is_empty())
        .map(SecretString::from)
        .ok_or_else(|| ApiError::missing(name))
}

async fn sign_in(
    State(app): State<AppState>,
    context: RequestContext,
    body: JsonBody,
) -> Result<Answer, ApiError> {
    let name: String = body.plain("userName")?.ok_or_else(|| ApiError::missing("userName"))?;
    let password = secret(&body, "password")?;
    let mut call = Call::new(Principal::Visitor, Client::Api, context.correlation_id);
    call.origin.clone_from(&context.origin);
    let signed_in = app.sign_in(&call, name.trim(), &password).await?;
    let more = json!({
        "token": signed_in.text.expose_secret(),
        "expiresAt": signed_in.expires_at,
        "mustChangePassword": signed_in.must_change_password,
        "attributes": attributes("Session"),
    });
    let shown = extended(shown(signed_in.principal), more);
    Ok(Answer::created(signed_in.outcome.position, shown))
}

/// Ends the session whose token the request bears; a token that was made is revoked elsewhere.
async fn sign_out(State(app): State<AppState>, caller: SignedIn) -> Result<Answer, ApiError> {
    if !caller.authenticated.is_session {
        return Err(ApiError::malformed("the token is no session: revoke it instead"));
    }
    let call = caller.call_part(&app, b"", "");
    let outcome = app.sign_out(&call, caller.authenticated.token).await?;
    Ok(Answer::done(outcome.position))
}

async fn change_password(
    State(app): State<AppState>,
    caller: SignedIn,
    body: JsonBody,
) -> Result<Answer, ApiError> {
    let old = secret(&body, "oldPassword")?;
    let new = secret(&body, "newPassword")?;
    let authenticated = caller.authenticated;
    let session = authenticated.is_session.then_some(authenticated.token);
    // Not repeatable: a second time the old password is another.
    let call = Call { idempotency: None, ..caller.call_part(&app, b"", "") };
    let outcome = app.change_own_password(&call, session, &old, &new).await?;
    let wrong = || ApiError::invalid("oldPassword", "is wrong");
    outcome.map(|outcome| Answer::done(outcome.position)).ok_or_else(wrong)
}

/// Who the caller is, also while it must choose another password.
async fn me(State(app): State<AppState>, caller: SignedIn) -> Result<Answer, ApiError> {
    let name = app.own_name(caller.principal()).await?;
    let more = json!({
        "userName": Some(name).filter(|name| !name.is_empty()),
        "mustChangePassword": caller.authenticated.must_change_password,
        "attributes": attributes("Account"),
    });
    let position = app.models().current().position();
    Ok(Answer::ok(position, extended(shown(caller.principal()), more)))
}

fn shown(principal: Principal) -> Value {
    match principal {
        Principal::PartnerUser { partner, user } => {
            json!({ "kind": "partner_user", "partnerId": partner, "userId": user })
        }
        Principal::CustomerUser { customer, user } => {
            json!({ "kind": "customer_user", "customerId": customer, "userId": user })
        }
        Principal::SupportOperator { operator } => {
            json!({ "kind": "support_operator", "operatorId": operator })
        }
        Principal::Auditor { auditor } => json!({ "kind": "auditor", "auditorId": auditor }),
        Principal::Application { partner, application } => {
            json!({ "kind": "application", "partnerId": partner, "applicationId": application })
        }
        Principal::Operator | Principal::System(_) | Principal::Visitor => {
            json!({})
        }
    }
}

impl From<SignInError> for ApiError {
    fn from(error: SignInError) -> Self {
        match error {
            SignInError::Refused => Self::new(StatusCode::UNAUTHORIZED, 400, error.to_string())
                .with_data(["sign_in_refused".to_owned()]),
            SignInError::NoRole => (&commands::Rejection::NoRole).into(),
            SignInError::Busy => {
                Self::new(StatusCode::SERVICE_UNAVAILABLE, 800_003, error.to_string())
            }
            SignInError::Failed(error) => error.into(),
        }
    }
}
