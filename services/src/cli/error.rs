//! Why a command of the command line failed, and the code the process ends with.

use std::{io, path::PathBuf, process::ExitCode};

use events::{InvalidValue, ParseIdError};
use projections::ReplayError;
use store::{BackupError, ReadError};

use crate::{
    KeyError, KeyFileError,
    application::{CommandError, OpenError},
    exports::ExportError,
    http::{ServeError, TlsError},
    imports::{FileFault, ImportError},
    mail::MailError,
    sample::EnactError,
};

/// The exit code for a log or keys that are damaged.
const EXIT_DAMAGED: u8 = 1;
/// The exit code for wrong usage, refusals, and what the operating system refused.
const EXIT_REFUSED: u8 = 2;

/// What every `--help` says about exit codes.
pub(super) const EXIT_CODES: &str = "Exit codes: 0 done, 1 the log or the keys are damaged, \
                                     2 wrong usage, refused, or an input or output error.";

/// Why a command of the command line failed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CliError {
    #[error(
        "the data directory {} is in use by another process; stop that server first, or ask it \
         over HTTP",
        .0.display()
    )]
    InUse(PathBuf),
    #[error("the installation cannot be opened")]
    Open(#[source] OpenError),
    #[error("refused")]
    Command(#[from] CommandError),
    #[error("the log cannot be read")]
    Read(#[from] ReadError),
    #[error("the log cannot be folded")]
    Replay(#[from] ReplayError),
    #[error("keys cannot be had")]
    Keys(#[from] KeyError),
    #[error("--{option}: {source}")]
    Value { option: &'static str, source: InvalidValue },
    #[error(transparent)]
    Id(#[from] ParseIdError),
    #[error("{0}")]
    Usage(String),
    #[error("cannot write the output")]
    Output(#[source] io::Error),
    #[error("cannot use {path}")]
    File { path: String, source: io::Error },
    #[error("{path} cannot be imported")]
    Import { path: String, source: FileFault },
    #[error(transparent)]
    Rows(#[from] ImportError),
    #[error("the export is not complete")]
    Export(#[from] ExportError),
    #[error("the sample data cannot be made; remove the directory and start again")]
    Sample(#[source] Box<EnactError>),
    #[error("the server cannot serve")]
    Serve(#[from] ServeError),
    #[error("TLS cannot be served")]
    Tls(#[from] TlsError),
    #[error(transparent)]
    Mail(#[from] MailError),
    #[error("the runtime cannot start")]
    Runtime(#[source] io::Error),
    #[error("the backup cannot be used")]
    Backup(#[source] BackupError),
    #[error("damaged: {0}")]
    Damaged(String),
}

impl From<OpenError> for CliError {
    fn from(error: OpenError) -> Self {
        match error {
            OpenError::Log(store::OpenError::Locked { path }) => Self::InUse(path),
            error => Self::Open(error),
        }
    }
}

impl From<EnactError> for CliError {
    fn from(error: EnactError) -> Self {
        Self::Sample(Box::new(error))
    }
}

impl From<store::OpenError> for CliError {
    fn from(error: store::OpenError) -> Self {
        OpenError::from(error).into()
    }
}

impl From<BackupError> for CliError {
    fn from(error: BackupError) -> Self {
        match error {
            BackupError::Log(error) => error.into(),
            error => Self::Backup(error),
        }
    }
}

impl CliError {
    /// Names the option whose value was refused.
    pub(super) fn value(option: &'static str) -> impl FnOnce(InvalidValue) -> Self {
        move |source| Self::Value { option, source }
    }

    /// Names the file that cannot be read or written.
    pub(super) fn file(path: &std::path::Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.display().to_string();
        move |source| Self::File { path, source }
    }

    /// True when the reader of the output went away: nothing is wrong, nobody wants more.
    pub(super) fn is_closed_output(&self) -> bool {
        let (Self::Output(error) | Self::Export(ExportError::Write(error))) = self else {
            return false;
        };
        error.kind() == io::ErrorKind::BrokenPipe
    }

    /// What to do about it, where that is one thing.
    pub(super) const fn way_out(&self) -> Option<&'static str> {
        match self {
            Self::Open(OpenError::Log(store::OpenError::NotFound { .. })) => {
                Some("partnerlog init begins one")
            }
            Self::Open(OpenError::Log(store::OpenError::NotEmpty { .. })) => {
                Some("an installation begins in an empty directory")
            }
            Self::Serve(ServeError::Listen { .. }) => {
                Some("--listen takes another address, port 0 a free one")
            }
            _ => None,
        }
    }

    pub(super) fn exit_code(&self) -> ExitCode {
        ExitCode::from(if self.is_damage() { EXIT_DAMAGED } else { EXIT_REFUSED })
    }

    /// True when the log or the keys are not what they were.
    pub(super) fn is_damage(&self) -> bool {
        match self {
            Self::Damaged(_)
            | Self::Backup(BackupError::Damaged { .. })
            | Self::Open(OpenError::Log(
                store::OpenError::Damaged { .. } | store::OpenError::Sealed { .. },
            )) => true,
            Self::Read(error)
            | Self::Export(ExportError::Read(error))
            | Self::Command(CommandError::Read(error)) => is_read_damage(error),
            Self::Replay(error) | Self::Open(OpenError::ReadModel(error)) => {
                error.position().is_some()
            }
            Self::Keys(error) | Self::Open(OpenError::Keys(error)) => {
                matches!(error, KeyError::File(KeyFileError::Damaged { .. }))
            }
            _ => false,
        }
    }
}

const fn is_read_damage(error: &ReadError) -> bool {
    matches!(error, ReadError::Damaged { .. } | ReadError::Undecodable { .. })
}
