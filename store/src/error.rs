//! What can go wrong with a log, as values.

use events::{CommitId, DecodeError, Position, StreamId, StreamVersion};

/// Why a commit was not acknowledged.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AppendError {
    /// A stream is not as expected. Definite: the commit is not stored by this call and will not be.
    #[error("stream {stream} is not at version {expected}")]
    Conflict {
        /// The stream that moved.
        stream: StreamId,
        /// The version the writer expected.
        expected: StreamVersion,
        /// The version it has, as far as known: a hint.
        actual: Option<StreamVersion>,
    },
    /// The commit may or may not be stored. Appending the same commit again tells.
    #[error("the outcome of commit {commit} is unknown: {reason}")]
    OutcomeUnknown {
        /// The commit in question.
        commit: CommitId,
        /// What happened.
        reason: String,
    },
    /// Refused before anything was written: the commit itself is wrong.
    #[error("commit refused: {0}")]
    Refused(#[from] CommitRefusal),
    /// Nothing was written: the store takes no appends now.
    #[error("the log takes no appends: {reason}")]
    Unavailable {
        /// Why.
        reason: String,
    },
}

/// What is wrong with a commit.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CommitRefusal {
    /// No write, or a write without events.
    #[error("it holds no events")]
    Empty,
    /// A stream is named twice among writes and checks.
    #[error("it names stream {0} twice")]
    DuplicateStream(StreamId),
    /// Too many events.
    #[error("it holds {events} events, the limit is {limit}")]
    TooManyEvents {
        /// How many it holds.
        events: usize,
        /// The most it may hold.
        limit: usize,
    },
    /// Its records together are too large.
    #[error("its records take {bytes} bytes, the limit is {limit}")]
    TooLarge {
        /// Their size.
        bytes: usize,
        /// The largest size.
        limit: usize,
    },
    /// One record is too large.
    #[error("record {index} takes {bytes} bytes, the limit is {limit}")]
    RecordTooLarge {
        /// Which event of the commit, from 0.
        index: usize,
        /// Its size.
        bytes: usize,
        /// The largest size.
        limit: usize,
    },
}

/// Why the log could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// A record is there and cannot be understood; it is never skipped.
    #[error("record at position {position} cannot be decoded: {reason}")]
    Undecodable {
        /// Where.
        position: Position,
        /// Why.
        reason: DecodeError,
    },
    /// Stored bytes are damaged or missing.
    #[error("the log is damaged at position {position}: {reason}")]
    Damaged {
        /// The first position affected.
        position: Position,
        /// What was found.
        reason: String,
    },
    /// The store cannot be read now.
    #[error("the log cannot be read: {reason}")]
    Unavailable {
        /// Why.
        reason: String,
    },
}
