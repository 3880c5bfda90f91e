//! Temporary passwords: generated or chosen, shown once, kept only as a salted hash.

use events::{CredentialId, Timestamp};
use rand::{TryRng, rngs::SysRng};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};

use super::slow_hash::{MEMORY_KIB, PASSES, slow_hash};
use crate::{
    ids,
    keys::{Credential, KeyError},
};

/// How long a temporary password works, in hours.
pub const TEMPORARY_PASSWORD_HOURS: i64 = 90 * 24;
/// Characters of a generated password: 24 of 32 symbols are 120 bits.
const PASSWORD_CHARACTERS: usize = 24;
pub(super) const SALT_BYTES: usize = 16;
/// No symbol that is read as another.
const SYMBOLS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";

/// The shortest password that may be chosen, in characters.
const CHOSEN_CHARACTERS_MIN: usize = 8;
/// The longest, in characters.
const CHOSEN_CHARACTERS_MAX: usize = 256;

/// A password on its way to the one screen that shows it.
pub struct TemporaryPassword {
    /// Its id in events.
    pub id: CredentialId,
    /// When it stops working.
    pub expires_at: Timestamp,
    secret: SecretString,
    /// The slow hash of a password that somebody chose, with its salt.
    slow: Option<([u8; SALT_BYTES], [u8; 32])>,
}

/// A chosen password that is not acceptable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "must have {CHOSEN_CHARACTERS_MIN} to {CHOSEN_CHARACTERS_MAX} characters and no control characters"
)]
pub struct UnacceptablePassword;

/// Why a chosen password cannot be taken.
#[derive(Debug, thiserror::Error)]
pub enum ChosenPasswordError {
    /// It is not acceptable.
    #[error(transparent)]
    Unacceptable(#[from] UnacceptablePassword),
    /// It cannot be hashed.
    #[error(transparent)]
    Key(#[from] KeyError),
}

impl TemporaryPassword {
    /// The plain text, to be shown once.
    #[must_use]
    pub fn reveal(&self) -> &str {
        self.secret.expose_secret()
    }

    /// What the credential store keeps of it.
    pub(crate) fn credential(&self) -> Result<Credential, KeyError> {
        let Self { id, expires_at, .. } = *self;
        if let Some((salt, hash)) = self.slow {
            let (memory_kib, passes) = (MEMORY_KIB, PASSES);
            return Ok(Credential::ChosenPassword {
                id,
                salt,
                memory_kib,
                passes,
                hash,
                expires_at,
            });
        }
        let mut salt = [0; SALT_BYTES];
        fill(&mut salt)?;
        let hash = Sha256::new().chain_update(salt).chain_update(self.reveal()).finalize().into();
        Ok(Credential::TemporaryPassword { id, salt, hash, expires_at })
    }
}

/// Generates a temporary password.
///
/// # Errors
/// When the operating system gives no randomness.
pub fn new_temporary_password(now: Timestamp) -> Result<TemporaryPassword, KeyError> {
    let mut bytes = zeroize::Zeroizing::new([0; PASSWORD_CHARACTERS]);
    fill(bytes.as_mut_slice())?;
    let text: String =
        bytes.iter().map(|byte| char::from(SYMBOLS[usize::from(byte % 32)])).collect();
    Ok(TemporaryPassword {
        id: ids::fresh(now, CredentialId::from_uuid),
        expires_at: now.plus_hours(TEMPORARY_PASSWORD_HOURS),
        secret: SecretString::from(text),
        slow: None,
    })
}

/// Takes a password that somebody chose. Such a password can be guessed, so its hash is a slow one.
///
/// # Errors
/// When it is not acceptable, or the operating system gives no randomness.
pub async fn chosen_password(
    secret: SecretString,
    now: Timestamp,
) -> Result<TemporaryPassword, ChosenPasswordError> {
    let text = secret.expose_secret();
    let characters = text.chars().count();
    let fits = (CHOSEN_CHARACTERS_MIN..=CHOSEN_CHARACTERS_MAX).contains(&characters);
    if !fits || text.chars().any(char::is_control) {
        return Err(UnacceptablePassword.into());
    }
    let mut salt = [0; SALT_BYTES];
    fill(&mut salt)?;
    let bytes = zeroize::Zeroizing::new(text.as_bytes().to_vec());
    let hash = slow_hash(bytes, salt).await?;
    Ok(TemporaryPassword {
        id: ids::fresh(now, CredentialId::from_uuid),
        expires_at: now.plus_hours(TEMPORARY_PASSWORD_HOURS),
        secret,
        slow: Some((salt, hash)),
    })
}

pub(super) fn fill(bytes: &mut [u8]) -> Result<(), KeyError> {
    SysRng.try_fill_bytes(bytes).map_err(|error| KeyError::NoRandomness(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_has_24_characters_and_its_credential_does_not_hold_it() {
        let password = new_temporary_password(Timestamp::EPOCH).unwrap();
        assert_eq!(password.reveal().len(), PASSWORD_CHARACTERS);
        let bytes = bincode::serde::encode_to_vec(
            password.credential().unwrap(),
            bincode::config::standard(),
        );
        let bytes = bytes.unwrap();
        assert!(!bytes.windows(8).any(|part| password.reveal().as_bytes().starts_with(part)));
    }

    #[tokio::test]
    async fn a_chosen_password_is_neither_short_nor_kept_readable() {
        let chosen = |text: &str| chosen_password(SecretString::from(text), Timestamp::EPOCH);
        assert!(matches!(
            chosen("1234567").await,
            Err(ChosenPasswordError::Unacceptable(UnacceptablePassword))
        ));
        let password = chosen("Winter2026!").await.unwrap();
        let config = bincode::config::standard();
        let bytes = bincode::serde::encode_to_vec(password.credential().unwrap(), config).unwrap();
        assert!(!bytes.windows(6).any(|part| b"Winter2026!".starts_with(part)));
    }
}
