//! Is it alive, is it ready, and what do its instruments show?

use std::net::SocketAddr;

use axum::{
    Json, Router,
    extract::{ConnectInfo, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
    routing::get,
};
use metrics_exporter_prometheus::PrometheusHandle;
use serde_json::json;

use super::{ApiError, AppState, forwarded::is_forwarded};

/// A read model that is this far behind the log is not ready to answer, in events.
const READY_LAG_EVENTS_MAX: u64 = 10_000;

/// Health is open to everybody; metrics only to this machine, and not through a proxy on it.
pub(super) fn router(metrics: PrometheusHandle) -> Router<AppState> {
    Router::new()
        .route("/health/live", get(|| async { Json(json!({ "status": "live" })) }))
        .route("/health/ready", get(ready))
        .route(
            "/metrics",
            get(
                move |ConnectInfo(from): ConnectInfo<SocketAddr>,
                      headers: HeaderMap,
                      State(app): State<AppState>| async move {
                    let is_local = from.ip().is_loopback() && !is_forwarded(&headers);
                    projections::report_status(&app.models().status());
                    app.processes.report(&app.models().current(), app.store().head(), app.now());
                    render(is_local, &metrics)
                },
            ),
        )
}

async fn ready(State(app): State<AppState>) -> Response {
    let status = app.models().status();
    let head = app.store().head();
    let model = app.models().current();
    let lag = head.get().saturating_sub(model.position().get());
    let ready = status.last_error.is_none() && lag <= READY_LAG_EVENTS_MAX;
    let body = json!({
        "status": if ready { "ready" } else { "not_ready" },
        "head": head,
        "readModel": {
            "position": model.position(),
            "installationEvents": model.audit_timeline().installation_len(),
            "lagEvents": lag,
            "stopped": status.last_error.is_some(),
        },
        "processes": app.processes.shown(&model, head, app.now()),
    });
    let code = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (code, Json(body)).into_response()
}

fn render(is_local: bool, metrics: &PrometheusHandle) -> Response {
    if is_local {
        metrics.render().into_response()
    } else {
        ApiError::not_found("no such resource").into_response()
    }
}
