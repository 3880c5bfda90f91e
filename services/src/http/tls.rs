//! TLS: which certificate does the server show, and how long may a handshake take?

use std::{
    io,
    path::{Path, PathBuf},
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use clap::Args;
use tokio::net::TcpStream;
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        self, ServerConfig,
        pki_types::{
            CertificateDer, PrivateKeyDer,
            pem::{self, PemObject},
        },
    },
    server::TlsStream,
};

/// How long a handshake may take.
const HANDSHAKE_SECONDS_MAX: u64 = 10;

/// Which certificate the server shows.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct TlsSettings {
    /// Serve through TLS and show this certificate: a PEM file, with the certificates that vouch for
    /// it behind it. SIGHUP has certificate and key read again.
    #[arg(long, value_name = "FILE", env = "PARTNERLOG_TLS_CERTIFICATE", requires = "tls_key")]
    tls_certificate: Option<PathBuf>,
    /// The private key of the certificate, a PEM file.
    #[arg(long, value_name = "FILE", env = "PARTNERLOG_TLS_KEY", requires = "tls_certificate")]
    tls_key: Option<PathBuf>,
}

/// Why a certificate cannot be shown.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TlsError {
    /// A file cannot be read, or is not what it should be.
    #[error("cannot use {path}")]
    File {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        source: pem::Error,
    },
    /// Certificate and key cannot be used together.
    #[error("certificate and key cannot be used")]
    Unusable(#[from] rustls::Error),
}

/// The certificate that is shown, and how it is read again.
pub(crate) struct Tls {
    certificate: PathBuf,
    key: PathBuf,
    acceptor: RwLock<TlsAcceptor>,
}

impl TlsSettings {
    /// Reads certificate and key, where TLS is asked for.
    ///
    /// # Errors
    /// When they cannot be used.
    pub(crate) fn load(&self) -> Result<Option<Arc<Tls>>, TlsError> {
        let (Some(certificate), Some(key)) = (&self.tls_certificate, &self.tls_key) else {
            return Ok(None);
        };
        let acceptor = RwLock::new(acceptor(certificate, key)?);
        let (certificate, key) = (certificate.clone(), key.clone());
        Ok(Some(Arc::new(Tls { certificate, key, acceptor })))
    }
}

impl Tls {
    /// Reads certificate and key again; where they cannot be used, those until now stay.
    ///
    /// # Errors
    /// When they cannot be used.
    pub(crate) fn reload(&self) -> Result<(), TlsError> {
        let read = acceptor(&self.certificate, &self.key)?;
        *self.acceptor.write().unwrap_or_else(PoisonError::into_inner) = read;
        Ok(())
    }

    /// The same connection once both sides have agreed on keys.
    ///
    /// # Errors
    /// When the client cannot, or takes too long.
    pub(super) async fn secured(&self, stream: TcpStream) -> io::Result<TlsStream<TcpStream>> {
        let acceptor = self.acceptor.read().unwrap_or_else(PoisonError::into_inner).clone();
        let limit = Duration::from_secs(HANDSHAKE_SECONDS_MAX);
        let handshake = tokio::time::timeout(limit, acceptor.accept(stream)).await;
        handshake.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
    }
}

fn acceptor(certificate: &Path, key: &Path) -> Result<TlsAcceptor, TlsError> {
    let at = |path: &Path| {
        let path = path.to_owned();
        move |source| TlsError::File { path, source }
    };
    let chain = CertificateDer::pem_file_iter(certificate).map_err(at(certificate))?;
    let chain = chain.collect::<Result<Vec<_>, _>>().map_err(at(certificate))?;
    if chain.is_empty() {
        return Err(at(certificate)(pem::Error::NoItemsFound));
    }
    let key = PrivateKeyDer::from_pem_file(key).map_err(at(key))?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(chain, key)?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(TlsAcceptor::from(Arc::new(config)))
}
