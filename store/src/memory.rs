//! A log in memory: the whole contract without a disk, for tests and examples.

use std::{
    sync::{Arc, PoisonError, RwLock, RwLockReadGuard},
    time::Instant,
};

use async_trait::async_trait;
use bytes::Bytes;
use events::{CommitId, Position, StreamId, StreamVersion};
use tokio::sync::watch;

use crate::{
    admission::{Admission, check_limits},
    clock::Clock,
    error::{AppendError, ReadError},
    event_store::{Appended, Commit, EventStore, Subscription},
    index::{COMMIT_WINDOW_COMMITS, LogIndex},
    record::{Record, record_bytes, write_record},
    subscription::{self, Followed, Head},
};

/// A log that is gone with the process. Clones share the same log.
#[derive(Clone)]
pub struct MemoryStore {
    shared: Arc<Shared>,
}

struct Shared {
    clock: Arc<dyn Clock>,
    log: RwLock<Log>,
    head: watch::Sender<Head>,
}

struct Log {
    records: Vec<Record>,
    index: LogIndex,
}

impl MemoryStore {
    /// An empty log that records the time of `clock`.
    #[must_use]
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        let log = Log { records: Vec::new(), index: LogIndex::new(COMMIT_WINDOW_COMMITS) };
        let head = watch::Sender::new(Head::default());
        Self { shared: Arc::new(Shared { clock, log: RwLock::new(log), head }) }
    }

    fn log(&self) -> RwLockReadGuard<'_, Log> {
        self.shared.log.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn record(&self, commit: &Commit) -> Result<Appended, AppendError> {
        let mut log = self.shared.log.write().unwrap_or_else(PoisonError::into_inner);
        let mut admitted = Vec::new();
        let mut malformed = None;
        let appended = Admission::new(&log.index, self.shared.clock.now()).admit(
            commit,
            |event, placement| {
                let mut bytes = Vec::with_capacity(record_bytes(event));
                write_record(&mut bytes, event, placement);
                match Record::parse(Bytes::from(bytes)) {
                    Ok(record) => admitted.push(record),
                    Err(error) => malformed = Some(error),
                }
            },
        )?;
        if let Some(error) = malformed {
            return Err(AppendError::Unavailable { reason: error.to_string() });
        }
        for record in admitted {
            log.index
                .apply(&record.header().placement())
                .map_err(|error| AppendError::Unavailable { reason: error.to_string() })?;
            log.records.push(record);
        }
        self.shared.head.send_replace(Head { position: log.index.next(), closed: false });
        Ok(appended)
    }

    fn read(&self, from: Position, max: usize) -> Vec<Record> {
        let from = usize::try_from(from.get()).unwrap_or(usize::MAX);
        self.log().records.iter().skip(from).take(max).cloned().collect()
    }
}

#[async_trait]
impl EventStore for MemoryStore {
    async fn append(&self, commit: Commit, deadline: Instant) -> Result<Appended, AppendError> {
        check_limits(&commit)?;
        if Instant::now() >= deadline {
            return Err(AppendError::Unavailable { reason: "the deadline has passed".to_owned() });
        }
        self.record(&commit)
    }

    async fn find_commit(&self, id: CommitId) -> Result<Option<Appended>, ReadError> {
        Ok(self.log().index.find_commit(id))
    }

    async fn read_stream(
        &self,
        stream: StreamId,
        from: StreamVersion,
        max: usize,
    ) -> Result<Vec<Record>, ReadError> {
        let log = self.log();
        let positions = log.index.positions(stream, from, max);
        let at = |position: u64| usize::try_from(position).ok().and_then(|at| log.records.get(at));
        Ok(positions.into_iter().filter_map(at).cloned().collect())
    }

    async fn read_log(&self, from: Position, max: usize) -> Result<Vec<Record>, ReadError> {
        Ok(self.read(from, max))
    }

    fn head(&self) -> Position {
        self.shared.head.borrow().position
    }

    fn subscribe(&self, from: Position) -> Subscription {
        subscription::follow(self.clone(), from)
    }
}

#[async_trait]
impl Followed for MemoryStore {
    async fn read_page(&self, from: Position, max: usize) -> Result<Vec<Record>, ReadError> {
        Ok(self.read(from, max))
    }

    fn watch_head(&self) -> watch::Receiver<Head> {
        self.shared.head.subscribe()
    }
}
