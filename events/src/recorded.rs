//! An event on its way into the log and on its way out.

use crate::{
    codec::{DecodeError, EncodeError},
    event::{Event, EventTypeId, SchemaVersion},
    ids::{CommitId, EventId},
    log::{Position, StreamId, StreamVersion},
    metadata::Metadata,
    personal::Sealer,
    time::Timestamp,
};

/// An event that was decided and is not yet recorded.
#[derive(Clone, PartialEq, Debug)]
pub struct NewEvent {
    /// Its identity, chosen before it is stored.
    pub event_id: EventId,
    /// Who, when, why.
    pub metadata: Metadata,
    /// What happened.
    pub event: Event,
}

impl NewEvent {
    /// Seals every personal field of the event and its metadata.
    ///
    /// # Errors
    /// When the sealer has no key.
    pub fn seal<S: Sealer>(&mut self, sealer: &mut S) -> Result<(), S::Error> {
        self.event.seal(sealer)?;
        self.metadata.seal(sealer)
    }

    /// Writes the event down; personal fields must be sealed before.
    ///
    /// # Errors
    /// When a personal field is still open.
    pub fn encode(&self) -> Result<EncodedEvent, EncodeError> {
        Ok(EncodedEvent {
            event_id: self.event_id,
            type_id: self.event.type_id(),
            schema_version: self.event.schema_version(),
            metadata: self.metadata.encode()?,
            body: self.event.encode_body()?,
        })
    }
}

/// An event as bytes, with what a record header needs to know about it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct EncodedEvent {
    /// Its identity.
    pub event_id: EventId,
    /// What kind of event the body is.
    pub type_id: EventTypeId,
    /// In which version the body is written.
    pub schema_version: SchemaVersion,
    /// The encoded metadata.
    pub metadata: Vec<u8>,
    /// The encoded event.
    pub body: Vec<u8>,
}

/// The parts of a stored record from which an event is read back.
#[derive(Clone, Copy, Debug)]
pub struct StoredParts<'a> {
    /// Where the event stands in the log.
    pub position: Position,
    /// The stream it belongs to.
    pub stream: StreamId,
    /// The stream's version after this event.
    pub stream_version: StreamVersion,
    /// Its identity.
    pub event_id: EventId,
    /// The atomic append it came with.
    pub commit_id: CommitId,
    /// When the writer recorded it.
    pub recorded_at: Timestamp,
    /// What kind of event the body is.
    pub type_id: EventTypeId,
    /// In which version the body is written.
    pub schema_version: SchemaVersion,
    /// The encoded metadata.
    pub metadata: &'a [u8],
    /// The encoded event.
    pub body: &'a [u8],
}

/// A recorded fact: an event with its place in the log and everything known about it.
#[derive(Clone, PartialEq, Debug)]
pub struct RecordedEvent {
    /// Where the event stands in the log.
    pub position: Position,
    /// The stream it belongs to.
    pub stream: StreamId,
    /// The stream's version after this event.
    pub stream_version: StreamVersion,
    /// Its identity.
    pub event_id: EventId,
    /// The atomic append it came with.
    pub commit_id: CommitId,
    /// When the writer recorded it: never earlier than the event before it. As-of times and proofs
    /// use this moment.
    pub recorded_at: Timestamp,
    /// The version the body is stored in; sealed fields are bound to it.
    pub schema_version: SchemaVersion,
    /// Who, when by the command's clock, why.
    pub metadata: Metadata,
    /// What happened.
    pub event: Event,
}

impl RecordedEvent {
    /// Reads a record back.
    ///
    /// # Errors
    /// When type, version or bytes are not understood; a record is never skipped.
    pub fn decode(parts: &StoredParts<'_>) -> Result<Self, DecodeError> {
        Ok(Self {
            position: parts.position,
            stream: parts.stream,
            stream_version: parts.stream_version,
            event_id: parts.event_id,
            commit_id: parts.commit_id,
            recorded_at: parts.recorded_at,
            schema_version: parts.schema_version,
            metadata: Metadata::decode(parts.metadata)?,
            event: Event::decode(parts.type_id, parts.schema_version, parts.body)?,
        })
    }
}
