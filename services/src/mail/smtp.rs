//! A mail server that takes letters over.

use std::time::Duration;

use events::MailFailure;
use lettre::{
    AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    transport::smtp::{
        self,
        authentication::Credentials,
        client::{Certificate, Tls, TlsParameters},
    },
};
use secrecy::{ExposeSecret, SecretString};

/// How long the server may take for one step of the talk.
const SERVER_SECONDS_MAX: u64 = 20;
/// What servers answer to credentials that are wrong or missing.
const AUTHENTICATION_CODES: [&str; 4] = ["530", "534", "535", "538"];

/// How the talk with the server is protected.
#[derive(Clone, Copy, PartialEq, Eq, Debug, clap::ValueEnum)]
pub(crate) enum SmtpSecurity {
    /// TLS begins within the talk, and must.
    Starttls,
    /// TLS from the first byte.
    Tls,
    /// None: for a server on this machine.
    None,
}

/// Who speaks to the server.
pub(super) struct SmtpLogin {
    pub(super) user: String,
    pub(super) password: SecretString,
}

/// Where the server is and how to speak to it.
pub(super) struct SmtpPlace {
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) security: SmtpSecurity,
    pub(super) login: Option<SmtpLogin>,
    /// A certificate to trust beside those of the system.
    pub(super) certificate: Option<Vec<u8>>,
}

/// A mail server.
pub(super) struct SmtpServer(AsyncSmtpTransport<Tokio1Executor>);

impl SmtpServer {
    /// Prepares to speak to the server; nothing is sent yet.
    pub(super) fn new(place: SmtpPlace) -> Result<Self, smtp::Error> {
        let tls = match place.security {
            SmtpSecurity::Starttls => Tls::Required(parameters(&place)?),
            SmtpSecurity::Tls => Tls::Wrapper(parameters(&place)?),
            SmtpSecurity::None => Tls::None,
        };
        let builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(place.host)
            .port(place.port)
            .tls(tls)
            .timeout(Some(Duration::from_secs(SERVER_SECONDS_MAX)));
        let builder = match place.login {
            Some(login) => builder.credentials(Credentials::new(
                login.user,
                login.password.expose_secret().to_owned(),
            )),
            None => builder,
        };
        Ok(Self(builder.build()))
    }

    /// Hands a letter over.
    pub(super) async fn send(&self, message: Message) -> Result<(), MailFailure> {
        match self.0.send(message).await {
            Ok(_) => Ok(()),
            Err(error) => {
                let failure = sort(&error);
                // What the server said names the recipient.
                tracing::warn!(failure = failure.name(), "mail server did not take the letter");
                Err(failure)
            }
        }
    }
}

fn parameters(place: &SmtpPlace) -> Result<TlsParameters, smtp::Error> {
    let builder = TlsParameters::builder(place.host.clone());
    match &place.certificate {
        Some(pem) => builder.add_root_certificate(Certificate::from_pem(pem)?).build(),
        None => builder.build(),
    }
}

fn sort(error: &smtp::Error) -> MailFailure {
    // The library has no kind of its own for a server without TLS, only this text.
    if error.is_tls() || (error.is_client() && format!("{error:?}").contains("STARTTLS")) {
        return MailFailure::Unprotected;
    }
    let code = error.status().map(|code| code.to_string());
    if code.is_some_and(|code| AUTHENTICATION_CODES.contains(&code.as_str())) || error.is_client() {
        MailFailure::NotAuthenticated
    } else if error.is_permanent() {
        MailFailure::Refused
    } else if error.is_transient() {
        MailFailure::Deferred
    } else {
        MailFailure::Unreachable
    }
}
