//! Keeps a reader up with a log that another process writes: asks the acknowledged mark every few
//! milliseconds and publishes the frames below it.

use std::{
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, JoinHandle},
    time::Duration,
};

use events::Position;

use super::{
    disk::DiskError,
    error::OpenError,
    frame::{Frame, LogTag},
    identity::Identity,
    journal::{JournalCursor, JournalDirectory, Segment, Written},
    layout::Layout,
    reader::Published,
    recent::RecentFrames,
    watermark,
};
use crate::{
    error::ReadError,
    index::{COMMIT_WINDOW_COMMITS, LogIndex},
    record::{Placement, RecordError},
};

/// How often the mark is read: a follower in another process is behind by about this much.
const POLL_INTERVAL: Duration = Duration::from_millis(20);
/// How many bytes of the newest records are kept in memory.
const RECENT_BYTES_MAX: usize = 4 << 20;

/// What goes on reading in the background, until it is dropped.
pub(super) struct Tail {
    fault: Arc<OnceLock<ReadError>>,
    stopping: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Tail {
    /// Reads everything acknowledged, then goes on in the background.
    pub(super) fn start(
        layout: &Layout,
        identity: &Identity,
    ) -> Result<(Arc<Published>, Self), OpenError> {
        let first = trimmed_to(layout, identity)?;
        let index = LogIndex::beginning_at(first, COMMIT_WINDOW_COMMITS);
        let (directory, recent) =
            (JournalDirectory::default(), RecentFrames::new(RECENT_BYTES_MAX));
        let tag = LogTag::of(identity.installation);
        let published = Arc::new(Published::new(tag, index, directory, None, recent));
        let cursor = JournalCursor::new(layout, identity, first);
        let mut reading =
            Reading { cursor, layout: layout.clone(), published: Arc::clone(&published) };
        reading.catch_up()?;

        let (fault, stopping) = (Arc::default(), Arc::new(AtomicBool::new(false)));
        let (noted, stop) = (Arc::clone(&fault), Arc::clone(&stopping));
        let spawned = thread::Builder::new()
            .name("log-tail".to_owned())
            .spawn(move || reading.run(&stop, &noted));
        let thread =
            spawned.map_err(|error| DiskError::new("start a thread for", layout.root(), &error))?;
        Ok((published, Self { fault, stopping, thread: Some(thread) }))
    }

    /// Why following ended, if it did; known once the published head is closed.
    pub(super) const fn fault(&self) -> &Arc<OnceLock<ReadError>> {
        &self.fault
    }
}

impl Drop for Tail {
    fn drop(&mut self) {
        self.stopping.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            thread.thread().unpark();
            let _ = thread.join();
        }
    }
}

struct Reading {
    cursor: JournalCursor,
    layout: Layout,
    published: Arc<Published>,
}

impl Reading {
    fn run(mut self, stopping: &AtomicBool, fault: &OnceLock<ReadError>) {
        while !stopping.load(Ordering::Relaxed) {
            if let Err(error) = self.catch_up() {
                let _ = fault.set(error.into());
                break;
            }
            thread::park_timeout(POLL_INTERVAL);
        }
        self.published.close();
    }

    /// Publishes what was acknowledged since the last time. The mark is read first: everything
    /// below it is whole by then.
    fn catch_up(&mut self) -> Result<(), OpenError> {
        let acknowledged = watermark::read(&self.layout.watermark())?;
        let published = &self.published;
        self.cursor.read_to(acknowledged, |segment, offset, frame| {
            publish(published, segment, offset, frame)
        })
    }
}

/// The first position the journal holds, if what came before was dropped on purpose.
fn trimmed_to(layout: &Layout, identity: &Identity) -> Result<Position, OpenError> {
    let begin = watermark::read(&layout.journal_begin())?;
    let held = JournalCursor::new(layout, identity, begin).first_held()?;
    // A segment that was dropped this moment, or is about to be: the mark comes first.
    Ok(held.map_or(begin, |held| held.min(begin)))
}

fn publish(
    published: &Published,
    segment: &Segment,
    offset: u64,
    frame: &Frame,
) -> Result<(), OpenError> {
    let placements: Result<Vec<Placement>, RecordError> =
        frame.records().map(|record| record.map(|record| record.header().placement())).collect();
    let damaged = |reason: String| OpenError::Damaged { position: frame.first(), reason };
    let placements = placements.map_err(|error| damaged(error.to_string()))?;
    let (sequence, file) = (segment.sequence, Arc::clone(&segment.file));
    let written = Written { sequence, file, offset, synced_in: Duration::ZERO };
    published.publish(frame, &written, &placements);
    published.failure().map_or(Ok(()), |reason| Err(damaged(reason.to_owned())))
}

impl From<OpenError> for ReadError {
    fn from(error: OpenError) -> Self {
        match error {
            OpenError::Damaged { position, reason } => Self::Damaged { position, reason },
            OpenError::NotFound { .. }
            | OpenError::NotOurs { .. }
            | OpenError::NotEmpty { .. }
            | OpenError::Locked { .. }
            | OpenError::NewerFormat { .. }
            | OpenError::OlderFormat { .. }
            | OpenError::Pruned { .. }
            | OpenError::Sealed { .. }
            | OpenError::Io(_) => Self::Unavailable { reason: error.to_string() },
        }
    }
}
