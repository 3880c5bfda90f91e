//! One POST to a receiver: a connection of its own, no redirect followed, no more than the head of the
//! answer read, all of it within ten seconds.

use std::{io, sync::Arc, time::Duration};

use axum::body::Body;
use events::{CorrelationId, WebhookFailure};
use hyper::{Request, StatusCode, header};
use hyper_util::rt::TokioIo;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
    sync::OnceCell,
};
use tokio_rustls::{
    TlsConnector,
    rustls::{self, ClientConfig, RootCertStore, pki_types::ServerName},
};

use super::{Refused, WebhookRules, address::Target, signature::ALGORITHM};

/// How long telling may take, from the look at the name service to the status, in seconds.
const EXCHANGE_SECONDS_MAX: u64 = 10;
/// How much of the head of an answer is read, in bytes.
const HEAD_BYTES_MAX: usize = 16 << 10;

/// What TLS takes: the certificates that this machine trusts, read when they are first needed.
#[derive(Default)]
pub(super) struct Tls(OnceCell<TlsConnector>);

impl Tls {
    async fn connector(&self) -> io::Result<&TlsConnector> {
        let prepared = || async {
            let found = tokio::task::spawn_blocking(rustls_native_certs::load_native_certs).await;
            let mut roots = RootCertStore::empty();
            roots.add_parsable_certificates(found.map_err(io::Error::other)?.certs);
            let provider = Arc::new(rustls::crypto::ring::default_provider());
            let config =
                ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
            let config = config.map_err(io::Error::other)?.with_root_certificates(roots);
            Ok(TlsConnector::from(Arc::new(config.with_no_client_auth())))
        };
        self.0.get_or_try_init(prepared).await
    }
}

/// One POST.
pub(super) struct Exchange<'a> {
    /// To whom.
    pub(super) target: &'a Target,
    /// The signature of time and body.
    pub(super) signature: String,
    /// The second that is signed.
    pub(super) timestamp: i64,
    /// By what a receiver knows a delivery that comes again.
    pub(super) delivery: String,
    /// What the event belongs to.
    pub(super) correlation: CorrelationId,
    /// What is told.
    pub(super) body: Vec<u8>,
}

impl Exchange<'_> {
    /// Sends it and waits for the status.
    ///
    /// # Errors
    /// When the receiver did not take it.
    pub(super) async fn carry_out(self, rules: &WebhookRules, tls: &Tls) -> Result<(), Refused> {
        let limit = Duration::from_secs(EXCHANGE_SECONDS_MAX);
        let status = tokio::time::timeout(limit, self.status(rules, tls)).await;
        let status = status.map_err(|_| WebhookFailure::TimedOut)??;
        if status.is_success() {
            return Ok(());
        }
        let status = Some(u32::from(status.as_u16()));
        Err(Refused { reason: WebhookFailure::Refused, status })
    }

    async fn status(self, rules: &WebhookRules, tls: &Tls) -> Result<StatusCode, WebhookFailure> {
        let address = self.target.resolve(rules).await?;
        let unreachable = |_| WebhookFailure::Unreachable;
        let stream = TcpStream::connect(address).await.map_err(unreachable)?;
        if !self.target.is_secure {
            return self.send(stream).await;
        }
        let name = ServerName::try_from(self.target.host.clone());
        let name = name.map_err(|_| WebhookFailure::Unprotected)?;
        let connector = tls.connector().await.map_err(|_| WebhookFailure::Unprotected)?;
        let stream = connector.connect(name, stream).await.map_err(|error| {
            let inner = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>());
            if inner.is_some() { WebhookFailure::Unprotected } else { WebhookFailure::Unreachable }
        })?;
        self.send(stream).await
    }

    async fn send<S>(self, stream: S) -> Result<StatusCode, WebhookFailure>
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let broken = |_| WebhookFailure::Unreachable;
        let client = hyper::client::conn::http1::Builder::new()
            .max_buf_size(HEAD_BYTES_MAX)
            .handshake(TokioIo::new(stream))
            .await;
        let (mut sender, connection) = client.map_err(broken)?;
        let connection = AbortOnDrop(tokio::spawn(connection));
        let request = Request::post(&self.target.path)
            .header(header::HOST, &self.target.authority)
            .header(header::CONTENT_TYPE, "application/json; charset=utf-8")
            .header(header::USER_AGENT, concat!("partnerlog/", env!("CARGO_PKG_VERSION")))
            .header(header::AUTHORIZATION, format!("Signature {}", self.signature))
            .header("X-MS-Signature-Algorithm", ALGORITHM)
            .header("X-Signature-Timestamp", self.timestamp)
            .header("X-Delivery-Id", self.delivery)
            .header("MS-CorrelationId", self.correlation.to_string())
            .body(Body::from(self.body))
            .map_err(|_| WebhookFailure::Unreachable)?;
        let answer = sender.send_request(request).await.map_err(broken)?;
        drop(connection);
        Ok(answer.status())
    }
}

