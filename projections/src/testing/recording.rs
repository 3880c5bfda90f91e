//! A history put into a store, and a runner on top of it.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use events::{
    CommitId, EncodedEvent, EventTypeId, NewEvent, Position, RecordedEvent, StreamId, Timestamp,
};
use store::{Appended, Commit, EventStore, ExpectedVersion, ManualClock, MemoryStore, StreamWrite};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::{
    read_models::ReadModels,
    rebuild::ReplayError,
    runner::{ProjectionRunner, RunnerOptions},
};

/// Longer than any wait that succeeds.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// A store in memory whose clock the recording moves.
pub(crate) struct Recording {
    pub(crate) store: MemoryStore,
    clock: Arc<ManualClock>,
}

impl Recording {
    pub(crate) fn new() -> Self {
        let clock = Arc::new(ManualClock::new(Timestamp::EPOCH));
        Self { store: MemoryStore::new(Arc::clone(&clock) as _), clock }
    }

    /// Records all events, each in a commit of its own.
    pub(crate) async fn append_each(&self, events: &[RecordedEvent]) {
        for event in events {
            self.append(std::slice::from_ref(event)).await;
        }
    }

    /// Records events as one commit, at the time of the last of them. A stream that is named twice
    /// must be named in a row.
    pub(crate) async fn append(&self, events: &[RecordedEvent]) -> Appended {
        let mut writes: Vec<StreamWrite> = Vec::new();
        for event in events {
            match writes.last_mut() {
                Some(write) if write.stream == event.stream => write.events.push(encoded(event)),
                Some(_) | None => writes.push(StreamWrite {
                    stream: event.stream,
                    expected: expected(event),
                    events: vec![encoded(event)],
                }),
            }
        }
        let last = events.last().unwrap();
        self.clock.set(last.recorded_at);
        self.commit(last.position.get(), writes).await
    }

    /// Records something of which no program knows what it means.
    pub(crate) async fn append_undecodable(&self, stream: impl Into<StreamId>) -> Appended {
        let head = self.store.head();
        let event = EncodedEvent {
            event_id: events::EventId::from_uuid(Uuid::from_u128(u128::from(head.get()))),
            type_id: EventTypeId(0x03ff),
            schema_version: events::SchemaVersion(1),
            metadata: super::metadata(Timestamp::EPOCH).encode().unwrap(),
            body: Vec::new(),
        };
        let stream = stream.into();
        let written = self.store.read_stream(stream, events::StreamVersion::new(1), 10_000);
        let version = events::StreamVersion::new(written.await.unwrap().len() as u64);
        let expected = ExpectedVersion::unchanged_since(version);
        self.commit(head.get(), vec![StreamWrite { stream, expected, events: vec![event] }]).await
    }

    async fn commit(&self, number: u64, writes: Vec<StreamWrite>) -> Appended {
        let id = CommitId::from_uuid(Uuid::from_u128(u128::from(number)));
        let commit = Commit { id, writes, checks: Vec::new() };
        self.store.append(commit, Instant::now() + PATIENCE).await.unwrap()
    }

    /// A runner that follows this recording; versions are kept two events apart at first, so that
    /// short histories have all there is to long ones.
    pub(crate) fn follow(&self) -> Running {
        follow(Arc::new(self.store.clone()))
    }
}

/// A runner at work.
pub(crate) struct Running {
    pub(crate) models: ReadModels,
    pub(crate) shutdown: CancellationToken,
    pub(crate) ended: JoinHandle<Result<(), ReplayError>>,
}

impl Running {
    pub(crate) async fn at(&self, position: Position) -> Arc<crate::ReadModel> {
        self.models.wait_for(position, PATIENCE).await.unwrap()
    }
}

pub(crate) fn follow(store: Arc<dyn EventStore>) -> Running {
    let options = RunnerOptions { kept_versions: 8, first_stride_events: 2 };
    let (runner, models) = ProjectionRunner::new(store, options);
    let shutdown = CancellationToken::new();
    let ended = tokio::spawn(runner.run(shutdown.clone()));
    Running { models, shutdown, ended }
}

fn expected(event: &RecordedEvent) -> ExpectedVersion {
    let before = event.stream_version.get() - 1;
    ExpectedVersion::unchanged_since(events::StreamVersion::new(before))
}

fn encoded(event: &RecordedEvent) -> EncodedEvent {
    let event = NewEvent {
        event_id: event.event_id,
        metadata: event.metadata.clone(),
        event: event.event.clone(),
    };
    event.encode().unwrap()
}
