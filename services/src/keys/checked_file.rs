//! A small file that must not be lost: checksummed, kept twice, replaced atomically.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

use events::DamagedPart;
use sha2::{Digest, Sha256};

use super::healings::KeyHealings;

const CHECKSUM_BYTES: usize = 32;
/// Only the owner may read what lies in the key directory.
pub(super) const PRIVATE_FILE_MODE: u32 = 0o600;

/// Why a file of the key directory cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum KeyFileError {
    /// The operating system refused.
    #[error("cannot use key file {path}")]
    Io {
        /// The file.
        path: PathBuf,
        /// What it said.
        source: io::Error,
    },
    /// Neither copy has a good checksum.
    #[error(
        "both copies of key file {path} are damaged: {lost}; restore the key directory from a backup"
    )]
    Damaged {
        /// The file, less the ending of its copies.
        path: PathBuf,
        /// What is lost with it.
        lost: String,
    },
    /// It is not there.
    #[error("key file {path} does not exist, in neither copy; restore it from a backup")]
    Missing {
        /// The file, less the ending of its copies.
        path: PathBuf,
    },
}

impl KeyFileError {
    pub(super) fn io(path: &Path) -> impl FnOnce(io::Error) -> Self + '_ {
        move |source| Self::Io { path: path.to_owned(), source }
    }
}

/// The two copies of the file `path`.
pub(super) fn copies(path: &Path) -> [PathBuf; 2] {
    ["a", "b"].map(|copy| path.with_extension(copy))
}

/// Replaces both copies by `content`, one after the other, so that one good copy exists at every
/// moment.
pub(super) fn write(path: &Path, content: &[u8]) -> Result<(), KeyFileError> {
    copies(path).iter().try_for_each(|copy| write_copy(copy, content))
}

/// Reads the first good copy and changes nothing.
pub(super) fn read_only(path: &Path) -> Result<Vec<u8>, KeyFileError> {
    let [first, second] = copies(path);
    match [read_copy(&first)?, read_copy(&second)?] {
        [CopyState::Good(content), _] | [_, CopyState::Good(content)] => Ok(content),
        [CopyState::Missing, CopyState::Missing] => {
            Err(KeyFileError::Missing { path: path.to_owned() })
        }
        _ => Err(damaged(path)),
    }
}

/// Reads the first good copy and heals the other from it.
pub(super) fn read(path: &Path, healings: &KeyHealings) -> Result<Vec<u8>, KeyFileError> {
    let [first, second] = copies(path);
    let contents = [read_copy(&first)?, read_copy(&second)?];
    match contents {
        [CopyState::Good(content), CopyState::Good(_)] => Ok(content),
        [CopyState::Good(content), other] => heal(&second, &other, content, healings),
        [other, CopyState::Good(content)] => heal(&first, &other, content, healings),
        [CopyState::Missing, CopyState::Missing] => {
            Err(KeyFileError::Missing { path: path.to_owned() })
        }
        _ => Err(damaged(path)),
    }
}

/// What it means that both copies of the secrets are damaged.
pub(super) fn damaged(path: &Path) -> KeyFileError {
    let lost = "without them no personal data can be read and nobody can sign in".to_owned();
    KeyFileError::Damaged { path: path.to_owned(), lost }
}

pub(super) enum CopyState {
    Good(Vec<u8>),
    Damaged,
    Missing,
}

pub(super) fn read_copy(path: &Path) -> Result<CopyState, KeyFileError> {
    let bytes = match fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(CopyState::Missing),
        Err(error) => return Err(KeyFileError::io(path)(error)),
    };
    let Some((checksum, content)) = bytes.split_at_checked(CHECKSUM_BYTES) else {
        return Ok(CopyState::Damaged);
    };
    if Sha256::digest(content).as_slice() == checksum {
        Ok(CopyState::Good(content.to_vec()))
    } else {
        Ok(CopyState::Damaged)
    }
}

fn heal(
    path: &Path,
    found: &CopyState,
    content: Vec<u8>,
    healings: &KeyHealings,
) -> Result<Vec<u8>, KeyFileError> {
    let found = match found {
        CopyState::Missing => "it was missing",
        CopyState::Good(_) | CopyState::Damaged => "it was damaged",
    };
    write_copy(path, &content)?;
    healings.add(DamagedPart::Secrets, path, found);
    Ok(content)
}

fn write_copy(path: &Path, content: &[u8]) -> Result<(), KeyFileError> {
    let aside = path.with_extension("new");
    let write = || -> io::Result<()> {
        let mut file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(PRIVATE_FILE_MODE)
            .open(&aside)?;
        file.write_all(Sha256::digest(content).as_slice())?;
        file.write_all(content)?;
        file.sync_all()?;
        fs::rename(&aside, path)?;
        sync_directory(path)
    };
    write().map_err(KeyFileError::io(path))
}

/// Makes the directory entry of `path` durable.
pub(super) fn sync_directory(path: &Path) -> io::Result<()> {
    path.parent().map_or(Ok(()), |directory| File::open(directory)?.sync_all())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_damaged_or_missing_copy_is_healed_from_the_other() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("secrets");
        write(&path, b"content").unwrap();
        let [a, b] = copies(&path);
        let healings = KeyHealings::default();

        fs::write(&a, b"garbage that is long enough to hold a checksum").unwrap();
        assert_eq!(read(&path, &healings).unwrap(), b"content");
        fs::remove_file(&b).unwrap();
        assert_eq!(read(&path, &healings).unwrap(), b"content");
        assert_eq!(fs::read(&a).unwrap(), fs::read(&b).unwrap());
        let told: Vec<_> = healings.take().into_iter().map(|healing| healing.finding).collect();
        assert_eq!(told, ["secrets.a: it was damaged", "secrets.b: it was missing"]);
    }

    #[test]
    fn two_damaged_copies_are_an_error_not_an_empty_file() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("secrets");
        write(&path, b"content").unwrap();
        for copy in copies(&path) {
            fs::write(copy, b"x").unwrap();
        }
        assert!(matches!(read(&path, &KeyHealings::default()), Err(KeyFileError::Damaged { .. })));
    }
}
