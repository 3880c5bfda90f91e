//! How soon does a follower see what was recorded? `cargo bench -p store --bench following`
//!
//! Each event is timed from its submission: until it was acknowledged, and until a follower had it.
//! The baseline is the disk: a write of as many bytes and an fdatasync, nothing else. A follower in
//! another process asks every 20 ms and is shown for comparison.

use std::{
    collections::HashMap,
    env,
    error::Error,
    fs::OpenOptions,
    io::{self, Write},
    os::unix::fs::FileExt,
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use events::{
    Category, CommitId, EncodedEvent, EventId, EventTypeId, InstallationId, Position,
    SchemaVersion, StreamId, StreamVersion, Timestamp,
};
use store::{
    Commit, Delivery, EventStore, ExpectedVersion, LogReader, LogStore, ManualClock, StoreOptions,
    StreamWrite,
};
use tokio::task::JoinHandle;
use tokio_stream::StreamExt;
use uuid::Uuid;

const COMMITS_EACH: u64 = 2_000;
const BODY_BYTES: usize = 200;
/// A record of such an event with its frame, about.
const WRITTEN_BYTES: usize = 384;

type Failure = Box<dyn Error + Send + Sync>;
/// A position, when its append began, and when that was answered.
type Answered = (u64, Instant, Instant);
/// Positions and when something happened to them.
type Moments = HashMap<u64, Instant>;

#[tokio::main]
async fn main() -> Result<(), Failure> {
    if !env::args().any(|argument| argument == "--bench") {
        return Ok(());
    }
    let home = tempfile::tempdir()?;
    let baseline = Spread::of(disk(home.path())?);
    say(format_args!(
        "{:44} {:>9} {:>9} {:>9} {:>9}  p50 to disk",
        "ms", "p50", "p99", "p99.9", "max"
    ))?;
    baseline.say("the disk: write and fdatasync", &baseline)?;
    for (writers, followers) in [(1, 1), (16, 1), (16, 100), (256, 1)] {
        measure(home.path(), writers, followers, &baseline).await?;
    }
    Ok(())
}

/// How long the disk takes for one small durable write after the other.
fn disk(home: &Path) -> Result<Vec<Duration>, Failure> {
    let path = home.join("baseline");
    let file = OpenOptions::new().create_new(true).write(true).open(path)?;
    file.write_all_at(&vec![0; WRITTEN_BYTES * usize::try_from(COMMITS_EACH)?], 0)?;
    file.sync_all()?;
    let bytes = vec![1; WRITTEN_BYTES];
    let durable_write = |number: u64| {
        let begun = Instant::now();
        file.write_all_at(&bytes, number * WRITTEN_BYTES as u64)?;
        file.sync_data()?;
        Ok(begun.elapsed())
    };
    (0..COMMITS_EACH).map(durable_write).collect()
}

async fn measure(
    home: &Path,
    writers: u64,
    followers: u64,
    baseline: &Spread,
) -> Result<(), Failure> {
    let log = home.join(format!("log-{writers}-{followers}"));
    let clock = Arc::new(ManualClock::new(Timestamp::EPOCH));
    let id = InstallationId::from_uuid(Uuid::now_v7());
    let store = Arc::new(LogStore::create(&log, id, clock, &StoreOptions::default())?);
    let each = COMMITS_EACH.div_ceil(writers).max(50);
    let end = writers * each;
    let here: Vec<_> =
        (0..followers).map(|_| follow(store.subscribe(Position::START), end)).collect();
    let beside = LogReader::follow(&log)?;
    let elsewhere = follow(beside.subscribe(Position::START), end);

    let writing: Vec<_> = (0..writers).map(|_| write(Arc::clone(&store), each)).collect();
    let (mut submitted, mut acknowledged) = (Moments::new(), Moments::new());
    for writer in writing {
        for (position, begun, answered) in writer.await?? {
            submitted.insert(position, begun);
            acknowledged.insert(position, answered);
        }
    }
    let what = format!("{writers} writers");
    Spread::of(after(&submitted, &acknowledged)).say(&format!("{what}: acknowledged"), baseline)?;
    let mut delivered = Vec::new();
    for follower in here {
        delivered.extend(after(&submitted, &follower.await??));
    }
    Spread::of(delivered).say(&format!("{what}: had by {followers} followers"), baseline)?;
    let elsewhere = after(&submitted, &elsewhere.await??);
    Spread::of(elsewhere).say(&format!("{what}: had by one beside, from files"), baseline)?;
    drop(beside);
    Ok(store.close().await?)
}

/// Appends one commit after the other to a stream of its own.
fn write(store: Arc<LogStore>, commits: u64) -> JoinHandle<Result<Vec<Answered>, Failure>> {
    tokio::spawn(async move {
        let mut moments = Vec::new();
        let stream = StreamId::new(Category::Customer, Uuid::now_v7());
        for version in 0..commits {
            let commit = commit(stream, version);
            let begun = Instant::now();
            let appended = store.append(commit, begun + Duration::from_mins(1)).await?;
            moments.push((appended.first.get(), begun, Instant::now()));
        }
        Ok(moments)
    })
}

fn commit(stream: StreamId, version: u64) -> Commit {
    let event = EncodedEvent {
        event_id: EventId::from_uuid(Uuid::now_v7()),
        type_id: EventTypeId(0x0301),
        schema_version: SchemaVersion(1),
        metadata: Vec::new(),
        body: vec![0; BODY_BYTES],
    };
    let expected = ExpectedVersion::unchanged_since(StreamVersion::new(version));
    let writes = vec![StreamWrite { stream, expected, events: vec![event] }];
    Commit { id: CommitId::from_uuid(Uuid::now_v7()), writes, checks: Vec::new() }
}

/// Notes when each record up to `end` was delivered.
fn follow(mut deliveries: store::Subscription, end: u64) -> JoinHandle<Result<Moments, Failure>> {
    tokio::spawn(async move {
        let mut moments = Moments::new();
        while moments.len() as u64 != end {
            let Some(delivery) = deliveries.next().await else { break };
            if let Delivery::Records(records) = delivery? {
                let now = Instant::now();
                moments.extend(records.iter().map(|record| (record.position().get(), now)));
            }
        }
        Ok(moments)
    })
}

fn after(from: &Moments, to: &Moments) -> Vec<Duration> {
    let taken = to.iter().map(|(position, at)| at.saturating_duration_since(from[position]));
    taken.collect()
}

/// Durations, in order.
struct Spread(Vec<Duration>);

impl Spread {
    fn of(mut durations: Vec<Duration>) -> Self {
        durations.sort_unstable();
        Self(durations)
    }

    /// The duration that so many of a thousand do not exceed, in milliseconds.
    fn milliseconds(&self, of_thousand: usize) -> f64 {
        let index = (self.0.len() * of_thousand / 1_000).min(self.0.len().saturating_sub(1));
        self.0.get(index).map_or(0.0, |duration| duration.as_secs_f64() * 1_000.0)
    }

    fn say(&self, what: &str, baseline: &Self) -> io::Result<()> {
        let [half, most, nearly_all, all] =
            [500, 990, 999, 1_000].map(|of_thousand| self.milliseconds(of_thousand));
        let ratio = half / baseline.milliseconds(500);
        say(format_args!("{what:44} {half:9.3} {most:9.3} {nearly_all:9.3} {all:9.3}  {ratio:.1}"))
    }
}

fn say(line: std::fmt::Arguments<'_>) -> io::Result<()> {
    writeln!(io::stdout().lock(), "{line}")
}
