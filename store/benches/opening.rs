//! How long does an opening take, with the saved index and without it?
//! `cargo bench -p store --bench opening`
//!
//! A log of a million records is written, closed, and opened again and again. The baseline is reading the
//! journal's files once, from the page cache like everything here.

use std::{
    env,
    error::Error,
    fs,
    io::{self, Write},
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use events::{
    Category, CommitId, EncodedEvent, EventId, EventTypeId, InstallationId, SchemaVersion,
    StreamId, StreamVersion, Timestamp,
};
use store::{
    Commit, EventStore, ExpectedVersion, LogStore, ManualClock, StoreOptions, StreamWrite,
};
use uuid::Uuid;

const STREAMS: u64 = 1_000;
const COMMITS_EACH: u64 = 100;
const EVENTS_EACH: u64 = 10;
const BODY_BYTES: usize = 110;
const OPENINGS: u32 = 5;

type Failure = Box<dyn Error + Send + Sync>;

#[tokio::main]
async fn main() -> Result<(), Failure> {
    if !env::args().any(|argument| argument == "--bench") {
        return Ok(());
    }
    let home = tempfile::tempdir()?;
    let log = home.path().join("log");
    write_log(&log).await?;
    let bytes = bytes_of(&log.join("index"))?;
    let read = best(|| {
        let begun = Instant::now();
        bytes_of(&log.join("journal"))?;
        Ok(begun.elapsed())
    })?;
    let whole = opening(&log, 0).await?;
    let saved = opening(&log, StoreOptions::default().index_snapshot_records).await?;
    let out = &mut io::stdout().lock();
    writeln!(out, "records {}, saved index {bytes} bytes", STREAMS * COMMITS_EACH * EVENTS_EACH)?;
    for (what, took) in [
        ("reading the journal's files", read),
        ("opening that reads everything", whole),
        ("opening from the saved index", saved),
    ] {
        let ratio = took.as_secs_f64() / read.as_secs_f64();
        writeln!(out, "{what:32} {:8.1} ms  {ratio:5.2}", took.as_secs_f64() * 1_000.0)?;
    }
    Ok(())
}

async fn write_log(log: &Path) -> Result<(), Failure> {
    let clock = Arc::new(ManualClock::new(Timestamp::EPOCH));
    let id = InstallationId::from_uuid(Uuid::now_v7());
    let store = Arc::new(LogStore::create(log, id, clock, &StoreOptions::default())?);
    let writers = (0..STREAMS).map(|stream| {
        let store = Arc::clone(&store);
        tokio::spawn(async move {
            for number in 0..COMMITS_EACH {
                let deadline = Instant::now() + Duration::from_mins(5);
                store.append(commit(stream, number * EVENTS_EACH), deadline).await?;
            }
            Ok::<_, store::AppendError>(())
        })
    });
    for writer in writers.collect::<Vec<_>>() {
        writer.await??;
    }
    Ok(store.close().await?)
}

fn commit(stream: u64, version: u64) -> Commit {
    let event = || EncodedEvent {
        event_id: EventId::from_uuid(Uuid::now_v7()),
        type_id: EventTypeId(0x0301),
        schema_version: SchemaVersion(1),
        metadata: Vec::new(),
        body: vec![0; BODY_BYTES],
    };
    let stream = StreamId::new(Category::Customer, Uuid::from_u128(u128::from(stream)));
    let expected = ExpectedVersion::unchanged_since(StreamVersion::new(version));
    let events = (0..EVENTS_EACH).map(|_| event()).collect();
    let writes = vec![StreamWrite { stream, expected, events }];
    Commit { id: CommitId::from_uuid(Uuid::now_v7()), writes, checks: Vec::new() }
}

/// The shortest of several openings; nothing else reads the log meanwhile.
async fn opening(log: &Path, index_snapshot_records: u64) -> Result<Duration, Failure> {
    let options = StoreOptions {
        index_snapshot_records,
        scrub_bytes_per_second: 0,
        ..StoreOptions::default()
    };
    let mut shortest = Duration::MAX;
    for _ in 0..OPENINGS {
        let clock = Arc::new(ManualClock::new(Timestamp::EPOCH));
        let begun = Instant::now();
        let store = LogStore::open(log, clock, &options)?;
        shortest = shortest.min(begun.elapsed());
        store.close().await?;
    }
    Ok(shortest)
}

fn best(mut measure: impl FnMut() -> Result<Duration, Failure>) -> Result<Duration, Failure> {
    let mut shortest = Duration::MAX;
    for _ in 0..OPENINGS {
        shortest = shortest.min(measure()?);
    }
    Ok(shortest)
}

/// Reads every file of a directory; how long they are together.
fn bytes_of(directory: &Path) -> Result<u64, Failure> {
    let mut bytes = 0;
    for entry in fs::read_dir(directory)? {
        bytes += fs::read(entry?.path())?.len() as u64;
    }
    Ok(bytes)
}
