//! Copies of the log that can be taken while it is written, and logs made from them.
//!
//! A backup is a directory with the beginning of every journal segment, up to one acknowledged
//! position, and a manifest. Frames below the acknowledged mark are durable and never change, so
//! neither lock nor server is needed; each is checked while it is copied. The next run adds what
//! was written since. The sealed log is not part of it: it is made again from the journal.

mod error;
mod manifest;
mod restore;
mod segment_copy;

use std::{
    fs::{self, TryLockError},
    path::{Path, PathBuf},
};

use events::{InstallationId, Position};
use sha2::{Digest, Sha256};

pub use self::{
    error::BackupError,
    restore::{RestorePoint, Restored, restore},
};
use self::{
    manifest::{Manifest, SegmentEntry},
    segment_copy::{SegmentCopy, hash_of},
};
use super::{
    disk::{self, DiskError, DiskFile},
    identity::Identity,
    journal::{JournalCursor, OldSegment, Segment},
    layout::Layout,
    watermark,
};

/// What a backup has come to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BackupReport {
    /// It holds everything before this position, and nothing after it.
    pub position: Position,
    /// How far it went before this run.
    pub previous: Position,
    /// The bytes that this run added.
    pub new_bytes: u64,
    /// The bytes of all its files.
    pub bytes: u64,
    /// How many files those are.
    pub files: usize,
}

/// Brings the backup in `to` up to what the log in `directory` has acknowledged now; begins one in
/// an empty directory. Other processes may write the log meanwhile; nothing in it is touched.
///
/// # Errors
/// When the log cannot be read or does not continue the backup, or the backup is damaged or cannot
/// be written. The backup then holds what it held before.
pub fn backup(directory: &Path, to: &Path) -> Result<BackupReport, BackupError> {
    let layout = Layout::new(directory);
    let identity = Identity::read(&layout)?;
    let acknowledged = watermark::read(&layout.watermark())?;
    let home = Home::enter(to, layout.root())?;
    let previous = home.manifest_of(&identity)?;
    let (before, before_bytes) = (previous.position, previous.bytes());
    if before > acknowledged {
        return Err(BackupError::Diverged { backup: before, log: acknowledged });
    }
    let mut run = Run { home, manifest: previous, copy: None };
    run.copy_to(&layout, &identity, acknowledged)?;
    run.finish()?;
    Ok(BackupReport {
        position: run.manifest.position,
        previous: before,
        new_bytes: run.manifest.bytes() - before_bytes,
        bytes: run.manifest.bytes(),
        files: run.manifest.segments.len(),
    })
}

/// Says whether a backup has a segment byte for byte, up to its last frame; why not, if not. The file
/// that a backup wrote last does not count: its next run compares that with the log.
pub(crate) fn holds(
    backup: &Path,
    installation: InstallationId,
    segment: &OldSegment,
) -> Result<(), String> {
    let home = Home::reading(backup);
    let manifest = Manifest::read(&home.manifest()).map_err(|error| error.to_string())?;
    let manifest = manifest.ok_or("there is no backup")?;
    if manifest.installation != installation {
        return Err("it is a backup of another log".to_owned());
    }
    let listed = manifest.segments.split_last().map_or(&[][..], |(_, earlier)| earlier);
    let entry = listed.iter().find(|entry| entry.sequence == segment.sequence);
    let entry = entry.filter(|entry| (entry.first, entry.next) == (segment.first, segment.next));
    let entry = entry.ok_or("it does not go beyond it")?;
    let path = home.segment(entry.sequence);
    let copy = DiskFile::open(&path, false).and_then(|file| hash_of(&file, entry.bytes));
    let source = hash_of(&segment.file, entry.bytes);
    for (hash, what) in [(copy, "the copy"), (source, "the segment")] {
        if !is(hash.map_err(|error| error.to_string())?.as_ref(), entry) {
            return Err(format!("{what} is not what the backup's list says"));
        }
    }
    Ok(())
}

/// The directory of a backup, locked while it is written.
struct Home {
    root: PathBuf,
    /// The lock, while the backup is written.
    held: Option<DiskFile>,
}

impl Home {
    /// Creates the directory if need be and locks it.
    fn enter(to: &Path, log: &Path) -> Result<Self, BackupError> {
        let path = to.to_owned();
        let existed = to.is_dir();
        disk::create_directory(to)?;
        let real = |path: &Path| {
            fs::canonicalize(path).map_err(|error| DiskError::new("find", path, &error))
        };
        if real(to)?.starts_with(real(log)?) {
            if !existed {
                // Only what was made here is removed, and only while it is empty.
                let _ = fs::remove_dir(to);
            }
            return Err(BackupError::InsideTheLog { path });
        }
        let mut home = Self { root: path, held: None };
        let own = [home.lock(), home.segments(), home.draft(), home.manifest()];
        let is_own = |name: &String| own.iter().any(|path| path.file_name() == Some(name.as_ref()));
        let names = disk::names_in(to)?;
        if !home.manifest().exists() && !names.iter().all(is_own) {
            return Err(BackupError::NotOurs { path: home.root });
        }
        home.held = Some(home.take_lock()?);
        disk::create_directory(&home.segments())?;
        Ok(home)
    }

