//! Sealing and opening personal data: XChaCha20-Poly1305 under one data key a person, bound to the
//! event it stands in.

mod reader;
mod seal;
mod subjects;

use events::{Opened, Personal, PersonalData, Sealed};
use hmac::KeyInit;
use subtle::ConstantTimeEq;

pub use self::reader::{ShownEvent, Vault};
pub(crate) use self::{
    seal::{Binding, EventSealer, Plaintexts, SealError},
    subjects::SubjectKeys,
};
use crate::keys::{Key, keyed_hash};

/// The commitment of a blob to its key: the cipher alone opens under more than one key.
fn commitment(key: &Key, nonce: &[u8; 24]) -> [u8; 32] {
    keyed_hash(key, "seal/commitment", &[nonce])
}

/// Opens the blob of a personal field that stands in the event `binding` describes.
pub(crate) fn open<T: PersonalData>(
    keys: &crate::keys::DataKeys,
    field: &Personal<T>,
    binding: &Binding,
) -> Opened<T> {
    field
        .sealed()
        .and_then(|sealed| open_bytes(keys, sealed, &binding.associated_data(field.subject())))
        .and_then(|plaintext| Personal::<T>::read_opened(&plaintext).ok())
        .map_or(Opened::KeyUnavailable, Opened::Readable)
}

fn open_bytes(keys: &crate::keys::DataKeys, sealed: &Sealed, aad: &[u8]) -> Option<Vec<u8>> {
    use chacha20poly1305::{
        XChaCha20Poly1305, XNonce,
        aead::{Aead, Payload},
    };
    let key = keys.get(sealed.key_id)?;
    if !bool::from(commitment(&key, &sealed.nonce).ct_eq(&sealed.commitment)) {
        return None;
    }
    let cipher = XChaCha20Poly1305::new_from_slice(key.as_slice()).ok()?;
    let payload = Payload { msg: sealed.ciphertext.as_slice(), aad };
    cipher.decrypt(&XNonce::from(sealed.nonce), payload).ok()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use events::{
        CustomerUserId, EventId, EventTypeId, InstallationId, PartnerUserProfile, SchemaVersion,
        StreamId, SubjectId,
    };
    use uuid::Uuid;

    use super::*;
    use crate::keys::DataKeys;

    fn binding(event: u128) -> Binding {
        Binding {
            installation: InstallationId::from_uuid(Uuid::from_u128(1)),
            stream: StreamId::from(events::PartnerId::from_uuid(Uuid::from_u128(2))),
            event_id: EventId::from_uuid(Uuid::from_u128(event)),
            type_id: EventTypeId(0x0102),
            schema_version: SchemaVersion(1),
        }
    }

    fn profile() -> PartnerUserProfile {
        PartnerUserProfile {
            full_name: "Ana Lima".parse().unwrap(),
            email: "ana@contoso.example".parse().unwrap(),
        }
    }

    fn sealed(keys: &Arc<DataKeys>, subject: u128) -> Personal<PartnerUserProfile> {
        let subject = SubjectId::from(CustomerUserId::from_uuid(Uuid::from_u128(subject)));
        let mut field = Personal::open(subject, profile());
        let subjects = SubjectKeys::default();
        let mut sealer = EventSealer {
            keys,
            subjects: &subjects,
            known: &|_| None,
            binding: binding(3),
            plaintexts: &mut Plaintexts::default(),
        };
        field.seal(&mut sealer).unwrap();
        field
    }

    fn keys(directory: &tempfile::TempDir) -> Arc<DataKeys> {
        Arc::new(
            DataKeys::open(&directory.path().join("k"), &Key::new([7; 32]), Arc::default())
                .unwrap(),
        )
    }

    #[test]
    fn what_was_sealed_opens_again_in_its_own_event_only() {
        let directory = tempfile::tempdir().unwrap();
        let keys = keys(&directory);
        let field = sealed(&keys, 4);
        assert_eq!(open(&keys, &field, &binding(3)), Opened::Readable(profile()));
        assert_eq!(open(&keys, &field, &binding(5)), Opened::KeyUnavailable);
    }

    #[test]
    fn a_blob_opens_under_no_other_key() {
        let [one, other] = [(); 2].map(|()| tempfile::tempdir().unwrap());
        let field = sealed(&keys(&one), 4);
        let other = keys(&other);
        other.allocate().unwrap();
        assert_eq!(open(&other, &field, &binding(3)), Opened::KeyUnavailable);
    }
}
