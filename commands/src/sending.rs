//! How far the sending of one letter has come: asked for, tried, tried again, sent or given up.
//!
//! The same for every kind of letter: an aggregate that has letters keeps a [`Sending`] in its state,
//! asks it before it decides, and advances it by its own events. Attempts are facts in the log, so
//! that a restart neither forgets a letter nor tries it more often than [`SEND_ATTEMPTS_MAX`].

use events::{Actor, MailFailure, MailRoute, Process, Timestamp};

use crate::{access::acts_as, rejection::Rejection};

/// How often a letter is tried before it is given up.
pub const SEND_ATTEMPTS_MAX: u32 = 5;
/// How long to wait after each failed attempt but the last, in seconds: a minute, five, half an hour,
/// two hours.
const RETRY_SECONDS: [i64; 4] = [60, 300, 1_800, 7_200];

/// How far the sending of a letter has come.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Sending {
    /// Nobody asked for it: the letter can be edited.
    #[default]
    NotAsked,
    /// It was asked for and is tried, or tried again.
    UnderWay {
        /// Attempts that failed.
        attempts: u32,
    },
    /// The letter went out.
    Sent,
    /// It was given up: the letter can be edited and its sending asked for again.
    GivenUp,
}

/// What an attempt to send a letter led to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SendOutcome {
    /// It went out.
    Sent(MailRoute),
    /// It did not.
    Failed(MailFailure),
}

/// What follows from an attempt.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Attempted {
    /// The letter went out at this attempt.
    Sent {
        /// Which attempt, from 1.
        attempt: u32,
        /// By which way.
        route: MailRoute,
    },
    /// This attempt failed.
    Failed {
        /// Which attempt, from 1.
        attempt: u32,
        /// Why.
        reason: MailFailure,
        /// When the next one is made, if one is.
        retry_at: Option<Timestamp>,
    },
}

impl Sending {
    /// Refuses to change or send a letter that is under way or gone.
    ///
    /// # Errors
    /// [`Rejection::LetterUnderWay`] or [`Rejection::LetterSent`].
    pub const fn is_open(self) -> Result<(), Rejection> {
        match self {
            Self::NotAsked | Self::GivenUp => Ok(()),
            Self::UnderWay { .. } => Err(Rejection::LetterUnderWay),
            Self::Sent => Err(Rejection::LetterSent),
        }
    }

    /// What follows from an attempt that the mail process made; an outcome told twice is refused.
    ///
    /// # Errors
    /// When the actor is not the mail process or the operator, or no sending is under way.
    pub fn attempted(
        self,
        outcome: SendOutcome,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<Attempted, Rejection> {
        acts_as(actor, Process::Mail)?;
        let Self::UnderWay { attempts } = self else { return Err(Rejection::LetterNotUnderWay) };
        let attempt = attempts.saturating_add(1);
        Ok(match outcome {
            SendOutcome::Sent(route) => Attempted::Sent { attempt, route },
            SendOutcome::Failed(reason) => {
                Attempted::Failed { attempt, reason, retry_at: retry_at(attempt, reason, now) }
            }
        })
    }

    /// The sending after it was asked for.
    #[must_use]
    pub const fn asked() -> Self {
        Self::UnderWay { attempts: 0 }
    }

    /// The sending after an attempt that failed.
    #[must_use]
    pub const fn failed(attempt: u32, retry_at: Option<Timestamp>) -> Self {
        match retry_at {
            Some(_) => Self::UnderWay { attempts: attempt },
            None => Self::GivenUp,
        }
    }
}

/// When a letter is tried again after this attempt, if it is.
fn retry_at(attempt: u32, reason: MailFailure, now: Timestamp) -> Option<Timestamp> {
    if !reason.may_pass() || attempt >= SEND_ATTEMPTS_MAX {
        return None;
    }
    let index = usize::try_from(attempt.saturating_sub(1)).ok()?;
    RETRY_SECONDS.get(index).map(|seconds| now.plus_seconds(*seconds))
}
