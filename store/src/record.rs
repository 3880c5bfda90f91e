//! The stored form of one event: a little-endian header that can be read without understanding the
//! payload, then metadata and body.

use bytes::Bytes;
use events::{
    Category, CommitId, EncodedEvent, EventId, EventTypeId, Position, RecordedEvent, SchemaVersion,
    StoredParts, StreamId, StreamVersion, Timestamp,
};
use uuid::Uuid;

use crate::error::ReadError;

/// The format written today.
const FORMAT: u8 = 1;
/// The size of the header, in bytes.
pub const RECORD_HEADER_BYTES: usize = 88;

/// Why bytes are not a record.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RecordError {
    /// Fewer bytes than the header or its lengths announce.
    #[error("{have} bytes where the record needs {need}")]
    Truncated {
        /// How many are there.
        have: usize,
        /// How many there should be.
        need: usize,
    },
    /// A format this program does not know.
    #[error("unknown record format {0}")]
    UnknownFormat(u8),
    /// A category number this program does not know.
    #[error("unknown stream category {0}")]
    UnknownCategory(u8),
    /// A time outside the calendar.
    #[error("recorded time out of range")]
    TimeOutOfRange,
    /// An index that lies outside its commit.
    #[error("event {index} of a commit of {count}")]
    IndexOutsideCommit {
        /// The event's index within the commit, from 0.
        index: u16,
        /// How many events the commit has.
        count: u16,
    },
}

/// The header of a record.
///
/// | bytes | content |
/// |---|---|
/// | 0..4 | length of the whole record |
/// | 4 | format |
/// | 5 | stream category |
/// | 6..8 | event type |
/// | 8..10 | schema version |
/// | 10..12 | index of the event within its commit |
/// | 12..14 | number of events in the commit |
/// | 14..16 | length of the metadata |
/// | 16..32 | event id |
/// | 32..48 | commit id |
/// | 48..64 | stream id |
/// | 64..72 | stream version |
/// | 72..80 | recorded time, microseconds since 1970 |
/// | 80..88 | position |
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct RecordHeader {
    /// The event's identity.
    pub event_id: EventId,
    /// The commit it belongs to.
    pub commit_id: CommitId,
    /// Its index within the commit, from 0.
    pub commit_index: u16,
    /// How many events the commit has.
    pub commit_events: u16,
    /// Its stream.
    pub stream: StreamId,
    /// The stream's version after it.
    pub stream_version: StreamVersion,
    /// Its type.
    pub type_id: EventTypeId,
    /// The version its body is written in.
    pub schema_version: SchemaVersion,
    /// When the writer recorded it.
    pub recorded_at: Timestamp,
    /// Where it stands in the log.
    pub position: Position,
    metadata_bytes: u16,
}

impl RecordHeader {
    /// True for the last event of a commit.
    #[must_use]
    pub const fn ends_commit(&self) -> bool {
        self.commit_index + 1 == self.commit_events
    }

    /// What the writer decided about the record.
    #[must_use]
    pub const fn placement(&self) -> Placement {
        Placement {
            commit_id: self.commit_id,
            commit_index: self.commit_index,
            commit_events: self.commit_events,
            stream: self.stream,
            stream_version: self.stream_version,
            recorded_at: self.recorded_at,
            position: self.position,
        }
    }
}

/// What the writer decides about a record.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Placement {
    /// The commit and the event's index in it.
    pub commit_id: CommitId,
    /// The event's index within the commit, from 0.
    pub commit_index: u16,
    /// How many events the commit has.
    pub commit_events: u16,
    /// The stream.
    pub stream: StreamId,
    /// The stream's version after the event.
    pub stream_version: StreamVersion,
    /// The writer's clock, never earlier than the record before.
    pub recorded_at: Timestamp,
    /// The position.
    pub position: Position,
}

/// The size of the record that `event` becomes, in bytes.
#[must_use]
pub fn record_bytes(event: &EncodedEvent) -> usize {
    RECORD_HEADER_BYTES + event.metadata.len() + event.body.len()
}

