//! An installation of its own for every test.

use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::{Finished, Program, RunningServer};

/// An installation in a temporary directory, gone when the value is.
#[derive(Debug)]
pub struct Installation {
    program: Program,
    directory: TempDir,
    /// The provider that the installation began with.
    pub provider: Registered,
}

/// A partner that was registered, and what was printed about it once.
#[derive(Clone, Debug)]
pub struct Registered {
    /// The partner's id.
    pub partner: String,
    /// Its global admin's id.
    pub admin: String,
    /// Its global admin's e-mail address.
    pub email: String,
    /// Its global admin's temporary password.
    pub password: String,
    /// A token that acts as the global admin.
    pub token: String,
}

impl Installation {
    /// Begins an installation with an indirect provider.
    pub fn begin(binary: &str) -> Self {
        Self::begin_with(binary, "Fabrikam Provider", "ana@fabrikam.example")
    }

    /// Begins an installation with an indirect provider of this name and global admin.
    pub fn begin_with(binary: &str, partner: &str, admin: &str) -> Self {
        let program = Program::new(binary);
        let directory = tempfile::Builder::new().prefix("partnerlog-test-").tempdir();
        let directory = directory.expect("a temporary directory can be made");
        let data = directory.path().join("data");
        let init = program.run([
            "init".as_ref(),
            "--data".as_ref(),
            data.as_os_str(),
            "--partner".as_ref(),
            partner.as_ref(),
            "--kind".as_ref(),
            "indirect-provider".as_ref(),
            "--country".as_ref(),
            "US".as_ref(),
            "--admin".as_ref(),
            admin.as_ref(),
        ]);
        let init = init.exited(0);
        let provider = Registered::of(&init, admin, init.labelled("token"));
        Self { program, directory, provider }
    }

    /// The data directory.
    pub fn data(&self) -> PathBuf {
        self.directory.path().join("data")
    }

    /// A path beside the data directory.
    pub fn beside(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    /// The program.
    pub const fn program(&self) -> &Program {
        &self.program
    }

    /// Runs a command of the program on the data directory: `--data` follows the first words.
    pub fn run(&self, words: &[&str], options: &[&str]) -> Finished {
        run_on(&self.program, &self.data(), words, options)
    }

    /// Starts a server.
    pub fn serve(&self) -> RunningServer {
        RunningServer::start(&self.program, &self.data())
    }

    /// Starts a server with further options.
    pub fn serve_with<I: AsRef<std::ffi::OsStr>>(
        &self,
        options: impl IntoIterator<Item = I>,
    ) -> RunningServer {
        let mut command = self.program.command();
        command.arg("serve").arg("--data").arg(self.data()).args(["--listen", "127.0.0.1:0"]);
        command.args(options);
        RunningServer::spawn(command)
    }

    /// Registers a partner of this kind, with a token of its global admin.
    pub fn register(&self, name: &str, kind: &str, admin: &str, mpn_id: &str) -> Registered {
        let options = [
            "--partner",
            name,
            "--kind",
            kind,
            "--country",
            "US",
            "--admin",
            admin,
            "--mpn-id",
            mpn_id,
        ];
        let registered = self.run(&["partner", "register"], &options).exited(0);
        let token = self.run(&["token", "create"], &["--user", admin]).exited(0);
        Registered::of(&registered, admin, token.labelled("token  "))
    }
}

impl Registered {
    #[track_caller]
    fn of(output: &Finished, email: &str, token: String) -> Self {
        let admin = output.labelled("global admin");
        let (_, id) = admin.split_once('(').expect("the admin's id in brackets");
        Self {
            partner: output.labelled("partner "),
            admin: id.trim_end_matches(')').to_owned(),
            email: email.to_owned(),
            password: output.labelled("password"),
            token,
        }
    }
}

fn run_on(program: &Program, data: &Path, words: &[&str], options: &[&str]) -> Finished {
    let mut command: Vec<&std::ffi::OsStr> = words.iter().map(AsRef::as_ref).collect();
    command.extend(["--data".as_ref(), data.as_os_str()]);
    command.extend(options.iter().map(|option| -> &std::ffi::OsStr { option.as_ref() }));
    program.run(command)
}
