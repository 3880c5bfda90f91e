//! A clock that tells the simulated time while a history is generated, and the present afterwards.

use std::sync::atomic::{AtomicI64, Ordering};

use events::Timestamp;
use store::Clock;

use crate::clock::SystemClock;

/// Stands for the present; no history plays at the beginning of the calendar.
const PRESENT: i64 = i64::MIN;

/// A clock that moves through a history and arrives in the present.
#[derive(Debug)]
pub struct HistoryClock {
    microseconds: AtomicI64,
}

impl HistoryClock {
    /// A clock that tells the present.
    #[must_use]
    pub const fn present() -> Self {
        Self { microseconds: AtomicI64::new(PRESENT) }
    }

    /// Stands still at a moment of the history.
    pub fn set(&self, moment: Timestamp) {
        self.microseconds.store(moment.as_microseconds(), Ordering::SeqCst);
    }

    /// Tells the present from now on.
    pub fn arrive(&self) {
        self.microseconds.store(PRESENT, Ordering::SeqCst);
    }
}

impl Clock for HistoryClock {
    fn now(&self) -> Timestamp {
        match self.microseconds.load(Ordering::SeqCst) {
            PRESENT => SystemClock.now(),
            moment => Timestamp::from_microseconds(moment).unwrap_or(Timestamp::EPOCH),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clock_stands_in_the_history_until_it_arrives_in_the_present() {
        let before = SystemClock.now();
        let clock = HistoryClock::present();
        assert!(clock.now() >= before);
        clock.set(Timestamp::EPOCH.plus_hours(5));
        assert_eq!(clock.now(), Timestamp::EPOCH.plus_hours(5));
        clock.arrive();
        assert!(clock.now() >= before);
    }
}
