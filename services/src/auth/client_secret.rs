//! Secrets of applications: `plogs_` and 256 random bits in one text; only a hash is kept.

use data_encoding::BASE64URL_NOPAD;
use events::{ApplicationSecretId, TokenId};
use secrecy::{ExposeSecret, SecretString, zeroize::Zeroize};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use super::password::fill;
use crate::keys::{Credential, CredentialKey, CredentialStore, KeyError};

const PREFIX: &str = "plogs_";
const SECRET_BYTES: usize = 32;

/// Makes a new secret: the text to show once, and what the credential store keeps.
pub(crate) fn new_client_secret(
    id: ApplicationSecretId,
) -> Result<(SecretString, Credential), KeyError> {
    let mut bytes = [0; SECRET_BYTES];
    fill(&mut bytes)?;
    let text = SecretString::from(format!("{PREFIX}{}", BASE64URL_NOPAD.encode(&bytes)));
    bytes.zeroize();
    let credential = Credential::Token { id: kept_as(id), hash: hash(&text) };
    Ok((text, credential))
}

/// The secret, of these, that a text is. Every one is looked at, so that it takes as long whichever
/// it is; with 256 random bits a fast hash is as good as a slow one.
pub(crate) fn prove_client_secret(
    store: &CredentialStore,
    secrets: impl Iterator<Item = ApplicationSecretId>,
    text: &SecretString,
) -> Option<ApplicationSecretId> {
    let given = hash(text);
    secrets.fold(None, |proved, id| match store.get(CredentialKey::Token(kept_as(id))) {
        Some(Credential::Token { hash, .. }) if bool::from(hash.ct_eq(&given)) => Some(id),
        _ => proved,
    })
}

fn hash(text: &SecretString) -> [u8; 32] {
    Sha256::digest(text.expose_secret()).into()
}

const fn kept_as(id: ApplicationSecretId) -> TokenId {
    TokenId::from_uuid(id.as_uuid())
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::keys::KeyDirectory;

    #[tokio::test]
    async fn a_secret_is_proved_among_those_that_work_and_no_other_text_is() {
        let directory = tempfile::tempdir().unwrap();
        let keys = KeyDirectory::create(&directory.path().join("keys")).unwrap();
        let ids = [1, 2].map(|id| ApplicationSecretId::from_uuid(Uuid::from_u128(id)));
        let [(first, one), (second, two)] = ids.map(|id| new_client_secret(id).unwrap());
        keys.credentials.put(vec![one, two]).await.unwrap();
        let prove = |ids: &[ApplicationSecretId], text: &SecretString| {
            prove_client_secret(&keys.credentials, ids.iter().copied(), text)
        };
        assert_eq!(prove(&ids, &first), Some(ids[0]));
        assert_eq!(prove(&ids, &second), Some(ids[1]));
        assert_eq!(prove(&ids[..1], &second), None);
        for wrong in ["", "plogs_", &first.expose_secret()[..20]] {
            assert_eq!(prove(&ids, &SecretString::from(wrong)), None);
        }
    }
}
