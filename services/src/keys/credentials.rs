//! The credential store: hashes of passwords and bearer tokens, outside the log.
//!
//! Two append-only copies of checksummed frames. An entry is durable in both before the command
//! that needs it is recorded; all entries waiting at one moment share a sync.

mod two_copies;

use std::{
    collections::HashMap,
    fs::File,
    io::Write,
    path::{Path, PathBuf},
    sync::{Arc, PoisonError, RwLock, mpsc},
    thread::{self, JoinHandle},
};

use events::{CredentialId, Timestamp, TokenId};
use serde::{Deserialize, Serialize};
use tokio::sync::oneshot;

use self::two_copies::{append_to, frame, heal, settled};
pub(super) use self::two_copies::{give_up_damaged, read_copy};
use super::{
    KeyError,
    checked_file::{KeyFileError, copies},
    healings::KeyHealings,
};

/// Entries that may wait for the writer; beyond, callers wait.
const QUEUE_MAX: usize = 1_024;

/// What the store keeps of a secret. Stored by order: new kinds go to the end.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Credential {
    /// A temporary password, which must be changed at the first sign-in.
    TemporaryPassword {
        /// Its id in events.
        id: CredentialId,
        /// Random, so that equal passwords have unequal hashes.
        salt: [u8; 16],
        /// SHA-256 of salt and password: a generated password has over 100 bits.
        hash: [u8; 32],
        /// When it stops working.
        expires_at: Timestamp,
    },
    /// A bearer token.
    Token {
        /// Its id in events.
        id: TokenId,
        /// SHA-256 of the 256-bit secret.
        hash: [u8; 32],
    },
    /// A temporary password that somebody chose.
    ChosenPassword {
        /// Its id in events.
        id: CredentialId,
        /// Random, so that equal passwords have unequal hashes.
        salt: [u8; 16],
        /// Memory the hash took, in KiB.
        memory_kib: u32,
        /// Passes over that memory.
        passes: u32,
        /// Argon2id of salt and password: a chosen password can be guessed.
        hash: [u8; 32],
        /// When it stops working.
        expires_at: Timestamp,
    },
    /// A password that somebody chose for himself.
    OwnPassword {
        /// Its id in events.
        id: CredentialId,
        /// Random, so that equal passwords have unequal hashes.
        salt: [u8; 16],
        /// Memory the hash took, in KiB.
        memory_kib: u32,
        /// Passes over that memory.
        passes: u32,
        /// Argon2id of salt and password.
        hash: [u8; 32],
    },
}

/// Names an entry.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) enum CredentialKey {
    /// A password.
    Password(CredentialId),
    /// A token.
    Token(TokenId),
}

impl Credential {
    fn key(&self) -> CredentialKey {
        match self {
            Self::TemporaryPassword { id, .. }
            | Self::ChosenPassword { id, .. }
            | Self::OwnPassword { id, .. } => CredentialKey::Password(*id),
            Self::Token { id, .. } => CredentialKey::Token(*id),
        }
    }
}

pub(super) type Entries = HashMap<CredentialKey, Credential>;

struct Put {
    credentials: Vec<Credential>,
    done: oneshot::Sender<Result<(), KeyError>>,
}

/// The credential store of an installation.
pub(crate) struct CredentialStore {
    entries: Arc<RwLock<Entries>>,
    queue: Option<mpsc::SyncSender<Put>>,
    writer: Option<JoinHandle<()>>,
}

impl CredentialStore {
    /// Opens the two copies, making them where there are none and healing what differs.
    ///
    /// # Errors
    /// When an entry is damaged in both.
    pub(super) fn open(path: &Path, healings: &KeyHealings) -> Result<Self, KeyError> {
        let both = copies(path);
        let contents = [read_copy(&both[0])?, read_copy(&both[1])?];
        let Some(whole) = settled(&contents) else {
            let lost = "passwords or tokens that stood in both are lost \
                        (`partnerlog salvage` goes on without them)"
                .to_owned();
            return Err(KeyFileError::Damaged { path: path.to_owned(), lost }.into());
        };
        for (copy, content) in both.iter().zip(&contents) {
            heal(copy, content, &whole, healings)?;
        }
        let entries = Arc::new(RwLock::new(whole.entries));
        let files = [append_to(&both[0])?, append_to(&both[1])?];
        let (queue, waiting) = mpsc::sync_channel(QUEUE_MAX);
        let writer = Writer { files, entries: Arc::clone(&entries), path: path.to_owned() };
        let writer = thread::Builder::new()
            .name("credentials".to_owned())
            .spawn(move || writer.run(&waiting))
            .map_err(KeyFileError::io(path))?;
        Ok(Self { entries, queue: Some(queue), writer: Some(writer) })
    }

    /// A store that knows and takes nothing.
    pub(crate) fn closed() -> Self {
        Self { entries: Arc::default(), queue: None, writer: None }
    }

    /// Stores credentials durably in both copies.
    pub(crate) async fn put(&self, credentials: Vec<Credential>) -> Result<(), KeyError> {
        if credentials.is_empty() {
            return Ok(());
        }
        let (done, stored) = oneshot::channel();
        let queue = self.queue.clone().ok_or(KeyError::Stopped)?;
        let put = Put { credentials, done };
        // The queue is bounded: where it is full, a blocking thread waits instead of the runtime.
        if let Err(error) = queue.try_send(put) {
            let mpsc::TrySendError::Full(put) = error else { return Err(KeyError::Stopped) };
            tokio::task::spawn_blocking(move || queue.send(put))
                .await
                .map_err(|_| KeyError::Stopped)?
                .map_err(|_| KeyError::Stopped)?;
        }
        stored.await.map_err(|_| KeyError::Stopped)?
    }

