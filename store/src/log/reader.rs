//! What is published, and where to read it from: recent frames in memory, the journal, the sealed
//! log.
//!
//! The writer publishes a group only after it is durable; nothing here ever shows more than that.

use std::sync::{
    Arc, Mutex, MutexGuard, OnceLock, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard,
    atomic::{AtomicU64, Ordering},
    mpsc::SyncSender,
};

use async_trait::async_trait;
use events::{CommitId, Position, StreamId, StreamVersion};
use tokio::{sync::watch, task::spawn_blocking};

use super::{
    error::OpenError,
    frame::{Frame, FrameBuilder, LogTag},
    healing::{Healings, Repair},
    journal::{JournalDirectory, Written},
    recent::RecentFrames,
    sealed::{RANGE_RECORDS, SealedLog},
};
use crate::{
    error::ReadError,
    event_store::Appended,
    index::LogIndex,
    metric_definitions::LogMetrics,
    record::{Placement, Record},
    subscription::{Followed, Head},
};

/// How many records one trip to a blocking thread may read before it looks at the head again.
const RESERVE_RECORDS_MAX: usize = 4_096;

/// The published log, shared by readers, the writer and the sealer.
pub(crate) struct Published {
    pub(crate) metrics: LogMetrics,
    tag: LogTag,
    head: watch::Sender<Head>,
    index: RwLock<LogIndex>,
    recent: RwLock<RecentFrames>,
    directory: RwLock<JournalDirectory>,
    sealed: RwLock<Option<Arc<SealedLog>>>,
    sealed_to: AtomicU64,
    failure: OnceLock<String>,
    sealing_failure: OnceLock<String>,
    pub(crate) healings: Healings,
    repairs: Option<SyncSender<Repair>>,
    trimming: Mutex<()>,
}

impl Published {
    /// What was recovered, published as it is; without a sealed log, the journal has everything.
    pub(crate) fn new(
        tag: LogTag,
        index: LogIndex,
        directory: JournalDirectory,
        sealed: Option<SealedLog>,
        recent: RecentFrames,
    ) -> Self {
        let metrics = LogMetrics::new();
        metrics.head(index.next());
        metrics.failed.set(0.0);
        metrics.sealing_failed.set(0.0);
        Self {
            metrics,
            tag,
            head: watch::Sender::new(Head { position: index.next(), closed: false }),
            index: RwLock::new(index),
            recent: RwLock::new(recent),
            directory: RwLock::new(directory),
            sealed: RwLock::new(sealed.map(Arc::new)),
            sealed_to: AtomicU64::new(0),
            failure: OnceLock::new(),
            sealing_failure: OnceLock::new(),
            healings: Healings::default(),
            repairs: None,
            trimming: Mutex::new(()),
        }
    }

    /// Has what readers find damaged repaired; tells what was healed before.
    pub(crate) fn with_repairs(mut self, repairs: SyncSender<Repair>, healed: Healings) -> Self {
        self.repairs = Some(repairs);
        self.healings = healed;
        self
    }

    /// Makes a durable frame visible: records first, the head last.
    pub(crate) fn publish(&self, frame: &Frame, written: &Written, placements: &[Placement]) {
        write(&self.directory).push(written.sequence, &written.file, written.offset, frame);
        write(&self.recent).push(frame.clone());
        let mut index = write(&self.index);
        for placement in placements {
            if let Err(error) = index.apply(placement) {
                // Admission worked on this very index: it cannot be. Nothing wrong is published.
                self.fail(&format!("a record written does not follow: {error}"));
                return;
            }
        }
        drop(index);
        self.metrics.head(frame.next());
        self.head.send_modify(|head| head.position = frame.next());
    }

