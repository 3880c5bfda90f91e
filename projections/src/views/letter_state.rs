//! How far the sending of a letter has come, for people: the same for every kind of letter.

use events::{MailFailure, MailRoute, Timestamp};

/// How far the sending of a letter has come.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum LetterState {
    /// Nobody asked for it: a draft, to be edited, copied or sent.
    #[default]
    Draft,
    /// It was asked for.
    UnderWay {
        /// When the next attempt is made, or was to be made.
        next_at: Timestamp,
        /// Attempts that failed, and why the last one did.
        failed: Option<(u32, MailFailure)>,
    },
    /// It went out.
    Sent {
        /// When.
        at: Timestamp,
        /// By which way.
        route: MailRoute,
    },
    /// It was given up.
    GivenUp {
        /// When.
        at: Timestamp,
        /// After so many attempts.
        attempts: u32,
        /// Why the last one failed.
        reason: MailFailure,
    },
}

impl LetterState {
    /// The letter after an attempt that failed.
    pub(crate) const fn failed(
        attempt: u32,
        reason: MailFailure,
        at: Timestamp,
        retry_at: Option<Timestamp>,
    ) -> Self {
        match retry_at {
            Some(next_at) => Self::UnderWay { next_at, failed: Some((attempt, reason)) },
            None => Self::GivenUp { at, attempts: attempt, reason },
        }
    }

    /// Whether the letter can be edited and sent.
    #[must_use]
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Draft | Self::GivenUp { .. })
    }
}
