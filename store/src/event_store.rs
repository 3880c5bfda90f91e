//! The trait every log back end implements, and the values that cross it.
//!
//! It promises only what a replicated log can keep too: commits are ordered and atomic, conflicts
//! are definite, an outcome may be unknown and is then resolved by appending the same commit again.

use std::{pin::Pin, sync::Arc, time::Instant};

use async_trait::async_trait;
use events::{CommitId, EncodedEvent, Position, StreamId, StreamVersion, Timestamp};
use tokio_stream::Stream;

use crate::{
    error::{AppendError, ReadError},
    record::Record,
};

/// The most events one commit may carry.
pub const COMMIT_EVENTS_MAX: usize = 1_000;
/// The most bytes the records of one commit may take together.
pub const COMMIT_BYTES_MAX: usize = 900_000;
/// The longest record, in bytes: entry bundles of the transparency log prefix 16-bit lengths.
pub const RECORD_BYTES_MAX: usize = 65_535;

/// What a writer expects of a stream. There is no "any": who does not care reads, then expects
/// exactly what was read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ExpectedVersion {
    /// The stream does not exist yet.
    NoStream,
    /// The stream holds exactly this many events.
    Exact(StreamVersion),
}

impl ExpectedVersion {
    /// The expectation that nothing happened since `version` was read.
    #[must_use]
    pub const fn unchanged_since(version: StreamVersion) -> Self {
        if version.get() == 0 { Self::NoStream } else { Self::Exact(version) }
    }

    /// The version the stream must have.
    #[must_use]
    pub const fn version(self) -> StreamVersion {
        match self {
            Self::NoStream => StreamVersion::NONE,
            Self::Exact(version) => version,
        }
    }
}

/// Events for one stream within a commit.
#[derive(Clone, Debug)]
pub struct StreamWrite {
    /// The stream.
    pub stream: StreamId,
    /// What the stream must look like for the commit to happen.
    pub expected: ExpectedVersion,
    /// The events, in order; at least one.
    pub events: Vec<EncodedEvent>,
}

/// A stream that was only read: the commit happens only if it has not moved since.
#[derive(Clone, Copy, Debug)]
pub struct StreamCheck {
    /// The stream.
    pub stream: StreamId,
    /// What it must look like.
    pub expected: ExpectedVersion,
}

/// One atomic append: all of its events are recorded, next to each other and in order, or none.
#[derive(Clone, Debug)]
pub struct Commit {
    /// Chosen by the caller; appending a commit with a known id changes nothing and returns the
    /// first outcome.
    pub id: CommitId,
    /// What is written, each stream at most once; at least one.
    pub writes: Vec<StreamWrite>,
    /// Streams that were read and must not have moved.
    pub checks: Vec<StreamCheck>,
}

/// Where a commit stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Appended {
    /// The position of its first event.
    pub first: Position,
    /// The position after its last event: a reader that has come this far has seen all of it.
    pub next: Position,
    /// When it was recorded.
    pub recorded_at: Timestamp,
    /// True when the commit had been recorded by an earlier append.
    pub replayed: bool,
}

/// What a subscription delivers.
#[derive(Clone, Debug)]
pub enum Delivery {
    /// All records of one or more whole commits, in order; never empty.
    Records(Vec<Record>),
    /// Everything that had been published is delivered; what follows is live. Comes once.
    CaughtUp(Position),
}

/// A stream of deliveries; after an error it ends and may be resumed from the last position seen.
pub type Subscription = Pin<Box<dyn Stream<Item = Result<Delivery, ReadError>> + Send + 'static>>;

/// An append-only log of events in streams.
///
/// Readers only ever see *published* events: whole commits that are durable.
#[async_trait]
pub trait EventStore: Send + Sync + 'static {
    /// Records a commit durably. Returns only after the events are on stable storage and published.
    ///
    /// Dropping the returned future does not undo the append.
    ///
    /// # Errors
    /// See [`AppendError`]; only [`AppendError::OutcomeUnknown`] leaves open whether the commit is
    /// or will be stored, and appending the same commit again is always safe.
    async fn append(&self, commit: Commit, deadline: Instant) -> Result<Appended, AppendError>;

    /// Looks a commit up by its id, within the window the back end states.
    ///
    /// # Errors
    /// When the store is unavailable or its data is damaged.
    async fn find_commit(&self, id: CommitId) -> Result<Option<Appended>, ReadError>;

    /// Reads up to `max` records of a stream, beginning with the event that made it `from`
    /// (versions count from 1). A shorter answer means the published end was reached.
    ///
    /// # Errors
    /// When the store is unavailable or its data is damaged.
    async fn read_stream(
        &self,
        stream: StreamId,
        from: StreamVersion,
        max: usize,
    ) -> Result<Vec<Record>, ReadError>;

    /// Reads up to `max` records in log order, beginning *at* `from`. A shorter answer means the
    /// published end was reached.
    ///
    /// # Errors
    /// When the store is unavailable or its data is damaged.
    async fn read_log(&self, from: Position, max: usize) -> Result<Vec<Record>, ReadError>;

    /// The published head: the number of events readers can see. Never goes back.
    fn head(&self) -> Position;

    /// Follows the log from `from`: what is there, then what comes, without gap, repeat or
    /// reordering. A slow follower never delays writers.
    fn subscribe(&self, from: Position) -> Subscription;
}

#[async_trait]
impl<S: EventStore + ?Sized> EventStore for Arc<S> {
    async fn append(&self, commit: Commit, deadline: Instant) -> Result<Appended, AppendError> {
        (**self).append(commit, deadline).await
    }

    async fn find_commit(&self, id: CommitId) -> Result<Option<Appended>, ReadError> {
        (**self).find_commit(id).await
    }

    async fn read_stream(
        &self,
        stream: StreamId,
        from: StreamVersion,
        max: usize,
    ) -> Result<Vec<Record>, ReadError> {
        (**self).read_stream(stream, from, max).await
    }

    async fn read_log(&self, from: Position, max: usize) -> Result<Vec<Record>, ReadError> {
        (**self).read_log(from, max).await
    }

    fn head(&self) -> Position {
        (**self).head()
    }

    fn subscribe(&self, from: Position) -> Subscription {
        (**self).subscribe(from)
    }
}
