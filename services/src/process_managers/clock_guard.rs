//! A clock that jumps ahead must not destroy anything: purging waits for the operator's word.

use std::time::Instant;

use events::Timestamp;

/// How far the clock may run ahead of what is known before the operator is asked.
const AHEAD_HOURS_MAX: i64 = 24;

/// Watches the clock against the monotonic clock and, at start, against the newest record.
pub(super) struct ClockGuard {
    started_at: Timestamp,
    started: Instant,
    ahead_at_start: bool,
}

impl ClockGuard {
    /// Begins to watch; `confirmed` is the operator's word that the clock at start is right.
    pub(super) fn new(now: Timestamp, newest_record: Option<Timestamp>, confirmed: bool) -> Self {
        let ahead =
            newest_record.is_some_and(|recorded| now > recorded.plus_hours(AHEAD_HOURS_MAX));
        Self { started_at: now, started: Instant::now(), ahead_at_start: ahead && !confirmed }
    }

    /// Whether the clock can be trusted now.
    pub(super) fn trusts(&self, now: Timestamp) -> bool {
        self.trusts_after(now, self.started.elapsed().as_secs())
    }

    fn trusts_after(&self, now: Timestamp, elapsed_seconds: u64) -> bool {
        let elapsed = i64::try_from(elapsed_seconds).unwrap_or(i64::MAX);
        let expected = self.started_at.plus_seconds(elapsed);
        !self.ahead_at_start && now <= expected.plus_hours(AHEAD_HOURS_MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_that_jumped_a_day_ahead_is_not_trusted() {
        let start = Timestamp::EPOCH;
        let guard = ClockGuard::new(start, Some(start), false);
        assert!(guard.trusts_after(start.plus_hours(25), 3600));
        assert!(!guard.trusts_after(start.plus_hours(25).plus_seconds(1), 3600));
    }

    #[test]
    fn at_start_the_newest_record_must_not_be_older_than_a_day_unless_the_operator_says_so() {
        let record = Timestamp::EPOCH;
        let now = record.plus_hours(25);
        assert!(!ClockGuard::new(now, Some(record), false).trusts_after(now, 0));
        assert!(ClockGuard::new(now, Some(record), true).trusts_after(now, 0));
        assert!(ClockGuard::new(now, None, false).trusts_after(now, 0));
    }
}
