//! The copy of one journal segment: its head and its frames, without the zeros behind them.

use std::path::Path;

use events::Position;
use sha2::{Digest, Sha256};

use super::manifest::SegmentEntry;
use crate::log::{
    disk::{DiskError, DiskFile},
    frame::Frame,
    journal::SEGMENT_HEAD_BYTES,
};

/// How much is gathered before it is written, and read at once, in bytes.
const CHUNK_BYTES: usize = 1 << 20;

/// A copy in the making.
pub(super) struct SegmentCopy {
    file: DiskFile,
    sequence: u64,
    first: Position,
    next: Position,
    written: u64,
    waiting: Vec<u8>,
    hash: Sha256,
}

impl SegmentCopy {
    /// Begins a copy with the head of `source`.
    pub(super) fn begin(
        path: &Path,
        sequence: u64,
        first: Position,
        source: &DiskFile,
    ) -> Result<Self, DiskError> {
        let mut head = vec![0; usize::try_from(SEGMENT_HEAD_BYTES).unwrap_or_default()];
        source.read_at(&mut head, 0)?;
        let file = DiskFile::create(path)?;
        let hash = Sha256::new_with_prefix(&head);
        Ok(Self { file, sequence, first, next: first, written: 0, waiting: head, hash })
    }

    /// Goes on with a copy whose listed bytes were hashed by [`hash_of`].
    pub(super) fn resume(
        path: &Path,
        entry: &SegmentEntry,
        hash: Sha256,
    ) -> Result<Self, DiskError> {
        Ok(Self {
            file: DiskFile::open(path, true)?,
            sequence: entry.sequence,
            first: entry.first,
            next: entry.next,
            written: entry.bytes,
            waiting: Vec::new(),
            hash,
        })
    }

    /// The segment's place among the segments.
    pub(super) const fn sequence(&self) -> u64 {
        self.sequence
    }

    /// Adds the frame that follows.
    pub(super) fn push(&mut self, frame: &Frame) -> Result<(), DiskError> {
        self.waiting.extend_from_slice(frame.bytes());
        self.hash.update(frame.bytes());
        self.next = frame.next();
        if self.waiting.len() >= CHUNK_BYTES { self.flush() } else { Ok(()) }
    }

    /// Puts everything on stable storage.
    pub(super) fn finish(mut self) -> Result<SegmentEntry, DiskError> {
        self.flush()?;
        self.file.sync_all()?;
        Ok(SegmentEntry {
            sequence: self.sequence,
            first: self.first,
            next: self.next,
            bytes: self.written,
            sha256: self.hash.finalize().into(),
        })
    }

    fn flush(&mut self) -> Result<(), DiskError> {
        self.file.write_at(&self.waiting, self.written)?;
        self.written += self.waiting.len() as u64;
        self.waiting.clear();
        Ok(())
    }
}

/// Hashes the first `bytes` of a file; none when it is shorter.
pub(super) fn hash_of(file: &DiskFile, bytes: u64) -> Result<Option<Sha256>, DiskError> {
    if file.bytes()? < bytes {
        return Ok(None);
    }
    let mut hash = Sha256::new();
    let mut chunk = vec![0; CHUNK_BYTES];
    let mut offset = 0;
    while offset < bytes {
        let wanted = usize::try_from(bytes - offset).unwrap_or(usize::MAX).min(CHUNK_BYTES);
        let piece = &mut chunk[..wanted];
        file.read_at(piece, offset)?;
        hash.update(&*piece);
        offset += wanted as u64;
    }
    Ok(Some(hash))
}
