//! By which way a letter went out, and why one did not.

use serde::{Deserialize, Serialize};

use crate::personal::Clear;

/// By which way a letter went out. Stored by order: new ways go to the end.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MailRoute {
    /// Written as an `.eml` file, for somebody else to send.
    File,
    /// Handed to a mail server, which took it over.
    Smtp,
}

/// Why a letter did not go out: the sort of trouble only, for what servers say names people. Stored
/// by order: new sorts go to the end.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MailFailure {
    /// The mail server could not be reached, or the talk with it broke off.
    Unreachable,
    /// The mail server does not accept this installation's credentials.
    NotAuthenticated,
    /// The mail server said *not now*.
    Deferred,
    /// The mail server said no for good.
    Refused,
    /// The file could not be written.
    NotWritten,
    /// The letter cannot be read any more: its key is gone.
    Unreadable,
    /// The mail server offers no TLS, or none that is trusted.
    Unprotected,
    /// The letter names nobody to send it to.
    Unaddressed,
}

impl MailFailure {
    /// Whether trying again later can help.
    #[must_use]
    pub const fn may_pass(self) -> bool {
        match self {
            Self::Unreachable
            | Self::NotAuthenticated
            | Self::Deferred
            | Self::NotWritten
            | Self::Unprotected => true,
            Self::Refused | Self::Unreadable | Self::Unaddressed => false,
        }
    }

    /// The stable name in answers and metrics.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Unreachable => "unreachable",
            Self::NotAuthenticated => "not_authenticated",
            Self::Deferred => "deferred",
            Self::Refused => "refused",
            Self::NotWritten => "not_written",
            Self::Unreadable => "unreadable",
            Self::Unprotected => "unprotected",
            Self::Unaddressed => "unaddressed",
        }
    }
}

impl Clear for MailRoute {}
impl Clear for MailFailure {}
