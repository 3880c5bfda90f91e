//! How far each process is, for whoever watches them.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use events::{Position, Process, Timestamp};
use projections::ReadModel;
use serde_json::{Value, json};

use super::MANAGED;

/// How far one process is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct Progress {
    /// Everything that what was recorded before this position made due is done.
    position: Position,
    /// What went wrong last, and when: the sort of trouble only.
    last_error: Option<(&'static str, Timestamp)>,
    /// It waits for the operator's word about the clock.
    is_held: bool,
}

/// How far every process is.
#[derive(Default)]
pub(crate) struct ProcessBoard(Mutex<BTreeMap<&'static str, Progress>>);

impl ProcessBoard {
    pub(super) fn caught_up(&self, process: Process, position: Position) {
        self.entry(process, |progress| progress.position = position);
    }

    pub(super) fn troubled(&self, process: Process, code: &'static str, at: Timestamp) {
        self.entry(process, |progress| progress.last_error = Some((code, at)));
        metrics::counter!("partnerlog_process_failures_total", "process" => process.name(), "reason" => code)
            .increment(1);
    }

    pub(super) fn held(&self, process: Process, is_held: bool) {
        self.entry(process, |progress| progress.is_held = is_held);
    }

    /// How far the process is.
    pub(crate) fn of(&self, process: Process) -> Progress {
        self.lock().get(process.name()).copied().unwrap_or_default()
    }

    /// Every process as `/health/ready` tells of it.
    pub(crate) fn shown(&self, model: &ReadModel, head: Position, now: Timestamp) -> Value {
        let shown = |process: Process| {
            let progress = self.of(process);
            json!({
                "process": process.name(),
                "position": progress.position,
                "lagEvents": head.get().saturating_sub(progress.position.get()),
                "ageSeconds": age_seconds(model, process, now),
                "waiting": model.deadlines().waiting(process),
                "held": progress.is_held,
                "lastError": progress.last_error.map(|(code, at)| json!({ "code": code, "at": at })),
            })
        };
        MANAGED.into_iter().map(shown).collect()
    }

    /// Sets the gauges of every process.
    pub(crate) fn report(&self, model: &ReadModel, head: Position, now: Timestamp) {
        for process in MANAGED {
            let (progress, name) = (self.of(process), process.name());
            let lag = head.get().saturating_sub(progress.position.get());
            let waiting = model.deadlines().waiting(process);
            metrics::gauge!("partnerlog_process_position", "process" => name)
                .set(as_gauge(progress.position.get()));
            metrics::gauge!("partnerlog_process_lag_events", "process" => name).set(as_gauge(lag));
            metrics::gauge!("partnerlog_process_age_seconds", "process" => name)
                .set(as_gauge(age_seconds(model, process, now)));
            metrics::gauge!("partnerlog_process_waiting", "process" => name)
                .set(as_gauge(u64::try_from(waiting).unwrap_or(u64::MAX)));
            metrics::gauge!("partnerlog_process_held", "process" => name)
                .set(if progress.is_held { 1.0 } else { 0.0 });
        }
    }

    fn entry(&self, process: Process, change: impl FnOnce(&mut Progress)) {
        change(self.lock().entry(process.name()).or_default());
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<&'static str, Progress>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// For how long the oldest thing that the process has to do by now has been due, in seconds.
fn age_seconds(model: &ReadModel, process: Process, now: Timestamp) -> u64 {
    let due = model.deadlines().next(process).filter(|deadline| deadline.at <= now);
    due.map_or(0, |deadline| {
        let microseconds = now.as_microseconds().saturating_sub(deadline.at.as_microseconds());
        u64::try_from(microseconds / 1_000_000).unwrap_or(0)
    })
}

#[expect(clippy::cast_precision_loss, reason = "gauges are floats; positions are far below 2^53")]
const fn as_gauge(number: u64) -> f64 {
    number as f64
}

/// Says what the gauges and counters of processes mean.
pub(crate) fn describe_metrics() {
    use metrics::{describe_counter, describe_gauge};
    describe_gauge!(
        "partnerlog_process_position",
        "Events up to which everything that became due is done, for each process."
    );
    describe_gauge!("partnerlog_process_lag_events", "Events recorded after that position.");
    describe_gauge!(
        "partnerlog_process_age_seconds",
        "For how long the oldest thing not done has been due; 0 when nothing is."
    );
    describe_gauge!("partnerlog_process_waiting", "Things to do, now or later.");
    describe_gauge!("partnerlog_process_held", "1 while it waits for the operator's word.");
    describe_counter!(
        "partnerlog_process_failures_total",
        "Things that could not be done when they were due, by the sort of trouble."
    );
}
