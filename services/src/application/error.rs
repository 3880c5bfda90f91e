//! Why a command was not carried out.

use commands::Rejection;
use events::{EncodeError, Position, Timestamp};
use projections::{AsOfError, ReplayError};
use store::{AppendError, CommitRefusal, ReadError};

use crate::{
    auth::{ChosenPasswordError, UnacceptablePassword},
    keys::KeyError,
    vault::SealError,
};

/// Why a command was not carried out. Nothing was recorded, except where the outcome is unknown.
#[derive(Debug, thiserror::Error)]
pub enum CommandError {
    /// A rule says no.
    #[error(transparent)]
    Rejected(#[from] Rejection),
    /// The idempotency key was used for another request.
    #[error("the request id was used before, for another request")]
    IdempotencyKeyReused,
    /// The resource has changed since the caller read it.
    #[error("the resource has changed meanwhile: read it again; the tag sent is no longer valid")]
    Stale,
    /// The request names otherwise than it is what the command does not change.
    #[error("cannot be changed {0}")]
    Fixed(FixedPart),
    /// Others changed the same things again and again.
    #[error("too many others are changing the same things; try again")]
    Contention,
    /// The command is too large to be recorded at once.
    #[error("the command is too large: {0}")]
    TooLarge(CommitRefusal),
    /// It may or may not have been recorded; the same request id may be sent again safely.
    #[error("the outcome is unknown; repeat the request with the same request id")]
    OutcomeUnknown,
    /// The log takes nothing now.
    #[error("the log is unavailable")]
    Unavailable(String),
    /// The log cannot be read.
    #[error("the log cannot be read")]
    Read(#[from] ReadError),
    /// Who is said to have approved is no active user of the caller's company.
    #[error("must be a user of your company")]
    UnknownApprover,
    /// A password that somebody chose is not acceptable.
    #[error("the password {0}")]
    Password(UnacceptablePassword),
    /// Keys or credentials cannot be had.
    #[error("the key directory cannot be used")]
    Keys(#[from] KeyError),
    /// An event could not be written down.
    #[error("an event could not be encoded")]
    Encode(#[from] EncodeError),
    /// The moment asked for lies ahead.
    #[error("is ahead: the log has {head} events")]
    Moment {
        /// How many events the log has.
        head: Position,
    },
    /// The time asked for lies ahead.
    #[error("is ahead: it is {now}")]
    TimeAhead {
        /// The time by this installation's clock, or that of the newest event where it is later.
        now: Timestamp,
    },
    /// The log cannot be folded.
    #[error("the log cannot be folded")]
    ReadModel(#[source] ReplayError),
}

/// What clients send back with the rest of a subscription, and only other commands change, or none.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum FixedPart {
    /// The offer.
    #[error("through the subscription: upgrade it")]
    Offer,
    /// The subscription to which it is an add-on.
    #[error("once it is bought")]
    Parent,
    /// How it is billed.
    #[error("through the subscription: change its order")]
    BillingCycle,
    /// For how long it is bought at a time.
    #[error("through the subscription: change the billing cycle of its order")]
    Term,
    /// For how long it is bought when it is renewed.
    #[error("through the subscription: it is renewed for the term it has")]
    RenewalTerm,
    /// How a trial is billed that is converted.
    #[error("by a conversion: change the order")]
    BillingCycleOfTrial,
}

impl From<AsOfError> for CommandError {
    fn from(error: AsOfError) -> Self {
        match error {
            AsOfError::BeyondHead { head, .. } => Self::Moment { head },
            AsOfError::Replay(error) => Self::ReadModel(error),
        }
    }
}

impl From<ChosenPasswordError> for CommandError {
    fn from(error: ChosenPasswordError) -> Self {
        match error {
            ChosenPasswordError::Unacceptable(reason) => Self::Password(reason),
            ChosenPasswordError::Key(error) => Self::Keys(error),
        }
    }
}

impl From<SealError> for CommandError {
    fn from(error: SealError) -> Self {
        match error {
            SealError::Encode(error) => Self::Encode(error),
            SealError::Key(error) => Self::Keys(error),
        }
    }
}

impl From<AppendError> for CommandError {
    fn from(error: AppendError) -> Self {
        match error {
            AppendError::Conflict { .. } => Self::Contention,
            AppendError::OutcomeUnknown { .. } => Self::OutcomeUnknown,
            AppendError::Refused(refusal) => Self::TooLarge(refusal),
            AppendError::Unavailable { reason } => Self::Unavailable(reason),
        }
    }
}
