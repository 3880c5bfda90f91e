//! Folded aggregates: a cache of states and the locks that make commands on one aggregate queue.

use std::{
    any::Any,
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError, Weak},
};

use commands::Decider;
use events::{Event, Position, StreamId, StreamVersion};
use quick_cache::sync::Cache;
use store::{EventStore, ReadError};
use tokio::sync::{Mutex as AsyncMutex, OwnedMutexGuard};

/// Folded states kept at hand.
const CACHED_AGGREGATES_MAX: usize = 16_384;
/// Records read at once while folding.
const FOLD_PAGE_RECORDS: usize = 512;

/// A decider whose state can be kept in the cache.
pub(crate) trait Aggregate: Decider<State: Clone + Send + Sync + 'static> {}

impl<D: Decider<State: Clone + Send + Sync + 'static>> Aggregate for D {}

/// A folded state and the version it was folded up to.
pub(crate) struct Folded<S> {
    pub(crate) version: StreamVersion,
    /// A reader of the log that has come this far has seen all that was folded.
    pub(crate) seen_at: Position,
    /// Shared with the cache: looked at far more often than it is folded further.
    pub(crate) state: Arc<S>,
}

impl<S> Clone for Folded<S> {
    fn clone(&self) -> Self {
        Self { version: self.version, seen_at: self.seen_at, state: Arc::clone(&self.state) }
    }
}

impl<S: Clone> Folded<S> {
    /// The same stream with one event more.
    fn fold<A: Aggregate<State = S>>(
        self,
        event: &Event,
        position: Position,
    ) -> Result<Self, ReadError> {
        let event = A::own(event).ok_or_else(|| ReadError::Damaged {
            position,
            reason: "an event of another kind stands in this stream".to_owned(),
        })?;
        Ok(Self {
            version: self.version.next(),
            seen_at: position.next(),
            state: Arc::new(A::evolve(Arc::unwrap_or_clone(self.state), event)),
        })
    }
}

/// Events of one stream that one commit recorded, as they stand in the log.
pub(crate) struct Recorded<'a> {
    pub(crate) stream: StreamId,
    /// The stream's version before them.
    pub(crate) after: StreamVersion,
    /// Where the first of them stands; the others follow it without a gap.
    pub(crate) first: Position,
    /// Sealed, as the log has them.
    pub(crate) events: &'a [Event],
}

/// The folded aggregates of an installation.
pub(crate) struct Aggregates {
    store: Arc<dyn EventStore>,
    cache: Cache<StreamId, Arc<dyn Any + Send + Sync>>,
    locks: Mutex<HashMap<StreamId, Weak<AsyncMutex<()>>>>,
}

impl Aggregates {
    pub(crate) fn new(store: Arc<dyn EventStore>) -> Self {
        Self { store, cache: Cache::new(CACHED_AGGREGATES_MAX), locks: Mutex::default() }
    }

    /// Waits until no other command works on the aggregate.
    pub(crate) async fn lock(&self, stream: StreamId) -> OwnedMutexGuard<()> {
        let lock = {
            let mut locks = self.locks.lock().unwrap_or_else(PoisonError::into_inner);
            if locks.len() >= CACHED_AGGREGATES_MAX {
                locks.retain(|_, lock| lock.strong_count() > 0);
            }
            let held = locks.get(&stream).and_then(Weak::upgrade);
            held.unwrap_or_else(|| {
                let lock = Arc::new(AsyncMutex::new(()));
                locks.insert(stream, Arc::downgrade(&lock));
                lock
            })
        };
        lock.lock_owned().await
    }

    /// The state at the stream's head: what is cached, and what came since.
    pub(crate) async fn load<A: Aggregate>(
        &self,
        stream: StreamId,
    ) -> Result<Folded<A::State>, ReadError> {
        let mut folded = self.cached::<A>(stream);
        let cached_version = folded.version;
        loop {
            let from = folded.version.next();
            let records = self.store.read_stream(stream, from, FOLD_PAGE_RECORDS).await?;
            let page = records.len();
            for record in records {
                let event = record.decode()?;
                folded = folded.fold::<A>(&event.event, event.position)?;
            }
            if page < FOLD_PAGE_RECORDS {
                break;
            }
        }
        if folded.version != cached_version {
            self.keep::<A>(stream, &folded);
        }
        Ok(folded)
    }

    /// Folds what was recorded just now onto the state at hand, if that is the one right before it:
    /// the next command need not read it back from the log.
    pub(crate) fn advance<A: Aggregate>(&self, recorded: &Recorded<'_>) {
        let mut folded = self.cached::<A>(recorded.stream);
        if folded.version != recorded.after {
            return;
        }
        let mut position = recorded.first;
        for event in recorded.events {
            // What cannot be folded is told to whoever reads it from the log.
            let Ok(further) = folded.fold::<A>(event, position) else { return };
            folded = further;
            position = position.next();
        }
        self.keep::<A>(recorded.stream, &folded);
    }

    /// Remembers a state for the next command.
    fn keep<A: Aggregate>(&self, stream: StreamId, folded: &Folded<A::State>) {
        self.cache.insert(stream, Arc::new(folded.clone()));
    }

    fn cached<A: Aggregate>(&self, stream: StreamId) -> Folded<A::State> {
        self.cache.get(&stream).and_then(|any| any.downcast::<Folded<A::State>>().ok()).map_or_else(
            || Folded {
                version: StreamVersion::NONE,
                seen_at: Position::START,
                state: Arc::default(),
            },
            |folded| (*folded).clone(),
        )
    }
}
