//! The journal: where a group of commits becomes durable.
//!
//! Segments are zero-written files; a frame is written into one and synced before anything is
//! acknowledged. Because the blocks are there already, a sync moves data only.

mod cursor;
mod directory;
mod preparer;
mod scan;
mod segment;

use std::{
    collections::VecDeque,
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use events::InstallationId;

use self::preparer::Preparer;
pub(crate) use self::{
    cursor::{FrameReader, JournalCursor, JournalPlace},
    directory::{JournalDirectory, OldSegment, checked},
    scan::{ScanStart, Scanned, Window, first_position, scan},
    segment::{SEGMENT_HEAD_BYTES, Segment, SegmentError, owner_of, segment_head},
};
use super::{
    disk::{self, DiskError, DiskFile},
    frame::Frame,
    layout::{Layout, segment_sequence},
};

/// The appending side of the journal; only the writer has it.
pub(crate) struct Journal {
    current: Segment,
    offset: u64,
    spare: VecDeque<Segment>,
    preparer: Preparer,
    asked_for: u64,
}

/// Where a frame was written.
pub(crate) struct Written {
    /// The sequence number of the segment.
    pub(crate) sequence: u64,
    /// Its file.
    pub(crate) file: Arc<DiskFile>,
    /// The frame's offset in it.
    pub(crate) offset: u64,
    /// How long its sync took.
    pub(crate) synced_in: Duration,
}

impl Journal {
    /// Goes on at `offset` of the first of `segments`; the others hold nothing yet.
    pub(crate) fn open(
        layout: &Layout,
        id: InstallationId,
        segment_bytes: u64,
        segments: Vec<Segment>,
        offset: u64,
    ) -> Result<Self, DiskError> {
        let mut spare = VecDeque::from(segments);
        let preparer = Preparer::start(layout.clone(), id, segment_bytes)?;
        let current = match spare.pop_front() {
            Some(segment) => segment,
            None => Segment::create(layout, id, 1, segment_bytes)?,
        };
        let asked_for = spare.back().unwrap_or(&current).sequence;
        Ok(Self { current, offset, spare, preparer, asked_for })
    }

    /// Writes a frame and puts it on stable storage. After an error the journal must not be
    /// written again: what the file holds is unknown until it is scanned.
    pub(crate) fn append(&mut self, frame: &Frame) -> Result<Written, DiskError> {
        let bytes = frame.bytes();
        self.make_room(bytes.len() as u64)?;
        self.current.file.write_at(bytes, self.offset)?;
        let writing_ended = Instant::now();
        self.current.file.sync_data()?;
        let synced_in = writing_ended.elapsed();
        let (sequence, offset) = (self.current.sequence, self.offset);
        self.offset += bytes.len() as u64;
        self.prepare_ahead();
        Ok(Written { sequence, file: Arc::clone(&self.current.file), offset, synced_in })
    }

    /// Puts the segment that is being written on stable storage.
    pub(crate) fn sync(&self) -> Result<(), DiskError> {
        self.current.file.sync_data()
    }

    fn make_room(&mut self, bytes: u64) -> Result<(), DiskError> {
        if self.offset + bytes <= self.current.bytes {
            return Ok(());
        }
        if self.offset > SEGMENT_HEAD_BYTES {
            self.current = self.next_segment()?;
            self.offset = SEGMENT_HEAD_BYTES;
        }
        if self.offset + bytes > self.current.bytes {
            self.current.lengthen(self.offset + bytes)?;
        }
        Ok(())
    }

    fn next_segment(&mut self) -> Result<Segment, DiskError> {
        if let Some(segment) = self.spare.pop_front() {
            return Ok(segment);
        }
        self.ask_for_next();
        self.preparer.take()
    }

    /// Has the next segment made while this one still has room.
    fn prepare_ahead(&mut self) {
        if self.spare.is_empty() && self.offset * 2 > self.current.bytes {
            self.ask_for_next();
        }
    }

    fn ask_for_next(&mut self) {
        let next = self.current.sequence + 1;
        if self.asked_for < next {
            self.asked_for = next;
            self.preparer.ask_for(next);
        }
    }
}

/// The segments of a log, in order. A sequence with a hole is reported as the missing number.
pub(crate) fn open_segments(
    layout: &Layout,
    id: InstallationId,
    writable: bool,
) -> Result<Result<Vec<Segment>, u64>, SegmentError> {
    let names = disk::names_in(&layout.journal())?;
    let mut sequences: Vec<_> = names.iter().filter_map(|name| segment_sequence(name)).collect();
    sequences.sort_unstable();
    if let Some(hole) = sequences.windows(2).find(|pair| pair[0] + 1 != pair[1]) {
        return Ok(Err(hole[0] + 1));
    }
    let open = |sequence| Segment::open(&path_of(layout, sequence), id, sequence, writable);
    sequences.into_iter().map(open).collect::<Result<_, _>>().map(Ok)
}

fn path_of(layout: &Layout, sequence: u64) -> Box<Path> {
    layout.segment(sequence).into_boxed_path()
}

/// Zeroes what a crash left after the last whole frame, durably, so that nothing of it can ever
/// be taken for a frame.
pub(crate) fn cut(segment: &Segment, offset: u64) -> Result<(), DiskError> {
    segment.file.zero(offset, segment.bytes)?;
    segment.file.sync_data()
}
