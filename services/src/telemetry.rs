//! What the program says about itself: traces to standard error, metrics for scraping.

use std::io::{self, IsTerminal};

use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use tracing_subscriber::{EnvFilter, fmt, layer::SubscriberExt, util::SubscriberInitExt};

/// The variable that says what is traced, as in `PARTNERLOG_LOG=store=debug,info`.
const FILTER_VARIABLE: &str = "PARTNERLOG_LOG";

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
    let recorder = PrometheusBuilder::new().build_recorder();
    let handle = recorder.handle();
    if metrics::set_global_recorder(recorder).is_ok() {
        store::metric_definitions::describe_metrics();
        projections::describe_metrics();
    }
    handle
}
