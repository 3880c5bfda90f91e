//! The keys that sign access tokens: one signs, the older ones prove until what they signed is over.
//!
//! They lie in the key directory and never in the log. Losing them costs nothing but the tokens of
//! the last hour, so that damage to both copies begins new ones instead of keeping the program down.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, PoisonError, RwLock},
};

use events::Timestamp;
use ring::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use zeroize::Zeroize;

use super::{KeyError, KeyFileError, checked_file, healings::KeyHealings};
use crate::{
    ids,
    jwt::{self, Algorithm, PublicKey},
};

const FORMAT: u8 = 1;
/// How long a key signs, in days.
pub(crate) const SIGNING_DAYS: i64 = 30;
/// How long a key proves after it signed last, in hours: longer than any token works.
pub(crate) const PROVING_HOURS: i64 = 2;

/// A key as it is stored. Stored by order.
#[derive(Clone, Serialize, Deserialize)]
struct StoredKey {
    id: Uuid,
    made_at: Timestamp,
    replaced_at: Option<Timestamp>,
    pkcs8: Vec<u8>,
}

impl Drop for StoredKey {
    fn drop(&mut self) {
        self.pkcs8.zeroize();
    }
}

struct Key {
    stored: StoredKey,
    pair: EcdsaKeyPair,
}

impl Key {
    fn new(stored: StoredKey, random: &SystemRandom) -> Result<Self, KeyError> {
        let pair =
            EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &stored.pkcs8, random);
        Ok(Self { stored, pair: pair.map_err(|_| KeyError::Crypto)? })
    }

    fn id(&self) -> String {
        self.stored.id.as_hyphenated().to_string()
    }

    fn signs_at(&self, now: Timestamp) -> bool {
        let until = self.stored.made_at.plus_hours(SIGNING_DAYS * 24);
        self.stored.replaced_at.is_none() && now < until
    }

    fn proves_at(&self, now: Timestamp) -> bool {
        self.stored.replaced_at.is_none_or(|at| now < at.plus_hours(PROVING_HOURS))
    }

    fn public(&self) -> PublicKey {
        PublicKey::p256(self.id(), self.pair.public_key().as_ref())
    }
}

/// The signing keys of an installation, the newest last.
pub(crate) struct SigningKeys {
    /// Where they are stored; `None` for those that are only read.
    path: Option<PathBuf>,
    keys: RwLock<Arc<[Arc<Key>]>>,
    random: SystemRandom,
}

impl SigningKeys {
    /// Opens the stored keys; there may be none yet.
    ///
    /// # Errors
    /// When the files cannot be read.
    pub(super) fn open(path: &Path, healings: &KeyHealings) -> Result<Self, KeyError> {
        let random = SystemRandom::new();
        let stored = match checked_file::read(path, healings) {
            Ok(content) => parse(&content)?,
            Err(KeyFileError::Missing { .. }) => Vec::new(),
            Err(KeyFileError::Damaged { path, .. }) => {
                tracing::error!(path = %path.display(), "signing keys were damaged and are made anew");
                Vec::new()
            }
            Err(error) => return Err(error.into()),
        };
        let keys = stored.into_iter().map(|key| Key::new(key, &random).map(Arc::new));
        let keys = keys.collect::<Result<Arc<[_]>, _>>()?;
        Ok(Self { path: Some(path.to_owned()), keys: RwLock::new(keys), random })
    }

    /// No keys, and no way to make any.
    pub(super) fn closed() -> Self {
        Self { path: None, keys: RwLock::new(Arc::new([])), random: SystemRandom::new() }
    }

    /// Signs a token with the key of now, which is made anew when it is too old.
    ///
    /// # Errors
    /// When a new key cannot be made or stored.
    pub(crate) fn sign(
        &self,
        claims: &serde_json::Value,
        now: Timestamp,
    ) -> Result<String, KeyError> {
        let current = self.current(now);
        let key = current.map_or_else(|| self.replace(now, false), Ok)?;
        jwt::encode(Algorithm::Es256, &key.id(), claims, |bytes| {
            let signature = key.pair.sign(&self.random, bytes).map_err(|_| KeyError::Crypto)?;
            Ok(signature.as_ref().to_vec())
        })
    }

    /// Begins a new key at once; the one until now proves what it signed.
    ///
    /// # Errors
    /// When it cannot be made or stored.
    pub(crate) fn rotate(&self, now: Timestamp) -> Result<String, KeyError> {
        self.replace(now, true).map(|key| key.id())
    }

    /// The keys that prove tokens now, the newest first.
    pub(crate) fn public(&self, now: Timestamp) -> Vec<PublicKey> {
        let keys = self.all();
        keys.iter().rev().filter(|key| key.proves_at(now)).map(|key| key.public()).collect()
    }

    /// The key of this name, if it proves tokens now.
    pub(crate) fn proving(&self, id: &str, now: Timestamp) -> Option<PublicKey> {
        let keys = self.all();
        let key = keys.iter().find(|key| key.id() == id)?;
        key.proves_at(now).then(|| key.public())
    }

