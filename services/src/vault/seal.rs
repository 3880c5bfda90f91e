//! Sealing the personal fields of one event.

use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use events::{
    EncodeError, EventId, EventTypeId, InstallationId, KeyId, SchemaVersion, Sealed,
    SealedAlgorithm, Sealer, StreamId, SubjectId,
};
use zeroize::Zeroizing;

use super::{SubjectKeys, commitment};
use crate::keys::{DataKeys, KeyError};

/// Chosen at random for each blob: no two have the same.
type Nonce = [u8; 24];

/// Why an event could not be sealed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SealError {
    /// The data cannot be encoded.
    #[error(transparent)]
    Encode(#[from] EncodeError),
    /// No data key can be had.
    #[error(transparent)]
    Key(#[from] KeyError),
}

/// The place a blob is bound to: it opens nowhere else.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Binding {
    pub(crate) installation: InstallationId,
    pub(crate) stream: StreamId,
    pub(crate) event_id: EventId,
    pub(crate) type_id: EventTypeId,
    pub(crate) schema_version: SchemaVersion,
}

impl Binding {
    /// The associated data of a blob about `subject`. Every part has a fixed length.
    pub(super) fn associated_data(&self, subject: SubjectId) -> Vec<u8> {
        let mut data = Vec::with_capacity(69);
        data.extend_from_slice(self.installation.as_uuid().as_bytes());
        data.push(self.stream.category().number());
        data.extend_from_slice(self.stream.id().as_bytes());
        data.extend_from_slice(self.event_id.as_uuid().as_bytes());
        data.extend_from_slice(&self.type_id.0.to_le_bytes());
        data.extend_from_slice(&self.schema_version.0.to_le_bytes());
        data.extend_from_slice(subject.as_uuid().as_bytes());
        data
    }
}

/// What was sealed, in the clear: it need not be opened again to be shown to who sealed it.
#[derive(Default)]
pub(crate) struct Plaintexts(Vec<(Nonce, Zeroizing<Vec<u8>>)>);

impl Plaintexts {
    /// What this blob holds, if it was sealed here.
    pub(super) fn of(&self, sealed: &Sealed) -> Option<&[u8]> {
        let found = self.0.iter().find(|(nonce, _)| *nonce == sealed.nonce);
        found.map(|(_, plaintext)| plaintext.as_slice())
    }
}

/// Seals the fields of one event.
pub(crate) struct EventSealer<'a> {
    pub(crate) keys: &'a DataKeys,
    pub(crate) subjects: &'a SubjectKeys,
    /// The key a subject has according to what is recorded.
    pub(crate) known: &'a (dyn Fn(SubjectId) -> Option<KeyId> + Sync),
    pub(crate) binding: Binding,
    /// Takes what is sealed.
    pub(crate) plaintexts: &'a mut Plaintexts,
}

impl Sealer for EventSealer<'_> {
    type Error = SealError;

    fn seal(&mut self, subject: SubjectId, plaintext: &[u8]) -> Result<Sealed, SealError> {
        let (key_id, key) = self.subjects.key_for(subject, self.keys, self.known)?;
        // No call of the operating system for each: a generator that it seeds.
        let nonce: Nonce = rand::random();
        let aad = self.binding.associated_data(subject);
        let cipher =
            XChaCha20Poly1305::new_from_slice(key.as_slice()).map_err(|_| KeyError::Crypto)?;
        let ciphertext = cipher
            .encrypt(&XNonce::from(nonce), Payload { msg: plaintext, aad: &aad })
            .map_err(|_| KeyError::Crypto)?;
        self.plaintexts.0.push((nonce, Zeroizing::new(plaintext.to_vec())));
        Ok(Sealed {
            algorithm: SealedAlgorithm::XChaCha20Poly1305Committed,
            key_id,
            nonce,
            commitment: commitment(&key, &nonce),
            ciphertext,
        })
    }
}
