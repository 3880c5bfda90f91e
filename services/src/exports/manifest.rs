//! What an export holds: filter, how far the log was read, how many rows, and the file's digest.

use std::fmt;

use data_encoding::HEXLOWER;
use events::{Position, Timestamp};
use serde::{Serialize, Serializer};

/// A SHA-256 digest; shown as lower-case hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Digest(pub [u8; 32]);

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&HEXLOWER.encode(&self.0))
    }
}

impl Serialize for Digest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// The manifest of an export.
#[derive(Clone, PartialEq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Manifest<F> {
    /// Which export it is.
    pub export: &'static str,
    /// What was asked for.
    pub filter: F,
    /// How many events the exported log has: later ones are not in the file.
    pub position: Position,
    /// When the last of them was recorded.
    pub recorded_at: Option<Timestamp>,
    /// How many rows the file has beside the names of the columns.
    pub rows: u64,
    /// The digest of the file's bytes.
    pub sha256: Digest,
}
