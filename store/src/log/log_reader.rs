//! A log that is only read: nothing in its directory changes, not even the trace of a crash.
//!
//! Everything is read from the journal. Only what the journal no longer holds is read from a copy of
//! the sealed log, because opening that may change it.

use std::{path::Path, sync::Arc, time::Instant};

use async_trait::async_trait;
use events::{CommitId, InstallationId, Position, StreamId, StreamVersion};

use super::{
    error::OpenError,
    frame::LogTag,
    identity::{self, Identity, Lock},
    journal,
    layout::Layout,
    reader::Published,
    recent::RecentFrames,
    recovery,
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

/// A log that nobody writes to while it is open here.
pub struct LogReader {
    published: Arc<Published>,
    installation: InstallationId,
    _copy: Option<SealedCopy>,
    _lock: Lock,
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
        Ok(Self::new(published, &identity, copy, lock))
    }

    fn new(
        published: Published,
        identity: &Identity,
        copy: Option<SealedCopy>,
        lock: Lock,
    ) -> Self {
        let installation = identity.installation;
        Self { published: Arc::new(published), installation, _copy: copy, _lock: lock }
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
        subscription::follow(Arc::clone(&self.published), from)
    }
}
