//! Frames: consecutive records as they stand in the journal and in sealed parts, with checksums
//! that show any damage and a table that leads to each record.
//!
//! | bytes | content |
//! |---|---|
//! | 0..4 | magic `PLF1` |
//! | 4..8 | CRC-32 of bytes 8..32 and of the table |
//! | 8..16 | position of the first record |
//! | 16..20 | number of records, n |
//! | 20..24 | bytes of all records, r |
//! | 24..32 | tag of the log |
//! | 32..32+r | the records, then zeros up to a multiple of 8 |
//! | 8·n bytes | the table: for each record its offset within the records and its CRC-32 |
//!
//! All numbers are little-endian. The checksum of the head covers the checksums of the records, so
//! one record can be read and trusted without reading its neighbours.

use bytes::Bytes;
use events::{InstallationId, Position};

use crate::record::{RECORD_HEADER_BYTES, Record, RecordError};

/// The bytes before the records.
pub(crate) const FRAME_HEAD_BYTES: usize = 32;
/// The bytes of one entry of the table.
pub(crate) const TABLE_ENTRY_BYTES: usize = 8;
/// Every frame is a multiple of this long and, in the journal, begins at one.
pub(crate) const FRAME_ALIGNMENT_BYTES: usize = 8;
/// No frame is longer; a head that says so is damaged.
pub(crate) const FRAME_BYTES_MAX: usize = 8 << 20;
/// What every frame begins with.
pub(crate) const FRAME_MAGIC: [u8; 4] = *b"PLF1";

/// Ties frames to one log, so that a frame of another log is not taken for one of ours.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct LogTag(u64);

impl LogTag {
    /// The tag of an installation's log.
    pub(crate) fn of(id: InstallationId) -> Self {
        let (high, low) = id.as_uuid().as_u64_pair();
        Self(high ^ low)
    }
}

/// Why bytes are not a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum FrameError {
    #[error("no frame begins here")]
    NoMagic,
    #[error("the frame belongs to another log")]
    ForeignLog,
    #[error("the frame's lengths cannot be right")]
    Lengths,
    #[error("the frame is cut off")]
    Truncated,
    #[error("the checksum of the frame's head is wrong")]
    HeadChecksum,
    #[error("the padding of the frame is not zero")]
    Padding,
    #[error("the checksum of record {0} in the frame is wrong")]
    RecordChecksum(usize),
}

/// The head of a frame, not yet checked against its checksum.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct FrameHead {
    /// The position of the first record.
    pub(crate) first: Position,
    records: usize,
    record_bytes: usize,
    checksum: u32,
}

impl FrameHead {
    /// Reads the head at the beginning of `bytes`.
    pub(crate) fn parse(bytes: &[u8], tag: LogTag) -> Result<Self, FrameError> {
        let bytes = bytes.get(..FRAME_HEAD_BYTES).ok_or(FrameError::Truncated)?;
        if bytes[..4] != FRAME_MAGIC {
            return Err(FrameError::NoMagic);
        }
        let head = Self {
            first: Position::new(u64_at(bytes, 8)),
            records: u32_at(bytes, 16) as usize,
            record_bytes: u32_at(bytes, 20) as usize,
            checksum: u32_at(bytes, 4),
        };
        if u64_at(bytes, 24) != tag.0 {
            return Err(FrameError::ForeignLog);
        }
        let possible = head.records > 0
            && head.record_bytes <= FRAME_BYTES_MAX
            && head.records <= head.record_bytes / RECORD_HEADER_BYTES
            && head.frame_bytes() <= FRAME_BYTES_MAX;
        if possible { Ok(head) } else { Err(FrameError::Lengths) }
    }

    /// The bytes of the whole frame.
    pub(crate) const fn frame_bytes(&self) -> usize {
        self.table_at() + self.records * TABLE_ENTRY_BYTES
    }

    /// Where the table begins.
    pub(crate) const fn table_at(&self) -> usize {
        FRAME_HEAD_BYTES + self.record_bytes.next_multiple_of(FRAME_ALIGNMENT_BYTES)
    }

