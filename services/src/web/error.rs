//! What is shown instead of a page: why it is refused, missing or broken.

use axum::{
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use commands::{Rejection, RejectionKind};
use maud::html;

use super::{layout, paths};
use crate::{application::CommandError, auth::AuthError, http::TooManyRequests, keys::KeyError};

/// Why a page is not shown.
#[derive(Debug)]
pub(super) enum PageError {
    /// Nobody is signed in; afterwards the browser goes on to this place.
    SignIn { next: String },
    /// Another page is the place to be.
    Elsewhere { path: &'static str },
    /// It is refused, missing or broken.
    Shown { status: StatusCode, title: &'static str, reason: String },
}

impl PageError {
    /// Another page is the place to be.
    pub(super) const fn elsewhere(path: &'static str) -> Self {
        Self::Elsewhere { path }
    }

    /// The caller may not do or see this.
    pub(super) fn forbidden(reason: impl Into<String>) -> Self {
        let title = "You may not do this";
        Self::Shown { status: StatusCode::FORBIDDEN, title, reason: reason.into() }
    }

    /// There is no such thing.
    pub(super) fn not_found(reason: impl Into<String>) -> Self {
        let title = "Not found";
        Self::Shown { status: StatusCode::NOT_FOUND, title, reason: reason.into() }
    }

    /// The address is good, and asked in a way that it does not answer.
    pub(super) fn no_such_method() -> Self {
        let (status, title) = (StatusCode::METHOD_NOT_ALLOWED, "That was not understood");
        Self::Shown { status, title, reason: "this page cannot be asked like that".to_owned() }
    }

    /// The request makes no sense.
    pub(super) fn malformed(reason: impl Into<String>) -> Self {
        let title = "That was not understood";
        Self::Shown { status: StatusCode::BAD_REQUEST, title, reason: reason.into() }
    }

    fn unavailable(reason: impl Into<String>) -> Self {
        let title = "Not now";
        Self::Shown { status: StatusCode::SERVICE_UNAVAILABLE, title, reason: reason.into() }
    }

    fn broken(error: &(dyn std::error::Error + 'static)) -> Self {
        tracing::error!(error, "page failed");
        Self::Shown {
            status: StatusCode::INTERNAL_SERVER_ERROR,
            title: "Something went wrong on our side",
            reason: "It has been logged. Nothing you entered was lost half-way: a change is \
                     recorded whole or not at all."
                .to_owned(),
        }
    }
}

impl IntoResponse for PageError {
    fn into_response(self) -> Response {
        match self {
            Self::SignIn { next } => {
                Redirect::to(&paths::with_parameters("/sign-in", &[("next", &next)]))
                    .into_response()
            }
            Self::Elsewhere { path } => Redirect::to(path).into_response(),
            Self::Shown { status, title, reason } => {
                let body = html! {
                    h1 { (title) }
                    p.reason #reason { (layout::sentence_case(&reason)) }
                    p { a href="/" { "Back to the start" } }
                };
                (status, layout::bare(title, &body)).into_response()
            }
        }
    }
}

impl From<TooManyRequests> for PageError {
    fn from(refused: TooManyRequests) -> Self {
        let (status, title) = (StatusCode::TOO_MANY_REQUESTS, "Not so fast");
        Self::Shown { status, title, reason: refused.to_string() }
    }
}

impl From<CommandError> for PageError {
    fn from(error: CommandError) -> Self {
        match &error {
            CommandError::Rejected(rejection) => rejection.into(),
            CommandError::Moment { .. } | CommandError::TimeAhead { .. } => {
                Self::malformed(format!("the moment asked for {error}"))
            }
            CommandError::IdempotencyKeyReused
            | CommandError::TooLarge(_)
            | CommandError::Password(_)
            | CommandError::UnknownApprover
            | CommandError::Fixed(_)
            | CommandError::Stale => Self::malformed(error.to_string()),
            CommandError::Contention
            | CommandError::OutcomeUnknown
            | CommandError::Unavailable(_) => {
                tracing::warn!(error = &error as &dyn std::error::Error, "page not served now");
                Self::unavailable(error.to_string())
            }
            CommandError::Read(_)
            | CommandError::Keys(_)
            | CommandError::Encode(_)
            | CommandError::ReadModel(_) => Self::broken(&error),
        }
    }
}

impl From<&Rejection> for PageError {
    fn from(rejection: &Rejection) -> Self {
        let reason = match rejection {
            Rejection::NoRole => {
                "your account has neither a role nor the default level, so it may \
                 see and do nothing; ask a global admin of your company for a role"
                    .to_owned()
            }
            Rejection::Forbidden { permission } => {
                let roles: Vec<_> =
                    commands::roles_with(*permission).map(events::Role::title).collect();
                format!(
                    "your roles do not allow “{}”; it takes one of: {}",
                    permission.title(),
                    roles.join(", ")
                )
            }
            Rejection::ForbiddenInCompany { permission } => {
                let roles: Vec<_> = commands::directory_roles_with(*permission)
                    .map(events::DirectoryRole::title)
                    .collect();
                format!(
                    "your roles do not allow “{}”; it takes one of: {}",
                    permission.title(),
                    roles.join(", ")
                )
            }
            Rejection::NotYourCustomer => {
                "your company has no relationship with this customer".to_owned()
            }
            other => other.to_string(),
        };
        match rejection.kind() {
            RejectionKind::Forbidden => Self::forbidden(reason),
            RejectionKind::NotFound => Self::not_found(reason),
            RejectionKind::Conflict | RejectionKind::Rule => Self::Shown {
                status: StatusCode::CONFLICT,
                title: "This is not possible as things stand",
                reason,
            },
        }
    }
}

impl From<KeyError> for PageError {
    fn from(error: KeyError) -> Self {
        Self::broken(&error)
    }
}

impl From<store::ReadError> for PageError {
    fn from(error: store::ReadError) -> Self {
        Self::broken(&error)
    }
}

impl From<AuthError> for PageError {
    fn from(error: AuthError) -> Self {
        match error {
            AuthError::Malformed
            | AuthError::Unknown
            | AuthError::RetiredAudience
            | AuthError::InAddress
            | AuthError::Expired => Self::SignIn { next: String::new() },
            AuthError::NoRole => (&Rejection::NoRole).into(),
            AuthError::Unavailable => Self::unavailable(error.to_string()),
        }
    }
}