    /// True when nothing was ever stored, or all of it is gone.
    pub(super) fn is_empty(&self) -> bool {
        self.entries.read().unwrap_or_else(PoisonError::into_inner).is_empty()
    }

    /// Looks an entry up.
    pub(crate) fn get(&self, key: CredentialKey) -> Option<Credential> {
        self.entries.read().unwrap_or_else(PoisonError::into_inner).get(&key).cloned()
    }
}

impl Drop for CredentialStore {
    fn drop(&mut self) {
        drop(self.queue.take());
        if let Some(writer) = self.writer.take() {
            drop(writer.join());
        }
    }
}

struct Writer {
    files: [File; 2],
    entries: Arc<RwLock<Entries>>,
    path: PathBuf,
}

impl Writer {
    fn run(mut self, waiting: &mpsc::Receiver<Put>) {
        while let Ok(first) = waiting.recv() {
            let group: Vec<Put> = std::iter::once(first).chain(waiting.try_iter()).collect();
            let outcome = self.store(&group);
            let failed = outcome.is_err();
            for put in group {
                let answer = match &outcome {
                    Ok(()) => Ok(()),
                    Err(error) => Err(KeyError::WriteFailed(error.to_string())),
                };
                drop(put.done.send(answer));
            }
            // After a failed write or sync nothing is known about the files: refuse what follows.
            if failed {
                tracing::error!("credential store stops after a failed write");
                return;
            }
        }
    }

    fn store(&mut self, group: &[Put]) -> Result<(), KeyError> {
        let mut frames = Vec::new();
        for credential in group.iter().flat_map(|put| &put.credentials) {
            frames.extend_from_slice(&frame(credential)?);
        }
        for file in &mut self.files {
            let append = |file: &mut File| {
                file.write_all(&frames)?;
                file.sync_data()
            };
            append(file).map_err(KeyFileError::io(&self.path))?;
        }
        let mut entries = self.entries.write().unwrap_or_else(PoisonError::into_inner);
        for credential in group.iter().flat_map(|put| &put.credentials) {
            entries.insert(credential.key(), credential.clone());
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use uuid::Uuid;

    use super::*;

    fn token(number: u128) -> Credential {
        Credential::Token { id: TokenId::from_uuid(Uuid::from_u128(number)), hash: [9; 32] }
    }

    fn open(path: &Path) -> CredentialStore {
        CredentialStore::open(path, &KeyHealings::default()).unwrap()
    }

    /// A store with ten tokens, closed.
    async fn ten_tokens() -> (tempfile::TempDir, PathBuf) {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("credentials");
        open(&path).put((0..10).map(token).collect()).await.unwrap();
        (directory, path)
    }

    fn flip(path: &Path, at: usize) {
        let mut bytes = fs::read(path).unwrap();
        bytes[at] ^= 0x40;
        fs::write(path, bytes).unwrap();
    }

    #[tokio::test]
    async fn an_entry_damaged_in_both_copies_is_refused_and_may_be_given_up() {
        let (_directory, path) = ten_tokens().await;
        for copy in copies(&path) {
            flip(&copy, 20);
        }
        let refused = CredentialStore::open(&path, &KeyHealings::default());
        let text = refused.err().unwrap().to_string();
        assert!(text.contains("credentials") && text.contains("tokens"), "{text}");
        assert!(give_up_damaged(&path).unwrap());
        let store = open(&path);
        assert_eq!((0..10).filter(|number| store.get(token(*number).key()).is_some()).count(), 9);
        assert!(!give_up_damaged(&path).unwrap());
    }

    #[tokio::test]
    async fn what_is_healed_is_told_and_the_trace_of_a_crash_is_not() {
        let (_directory, path) = ten_tokens().await;
        let [first, second] = copies(&path);
        let whole = fs::read(&first).unwrap();
        let told = |path: &Path| {
            let healings = KeyHealings::default();
            drop(CredentialStore::open(path, &healings).unwrap());
            healings.take().into_iter().map(|healing| healing.finding).collect::<Vec<_>>()
        };
        flip(&second, 90);
        assert_eq!(told(&path), ["credentials.b: entries of it were damaged or missing"]);
        fs::remove_file(&first).unwrap();
        assert_eq!(told(&path), ["credentials.a: it was missing"]);
        fs::write(&second, &whole[..whole.len() - 3]).unwrap();
        assert_eq!(told(&path), Vec::<String>::new());
        assert!(fs::read(&first).unwrap() == whole && fs::read(&second).unwrap() == whole);
        fs::write(&first, [whole.as_slice(), &[7; 9]].concat()).unwrap();
        assert_eq!(told(&path), Vec::<String>::new());
        assert!(fs::read(&first).unwrap() == whole);
    }

    #[tokio::test]
    async fn what_was_put_is_there_after_reopening_even_with_one_copy_gone() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("credentials");
        let store = open(&path);
        store.put((0..10).map(token).collect()).await.unwrap();
        drop(store);
        fs::remove_file(&copies(&path)[0]).unwrap();

        let store = open(&path);
        for number in 0..10 {
            assert!(store.get(token(number).key()).is_some());
        }
        assert!(store.get(token(11).key()).is_none());
    }

    #[tokio::test]
    async fn a_flipped_byte_in_either_copy_loses_nothing() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("credentials");
        let store = open(&path);
        store.put((0..10).map(token).collect()).await.unwrap();
        drop(store);
        for (copy, at) in copies(&path).iter().zip([20, 90]) {
            let mut bytes = fs::read(copy).unwrap();
            bytes[at] ^= 0x40;
            fs::write(copy, bytes).unwrap();
        }
        let store = open(&path);
        assert!((0..10).all(|number| store.get(token(number).key()).is_some()));
    }
}
