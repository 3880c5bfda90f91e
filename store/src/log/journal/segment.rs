//! One segment file: how it is made ready, and its head.
//!
//! | bytes | content |
//! |---|---|
//! | 0..8 | magic `PLJOURNL` |
//! | 8..12 | format, 1 |
//! | 12..16 | CRC-32 of bytes 16..64 |
//! | 16..24 | sequence number of the segment |
//! | 24..40 | id of the installation |
//! | 40..64 | zeros |
//! | 64.. | frames, then zeros to the end of the file |

use std::{path::Path, sync::Arc};

use events::InstallationId;
use uuid::Uuid;

use crate::log::{
    disk::{self, DiskError, DiskFile},
    frame::u32_at,
    layout::Layout,
};

/// Where the first frame of a segment stands.
pub(crate) const SEGMENT_HEAD_BYTES: u64 = 64;
/// The format of segments, which changes with that of the directory only: the identity says it
/// twice, so a head that says otherwise is damaged.
const SEGMENT_FORMAT: u32 = 1;

const MAGIC: [u8; 8] = *b"PLJOURNL";
const HEAD_BYTES: usize = 64;

/// A segment file.
#[derive(Clone, Debug)]
pub(crate) struct Segment {
    /// Its place among the segments; the first is 1.
    pub(crate) sequence: u64,
    /// The file.
    pub(crate) file: Arc<DiskFile>,
    /// Its length.
    pub(crate) bytes: u64,
}

/// Why a file is not a segment of this log.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum SegmentError {
    #[error(transparent)]
    Disk(#[from] DiskError),
    #[error("the head of segment {0} is damaged")]
    Head(u64),
    #[error("segment {0} belongs to another log")]
    Foreign(u64),
}

impl Segment {
    /// Makes a segment: head and zeros on stable storage before the file gets its name, so that a
    /// segment with a name is always whole and writing into it changes no metadata.
    pub(crate) fn create(
        layout: &Layout,
        id: InstallationId,
        sequence: u64,
        bytes: u64,
    ) -> Result<Self, DiskError> {
        let (draft, path) = (layout.segment_draft(), layout.segment(sequence));
        let file = DiskFile::create(&draft)?;
        file.write_at(&segment_head(id, sequence), 0)?;
        file.zero(SEGMENT_HEAD_BYTES, bytes)?;
        file.sync_all()?;
        disk::rename(&draft, &path)?;
        let file = Arc::new(DiskFile::open(&path, true)?);
        Ok(Self { sequence, file, bytes: bytes.max(SEGMENT_HEAD_BYTES) })
    }

    /// Opens a segment and checks that it is one of this log.
    pub(crate) fn open(
        path: &Path,
        id: InstallationId,
        sequence: u64,
        writable: bool,
    ) -> Result<Self, SegmentError> {
        let file = DiskFile::open(path, writable)?;
        let bytes = file.bytes()?;
        let mut found = [0; HEAD_BYTES];
        if bytes < SEGMENT_HEAD_BYTES {
            return Err(SegmentError::Head(sequence));
        }
        file.read_at(&mut found, 0)?;
        check_head(&found, id, sequence)?;
        Ok(Self { sequence, file: Arc::new(file), bytes })
    }

    /// Makes the segment long enough for a frame that is larger than a whole segment.
    pub(crate) fn lengthen(&mut self, bytes: u64) -> Result<(), DiskError> {
        self.file.zero(self.bytes, bytes)?;
        self.file.sync_all()?;
        self.bytes = bytes;
        Ok(())
    }
}

/// The head of a segment.
pub(crate) fn segment_head(id: InstallationId, sequence: u64) -> [u8; HEAD_BYTES] {
    let mut head = [0; HEAD_BYTES];
    head[..8].copy_from_slice(&MAGIC);
    head[8..12].copy_from_slice(&SEGMENT_FORMAT.to_le_bytes());
    head[16..24].copy_from_slice(&sequence.to_le_bytes());
    head[24..40].copy_from_slice(id.as_uuid().as_bytes());
    let checksum = crc32fast::hash(&head[16..]);
    head[12..16].copy_from_slice(&checksum.to_le_bytes());
    head
}

fn check_head(
    head: &[u8; HEAD_BYTES],
    id: InstallationId,
    sequence: u64,
) -> Result<(), SegmentError> {
    if *head == segment_head(id, sequence) {
        return Ok(());
    }
    match owner(head) {
        Some(owner) if owner != id => Err(SegmentError::Foreign(sequence)),
        _ => Err(SegmentError::Head(sequence)),
    }
}

/// Whose segment a file is, if it can be read and its head is intact.
pub(crate) fn owner_of(path: &Path) -> Option<InstallationId> {
    let mut head = [0; HEAD_BYTES];
    DiskFile::open(path, false).ok()?.read_at(&mut head, 0).ok()?;
    owner(&head)
}

fn owner(head: &[u8; HEAD_BYTES]) -> Option<InstallationId> {
    let intact = head[..8] == MAGIC && crc32fast::hash(&head[16..]) == u32_at(head, 12);
    let mut owner = [0; 16];
    owner.copy_from_slice(&head[24..40]);
    intact.then(|| InstallationId::from_uuid(Uuid::from_bytes(owner)))
}
