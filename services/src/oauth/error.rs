//! What is wrong with a request for a token, in the shape that clients know.

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use events::{CorrelationId, Timestamp};
use uuid::Uuid;

use super::shapes::TokenFault;
use crate::{application::CommandError, auth::ApplicationSignInError, keys::KeyError};

/// Why no token is given.
#[derive(Debug, thiserror::Error)]
pub(super) enum Fault {
    /// The request is not one for a token.
    #[error("The request body must be a form: application/x-www-form-urlencoded.")]
    NotAForm,
    /// A parameter is missing.
    #[error("The request body must contain the following parameter: '{0}'.")]
    Missing(&'static str),
    /// A parameter came more than once.
    #[error("The parameter '{0}' is duplicated in the request.")]
    Duplicate(String),
    /// There is no such tenant.
    #[error("Tenant not found: it must be the id or the MPN id of a partner.")]
    Tenant,
    /// The grant is not offered.
    #[error("The app requested an unsupported grant type.")]
    GrantType,
    /// The resource is not one for which tokens are given.
    #[error("The resource principal was not found in the tenant.")]
    Resource,
    /// The scope is not one for which tokens are given.
    #[error("The provided request must include a scope such as {0}/.default.")]
    Scope(String),
    /// The application is not let in.
    #[error("Invalid client: the application is not known or the client secret is wrong.")]
    Client,
    /// The refresh token is good for nothing.
    #[error("The refresh token is not valid, has expired, was used before or was revoked.")]
    RefreshToken,
    /// The name or the password is wrong.
    #[error("Error validating credentials due to invalid username or password.")]
    Password,
    /// The password is a temporary one.
    #[error("The password is temporary: the user must choose another first.")]
    PasswordMustChange,
    /// The user may do nothing.
    #[error("The user has neither a role nor the default level, or is not of this tenant.")]
    User,
    /// The token that was presented is not good.
    #[error("The bearer token is missing or not valid.")]
    Bearer,
    /// Too much is asked at once.
    #[error("The service is temporarily unavailable; try again.")]
    Busy,
    /// It could not be done.
    #[error("Something went wrong on our side; it has been logged.")]
    Failed,
}

impl Fault {
    /// The name of the error, its number among those that clients know, and the status.
    const fn known_as(&self) -> (&'static str, u32, StatusCode) {
        let (error, code) = match self {
            Self::NotAForm => ("invalid_request", 90_016),
            Self::Missing(_) => ("invalid_request", 900_144),
            Self::Duplicate(_) => ("invalid_request", 9_000_411),
            Self::Tenant => ("invalid_request", 90_002),
            Self::GrantType => ("unsupported_grant_type", 70_003),
            Self::Resource => ("invalid_resource", 500_011),
            Self::Scope(_) => ("invalid_scope", 70_011),
            Self::Client => return ("invalid_client", 7_000_215, StatusCode::UNAUTHORIZED),
            Self::RefreshToken => ("invalid_grant", 70_008),
            Self::Password => ("invalid_grant", 50_126),
            Self::PasswordMustChange => ("invalid_grant", 50_055),
            Self::User => ("invalid_grant", 50_105),
            Self::Bearer => return ("invalid_token", 50_027, StatusCode::UNAUTHORIZED),
            Self::Busy => {
                return ("temporarily_unavailable", 90_033, StatusCode::SERVICE_UNAVAILABLE);
            }
            Self::Failed => return ("server_error", 90_034, StatusCode::INTERNAL_SERVER_ERROR),
        };
        (error, code, StatusCode::BAD_REQUEST)
    }

    /// The error as clients know it.
    pub(super) fn answer(&self, correlation: CorrelationId, now: Timestamp) -> Response {
        let (error, code, status) = self.known_as();
        let moment = now.as_jiff().strftime("%Y-%m-%d %H:%M:%SZ").to_string();
        let trace = crate::ids::fresh(now, |uuid: Uuid| uuid);
        let body = TokenFault {
            error,
            error_description: format!(
                "AADSTS{code}: {self} Trace ID: {trace} Correlation ID: {correlation} Timestamp: {moment}"
            ),
            error_codes: [code],
            timestamp: moment,
            trace_id: trace,
            correlation_id: correlation,
        };
        let mut response = (status, Json(body)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if status == StatusCode::UNAUTHORIZED {
            let schemes = HeaderValue::from_static("Basic, Bearer");
            headers.insert(header::WWW_AUTHENTICATE, schemes);
        }
        response
    }
}

impl From<ApplicationSignInError> for Fault {
    fn from(error: ApplicationSignInError) -> Self {
        match error {
            ApplicationSignInError::Refused => Self::Client,
            ApplicationSignInError::Busy => Self::Busy,
            ApplicationSignInError::Failed(error) => error.into(),
        }
    }
}

impl From<CommandError> for Fault {
    fn from(error: CommandError) -> Self {
        if let CommandError::Rejected(_) = error {
            return Self::User;
        }
        tracing::error!(error = &error as &dyn std::error::Error, "no token could be given");
        Self::Failed
    }
}

impl From<KeyError> for Fault {
    fn from(error: KeyError) -> Self {
        tracing::error!(error = &error as &dyn std::error::Error, "no token could be signed");
        Self::Failed
    }
}