    fn all(&self) -> Arc<[Arc<Key>]> {
        Arc::clone(&self.keys.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn current(&self, now: Timestamp) -> Option<Arc<Key>> {
        self.all().last().filter(|key| key.signs_at(now)).map(Arc::clone)
    }

    /// Makes a new key, unless somebody else just did; durable before it signs.
    fn replace(&self, now: Timestamp, even_if_good: bool) -> Result<Arc<Key>, KeyError> {
        let path = self.path.as_ref().ok_or(KeyError::Stopped)?;
        let mut keys = self.keys.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(key) = keys.last().filter(|key| !even_if_good && key.signs_at(now)) {
            return Ok(Arc::clone(key));
        }
        let made = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &self.random);
        let pkcs8 = made.map_err(|_| KeyError::Crypto)?.as_ref().to_vec();
        let id = ids::fresh(now, |uuid| uuid);
        let new = StoredKey { id, made_at: now, replaced_at: None, pkcs8 };
        let new = Arc::new(Key::new(new, &self.random)?);
        let mut all = Vec::new();
        for key in keys.iter() {
            let mut stored = key.stored.clone();
            stored.replaced_at.get_or_insert(now);
            let key = Key::new(stored, &self.random)?;
            if key.proves_at(now) {
                all.push(Arc::new(key));
            }
        }
        all.push(Arc::clone(&new));
        checked_file::write(path, &content(&all)?)?;
        *keys = all.into();
        Ok(new)
    }
}

fn parse(content: &[u8]) -> Result<Vec<StoredKey>, KeyError> {
    match content.split_first() {
        Some((&FORMAT, keys)) => {
            let config = bincode::config::standard().with_limit::<{ 1 << 16 }>();
            let (keys, _) =
                bincode::serde::decode_from_slice(keys, config).map_err(|_| KeyError::Crypto)?;
            Ok(keys)
        }
        Some((&format, _)) => Err(KeyError::NewerFormat(format)),
        None => Ok(Vec::new()),
    }
}

fn content(keys: &[Arc<Key>]) -> Result<zeroize::Zeroizing<Vec<u8>>, KeyError> {
    let stored: Vec<&StoredKey> = keys.iter().map(|key| &key.stored).collect();
    let encoded = bincode::serde::encode_to_vec(&stored, bincode::config::standard());
    let encoded = zeroize::Zeroizing::new(encoded.map_err(|_| KeyError::Crypto)?);
    Ok(zeroize::Zeroizing::new([&[FORMAT], encoded.as_slice()].concat()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::jwt::Compact;

    fn open(directory: &Path) -> SigningKeys {
        SigningKeys::open(&directory.join("signing-keys"), &KeyHealings::default()).unwrap()
    }

    fn is_proved(keys: &SigningKeys, token: &str, now: Timestamp) -> bool {
        let token = Compact::read(token).unwrap();
        let key = keys.proving(&token.key_id, now);
        key.is_some_and(|key| token.proved_by(&key).is_ok())
    }

    #[test]
    fn a_replaced_key_proves_what_it_signed_until_that_is_over_also_over_a_restart() {
        let directory = tempfile::tempdir().unwrap();
        let keys = open(directory.path());
        let now = Timestamp::EPOCH;
        let token = keys.sign(&json!({ "sub": "x" }), now).unwrap();
        let first = Compact::read(&token).unwrap().key_id;
        assert_ne!(keys.rotate(now).unwrap(), first);
        let keys = open(directory.path());
        assert_eq!(keys.public(now).len(), 2);
        let just_before = now.plus_seconds(PROVING_HOURS * 3_600 - 1);
        assert!(is_proved(&keys, &token, just_before));
        assert!(!is_proved(&keys, &token, now.plus_hours(PROVING_HOURS)));
    }

    #[test]
    fn a_key_that_has_signed_long_enough_is_replaced_by_itself() {
        let directory = tempfile::tempdir().unwrap();
        let keys = open(directory.path());
        let key_of = |now| Compact::read(&keys.sign(&json!({}), now).unwrap()).unwrap().key_id;
        let first = key_of(Timestamp::EPOCH);
        let last = Timestamp::EPOCH.plus_seconds(SIGNING_DAYS * 86_400 - 1);
        assert_eq!(key_of(last), first);
        assert_ne!(key_of(last.plus_seconds(1)), first);
    }

    #[test]
    fn damage_to_one_copy_is_healed_and_to_both_begins_new_keys() {
        let directory = tempfile::tempdir().unwrap();
        let keys = open(directory.path());
        let token = keys.sign(&json!({}), Timestamp::EPOCH).unwrap();
        let [a, b] = checked_file::copies(&directory.path().join("signing-keys"));
        std::fs::write(&a, "nothing").unwrap();
        assert!(is_proved(&open(directory.path()), &token, Timestamp::EPOCH));
        std::fs::write(&a, "nothing").unwrap();
        std::fs::write(&b, "nothing").unwrap();
        let anew = open(directory.path());
        assert!(!is_proved(&anew, &token, Timestamp::EPOCH));
        let token = anew.sign(&json!({}), Timestamp::EPOCH).unwrap();
        assert!(is_proved(&open(directory.path()), &token, Timestamp::EPOCH));
    }
}
