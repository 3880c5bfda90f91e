//! Why a log could not be opened, created or closed.

use std::path::PathBuf;

use events::Position;

use super::disk::DiskError;

/// Why a log's directory could not be opened or created.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// There is no log: the directory does not exist or is empty.
    #[error("there is no log in {}", path.display())]
    NotFound {
        /// The directory.
        path: PathBuf,
    },
    /// The directory holds something that is no log of ours.
    #[error("{} is not the directory of a log: {reason}", path.display())]
    NotOurs {
        /// The directory.
        path: PathBuf,
        /// What is missing or wrong.
        reason: String,
    },
    /// A log can only be created in an empty directory.
    #[error("{} is not empty", path.display())]
    NotEmpty {
        /// The directory.
        path: PathBuf,
    },
    /// Another process has the log open.
    #[error("the log in {} is open in another process", path.display())]
    Locked {
        /// The directory.
        path: PathBuf,
    },
    /// The log was written by a newer program.
    #[error("the log has format {found}, this program reads up to {supported}")]
    NewerFormat {
        /// The format found.
        found: u32,
        /// The newest this program reads.
        supported: u32,
    },
    /// The log was written in a format that is no longer read.
    #[error("the log has format {found}, this program reads {oldest} and newer")]
    OlderFormat {
        /// The format found.
        found: u32,
        /// The oldest this program reads.
        oldest: u32,
    },
    /// Acknowledged records are damaged or missing.
    #[error("the log is damaged at position {position}: {reason}")]
    Damaged {
        /// The first position affected.
        position: Position,
        /// What was found.
        reason: String,
    },
    /// The journal no longer begins at the beginning: only the sealed log holds what came before,
    /// and that can be read only where no other process has the log open.
    #[error(
        "the journal begins at position {first}; what came before is in the sealed log alone, which \
         only the process that has the log open can read"
    )]
    Pruned {
        /// The first position the journal holds.
        first: Position,
    },
    /// The sealed log cannot be opened.
    #[error("the sealed log cannot be opened: {reason}")]
    Sealed {
        /// What the storage engine said.
        reason: String,
    },
    /// The operating system refused.
    #[error(transparent)]
    Io(#[from] DiskError),
}

/// Why a log was not closed cleanly. Everything acknowledged is durable all the same.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the log was not closed cleanly: {reason}")]
pub struct CloseError {
    /// What failed.
    pub reason: String,
}