    /// The index, to be looked at briefly.
    pub(crate) fn index(&self) -> RwLockReadGuard<'_, LogIndex> {
        read(&self.index)
    }

    /// The published head.
    pub(crate) fn head(&self) -> Position {
        self.head.borrow().position
    }

    /// How far the log is sealed.
    pub(crate) fn sealed_to(&self) -> Position {
        Position::new(self.sealed_to.load(Ordering::Acquire))
    }

    /// Notes that everything before `position` is sealed and synced.
    pub(crate) fn set_sealed_to(&self, position: Position) {
        self.sealed_to.store(position.get(), Ordering::Release);
        self.metrics.sealed(position);
    }

    /// The sealed log, until the log is closed.
    pub(crate) fn sealed(&self) -> Option<Arc<SealedLog>> {
        read(&self.sealed).clone()
    }

    /// Stops appends for good: the disk did not do what it was told.
    pub(crate) fn fail(&self, reason: &str) {
        if self.failure.set(reason.to_owned()).is_ok() {
            tracing::error!(reason, "the log takes no appends until it is opened again");
            self.metrics.failed.set(1.0);
        }
    }

    /// Why the log takes no appends, if it does not.
    pub(crate) fn failure(&self) -> Option<&str> {
        self.failure.get().map(String::as_str)
    }

    /// Notes that sealing has stopped; the journal alone holds what follows.
    pub(crate) fn fail_sealing(&self, reason: &str) {
        if self.sealing_failure.set(reason.to_owned()).is_ok() {
            tracing::error!(reason, "records are no longer sealed: they stand in the journal only");
            self.metrics.sealing_failed.set(1.0);
        }
    }

    /// Why records are no longer sealed, if they are not.
    pub(crate) fn sealing_failure(&self) -> Option<&str> {
        self.sealing_failure.get().map(String::as_str)
    }

    /// Lets go of the sealed log and tells followers that nothing more will come.
    pub(crate) fn close(&self) {
        write(&self.sealed).take();
        self.head.send_modify(|head| head.closed = true);
    }

    /// The outcome of a commit within the window.
    pub(crate) fn find_commit(&self, id: CommitId) -> Option<Appended> {
        self.index().find_commit(id)
    }

    /// The published positions of a stream.
    pub(crate) fn positions(
        &self,
        stream: StreamId,
        from: StreamVersion,
        max: usize,
    ) -> Vec<Position> {
        let head = self.head();
        let positions = self.index().positions(stream, from, max);
        positions.into_iter().map(Position::new).take_while(|position| *position < head).collect()
    }

    /// Where the frames of the journal stand, to be looked at briefly.
    pub(crate) fn journal(&self) -> RwLockReadGuard<'_, JournalDirectory> {
        read(&self.directory)
    }

    /// Held by whoever drops segments: one at a time.
    pub(crate) fn trim_alone(&self) -> MutexGuard<'_, ()> {
        self.trimming.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Looks for nothing in the journal's oldest segment any more.
    pub(crate) fn forget_oldest_segment(&self) {
        write(&self.directory).drop_oldest();
    }

    /// True when everything from `position` on is in memory.
    pub(crate) fn is_recent(&self, position: Position) -> bool {
        read(&self.recent).first().is_some_and(|first| first <= position)
    }

    /// Reads single records.
    pub(crate) fn read_positions(&self, positions: &[Position]) -> Result<Vec<Record>, ReadError> {
        positions.iter().map(|&position| self.read_one(position)).collect()
    }

    fn read_one(&self, position: Position) -> Result<Record, ReadError> {
        if let Some(record) = read(&self.recent).record(position) {
            return record;
        }
        let run = read(&self.directory).frame_at(position);
        match run {
            Some(frame) => frame.read_record(position).or_else(|error| {
                let mut records = Vec::new();
                self.read_other_copy(position, position.next(), error, &mut records)?;
                records.pop().ok_or_else(|| missing(position))
            }),
            None => self
                .read_sealed(position, position.next())
                .and_then(|mut records| records.pop().ok_or_else(|| missing(position))),
        }
    }

    /// Reads published records in log order.
    pub(crate) fn read_range(&self, from: Position, max: usize) -> Result<Vec<Record>, ReadError> {
        let until = self.head().min(from.plus(max as u64));
        let mut records = Vec::new();
        let mut position = from;
        while position < until {
            let expected = usize::try_from(until.get() - position.get()).unwrap_or(usize::MAX);
            records.reserve(expected.min(RESERVE_RECORDS_MAX));
            let before = records.len();
            self.read_some(position, until, &mut records)?;
            if records.len() == before {
                return Err(missing(position));
            }
            position = position.plus((records.len() - before) as u64);
        }
        Ok(records)
    }

    /// Reads at least one record from the best place that has it.
    fn read_some(
        &self,
        from: Position,
        until: Position,
        records: &mut Vec<Record>,
    ) -> Result<(), ReadError> {
        {
            let recent = read(&self.recent);
            if recent.first().is_some_and(|first| first <= from) {
                return recent.records(from, until, records);
            }
        }
        let run = read(&self.directory).run_at(from, until);
        match run {
            Some(run) => {
                let before = records.len();
                let Err(error) = run.read_records(self.tag, from, until, records) else {
                    return Ok(());
                };
                if records.len() > before {
                    // The next turn begins at the damage.
                    return Ok(());
                }
                self.read_other_copy(from, until, error, records)
            }
            None => self.read_sealed(from, until).map(|found| records.extend(found)),
        }
    }

    /// Answers from the sealed log what the journal cannot, and has the journal repaired.
    fn read_other_copy(
        &self,
        from: Position,
        until: Position,
        error: ReadError,
        records: &mut Vec<Record>,
    ) -> Result<(), ReadError> {
        if let Some(repairs) = &self.repairs {
            // A request that is lost is made again by the next reader, or by the scrubber's walk.
            let _ = repairs.try_send(Repair::Around(from));
        }
        let found = self.sealed().and_then(|log| log.read(from.get() / RANGE_RECORDS).ok()?);
        let found = found.map(|range| range.records).unwrap_or_default();
        let before = records.len();
        let wanted = |record: &Record| (from..until).contains(&record.position());
        records.extend(found.into_iter().filter(wanted));
        if records.len() > before { Ok(()) } else { Err(error) }
    }

    /// Reads from the journal alone; `None` when it does not hold all of it.
    pub(crate) fn read_journal(
        &self,
        from: Position,
        until: Position,
    ) -> Result<Option<Vec<Record>>, ReadError> {
        let (mut records, mut position) = (Vec::new(), from);
        while position < until {
            let run = read(&self.directory).run_at(position, until);
            let Some(run) = run else { return Ok(None) };
            let before = records.len();
            run.read_records(self.tag, position, until, &mut records)?;
            if records.len() == before {
                return Err(missing(position));
            }
            position = position.plus((records.len() - before) as u64);
        }
        Ok(Some(records))
    }

    /// Writes the frame at `position` again if it is damaged; its positions, if it was.
    pub(crate) fn repair_frame(
        &self,
        position: Position,
    ) -> Result<Option<(Position, Position)>, ReadError> {
        let run = read(&self.directory).frame_at(position);
        let Some(run) = run else { return Ok(None) };
        let (first, next) = run.positions();
        if run.read_records(self.tag, first, next, &mut Vec::new()).is_ok() {
            return Ok(None);
        }
        let mut frame = FrameBuilder::new(self.tag, first, 0, 0);
        for record in self.read_beside_journal(first, next)? {
            frame.push(|buffer| buffer.extend_from_slice(record.bytes()));
        }
        run.rewrite(&frame.finish())?;
        run.read_records(self.tag, first, next, &mut Vec::new())?;
        Ok(Some((first, next)))
    }

    /// Reads from memory or the sealed log alone.
    fn read_beside_journal(
        &self,
        from: Position,
        until: Position,
    ) -> Result<Vec<Record>, ReadError> {
        let mut records = Vec::new();
        {
            let recent = read(&self.recent);
            if recent.first().is_some_and(|first| first <= from) {
                recent.records(from, until, &mut records)?;
                return Ok(records);
            }
        }
        let sealed = self.sealed();
        let mut position = from;
        while position < until {
            let range =
                sealed.as_ref().and_then(|log| log.read(position.get() / RANGE_RECORDS).ok()?);
            let found = range.map(|range| range.records).unwrap_or_default();
            let skip = usize::try_from(position.get() % RANGE_RECORDS).unwrap_or(usize::MAX);
            let wanted = until.get() - position.get();
            let before = records.len();
            let take = usize::try_from(wanted).unwrap_or(usize::MAX);
            records.extend(found.into_iter().skip(skip).take(take));
            if records.len() == before {
                return Err(missing(position));
            }
            position = position.plus((records.len() - before) as u64);
        }
        Ok(records)
    }

    /// Reads what the journal no longer holds, within one range.
    fn read_sealed(&self, from: Position, until: Position) -> Result<Vec<Record>, ReadError> {
        let Some(sealed) = self.sealed() else {
            let first = read(&self.directory).first().filter(|first| from < *first);
            let reason = first.map_or_else(|| "the log is closed".to_owned(), begins_at);
            return Err(ReadError::Unavailable { reason });
        };
        let mut records = sealed.read_complete(from.get() / RANGE_RECORDS)?;
        records.retain(|record| (from..until).contains(&record.position()));
        Ok(records)
    }

    /// Runs a read that may touch the disk where it holds no other task up.
    pub(crate) async fn read_aside<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&Self) -> Result<T, ReadError> + Send + 'static,
    ) -> Result<T, ReadError> {
        let published = Arc::clone(self);
        spawn_blocking(move || work(&published)).await.unwrap_or_else(|error| {
            Err(ReadError::Unavailable { reason: format!("the read was stopped: {error}") })
        })
    }

    /// Reads published records, at once if they are in memory.
    pub(crate) async fn read_log(
        self: &Arc<Self>,
        from: Position,
        max: usize,
    ) -> Result<Vec<Record>, ReadError> {
        if from >= self.head() || self.is_recent(from) {
            return self.read_range(from, max);
        }
        self.read_aside(move |published| published.read_range(from, max)).await
    }
}

#[async_trait]
impl Followed for Arc<Published> {
    async fn read_page(&self, from: Position, max: usize) -> Result<Vec<Record>, ReadError> {
        self.read_log(from, max).await
    }

    fn watch_head(&self) -> watch::Receiver<Head> {
        self.head.subscribe()
    }
}

/// Why a reader beside the writer has no records before a position.
pub(crate) fn begins_at(first: Position) -> String {
    OpenError::Pruned { first }.to_string()
}

fn missing(position: Position) -> ReadError {
    ReadError::Damaged { position, reason: "no copy of the log holds it".to_owned() }
}

/// A lock whose holder panicked still guards consistent data: changes are single steps.
fn read<T>(lock: &RwLock<T>) -> RwLockReadGuard<'_, T> {
    lock.read().unwrap_or_else(PoisonError::into_inner)
}

fn write<T>(lock: &RwLock<T>) -> RwLockWriteGuard<'_, T> {
    lock.write().unwrap_or_else(PoisonError::into_inner)
}
