//! How much memory does it take to recognise repeated commits?
//!
//! Writes a log of so many commits, then opens it twice in processes of their own, once
//! remembering no commit and once all of them, and compares what they hold in memory.

use std::{
    env,
    error::Error,
    fs,
    io::{self, Write},
    path::Path,
    process::Command,
    sync::Arc,
    time::{Duration, Instant},
};

use events::{
    Category, CommitId, EncodedEvent, EventId, EventTypeId, InstallationId, SchemaVersion,
    StreamId, StreamVersion, Timestamp,
};
use futures::{StreamExt, stream};
use store::{
    Commit, EventStore, ExpectedVersion, LogStore, ManualClock, StoreOptions, StreamWrite,
    commit_window_bytes,
};
use uuid::Uuid;

const COMMITS: u64 = 1_000_000;
const WRITERS: u64 = 1_024;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args().skip(1);
    match (arguments.next(), arguments.next()) {
        (Some(directory), Some(window)) => hold(Path::new(&directory), window.parse()?).await,
        (commits, _) => measure(commits.map_or(Ok(COMMITS), |text| text.parse())?).await,
    }
}

async fn measure(commits: u64) -> Result<(), Box<dyn Error>> {
    let home = tempfile::tempdir()?;
    let log = home.path().join("log");
    let clock = Arc::new(ManualClock::new(Timestamp::EPOCH));
    let id = InstallationId::from_uuid(Uuid::now_v7());
    let store = LogStore::create(&log, id, clock, &StoreOptions::default())?;
    let writing = stream::iter(0..commits).map(|number| append(&store, number));
    let mut writing = writing.buffered(usize::try_from(WRITERS).unwrap_or(usize::MAX));
    while let Some(appended) = writing.next().await {
        appended?;
    }
    drop(writing);
    store.close().await?;
    let (without, with) = (held_by(&log, 0)?, held_by(&log, commits)?);
    let out = &mut io::stdout().lock();
    writeln!(out, "commits            {commits}")?;
    writeln!(out, "resident, without  {without} bytes")?;
    writeln!(out, "resident, with     {with} bytes")?;
    let window = with.saturating_sub(without);
    writeln!(out, "window             {window} bytes, {} a commit", window / commits.max(1))?;
    writeln!(out, "by the formula     {} bytes", commit_window_bytes(commits))?;
    Ok(())
}

/// A commit of one small event in a stream of its own.
async fn append(store: &LogStore, number: u64) -> Result<(), store::AppendError> {
    let event = EncodedEvent {
        event_id: EventId::from_uuid(Uuid::now_v7()),
        type_id: EventTypeId(0x0301),
        schema_version: SchemaVersion(1),
        metadata: Vec::new(),
        body: vec![0; 16],
    };
    let stream = StreamId::new(Category::Customer, Uuid::from_u128(u128::from(number)));
    let expected = ExpectedVersion::unchanged_since(StreamVersion::NONE);
    let writes = vec![StreamWrite { stream, expected, events: vec![event] }];
    let commit = Commit { id: CommitId::from_uuid(Uuid::now_v7()), writes, checks: Vec::new() };
    store.append(commit, Instant::now() + Duration::from_mins(1)).await.map(|_| ())
}

/// What a process holds that has opened the log with a window, in bytes.
fn held_by(log: &Path, window: u64) -> Result<u64, Box<dyn Error>> {
    let output = Command::new(env::current_exe()?).arg(log).arg(window.to_string()).output()?;
    Ok(String::from_utf8(output.stdout)?.trim().parse()?)
}

/// Opens the log and tells what this process holds.
async fn hold(log: &Path, window: usize) -> Result<(), Box<dyn Error>> {
    let options = StoreOptions {
        commit_window_commits: window,
        // What is measured is the window, not the reading of a file.
        index_snapshot_records: 0,
        ..StoreOptions::default()
    };
    let clock = Arc::new(ManualClock::new(Timestamp::EPOCH));
    let store = LogStore::open(log, clock, &options)?;
    let status = fs::read_to_string("/proc/self/status")?;
    let resident = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kibibytes: u64 =
        resident.and_then(|rest| rest.trim().split(' ').next()).unwrap_or("0").parse()?;
    writeln!(io::stdout(), "{}", kibibytes * 1_024)?;
    Ok(store.close().await?)
}
