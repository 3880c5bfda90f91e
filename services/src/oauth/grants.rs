//! The token endpoints: for what is a token given, and what does the answer say?

use axum::{
    body::Bytes,
    extract::{Path, State},
    http::HeaderMap,
    response::Response,
};
use events::{Client as Way, PartnerId};
use secrecy::ExposeSecret;
use serde::Serialize;

use super::{
    client::{Client, audience, tenant},
    error::Fault,
    form::Form,
    not_stored,
    shapes::{TokenFault, TokenRequest, TokenV1, TokenV2},
};
use crate::{
    application::{Call, Principal, SignInError},
    auth::{ACCESS_TOKEN_SECONDS, Bearer, Endpoint, Granted, NewAccess, RefreshToken},
    http::{AppState, RequestContext},
};

/// Gives a token, as clients of the first endpoint ask for it.
///
/// `tenant` is the id or the MPN id of the partner.
#[utoipa::path(
    post,
    path = "/{tenant}/oauth2/token",
    tag = "Tokens",
    security(()),
    request_body(content = TokenRequest, content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = OK, description = "The token.", body = TokenV1),
        (status = BAD_REQUEST, description = "Not a good request for a token.", body = TokenFault),
        (status = UNAUTHORIZED, description = "The application is not let in.", body = TokenFault),
        (status = SERVICE_UNAVAILABLE, description = "Not now.", body = TokenFault),
    )
)]
pub(super) async fn token_v1(
    State(app): State<AppState>,
    Path(named): Path<String>,
    context: RequestContext,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let request = Request { app: &app, context: &context, endpoint: Endpoint::V1 };
    request.answer(&named, &headers, &body).await
}

/// Gives a token, as clients of the second endpoint ask for it.
///
/// `tenant` is the id or the MPN id of the partner.
#[utoipa::path(
    post,
    path = "/{tenant}/oauth2/v2.0/token",
    tag = "Tokens",
    security(()),
    request_body(content = TokenRequest, content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = OK, description = "The token.", body = TokenV2),
        (status = BAD_REQUEST, description = "Not a good request for a token.", body = TokenFault),
        (status = UNAUTHORIZED, description = "The application is not let in.", body = TokenFault),
        (status = SERVICE_UNAVAILABLE, description = "Not now.", body = TokenFault),
    )
)]
pub(super) async fn token_v2(
    State(app): State<AppState>,
    Path(named): Path<String>,
    context: RequestContext,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let request = Request { app: &app, context: &context, endpoint: Endpoint::V2 };
    request.answer(&named, &headers, &body).await
}

/// A request for a token.
struct Request<'a> {
    app: &'a AppState,
    context: &'a RequestContext,
    endpoint: Endpoint,
}

/// A token in the shape of its endpoint.
#[derive(Serialize)]
#[serde(untagged)]
enum Token {
    V1(TokenV1),
    V2(TokenV2),
}

/// What is granted.
struct Grant {
    bearer: Bearer,
    refresh_token: Option<secrecy::SecretString>,
}

impl From<(events::ApplicationId, Granted)> for Grant {
    fn from((application, granted): (events::ApplicationId, Granted)) -> Self {
        let Granted { user, grant, refresh_token } = granted;
        let bearer = Bearer::User { application, user, grant };
        Self { bearer, refresh_token: Some(refresh_token) }
    }
}