/// A connection that nobody waits for any more is not read to its end.
struct AbortOnDrop<T>(tokio::task::JoinHandle<T>);

impl<T> Drop for AbortOnDrop<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}

#[cfg(test)]
mod tests {
    use std::{
        io::{Read, Write},
        net::TcpListener,
    };

    use events::WebhookAddress;

    use super::*;

    /// Tells a receiver that answers this, and gives what it received.
    async fn told(answer: &'static str) -> (Result<(), Refused>, String) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let receiver = tokio::task::spawn_blocking(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let (mut read, mut byte) = (Vec::new(), [0]);
            while !read.ends_with(b"{\"a\":1}") {
                stream.read_exact(&mut byte).unwrap();
                read.push(byte[0]);
            }
            stream.write_all(answer.as_bytes()).unwrap();
            String::from_utf8(read).unwrap()
        });
        let address = format!("http://127.0.0.1:{port}/hook?key=1");
        let target = Target::of(&WebhookAddress::new(&address).unwrap()).unwrap();
        let exchange = Exchange {
            target: &target,
            signature: "c2lnbmVk".to_owned(),
            timestamp: 1_700_000_000,
            delivery: "one".to_owned(),
            correlation: CorrelationId::from_uuid(uuid::Uuid::nil()),
            body: b"{\"a\":1}".to_vec(),
        };
        let rules = WebhookRules { to_private: true };
        let outcome = exchange.carry_out(&rules, &Tls::default()).await;
        (outcome, receiver.await.unwrap())
    }

    #[tokio::test]
    async fn a_receiver_gets_a_signed_post_and_takes_it_with_any_good_status() {
        let (outcome, request) = told("HTTP/1.1 204 No Content\r\n\r\n").await;
        assert_eq!(outcome, Ok(()));
        let lower = request.to_lowercase();
        assert!(request.starts_with("POST /hook?key=1 HTTP/1.1\r\n"), "{request}");
        for line in [
            "authorization: signature c2lnbmvk",
            "x-ms-signature-algorithm: hmac-sha256",
            "x-signature-timestamp: 1700000000",
            "x-delivery-id: one",
            "content-type: application/json; charset=utf-8",
        ] {
            assert!(lower.contains(&format!("\r\n{line}\r\n")), "{line} in {lower}");
        }
    }

    #[tokio::test]
    async fn another_status_is_a_refusal_and_a_redirect_is_not_followed() {
        for (answer, status) in [
            ("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\n\r\n", 302),
            ("HTTP/1.1 410 Gone\r\n\r\n", 410),
            ("HTTP/1.1 503 Service Unavailable\r\n\r\n", 503),
        ] {
            let refused = Refused { reason: WebhookFailure::Refused, status: Some(status) };
            assert_eq!(told(answer).await.0, Err(refused));
        }
        let broken = told("no HTTP at all\r\n\r\n").await.0;
        assert_eq!(broken, Err(WebhookFailure::Unreachable.into()));
    }
}
