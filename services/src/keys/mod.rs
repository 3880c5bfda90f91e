//! What must stay out of the log: secrets, data keys, hashes of passwords and tokens.
//!
//! Everything here lives in the key directory, checksummed and kept twice.

mod check;
mod checked_file;
mod copy;
mod credentials;
mod data_keys;
mod healings;
mod salvage;
mod secrets;
mod signing;

use std::{
    fs, io,
    os::unix::fs::DirBuilderExt,
    path::{Path, PathBuf},
    sync::Arc,
};

use data_encoding::BASE64URL_NOPAD;
use events::{ClaimKind, CommitId, KeyId, NameHash, RequestDigest, WebhookSecretId};
use secrecy::SecretString;
use uuid::Uuid;

pub use self::{
    check::{KeyProblem, check_key_directory},
    checked_file::KeyFileError,
    copy::copy_key_directory,
};
pub(crate) use self::{
    credentials::{Credential, CredentialKey, CredentialStore},
    data_keys::DataKeys,
    healings::KeyHealing,
    salvage::salvage_keys,
    secrets::{Key, keyed_hash},
    signing::SigningKeys,
};
use self::{
    healings::KeyHealings,
    secrets::{Secrets, keyed_hash_128},
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
    pub(crate) signing: SigningKeys,
    healings: Arc<KeyHealings>,
}

/// Whether anything may have been recorded under the keys of a directory.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum KeyUse {
    /// Nothing was: files that a start which broke off did not come to are made.
    Unused,
    /// Something was: a file that is not there is lost.
    InUse,
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
        match checked_file::read_only(&path) {
            Err(KeyFileError::Missing { .. }) => Secrets::create(&path)
                .and_then(|secrets| Self::with(directory, secrets, Arc::default())),
            Err(error) => Err(error.into()),
            Ok(_) => {
                let exists = io::Error::new(io::ErrorKind::AlreadyExists, "it holds keys already");
                Err(KeyFileError::Io { path: directory.to_owned(), source: exists }.into())
            }
        }
    }

    /// Opens the key directory of an installation: what is damaged or missing in one copy is made
    /// good from the other, all of it now and not when it is first needed.
    ///
    /// # Errors
    /// When anything is missing or damaged in both copies; the error says what is lost.
    pub fn open(directory: &Path, use_so_far: KeyUse) -> Result<Self, KeyError> {
        let healings = Arc::new(KeyHealings::default());
        let secrets = Secrets::open(&secrets_path(directory), &healings)?;
        if use_so_far == KeyUse::InUse {
            for path in [data_keys_path(directory), credentials_path(directory)] {
                if !checked_file::copies(&path).iter().any(|copy| copy.exists()) {
                    return Err(KeyFileError::Missing { path }.into());
                }
            }
        }
        let keys = Self::with(directory, secrets, healings)?;
        if use_so_far == KeyUse::InUse && keys.credentials.is_empty() {
            let path = credentials_path(directory);
            tracing::error!(
                path = %path.display(),
                "both copies of the credentials are empty: nobody can sign in any more; restore \
                 the key directory from a backup, or issue tokens anew: `partnerlog token create`"
            );
        }
        Ok(keys)
    }

    /// Opens the key directory of an installation that another process may be using: nothing is
    /// healed, made or stored, and there are no credentials.
    ///
    /// # Errors
    /// When it is missing or damaged in both copies.
    pub fn open_to_read(directory: &Path) -> Result<Self, KeyError> {
        let secrets = Secrets::open_to_read(&secrets_path(directory))?;
        let data_keys =
            DataKeys::open_to_read(&data_keys_path(directory), &secrets.key_encryption)?;
        let (credentials, healings) = (CredentialStore::closed(), Arc::default());
        let signing = SigningKeys::closed();
        Ok(Self { secrets, data_keys, credentials, signing, healings })
    }

    fn with(
        directory: &Path,
        secrets: Secrets,
        healings: Arc<KeyHealings>,
    ) -> Result<Self, KeyError> {
        let path = data_keys_path(directory);
        let data_keys = DataKeys::open(&path, &secrets.key_encryption, Arc::clone(&healings))?;
        let credentials = CredentialStore::open(&credentials_path(directory), &healings)?;
        let signing = SigningKeys::open(&signing_keys_path(directory), &healings)?;
        Ok(Self { secrets, data_keys, credentials, signing, healings })
    }

    /// Takes the reports of what was healed since the last call, oldest first.
    pub fn take_healings(&self) -> Vec<KeyHealing> {
        self.healings.take()
    }

    /// Demands that the newest key under which something was sealed is there: files that were cut
    /// short in both copies look like those of a younger installation.
    ///
    /// # Errors
    /// When it is not.
    pub fn demand(&self, newest: KeyId) -> Result<(), KeyError> {
        self.data_keys.demand(newest)
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

    /// The secret that webhook deliveries are signed with, as its receiver knows it. It follows from
    /// its id and the keys of this installation, so that nothing else of it need be kept.
    pub(crate) fn webhook_secret(&self, id: WebhookSecretId) -> SecretString {
        let id = id.as_uuid();
        let hash = keyed_hash(&self.secrets.links, "webhook/secret", &[id.as_bytes()]);
        SecretString::from(format!("plogw_{}", BASE64URL_NOPAD.encode(&hash)))
    }

    /// The key under which invitation links are signed.
    pub(crate) const fn link_key(&self) -> &Key {
        &self.secrets.links
    }
}

fn secrets_path(directory: &Path) -> PathBuf {
    directory.join("secrets")
}

fn data_keys_path(directory: &Path) -> PathBuf {
    directory.join("data-keys")
}

fn signing_keys_path(directory: &Path) -> PathBuf {
    directory.join("signing-keys")
}

fn credentials_path(directory: &Path) -> PathBuf {
    directory.join("credentials")
}
