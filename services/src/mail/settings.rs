//! Where letters go, as it is told at the start: options, variables and a file for the password.

use std::{
    fs, io,
    net::IpAddr,
    path::{Path, PathBuf},
};

use clap::Args;
use lettre::{Address, transport::smtp};
use secrecy::SecretString;

use super::{
    Post, Way,
    eml::EmlDirectory,
    letter::Sender,
    smtp::{SmtpLogin, SmtpPlace, SmtpSecurity, SmtpServer},
};

/// The variable that holds the password for the mail server.
const PASSWORD_VARIABLE: &str = "PARTNERLOG_SMTP_PASSWORD";
/// The folder of the data directory that letters are written to by default.
const OUTBOX: &str = "outbox";

/// Why letters cannot be sent as it was told.
#[derive(Debug, thiserror::Error)]
pub(crate) enum MailError {
    /// The sender's address is none.
    #[error("--mail-from must be an e-mail address such as post@example.com")]
    From,
    /// The public address is none.
    #[error("--public-address must begin with http:// or https://")]
    PublicAddress,
    /// A file cannot be read.
    #[error("cannot read {path}")]
    File {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// A user without a password.
    #[error("--smtp-user needs a password, in {PASSWORD_VARIABLE} or --smtp-password-file")]
    NoPassword,
    /// Credentials would cross the network in the clear.
    #[error("credentials are sent without TLS to a server on this machine only")]
    Unprotected,
    /// The certificate or the server's name cannot be used.
    #[error("TLS to the mail server cannot be prepared")]
    Tls(#[from] smtp::Error),
}

/// Where letters go.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct MailSettings {
    /// The address of this program in the links of letters, with https:// or http:// in front; by
    /// default the address it listens on.
    #[arg(long, value_name = "URL", env = "PARTNERLOG_PUBLIC_ADDRESS")]
    public_address: Option<String>,
    /// The address letters are sent from.
    #[arg(long, value_name = "ADDRESS", env = "PARTNERLOG_MAIL_FROM")]
    mail_from: Option<String>,
    /// Where letters are written, one .eml file each, while no mail server is named; by default the
    /// folder outbox of the data directory.
    #[arg(long, value_name = "DIR", env = "PARTNERLOG_MAIL_DIRECTORY")]
    mail_directory: Option<PathBuf>,
    /// The mail server that takes letters over.
    #[arg(long, value_name = "HOST", env = "PARTNERLOG_SMTP_HOST")]
    smtp_host: Option<String>,
    /// Its port; by default 587, with tls 465, with none 25.
    #[arg(long, value_name = "PORT", env = "PARTNERLOG_SMTP_PORT", requires = "smtp_host")]
    smtp_port: Option<u16>,
    /// How the talk with it is protected; by default starttls.
    #[arg(long, value_enum, env = "PARTNERLOG_SMTP_SECURITY", requires = "smtp_host")]
    smtp_security: Option<SmtpSecurity>,
    /// Who signs in there; the password comes from the variable `PARTNERLOG_SMTP_PASSWORD` or a file.
    #[arg(long, value_name = "NAME", env = "PARTNERLOG_SMTP_USER", requires = "smtp_host")]
    smtp_user: Option<String>,
    /// The file that holds the password, and nothing else.
    #[arg(
        long,
        value_name = "FILE",
        env = "PARTNERLOG_SMTP_PASSWORD_FILE",
        requires = "smtp_user"
    )]
    smtp_password_file: Option<PathBuf>,
    /// A certificate in PEM to trust beside those of the system.
    #[arg(long, value_name = "FILE", env = "PARTNERLOG_SMTP_CERTIFICATE", requires = "smtp_host")]
    smtp_certificate: Option<PathBuf>,
}

