//! The durable log: a write-ahead journal in front of a sealed log in sled.
//!
//! An append is queued, admitted and written with its whole group by one thread, synced, published
//! and then acknowledged. Behind it, full ranges of records get a second copy in sled. Opening
//! reads the journal, rebuilds the index and refuses to go on when anything acknowledged is
//! missing.

mod backup;
mod containment;
mod disk;
mod error;
mod faults;
mod file_system;
mod frame;
mod healing;
mod identity;
mod index_snapshot;
mod journal;
mod layout;
mod log_reader;
mod options;
mod reader;
mod recent;
mod recovery;
mod retention;
mod running;
mod salvage;
mod sealed;
mod sealer;
mod survey;
mod tail;
mod verify;
mod watermark;
mod writer;

use std::{
    collections::HashSet,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
        mpsc::{Receiver, SyncSender, sync_channel},
    },
    time::Instant,
};

use async_trait::async_trait;
use events::{CommitId, InstallationId, Position, StreamId, StreamVersion};
use tokio::{
    sync::{mpsc, oneshot},
    task::spawn_blocking,
    time::timeout_at,
};

pub use self::{
    backup::{BackupError, BackupReport, RestorePoint, Restored, backup, restore},
    disk::DiskError,
    error::{CloseError, OpenError},
    faults::{Fault, Faults},
    healing::{HealedPart, Healing},
    log_reader::LogReader,
    options::{Retention, StoreOptions},
    retention::{Kept, TrimReport},
    salvage::{SalvageReport, salvage},
    survey::{LogSurvey, Unacknowledged, survey},
    verify::{LogCopy, Problem, TornAppend, VerifyReport, verify},
};
use self::{
    healing::{Repair, Scrubber},
    identity::{Identity, Lock},
    index_snapshot::Snapshots,
    journal::Journal,
    layout::Layout,
    reader::Published,
    recent::RecentFrames,
    recovery::Recovered,
    retention::Trimming,
    running::{Running, spawn},
    sealer::{Sealer, Trimmer},
    watermark::Watermark,
    writer::{ClockWatch, Order, Request, Writer},
};
use crate::{
    admission::check_limits,
    clock::Clock,
    error::{AppendError, ReadError},
    event_store::{Appended, Commit, EventStore, Subscription},
    record::Record,
    subscription,
};

/// A durable log in a directory of its own.
///
/// Close it with [`close`](Self::close); a log that is only dropped stops like one whose process
/// was killed: everything acknowledged is there when it is opened again.
pub struct LogStore {
    orders: Option<mpsc::Sender<Order>>,
    published: Arc<Published>,
    abandoned: Arc<AtomicBool>,
    running: Mutex<Option<Running>>,
    installation: InstallationId,
    durability_warning: Option<String>,
    directory: PathBuf,
}

/// How many damaged frames wait for their repair; a reader that finds more does not wait.
const REPAIRS_WAITING_MAX: usize = 64;

/// How a log is doing.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LogStatus {
    /// The published head.
    pub head: Position,
    /// Everything before this position has its second copy.
    pub sealed: Position,
    /// The first position the journal holds; what comes before stands in the sealed log alone.
    pub journal_first: Position,
    /// How many commits wait for the writer.
    pub queued_commits: usize,
    /// Why the log takes no appends, if it does not.
    pub failure: Option<String>,
    /// Why records get no second copy any more, if they do not.
    pub sealing_failure: Option<String>,
}

impl LogStore {
    /// Makes an empty directory (or one that does not exist) the home of a new log and opens it.
    ///
    /// Blocks while the first journal segment is written.
    ///
    /// # Errors
    /// When the directory is not empty, locked, or cannot be written.
    pub fn create(
        directory: &Path,
        installation: InstallationId,
        clock: Arc<dyn Clock>,
        options: &StoreOptions,
    ) -> Result<Self, OpenError> {
        let layout = Layout::new(directory);
        let identity = Identity::new(installation, clock.now());
        let lock = identity::found(&layout, &identity)?;
        Self::start(&layout, &identity, lock, clock, options)
    }

