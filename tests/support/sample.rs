//! The sample installation, made by the program itself: a year of history, and a user of each role.

use tempfile::TempDir;

use crate::{Api, Program, RunningServer, until};

/// The sample in a temporary directory, gone when the value is.
#[derive(Debug)]
pub struct Sample {
    /// The server.
    pub server: RunningServer,
    tokens: serde_json::Value,
    _directory: TempDir,
}

impl Sample {
    /// Makes the sample and serves it.
    ///
    /// # Panics
    /// When it cannot be made.
    pub fn open(binary: &str) -> Self {
        let directory = tempfile::Builder::new().prefix("partnerlog-sample-").tempdir();
        let directory = directory.expect("a temporary directory can be made");
        let data = directory.path().join("data");
        let mut command = Program::new(binary).command();
        command.arg("demo").arg("--data").arg(&data).args(["--listen", "127.0.0.1:0"]);
        let server = RunningServer::spawn(command);
        let path = data.join("sample-tokens.json");
        let tokens = until("sample-tokens.json", || std::fs::read(&path).ok());
        let tokens = serde_json::from_slice(&tokens).expect("the tokens are JSON");
        Self { server, tokens, _directory: directory }
    }

    /// The token of a user with a role.
    ///
    /// # Panics
    /// When there is none.
    pub fn token(&self, role: &str) -> &str {
        self.tokens[role].as_str().unwrap_or_else(|| panic!("no token of a {role}"))
    }

    /// A client that acts as a user with a role.
    pub fn acting_as(&self, role: &str) -> Api {
        self.server.api(self.token(role))
    }
}
