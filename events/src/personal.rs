//! Personal data in events: open while a command is decided, sealed before anything is stored.
//!
//! The format follows the log's privacy design: one sealed blob per event and data subject, so that
//! destroying a subject's key erases the data everywhere while every hash of the log stays valid.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::DeserializeOwned};

use crate::{
    codec,
    codec::{DecodeError, EncodeError},
    ids::SubjectId,
    time::Timestamp,
};

/// Values that may stand readable in the log for ever: opaque ids, roles, quantities, times,
/// company and domain names.
///
/// Implementing this for a type is the decision that it is not personal data.
pub trait Clear {}

impl Clear for bool {}
impl Clear for u32 {}
impl Clear for u64 {}
impl<T: Clear> Clear for Option<T> {}
impl<T: Clear> Clear for Vec<T> {}

/// A group of personal values about one person, sealed as one.
pub trait PersonalData:
    Serialize + DeserializeOwned + Clone + PartialEq + Send + Sync + 'static
{
}

/// Names a data key. Keys are kept outside the log.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct KeyId(pub u64);

/// How a blob was sealed. The numbers are stored: they are never reused.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum SealedAlgorithm {
    /// XChaCha20-Poly1305 with a random 24-byte nonce and an HMAC-SHA-256 key commitment.
    XChaCha20Poly1305Committed,
}

/// A sealed blob as it is stored.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sealed {
    /// How it was sealed.
    pub algorithm: SealedAlgorithm,
    /// The data key that opens it.
    pub key_id: KeyId,
    /// The nonce of this blob.
    pub nonce: [u8; 24],
    /// Binds the blob to one key: the cipher alone would open under a forged second key.
    pub commitment: [u8; 32],
    /// The ciphertext, tag included.
    pub ciphertext: Vec<u8>,
}

impl fmt::Debug for Sealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sealed(key {}, {} bytes)", self.key_id.0, self.ciphertext.len())
    }
}

/// Seals the personal fields of one event. Implemented where the keys are.
pub trait Sealer {
    /// Why sealing failed.
    type Error: From<EncodeError>;

    /// Seals `plaintext`, which tells about `subject`.
    ///
    /// # Errors
    /// When no data key can be had.
    fn seal(&mut self, subject: SubjectId, plaintext: &[u8]) -> Result<Sealed, Self::Error>;
}

/// Visits the personal fields of an event, each with its own type.
pub trait PersonalVisitor {
    /// Called for each personal field.
    fn visit<T: PersonalData>(&mut self, name: &'static str, field: &Personal<T>);
}

/// A personal field: whose data it is, and the data, open or sealed.
///
/// `Debug` shows neither; serialising an open field is an error, so personal data cannot reach the
/// log unsealed. No accessor gives the open value to a fold: only the vault opens fields.
#[derive(Clone, PartialEq)]
pub struct Personal<T> {
    subject: SubjectId,
    content: Content<T>,
}

#[derive(Clone, PartialEq)]
enum Content<T> {
    Open(T),
    Sealed(Sealed),
}

impl<T: PersonalData> Personal<T> {
    /// Takes data about `subject`, to be sealed before it is stored.
    #[must_use]
    pub const fn open(subject: SubjectId, data: T) -> Self {
        Self { subject, content: Content::Open(data) }
    }

    /// Whose data this is.
    #[must_use]
    pub const fn subject(&self) -> SubjectId {
        self.subject
    }

    /// The sealed blob; `None` before sealing.
    #[must_use]
    pub const fn sealed(&self) -> Option<&Sealed> {
        match &self.content {
            Content::Sealed(sealed) => Some(sealed),
            Content::Open(_) => None,
        }
    }

    /// Replaces the open data by its sealed form; leaves a sealed field as it is.
    ///
    /// # Errors
    /// When the sealer has no key.
    pub fn seal<S: Sealer>(&mut self, sealer: &mut S) -> Result<(), S::Error> {
        if let Content::Open(data) = &self.content {
            let plaintext = codec::to_bytes(data)?;
            self.content = Content::Sealed(sealer.seal(self.subject, &plaintext)?);
        }
        Ok(())
    }

    /// Reads data back from what a vault opened.
    ///
    /// # Errors
    /// When the bytes are not data of this kind.
    pub fn read_opened(plaintext: &[u8]) -> Result<T, DecodeError> {
        codec::from_bytes(plaintext)
    }
}

impl<T> fmt::Debug for Personal<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = match &self.content {
            Content::Open(_) => "open",
            Content::Sealed(_) => "sealed",
        };
        write!(f, "Personal({} of {})", state, self.subject)
    }
}

/// The stored form: subject and blob, in this order.
#[derive(Serialize, Deserialize)]
struct StoredPersonal<B> {
    subject: SubjectId,
    sealed: B,
}

/// What people see of a sealed field where no vault is at hand.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ShownPersonal {
    #[serde(rename = "$sealed")]
    subject: SubjectId,
}

impl<T> Serialize for Personal<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            return ShownPersonal { subject: self.subject }.serialize(serializer);
        }
        match &self.content {
            Content::Sealed(sealed) => {
                StoredPersonal { subject: self.subject, sealed }.serialize(serializer)
            }
            Content::Open(_) => {
                Err(serde::ser::Error::custom("personal data must be sealed before it is stored"))
            }
        }
    }
}

impl<'de, T> Deserialize<'de> for Personal<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let stored = StoredPersonal::<Sealed>::deserialize(deserializer)?;
        let content = Content::Sealed(stored.sealed);
        Ok(Self { subject: stored.subject, content })
    }
}

/// What opening a sealed field can give. The three states are told apart: a key that is missing for
/// a technical reason is never shown as erased.
#[derive(Clone, PartialEq, Debug)]
pub enum Opened<T> {
    /// The data.
    Readable(T),
    /// The subject's key was destroyed at this moment: the data is gone for good.
    Erased(Timestamp),
    /// The key should be there and is not: an operational fault.
    KeyUnavailable,
}
