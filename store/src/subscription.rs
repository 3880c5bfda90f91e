//! How a follower sees the log: what is there, then what comes, page by page.
//!
//! Followers share one watched value with the writer, the published head, and read the log
//! themselves: a slow one costs nobody anything but its own lag.

use async_trait::async_trait;
use events::Position;
use futures::stream;
use tokio::sync::watch;

use crate::{
    error::ReadError,
    event_store::{COMMIT_EVENTS_MAX, Delivery, Subscription},
    record::Record,
};

/// How many records a follower reads at once; no commit is larger, so every page ends one.
const PAGE_RECORDS: usize = 1_024;
const _: () = assert!(PAGE_RECORDS >= COMMIT_EVENTS_MAX, "a page holds at least one commit");

/// The published end of a log.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct Head {
    /// The position after the last published event.
    pub(crate) position: Position,
    /// True when nothing will be published any more.
    pub(crate) closed: bool,
}

/// A log that can be followed.
#[async_trait]
pub(crate) trait Followed: Send + Sync + 'static {
    /// Reads published records from `from`.
    async fn read_page(&self, from: Position, max: usize) -> Result<Vec<Record>, ReadError>;

    /// The published head, as it moves.
    fn watch_head(&self) -> watch::Receiver<Head>;
}

struct Follower<L> {
    log: L,
    head: watch::Receiver<Head>,
    position: Position,
    announced: bool,
    ended: bool,
}

/// Follows a log from a position; ends after an error or once a closed log is delivered.
pub(crate) fn follow<L: Followed>(log: L, from: Position) -> Subscription {
    let head = log.watch_head();
    let follower = Follower { log, head, position: from, announced: false, ended: false };
    Box::pin(stream::unfold(follower, |mut follower| async move {
        let delivery = follower.next().await?;
        follower.ended = delivery.is_err();
        Some((delivery, follower))
    }))
}

impl<L: Followed> Follower<L> {
    async fn next(&mut self) -> Option<Result<Delivery, ReadError>> {
        loop {
            let head = *self.head.borrow_and_update();
            if self.ended {
                return None;
            } else if self.position < head.position {
                return Some(self.page().await);
            } else if !self.announced {
                self.announced = true;
                return Some(Ok(Delivery::CaughtUp(self.position)));
            } else if head.closed || self.head.changed().await.is_err() {
                return None;
            }
        }
    }

    async fn page(&mut self) -> Result<Delivery, ReadError> {
        let mut records = self.log.read_page(self.position, PAGE_RECORDS).await?;
        let whole = records.iter().rposition(|record| record.header().ends_commit());
        records.truncate(whole.map_or(0, |last| last + 1));
        let Some(last) = records.last() else {
            return Err(ReadError::Damaged {
                position: self.position,
                reason: "a page of records ends no commit".to_owned(),
            });
        };
        self.position = last.position().next();
        Ok(Delivery::Records(records))
    }
}
