//! The secrets of an installation that never change: hash keys and the key-encryption key.

use std::path::Path;

use hmac::{Hmac, KeyInit, Mac};
use rand::{TryRng, rngs::SysRng};
use sha2::Sha256;
use zeroize::Zeroizing;

use super::{KeyError, checked_file, healings::KeyHealings};

const FORMAT: u8 = 1;
const KEY_BYTES: usize = 32;

/// A 256-bit key; wiped from memory when dropped.
pub(crate) type Key = Zeroizing<[u8; KEY_BYTES]>;

/// The secrets of one installation.
pub(crate) struct Secrets {
    /// Hashes names that must be unique and must not be readable.
    pub(crate) names: Key,
    /// Signs personalised invitation links.
    pub(crate) links: Key,
    /// Hashes idempotency keys and request digests.
    pub(crate) requests: Key,
    /// Wraps the data keys of the first epoch.
    pub(crate) key_encryption: Key,
}

impl Secrets {
    /// Makes new secrets and stores them.
    pub(crate) fn create(path: &Path) -> Result<Self, KeyError> {
        let secrets = Self {
            names: random_key()?,
            links: random_key()?,
            requests: random_key()?,
            key_encryption: random_key()?,
        };
        let mut content = Zeroizing::new(vec![FORMAT]);
        for key in [&secrets.names, &secrets.links, &secrets.requests, &secrets.key_encryption] {
            content.extend_from_slice(key.as_slice());
        }
        checked_file::write(path, &content)?;
        Ok(secrets)
    }

    /// Reads stored secrets.
    pub(super) fn open(path: &Path, healings: &KeyHealings) -> Result<Self, KeyError> {
        Self::parse(path, checked_file::read(path, healings)?)
    }

    /// Reads stored secrets and heals nothing.
    pub(crate) fn open_to_read(path: &Path) -> Result<Self, KeyError> {
        Self::parse(path, checked_file::read_only(path)?)
    }

    fn parse(path: &Path, content: Vec<u8>) -> Result<Self, KeyError> {
        let content = Zeroizing::new(content);
        let damaged = || checked_file::damaged(path);
        let keys = match content.split_first() {
            Some((&FORMAT, keys)) => keys,
            Some((&format, _)) => return Err(KeyError::NewerFormat(format)),
            None => return Err(damaged().into()),
        };
        let mut keys = keys.chunks_exact(KEY_BYTES);
        let mut next = || -> Result<Key, KeyError> {
            let bytes = keys.next().ok_or_else(damaged)?;
            let mut key = Key::default();
            key.copy_from_slice(bytes);
            Ok(key)
        };
        Ok(Self { names: next()?, links: next()?, requests: next()?, key_encryption: next()? })
    }
}

/// Fills a key from the operating system's randomness.
pub(crate) fn random_key() -> Result<Key, KeyError> {
    let mut key = Key::default();
    SysRng
        .try_fill_bytes(key.as_mut_slice())
        .map_err(|error| KeyError::NoRandomness(error.to_string()))?;
    Ok(key)
}

/// HMAC-SHA-256 over length-prefixed parts: no two lists of parts have the same input.
pub(crate) fn keyed_hash(key: &Key, purpose: &str, parts: &[&[u8]]) -> [u8; 32] {
    let mut mac = new_mac(key);
    for part in std::iter::once(&purpose.as_bytes()).chain(parts) {
        mac.update(&(part.len() as u64).to_le_bytes());
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

#[expect(clippy::expect_used, reason = "HMAC takes keys of every length")]
fn new_mac(key: &Key) -> Hmac<Sha256> {
    Hmac::new_from_slice(key.as_slice()).expect("HMAC takes keys of every length")
}

/// The first 128 bits of a keyed hash.
pub(crate) fn keyed_hash_128(key: &Key, purpose: &str, parts: &[&[u8]]) -> [u8; 16] {
    let hash = keyed_hash(key, purpose, parts);
    let mut short = [0; 16];
    short.copy_from_slice(&hash[..16]);
    short
}
