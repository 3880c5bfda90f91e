//! What must stay out of the log: secrets, data keys, hashes of passwords and tokens.
//!
//! Everything here lives in the key directory, checksummed and kept twice.

mod check;
mod checked_file;
mod copy;
mod credentials;
mod data_keys;
mod secrets;

use std::{
    fs, io,
    os::unix::fs::DirBuilderExt,
    path::{Path, PathBuf},
};

use events::{ClaimKind, CommitId, NameHash, RequestDigest};
use uuid::Uuid;

use self::secrets::{Secrets, keyed_hash_128};
pub use self::{
    check::{KeyProblem, check_key_directory},
    checked_file::KeyFileError,
    copy::copy_key_directory,
};
pub(crate) use self::{
    credentials::{Credential, CredentialKey, CredentialStore},
    data_keys::DataKeys,
    secrets::{Key, keyed_hash},
};

/// Why keys cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// A file of the key directory cannot be used.
    #[error(transparent)]
    File(#[from] KeyFileError),
    /// The key directory was written by a newer program.
    #[error("the key directory has format {0}, which this program does not know")]
    NewerFormat(u8),
    /// The operating system gives no randomness.
    #[error("no randomness: {0}")]
    NoRandomness(String),
    /// A credential could not be stored.
    #[error("credential not stored: {0}")]
    WriteFailed(String),
    /// The credential store has stopped after an error.
    #[error("the credential store has stopped")]
    Stopped,
    /// A copy of keys is not whole.
    #[error("the copy of the keys is not whole: {0}")]
    NotWhole(KeyProblem),
    /// A cipher refused its input.
    #[error("cryptographic operation failed")]
    Crypto,
}

/// The key directory of an installation.
pub struct KeyDirectory {
    secrets: Secrets,
    pub(crate) data_keys: DataKeys,
    pub(crate) credentials: CredentialStore,
}

impl KeyDirectory {
    /// Makes a new key directory with new secrets.
    ///
    /// # Errors
    /// When files cannot be written.
    pub fn create(directory: &Path) -> Result<Self, KeyError> {
        fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(directory)
            .map_err(KeyFileError::io(directory))?;
        let path = secrets_path(directory);
        match checked_file::read(&path) {
            Err(KeyFileError::Missing { .. }) => {
                Secrets::create(&path).and_then(|secrets| Self::with(directory, secrets))
            }
            Err(error) => Err(error.into()),
            Ok(_) => {
                let exists = io::Error::new(io::ErrorKind::AlreadyExists, "it holds keys already");
                Err(KeyFileError::Io { path: directory.to_owned(), source: exists }.into())
            }
        }
    }

    /// Opens the key directory of an installation.
    ///
    /// # Errors
    /// When it is missing or damaged in both copies.
    pub fn open(directory: &Path) -> Result<Self, KeyError> {
        Self::with(directory, Secrets::open(&secrets_path(directory))?)
    }

    /// Opens the key directory of an installation that another process may be using: nothing is
    /// healed, made or stored, and there are no credentials.
    ///
    /// # Errors
    /// When it is missing or damaged in both copies.
    pub fn open_to_read(directory: &Path) -> Result<Self, KeyError> {
        let secrets = Secrets::open_to_read(&secrets_path(directory))?;
        let data_keys =
            DataKeys::open_to_read(&directory.join("data-keys"), &secrets.key_encryption)?;
        Ok(Self { secrets, data_keys, credentials: CredentialStore::closed() })
    }

    fn with(directory: &Path, secrets: Secrets) -> Result<Self, KeyError> {
        let data_keys = DataKeys::open(&directory.join("data-keys"), &secrets.key_encryption)?;
        let credentials = CredentialStore::open(&directory.join("credentials"))?;
        Ok(Self { secrets, data_keys, credentials })
    }

    /// The keyed hash of a name, for uniqueness; `name` must be normalised.
    #[must_use]
    pub fn name_hash(&self, kind: ClaimKind, name: &str) -> NameHash {
        let purpose = match kind {
            ClaimKind::Domain => "name/domain",
            ClaimKind::SignInName => "name/sign-in",
            ClaimKind::MpnId => "name/mpn",
            ClaimKind::PartnershipPair => "name/partnership-pair",
        };
        NameHash::new(keyed_hash_128(&self.secrets.names, purpose, &[name.as_bytes()]))
    }

    /// The keyed hash of the name a partner user signs in with.
    #[must_use]
    pub fn sign_in_name_hash(&self, email: &events::EmailAddress) -> NameHash {
        self.name_hash(ClaimKind::SignInName, email.as_str())
    }

    /// The keyed hash of a customer user's name.
    #[must_use]
    pub fn user_name_hash(&self, name: &events::UserName) -> NameHash {
        let parts = [name.as_str().as_bytes()];
        NameHash::new(keyed_hash_128(&self.secrets.names, "name/user", &parts))
    }

    /// The commit id that stands for an idempotency key within its scope.
    #[must_use]
    pub fn commit_id(&self, scope: &[&[u8]]) -> CommitId {
        let hash = keyed_hash_128(&self.secrets.requests, "request/key", scope);
        CommitId::from_uuid(Uuid::from_bytes(hash))
    }

    /// The digest that tells one request body from another.
    #[must_use]
    pub fn request_digest(&self, body: &[u8]) -> RequestDigest {
        RequestDigest(keyed_hash_128(&self.secrets.requests, "request/body", &[body]))
    }

    /// Proves that the token of a list's next part was made here.
    #[must_use]
    pub fn page_tag(&self, parts: &[&[u8]]) -> [u8; 16] {
        keyed_hash_128(&self.secrets.requests, "page/token", parts)
    }

    /// The key under which invitation links are signed.
    pub(crate) const fn link_key(&self) -> &Key {
        &self.secrets.links
    }

    /// How many key blocks are damaged in one copy, and how many in both.
    #[must_use]
    pub fn verify(&self) -> (u64, u64) {
        self.data_keys.verify()
    }
}

fn secrets_path(directory: &Path) -> PathBuf {
    directory.join("secrets")
}