impl MailSettings {
    /// Prepares the way for letters of an installation in `data` that is reached
    /// at `own_address`.
    ///
    /// # Errors
    /// When it was not told sensibly, or a file cannot be read.
    pub(crate) fn post(&self, data: &Path, own_address: &str) -> Result<Post, MailError> {
        let public = self.public_address.clone().unwrap_or_else(|| own_address.to_owned());
        if !(public.starts_with("http://") || public.starts_with("https://")) {
            return Err(MailError::PublicAddress);
        }
        let from = self.mail_from.as_deref().unwrap_or("partnerlog@localhost");
        let sender = Sender(from.parse::<Address>().map_err(|_| MailError::From)?);
        let way = if let Some(host) = &self.smtp_host {
            Way::Smtp(self.server(host)?)
        } else {
            let directory = self.mail_directory.clone().unwrap_or_else(|| data.join(OUTBOX));
            Way::Directory(EmlDirectory(directory))
        };
        Ok(Post { sender, way, public_address: public.trim_end_matches('/').to_owned() })
    }

    fn server(&self, host: &str) -> Result<SmtpServer, MailError> {
        let security = self.smtp_security.unwrap_or(SmtpSecurity::Starttls);
        let login = self.login()?;
        if login.is_some() && security == SmtpSecurity::None && !is_this_machine(host) {
            return Err(MailError::Unprotected);
        }
        let usual_port = match security {
            SmtpSecurity::Starttls => 587,
            SmtpSecurity::Tls => 465,
            SmtpSecurity::None => 25,
        };
        let certificate = self.smtp_certificate.as_deref().map(read).transpose()?;
        Ok(SmtpServer::new(SmtpPlace {
            host: host.to_owned(),
            port: self.smtp_port.unwrap_or(usual_port),
            security,
            login,
            certificate,
        })?)
    }

    fn login(&self) -> Result<Option<SmtpLogin>, MailError> {
        let Some(user) = self.smtp_user.clone() else { return Ok(None) };
        let password = match &self.smtp_password_file {
            Some(path) => {
                let bytes = read(path)?;
                String::from_utf8_lossy(&bytes).trim_end_matches(['\r', '\n']).to_owned()
            }
            None => std::env::var(PASSWORD_VARIABLE).map_err(|_| MailError::NoPassword)?,
        };
        Ok(Some(SmtpLogin { user, password: SecretString::from(password) }))
    }
}

fn read(path: &Path) -> Result<Vec<u8>, MailError> {
    fs::read(path).map_err(|source| MailError::File { path: path.to_owned(), source })
}

fn is_this_machine(host: &str) -> bool {
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    const OWN: &str = "http://127.0.0.1:8420";

    fn refused(settings: &MailSettings) -> String {
        settings.post(Path::new("/nowhere"), OWN).err().unwrap().to_string()
    }

    #[test]
    fn what_makes_no_sense_is_refused_at_the_start() {
        let from = Some("nobody".to_owned());
        assert!(refused(&MailSettings { mail_from: from, ..Default::default() }).contains("from"));
        let public_address = Some("partners.example.com".to_owned());
        let reason = refused(&MailSettings { public_address, ..Default::default() });
        assert!(reason.contains("http://"), "{reason}");
    }

    #[test]
    fn credentials_do_not_cross_the_network_in_the_clear() {
        let directory = tempfile::tempdir().unwrap();
        let password = directory.path().join("password");
        fs::write(&password, "secret\n").unwrap();
        let at = |host: &str, password: &Path| MailSettings {
            smtp_host: Some(host.to_owned()),
            smtp_security: Some(SmtpSecurity::None),
            smtp_user: Some("partnerlog".to_owned()),
            smtp_password_file: Some(password.to_owned()),
            ..MailSettings::default()
        };
        assert!(refused(&at("mail.example.com", &password)).contains("TLS"));
        assert!(at("127.0.0.1", &password).post(directory.path(), OWN).is_ok());
        assert!(refused(&at("127.0.0.1", &directory.path().join("none"))).contains("cannot read"));
    }

    #[test]
    fn links_lead_to_the_public_address_or_else_to_where_the_program_listens() {
        let post = MailSettings::default().post(Path::new("/nowhere"), OWN).unwrap();
        assert_eq!(post.public_address(), "http://127.0.0.1:8420");
        let public_address = Some("https://partners.example.com/".to_owned());
        let settings = MailSettings { public_address, ..Default::default() };
        let post = settings.post(Path::new("/nowhere"), OWN).unwrap();
        assert_eq!(post.public_address(), "https://partners.example.com");
    }
}
