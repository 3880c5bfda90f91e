//! A deliberately slow hash, for passwords that people choose: Argon2id.

use argon2::{Algorithm, Argon2, Params, Version};
use tokio::sync::Semaphore;

use crate::keys::KeyError;

/// Memory for new hashes, in KiB; kept with each hash, so that it can rise (OWASP's first choice
/// for Argon2id: 19 MiB, two passes).
pub(super) const MEMORY_KIB: u32 = 19 * 1024;
/// Passes over the memory for new hashes; kept likewise.
pub(super) const PASSES: u32 = 2;
/// How many hashes are made at once: each takes a core and its memory.
const HASHES_MAX: usize = 2;

static TURNS: Semaphore = Semaphore::const_new(HASHES_MAX);

/// Hashes a password on a blocking thread, when its turn comes.
pub(super) async fn slow_hash(
    password: impl AsRef<[u8]> + Send + 'static,
    salt: [u8; 16],
) -> Result<[u8; 32], KeyError> {
    slow_hash_as(password, salt, MEMORY_KIB, PASSES).await
}

/// Hashes a password as an earlier hash of it was made.
pub(super) async fn slow_hash_as(
    password: impl AsRef<[u8]> + Send + 'static,
    salt: [u8; 16],
    memory_kib: u32,
    passes: u32,
) -> Result<[u8; 32], KeyError> {
    let _turn = TURNS.acquire().await.map_err(|_| KeyError::Crypto)?;
    let work = move || argon2id(password.as_ref(), &salt, memory_kib, passes);
    tokio::task::spawn_blocking(work).await.map_err(|_| KeyError::Crypto)?
}

fn argon2id(
    password: &[u8],
    salt: &[u8],
    memory_kib: u32,
    passes: u32,
) -> Result<[u8; 32], KeyError> {
    let mut hash = [0; 32];
    let params = Params::new(memory_kib, passes, 1, Some(hash.len()));
    let params = params.map_err(|_| KeyError::Crypto)?;
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(password, salt, &mut hash)
        .map_err(|_| KeyError::Crypto)?;
    Ok(hash)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_passwords_hash_alike_under_one_salt_only() {
        let hash = |password: &[u8], salt| argon2id(password, salt, 64, 1).unwrap();
        assert_eq!(hash(b"correct horse", b"saltsalt"), hash(b"correct horse", b"saltsalt"));
        assert_ne!(hash(b"correct horse", b"saltsalt"), hash(b"correct horse", b"tlastlas"));
        assert_ne!(hash(b"correct horse", b"saltsalt"), hash(b"correct hors", b"saltsalt"));
    }
}
