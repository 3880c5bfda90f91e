//! How does a test wait: for a condition, with a deadline, never for a time.

use std::{
    thread,
    time::{Duration, Instant},
};

/// How long a condition may take to come true, in seconds; far beyond what a loaded machine needs.
pub(crate) const DEADLINE_SECONDS: u64 = 60;
const POLL_MILLISECONDS: u64 = 10;

/// Asks again and again until there is an answer.
///
/// # Panics
/// When there is none before the deadline.
#[track_caller]
pub fn until<T>(what: &str, mut ask: impl FnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + Duration::from_secs(DEADLINE_SECONDS);
    loop {
        if let Some(answer) = ask() {
            return answer;
        }
        assert!(Instant::now() < deadline, "no {what} within {DEADLINE_SECONDS} seconds");
        thread::sleep(Duration::from_millis(POLL_MILLISECONDS));
    }
}
