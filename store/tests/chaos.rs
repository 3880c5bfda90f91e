//! The store that misbehaves: it keeps the contract when told to, and each fault is what it says.

#![expect(clippy::unwrap_used, reason = "tests")]

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use async_trait::async_trait;
use events::{
    Category, CommitId, EncodedEvent, EventId, EventTypeId, Position, SchemaVersion, StreamId,
    StreamVersion, Timestamp,
};
use store::{
    AppendError, Commit, Delivery, EventStore, ExpectedVersion, ManualClock, MemoryStore,
    ReadError, StreamWrite,
    chaos::{AppendFault, ChaosPlan, ChaosStore, DeliveryFault},
    contract::Harness,
};
use tokio_stream::StreamExt;
use uuid::Uuid;

struct Benign {
    clock: Arc<ManualClock>,
    store: ChaosStore<MemoryStore>,
}

impl Benign {
    fn new() -> Self {
        let clock = Arc::new(ManualClock::new(Timestamp::EPOCH.plus_hours(24)));
        let inner = MemoryStore::new(Arc::<ManualClock>::clone(&clock));
        Self { clock, store: ChaosStore::new(inner, ChaosPlan::BENIGN) }
    }
}

#[async_trait]
impl Harness for Benign {
    fn store(&self) -> Arc<dyn EventStore> {
        Arc::new(self.store.clone())
    }

    fn clock(&self) -> Arc<ManualClock> {
        Arc::clone(&self.clock)
    }

    async fn reopen(&mut self) -> bool {
        false
    }
}

store::contract_suite!(benign, Benign::new());

/// The commit that makes a stream's version `version + 1`.
fn commit(version: u64) -> Commit {
    let event = EncodedEvent {
        event_id: EventId::from_uuid(Uuid::now_v7()),
        type_id: EventTypeId(0x0301),
        schema_version: SchemaVersion(1),
        metadata: Vec::new(),
        body: vec![1],
    };
    let expected = ExpectedVersion::unchanged_since(StreamVersion::new(version));
    let write = StreamWrite { stream: stream(), expected, events: vec![event] };
    Commit { id: CommitId::from_uuid(Uuid::now_v7()), writes: vec![write], checks: Vec::new() }
}

fn stream() -> StreamId {
    StreamId::new(Category::Customer, Uuid::from_u128(1))
}

fn deadline() -> Instant {
    Instant::now() + Duration::from_mins(1)
}

async fn fill(store: &ChaosStore<MemoryStore>, from: u64, to: u64) {
    for version in from..to {
        store.append(commit(version), deadline()).await.unwrap();
    }
}

#[tokio::test]
async fn a_lost_answer_is_resolved_by_appending_the_same_commit_again() {
    let store = Benign::new().store;
    for (version, fault, stored) in [
        (0, AppendFault::UnknownAfterStoring, true),
        (1, AppendFault::UnknownWithoutStoring, false),
    ] {
        store.script_appends([Some(fault), None]);
        let commit = commit(version);
        let lost = store.append(commit.clone(), deadline()).await;
        assert!(matches!(lost, Err(AppendError::OutcomeUnknown { .. })), "{lost:?}");
        assert_eq!(store.inner().head().get(), version + u64::from(stored));
        let again = store.append(commit, deadline()).await.unwrap();
        assert_eq!(again.replayed, stored);
        assert_eq!(store.inner().head().get(), version + 1);
    }
    store.script_appends([Some(AppendFault::Unavailable)]);
    let refused = store.append(commit(2), deadline()).await;
    assert!(matches!(refused, Err(AppendError::Unavailable { .. })), "{refused:?}");
    let counts = store.counts();
    let unknown = (counts.unknown_after_storing, counts.unknown_without_storing);
    assert_eq!((unknown, counts.unavailable), ((1, 1), 1));
}

#[tokio::test]
async fn a_store_that_is_away_does_nothing_and_comes_back_as_it_was() {
    let store = Benign::new().store;
    fill(&store, 0, 2).await;
    let mut deliveries = store.subscribe(Position::START);
    store.set_away(true);
    let away = |error| matches!(error, ReadError::Unavailable { .. });
    assert!(store.append(commit(2), deadline()).await.is_err());
    assert!(store.read_log(Position::START, 9).await.is_err_and(away));
    assert!(store.read_stream(stream(), StreamVersion::new(1), 9).await.is_err_and(away));
    assert!(store.find_commit(commit(0).id).await.is_err_and(away));
    assert!(deliveries.next().await.unwrap().is_err_and(away));
    assert!(deliveries.next().await.is_none());
    store.set_away(false);
    fill(&store, 2, 3).await;
    assert_eq!(store.read_log(Position::START, 9).await.unwrap().len(), 3);
}

#[tokio::test]
async fn a_frozen_store_shows_a_whole_earlier_state_and_never_goes_back() {
    let store = Benign::new().store;
    fill(&store, 0, 3).await;
    assert_eq!(store.head(), Position::new(3));
    store.set_frozen(true);
    let hidden = commit(3);
    store.append(hidden.clone(), deadline()).await.unwrap();
    assert_eq!(store.head(), Position::new(3));
    assert_eq!(store.read_log(Position::START, 9).await.unwrap().len(), 3);
    assert_eq!(store.read_stream(stream(), StreamVersion::new(3), 9).await.unwrap().len(), 1);
    assert_eq!(store.find_commit(hidden.id).await.unwrap(), None);
    let stale = store.append(commit(3), deadline()).await;
    assert!(matches!(stale, Err(AppendError::Conflict { .. })), "{stale:?}");
    store.set_frozen(false);
    assert_eq!(store.head(), Position::new(4));
    assert!(store.find_commit(hidden.id).await.unwrap().is_some());
    assert!(store.counts().stale_reads > 3);
}

#[tokio::test]
async fn deliveries_repeat_overlap_and_break_as_scripted() {
    let store = Benign::new().store;
    let mut deliveries = store.subscribe(Position::START);
    assert!(matches!(deliveries.next().await, Some(Ok(Delivery::CaughtUp(_)))));
    let faults = [DeliveryFault::Repeat, DeliveryFault::Overlap, DeliveryFault::Break];
    store.script_deliveries(faults.map(Some));
    let mut seen = Vec::new();
    for version in 0..3 {
        fill(&store, version, version + 1).await;
        for _ in 0..if version == 0 { 2 } else { 1 } {
            seen.push(match deliveries.next().await.unwrap() {
                Ok(Delivery::Records(records)) => {
                    records.iter().map(|record| record.position().get()).collect()
                }
                Ok(Delivery::CaughtUp(_)) => panic!("caught up twice"),
                Err(_) => Vec::new(),
            });
        }
    }
    assert_eq!(seen, [vec![0], vec![0], vec![0, 1], vec![]]);
    assert!(deliveries.next().await.is_none());
}
