//! Signing in with name and password [our own style], for everybody with an account; the own password;
//! who one is.

use axum::{extract::State, http::StatusCode};
use events::{
    ApplicationId, AuditorId, Client, CustomerId, CustomerUserId, OperatorId, PartnerId,
    PartnerUserId, Timestamp,
};
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{reading::Reader, shapes::Attributes, wire::Answer};
use crate::{
    application::{Call, Principal, SignInError},
    http::{ApiError, AppState, JsonBody, RequestContext, SignedIn},
};

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(sign_in))
        .routes(routes!(sign_out))
        .routes(routes!(change_password))
        .routes(routes!(me))
}

/// An account, and the company it belongs to.
#[derive(Serialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum AccountOf {
    #[serde(rename_all = "camelCase")]
    PartnerUser {
        #[schema(value_type = Uuid)]
        partner_id: PartnerId,
        #[schema(value_type = Uuid)]
        user_id: PartnerUserId,
    },
    #[serde(rename_all = "camelCase")]
    CustomerUser {
        #[schema(value_type = Uuid)]
        customer_id: CustomerId,
        #[schema(value_type = Uuid)]
        user_id: CustomerUserId,
    },
    #[serde(rename_all = "camelCase")]
    SupportOperator {
        #[schema(value_type = Uuid)]
        operator_id: OperatorId,
    },
    #[serde(rename_all = "camelCase")]
    Auditor {
        #[schema(value_type = Uuid)]
        auditor_id: AuditorId,
    },
    #[serde(rename_all = "camelCase")]
    Application {
        #[schema(value_type = Uuid)]
        partner_id: PartnerId,
        #[schema(value_type = Uuid)]
        application_id: ApplicationId,
    },
}

/// What signing in begins.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct NewSession {
    #[serde(flatten)]
    whose: Option<AccountOf>,
    /// What every request bears from now on.
    #[schema(example = "plog_AaH5XfE9dniai9UWqLXyftFyANkndg_yKxiXw9k8ho_h0KNFF-RZr2IRuYyOfIDj")]
    token: String,
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
    /// Whether it opens nothing but the choice of another password.
    must_change_password: bool,
    attributes: Attributes,
}

/// Who the caller is.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Account {
    #[serde(flatten)]
    whose: Option<AccountOf>,
    /// The name it signs in with, or of the program.
    #[schema(example = "ana@fabrikam.example")]
    user_name: Option<String>,
    /// Whether it must choose another password first; told of now only.
    must_change_password: Option<bool>,
    attributes: Attributes,
}

/// A name and a password.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "the document's view of a body that is read member by member")]
struct Credentials {
    #[schema(example = "ana@fabrikam.example")]
    user_name: String,
    #[schema(example = "a horse in the rain")]
    password: String,
}

/// The password until now, and the next.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "the document's view of a body that is read member by member")]
struct PasswordChange {
    #[schema(example = "a horse in the rain")]
    old_password: String,
    /// 12 to 256 characters, without the sign-in name.
    #[schema(example = "a boat on the lake")]
    new_password: String,
}

/// A secret of the body.
fn secret(body: &JsonBody, name: &'static str) -> Result<SecretString, ApiError> {
    let text: Option<String> = body.plain(name)?;
    text.filter(|text| !text.is_empty())
        .map(SecretString::from)
        .ok_or_else(|| ApiError::missing(name))
}

/// Signs in (*own*).
///
/// Five wrong passwords in a row lock an account for 15 minutes; the answer is the same for a wrong
/// password, an unknown name and a locked account.
#[utoipa::path(
    post,
    path = "/v1/sign-in",
    tag = "Sign-in",
    security(()),
    request_body = Credentials,
    responses((status = CREATED, description = "A session.", body = NewSession))
)]
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
    let session = NewSession {
        whose: account_of(signed_in.principal),
        token: signed_in.text.expose_secret().to_owned(),
        expires_at: signed_in.expires_at,
        must_change_password: signed_in.must_change_password,
        attributes: Attributes::of("Session"),
    };
    Ok(Answer::created(signed_in.outcome.position, session))
}

/// Ends the session whose token the request bears (*own*).
///
/// A token that was made for an account is no session: it is revoked where it was made.
#[utoipa::path(
    post,
    path = "/v1/sign-out",
    tag = "Sign-in",
    responses((status = NO_CONTENT, description = "It has ended."))
)]
async fn sign_out(State(app): State<AppState>, caller: SignedIn) -> Result<Answer, ApiError> {
    if !caller.authenticated.is_session {
        return Err(ApiError::malformed("the token is no session: revoke it instead"));
    }
    let call = caller.call_part(&app, b"", "");
    let outcome = app.sign_out(&call, caller.authenticated.token).await?;
    Ok(Answer::done(outcome.position))
}

/// Chooses another password (*own*).
///
/// The caller's other sessions end.
#[utoipa::path(
    post,
    path = "/v1/password",
    tag = "Sign-in",
    request_body = PasswordChange,
    responses((status = NO_CONTENT, description = "It is the password from now on."))
)]
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

/// Tells who the caller is (*own*).
///
/// Also while another password must be chosen. With `asOf` it is as it was called then.
#[utoipa::path(
    get,
    path = "/v1/me",
    tag = "Sign-in",
    responses((status = OK, description = "The account.", body = Account))
)]
async fn me(State(app): State<AppState>, reader: Reader<(), SignedIn>) -> Result<Answer, ApiError> {
    let principal = reader.caller.principal();
    let is_now = reader.query().text("asOf").is_none();
    let (model, _) = reader.model(&app).await?;
    let name = app.name_in(&model, principal).await?;
    if name.is_none() && !is_now {
        return Err(ApiError::not_found("there was no such account at that moment"));
    }
    let body = Account {
        whose: account_of(principal),
        user_name: name.filter(|name| !name.is_empty()),
        must_change_password: is_now.then_some(reader.caller.authenticated.must_change_password),
        attributes: Attributes::of("Account"),
    };
    Ok(Answer::ok(model.position(), body))
}

fn account_of(principal: Principal) -> Option<AccountOf> {
    match principal {
        Principal::PartnerUser { partner, user } => {
            Some(AccountOf::PartnerUser { partner_id: partner, user_id: user })
        }
        Principal::CustomerUser { customer, user } => {
            Some(AccountOf::CustomerUser { customer_id: customer, user_id: user })
        }
        Principal::SupportOperator { operator } => {
            Some(AccountOf::SupportOperator { operator_id: operator })
        }
        Principal::Auditor { auditor } => Some(AccountOf::Auditor { auditor_id: auditor }),
        Principal::Application { partner, application } => {
            Some(AccountOf::Application { partner_id: partner, application_id: application })
        }
        Principal::Operator | Principal::System(_) | Principal::Visitor => None,
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
