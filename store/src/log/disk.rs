//! The only place that touches files: positioned reads and writes, syncs, atomic replacement.
//!
//! A failed sync is final: the kernel may have dropped the dirty pages, so nobody tries again.

use std::{
    fs::{self, File, OpenOptions},
    io,
    os::unix::fs::FileExt,
    path::{Path, PathBuf},
    sync::Arc,
};

use super::faults::{self, Injected};

/// How many bytes are zero-written at once.
const ZERO_CHUNK_BYTES: usize = 1 << 20;

/// A file operation that failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("cannot {operation} {}: {reason}", path.display())]
pub struct DiskError {
    /// What was tried.
    pub operation: &'static str,
    /// On which file or directory.
    pub path: PathBuf,
    /// What the operating system said.
    pub reason: String,
}

impl DiskError {
    /// Names the operation and the path of a failure.
    pub(crate) fn new(operation: &'static str, path: &Path, error: &io::Error) -> Self {
        Self { operation, path: path.to_owned(), reason: error.to_string() }
    }
}

/// A file with its path, read and written at positions.
#[derive(Debug)]
pub(crate) struct DiskFile {
    file: File,
    path: PathBuf,
    faults: Option<Arc<Injected>>,
}

impl DiskFile {
    /// Opens a file that exists, for reading and, if asked, writing.
    pub(crate) fn open(path: &Path, writable: bool) -> Result<Self, DiskError> {
        if writable {
            note_change(path)?;
        }
        let file = OpenOptions::new().read(true).write(writable).open(path);
        Self::from(path, file)
    }

    /// Creates a file, emptying one that exists.
    pub(crate) fn create(path: &Path) -> Result<Self, DiskError> {
        let options = OpenOptions::new().read(true).write(true).create(true).truncate(true).clone();
        note_creation(path)?;
        Self::from(path, options.open(path))
    }

    /// Opens a file, creating it if it does not exist.
    pub(crate) fn open_or_create(path: &Path) -> Result<Self, DiskError> {
        let options =
            OpenOptions::new().read(true).write(true).create(true).truncate(false).clone();
        note_creation(path)?;
        Self::from(path, options.open(path))
    }

    fn from(path: &Path, file: io::Result<File>) -> Result<Self, DiskError> {
        let file = file.map_err(|error| DiskError::new("open", path, &error))?;
        Ok(Self { file, path: path.to_owned(), faults: faults::armed_for(path) })
    }

    /// Where the file is.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// The file itself, for locking.
    pub(crate) const fn file(&self) -> &File {
        &self.file
    }

    /// Its length in bytes.
    pub(crate) fn bytes(&self) -> Result<u64, DiskError> {
        self.file
            .metadata()
            .map(|metadata| metadata.len())
            .map_err(|error| self.error("read", &error))
    }

    /// Fills `buffer` from `offset`.
    pub(crate) fn read_at(&self, buffer: &mut [u8], offset: u64) -> Result<(), DiskError> {
        self.file.read_exact_at(buffer, offset).map_err(|error| self.error("read", &error))?;
        if let Some(faults) = &self.faults {
            faults.read(&self.path, buffer);
        }
        Ok(())
    }

    /// Writes all of `bytes` at `offset`.
    pub(crate) fn write_at(&self, bytes: &[u8], offset: u64) -> Result<(), DiskError> {
        let written = match &self.faults {
            None => self.file.write_all_at(bytes, offset),
            Some(faults) => faults.write(&self.path, &self.file, bytes, offset),
        };
        written.map_err(|error| self.error("write", &error))
    }

    /// Writes zeros, which also makes the file that long.
    pub(crate) fn zero(&self, from: u64, to: u64) -> Result<(), DiskError> {
        let zeros = vec![0; ZERO_CHUNK_BYTES];
        let mut offset = from;
        while offset < to {
            let chunk = usize::try_from(to - offset).unwrap_or(usize::MAX).min(zeros.len());
            self.write_at(&zeros[..chunk], offset)?;
            offset += chunk as u64;
        }
        Ok(())
    }