    /// Compares the checksum with the head's bytes and the table's.
    pub(crate) fn check(&self, head: &[u8], table: &[u8]) -> Result<(), FrameError> {
        let covered = head.get(8..FRAME_HEAD_BYTES).ok_or(FrameError::Truncated)?;
        if head_checksum(covered, table) == self.checksum {
            Ok(())
        } else {
            Err(FrameError::HeadChecksum)
        }
    }
}

/// A frame whose every checksum was found right.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Frame {
    head: FrameHead,
    bytes: Bytes,
}

impl Frame {
    /// Takes the frame at the beginning of `bytes` and checks all of it.
    pub(crate) fn parse(bytes: &Bytes, tag: LogTag) -> Result<Self, FrameError> {
        let head = FrameHead::parse(bytes, tag)?;
        if bytes.len() < head.frame_bytes() {
            return Err(FrameError::Truncated);
        }
        let frame = Self { head, bytes: bytes.slice(..head.frame_bytes()) };
        head.check(&frame.bytes, &frame.bytes[head.table_at()..])?;
        let padding = &frame.bytes[FRAME_HEAD_BYTES + head.record_bytes..head.table_at()];
        if padding.iter().any(|&byte| byte != 0) {
            return Err(FrameError::Padding);
        }
        for index in 0..head.records {
            let (from, to, checksum) = frame.entry(index);
            let record = frame.bytes.get(from..to).ok_or(FrameError::Lengths)?;
            if crc32fast::hash(record) != checksum {
                return Err(FrameError::RecordChecksum(index));
            }
        }
        Ok(frame)
    }

    /// Every intact record of the frame at the beginning of `bytes`, which may be damaged, with its
    /// offset, and how long the frame is; nothing when its head and table cannot be trusted.
    pub(crate) fn intact_records(bytes: &Bytes, tag: LogTag) -> (Vec<(usize, Record)>, usize) {
        let Ok(head) = FrameHead::parse(bytes, tag) else { return (Vec::new(), 0) };
        let Some(table) = bytes.get(head.table_at()..head.frame_bytes()) else {
            return (Vec::new(), 0);
        };
        if head.check(bytes, table).is_err() {
            return (Vec::new(), 0);
        }
        let frame = Self { head, bytes: bytes.slice(..head.frame_bytes()) };
        let intact = |index: usize| {
            let (from, to, checksum) = frame.entry(index);
            let stored = frame.bytes.get(from..to)?;
            let record = Record::parse(frame.bytes.slice(from..to)).ok()?;
            let expected = head.first.plus(index as u64);
            let good = crc32fast::hash(stored) == checksum && record.position() == expected;
            good.then_some((from, record))
        };
        let records = (0..head.records).filter_map(intact).collect();
        (records, head.frame_bytes())
    }

    /// The frame as it is stored.
    pub(crate) const fn bytes(&self) -> &Bytes {
        &self.bytes
    }

    /// The position of the first record.
    pub(crate) const fn first(&self) -> Position {
        self.head.first
    }

    /// The position after the last record.
    pub(crate) const fn next(&self) -> Position {
        self.head.first.plus(self.head.records as u64)
    }

    /// How many records it holds.
    pub(crate) const fn len(&self) -> usize {
        self.head.records
    }

    /// The record with this index; the caller keeps within [`len`](Self::len).
    pub(crate) fn record(&self, index: usize) -> Result<Record, RecordError> {
        let (from, to, _) = self.entry(index);
        Record::parse(self.bytes.slice(from..to))
    }

    /// Every record, in order.
    pub(crate) fn records(&self) -> impl Iterator<Item = Result<Record, RecordError>> {
        (0..self.len()).map(|index| self.record(index))
    }

    fn entry(&self, index: usize) -> (usize, usize, u32) {
        let table = &self.bytes[self.head.table_at()..];
        let at = index * TABLE_ENTRY_BYTES;
        let end = if index + 1 < self.head.records {
            u32_at(table, at + TABLE_ENTRY_BYTES) as usize
        } else {
            self.head.record_bytes
        };
        let from = FRAME_HEAD_BYTES + u32_at(table, at) as usize;
        (from, FRAME_HEAD_BYTES + end, u32_at(table, at + 4))
    }
}

