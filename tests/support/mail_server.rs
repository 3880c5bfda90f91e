//! A real mail server: `aiosmtpd`, in a virtual environment of its own, on a free port.

use std::{
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::mpsc::{self, Receiver},
    thread,
    time::Duration,
};

use serde_json::Value;

use crate::waiting::DEADLINE_SECONDS;

/// What the mail server is to do.
#[derive(Clone, Debug, Default)]
pub struct MailServerOptions {
    /// User and password that must be given, `user:password`.
    pub login: Option<&'static str>,
    /// Whether the talk must be protected by TLS.
    pub starttls: bool,
    /// What it answers to the first letters, such as `451 later`; then it takes them over.
    pub answers: &'static [&'static str],
}

/// A mail server. It ends when the value is dropped.
#[derive(Debug)]
pub struct MailServer {
    child: Child,
    port: u16,
    place: PathBuf,
    letters: Receiver<String>,
}

impl MailServer {
    /// Starts a mail server whose tools lie in `place`, and are put there where they are missing;
    /// nothing where they cannot be had, which is said.
    ///
    /// # Panics
    /// When it can be had and does not start.
    pub fn start(place: &Path, options: &MailServerOptions) -> Option<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let installed = Command::new(root.join("../.ci/install-mail-server"))
            .arg(place)
            .output()
            .expect("the script runs");
        if !installed.status.success() {
            let why = String::from_utf8_lossy(&installed.stderr);
            eprintln!("NOT TESTED against a real mail server: {}", why.trim());
            return None;
        }
        let mut command = Command::new(place.join("venv/bin/python"));
        command.arg(root.join("support/mail_server.py"));
        if let Some(login) = options.login {
            command.args(["--login", login]);
        }
        if options.starttls {
            command.arg("--certificate").arg(place.join("certificate.pem"));
            command.arg("--key").arg(place.join("key.pem"));
        }
        for answer in options.answers {
            command.args(["--answer", answer]);
        }
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().expect("the mail server starts");
        let output = BufReader::new(child.stdout.take().expect("standard output is piped"));
        let (printed, letters) = mpsc::channel();
        thread::spawn(move || {
            for line in output.lines().map_while(Result::ok) {
                if printed.send(line).is_err() {
                    return;
                }
            }
        });
        let mut server = Self { child, port: 0, place: place.to_owned(), letters };
        server.port = server.line().parse().expect("the mail server says its port");
        Some(server)
    }

    /// The port it listens on, on this machine.
    pub const fn port(&self) -> u16 {
        self.port
    }

    /// The certificate it shows.
    pub fn certificate(&self) -> PathBuf {
        self.place.join("certificate.pem")
    }

    /// The next letter it was handed: `answer`, `from`, `to`, `content`, `tls`, `authenticated`.
    ///
    /// # Panics
    /// When none comes before the deadline.
    pub fn letter(&self) -> Value {
        serde_json::from_str(&self.line()).expect("a letter is JSON")
    }

    /// Whether no further letter was handed over so far.
    pub fn is_empty(&self) -> bool {
        self.letters.try_recv().is_err()
    }

    fn line(&self) -> String {
        let patience = Duration::from_secs(DEADLINE_SECONDS);
        self.letters.recv_timeout(patience).expect("the mail server goes on")
    }
}

impl Drop for MailServer {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
