//! Hashes of records as a transparency log counts them (RFC 6962), 256 leaves to a tile.

use sha2::{Digest, Sha256};

use crate::record::Record;

/// The leaves of one tile: the records of one sealed range.
pub const TILE_LEAVES: u64 = 256;
/// The bytes of one hash.
pub const HASH_BYTES: usize = 32;

/// Sets leaves apart from inner nodes.
const LEAF_PREFIX: [u8; 1] = [0];

/// The hash of one record as a leaf: SHA-256 of a zero byte and the record's bytes.
#[must_use]
pub fn leaf_hash(record: &Record) -> [u8; HASH_BYTES] {
    Sha256::new().chain_update(LEAF_PREFIX).chain_update(record.bytes()).finalize().into()
}

/// The tile of these records: their leaf hashes in order.
#[must_use]
pub fn tile(records: &[Record]) -> Vec<u8> {
    records.iter().flat_map(leaf_hash).collect()
}
