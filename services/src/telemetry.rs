//! What the program says about itself: traces to standard error, metrics for scraping.

use std::io::{self, IsTerminal};

use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use store::metric_definitions::GROUP_COMMITS;
use tracing_subscriber::{EnvFilter, fmt, layer::SubscriberExt, util::SubscriberInitExt};

use crate::process_managers;

/// The variable that says what is traced, as in `PARTNERLOG_LOG=store=debug,info`.
const FILTER_VARIABLE: &str = "PARTNERLOG_LOG";

/// The upper bounds of durations in histograms: from a fast sync to a request given up.
const SECONDS_BUCKETS: [f64; 16] = [
    0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5,
    10.0, 30.0,
];
/// The upper bounds of how many commits share a sync.
const COMMITS_BUCKETS: [f64; 9] = [1.0, 2.0, 4.0, 8.0, 16.0, 64.0, 256.0, 1_024.0, 4_096.0];

/// How traces are written.
#[derive(Clone, Copy, PartialEq, Eq, Debug, clap::ValueEnum)]
pub(crate) enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

/// Begins tracing; a second call changes nothing.
pub(crate) fn start_tracing(format: LogFormat, default_filter: &str) {
    let filter =
        EnvFilter::try_from_env(FILTER_VARIABLE).unwrap_or_else(|_| EnvFilter::new(default_filter));
    let registry = tracing_subscriber::registry().with(filter);
    let started = match format {
        LogFormat::Text => {
            let colours = io::stderr().is_terminal();
            let layer = fmt::layer().with_ansi(colours).with_writer(io::stderr);
            registry.with(layer).try_init()
        }
        LogFormat::Json => registry.with(fmt::layer().json().with_writer(io::stderr)).try_init(),
    };
    drop(started);
}

/// Begins collecting metrics; before the log is opened, which registers its instruments then.
///
/// Where a recorder is installed already, the handle shows nothing.
pub(crate) fn start_metrics() -> PrometheusHandle {
    let buckets = PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &SECONDS_BUCKETS)
        .and_then(|builder| {
            let commits = Matcher::Full(GROUP_COMMITS.to_owned());
            builder.set_buckets_for_metric(commits, &COMMITS_BUCKETS)
        });
    // Bounds that are not taken, which are constant, would cost the buckets and nothing else.
    let recorder = buckets.unwrap_or_else(|_| PrometheusBuilder::new()).build_recorder();
    let handle = recorder.handle();
    if metrics::set_global_recorder(recorder).is_ok() {
        store::metric_definitions::describe_metrics();
        projections::describe_metrics();
        process_managers::describe_metrics();
    }
    handle
}
