//! A log that is only read: nothing in its directory changes, not even the trace of a crash.
//!
//! A stopped log is locked and read as it is: from the journal, and what that no longer holds from a
//! copy of the sealed log, because opening that may change it. A log that another process writes
//! is followed without its lock, from the journal alone.

use std::{path::Path, sync::Arc, time::Instant};

use async_trait::async_trait;
use events::{CommitId, InstallationId, Position, StreamId, StreamVersion};
use futures::{StreamExt, stream};

use super::{
    error::OpenError,
    frame::LogTag,
    identity::{self, Identity, Lock},
    journal,
    layout::Layout,
    reader::{Published, begins_at},
    recent::RecentFrames,
    recovery,
    tail::Tail,
    verify::{SealedCopy, VerifyReport},
    watermark,
};
use crate::{
    error::{AppendError, ReadError},
    event_store::{Appended, Commit, EventStore, Subscription},
    index::{COMMIT_WINDOW_COMMITS, LogIndex},
    record::Record,
    subscription,
};

/// A log that is open only to be read.
pub struct LogReader {
    published: Arc<Published>,
    installation: InstallationId,
    held: Held,
}

/// What keeps the log readable.
enum Held {
    /// Nobody writes it meanwhile.
    Stopped { _copy: Option<SealedCopy>, _lock: Lock },
    /// Another process may write it.
    Followed(Tail),
}

impl LogReader {
    /// Opens the log in a directory to read it; blocks while the journal is read.
    ///
    /// # Errors
    /// When there is no log, it is another program's or a newer one's, it is open already, or
    /// anything acknowledged is damaged or missing.
    pub fn open(directory: &Path) -> Result<Self, OpenError> {
        let (layout, identity, lock) = identity::enter(directory)?;
        let tag = LogTag::of(identity.installation);
        let segments = recovery::segments(&layout, &identity, false)?;
        let mut index = LogIndex::new(COMMIT_WINDOW_COMMITS);
        let mut copy = None;
        if journal::first_position(&segments, tag)?.is_some_and(|first| first > Position::START) {
            copy = Some(sealed_copy(&layout, tag)?);
        }
        let sealed = copy.as_mut().and_then(SealedCopy::take);
        if let Some(sealed) = &sealed {
            recovery::load_before_journal(sealed, &segments, tag, &mut index)?;
        }
        let acknowledged = watermark::read(&layout.watermark())?;
        let scanned = recovery::scan_into(&mut index, &segments, tag, acknowledged)?;
        let recent = RecentFrames::new(0);
        let published = Published::new(tag, index, scanned.directory, sealed, recent);
        let held = Held::Stopped { _copy: copy, _lock: lock };
        Ok(Self { published: Arc::new(published), installation: identity.installation, held })
    }

    /// Opens the log in a directory to follow it while another process may write it; blocks while
    /// the journal is read. Takes no lock and delays nobody. Shows what is acknowledged, a few
    /// milliseconds later, and goes on when the writer stops and starts again.
    ///
    /// Where the journal was trimmed, what comes before its beginning cannot be read, nor can
    /// streams: such reads and subscriptions are refused with the position it begins at.
    ///
    /// # Errors
    /// When there is no log, it is another program's or a newer one's, or anything acknowledged is
    /// damaged or missing.
    pub fn follow(directory: &Path) -> Result<Self, OpenError> {
        let layout = Layout::new(directory);
        let identity = Identity::read(&layout)?;
        let (published, tail) = Tail::start(&layout, &identity)?;
        let installation = identity.installation;
        Ok(Self { published, installation, held: Held::Followed(tail) })
    }

    /// The installation the log belongs to.
    #[must_use]
    pub const fn installation(&self) -> InstallationId {
        self.installation
    }
}

fn sealed_copy(layout: &Layout, tag: LogTag) -> Result<SealedCopy, OpenError> {
    let mut report = VerifyReport::default();
    let copy = SealedCopy::open(layout, tag, &mut report)?;
    match report.problems.into_iter().next() {
        Some(problem) => Err(OpenError::Sealed { reason: problem.reason }),
        None => Ok(copy),
    }
}

impl Drop for LogReader {
    /// Ends subscriptions and lets go of the copy before it is removed.
    fn drop(&mut self) {
        self.published.close();
    }
}

#[async_trait]
impl EventStore for LogReader {
    async fn append(&self, _commit: Commit, _deadline: Instant) -> Result<Appended, AppendError> {
        Err(AppendError::Unavailable { reason: "it is open only to be read".to_owned() })
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
        if !self.published.index().knows_streams() {
            let first = self.published.journal().first().unwrap_or(Position::START);
            return Err(ReadError::Unavailable { reason: begins_at(first) });
        }
        let positions = self.published.positions(stream, from, max);
        self.published.read_aside(move |published| published.read_positions(&positions)).await
    }

    async fn read_log(&self, from: Position, max: usize) -> Result<Vec<Record>, ReadError> {
        self.published.read_log(from, max).await
    }

    fn head(&self) -> Position {
        self.published.head()
    }

    fn subscribe(&self, from: Position) -> Subscription {
        let deliveries = subscription::follow(Arc::clone(&self.published), from);
        match &self.held {
            Held::Stopped { .. } => deliveries,
            Held::Followed(tail) => {
                let fault = Arc::clone(tail.fault());
                let last = stream::once(async move { fault.get().cloned() });
                Box::pin(deliveries.chain(last.filter_map(|fault| async { fault.map(Err) })))
            }
        }
    }
}
