//! Every metric of the log: its name, its unit, what it says.

use std::time::Duration;

use events::Position;
use metrics::{Counter, Gauge, Histogram, Unit};

/// From queueing a commit to its acknowledgement.
pub const APPEND_SECONDS: &str = "partnerlog_log_append_seconds";
/// One sync of the journal (fdatasync), without the write before it.
pub const SYNC_SECONDS: &str = "partnerlog_log_sync_seconds";
/// Commits that share one sync.
pub const GROUP_COMMITS: &str = "partnerlog_log_group_commits";
/// Bytes of one frame.
pub const FRAME_BYTES: &str = "partnerlog_log_frame_bytes";
/// Commits acknowledged as newly recorded.
pub const COMMITS_TOTAL: &str = "partnerlog_log_commits_total";
/// Appends answered with a conflict.
pub const CONFLICTS_TOTAL: &str = "partnerlog_log_conflicts_total";
/// Commits that waited for the writer when it began its newest group, those of the group included;
/// 0 once nothing waits.
pub const QUEUED_COMMITS: &str = "partnerlog_log_queued_commits";
/// The published head.
pub const HEAD_POSITION: &str = "partnerlog_log_head_position";
/// The position up to which records are sealed.
pub const SEALED_POSITION: &str = "partnerlog_log_sealed_position";
/// 1 while the log takes no appends because the disk failed.
pub const FAILED: &str = "partnerlog_log_failed";
/// 1 while sealing has stopped because it failed.
pub const SEALING_FAILED: &str = "partnerlog_log_sealing_failed";
/// Damages in one copy that were made good from the other, by `part`.
pub const HEALED_TOTAL: &str = "partnerlog_log_healed_total";
/// Damages that no other copy could make good, found while the log was open.
pub const UNHEALED_TOTAL: &str = "partnerlog_log_unhealed_total";
/// Bytes that the scrubber compared in both copies.
pub const SCRUBBED_BYTES_TOTAL: &str = "partnerlog_log_scrubbed_bytes_total";

/// Tells the installed recorder what the metrics of the log mean.
pub fn describe_metrics() {
    for (name, unit, text) in [
        (APPEND_SECONDS, Unit::Seconds, "From queueing a commit to its acknowledgement"),
        (SYNC_SECONDS, Unit::Seconds, "One sync (fdatasync) of the journal"),
        (GROUP_COMMITS, Unit::Count, "Commits that share one sync"),
        (FRAME_BYTES, Unit::Bytes, "Bytes of one journal frame"),
    ] {
        metrics::describe_histogram!(name, unit, text);
    }
    metrics::describe_counter!(COMMITS_TOTAL, Unit::Count, "Commits newly recorded");
    metrics::describe_counter!(CONFLICTS_TOTAL, Unit::Count, "Appends answered with a conflict");
    for (name, unit, text) in [
        (HEALED_TOTAL, Unit::Count, "Damages made good from the other copy"),
        (UNHEALED_TOTAL, Unit::Count, "Damages that no other copy could make good"),
        (SCRUBBED_BYTES_TOTAL, Unit::Bytes, "Bytes compared in both copies"),
    ] {
        metrics::describe_counter!(name, unit, text);
    }
    for (name, text) in [
        (QUEUED_COMMITS, "Commits that wait for the writer"),
        (HEAD_POSITION, "The number of published events"),
        (SEALED_POSITION, "The number of sealed events"),
        (FAILED, "1 while the log takes no appends because the disk failed"),
        (SEALING_FAILED, "1 while sealing has stopped because it failed"),
    ] {
        metrics::describe_gauge!(name, Unit::Count, text);
    }
}

/// Counts one healing; there are few, so no handle is kept.
pub(crate) fn count_healed(part: &'static str) {
    metrics::counter!(HEALED_TOTAL, "part" => part).increment(1);
}

/// Handles of the log's metrics, taken once: the recorder must be installed before the log opens.
pub(crate) struct LogMetrics {
    pub(crate) append_seconds: Histogram,
    pub(crate) sync_seconds: Histogram,
    pub(crate) group_commits: Histogram,
    pub(crate) frame_bytes: Histogram,
    pub(crate) commits: Counter,
    pub(crate) conflicts: Counter,
    pub(crate) unhealed: Counter,
    pub(crate) scrubbed_bytes: Counter,
    queued: Gauge,
    head: Gauge,
    sealed: Gauge,
    pub(crate) failed: Gauge,
    pub(crate) sealing_failed: Gauge,
}

impl LogMetrics {
    /// The handles of the recorder that is installed.
    pub(crate) fn new() -> Self {
        Self {
            append_seconds: metrics::histogram!(APPEND_SECONDS),
            sync_seconds: metrics::histogram!(SYNC_SECONDS),
            group_commits: metrics::histogram!(GROUP_COMMITS),
            frame_bytes: metrics::histogram!(FRAME_BYTES),
            commits: metrics::counter!(COMMITS_TOTAL),
            conflicts: metrics::counter!(CONFLICTS_TOTAL),
            unhealed: metrics::counter!(UNHEALED_TOTAL),
            scrubbed_bytes: metrics::counter!(SCRUBBED_BYTES_TOTAL),
            queued: metrics::gauge!(QUEUED_COMMITS),
            head: metrics::gauge!(HEAD_POSITION),
            sealed: metrics::gauge!(SEALED_POSITION),
            failed: metrics::gauge!(FAILED),
            sealing_failed: metrics::gauge!(SEALING_FAILED),
        }
    }

    /// Notes how many commits wait.
    pub(crate) fn queued(&self, commits: usize) {
        self.queued.set(count_value(commits));
    }

    /// Notes the published head.
    pub(crate) fn head(&self, position: Position) {
        self.head.set(gauge_value(position));
    }

    /// Notes how far the log is sealed.
    pub(crate) fn sealed(&self, position: Position) {
        self.sealed.set(gauge_value(position));
    }

    /// Notes one group made durable.
    pub(crate) fn group(&self, commits: usize, frame_bytes: usize, sync: Duration) {
        self.group_commits.record(count_value(commits));
        self.frame_bytes.record(count_value(frame_bytes));
        self.sync_seconds.record(sync);
    }
}

#[expect(clippy::cast_precision_loss, reason = "exact up to 2^53 events, and a metric beyond")]
fn gauge_value(position: Position) -> f64 {
    position.get() as f64
}

#[expect(clippy::cast_precision_loss, reason = "counts of one group are small")]
fn count_value(count: usize) -> f64 {
    count as f64
}
