//! Where a store takes the time of recording from.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use events::Timestamp;

/// A source of the present time.
pub trait Clock: Send + Sync + 'static {
    /// The present moment. It may go back; a store never records an earlier time than before.
    fn now(&self) -> Timestamp;
}

impl<C: Clock + ?Sized> Clock for Arc<C> {
    fn now(&self) -> Timestamp {
        (**self).now()
    }
}

/// A clock that moves only when it is told to: for tests, examples and simulated years.
#[derive(Debug)]
pub struct ManualClock {
    microseconds: AtomicI64,
}

impl ManualClock {
    /// A clock that stands at `moment`.
    #[must_use]
    pub fn new(moment: Timestamp) -> Self {
        Self { microseconds: AtomicI64::new(moment.as_microseconds()) }
    }

    /// Moves the clock to `moment`, forwards or back.
    pub fn set(&self, moment: Timestamp) {
        self.microseconds.store(moment.as_microseconds(), Ordering::SeqCst);
    }

    /// Moves the clock by `seconds`, back when negative.
    pub fn advance_seconds(&self, seconds: i64) {
        self.set(self.now().plus_seconds(seconds));
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_microseconds(self.microseconds.load(Ordering::SeqCst))
            .unwrap_or(Timestamp::EPOCH)
    }
}