    /// A backup that is only read.
    fn reading(from: &Path) -> Self {
        Self { root: from.to_owned(), held: None }
    }

    fn take_lock(&self) -> Result<DiskFile, BackupError> {
        let file = DiskFile::open_or_create(&self.lock())?;
        match file.file().try_lock() {
            Ok(()) => Ok(file),
            Err(TryLockError::WouldBlock) => Err(BackupError::Busy { path: self.root.clone() }),
            Err(TryLockError::Error(error)) => {
                Err(DiskError::new("lock", file.path(), &error).into())
            }
        }
    }

    /// What the backup holds; nothing while there is none.
    fn manifest_of(&self, identity: &Identity) -> Result<Manifest, BackupError> {
        let Some(manifest) = Manifest::read(&self.manifest())? else {
            return Ok(Manifest {
                installation: identity.installation,
                created: identity.created().to_owned(),
                position: Position::START,
                segments: Vec::new(),
            });
        };
        if manifest.installation == identity.installation {
            Ok(manifest)
        } else {
            Err(BackupError::OtherLog { path: self.root.clone() })
        }
    }

    fn lock(&self) -> PathBuf {
        self.root.join("lock")
    }

    fn manifest(&self) -> PathBuf {
        self.root.join("backup.manifest")
    }

    fn draft(&self) -> PathBuf {
        self.root.join("backup.manifest.draft")
    }

    fn segments(&self) -> PathBuf {
        self.root.join("segments")
    }

    fn segment(&self, sequence: u64) -> PathBuf {
        self.segments().join(format!("{sequence:010}.journal"))
    }
}

/// One run of a backup.
struct Run {
    home: Home,
    manifest: Manifest,
    copy: Option<SegmentCopy>,
}

impl Run {
    fn copy_to(
        &mut self,
        layout: &Layout,
        identity: &Identity,
        acknowledged: Position,
    ) -> Result<(), BackupError> {
        let mut cursor = JournalCursor::new(layout, identity, Position::START);
        if let Some(last) = self.manifest.segments.last() {
            cursor.resume(last.place())?;
        }
        if let Some((segment, _)) = cursor.end() {
            self.go_on_with(segment, acknowledged)?;
        }
        cursor.read_to(acknowledged, |segment, _, frame| {
            if self.copy.as_ref().is_none_or(|copy| copy.sequence() != segment.sequence) {
                self.end_copy()?;
                let path = self.home.segment(segment.sequence);
                let first = frame.first();
                self.copy =
                    Some(SegmentCopy::begin(&path, segment.sequence, first, &segment.file)?);
            }
            Ok::<_, BackupError>(self.copy.as_mut().map_or(Ok(()), |copy| copy.push(frame))?)
        })
    }

    /// Checks that log and backup agree on the segment that was copied last, and goes on with it.
    fn go_on_with(&mut self, source: &Segment, log: Position) -> Result<(), BackupError> {
        let Some(entry) = self.manifest.segments.last() else { return Ok(()) };
        let path = self.home.segment(entry.sequence);
        let copied = hash_of(&DiskFile::open(&path, false)?, entry.bytes)?;
        if !is(copied.as_ref(), entry) {
            let reason = "its checksum is not the one that was noted".to_owned();
            return Err(BackupError::Damaged { file: path, reason });
        }
        match hash_of(&source.file, entry.bytes)? {
            Some(hash) if is(Some(&hash), entry) => {
                self.copy = Some(SegmentCopy::resume(&path, entry, hash)?);
                Ok(())
            }
            Some(_) | None => Err(BackupError::Diverged { backup: entry.next, log }),
        }
    }

    fn end_copy(&mut self) -> Result<(), BackupError> {
        let Some(copy) = self.copy.take() else { return Ok(()) };
        let entry = copy.finish()?;
        self.manifest.position = entry.next;
        let segments = &mut self.manifest.segments;
        segments.retain(|segment| segment.sequence != entry.sequence);
        segments.push(entry);
        Ok(())
    }

    /// Everything is durable before the manifest speaks of it.
    fn finish(&mut self) -> Result<(), BackupError> {
        self.end_copy()?;
        disk::sync_directory(&self.home.segments())?;
        self.manifest.write(&self.home.draft(), &self.home.manifest())
    }
}

/// True when a hash is the one that is listed.
fn is(hash: Option<&Sha256>, entry: &SegmentEntry) -> bool {
    hash.is_some_and(|hash| hash.clone().finalize()[..] == entry.sha256)
}
