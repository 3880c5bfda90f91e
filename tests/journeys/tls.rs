//! The server through TLS: with its certificate, and with another one after a signal.

use std::{
    io::{self, Read, Write},
    net::TcpStream,
    path::Path,
    process::Command,
    sync::Arc,
};

use tests::until;
use tokio_rustls::rustls::{
    ClientConfig, ClientConnection, RootCertStore, StreamOwned,
    crypto::ring::default_provider,
    pki_types::{CertificateDer, ServerName, pem::PemObject},
};

use crate::begin;

/// Makes a certificate for this machine, with its key.
fn make_certificate(certificate: &Path, key: &Path) {
    let made = Command::new("openssl")
        .args(["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"])
        .args(["-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"])
        .args(["-addext", "basicConstraints=critical,CA:FALSE"])
        .arg("-out")
        .arg(certificate)
        .arg("-keyout")
        .arg(key)
        .output();
    let made = made.expect("openssl runs");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
}

/// What the server answers to somebody who trusts this certificate alone.
fn ask(url: &str, trusted: &CertificateDer<'static>) -> io::Result<String> {
    let address = url.strip_prefix("https://").expect("it announces https");
    let mut roots = RootCertStore::empty();
    roots.add(trusted.clone()).unwrap();
    let config = ClientConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::try_from("localhost").unwrap();
    let connection = ClientConnection::new(Arc::new(config), name).unwrap();
    let mut stream = StreamOwned::new(connection, TcpStream::connect(address)?);
    let request = "GET /sign-in HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    stream.write_all(request.as_bytes())?;
    let mut answer = Vec::new();
    // A server may close without saying so; what it said before counts.
    drop(stream.read_to_end(&mut answer));
    if answer.is_empty() {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(String::from_utf8_lossy(&answer).into_owned())
}

#[test]
fn the_server_shows_its_certificate_and_after_a_signal_the_new_one() {
    let installation = begin();
    let [certificate, key] = ["certificate.pem", "key.pem"].map(|name| installation.beside(name));
    make_certificate(&certificate, &key);
    let first = CertificateDer::from_pem_file(&certificate).unwrap();
    let options = [
        "--tls-certificate".as_ref(),
        certificate.as_os_str(),
        "--tls-key".as_ref(),
        key.as_os_str(),
    ];
    let server = installation.serve_with(options);
    let answer = ask(server.url(), &first).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    let plain = server.url().replace("https://", "http://");
    let refused = tests::Api::new(&plain, None).request("GET", "/health/live").try_send();
    assert!(refused.is_err(), "without TLS nothing is answered");

    make_certificate(&certificate, &key);
    let second = CertificateDer::from_pem_file(&certificate).unwrap();
    assert!(ask(server.url(), &second).is_err(), "it is not read before it is told to");
    server.signal("-HUP");
    until("the new certificate", || ask(server.url(), &second).ok());
    assert!(ask(server.url(), &first).is_err());
    std::fs::write(&certificate, "nothing").unwrap();
    server.signal("-HUP");
    until("the complaint", || server.printed().contains("the old one stays").then_some(()));
    ask(server.url(), &second).unwrap();
    server.stop();
}

#[test]
fn a_server_without_a_usable_certificate_does_not_start() {
    let installation = begin();
    let [certificate, key] = ["certificate.pem", "key.pem"].map(|name| installation.beside(name));
    make_certificate(&certificate, &key);
    let other = installation.beside("other.pem");
    make_certificate(&installation.beside("unused.pem"), &other);
    let none = installation.beside("none.pem");
    for (certificate, key) in
        [(&none, &key), (&certificate, &none), (&key, &key), (&certificate, &other)]
    {
        let options = [
            "--tls-certificate",
            certificate.to_str().unwrap(),
            "--tls-key",
            key.to_str().unwrap(),
        ];
        let failed = installation.run(&["serve"], &options).exited(2);
        assert!(
            failed.stderr.contains("TLS") || failed.stderr.contains("cannot use"),
            "{}",
            failed.stderr
        );
    }
    installation.run(&["serve"], &["--tls-key", key.to_str().unwrap()]).exited(2);
}
