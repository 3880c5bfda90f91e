//! How far is the runner, and is it stuck?

use std::time::Duration;

use events::Position;
use tokio::time::Instant;

use crate::rebuild::ReplayError;

/// What the runner is doing.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum RunnerPhase {
    /// It folds what was recorded before it started; nothing is published yet.
    CatchingUp,
    /// It publishes each group of commits as it comes.
    Live,
    /// It was asked to stop, or the log was closed.
    Stopped,
    /// It met a record that it cannot fold, and stopped there.
    Failed,
}

/// How far the runner is. A runner that is stuck is recognised by a lag together with the age of
/// its last advance; an idle one has no lag.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RunnerStatus {
    /// What it is doing.
    pub phase: RunnerPhase,
    /// How many events it has folded.
    pub position: Position,
    /// How many events the log has.
    pub head: Position,
    /// How long ago it last took events in (or started).
    pub last_advance_age: Duration,
    /// The last thing that went wrong, unless it has advanced since.
    pub last_error: Option<ReplayError>,
}

impl RunnerStatus {
    /// How many published events it has not folded yet.
    #[must_use]
    pub const fn lag_events(&self) -> u64 {
        self.head.get().saturating_sub(self.position.get())
    }

    /// True when answers may be given: it is live, and if it lags, it has advanced within
    /// `patience`.
    #[must_use]
    pub fn is_ready(&self, patience: Duration) -> bool {
        self.phase == RunnerPhase::Live
            && (self.lag_events() == 0 || self.last_advance_age <= patience)
    }
}

/// What the runner notes about itself.
#[derive(Debug)]
pub(crate) struct Progress {
    pub(crate) phase: RunnerPhase,
    pub(crate) position: Position,
    pub(crate) last_advance: Instant,
    pub(crate) last_error: Option<ReplayError>,
}

impl Progress {
    pub(crate) fn new() -> Self {
        Self {
            phase: RunnerPhase::CatchingUp,
            position: Position::START,
            last_advance: Instant::now(),
            last_error: None,
        }
    }

    pub(crate) fn advance(&mut self, position: Position) {
        self.position = position;
        self.last_advance = Instant::now();
        self.last_error = None;
    }

    pub(crate) fn status(&self, head: Position) -> RunnerStatus {
        RunnerStatus {
            phase: self.phase,
            position: self.position,
            head,
            last_advance_age: self.last_advance.elapsed(),
            last_error: self.last_error.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(phase: RunnerPhase, lag: u64, age_seconds: u64) -> RunnerStatus {
        RunnerStatus {
            phase,
            position: Position::new(10),
            head: Position::new(10 + lag),
            last_advance_age: Duration::from_secs(age_seconds),
            last_error: None,
        }
    }

    #[test]
    fn only_a_live_runner_that_moves_or_has_nothing_to_do_is_ready() {
        let patience = Duration::from_secs(5);
        assert!(status(RunnerPhase::Live, 0, 3600).is_ready(patience));
        assert!(status(RunnerPhase::Live, 100, 1).is_ready(patience));
        assert!(!status(RunnerPhase::Live, 1, 6).is_ready(patience));
        for phase in [RunnerPhase::CatchingUp, RunnerPhase::Stopped, RunnerPhase::Failed] {
            assert!(!status(phase, 0, 0).is_ready(patience));
        }
    }
}
