//! Logs in directories of their own, and commits to fill them.

use std::{
    fs,
    io::ErrorKind,
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, Instant},
};

use events::{
    Category, CommitId, EncodedEvent, EventId, EventTypeId, InstallationId, Position,
    SchemaVersion, StreamId, StreamVersion, Timestamp,
};
use store::{
    Appended, Commit, EventStore, ExpectedVersion, LogStore, ManualClock, OpenError, Record,
    StoreOptions, StreamWrite,
};
use tempfile::TempDir;
use uuid::Uuid;

/// A directory for one log, removed with it.
pub(crate) struct Directory {
    home: TempDir,
}

impl Directory {
    pub(crate) fn new() -> Self {
        Self { home: tempfile::tempdir().unwrap() }
    }

    pub(crate) fn log(&self) -> PathBuf {
        self.home.path().join("log")
    }

    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.log().join(name)
    }

    /// The log's files as they are, in a directory of their own; no record may be written meanwhile.
    pub(crate) fn snapshot(&self) -> Self {
        let copy = Self::new();
        copy_all(&self.log(), &copy.log());
        copy
    }

    /// What a kill would leave behind now, once the sealer rests.
    pub(crate) async fn killed(&self, store: &LogStore) -> Self {
        while store.status().sealed.get() != store.head().get() / 256 * 256 {
            tokio::task::yield_now().await;
        }
        self.snapshot()
    }

    /// The journal's segments, in order.
    pub(crate) fn segments(&self) -> Vec<PathBuf> {
        let mut paths: Vec<_> = fs::read_dir(self.file("journal"))
            .unwrap()
            .map(|entry| entry.unwrap().path())
            // The next segment may be in the making beside them, as a draft.
            .filter(|path| path.extension().is_some_and(|end| end == "journal"))
            .collect();
        paths.sort();
        paths
    }
}

fn copy_all(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy_all(&entry.path(), &target);
        } else if let Err(error) = fs::copy(entry.path(), target) {
            // A draft that got its name meanwhile: a kill just before would have left none either.
            assert_eq!(error.kind(), ErrorKind::NotFound, "{error}");
        }
    }
}

pub(crate) fn clock() -> Arc<ManualClock> {
    Arc::new(ManualClock::new(Timestamp::EPOCH.plus_hours(24)))
}

pub(crate) fn installation() -> InstallationId {
    InstallationId::from_uuid(Uuid::now_v7())
}

pub(crate) fn create(directory: &Directory, clock: &Arc<ManualClock>) -> LogStore {
    let clock = Arc::<ManualClock>::clone(clock);
    LogStore::create(&directory.log(), installation(), clock, &StoreOptions::small()).unwrap()
}

pub(crate) fn reopen(directory: &Directory, clock: &Arc<ManualClock>) -> LogStore {
    let clock = Arc::<ManualClock>::clone(clock);
    LogStore::open(&directory.log(), clock, &StoreOptions::small()).unwrap()
}

pub(crate) fn try_open(directory: &Directory) -> Result<LogStore, OpenError> {
    LogStore::open(&directory.log(), clock(), &StoreOptions::small())
}

/// Why a log does not open.
pub(crate) fn refusal(directory: &Directory) -> OpenError {
    try_open(directory).err().unwrap()
}

/// A commit of `events` events of `body_bytes` each for a stream that has `version`.
pub(crate) fn commit(number: u128, version: u64, events: usize, body_bytes: usize) -> Commit {
    let event = || EncodedEvent {
        event_id: EventId::from_uuid(Uuid::now_v7()),
        type_id: EventTypeId(0x0301),
        schema_version: SchemaVersion(1),
        metadata: vec![1; 20],
        body: vec![2; body_bytes],
    };
    let stream = StreamId::new(Category::Customer, Uuid::from_u128(number));
    let expected = ExpectedVersion::unchanged_since(StreamVersion::new(version));
    let writes =
        vec![StreamWrite { stream, expected, events: (0..events).map(|_| event()).collect() }];
    Commit { id: CommitId::from_uuid(Uuid::now_v7()), writes, checks: Vec::new() }
}

pub(crate) fn deadline() -> Instant {
    Instant::now() + Duration::from_mins(1)
}

pub(crate) async fn append(store: &LogStore, commit: Commit) -> Appended {
    store.append(commit, deadline()).await.unwrap()
}

/// Appends commits of one small event to stream 1, which has `from` events, until it has `to`.
pub(crate) async fn fill(store: &LogStore, from: u64, to: u64) {
    for version in from..to {
        append(store, commit(1, version, 1, 10)).await;
    }
}

pub(crate) async fn whole_log(store: &LogStore) -> Vec<Record> {
    store.read_log(Position::START, usize::MAX).await.unwrap()
}

/// Changes one byte of a file.
pub(crate) fn flip(path: &Path, offset: usize) {
    let mut bytes = fs::read(path).unwrap();
    bytes[offset] ^= 0x10;
    fs::write(path, bytes).unwrap();
}
