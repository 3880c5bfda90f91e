//! Passwords that people sign in with: held against what is kept of them, and chosen anew.

use commands::{ChosenPassword, PasswordProof};
use events::{CredentialId, Timestamp};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use super::{
    password::{SALT_BYTES, fill},
    slow_hash::{MEMORY_KIB, PASSES, slow_hash, slow_hash_as},
};
use crate::{
    ids,
    keys::{Credential, CredentialKey, CredentialStore, KeyError},
};

/// The longest text that is hashed, in bytes: 256 characters of four bytes.
const PASSWORD_BYTES_MAX: usize = 1_024;

/// Holds a password against what is kept. Takes one slow hash in every case, so that it takes as long
/// whatever is kept, also when nothing is.
///
/// # Errors
/// When nothing can be hashed.
pub(crate) async fn prove(
    store: &CredentialStore,
    credential_id: CredentialId,
    password: &SecretString,
    now: Timestamp,
) -> Result<PasswordProof, KeyError> {
    let kept = store.get(CredentialKey::Password(credential_id));
    let bytes = zeroize::Zeroizing::new(password.expose_secret().as_bytes().to_vec());
    let is_possible = bytes.len() <= PASSWORD_BYTES_MAX;
    let bytes = if is_possible { bytes } else { zeroize::Zeroizing::new(Vec::new()) };
    let matches = match kept {
        Some(Credential::TemporaryPassword { salt, hash, expires_at, .. }) => {
            let quick: [u8; 32] =
                Sha256::new().chain_update(salt).chain_update(&*bytes).finalize().into();
            slow_hash(bytes, salt).await?;
            bool::from(quick.ct_eq(&hash)) && now < expires_at
        }
        Some(Credential::ChosenPassword { salt, memory_kib, passes, hash, expires_at, .. }) => {
            let slow = slow_hash_as(bytes, salt, memory_kib, passes).await?;
            bool::from(slow.ct_eq(&hash)) && now < expires_at
        }
        Some(Credential::OwnPassword { salt, memory_kib, passes, hash, .. }) => {
            let slow = slow_hash_as(bytes, salt, memory_kib, passes).await?;
            bool::from(slow.ct_eq(&hash))
        }
        Some(Credential::Token { .. }) | None => {
            slow_hash(bytes, [0; SALT_BYTES]).await?;
            false
        }
    };
    Ok(PasswordProof { credential_id, matches: matches && is_possible })
}

/// Takes a slow hash of nothing in particular: for names that nobody has.
///
/// # Errors
/// When nothing can be hashed.
pub(crate) async fn pretend() -> Result<(), KeyError> {
    slow_hash(Vec::new(), [0; SALT_BYTES]).await.map(|_| ())
}

/// What is to be known about a password that somebody chose for himself, and what is kept of it.
///
/// # Errors
/// When the operating system gives no randomness.
pub(crate) async fn own_password(
    new: &SecretString,
    old: &SecretString,
    name: &str,
    now: Timestamp,
) -> Result<(ChosenPassword, Credential), KeyError> {
    let id = ids::fresh(now, CredentialId::from_uuid);
    let text = new.expose_secret();
    let chosen = ChosenPassword {
        credential_id: id,
        characters: text.chars().count(),
        has_control_characters: text.chars().any(char::is_control),
        is_the_old_one: text == old.expose_secret(),
        holds_the_name: holds_name(text, name),
    };
    let mut salt = [0; SALT_BYTES];
    fill(&mut salt)?;
    let bytes = zeroize::Zeroizing::new(text.as_bytes().to_vec());
    let bytes =
        if bytes.len() > PASSWORD_BYTES_MAX { zeroize::Zeroizing::default() } else { bytes };
    let hash = slow_hash(bytes, salt).await?;
    let (memory_kib, passes) = (MEMORY_KIB, PASSES);
    Ok((chosen, Credential::OwnPassword { id, salt, memory_kib, passes, hash }))
}

/// Whether the name, or its part before the @, is in the password, in any case.
fn holds_name(password: &str, name: &str) -> bool {
    let (password, name) = (password.to_lowercase(), name.to_lowercase());
    let local = name.split('@').next().unwrap_or_default();
    // A name of two letters is in too many words.
    let holds = |part: &str| part.chars().count() > 2 && password.contains(part);
    holds(&name) || holds(local)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::KeyDirectory;

    #[test]
    fn the_name_is_found_in_a_password_in_any_case() {
        assert!(holds_name("xXAna.Lima2026", "ana.lima@fabrikam.example"));
        assert!(holds_name("ANA@FABRIKAM.EXAMPLE!", "ana@fabrikam.example"));
        assert!(!holds_name("correct horse battery", "bo@fabrikam.example"));
    }

    #[tokio::test]
    async fn a_chosen_password_is_proved_and_no_other() {
        let directory = tempfile::tempdir().unwrap();
        let keys = KeyDirectory::create(&directory.path().join("keys")).unwrap();
        let store = &keys.credentials;
        let (old, new) = (SecretString::from("old"), SecretString::from("a new long password"));
        let (chosen, kept) =
            own_password(&new, &old, "ana@fabrikam.example", Timestamp::EPOCH).await.unwrap();
        assert!(!chosen.is_the_old_one && !chosen.holds_the_name && chosen.characters == 19);
        store.put(vec![kept]).await.unwrap();
        for (password, matches) in [(&new, true), (&old, false)] {
            let proof = prove(store, chosen.credential_id, password, Timestamp::EPOCH).await;
            assert_eq!(proof.unwrap().matches, matches);
        }
        let unknown = ids::fresh(Timestamp::EPOCH, CredentialId::from_uuid);
        assert!(!prove(store, unknown, &new, Timestamp::EPOCH).await.unwrap().matches);
    }

    #[tokio::test]
    async fn a_temporary_password_is_proved_until_it_expires() {
        let directory = tempfile::tempdir().unwrap();
        let keys = KeyDirectory::create(&directory.path().join("keys")).unwrap();
        let store = &keys.credentials;
        let password = super::super::new_temporary_password(Timestamp::EPOCH).unwrap();
        store.put(vec![password.credential().unwrap()]).await.unwrap();
        let secret = SecretString::from(password.reveal().to_owned());
        for (now, matches) in [(Timestamp::EPOCH, true), (password.expires_at, false)] {
            let proof = prove(store, password.id, &secret, now).await.unwrap();
            assert_eq!(proof.matches, matches);
        }
    }
}
