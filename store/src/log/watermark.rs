//! How far the log certainly goes: what is missing below this mark is damage, not a torn tail.
//!
//! There is one mark of what was acknowledged and one of what was sealed. The file has two slots of
//! 20 bytes, 512 bytes apart so that no sector holds both, written in turn: position, number of the
//! writing, CRC-32 of both. It is written after each sync of what it speaks of and synced itself
//! only on a clean stop, so after a power loss it may be behind, never ahead.

use std::path::Path;

use events::Position;

use super::{
    disk::{self, DiskError, DiskFile},
    frame::{u32_at, u64_at},
};

const SLOT_BYTES: usize = 20;
const SLOT_OFFSETS_BYTES: [usize; 2] = [0, 512];

/// The writing side.
#[derive(Debug)]
pub(crate) struct Watermark {
    file: DiskFile,
    writing: u64,
}

impl Watermark {
    /// Opens the mark for writing, going on after what is there.
    pub(crate) fn open(path: &Path) -> Result<Self, DiskError> {
        let writing = read_slots(path)?.map_or(0, |(_, writing)| writing + 1);
        Ok(Self { file: DiskFile::open_or_create(path)?, writing })
    }

    /// Notes that everything before `position` is on stable storage.
    pub(crate) fn write(&mut self, position: Position) -> Result<(), DiskError> {
        let mut slot = [0; SLOT_BYTES];
        slot[..8].copy_from_slice(&position.get().to_le_bytes());
        slot[8..16].copy_from_slice(&self.writing.to_le_bytes());
        let checksum = crc32fast::hash(&slot[..16]);
        slot[16..].copy_from_slice(&checksum.to_le_bytes());
        let offset = SLOT_OFFSETS_BYTES[usize::from(self.writing % 2 == 1)];
        self.writing += 1;
        self.file.write_at(&slot, offset as u64)
    }

    /// Puts the mark on stable storage.
    pub(crate) fn sync(&self) -> Result<(), DiskError> {
        self.file.sync_all()
    }
}

/// The mark as far as it can be read: the beginning when there is none.
pub(crate) fn read(path: &Path) -> Result<Position, DiskError> {
    Ok(read_slots(path)?.map_or(Position::START, |(position, _)| position))
}

/// A mark and whether its file is as it was written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct MarkState {
    /// The mark, if any of it can be read.
    pub(crate) mark: Option<Position>,
    /// True when something that was written cannot be read.
    pub(crate) damaged: bool,
}

/// Reads a mark and looks for damage. A file that is missing or whose slots hold nothing at all
/// looks like one that was never written.
pub(crate) fn inspect(path: &Path) -> Result<MarkState, DiskError> {
    let bytes = disk::read_file(path)?.unwrap_or_default();
    let newest = newest_slot(&bytes);
    let unreadable = slots(&bytes).filter(Option::is_none).count();
    let unwritten = usize::from(newest.is_some_and(|(_, writing)| writing == 0));
    let written = bytes.iter().any(|&byte| byte != 0);
    let damaged = written && unreadable > unwritten;
    Ok(MarkState { mark: newest.map(|(position, _)| position), damaged })
}

fn read_slots(path: &Path) -> Result<Option<(Position, u64)>, DiskError> {
    Ok(newest_slot(&disk::read_file(path)?.unwrap_or_default()))
}

fn newest_slot(bytes: &[u8]) -> Option<(Position, u64)> {
    slots(bytes).flatten().max_by_key(|&(position, writing)| (writing, position))
}

fn slots(bytes: &[u8]) -> impl Iterator<Item = Option<(Position, u64)>> {
    SLOT_OFFSETS_BYTES.iter().map(|&offset| {
        let slot = bytes.get(offset..offset + SLOT_BYTES)?;
        let intact = crc32fast::hash(&slot[..16]) == u32_at(slot, 16);
        intact.then(|| (Position::new(u64_at(slot, 0)), u64_at(slot, 8)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_mark_is_read_and_one_damaged_slot_gives_the_mark_before() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("acknowledged");
        assert_eq!(read(&path), Ok(Position::START));
        let mut watermark = Watermark::open(&path).unwrap();
        for position in [3, 9] {
            watermark.write(Position::new(position)).unwrap();
        }
        assert_eq!(read(&path), Ok(Position::new(9)));
        DiskFile::open(&path, true).unwrap().write_at(&[0xff], 512).unwrap();
        assert_eq!(read(&path), Ok(Position::new(3)));
        Watermark::open(&path).unwrap().write(Position::new(12)).unwrap();
        assert_eq!(read(&path), Ok(Position::new(12)));
    }
}
