//! Every metric this crate reports, with its meaning.

use events::Position;
use metrics::{Unit, counter, describe_counter, describe_gauge, gauge};

use crate::progress::RunnerStatus;

const POSITION: &str = "partnerlog_projection_position";
const LAG: &str = "partnerlog_projection_lag_events";
const AGE: &str = "partnerlog_projection_last_advance_age_seconds";
const APPLIED: &str = "partnerlog_projection_events_applied_total";
const KEPT_VERSIONS: &str = "partnerlog_projection_kept_versions";
const FAILURES: &str = "partnerlog_projection_failures_total";

/// Describes the metrics to the installed recorder; call once at start.
pub fn describe_metrics() {
    describe_gauge!(POSITION, "events in the published read model");
    describe_gauge!(LAG, "published events that are not in the read model yet");
    describe_gauge!(AGE, Unit::Seconds, "how long ago the read model last took events in");
    describe_counter!(APPLIED, "events folded into the read model since the start");
    describe_gauge!(KEPT_VERSIONS, "whole versions of the read model kept for as-of reads");
    describe_counter!(FAILURES, "times the runner could not go on");
}

/// Reports how far the runner is now. To be called whenever the metrics are read: a runner that is
/// stuck reports nothing by itself.
#[expect(clippy::cast_precision_loss, reason = "gauges are floats; exact up to 2^53 events")]
pub fn report_status(status: &RunnerStatus) {
    gauge!(POSITION).set(status.position.get() as f64);
    gauge!(LAG).set(status.lag_events() as f64);
    gauge!(AGE).set(status.last_advance_age.as_secs_f64());
}

#[expect(clippy::cast_precision_loss, reason = "gauges are floats; exact up to 2^53 events")]
pub(crate) fn advanced(position: Position, head: Position, events: u64, kept: usize) {
    gauge!(POSITION).set(position.get() as f64);
    gauge!(LAG).set(head.get().saturating_sub(position.get()) as f64);
    counter!(APPLIED).increment(events);
    gauge!(KEPT_VERSIONS).set(kept as f64);
}

pub(crate) fn failed() {
    counter!(FAILURES).increment(1);
}
