//! Why a command on an application, or of one, is refused.

use crate::rejection::RejectionKind;

/// Why a command on an application, or of one, is refused.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum ApplicationRefusal {
    /// The partner has no such application, or it was revoked.
    #[error("the application is not known")]
    NotFound,
    /// The application has no such secret.
    #[error("the secret of the application is not known")]
    SecretNotFound,
    /// The application does not act for that user (any more).
    #[error("the application does not act for the user (any more)")]
    GrantNotFound,
    /// An application asked by itself for what takes a user.
    #[error("an application may do this with a user only, not by itself")]
    UserRequired,
    /// The partner would have more applications than it may.
    #[error("a partner has at most {limit} applications")]
    TooManyApplications {
        /// How many are possible.
        limit: usize,
    },
    /// The application would have more secrets than it may.
    #[error("an application has at most {limit} secrets that work: remove one first")]
    TooManySecrets {
        /// How many are possible.
        limit: usize,
    },
    /// A secret works for a while, not for ever.
    #[error("a secret works for at most {days_max} days")]
    SecretLivesTooLong {
        /// How many days are possible.
        days_max: i64,
    },
}

impl ApplicationRefusal {
    /// The stable name of the refusal.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "application_not_found",
            Self::SecretNotFound => "application_secret_not_found",
            Self::GrantNotFound => "application_grant_not_found",
            Self::UserRequired => "user_required",
            Self::TooManyApplications { .. } => "too_many_applications",
            Self::TooManySecrets { .. } => "too_many_secrets",
            Self::SecretLivesTooLong { .. } => "secret_lives_too_long",
        }
    }

    /// The field of the command that is to blame.
    #[must_use]
    pub const fn field(&self) -> Option<&'static str> {
        match self {
            Self::NotFound => Some("application_id"),
            Self::SecretNotFound => Some("secret_id"),
            Self::GrantNotFound => Some("grant_id"),
            Self::SecretLivesTooLong { .. } => Some("expires_at"),
            Self::UserRequired | Self::TooManyApplications { .. } | Self::TooManySecrets { .. } => {
                None
            }
        }
    }

    /// The sort of refusal.
    #[must_use]
    pub const fn kind(&self) -> RejectionKind {
        match self {
            Self::NotFound | Self::SecretNotFound | Self::GrantNotFound => RejectionKind::NotFound,
            Self::UserRequired => RejectionKind::Forbidden,
            Self::TooManyApplications { .. }
            | Self::TooManySecrets { .. }
            | Self::SecretLivesTooLong { .. } => RejectionKind::Rule,
        }
    }
}
