//! A store that does what a replicated log may do to its callers: it is away for a while, loses
//! answers, shows an old state, delivers twice, breaks subscriptions off.
//!
//! What it never does is break the contract of [`EventStore`]: the log behind it stays whole. Code
//! that comes out right here does not count on more than the contract gives. Faults come by chance,
//! from a seed, or from a script.

mod dice;
mod faults;
mod subscription;

use std::{
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Instant,
};

use async_trait::async_trait;
use events::{CommitId, Position, StreamId, StreamVersion};

pub use self::faults::{AppendFault, ChaosCounts, ChaosPlan, DeliveryFault};
use self::{dice::Dice, faults::Script};
use crate::{
    error::{AppendError, ReadError},
    event_store::{Appended, Commit, EventStore, Subscription},
    record::Record,
};

/// A store in front of another one, which is the truth. Clones share their faults.
pub struct ChaosStore<S> {
    inner: Arc<S>,
    shared: Arc<Shared>,
}

/// What all handles and subscriptions share.
struct Shared {
    plan: ChaosPlan,
    script: Mutex<Script>,
    away: AtomicBool,
    frozen: AtomicBool,
    /// Reads show what stands before; only grows.
    shown: AtomicU64,
}

impl<S> Clone for ChaosStore<S> {
    fn clone(&self) -> Self {
        Self { inner: Arc::clone(&self.inner), shared: Arc::clone(&self.shared) }
    }
}

impl<S: EventStore> ChaosStore<S> {
    /// A store that plays `plan` on `inner`.
    pub fn new(inner: S, plan: ChaosPlan) -> Self {
        let shown = AtomicU64::new(inner.head().get());
        let script = Mutex::new(Script::new(Dice::new(plan.seed)));
        let (away, frozen) = (AtomicBool::new(false), AtomicBool::new(false));
        let shared = Shared { plan, script, away, frozen, shown };
        Self { inner: Arc::new(inner), shared: Arc::new(shared) }
    }

    /// The store behind it, where nothing goes wrong.
    #[must_use]
    pub fn inner(&self) -> &S {
        &self.inner
    }

    /// Says what happens to the next appends, one after the other; `None` goes well. The plan waits
    /// until the script is over.
    pub fn script_appends(&self, faults: impl IntoIterator<Item = Option<AppendFault>>) {
        self.shared.script().appends.extend(faults);
    }

    /// Says what happens to the next deliveries of records, as for appends.
    pub fn script_deliveries(&self, faults: impl IntoIterator<Item = Option<DeliveryFault>>) {
        self.shared.script().deliveries.extend(faults);
    }

    /// Takes the store away (nothing is stored or read, subscriptions break) or brings it back.
    pub fn set_away(&self, away: bool) {
        self.shared.away.store(away, Ordering::SeqCst);
    }

    /// Keeps reads at what they show now, or lets them go on. Subscriptions and appends go on.
    pub fn set_frozen(&self, frozen: bool) {
        self.shared.frozen.store(frozen, Ordering::SeqCst);
    }

    /// How often what happened.
    #[must_use]
    pub fn counts(&self) -> ChaosCounts {
        self.shared.script().counts
    }

    /// The position before which reads show everything.
    fn shown(&self) -> Position {
        let shared = &self.shared;
        let (head, shown) = (self.inner.head().get(), shared.shown.load(Ordering::SeqCst));
        let stale = head > shown && (shared.frozen.load(Ordering::SeqCst) || shared.falls_stale());
        if stale {
            shared.script().counts.stale_reads += 1;
            return Position::new(shown);
        }
        Position::new(shared.shown.fetch_max(head, Ordering::SeqCst).max(head))
    }

    /// Where reads go on, unless the store is away.
    fn readable(&self) -> Result<Position, ReadError> {
        if self.shared.is_away() {
            return Err(ReadError::Unavailable { reason: AWAY.to_owned() });
        }
        Ok(self.shown())
    }
}

const AWAY: &str = "the store is away";
const LOST: &str = "the answer was lost";

impl Shared {
    fn script(&self) -> MutexGuard<'_, Script> {
        self.script.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn is_away(&self) -> bool {
        self.away.load(Ordering::SeqCst)
    }

    fn falls_stale(&self) -> bool {
        self.script().dice.hits(self.plan.stale_per_mille)
    }

    fn append_fault(&self) -> Option<AppendFault> {
        if self.is_away() {
            return Some(AppendFault::Unavailable);
        }
        self.script().append_fault(&self.plan)
    }
}

#[async_trait]
impl<S: EventStore> EventStore for ChaosStore<S> {
    async fn append(&self, commit: Commit, deadline: Instant) -> Result<Appended, AppendError> {
        let id = commit.id;
        let lost = || AppendError::OutcomeUnknown { commit: id, reason: LOST.to_owned() };
        match self.shared.append_fault() {
            None => self.inner.append(commit, deadline).await,
            Some(AppendFault::Unavailable) => {
                Err(AppendError::Unavailable { reason: AWAY.to_owned() })
            }
            Some(AppendFault::UnknownWithoutStoring) => Err(lost()),
            Some(AppendFault::UnknownAfterStoring) => {
                self.inner.append(commit, deadline).await?;
                Err(lost())
            }
        }
    }

    async fn find_commit(&self, id: CommitId) -> Result<Option<Appended>, ReadError> {
        let shown = self.readable()?;
        let found = self.inner.find_commit(id).await?;
        Ok(found.filter(|appended| appended.next <= shown))
    }

    async fn read_stream(
        &self,
        stream: StreamId,
        from: StreamVersion,
        max: usize,
    ) -> Result<Vec<Record>, ReadError> {
        let shown = self.readable()?;
        let mut records = self.inner.read_stream(stream, from, max).await?;
        records.retain(|record| record.position() < shown);
        Ok(records)
    }

    async fn read_log(&self, from: Position, max: usize) -> Result<Vec<Record>, ReadError> {
        let shown = self.readable()?;
        let mut records = self.inner.read_log(from, max).await?;
        records.retain(|record| record.position() < shown);
        Ok(records)
    }

    fn head(&self) -> Position {
        self.shown()
    }

    fn subscribe(&self, from: Position) -> Subscription {
        subscription::disturbed(self.inner.subscribe(from), Arc::clone(&self.shared))
    }
}