/// Builds a frame record by record.
pub(crate) struct FrameBuilder {
    bytes: Vec<u8>,
    table: Vec<u8>,
    first: Position,
    records: u32,
    tag: LogTag,
}

impl FrameBuilder {
    /// A frame that begins at `first`, with room for what is expected.
    pub(crate) fn new(tag: LogTag, first: Position, record_bytes: usize, records: usize) -> Self {
        let table_bytes = records * TABLE_ENTRY_BYTES;
        let room = FRAME_HEAD_BYTES + record_bytes + FRAME_ALIGNMENT_BYTES + table_bytes;
        let mut bytes = Vec::with_capacity(room);
        bytes.resize(FRAME_HEAD_BYTES, 0);
        Self { bytes, table: Vec::with_capacity(table_bytes), first, records: 0, tag }
    }

    /// Adds the record that `write` appends to the buffer it is given.
    pub(crate) fn push(&mut self, write: impl FnOnce(&mut Vec<u8>)) {
        let from = self.bytes.len();
        write(&mut self.bytes);
        let checksum = crc32fast::hash(&self.bytes[from..]);
        self.table.extend_from_slice(&to_u32(from - FRAME_HEAD_BYTES).to_le_bytes());
        self.table.extend_from_slice(&checksum.to_le_bytes());
        self.records += 1;
    }

    /// True while no record was added.
    pub(crate) const fn is_empty(&self) -> bool {
        self.records == 0
    }

    /// The bytes of the records so far.
    pub(crate) const fn record_bytes(&self) -> usize {
        self.bytes.len() - FRAME_HEAD_BYTES
    }

    /// The finished frame.
    pub(crate) fn finish(mut self) -> Frame {
        let record_bytes = self.record_bytes();
        self.bytes.resize(self.bytes.len().next_multiple_of(FRAME_ALIGNMENT_BYTES), 0);
        self.bytes.extend_from_slice(&self.table);
        self.bytes[..4].copy_from_slice(&FRAME_MAGIC);
        self.bytes[8..16].copy_from_slice(&self.first.get().to_le_bytes());
        self.bytes[16..20].copy_from_slice(&self.records.to_le_bytes());
        self.bytes[20..24].copy_from_slice(&to_u32(record_bytes).to_le_bytes());
        self.bytes[24..32].copy_from_slice(&self.tag.0.to_le_bytes());
        let checksum = head_checksum(&self.bytes[8..FRAME_HEAD_BYTES], &self.table);
        self.bytes[4..8].copy_from_slice(&checksum.to_le_bytes());
        let records = self.records as usize;
        let head = FrameHead { first: self.first, records, record_bytes, checksum };
        Frame { head, bytes: Bytes::from(self.bytes) }
    }
}

fn head_checksum(covered: &[u8], table: &[u8]) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(covered);
    hasher.update(table);
    hasher.finalize()
}

/// Frames are far below 4 GiB: the group and part limits see to it.
fn to_u32(bytes: usize) -> u32 {
    u32::try_from(bytes).unwrap_or(u32::MAX)
}

/// The number at `at`; the caller has checked that it is there.
pub(crate) fn u32_at(bytes: &[u8], at: usize) -> u32 {
    let mut field = [0; 4];
    field.copy_from_slice(&bytes[at..at + 4]);
    u32::from_le_bytes(field)
}

/// The number at `at`; the caller has checked that it is there.
pub(crate) fn u64_at(bytes: &[u8], at: usize) -> u64 {
    let mut field = [0; 8];
    field.copy_from_slice(&bytes[at..at + 8]);
    u64::from_le_bytes(field)
}

#[cfg(test)]
mod tests {
    use events::{
        Category, CommitId, EncodedEvent, EventId, EventTypeId, SchemaVersion, StreamId,
        StreamVersion, Timestamp,
    };
    use proptest::{collection::vec, prelude::*};
    use uuid::Uuid;

    use super::*;
    use crate::record::{Placement, record_bytes, write_record};