impl Request<'_> {
    async fn answer(&self, named: &str, headers: &HeaderMap, body: &Bytes) -> Response {
        match self.token(named, headers, body).await {
            Ok(token) => not_stored(token),
            Err(fault) => fault.answer(self.context.correlation_id, self.app.now()),
        }
    }

    async fn token(&self, named: &str, headers: &HeaderMap, body: &Bytes) -> Result<Token, Fault> {
        let form = Form::read(headers, body)?;
        let rules = self.app.access.rules().ok_or(Fault::Failed)?;
        let grant_type = form.required("grant_type")?;
        let is_renewal = match grant_type {
            "client_credentials" => false,
            "password" if rules.takes_passwords => false,
            "refresh_token" => true,
            _ => return Err(Fault::GrantType),
        };
        let audience = audience(rules, self.endpoint, &form, is_renewal)?;
        let partner = tenant(self.app, named)?;
        let client = Client::of(headers, &form)?;
        let call = self.call();
        let signed_in =
            self.app.sign_in_application(&call, Some(partner), client.id, &client.secret);
        signed_in.await?;
        let application = client.id.ok_or(Fault::Client)?;
        let grant = match grant_type {
            "client_credentials" => {
                Grant { bearer: Bearer::Application(application), refresh_token: None }
            }
            "refresh_token" => {
                let presented = RefreshToken::read(&form.secret("refresh_token")?);
                let presented = presented.ok_or(Fault::RefreshToken)?;
                let renewed = self.app.renew_grant(&call, partner, application, &presented);
                (application, renewed.await?.ok_or(Fault::RefreshToken)?).into()
            }
            _ => (application, self.by_password(&form, partner, application).await?).into(),
        };
        self.issued(partner, audience, &grant)
    }

    fn call(&self) -> Call {
        let mut call = Call::new(Principal::Visitor, Way::Api, self.context.correlation_id);
        call.origin.clone_from(&self.context.origin);
        call
    }

    /// Signs a user in and lets the application act for it. The session that signing in begins is
    /// ended at once: nobody has its token.
    async fn by_password(
        &self,
        form: &Form,
        partner: PartnerId,
        application: events::ApplicationId,
    ) -> Result<Granted, Fault> {
        let (name, password) = (form.required("username")?, form.secret("password")?);
        let call = Call { client: Way::Application(application), ..self.call() };
        let signed_in =
            self.app.sign_in(&call, name, &password).await.map_err(|error| match error {
                SignInError::Refused => Fault::Password,
                SignInError::NoRole => Fault::User,
                SignInError::Busy => Fault::Busy,
                SignInError::Failed(error) => error.into(),
            })?;
        let own = Call { principal: signed_in.principal, ..call.clone() };
        self.app.sign_out(&own, signed_in.session_id).await?;
        if signed_in.must_change_password {
            return Err(Fault::PasswordMustChange);
        }
        match signed_in.principal {
            Principal::PartnerUser { partner: own, user } if own == partner => {
                Ok(self.app.begin_grant(&call, partner, application, user).await?)
            }
            _ => Err(Fault::User),
        }
    }

    /// The token with what is said of it: texts at the first endpoint, numbers at the second.
    fn issued(&self, partner: PartnerId, audience: &str, grant: &Grant) -> Result<Token, Fault> {
        let (bearer, endpoint) = (grant.bearer, self.endpoint);
        let new = NewAccess { partner, bearer, audience, endpoint, no_later_than: None };
        let issued = self.app.issue_access(&new)?;
        let seconds = |moment: events::Timestamp| moment.as_microseconds().div_euclid(1_000_000);
        // What remains, rounded down: a client that waits so long is not too late.
        let remaining = ACCESS_TOKEN_SECONDS - 1;
        let access_token = issued.text.expose_secret().to_owned();
        let refresh_token = grant.refresh_token.as_ref().map(|it| it.expose_secret().to_owned());
        Ok(match endpoint {
            Endpoint::V1 => Token::V1(TokenV1 {
                token_type: "Bearer",
                expires_in: remaining.to_string(),
                ext_expires_in: remaining.to_string(),
                expires_on: seconds(issued.expires_at).to_string(),
                not_before: seconds(issued.not_before).to_string(),
                resource: audience.to_owned(),
                access_token,
                refresh_token,
            }),
            Endpoint::V2 => Token::V2(TokenV2 {
                token_type: "Bearer",
                scope: format!("{audience}/.default"),
                expires_in: remaining,
                ext_expires_in: remaining,
                access_token,
                refresh_token,
            }),
        })
    }
}
