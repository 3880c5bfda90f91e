//! Whose directory is this, and who has it open: the identity file and the lock.
//!
//! The identity is four lines of text: a title, `format`, `installation`, `created`, and a fifth
//! with the CRC-32 of those. It is kept twice; one good copy is enough.

use std::{fmt, fs::TryLockError, path::Path};

use events::{InstallationId, Timestamp};

use super::{
    disk::{self, DiskError, DiskFile},
    error::OpenError,
    layout::Layout,
};

/// The format of the directory as it is written today.
const FORMAT: u32 = 1;
const TITLE: &str = "partnerlog log";

/// Who a log is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Identity {
    /// The installation it belongs to.
    pub(crate) installation: InstallationId,
    created: String,
}

impl Identity {
    /// A new log.
    pub(crate) fn new(installation: InstallationId, created_at: Timestamp) -> Self {
        Self { installation, created: created_at.to_string() }
    }

    /// A log of which only the installation is known.
    pub(crate) fn of_unknown_age(installation: InstallationId) -> Self {
        Self { installation, created: "unknown".to_owned() }
    }

    /// The identity of a log that is made from a backup.
    pub(crate) fn restored(installation: InstallationId, created: &str) -> Self {
        Self { installation, created: created.to_owned() }
    }

    /// When the log was created, as text.
    pub(crate) fn created(&self) -> &str {
        &self.created
    }

    /// The bytes of its file.
    pub(crate) fn file_bytes(&self) -> Vec<u8> {
        let text = self.to_string();
        let checksum = crc32fast::hash(text.as_bytes());
        format!("{text}checksum {checksum:08x}\n").into_bytes()
    }

    /// Writes one copy of the identity durably, whole or not at all.
    pub(crate) fn write(&self, layout: &Layout, path: &Path) -> Result<(), DiskError> {
        let draft = DiskFile::create(&layout.identity_draft())?;
        draft.write_at(&self.file_bytes(), 0)?;
        draft.sync_all()?;
        disk::rename(draft.path(), path)
    }

    /// Reads the identity of a directory from whichever copy is good.
    pub(crate) fn read(layout: &Layout) -> Result<Self, OpenError> {
        let path = layout.root().to_owned();
        let mut copies = Vec::new();
        for copy in [layout.identity(), layout.identity_copy()] {
            copies.extend(disk::read_file(&copy)?);
        }
        if copies.is_empty() {
            let reason = "it has no file partnerlog.id".to_owned();
            let empty = disk::names_in(&path)?.is_empty();
            return Err(if empty {
                OpenError::NotFound { path }
            } else {
                OpenError::NotOurs { path, reason }
            });
        }
        let parsed: Vec<_> =
            copies.iter().filter_map(|bytes| parse(&String::from_utf8_lossy(bytes))).collect();
        if let Some(identity) = parsed.iter().find_map(|(_, identity)| identity.clone()) {
            return Ok(identity);
        }
        if let Some(&(found, _)) = parsed.iter().find(|(found, _)| *found > FORMAT) {
            return Err(OpenError::NewerFormat { found, supported: FORMAT });
        }
        if let Some(&(found, _)) = parsed.iter().find(|(found, _)| *found < FORMAT) {
            return Err(OpenError::OlderFormat { found, oldest: FORMAT });
        }
        let reason = if parsed.is_empty() { "not one of ours" } else { "damaged" };
        Err(OpenError::NotOurs { path, reason: format!("its partnerlog.id is {reason}") })
    }
}

impl fmt::Display for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { installation, created } = self;
        write!(f, "{TITLE}\nformat {FORMAT}\ninstallation {installation}\ncreated {created}\n")
    }
}

/// The format, and the identity if this program understands it.
fn parse(text: &str) -> Option<(u32, Option<Identity>)> {
    let mut lines = text.lines();
    if lines.next() != Some(TITLE) {
        return None;
    }
    let mut field = |name: &str| Some(lines.next()?.strip_prefix(name)?.trim());
    let format: u32 = field("format")?.parse().ok()?;
    if format != FORMAT {
        return Some((format, None));
    }
    let identity = field("installation").zip(field("created")).zip(field("checksum")).and_then(
        |((installation, created), checksum)| {
            let installation = installation.parse().ok()?;
            let identity = Identity { installation, created: created.to_owned() };
            let expected = crc32fast::hash(identity.to_string().as_bytes());
            (u32::from_str_radix(checksum, 16) == Ok(expected)).then_some(identity)
        },
    );
    Some((format, identity))
}

/// The right to use a directory, held until it is dropped.
#[derive(Debug)]
pub(crate) struct Lock {
    _file: DiskFile,
}

impl Lock {
    /// Takes the lock or says that another process has it.
    pub(crate) fn take(layout: &Layout) -> Result<Self, OpenError> {
        Self::acquire(layout, DiskFile::open_or_create(&layout.lock())?)
    }

    /// Takes the lock without changing the directory; none where there is no lock to take.
    pub(crate) fn take_if_there(layout: &Layout) -> Result<Option<Self>, OpenError> {
        if !layout.lock().exists() {
            return Ok(None);
        }
        Self::acquire(layout, DiskFile::open(&layout.lock(), false)?).map(Some)
    }

    fn acquire(layout: &Layout, file: DiskFile) -> Result<Self, OpenError> {
        match file.file().try_lock() {
            Ok(()) => Ok(Self { _file: file }),
            Err(TryLockError::WouldBlock) => {
                Err(OpenError::Locked { path: layout.root().to_owned() })
            }
            Err(TryLockError::Error(error)) => {
                Err(DiskError::new("lock", file.path(), &error).into())
            }
        }
    }
}

/// Makes a directory the home of a new log; it must be empty but for an attempt that broke off.
pub(crate) fn found(layout: &Layout, identity: &Identity) -> Result<Lock, OpenError> {
    disk::create_directory(layout.root())?;
    let own = [layout.lock(), layout.identity_draft()];
    let is_own = |name: &String| own.iter().any(|path| path.file_name() == Some(name.as_ref()));
    if !disk::names_in(layout.root())?.iter().all(is_own) {
        return Err(OpenError::NotEmpty { path: layout.root().to_owned() });
    }
    let lock = Lock::take(layout)?;
    identity.write(layout, &layout.identity())?;
    identity.write(layout, &layout.identity_copy())?;
    Ok(lock)
}

/// Takes the lock of an existing log and reads who it is. Nothing is changed in a directory that
/// is not ours.
pub(crate) fn enter(root: &Path) -> Result<(Layout, Identity, Lock), OpenError> {
    let layout = Layout::new(root);
    let identity = Identity::read(&layout)?;
    let lock = Lock::take(&layout)?;
    Ok((layout, identity, lock))
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn an_identity_round_trips_and_a_changed_one_is_noticed() {
        let identity =
            Identity::new(InstallationId::from_uuid(Uuid::from_u128(7)), Timestamp::EPOCH);
        let text = identity.to_string();
        let whole = format!("{text}checksum {:08x}\n", crc32fast::hash(text.as_bytes()));
        assert_eq!(parse(&whole), Some((FORMAT, Some(identity))));
        assert_eq!(parse(&whole.replace("0007", "0008")), Some((FORMAT, None)));
        assert_eq!(
            parse(&whole.replace("format 1", "format 9")).map(|(format, _)| format),
            Some(9)
        );
        assert_eq!(parse("something else"), None);
    }
}