    const TAG: LogTag = LogTag(7);

    /// Metadata and body of each record.
    fn payloads() -> impl Strategy<Value = Vec<(Vec<u8>, Vec<u8>)>> {
        vec((vec(any::<u8>(), 0..40), vec(any::<u8>(), 0..300)), 1..12)
    }

    fn frame_of(first: u64, payloads: &[(Vec<u8>, Vec<u8>)]) -> (Frame, Vec<Vec<u8>>) {
        let mut frame = FrameBuilder::new(TAG, Position::new(first), 0, 0);
        let mut written = Vec::new();
        for (index, (metadata, body)) in (0..).zip(payloads) {
            let event = EncodedEvent {
                event_id: EventId::from_uuid(Uuid::from_u128(9)),
                type_id: EventTypeId(0x0301),
                schema_version: SchemaVersion(1),
                metadata: metadata.clone(),
                body: body.clone(),
            };
            let placement = Placement {
                commit_id: CommitId::from_uuid(Uuid::from_u128(3)),
                commit_index: index,
                commit_events: u16::try_from(payloads.len()).unwrap(),
                stream: StreamId::new(Category::Customer, Uuid::from_u128(5)),
                stream_version: StreamVersion::new(u64::from(index) + 1),
                recorded_at: Timestamp::EPOCH,
                position: Position::new(first + u64::from(index)),
            };
            let mut record = Vec::new();
            write_record(&mut record, &event, &placement);
            assert_eq!(record.len(), record_bytes(&event));
            frame.push(|buffer| write_record(buffer, &event, &placement));
            written.push(record);
        }
        (frame.finish(), written)
    }

    proptest! {
        #[test]
        fn a_frame_gives_back_the_records_that_were_put_in(
            first in 0_u64..1 << 40,
            payloads in payloads(),
            after in vec(any::<u8>(), 0..50),
        ) {
            let (frame, written) = frame_of(first, &payloads);
            let mut stored = frame.bytes().to_vec();
            prop_assert_eq!(stored.len() % FRAME_ALIGNMENT_BYTES, 0);
            stored.extend(after);
            let parsed = Frame::parse(&Bytes::from(stored), TAG).unwrap();
            prop_assert_eq!(&parsed, &frame);
            prop_assert_eq!(parsed.next(), Position::new(first + payloads.len() as u64));
            for ((index, record), written) in parsed.records().enumerate().zip(&written) {
                let record = record.unwrap();
                prop_assert_eq!(&record.bytes()[..], &written[..]);
                prop_assert_eq!(record.position(), Position::new(first + index as u64));
            }
            prop_assert_eq!(Frame::parse(frame.bytes(), LogTag(8)), Err(FrameError::ForeignLog));
        }

        #[test]
        fn a_frame_cut_anywhere_is_no_frame(payloads in payloads(), cut in any::<prop::sample::Index>()) {
            let (frame, _) = frame_of(0, &payloads);
            let kept = cut.index(frame.bytes().len());
            prop_assert!(Frame::parse(&frame.bytes().slice(..kept), TAG).is_err());
        }

        #[test]
        fn a_frame_with_any_bit_changed_is_no_frame(
            payloads in payloads(),
            at in any::<prop::sample::Index>(),
            bit in 0..8_u8,
        ) {
            let (frame, _) = frame_of(0, &payloads);
            let mut stored = frame.bytes().to_vec();
            let at = at.index(stored.len());
            stored[at] ^= 1 << bit;
            prop_assert!(Frame::parse(&Bytes::from(stored), TAG).is_err());
        }

        #[test]
        fn no_bytes_make_the_parser_panic(mut bytes in vec(any::<u8>(), 0..400)) {
            if bytes.len() >= FRAME_HEAD_BYTES {
                bytes[..4].copy_from_slice(&FRAME_MAGIC);
                bytes[18..20].fill(0);
                bytes[22..24].fill(0);
                bytes[24..32].copy_from_slice(&TAG.0.to_le_bytes());
            }
            prop_assert!(Frame::parse(&Bytes::from(bytes), TAG).is_err());
        }
    }
}
