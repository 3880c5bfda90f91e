//! Where the keys of an outside issuer come from: a file, or an address on the web.

use std::{io, path::PathBuf, sync::Arc, time::Duration};

use axum::{body::Body, http::Uri};
use hyper::{Request, header};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
};
use tokio_rustls::{
    TlsConnector,
    rustls::{ClientConfig, RootCertStore, pki_types::ServerName},
};

use crate::jwt::PublicKey;

/// How long fetching may take, in seconds.
const FETCH_SECONDS_MAX: u64 = 10;
/// The most that is read, in bytes.
const KEYS_BYTES_MAX: usize = 256 << 10;
/// The most keys of an issuer.
const KEYS_MAX: usize = 100;

/// Where keys come from.
#[derive(Clone, Debug)]
pub(crate) enum KeySource {
    /// A file, read again like an address.
    File(PathBuf),
    /// An address.
    Web(Uri),
}

/// Why keys could not be had.
#[derive(Debug, thiserror::Error)]
pub(super) enum FetchError {
    /// The file or the connection failed.
    #[error("they could not be read")]
    Io(#[from] io::Error),
    /// The exchange failed.
    #[error("the server could not be asked")]
    Http(#[from] hyper::Error),
    /// The answer could not be read.
    #[error("the answer could not be read")]
    Body(#[from] axum::Error),
    /// The answer was another than was hoped for.
    #[error("the server answered {0}")]
    Status(u16),
    /// It is no set of keys.
    #[error("they are no set of keys")]
    NoKeys,
    /// It took too long.
    #[error("it took too long")]
    TooLong,
}

impl KeySource {
    /// Reads the text of a setting: an address begins with `https://` or `http://`.
    pub(super) fn read(text: &str) -> Result<Self, String> {
        if !text.contains("://") {
            return Ok(Self::File(PathBuf::from(text)));
        }
        let uri: Uri = text.parse().map_err(|_| "must be an address or a file".to_owned())?;
        let is_here = uri.host().is_some_and(|host| ["localhost", "127.0.0.1"].contains(&host));
        match uri.scheme_str() {
            Some("https") => Ok(Self::Web(uri)),
            // What comes over the network unprotected could be anybody's keys.
            Some("http") if is_here => Ok(Self::Web(uri)),
            _ => Err("must begin with https://; http:// only on this machine".to_owned()),
        }
    }

    /// Fetches the keys.
    pub(super) async fn fetch(&self) -> Result<Vec<PublicKey>, FetchError> {
        let limit = Duration::from_secs(FETCH_SECONDS_MAX);
        let bytes = tokio::time::timeout(limit, self.bytes()).await;
        let bytes = bytes.map_err(|_| FetchError::TooLong)??;
        let set: Value = serde_json::from_slice(&bytes).map_err(|_| FetchError::NoKeys)?;
        let keys = set.get("keys").and_then(Value::as_array).ok_or(FetchError::NoKeys)?;
        Ok(keys.iter().take(KEYS_MAX).filter_map(PublicKey::from_jwk).collect())
    }

    async fn bytes(&self) -> Result<Vec<u8>, FetchError> {
        match self {
            Self::File(path) => Ok(tokio::fs::read(path).await?),
            Self::Web(uri) => {
                let host = uri.host().unwrap_or_default();
                let is_secure = uri.scheme_str() == Some("https");
                let port = uri.port_u16().unwrap_or(if is_secure { 443 } else { 80 });
                let stream = TcpStream::connect((host.trim_matches(['[', ']']), port)).await?;
                if is_secure {
                    get(uri, secured(host, stream).await?).await
                } else {
                    get(uri, stream).await
                }
            }
        }
    }
}

/// The same connection, with a server that shows a certificate for this name.
async fn secured(
    host: &str,
    stream: TcpStream,
) -> io::Result<tokio_rustls::client::TlsStream<TcpStream>> {
    let mut roots = RootCertStore::empty();
    let found = tokio::task::spawn_blocking(rustls_native_certs::load_native_certs).await;
    roots.add_parsable_certificates(found.map_err(io::Error::other)?.certs);
    let provider = Arc::new(tokio_rustls::rustls::crypto::ring::default_provider());
    let config =
        ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let config =
        config.map_err(io::Error::other)?.with_root_certificates(roots).with_no_client_auth();
    let name = ServerName::try_from(host.to_owned()).map_err(io::Error::other)?;
    TlsConnector::from(Arc::new(config)).connect(name, stream).await
}

/// Asks once; whoever sends us elsewhere is not followed.
async fn get<S>(uri: &Uri, stream: S) -> Result<Vec<u8>, FetchError>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let (mut sender, connection) =
        hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
    let connection = tokio::spawn(connection);
    let path = uri.path_and_query().map_or("/", |it| it.as_str());
    let host = uri.authority().map_or("", |it| it.as_str());
    let request = Request::get(path)
        .header(header::HOST, host)
        .header(header::ACCEPT, "application/json")
        .body(Body::empty())
        .map_err(io::Error::other)?;
    let answer = sender.send_request(request).await?;
    let status = answer.status();
    if !status.is_success() {
        return Err(FetchError::Status(status.as_u16()));
    }
    let bytes = axum::body::to_bytes(Body::new(answer.into_body()), KEYS_BYTES_MAX).await?;
    connection.abort();
    Ok(bytes.to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_come_from_a_file_or_over_a_protected_connection() {
        for good in ["keys.json", "/etc/keys.json", "https://login.example/keys?x=1"] {
            assert!(KeySource::read(good).is_ok(), "{good}");
        }
        assert!(KeySource::read("http://127.0.0.1:8080/keys").is_ok());
        for bad in ["http://login.example/keys", "ftp://login.example/keys", "https://"] {
            assert!(KeySource::read(bad).is_err(), "{bad}");
        }
    }
}
