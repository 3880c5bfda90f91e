//! Which frame of which segment holds a position, and reading records from there.
//!
//! Eight bytes of memory a frame. Everything read is checked against its checksums and its
//! position before it is handed on.

use std::sync::Arc;

use bytes::Bytes;
use events::Position;

use crate::{
    error::ReadError,
    log::{
        disk::{DiskError, DiskFile},
        frame::{FRAME_HEAD_BYTES, Frame, LogTag, TABLE_ENTRY_BYTES, u32_at},
    },
    record::Record,
    take::Take,
};

/// How many bytes of neighbouring frames are read at once.
const RUN_BYTES: u64 = 256 << 10;

/// A segment's numbers as they are written.
const SEGMENT_FRAMES_BYTES_MIN: usize = 40;
const FRAME_PLACE_BYTES: usize = 8;

/// Where the frames of the journal stand.
#[derive(Debug, Default)]
pub(crate) struct JournalDirectory {
    segments: Vec<SegmentFrames>,
}

#[derive(Debug)]
struct SegmentFrames {
    sequence: u64,
    file: Arc<DiskFile>,
    first: u64,
    next: u64,
    end: u64,
    frames: Vec<FramePlace>,
}

/// The first position, relative to the segment's, and the offset of a frame.
#[derive(Clone, Copy, Debug)]
struct FramePlace {
    records_before: u32,
    offset: u32,
}

/// A segment that is no longer written.
#[derive(Clone, Debug)]
pub(crate) struct OldSegment {
    pub(crate) sequence: u64,
    pub(crate) file: Arc<DiskFile>,
    /// The position of its first record.
    pub(crate) first: Position,
    /// The position after its last record.
    pub(crate) next: Position,
}

/// One frame or several neighbouring ones, to be read outside any lock.
#[derive(Clone, Debug)]
pub(crate) struct FrameRun {
    file: Arc<DiskFile>,
    first: u64,
    next: u64,
    offset: u64,
    end: u64,
}

impl JournalDirectory {
    /// Adds a frame that follows all others.
    pub(crate) fn push(&mut self, sequence: u64, file: &Arc<DiskFile>, offset: u64, frame: &Frame) {
        if self.segments.last().is_none_or(|last| last.sequence != sequence) {
            let (first, file) = (frame.first().get(), Arc::clone(file));
            let frames = Vec::new();
            self.segments.push(SegmentFrames {
                sequence,
                file,
                first,
                next: first,
                end: 0,
                frames,
            });
        }
        if let Some(segment) = self.segments.last_mut() {
            segment.frames.push(FramePlace {
                records_before: to_u32(frame.first().get() - segment.first),
                offset: to_u32(offset),
            });
            segment.next = frame.next().get();
            segment.end = offset + frame.bytes().len() as u64;
        }
    }

    /// The first position the journal holds.
    pub(crate) fn first(&self) -> Option<Position> {
        self.segments.first().map(|segment| Position::new(segment.first))
    }

    /// The sequence number of the first segment that holds frames.
    pub(crate) fn first_sequence(&self) -> Option<u64> {
        self.segments.first().map(|segment| segment.sequence)
    }

    /// The last border between frames at or before `position`: where the frame after it begins, or
    /// the end.
    pub(crate) fn border_at(&self, position: Position) -> Option<Position> {
        let last = self.segments.last().filter(|last| last.next <= position.get());
        match last {
            Some(last) => Some(Position::new(last.next)),
            None => self.frame_at(position).map(|frame| frame.positions().0),
        }
    }

    /// Where the frame stands that ends at `border`: its segment and the offset after it.
    pub(crate) fn place_before(&self, border: Position) -> Option<(u64, u64)> {
        let before = Position::new(border.get().checked_sub(1)?);
        let (segment, index) = self.locate(before)?;
        let run = segment.run(index, index + 1);
        (run.next == border.get()).then_some((segment.sequence, run.end))
    }

    /// Writes where the frames before `until` stand, which is a border between frames.
    pub(crate) fn write_until(&self, until: Position, bytes: &mut Vec<u8>) {
        let until = until.get();
        let begun = self.segments.partition_point(|segment| segment.first < until);
        bytes.extend_from_slice(&(begun as u64).to_le_bytes());
        for segment in self.segments.iter().take(begun) {
            let known = segment
                .frames
                .partition_point(|frame| segment.first + u64::from(frame.records_before) < until);
            let run = segment.run(0, known);
            for number in [segment.sequence, segment.first, run.next, run.end, known as u64] {
                bytes.extend_from_slice(&number.to_le_bytes());
            }
            for frame in segment.frames.iter().take(known) {
                bytes.extend_from_slice(&frame.records_before.to_le_bytes());
                bytes.extend_from_slice(&frame.offset.to_le_bytes());
            }
        }
    }

