//! Logs to be harmed, and what to ask them afterwards.

use std::{
    collections::HashMap,
    fs,
    path::Path,
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
use tokio::runtime::Runtime;
use uuid::Uuid;

use super::table::Outcome;

/// Numbers that look random and are the same for the same seed.
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(0x1234_5678_9abc_def1))
    }

    /// A number below `limit`, which is not zero.
    pub(crate) fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }
}

pub(crate) fn runtime() -> Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
}

pub(crate) fn clock() -> Arc<ManualClock> {
    Arc::new(ManualClock::new(Timestamp::EPOCH.plus_hours(24)))
}

/// Small files, and the index saved often: openings begin with it wherever they can.
fn options() -> StoreOptions {
    StoreOptions { index_snapshot_records: 64, ..StoreOptions::small() }
}

pub(crate) fn create(directory: &Path) -> LogStore {
    let id = InstallationId::from_uuid(Uuid::now_v7());
    LogStore::create(directory, id, clock(), &options()).unwrap()
}

pub(crate) fn open(directory: &Path) -> Result<LogStore, OpenError> {
    LogStore::open(directory, clock(), &options())
}

/// A commit of `events` events for a stream that has `version`.
pub(crate) fn commit(stream: u128, version: u64, events: u64, body_bytes: u64) -> Commit {
    let body_bytes = usize::try_from(body_bytes).unwrap();
    let event = || EncodedEvent {
        event_id: EventId::from_uuid(Uuid::now_v7()),
        type_id: EventTypeId(0x0301),
        schema_version: SchemaVersion(1),
        metadata: vec![1; 20],
        body: vec![2; body_bytes],
    };
    let stream = StreamId::new(Category::Customer, Uuid::from_u128(stream));
    let expected = ExpectedVersion::unchanged_since(StreamVersion::new(version));
    let writes =
        vec![StreamWrite { stream, expected, events: (0..events).map(|_| event()).collect() }];
    Commit { id: CommitId::from_uuid(Uuid::now_v7()), writes, checks: Vec::new() }
}

/// Appends commits to a new stream until one fails or there are `most`; tells of each that is
/// acknowledged.
pub(crate) async fn append_commits(
    store: &LogStore,
    dice: &mut Dice,
    most: u64,
    mut acknowledged: impl FnMut(CommitId, Appended),
) {
    let stream = Uuid::now_v7().as_u128();
    let mut version = 0;
    for _ in 0..most {
        let (events, body_bytes) = (1 + dice.below(12), dice.below(900));
        let commit = commit(stream, version, events, body_bytes);
        let id = commit.id;
        let deadline = Instant::now() + Duration::from_secs(30);
        let Ok(appended) = store.append(commit, deadline).await else { return };
        acknowledged(id, appended);
        version += events;
    }
}

/// Every record of a log.
pub(crate) async fn whole_log(store: &LogStore) -> Result<Vec<Record>, store::ReadError> {
    store.read_log(Position::START, usize::MAX).await
}

/// What came of a log in which everything acknowledged must be, and whole commits only.
pub(crate) fn judge(directory: &Path, acknowledged: &HashMap<CommitId, Appended>) -> Outcome {
    let store = match open(directory) {
        Ok(store) => store,
        Err(error) => return Outcome::Refused(error.to_string()),
    };
    let runtime = runtime();
    let records = match runtime.block_on(whole_log(&store)) {
        Ok(records) => records,
        Err(error) => return Outcome::Lost(error.to_string()),
    };
    let healed = !store.healings().is_empty();
    if let Err(torn) = whole_commits(&records) {
        return Outcome::Torn(torn);
    }
    for (id, appended) in acknowledged {
        let at = |position: Position| {
            usize::try_from(position.get()).ok().and_then(|index| records.get(index))
        };
        let there = |position| at(position).is_some_and(|record| record.header().commit_id == *id);
        let positions = (appended.first.get()..appended.next.get()).map(Position::new);
        if !positions.into_iter().all(there) {
            return Outcome::Lost(format!("commit {id} at position {}", appended.first));
        }
    }
    // The log must go on.
    let mut goes_on = false;
    let mut dice = Dice::new(1);
    runtime.block_on(append_commits(&store, &mut dice, 1, |_, _| goes_on = true));
    if !goes_on {
        return Outcome::Refused("it takes no appends".to_owned());
    }
    if healed { Outcome::Healed } else { Outcome::Unharmed }
}

fn whole_commits(records: &[Record]) -> Result<(), String> {
    let mut expected = 0;
    for record in records {
        let header = record.header();
        if header.commit_index != expected {
            return Err(format!("commit {} at position {}", header.commit_id, header.position));
        }
        expected = if header.ends_commit() { 0 } else { expected + 1 };
    }
    if expected == 0 { Ok(()) } else { Err("the last commit".to_owned()) }
}

/// Copies a directory with everything in it.
pub(crate) fn copy_all(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy_all(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}
