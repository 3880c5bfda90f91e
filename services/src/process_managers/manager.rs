//! The one loop that all process managers run: look what is due, do it, wait for news or the clock.

use std::{sync::Arc, time::Duration};

use events::{Process, Timestamp};
use projections::Deadline;
use tokio_util::sync::CancellationToken;

use super::{
    clock_guard::ClockGuard,
    work::{self, Trouble},
};
use crate::{application::Application, mail::Post};

/// How often the clock is looked at while nothing happens.
const TICK_SECONDS: u64 = 30;
/// How long news are collected before they are looked at.
const NEWS_MILLISECONDS: u64 = 20;
/// Things taken from the queue at once.
const BATCH_DEADLINES: usize = 500;
/// How long to wait before trying again what did not work, at first and at most.
const PAUSE_MIN: Duration = Duration::from_secs(1);
const PAUSE_MAX: Duration = Duration::from_mins(1);

/// What a look at the queue led to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Pass {
    /// Nothing is due any more.
    CaughtUp,
    /// Something is due that could not be done.
    Troubled,
}

/// One process that acts by itself.
pub(super) struct Manager {
    app: Arc<Application>,
    post: Arc<Post>,
    process: Process,
    guard: Option<ClockGuard>,
}

impl Manager {
    pub(super) const fn new(
        app: Arc<Application>,
        post: Arc<Post>,
        process: Process,
        guard: Option<ClockGuard>,
    ) -> Self {
        Self { app, post, process, guard }
    }

    /// Acts until it is stopped; what is under way then is finished first.
    pub(super) async fn run(self, stop: CancellationToken) {
        let mut updates = self.app.models().updates();
        let mut pause = PAUSE_MIN;
        while !stop.is_cancelled() {
            updates.mark_unchanged();
            let wait = match self.pass(&stop).await {
                Pass::CaughtUp => {
                    pause = PAUSE_MIN;
                    self.until_next()
                }
                Pass::Troubled => {
                    let _ = stop.run_until_cancelled(tokio::time::sleep(pause)).await;
                    pause = (pause * 2).min(PAUSE_MAX);
                    continue;
                }
            };
            let news = async {
                if updates.changed().await.is_err() {
                    std::future::pending::<()>().await;
                }
                tokio::time::sleep(Duration::from_millis(NEWS_MILLISECONDS)).await;
            };
            tokio::select! {
                () = stop.cancelled() => {}
                () = news => {}
                () = tokio::time::sleep(wait) => {}
            }
        }
    }

    /// Does everything that is due now. What cannot be done does not keep the rest from being done.
    async fn pass(&self, stop: &CancellationToken) -> Pass {
        if self.is_held() {
            return Pass::CaughtUp;
        }
        let mut after = None;
        let mut outcome = Pass::CaughtUp;
        loop {
            let model = self.app.models().current();
            let now = self.app.now();
            let batch = model.deadlines().due(self.process, now, after, BATCH_DEADLINES);
            for deadline in &batch {
                if stop.is_cancelled() {
                    return outcome;
                }
                if let Err(trouble) = work::carry_out(&self.app, &self.post, *deadline).await {
                    self.tell(&trouble, *deadline, now);
                    outcome = Pass::Troubled;
                }
            }
            after = batch.last().copied();
            if batch.len() < BATCH_DEADLINES {
                if outcome == Pass::CaughtUp {
                    self.app.processes.caught_up(self.process, model.position());
                }
                return outcome;
            }
        }
    }

    /// Whether the clock cannot be trusted with what this process does.
    fn is_held(&self) -> bool {
        let Some(guard) = &self.guard else { return false };
        let is_held = !guard.trusts(self.app.now());
        self.app.processes.held(self.process, is_held);
        if is_held {
            tracing::warn!(
                process = self.process.name(),
                "the clock is more than a day ahead: nothing is done until partnerlog is started \
                 with --confirm-clock"
            );
        }
        is_held
    }

    fn tell(&self, trouble: &Trouble, deadline: Deadline, now: Timestamp) {
        self.app.processes.troubled(self.process, trouble.code(), now);
        tracing::warn!(
            process = self.process.name(),
            due = ?deadline.due,
            error = trouble as &dyn std::error::Error,
            "what is due was not done"
        );
    }

    /// How long until the next thing is due, as far as the clock goes on as it does.
    fn until_next(&self) -> Duration {
        let tick = Duration::from_secs(TICK_SECONDS);
        let next = self.app.models().current().deadlines().next(self.process);
        let Some(next) = next else { return tick };
        let left = next.at.as_microseconds().saturating_sub(self.app.now().as_microseconds());
        // What is due now and yet not done is held, or news of it are on their way.
        let left = u64::try_from(left).map_or(tick, Duration::from_micros);
        left.clamp(Duration::from_millis(NEWS_MILLISECONDS), tick)
    }
}

#[cfg(test)]
mod tests;
