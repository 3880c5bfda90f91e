//! Which of the journal's old segments may go, and dropping them.
//!
//! A segment goes only when each of its records was read from the sealed log, which is synced, and
//! found the same; when it is not written any more; and, where a backup is named, when that backup
//! has it byte for byte. First the mark of where the journal begins is durable, then the file goes:
//! a segment that is missing without the mark is damage.

use std::{fmt, path::PathBuf};

use events::{InstallationId, Position};

use super::{
    backup,
    disk::{self, DiskError},
    journal::OldSegment,
    layout::Layout,
    options::Retention,
    reader::Published,
    sealed::{RANGE_RECORDS, SealedError, SealedLog},
    watermark::Watermark,
};

/// What a trimming of the journal has come to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TrimReport {
    /// The first position the journal holds now; what comes before has one copy.
    pub journal_first: Position,
    /// How many segments were dropped.
    pub segments: u64,
    /// How long they were together, in bytes.
    pub bytes: u64,
    /// Why the oldest segment that is left was kept.
    pub kept: Kept,
}

/// Why a segment of the journal is kept.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Kept {
    /// It is the one that is written.
    Written,
    /// It is among the newest bytes that are to be kept.
    Wanted,
    /// Not all of its records are sealed yet.
    Unsealed,
    /// Its sealed copy cannot be read or is another.
    CopyInDoubt {
        /// The first position affected.
        position: Position,
        /// What was found.
        reason: String,
    },
    /// The backup does not have it.
    NotBackedUp {
        /// The backup.
        backup: PathBuf,
        /// What was found.
        reason: String,
    },
}

impl fmt::Display for Kept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Written => write!(f, "it is the one that is written"),
            Self::Wanted => write!(f, "it is among the bytes that are to be kept"),
            Self::Unsealed => write!(f, "it is not wholly sealed yet"),
            Self::CopyInDoubt { position, reason } => {
                write!(f, "its sealed copy is in doubt at position {position}: {reason}")
            }
            Self::NotBackedUp { backup, reason } => {
                write!(f, "the backup in {} does not have it: {reason}", backup.display())
            }
        }
    }
}

/// One trimming at a time.
pub(crate) struct Trimming<'a> {
    pub(crate) published: &'a Published,
    pub(crate) sealed: &'a SealedLog,
    pub(crate) layout: &'a Layout,
    pub(crate) installation: InstallationId,
    pub(crate) retention: &'a Retention,
}

impl Trimming<'_> {
    /// Drops what may go, oldest first.
    pub(crate) fn run(&self) -> Result<TrimReport, DiskError> {
        let _alone = self.published.trim_alone();
        let (mut segments, mut bytes) = (0, 0);
        let kept = loop {
            let Some(oldest) = self.published.journal().oldest() else { break Kept::Written };
            if let Some(kept) = self.why_kept(&oldest)? {
                break kept;
            }
            bytes += oldest.file.bytes()?;
            segments += 1;
            self.drop_segment(&oldest)?;
        };
        let journal_first = self.published.journal().first().unwrap_or(Position::START);
        Ok(TrimReport { journal_first, segments, bytes, kept })
    }

    fn why_kept(&self, oldest: &OldSegment) -> Result<Option<Kept>, DiskError> {
        let files = self.published.journal().files();
        let mut newer = 0;
        for file in files.iter().skip(1) {
            newer += file.bytes()?;
        }
        if newer < self.retention.keep_bytes {
            return Ok(Some(Kept::Wanted));
        }
        if oldest.next > self.published.sealed_to() {
            return Ok(Some(Kept::Unsealed));
        }
        if let Some(path) = &self.retention.backup
            && let Err(reason) = backup::holds(path, self.installation, oldest)
        {
            return Ok(Some(Kept::NotBackedUp { backup: path.clone(), reason }));
        }
        let sealed = self.compare(oldest).err();
        Ok(sealed.map(|(position, reason)| Kept::CopyInDoubt { position, reason }))
    }

    /// Reads every record of the segment from both copies.
    fn compare(&self, segment: &OldSegment) -> Result<(), (Position, String)> {
        let synced = self.sealed.sync();
        synced.map_err(|error: SealedError| (segment.first, error.to_string()))?;
        let mut from = segment.first;
        while from < segment.next {
            let range = from.get() / RANGE_RECORDS;
            let begin = Position::new(range * RANGE_RECORDS);
            let until = segment.next.min(begin.plus(RANGE_RECORDS));
            let doubt = |reason: String| (from, reason);
            let mut sealed =
                self.sealed.read_checked(range).map_err(|error| doubt(error.to_string()))?;
            sealed.retain(|record| (from..until).contains(&record.position()));
            let journal = self.published.read_journal(from, until);
            let journal = journal.map_err(|error| doubt(error.to_string()))?;
            if journal != Some(sealed) {
                return Err(doubt("the journal and the sealed log differ".to_owned()));
            }
            from = until;
        }
        Ok(())
    }

    fn drop_segment(&self, segment: &OldSegment) -> Result<(), DiskError> {
        let mut mark = Watermark::open(&self.layout.journal_begin())?;
        // Both slots: damage to one must not bring an older beginning back.
        mark.write(segment.next)?;
        mark.write(segment.next)?;
        mark.sync()?;
        self.published.forget_oldest_segment();
        disk::remove_file(segment.file.path())?;
        disk::sync_directory(&self.layout.journal())?;
        let (sequence, begins) = (segment.sequence, segment.next);
        tracing::info!(sequence, %begins, "a segment of the journal was dropped");
        Ok(())
    }
}
