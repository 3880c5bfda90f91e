//! Listening, layering, draining.

use std::{future::Future, io, net::SocketAddr, sync::Arc, time::Duration};

use axum::{
    Extension, Router,
    error_handling::HandleErrorLayer,
    extract::{DefaultBodyLimit, Request},
    http::{StatusCode, Uri},
    middleware,
    response::{IntoResponse, Response},
};
use metrics_exporter_prometheus::PrometheusHandle;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tower::{
    BoxError, Layer, ServiceBuilder, limit::GlobalConcurrencyLimitLayer, util::MapRequestLayer,
};
use tower_http::{
    catch_panic::CatchPanicLayer, compression::CompressionLayer, timeout::RequestBodyTimeoutLayer,
};

use super::{
    ApiError, connections, context, health,
    limits::{Limits, Rates},
    locale, path,
    streams::Streams,
    tls::Tls,
};
use crate::{api, application::Application, web};

/// The largest request body, in bytes.
pub(crate) const BODY_BYTES_MAX: usize = 1 << 20;
/// How long a request may take.
const REQUEST_SECONDS_MAX: u64 = 60;
/// How long the next bytes of a body may take.
const BODY_PAUSE_SECONDS_MAX: u64 = 15;

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
    /// Its own address is not to be found out.
    #[error("the address listened on is unknown")]
    Address(#[from] io::Error),
}

/// A server that listens and does not serve yet.
pub(crate) struct Server {
    listener: TcpListener,
    address: SocketAddr,
    tls: Option<Arc<Tls>>,
}

impl Server {
    /// Listens; port 0 takes a free one.
    ///
    /// # Errors
    /// When the address is taken or not ours.
    pub(crate) async fn bind(
        address: SocketAddr,
        tls: Option<Arc<Tls>>,
    ) -> Result<Self, ServeError> {
        let listener = TcpListener::bind(address)
            .await
            .map_err(|source| ServeError::Listen { address, source })?;
        let address = listener.local_addr()?;
        Ok(Self { listener, address, tls })
    }

    /// The address listened on.
    #[must_use]
    pub(crate) const fn address(&self) -> SocketAddr {
        self.address
    }

    /// How addresses here begin: `https`, or `http`.
    #[must_use]
    pub(crate) const fn scheme(&self) -> &'static str {
        if self.tls.is_some() { "https" } else { "http" }
    }

    /// Serves until `stop` completes, then lets requests under way finish.
    pub(crate) async fn serve(
        self,
        application: Arc<Application>,
        metrics: PrometheusHandle,
        limits: &Limits,
        stop: impl Future<Output = ()>,
    ) {
        let ending = CancellationToken::new();
        let streams = Streams::new(limits.event_streams(), ending.clone());
        let routes = routes(application, metrics, limits).layer(Extension(streams));
        let service = MapRequestLayer::new(path::normalise::<axum::body::Body>).layer(routes);
        let stop = async move {
            stop.await;
            // What goes on by itself would else outlast the time for what is under way.
            ending.cancel();
        };
        connections::serve(self.listener, self.tls, service, limits.connections(), stop).await;
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
    path::is_of_contract(uri.path())
}

/// Gives a request up when it takes too long; what it asked to be recorded may still be.
async fn within_time(request: Request, next: middleware::Next) -> Response {
    let limit = Duration::from_secs(REQUEST_SECONDS_MAX);
    tokio::time::timeout(limit, next.run(request)).await.unwrap_or_else(|_| {
        let took = "the request took too long; repeat it with the same request id";
        ApiError::new(StatusCode::GATEWAY_TIMEOUT, 800_003, took).into_response()
    })
}

/// The answer to what is more than the server serves at once.
async fn too_much_at_once(_: BoxError) -> ApiError {
    ApiError::busy()
}

/// Every route of the program.
fn routes(application: Arc<Application>, metrics: PrometheusHandle, limits: &Limits) -> Router {
    let at_once = ServiceBuilder::new()
        .layer(HandleErrorLayer::new(too_much_at_once))
        .load_shed()
        .layer(GlobalConcurrencyLimitLayer::new(limits.concurrent_requests()));
    Router::new()
        .merge(api::router().layer(middleware::from_fn(locale::name_language)))
        .merge(web::router())
        .layer(at_once)
        .merge(health::router(metrics))
        .fallback(no_such_path)
        .method_not_allowed_fallback(no_such_method)
        .layer(middleware::from_fn_with_state(Arc::clone(&application), context::carry))
        .layer(CompressionLayer::new())
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
        .layer(RequestBodyTimeoutLayer::new(Duration::from_secs(BODY_PAUSE_SECONDS_MAX)))
        .layer(Extension(Arc::new(Rates::new(limits))))
        .layer(middleware::from_fn(within_time))
        .layer(CatchPanicLayer::custom(|_| {
            tracing::error!("a request handler panicked");
            ApiError::internal().into_response()
        }))
        .with_state(application)
}
