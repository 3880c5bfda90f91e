//! Why a backup was not made or not restored.

use std::path::PathBuf;

use events::Position;

use crate::log::{disk::DiskError, error::OpenError};

/// Why a backup was not made or not restored. What a backup held before is still there.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BackupError {
    /// The log cannot be read, or its new directory cannot be made.
    #[error(transparent)]
    Log(#[from] OpenError),
    /// There is no backup.
    #[error("there is no backup in {}", path.display())]
    NotFound {
        /// The directory.
        path: PathBuf,
    },
    /// The directory holds something else.
    #[error("{} holds something that is no backup", path.display())]
    NotOurs {
        /// The directory.
        path: PathBuf,
    },
    /// A backup beside its log is no backup.
    #[error("{} lies inside the directory of the log", path.display())]
    InsideTheLog {
        /// The directory.
        path: PathBuf,
    },
    /// Another process is writing the backup.
    #[error("another backup into {} is running", path.display())]
    Busy {
        /// The directory.
        path: PathBuf,
    },
    /// The backup is of another installation.
    #[error("{} is the backup of another installation", path.display())]
    OtherLog {
        /// The directory.
        path: PathBuf,
    },
    /// The log is not the one that was backed up, or not any more: a restored log that went on
    /// needs a backup directory of its own.
    #[error(
        "the backup ends at position {backup} and the log, at {log}, does not continue it: \
         take a new directory"
    )]
    Diverged {
        /// The end of the backup.
        backup: Position,
        /// How far the log is acknowledged.
        log: Position,
    },
    /// The backup was written by a newer program.
    #[error("the backup has format {found}, this program reads up to {supported}")]
    NewerFormat {
        /// The format found.
        found: u32,
        /// The newest this program reads.
        supported: u32,
    },
    /// A file of the backup is not what was written.
    #[error("{} is damaged: {reason}", file.display())]
    Damaged {
        /// The file.
        file: PathBuf,
        /// What was found.
        reason: String,
    },
    /// The backup does not go so far.
    #[error("the backup ends at position {end}, before {asked}")]
    BeyondEnd {
        /// What was asked for.
        asked: Position,
        /// Its end.
        end: Position,
    },
    /// A thread that did the work is gone.
    #[error("the backup was stopped: {reason}")]
    Stopped {
        /// Why.
        reason: String,
    },
}

impl From<DiskError> for BackupError {
    fn from(error: DiskError) -> Self {
        Self::Log(error.into())
    }
}