/// One stored record; cheap to clone.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Record {
    header: RecordHeader,
    bytes: Bytes,
}

impl Record {
    /// Reads one record that fills `bytes` exactly.
    ///
    /// # Errors
    /// When the bytes are not one whole record.
    pub fn parse(bytes: Bytes) -> Result<Self, RecordError> {
        let header = parse_header(&bytes)?;
        Ok(Self { header, bytes })
    }

    /// What is known without understanding the payload.
    #[must_use]
    pub const fn header(&self) -> &RecordHeader {
        &self.header
    }

    /// Where it stands in the log.
    #[must_use]
    pub const fn position(&self) -> Position {
        self.header.position
    }

    /// The exact stored bytes: what proofs hash.
    #[must_use]
    pub const fn bytes(&self) -> &Bytes {
        &self.bytes
    }

    /// Understands the payload.
    ///
    /// # Errors
    /// When the event's type, version or bytes are not understood.
    pub fn decode(&self) -> Result<RecordedEvent, ReadError> {
        let header = &self.header;
        let body_at = RECORD_HEADER_BYTES + usize::from(header.metadata_bytes);
        RecordedEvent::decode(&StoredParts {
            position: header.position,
            stream: header.stream,
            stream_version: header.stream_version,
            event_id: header.event_id,
            commit_id: header.commit_id,
            recorded_at: header.recorded_at,
            type_id: header.type_id,
            schema_version: header.schema_version,
            metadata: &self.bytes[RECORD_HEADER_BYTES..body_at],
            body: &self.bytes[body_at..],
        })
        .map_err(|reason| ReadError::Undecodable { position: header.position, reason })
    }
}

/// Appends the record of `event` to `buffer`. The caller has checked the size limits.
pub fn write_record(buffer: &mut Vec<u8>, event: &EncodedEvent, at: &Placement) {
    let length = u32::try_from(record_bytes(event)).unwrap_or(u32::MAX);
    let metadata = u16::try_from(event.metadata.len()).unwrap_or(u16::MAX);
    buffer.extend_from_slice(&length.to_le_bytes());
    buffer.push(FORMAT);
    buffer.push(at.stream.category().number());
    buffer.extend_from_slice(&event.type_id.0.to_le_bytes());
    buffer.extend_from_slice(&event.schema_version.0.to_le_bytes());
    buffer.extend_from_slice(&at.commit_index.to_le_bytes());
    buffer.extend_from_slice(&at.commit_events.to_le_bytes());
    buffer.extend_from_slice(&metadata.to_le_bytes());
    buffer.extend_from_slice(event.event_id.as_uuid().as_bytes());
    buffer.extend_from_slice(at.commit_id.as_uuid().as_bytes());
    buffer.extend_from_slice(at.stream.id().as_bytes());
    buffer.extend_from_slice(&at.stream_version.get().to_le_bytes());
    buffer.extend_from_slice(&at.recorded_at.as_microseconds().to_le_bytes());
    buffer.extend_from_slice(&at.position.get().to_le_bytes());
    buffer.extend_from_slice(&event.metadata);
    buffer.extend_from_slice(&event.body);
}