    /// Puts the file's contents on stable storage.
    pub(crate) fn sync_data(&self) -> Result<(), DiskError> {
        let allowed = self.faults.as_ref().map_or(Ok(()), |faults| faults.sync(&self.path));
        let synced = allowed.and_then(|()| self.file.sync_data());
        synced.map_err(|error| self.error("sync", &error))
    }

    /// Puts the file's contents, length and other metadata on stable storage.
    pub(crate) fn sync_all(&self) -> Result<(), DiskError> {
        let allowed = self.faults.as_ref().map_or(Ok(()), |faults| faults.sync(&self.path));
        let synced = allowed.and_then(|()| self.file.sync_all());
        synced.map_err(|error| self.error("sync", &error))
    }

    fn error(&self, operation: &'static str, error: &io::Error) -> DiskError {
        DiskError::new(operation, &self.path, error)
    }
}

fn note_creation(path: &Path) -> Result<(), DiskError> {
    let allowed = faults::armed_for(path).map_or(Ok(()), |faults| faults.create(path));
    allowed.map_err(|error| DiskError::new("open", path, &error))
}

fn note_change(path: &Path) -> Result<(), DiskError> {
    let allowed = faults::armed_for(path).map_or(Ok(()), |faults| faults.change());
    allowed.map_err(|error| DiskError::new("change", path, &error))
}

/// Puts the entries of a directory on stable storage: a new or renamed file is only then sure to
/// be found after a power loss.
pub(crate) fn sync_directory(path: &Path) -> Result<(), DiskError> {
    let allowed = faults::armed_for(path).map_or(Ok(()), |faults| faults.sync_directory(path));
    let synced = allowed.and_then(|()| File::open(path)?.sync_all());
    synced.map_err(|error| DiskError::new("sync", path, &error))
}

/// Creates a directory durably; one that exists is fine.
pub(crate) fn create_directory(path: &Path) -> Result<(), DiskError> {
    if path.is_dir() {
        return Ok(());
    }
    note_change(path)?;
    fs::create_dir_all(path).map_err(|error| DiskError::new("create", path, &error))?;
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).map_or(Ok(()), sync_directory)
}

/// Creates an empty file durably; one that exists is fine.
pub(crate) fn create_file(path: &Path) -> Result<(), DiskError> {
    DiskFile::open_or_create(path)?.sync_all()?;
    path.parent().map_or(Ok(()), sync_directory)
}

/// Renames a file, durably where it goes.
pub(crate) fn rename(from: &Path, to: &Path) -> Result<(), DiskError> {
    let allowed = faults::armed_for(to).map_or(Ok(true), |faults| faults.rename(from, to));
    let renamed = allowed.and_then(|really| if really { fs::rename(from, to) } else { Ok(()) });
    renamed.map_err(|error| DiskError::new("rename", from, &error))?;
    to.parent().map_or(Ok(()), sync_directory)
}

/// Removes a file; one that does not exist is fine.
pub(crate) fn remove_file(path: &Path) -> Result<(), DiskError> {
    if path.exists() {
        note_change(path)?;
    }
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(DiskError::new("remove", path, &error))
        }
        _ => Ok(()),
    }
}

/// Reads a small file whole; `None` when it does not exist.
pub(crate) fn read_file(path: &Path) -> Result<Option<Vec<u8>>, DiskError> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(DiskError::new("read", path, &error)),
    }
}

/// The names in a directory, in no order; none when it does not exist.
pub(crate) fn names_in(path: &Path) -> Result<Vec<String>, DiskError> {
    let failed = |error: io::Error| DiskError::new("list", path, &error);
    let entries = match fs::read_dir(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.map_err(failed)?,
    };
    entries
        .map(|entry| entry.map(|entry| entry.file_name().to_string_lossy().into_owned()))
        .collect::<io::Result<_>>()
        .map_err(failed)
}