    /// Opens the log in a directory; blocks while the journal is read.
    ///
    /// # Errors
    /// When there is no log, it is another program's or a newer one's, it is open already, or
    /// anything acknowledged is damaged or missing.
    pub fn open(
        directory: &Path,
        clock: Arc<dyn Clock>,
        options: &StoreOptions,
    ) -> Result<Self, OpenError> {
        let (layout, identity, lock) = identity::enter(directory)?;
        Self::start(&layout, &identity, lock, clock, options)
    }

    fn start(
        layout: &Layout,
        identity: &Identity,
        lock: Lock,
        clock: Arc<dyn Clock>,
        options: &StoreOptions,
    ) -> Result<Self, OpenError> {
        let Prepared { published, journal, watermark, snapshots, repairs, requests } =
            prepare(layout, identity, options)?;
        let mark = Watermark::open(&layout.sealed_mark())?;
        let durability_warning = file_system::durability_warning(layout.root())?;
        if let Some(warning) = &durability_warning {
            tracing::warn!(warning, "the log may not survive a power loss");
        }
        let (wakes, woken) = sync_channel(1);
        let (orders, ordered) = mpsc::channel(options.queue_commits_max.max(1));
        let abandoned = Arc::new(AtomicBool::new(false));
        let sealer = Sealer {
            wakes: woken,
            published: Arc::clone(&published),
            mark,
            abandoned: Arc::clone(&abandoned),
            trimmer: Trimmer::new(layout, identity.installation, options),
        };
        let writer = Writer {
            orders: ordered,
            journal,
            watermark,
            published: Arc::clone(&published),
            clock,
            sealer: wakes.clone(),
            tag: frame::LogTag::of(identity.installation),
            clock_watch: ClockWatch::default(),
        };
        let scrubber = Scrubber {
            requests,
            published: Arc::clone(&published),
            layout: layout.clone(),
            bytes_per_second: options.scrub_bytes_per_second,
            pause: options.scrub_pause,
            stopping: Arc::clone(&abandoned),
            given_up: HashSet::new(),
        };
        published.healings.opened();
        let scrubber = spawn("log-scrubber", layout, move || scrubber.run())?;
        let sealer = spawn("log-sealer", layout, move || sealer.run())?;
        let writer = spawn("log-writer", layout, move || writer.run())?;
        Ok(Self {
            orders: Some(orders),
            published,
            abandoned,
            running: Mutex::new(Some(Running {
                writer,
                sealer,
                wakes,
                scrubber,
                repairs,
                snapshots,
                lock,
            })),
            installation: identity.installation,
            durability_warning,
            directory: layout.root().to_owned(),
        })
    }

    /// Why the file system may not keep what is synced, if there is a reason to doubt it.
    #[must_use]
    pub fn durability_warning(&self) -> Option<&str> {
        self.durability_warning.as_deref()
    }

    /// Brings the backup in `to` up to what is acknowledged now, while writers run; see
    /// [`backup()`].
    ///
    /// # Errors
    /// See [`backup()`].
    pub async fn backup(&self, to: &Path) -> Result<BackupReport, BackupError> {
        let (directory, to) = (self.directory.clone(), to.to_owned());
        let run = spawn_blocking(move || backup(&directory, &to)).await;
        run.unwrap_or_else(|error| Err(BackupError::Stopped { reason: error.to_string() }))
    }

    /// Drops old segments of the journal as far as `retention` and their other copies allow.
    ///
    /// # Errors
    /// When the log is closed or a file cannot be written or removed. What was dropped until then
    /// stays dropped; nothing is lost.
    pub async fn trim(&self, retention: Retention) -> Result<TrimReport, ReadError> {
        let layout = Layout::new(&self.directory);
        let installation = self.installation;
        let work = move |published: &Published| {
            let closed = || ReadError::Unavailable { reason: "the log is closed".to_owned() };
            let sealed = &*published.sealed().ok_or_else(closed)?;
            let (layout, retention) = (&layout, &retention);
            Ok(Trimming { published, sealed, layout, installation, retention }.run()?)
        };
        self.published.read_aside(work).await
    }

