//! The one place that knows how values become bytes.
//!
//! The encoding is bincode's standard configuration, which is not self-describing: the type id and
//! schema version of a record say which struct its bytes are, every byte must be consumed, and a
//! limit guards against hostile lengths.

use serde::{Serialize, de::DeserializeOwned};

use crate::event::{EventTypeId, SchemaVersion};

/// The longest value that is decoded, in bytes; above any record the log accepts.
const DECODE_LIMIT_BYTES: usize = 1 << 20;

/// Why stored bytes could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// No event type has this number.
    #[error("unknown event type {0}")]
    UnknownType(EventTypeId),
    /// The type is known, this version of it is not: the log was written by a newer program.
    #[error("unknown schema version {version} of event type {type_id}")]
    UnknownVersion {
        /// The event type.
        type_id: EventTypeId,
        /// The version found.
        version: SchemaVersion,
    },
    /// The metadata's version is not known.
    #[error("unknown metadata version {0}")]
    UnknownMetadata(u8),
    /// The bytes are not what their type says.
    #[error("malformed value: {0}")]
    Malformed(String),
    /// The value was read and bytes were left over.
    #[error("{0} bytes left over after the value")]
    TrailingBytes(usize),
}

/// Why an event could not be written down.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("event cannot be encoded: {0}")]
pub struct EncodeError(pub String);

/// An event struct with its stored identity and the way back from every version ever stored.
pub trait StoredEvent: Serialize + DeserializeOwned {
    /// The number of the event type; never reused.
    const TYPE_ID: EventTypeId;
    /// The version written today.
    const VERSION: SchemaVersion;
    /// The name people see.
    const NAME: &'static str;

    /// Reads the body of a record of this type in any version that was ever written.
    ///
    /// # Errors
    /// When the version is unknown or the bytes are malformed.
    fn decode(version: SchemaVersion, body: &[u8]) -> Result<Self, DecodeError>;
}

/// Writes a value.
pub(crate) fn to_bytes<T: Serialize>(value: &T) -> Result<Vec<u8>, EncodeError> {
    bincode::serde::encode_to_vec(value, bincode::config::standard())
        .map_err(|error| EncodeError(error.to_string()))
}

/// Reads a value; every byte must be used.
pub(crate) fn from_bytes<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, DecodeError> {
    let config = bincode::config::standard().with_limit::<DECODE_LIMIT_BYTES>();
    let (value, used) = bincode::serde::decode_from_slice(bytes, config)
        .map_err(|error| DecodeError::Malformed(error.to_string()))?;
    match bytes.len() - used {
        0 => Ok(value),
        left => Err(DecodeError::TrailingBytes(left)),
    }
}