    /// Reads what was written. A segment of which `file_of` knows no file is left out; the caller
    /// judges whether it may be missing.
    pub(crate) fn read(
        bytes: &mut Take<'_>,
        file_of: impl Fn(u64) -> Option<Arc<DiskFile>>,
    ) -> Option<Self> {
        let mut segments = Vec::new();
        for _ in 0..bytes.count(SEGMENT_FRAMES_BYTES_MIN)? {
            let sequence = bytes.u64()?;
            let (first, next, end) = (bytes.u64()?, bytes.u64()?, bytes.u64()?);
            let frame = |bytes: &mut Take<'_>| {
                Some(FramePlace { records_before: bytes.u32()?, offset: bytes.u32()? })
            };
            let frames = (0..bytes.count(FRAME_PLACE_BYTES)?)
                .map(|_| frame(bytes))
                .collect::<Option<Vec<_>>>()?;
            if let Some(file) = file_of(sequence) {
                segments.push(SegmentFrames { sequence, file, first, next, end, frames });
            }
        }
        Some(Self { segments })
    }

    /// Says whether the segments are as long as they should be, follow each other, and begin with
    /// the records that they should begin with.
    pub(crate) fn agrees_with_files(&self) -> bool {
        let follow = self
            .segments
            .windows(2)
            .all(|pair| pair[0].next == pair[1].first && pair[0].sequence + 1 == pair[1].sequence);
        follow
            && self.segments.iter().all(|segment| {
                let first = Position::new(segment.first);
                let begins = self.frame_at(first).is_some_and(|run| run.read_record(first).is_ok());
                begins && segment.file.bytes().is_ok_and(|bytes| bytes >= segment.end)
            })
    }

    /// The oldest segment, unless it is the only one.
    pub(crate) fn oldest(&self) -> Option<OldSegment> {
        let oldest = self.segments.first().filter(|_| self.segments.len() > 1)?;
        Some(OldSegment {
            sequence: oldest.sequence,
            file: Arc::clone(&oldest.file),
            first: Position::new(oldest.first),
            next: Position::new(oldest.next),
        })
    }

    /// The files of all segments that hold frames, oldest first.
    pub(crate) fn files(&self) -> Vec<Arc<DiskFile>> {
        self.segments.iter().map(|segment| Arc::clone(&segment.file)).collect()
    }

    /// Forgets the oldest segment; whoever reads it meanwhile has its file open.
    pub(crate) fn drop_oldest(&mut self) {
        if self.segments.len() > 1 {
            self.segments.remove(0);
        }
    }

    /// The frame that holds `position`.
    pub(crate) fn frame_at(&self, position: Position) -> Option<FrameRun> {
        let (segment, index) = self.locate(position)?;
        Some(segment.run(index, index + 1))
    }

    /// The frame that holds `position` and its neighbours up to `until`, within one segment.
    pub(crate) fn run_at(&self, position: Position, until: Position) -> Option<FrameRun> {
        let (segment, index) = self.locate(position)?;
        let start = segment.frames.get(index).map_or(0, |frame| u64::from(frame.offset));
        let wanted = |frame: &FramePlace| {
            segment.first + u64::from(frame.records_before) < until.get()
                && u64::from(frame.offset) - start < RUN_BYTES
        };
        let more = segment.frames[index..].partition_point(wanted);
        Some(segment.run(index, index + more.max(1)))
    }

    fn locate(&self, position: Position) -> Option<(&SegmentFrames, usize)> {
        let position = position.get();
        let after = self.segments.partition_point(|segment| segment.first <= position);
        let segment = self.segments.get(after.checked_sub(1)?)?;
        if position >= segment.next {
            return None;
        }
        let relative = position - segment.first;
        let after =
            segment.frames.partition_point(|frame| u64::from(frame.records_before) <= relative);
        Some((segment, after.checked_sub(1)?))
    }
}