    /// The installation the log belongs to.
    #[must_use]
    pub const fn installation(&self) -> InstallationId {
        self.installation
    }

    /// How the log is doing.
    #[must_use]
    pub fn status(&self) -> LogStatus {
        let waiting = |orders: &mpsc::Sender<Order>| orders.max_capacity() - orders.capacity();
        LogStatus {
            head: self.published.head(),
            sealed: self.published.sealed_to(),
            journal_first: self.published.journal().first().unwrap_or(Position::START),
            queued_commits: self.orders.as_ref().map_or(0, waiting),
            failure: self.published.failure().map(str::to_owned),
            sealing_failure: self.published.sealing_failure().map(str::to_owned),
        }
    }

    /// What was damaged in one copy and made good from the other since the log was opened, oldest
    /// first; of very many only the last thousand.
    #[must_use]
    pub fn healings(&self) -> Vec<Healing> {
        self.published.healings.list()
    }

    /// Writes what waits, gives the newest records their second copy, and lets go of the
    /// directory. Later appends are unavailable and subscriptions end. Closing again does nothing.
    ///
    /// # Errors
    /// When the second copy or the last sync failed; what was acknowledged is durable all the same.
    pub async fn close(&self) -> Result<(), CloseError> {
        let Some(running) = self.running().take() else { return Ok(()) };
        let (orders, published) = (self.orders.clone(), Arc::clone(&self.published));
        // A task of its own: the directory stays locked until all is done, also when the caller
        // gives up waiting.
        let stopping = tokio::spawn(async move {
            if let Some(orders) = orders {
                // A writer that is gone has nothing left to write.
                let _ = orders.send(Order::Stop).await;
            }
            spawn_blocking(move || running.finish(&published)).await
        });
        match stopping.await {
            Ok(Ok(finished)) => finished,
            Ok(Err(error)) | Err(error) => Err(CloseError { reason: error.to_string() }),
        }
    }

    fn running(&self) -> MutexGuard<'_, Option<Running>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn enqueue(
        &self,
        commit: Commit,
        bytes: usize,
        deadline: Instant,
    ) -> Result<oneshot::Receiver<Result<Appended, AppendError>>, AppendError> {
        let orders = self.orders.as_ref().ok_or_else(|| self.unavailable())?;
        if Instant::now() >= deadline {
            return Err(late("the deadline has passed"));
        }
        let permit = timeout_at(deadline.into(), orders.reserve())
            .await
            .map_err(|_| late("the queue was full until the deadline"))?
            .map_err(|_| self.unavailable())?;
        let (reply, outcome) = oneshot::channel();
        permit.send(Order::Append(Request { commit, bytes, deadline, reply }));
        Ok(outcome)
    }

    fn unavailable(&self) -> AppendError {
        late(self.published.failure().unwrap_or("the log is closed"))
    }

    fn count(&self, outcome: &Result<Appended, AppendError>, started: Instant) {
        match outcome {
            Ok(appended) if !appended.replayed => {
                self.published.metrics.commits.increment(1);
                self.published.metrics.append_seconds.record(started.elapsed());
            }
            Err(AppendError::Conflict { .. }) => self.published.metrics.conflicts.increment(1),
            _ => {}
        }
    }
}

/// A log that is ready to be written.
struct Prepared {
    published: Arc<Published>,
    journal: Journal,
    watermark: Watermark,
    snapshots: Snapshots,
    repairs: SyncSender<Repair>,
    requests: Receiver<Repair>,
}