fn parse_header(bytes: &[u8]) -> Result<RecordHeader, RecordError> {
    let (have, mut need) = (bytes.len(), RECORD_HEADER_BYTES);
    if have < need {
        return Err(RecordError::Truncated { have, need });
    }
    need = u32::from_le_bytes(field(bytes, 0)) as usize;
    let metadata_bytes = u16::from_le_bytes(field(bytes, 14));
    if have != need || have < RECORD_HEADER_BYTES + usize::from(metadata_bytes) {
        return Err(RecordError::Truncated { have, need });
    }
    if bytes[4] != FORMAT {
        return Err(RecordError::UnknownFormat(bytes[4]));
    }
    let category = Category::from_number(bytes[5]).ok_or(RecordError::UnknownCategory(bytes[5]))?;
    let index = u16::from_le_bytes(field(bytes, 10));
    let count = u16::from_le_bytes(field(bytes, 12));
    if index >= count {
        return Err(RecordError::IndexOutsideCommit { index, count });
    }
    Ok(RecordHeader {
        event_id: EventId::from_uuid(Uuid::from_bytes(field(bytes, 16))),
        commit_id: CommitId::from_uuid(Uuid::from_bytes(field(bytes, 32))),
        commit_index: index,
        commit_events: count,
        stream: StreamId::new(category, Uuid::from_bytes(field(bytes, 48))),
        stream_version: StreamVersion::new(u64::from_le_bytes(field(bytes, 64))),
        type_id: EventTypeId(u16::from_le_bytes(field(bytes, 6))),
        schema_version: SchemaVersion(u16::from_le_bytes(field(bytes, 8))),
        recorded_at: Timestamp::from_microseconds(i64::from_le_bytes(field(bytes, 72)))
            .ok_or(RecordError::TimeOutOfRange)?,
        position: Position::new(u64::from_le_bytes(field(bytes, 80))),
        metadata_bytes,
    })
}

/// The `N` bytes at `at`; the caller has checked that the header is there.
fn field<const N: usize>(bytes: &[u8], at: usize) -> [u8; N] {
    let mut field = [0; N];
    field.copy_from_slice(&bytes[at..at + N]);
    field
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*};

    use super::*;

    fn record(metadata: Vec<u8>, body: Vec<u8>, placement: &Placement) -> Vec<u8> {
        let event = EncodedEvent {
            event_id: EventId::from_uuid(Uuid::from_u128(1)),
            type_id: EventTypeId(0x0301),
            schema_version: SchemaVersion(2),
            metadata,
            body,
        };
        let mut bytes = Vec::new();
        write_record(&mut bytes, &event, placement);
        bytes
    }

    prop_compose! {
        fn placement()(
            ids in any::<[u128; 2]>(),
            (commit_index, more) in (0..1_000_u16, 1..1_000_u16),
            category in 0..Category::ALL.len(),
            version in any::<u64>(),
            microseconds in 0..253_402_300_799_000_000_i64,
            position in any::<u64>(),
        ) -> Placement {
            Placement {
                commit_id: CommitId::from_uuid(Uuid::from_u128(ids[0])),
                commit_index,
                commit_events: commit_index + more,
                stream: StreamId::new(Category::ALL[category], Uuid::from_u128(ids[1])),
                stream_version: StreamVersion::new(version),
                recorded_at: Timestamp::from_microseconds(microseconds).unwrap_or(Timestamp::EPOCH),
                position: Position::new(position),
            }
        }
    }

    proptest! {
        #[test]
        fn a_record_round_trips(
            metadata in vec(any::<u8>(), 0..100),
            body in vec(any::<u8>(), 0..300),
            placement in placement(),
        ) {
            let bytes = record(metadata, body.clone(), &placement);
            let read = Record::parse(Bytes::from(bytes.clone())).unwrap();
            let header = read.header();
            prop_assert_eq!(header.placement(), placement);
            prop_assert_eq!(header.schema_version, SchemaVersion(2));
            prop_assert_eq!(header.ends_commit(), placement.commit_index + 1 == placement.commit_events);
            prop_assert!(read.bytes().ends_with(&body));
            for cut in [0, 1, RECORD_HEADER_BYTES - 1, bytes.len() - 1] {
                prop_assert!(Record::parse(Bytes::from(bytes[..cut].to_vec())).is_err());
            }
        }

        #[test]
        fn no_bytes_make_the_parser_panic(mut bytes in vec(any::<u8>(), 0..300)) {
            if let Ok(length) = u32::try_from(bytes.len()) && bytes.len() >= 16 {
                bytes[..4].copy_from_slice(&length.to_le_bytes());
                bytes[4] = FORMAT;
                bytes[5] = 3;
            }
            if let Ok(record) = Record::parse(Bytes::from(bytes)) {
                let _ = record.decode();
            }
        }
    }
}
