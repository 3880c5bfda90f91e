//! A server process: started, listened to, stopped, killed.

use std::{
    io::{BufRead, BufReader, Read},
    path::Path,
    process::{Child, Command, ExitStatus, Stdio},
    sync::{Arc, Mutex, PoisonError},
    thread::{self, JoinHandle},
};

use crate::{Api, Program, until};

const LISTENING: &str = "listening on ";

/// A server process. Dropping it kills it.
#[derive(Debug)]
pub struct RunningServer {
    child: Child,
    url: String,
    printed: Printed,
    readers: Vec<JoinHandle<()>>,
}

/// What a process printed so far, both of its outputs.
#[derive(Clone, Debug, Default)]
struct Printed(Arc<Mutex<String>>);

impl Printed {
    fn add(&self, text: &str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push_str(text);
    }

    fn text(&self) -> String {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Collects a pipe to its end.
    fn collect(&self, pipe: impl Read + Send + 'static) -> JoinHandle<()> {
        let printed = self.clone();
        thread::spawn(move || {
            let mut lines = BufReader::new(pipe);
            let mut line = Vec::new();
            while lines.read_until(b'\n', &mut line).is_ok_and(|bytes| bytes > 0) {
                printed.add(&String::from_utf8_lossy(&line));
                line.clear();
            }
        })
    }
}

impl RunningServer {
    /// Serves a data directory on a free port and waits until it listens.
    pub fn start(program: &Program, data: &Path) -> Self {
        let mut command = program.command();
        command.arg("serve").arg("--data").arg(data).args(["--listen", "127.0.0.1:0"]);
        Self::spawn(command)
    }

    /// Runs a command that serves, and waits until it listens.
    ///
    /// # Panics
    /// When it ends or does not listen before the deadline.
    pub fn spawn(mut command: Command) -> Self {
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the program starts");
        let printed = Printed::default();
        let stdout = child.stdout.take().expect("standard output is piped");
        let stderr = child.stderr.take().expect("standard error is piped");
        let readers = vec![printed.collect(stdout), printed.collect(stderr)];
        let mut server = Self { child, url: String::new(), printed, readers };
        server.url = until("address to listen on", || server.announced());
        server
    }

    /// The address in the line that says so, once it is printed whole.
    fn announced(&mut self) -> Option<String> {
        let printed = self.printed.text();
        let whole = printed.rfind('\n').map_or("", |end| &printed[..end]);
        let url = whole.lines().find_map(|line| line.strip_prefix(LISTENING)).map(str::to_owned);
        if url.is_none()
            && let Some(status) = self.child.try_wait().expect("the process can be asked")
        {
            panic!("the server ended with {status}:\n{}", self.printed());
        }
        url
    }

    /// Where it listens, such as `http://127.0.0.1:40001`.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// A client that acts with a token.
    pub fn api(&self, token: &str) -> Api {
        Api::new(&self.url, Some(token))
    }

    /// A client without a token.
    pub fn anonymous(&self) -> Api {
        Api::new(&self.url, None)
    }

    /// How many events there are beside those of the installation, such as refused callers, which
    /// are recorded in their own time: what did not change anything leaves it as it is.
    ///
    /// # Panics
    /// When the read model does not catch up.
    pub fn position(&self) -> u64 {
        until("read model that has caught up", || {
            let ready = self.anonymous().get("/health/ready").expect(200);
            let model = &ready.json()["readModel"];
            let number = |field: &str| model[field].as_u64().expect("a number");
            let shown = number("position") - number("installationEvents");
            (number("lagEvents") == 0).then_some(shown)
        })
    }

    /// The position after the newest event.
    ///
    /// # Panics
    /// When the server does not tell.
    pub fn head(&self) -> u64 {
        let ready = self.anonymous().get("/health/ready").expect(200);
        ready.json()["head"].as_u64().expect("the head is a number")
    }

    /// Everything it printed so far.
    pub fn printed(&self) -> String {
        self.printed.text()
    }

    /// Asks it to stop, waits, and returns everything it printed.
    ///
    /// # Panics
    /// When it does not end well.
    pub fn stop(mut self) -> String {
        self.signal("-TERM");
        let status = self.wait();
        assert!(status.success(), "stopping ended with {status}:\n{}", self.printed());
        self.printed()
    }

    /// Kills it without a warning and returns everything it printed.
    pub fn kill(mut self) -> String {
        self.child.kill().expect("the process can be killed");
        self.wait();
        self.printed()
    }

    /// Sends it a signal, such as `-HUP`.
    ///
    /// # Panics
    /// When it cannot be sent.
    pub fn signal(&self, signal: &str) {
        let id = self.child.id().to_string();
        let sent = Command::new("kill").args([signal, &id]).status().expect("kill runs");
        assert!(sent.success(), "the signal could not be sent");
    }

    fn wait(&mut self) -> ExitStatus {
        let status = until("end of the server", || self.child.try_wait().expect("it can be asked"));
        for reader in self.readers.drain(..) {
            reader.join().expect("the output was read");
        }
        status
    }
}

impl Drop for RunningServer {
    fn drop(&mut self) {
        // It may have ended already; then there is nothing to kill and nothing to wait for.
        drop(self.child.kill());
        drop(self.child.wait());
        if thread::panicking() {
            let printed = self.printed();
            let from = printed.len().saturating_sub(4_000);
            eprintln!("--- the server printed:\n{}", printed.get(from..).unwrap_or(&printed));
        }
    }
}