fn prepare(
    layout: &Layout,
    identity: &Identity,
    options: &StoreOptions,
) -> Result<Prepared, OpenError> {
    let recovered = recovery::recover(layout, identity, options)?;
    let Recovered { index, directory, journal, sealed, healings, .. } = recovered;
    let tag = frame::LogTag::of(identity.installation);
    let watermark = acknowledge_recovered(layout, &journal, index.next())?;
    disk::sync_directory(layout.root())?;
    let recent = RecentFrames::new(options.recent_bytes_max);
    let (repairs, requests) = sync_channel(REPAIRS_WAITING_MAX);
    let published = Published::new(tag, index, directory, Some(sealed), recent)
        .with_repairs(repairs.clone(), healings);
    let published = Arc::new(published);
    published.set_sealed_to(recovered.sealed_to);
    reseal_lost_tail(&published, recovered.sealed_mark)?;

    let every = options.index_snapshot_records;
    let snapshot_to = recovered.snapshot_to;
    let mut snapshots = Snapshots::after(layout, identity.installation, every, snapshot_to);
    snapshots.save(&published);
    Ok(Prepared { published, journal, watermark, snapshots, repairs, requests })
}

/// Seals the newest records again if a clean stop had sealed them and they were lost since.
fn reseal_lost_tail(published: &Published, mark: Position) -> Result<(), OpenError> {
    let (from, head) = (published.sealed_to(), published.head());
    let range = from.get() / sealed::RANGE_RECORDS;
    let Some(sealed) = published.sealed().filter(|_| mark > from && head > from) else {
        return Ok(());
    };
    let known = sealed.read(range).ok().flatten().map_or(0, |tail| tail.records.len());
    let until = head.min(from.plus(sealed::RANGE_RECORDS));
    if from.plus(known as u64) < mark
        && let Ok(Some(records)) = published.read_journal(from, until)
    {
        sealed.seal(range, &records)?;
        sealed.sync()?;
    }
    Ok(())
}

/// Makes what a crash left whole beyond the mark durable, and marks it: from now on it is shown.
fn acknowledge_recovered(
    layout: &Layout,
    journal: &Journal,
    head: Position,
) -> Result<Watermark, DiskError> {
    let marked = watermark::read(&layout.watermark())?;
    let mut watermark = Watermark::open(&layout.watermark())?;
    if marked < head {
        journal.sync()?;
        watermark.write(head)?;
    }
    Ok(watermark)
}

fn late(reason: &str) -> AppendError {
    AppendError::Unavailable { reason: reason.to_owned() }
}

impl Drop for LogStore {
    /// Stops the threads where they are. What waits in the queue may still be written.
    fn drop(&mut self) {
        let Some(running) = self.running().take() else { return };
        self.abandoned.store(true, Ordering::Relaxed);
        self.orders = None;
        running.abandon();
        self.published.close();
    }
}

#[async_trait]
impl EventStore for LogStore {
    async fn append(&self, commit: Commit, deadline: Instant) -> Result<Appended, AppendError> {
        let started = Instant::now();
        let bytes = check_limits(&commit)?;
        let id = commit.id;
        let unknown = |reason: &str| {
            Err(AppendError::OutcomeUnknown { commit: id, reason: reason.to_owned() })
        };
        let outcome = self.enqueue(commit, bytes, deadline).await?;
        let outcome = match timeout_at(deadline.into(), outcome).await {
            Ok(Ok(outcome)) => outcome,
            Ok(Err(_)) => unknown("the writer stopped before it answered"),
            Err(_) => unknown("no answer before the deadline"),
        };
        self.count(&outcome, started);
        outcome
    }

    async fn find_commit(&self, id: CommitId) -> Result<Option<Appended>, ReadError> {
        Ok(self.published.find_commit(id))
    }

    async fn read_stream(
        &self,
        stream: StreamId,
        from: StreamVersion,
        max: usize,
    ) -> Result<Vec<Record>, ReadError> {
        let positions = self.published.positions(stream, from, max);
        if positions.first().is_none_or(|&first| self.published.is_recent(first)) {
            return self.published.read_positions(&positions);
        }
        self.published.read_aside(move |published| published.read_positions(&positions)).await
    }

    async fn read_log(&self, from: Position, max: usize) -> Result<Vec<Record>, ReadError> {
        self.published.read_log(from, max).await
    }

    fn head(&self) -> Position {
        self.published.head()
    }

    fn subscribe(&self, from: Position) -> Subscription {
        subscription::follow(Arc::clone(&self.published), from)
    }
}