impl SegmentFrames {
    fn run(&self, from: usize, to: usize) -> FrameRun {
        let place = |index: usize| {
            self.frames.get(index).map_or((self.next, self.end), |frame| {
                (self.first + u64::from(frame.records_before), u64::from(frame.offset))
            })
        };
        let ((first, offset), (next, end)) = (place(from), place(to));
        FrameRun { file: Arc::clone(&self.file), first, next, offset, end }
    }
}

impl FrameRun {
    /// The positions of its records, the first and the one after the last.
    pub(crate) const fn positions(&self) -> (Position, Position) {
        (Position::new(self.first), Position::new(self.next))
    }

    /// Writes the frame of a run that is one frame again where it stands, durably.
    pub(crate) fn rewrite(&self, frame: &Frame) -> Result<(), ReadError> {
        let fits = frame.bytes().len() as u64 == self.end - self.offset
            && (frame.first().get(), frame.next().get()) == (self.first, self.next);
        if !fits {
            let reason = "its other copy does not fill its place".to_owned();
            return Err(ReadError::Damaged { position: Position::new(self.first), reason });
        }
        self.file.write_at(frame.bytes(), self.offset)?;
        Ok(self.file.sync_data()?)
    }

    /// Reads one record of a run that is one frame, without its neighbours.
    pub(crate) fn read_record(&self, position: Position) -> Result<Record, ReadError> {
        let damaged = |reason: &str| ReadError::Damaged { position, reason: reason.to_owned() };
        let table_at = self.end - (self.next - self.first) * TABLE_ENTRY_BYTES as u64;
        let entry_at = table_at + (position.get() - self.first) * TABLE_ENTRY_BYTES as u64;
        let mut entries = [0; 2 * TABLE_ENTRY_BYTES];
        let last = position.get() + 1 == self.next;
        let wanted = if last { TABLE_ENTRY_BYTES } else { entries.len() };
        self.file.read_at(&mut entries[..wanted], entry_at)?;

        let records_at = self.offset + FRAME_HEAD_BYTES as u64;
        let from = records_at + u64::from(u32_at(&entries, 0));
        let to = if last { table_at } else { records_at + u64::from(u32_at(&entries, 8)) };
        if from >= to || to > table_at {
            return Err(damaged("the table of its frame is wrong"));
        }
        let mut bytes = vec![0; usize::try_from(to - from).unwrap_or_default()];
        self.file.read_at(&mut bytes, from)?;
        if last {
            // The last record is followed by padding; its own length says where it ends.
            let length = bytes.get(..4).map_or(0, |_| u32_at(&bytes, 0) as usize);
            bytes.truncate(length);
        }
        if crc32fast::hash(&bytes) != u32_at(&entries, 4) {
            return Err(damaged("its checksum is wrong"));
        }
        checked(Record::parse(Bytes::from(bytes)), position)
    }

    /// Reads the records from `from` to before `until`, as far as the run goes.
    pub(crate) fn read_records(
        &self,
        tag: LogTag,
        from: Position,
        until: Position,
        records: &mut Vec<Record>,
    ) -> Result<(), ReadError> {
        let mut bytes = vec![0; usize::try_from(self.end - self.offset).unwrap_or_default()];
        self.file.read_at(&mut bytes, self.offset)?;
        let mut rest = Bytes::from(bytes);
        let mut position = Position::new(self.first);
        while !rest.is_empty() && position < until {
            let frame = Frame::parse(&rest, tag)
                .map_err(|error| ReadError::Damaged { position, reason: error.to_string() })?;
            for record in frame.records() {
                if position >= from && position < until {
                    records.push(checked(record, position)?);
                }
                position = position.next();
            }
            rest = rest.slice(frame.bytes().len()..);
        }
        Ok(())
    }
}

/// A record is only handed on if it is the one that was asked for.
pub(crate) fn checked(
    record: Result<Record, crate::record::RecordError>,
    position: Position,
) -> Result<Record, ReadError> {
    let damaged = |reason: String| ReadError::Damaged { position, reason };
    let record = record.map_err(|error| damaged(error.to_string()))?;
    if record.position() == position {
        Ok(record)
    } else {
        Err(damaged(format!("the record of position {} stands there", record.position())))
    }
}

impl From<DiskError> for ReadError {
    fn from(error: DiskError) -> Self {
        Self::Unavailable { reason: error.to_string() }
    }
}

/// Segments are far below 4 GiB: the options see to it.
fn to_u32(number: u64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
