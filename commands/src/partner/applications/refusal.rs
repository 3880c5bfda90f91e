//! Why a command on an application, or of one, is refused.

use crate::rejection::Row;

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
    /// Its line in the table of refusals.
    pub(crate) const fn row(&self) -> Row {
        match self {
            Self::NotFound => Row::not_found("application_not_found").about("application_id"),
            Self::SecretNotFound => {
                Row::not_found("application_secret_not_found").about("secret_id")
            }
            Self::GrantNotFound => Row::not_found("application_grant_not_found").about("grant_id"),
            Self::UserRequired => Row::forbidden("user_required"),
            Self::TooManyApplications { .. } => Row::rule("too_many_applications"),
            Self::TooManySecrets { .. } => Row::rule("too_many_secrets"),
            Self::SecretLivesTooLong { .. } => {
                Row::rule("secret_lives_too_long").about("expires_at")
            }
        }
    }
}
