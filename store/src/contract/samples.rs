//! The commits, streams and events the suite works with.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use events::{
    Actor, Category, ClaimKind, Client, CommitId, CorrelationId, EncodedEvent, Event, EventId,
    Holder, Metadata, NameClaimEvent, NameClaimed, NewEvent, Position, RuleCode, StreamId,
    StreamVersion, Timestamp,
};
use uuid::Uuid;

use crate::{
    error::AppendError,
    event_store::{Appended, Commit, EventStore, ExpectedVersion, StreamCheck, StreamWrite},
    record::Record,
};

/// Long enough that no healthy store ever meets it.
const DEADLINE: Duration = Duration::from_mins(1);

/// A moment that is comfortably ahead.
pub(super) fn deadline() -> Instant {
    Instant::now() + DEADLINE
}

pub(super) fn fresh_commit_id() -> CommitId {
    CommitId::from_uuid(Uuid::now_v7())
}

pub(super) fn stream(number: u128) -> StreamId {
    StreamId::new(Category::NameClaim, Uuid::from_u128(number))
}

/// A real event with a new identity.
pub(super) fn event() -> EncodedEvent {
    let claimed = NameClaimed { kind: ClaimKind::Domain, holder: Holder(Uuid::now_v7()) };
    NewEvent {
        event_id: EventId::from_uuid(Uuid::now_v7()),
        metadata: metadata(),
        event: Event::from(NameClaimEvent::NameClaimed(claimed)),
    }
    .encode()
    .expect("an event without personal fields can be encoded")
}

fn metadata() -> Metadata {
    Metadata {
        occurred_at: Timestamp::EPOCH,
        actor: Actor::Operator,
        on_behalf_of: None,
        client: Client::Internal,
        origin: None,
        correlation_id: CorrelationId::from_uuid(Uuid::now_v7()),
        causation_id: None,
        rule: RuleCode::new("contract"),
        reason: None,
        ticket: None,
        approved_by: None,
        request_digest: None,
    }
}

/// An event whose body is just bytes.
pub(super) fn event_with_body(body: Vec<u8>) -> EncodedEvent {
    EncodedEvent { body, ..event() }
}

/// `events` events for a stream that has `version` so far.
pub(super) fn write(stream: StreamId, version: u64, events: usize) -> StreamWrite {
    let expected = ExpectedVersion::unchanged_since(StreamVersion::new(version));
    StreamWrite { stream, expected, events: (0..events).map(|_| event()).collect() }
}

pub(super) fn check(stream: StreamId, version: u64) -> StreamCheck {
    let expected = ExpectedVersion::unchanged_since(StreamVersion::new(version));
    StreamCheck { stream, expected }
}

pub(super) fn commit(writes: Vec<StreamWrite>) -> Commit {
    Commit { id: fresh_commit_id(), writes, checks: Vec::new() }
}

/// A new commit of `events` events for one stream that has `version` so far.
pub(super) fn simple(stream: StreamId, version: u64, events: usize) -> Commit {
    commit(vec![write(stream, version, events)])
}

/// Appends what must succeed.
pub(super) async fn append(store: &Arc<dyn EventStore>, commit: Commit) -> Appended {
    store.append(commit, deadline()).await.expect("the commit is recorded")
}

/// Appends what must conflict.
pub(super) async fn conflict(store: &Arc<dyn EventStore>, commit: Commit) -> StreamId {
    match store.append(commit, deadline()).await {
        Err(AppendError::Conflict { stream, .. }) => stream,
        other => panic!("a conflict was due, this came: {other:?}"),
    }
}

/// Everything that is published.
pub(super) async fn whole_log(store: &Arc<dyn EventStore>) -> Vec<Record> {
    store.read_log(Position::START, usize::MAX).await.expect("the log can be read")
}

/// Everything of one stream.
pub(super) async fn whole_stream(store: &Arc<dyn EventStore>, stream: StreamId) -> Vec<Record> {
    let from = StreamVersion::new(1);
    store.read_stream(stream, from, usize::MAX).await.expect("the stream can be read")
}

/// Fails unless positions, stream versions and commits are counted without gap from the beginning.
pub(super) fn assert_well_formed(log: &[Record]) {
    let mut index = crate::index::LogIndex::new(log.len());
    for record in log {
        index.apply(&record.header().placement()).expect("each record follows the one before");
    }
    assert!(index.is_whole(), "the log ends within a commit");
}
