//! Connections: accepted up to a limit, given up when their client is too slow, drained at the stop.

use std::{convert::Infallible, future::Future, net::SocketAddr, sync::Arc, time::Duration};

use axum::{
    body::Body,
    extract::{ConnectInfo, Request},
    response::Response,
};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::{GracefulShutdown, Watcher},
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore},
};
use tokio_io_timeout::TimeoutStream;
use tokio_rustls::server::TlsStream;
use tower::{BoxError, Service, ServiceExt};

use super::{forwarded, tls::Tls};

/// How long the head of a request may take, and a connection may wait for its next request.
const HEAD_SECONDS_MAX: u64 = 30;
/// How much is read of the head of a request (its line and its headers together) before it must be
/// complete, in bytes; a longer one is answered 431. What comes with the last read may pass it.
const HEAD_BYTES_MAX: usize = 64 << 10;
/// The most headers of a request.
const HEADERS_MAX: usize = 100;
/// How long a client may take to read the next bytes of an answer.
const WRITE_SECONDS_MAX: u64 = 30;
/// How long requests under way may take once the server is told to stop.
const DRAIN_SECONDS_MAX: u64 = 10;
/// The pause after the operating system had no connection to give, such as for want of files.
const ACCEPT_PAUSE_MILLISECONDS: u64 = 500;

/// Serves what comes in at `listener` until `stop` completes, then lets requests under way finish.
///
/// At most `connections_max` are open at once; who comes later waits in the backlog of the operating
/// system.
pub(super) async fn serve<S>(
    listener: TcpListener,
    tls: Option<Arc<Tls>>,
    service: S,
    connections_max: usize,
    stop: impl Future<Output = ()>,
) where
    S: Service<Request, Response = Response, Error = Infallible> + Clone + Send + 'static,
    S::Future: Send,
{
    let places = Arc::new(Semaphore::new(connections_max));
    let draining = GracefulShutdown::new();
    let mut stop = std::pin::pin!(stop);
    loop {
        let (stream, client, place) = tokio::select! {
            accepted = next(&listener, &places) => accepted,
            () = &mut stop => break,
        };
        let (service, watcher, tls) = (service.clone(), draining.watcher(), tls.clone());
        tokio::spawn(async move {
            let outcome = match tls {
                None => serve_connection(stream, client, service, watcher).await,
                Some(tls) => match tls.secured(stream).await {
                    Ok(stream) => serve_connection(stream, client, service, watcher).await,
                    Err(error) => Err(error.into()),
                },
            };
            if let Err(error) = outcome {
                tracing::debug!(error = &*error, "a connection broke off");
            }
            drop(place);
        });
    }
    drop(listener);
    let limit = Duration::from_secs(DRAIN_SECONDS_MAX);
    if tokio::time::timeout(limit, draining.shutdown()).await.is_err() {
        tracing::warn!("requests were still under way after the drain time");
    }
}

/// The next connection, once there is a place for it.
async fn next(
    listener: &TcpListener,
    places: &Arc<Semaphore>,
) -> (TcpStream, SocketAddr, Option<OwnedSemaphorePermit>) {
    // The semaphore is never closed: without a place nothing would be accepted.
    let place = Arc::clone(places).acquire_owned().await.ok();
    loop {
        match listener.accept().await {
            Ok((stream, client)) => return (stream, client, place),
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(Duration::from_millis(ACCEPT_PAUSE_MILLISECONDS)).await;
            }
        }
    }
}

/// Serves one connection to its end, with the address of its client in each of its requests.
async fn serve_connection<C, S>(
    stream: C,
    client: SocketAddr,
    service: S,
    draining: Watcher,
) -> Result<(), BoxError>
where
    C: Connection,
    S: Service<Request, Response = Response, Error = Infallible> + Clone + Send + 'static,
    S::Future: Send,
{
    // Answers are written whole: waiting to fill packets only delays them.
    if let Err(error) = stream.tcp().set_nodelay(true) {
        tracing::debug!(%error, "a connection delays small packets");
    }
    let mut stream = TimeoutStream::new(stream);
    stream.set_write_timeout(Some(Duration::from_secs(WRITE_SECONDS_MAX)));
    let service = service_fn(move |request: hyper::Request<Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(client));
        forwarded::mark(request.headers_mut(), C::IS_SECURED);
        service.clone().oneshot(request)
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(Duration::from_secs(HEAD_SECONDS_MAX))
        .max_buf_size(HEAD_BYTES_MAX)
        .max_headers(HEADERS_MAX)
        .serve_connection(TokioIo::new(Box::pin(stream)), service);
    Ok(draining.watch(connection).await?)
}

/// A connection, with or without TLS.
trait Connection: AsyncRead + AsyncWrite + Send + 'static {
    /// Whether nobody between reads along.
    const IS_SECURED: bool;

    /// What lies below.
    fn tcp(&self) -> &TcpStream;
}

impl Connection for TcpStream {
    const IS_SECURED: bool = false;

    fn tcp(&self) -> &TcpStream {
        self
    }
}

impl Connection for TlsStream<TcpStream> {
    const IS_SECURED: bool = true;

    fn tcp(&self) -> &TcpStream {
        self.get_ref().0
    }
}
