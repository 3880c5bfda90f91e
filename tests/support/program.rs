//! Running the program to its end, as somebody at a terminal does.

use std::{
    ffi::OsStr,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

/// Journal segments this small are sealed many times within one story, in bytes.
const SEGMENT_BYTES: &str = "65536";

/// The program under test.
#[derive(Clone, Debug)]
pub struct Program {
    binary: PathBuf,
}

/// What a run of the program left.
#[derive(Clone, Debug)]
pub struct Finished {
    /// The exit code; none when a signal ended it.
    pub code: Option<i32>,
    /// Everything on standard output.
    pub stdout: String,
    /// Everything on standard error.
    pub stderr: String,
}

impl Program {
    /// The program at this path; only tests of the crate that builds it know the path.
    pub fn new(binary: &str) -> Self {
        Self { binary: PathBuf::from(binary) }
    }

    /// Where the program is.
    pub fn binary(&self) -> &Path {
        &self.binary
    }

    /// A command with small segments and none of the caller's settings.
    pub fn command(&self) -> Command {
        let mut command = Command::new(&self.binary);
        for (name, _) in std::env::vars_os() {
            if name.as_encoded_bytes().starts_with(b"PARTNERLOG_") {
                command.env_remove(name);
            }
        }
        command.env("PARTNERLOG_SEGMENT_BYTES", SEGMENT_BYTES).stdin(Stdio::null());
        command
    }

    /// Runs the program to its end.
    pub fn run<A: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = A>) -> Finished {
        let output = self.command().args(arguments).output().expect("the program starts");
        Finished {
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout).expect("the output is UTF-8"),
            stderr: String::from_utf8(output.stderr).expect("the errors are UTF-8"),
        }
    }
}

impl Finished {
    /// The run, which must have ended with this code.
    ///
    /// # Panics
    /// When it ended with another.
    #[track_caller]
    pub fn exited(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "{}\n{}", self.stdout, self.stderr);
        self
    }

    /// The rest of the line of the output that begins with `label`.
    ///
    /// # Panics
    /// When there is no such line.
    #[track_caller]
    pub fn labelled(&self, label: &str) -> String {
        let rest = self.stdout.lines().find_map(|line| line.strip_prefix(label));
        rest.unwrap_or_else(|| panic!("no line {label:?} in\n{}", self.stdout)).trim().to_owned()
    }
}
