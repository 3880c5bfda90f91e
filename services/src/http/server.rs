//! Listening, layering, draining.

use std::{future::Future, io, net::SocketAddr, sync::Arc, time::Duration};

use axum::{
    Extension, Router,
    body::Body,
    extract::{DefaultBodyLimit, Request, State},
    http::{StatusCode, Uri},
    middleware,
    response::{IntoResponse, Response},
};
use metrics_exporter_prometheus::PrometheusHandle;
use tokio::{net::TcpListener, sync::Semaphore};
use tokio_util::sync::CancellationToken;
use tower::{Layer, ServiceBuilder, util::MapRequestLayer};
use tower_http::{
    catch_panic::CatchPanicLayer, compression::CompressionLayer, timeout::RequestBodyTimeoutLayer,
};

use super::{
    ApiError, connections, context, health,
    limits::{Limits, Rates},
    path,
    streams::Streams,
    tls::Tls,
};
use crate::{api, application::Application, web};

/// The largest request body, in bytes.
pub(crate) const BODY_BYTES_MAX: usize = 1 << 20;
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
        let routes = routes(application, metrics, limits, streams);
        let service = MapRequestLayer::new(path::normalise::<Body>).layer(routes);
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

/// Refuses what is more than the server serves at once; health is told also then.
async fn with_a_place(
    State(places): State<Arc<Semaphore>>,
    request: Request,
    next: middleware::Next,
) -> Response {
    match places.try_acquire() {
        Ok(_place) => next.run(request).await,
        Err(_) => ApiError::busy().into_response(),
    }
}

/// Every route of the program.
fn routes(
    application: Arc<Application>,
    metrics: PrometheusHandle,
    limits: &Limits,
    streams: Arc<Streams>,
) -> Router {
    let places = Arc::new(Semaphore::new(limits.concurrent_requests()));
    let panicked = CatchPanicLayer::custom(|_| {
        tracing::error!("a request handler panicked");
        ApiError::internal().into_response()
    });
    // One stack, the outermost first: each layer that a router is given by itself costs every
    // request a box.
    let around_all = ServiceBuilder::new()
        .layer(panicked)
        .layer(Extension(Arc::new(Rates::new(limits))))
        .layer(Extension(streams))
        .layer(RequestBodyTimeoutLayer::new(Duration::from_secs(BODY_PAUSE_SECONDS_MAX)))
        .map_request(|request: Request<_>| request.map(Body::new))
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
        .layer(CompressionLayer::new())
        .layer(middleware::from_fn_with_state(Arc::clone(&application), context::carry));
    Router::new()
        .merge(api::router())
        .merge(web::router())
        .layer(middleware::from_fn_with_state(places, with_a_place))
        .merge(health::router(metrics))
        .fallback(no_such_path)
        .method_not_allowed_fallback(no_such_method)
        .layer(around_all)
        .with_state(application)
}
