//! The index on the disk, so that an opening reads only what came after it.
//!
//! A snapshot is derived: whatever is wrong with it, the log is read instead. It covers sealed
//! records only, so that everything that may have one copy is read at every opening, and says where
//! their frames stand. Before a segment is written anew, all snapshots go.
//!
//! | bytes | content |
//! |---|---|
//! | 0..8 | magic `PLINDEX1` |
//! | 8..12 | CRC-32 of all that follows |
//! | 12..28 | id of the installation |
//! | 28.. | the index (`index/snapshot.rs`), then where the frames stand (`journal/directory.rs`) |

use std::sync::Arc;

use events::{InstallationId, Position};

use super::{
    disk::{self, DiskError, DiskFile},
    frame::LogTag,
    journal::{JournalDirectory, ScanStart, Segment},
    layout::{Layout, snapshot_position},
    reader::Published,
};
use crate::{index::LogIndex, take::Take};

const MAGIC: [u8; 8] = *b"PLINDEX1";
const CHECKSUM_AT_BYTES: usize = 8;
const HEAD_BYTES: usize = 28;
/// The newest and the one before it.
const KEPT_MAX: usize = 2;

/// An index that was read, and where to go on in the journal.
pub(crate) struct Snapshot {
    pub(crate) index: LogIndex,
    pub(crate) start: ScanStart,
}

/// The newest snapshot that is intact and agrees with the files of the journal, which begins at
/// `begin` or before.
pub(crate) fn load(
    layout: &Layout,
    id: InstallationId,
    window: usize,
    segments: &[Segment],
    begin: Position,
) -> Result<Option<Snapshot>, DiskError> {
    for position in positions(layout)?.into_iter().rev() {
        let path = layout.index_snapshot(position);
        let Some(bytes) = disk::read_file(&path)? else { continue };
        if let Some(snapshot) = parse(&bytes, id, window, segments, begin) {
            return Ok(Some(snapshot));
        }
        let file = path.display();
        tracing::warn!(%file, "a snapshot of the index is damaged or outdated and is not used");
    }
    Ok(None)
}

fn parse(
    bytes: &[u8],
    id: InstallationId,
    window: usize,
    segments: &[Segment],
    begin: Position,
) -> Option<Snapshot> {
    let mut bytes = Take::new(checked_body(bytes, id)?);
    let index = LogIndex::read(&mut bytes, window)?;
    let file_of = |sequence| {
        let segment = segments.iter().find(|segment| segment.sequence == sequence)?;
        Some(Arc::clone(&segment.file))
    };
    let directory = JournalDirectory::read(&mut bytes, file_of)?;
    let next = index.next();
    let (sequence, offset) = directory.place_before(next)?;
    let segment = segments.iter().position(|segment| segment.sequence == sequence)?;
    // Segments may only be missing where they were dropped on purpose, and none may be unknown.
    let known = directory.first().is_some_and(|first| first <= begin)
        && directory.first_sequence() == segments.first().map(|segment| segment.sequence);
    let last = directory.frame_at(Position::new(next.get().checked_sub(1)?))?;
    let (first, end) = last.positions();
    let last_reads = last.read_records(LogTag::of(id), first, end, &mut Vec::new()).is_ok();
    let agrees = bytes.is_empty() && known && last_reads && directory.agrees_with_files();
    agrees.then_some(Snapshot {
        index,
        start: ScanStart { next, place: (segment, offset), directory },
    })
}

fn checked_body(bytes: &[u8], id: InstallationId) -> Option<&[u8]> {
    let (head, body) = bytes.split_at_checked(HEAD_BYTES)?;
    let checksum = crc32fast::hash(&bytes[CHECKSUM_AT_BYTES + 4..]);
    (*head == *head_of(checksum, id)).then_some(body)
}

fn head_of(checksum: u32, id: InstallationId) -> Vec<u8> {
    [&MAGIC[..], &checksum.to_le_bytes(), id.as_uuid().as_bytes()].concat()
}

/// Writes snapshots of one log.
pub(crate) struct Snapshots {
    layout: Layout,
    id: InstallationId,
    /// So many records must not be in the last one.
    every: u64,
    /// How far the last one goes.
    last: Position,
}

impl Snapshots {
    /// Goes on after a snapshot that covers everything before `last`.
    pub(crate) fn after(layout: &Layout, id: InstallationId, every: u64, last: Position) -> Self {
        Self { layout: layout.clone(), id, every, last }
    }

    /// Writes a snapshot if it is worth it. Nobody may be writing the log: copying the index takes
    /// longer than an acknowledgement may wait. A failure is no harm to the log.
    pub(crate) fn save(&mut self, published: &Published) {
        let border = published.journal().border_at(published.sealed_to());
        let Some(until) = border.filter(|until| {
            self.every > 0 && until.get() >= self.last.get().saturating_add(self.every)
        }) else {
            return;
        };
        match self.write(published, until) {
            Ok(()) => self.last = until,
            Err(reason) => tracing::warn!(reason, "the index cannot be saved"),
        }
    }

    fn write(&self, published: &Published, until: Position) -> Result<(), String> {
        let before = Position::new(until.get().saturating_sub(1));
        let newest = published.read_positions(&[before]).map_err(|error| error.to_string())?;
        let newest = newest.first().ok_or("the record before it is not there")?;
        let mut bytes = head_of(0, self.id);
        if !published.index().write_until(until, newest.header().recorded_at, &mut bytes) {
            // It is about to be outrun by the window of commits: the next one will do.
            return Ok(());
        }
        published.journal().write_until(until, &mut bytes);
        let checksum = crc32fast::hash(&bytes[CHECKSUM_AT_BYTES + 4..]).to_le_bytes();
        bytes[CHECKSUM_AT_BYTES..CHECKSUM_AT_BYTES + 4].copy_from_slice(&checksum);
        self.replace(&bytes, until).map_err(|error| error.to_string())
    }

    fn replace(&self, bytes: &[u8], until: Position) -> Result<(), DiskError> {
        let layout = &self.layout;
        disk::create_directory(&layout.index())?;
        let draft = DiskFile::create(&layout.index_draft())?;
        draft.write_at(bytes, 0)?;
        draft.sync_all()?;
        disk::rename(draft.path(), &layout.index_snapshot(until.get()))?;
        let mut older = positions(layout)?;
        older.retain(|position| *position < until.get());
        let kept = older.split_off(older.len().saturating_sub(KEPT_MAX - 1));
        for position in positions(layout)? {
            if position != until.get() && !kept.contains(&position) {
                disk::remove_file(&layout.index_snapshot(position))?;
            }
        }
        Ok(())
    }
}

/// Removes every snapshot, durably.
pub(crate) fn remove_all(layout: &Layout) -> Result<(), DiskError> {
    let found = positions(layout)?;
    for position in &found {
        disk::remove_file(&layout.index_snapshot(*position))?;
    }
    if found.is_empty() { Ok(()) } else { disk::sync_directory(&layout.index()) }
}

/// The positions of all snapshots, lowest first.
fn positions(layout: &Layout) -> Result<Vec<u64>, DiskError> {
    let names = disk::names_in(&layout.index())?;
    let mut positions: Vec<_> = names.iter().filter_map(|name| snapshot_position(name)).collect();
    positions.sort_unstable();
    Ok(positions)
}
