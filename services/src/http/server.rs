//! Listening, layering, draining.

use std::{future::Future, io, net::SocketAddr, sync::Arc, time::Duration};

use axum::{
    Router,
    extract::{DefaultBodyLimit, Request},
    http::{StatusCode, Uri},
    middleware,
    response::{IntoResponse, Response},
};
use metrics_exporter_prometheus::PrometheusHandle;
use tokio::net::TcpListener;
use tower::{Layer, util::MapRequestLayer};
use tower_http::{catch_panic::CatchPanicLayer, compression::CompressionLayer};

use super::{ApiError, context, health, path};
use crate::{api, application::Application, web};

/// The largest request body, in bytes.
pub(crate) const BODY_BYTES_MAX: usize = 1 << 20;
/// How long a request may take.
const REQUEST_SECONDS_MAX: u64 = 60;
/// How long requests under way may take once the server is told to stop.
const DRAIN_SECONDS_MAX: u64 = 10;

/// Why the server cannot serve.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ServeError {
    /// The address cannot be listened on.
    #[error("cannot listen on {address}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// What the operating system said.
        source: io::Error,
    },
    /// Accepting connections failed.
    #[error("serving failed")]
    Serve(#[from] io::Error),
}

/// A server that listens and does not serve yet.
pub(crate) struct Server {
    listener: TcpListener,
    address: SocketAddr,
}

impl Server {
    /// Listens; port 0 takes a free one.
    ///
    /// # Errors
    /// When the address is taken or not ours.
    pub(crate) async fn bind(address: SocketAddr) -> Result<Self, ServeError> {
        let listener = TcpListener::bind(address)
            .await
            .map_err(|source| ServeError::Listen { address, source })?;
        let address = listener.local_addr()?;
        Ok(Self { listener, address })
    }

    /// The address listened on.
    #[must_use]
    pub(crate) const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Serves until `stop` completes, then lets requests under way finish.
    ///
    /// # Errors
    /// When accepting connections fails.
    pub(crate) async fn serve(
        self,
        application: Arc<Application>,
        metrics: PrometheusHandle,
        stop: impl Future<Output = ()> + Send + 'static,
    ) -> Result<(), ServeError> {
        let routes = routes(application, metrics);
        let service = MapRequestLayer::new(path::normalise::<axum::body::Body>).layer(routes);
        let service =
            axum::ServiceExt::<Request>::into_make_service_with_connect_info::<SocketAddr>(service);
        let (stopping, mut stopped) = tokio::sync::watch::channel(false);
        let stop = async move {
            stop.await;
            stopping.send_replace(true);
        };
        let serving = axum::serve(self.listener, service).with_graceful_shutdown(stop);
        let drained = async move {
            let _ = stopped.wait_for(|stopping| *stopping).await;
            tokio::time::sleep(Duration::from_secs(DRAIN_SECONDS_MAX)).await;
        };
        tokio::select! {
            served = serving.into_future() => served?,
            () = drained => tracing::warn!("requests were still under way after the drain time"),
        }
        Ok(())
    }
}

/// A path that leads nowhere: told to programs under the contract's root, to people elsewhere.
async fn no_such_path(uri: Uri) -> Response {
    if is_for_programs(&uri) {
        ApiError::not_found("no such resource").into_response()
    } else {
        web::no_such_page()
    }
}

/// A method that a path does not have, told likewise.
async fn no_such_method(uri: Uri) -> Response {
    let reason = "this resource has no such method";
    if is_for_programs(&uri) {
        ApiError::new(StatusCode::METHOD_NOT_ALLOWED, 2000, reason).into_response()
    } else {
        web::no_such_method()
    }
}

fn is_for_programs(uri: &Uri) -> bool {
    uri.path() == "/v1" || uri.path().starts_with("/v1/")
}

/// Gives a request up when it takes too long; what it asked to be recorded may still be.
async fn within_time(request: Request, next: middleware::Next) -> Response {
    let limit = Duration::from_secs(REQUEST_SECONDS_MAX);
    tokio::time::timeout(limit, next.run(request)).await.unwrap_or_else(|_| {
        let took = "the request took too long; repeat it with the same request id";
        ApiError::new(StatusCode::GATEWAY_TIMEOUT, 800_003, took).into_response()
    })
}

/// Every route of the program.
fn routes(application: Arc<Application>, metrics: PrometheusHandle) -> Router {
    Router::new()
        .merge(api::router())
        .merge(web::router())
        .merge(health::router(metrics))
        .fallback(no_such_path)
        .method_not_allowed_fallback(no_such_method)
        .layer(middleware::from_fn_with_state(Arc::clone(&application), context::carry))
        .layer(CompressionLayer::new())
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
        .layer(middleware::from_fn(within_time))
        .layer(CatchPanicLayer::custom(|_| {
            tracing::error!("a request handler panicked");
            ApiError::internal().into_response()
        }))
        .with_state(application)
}
