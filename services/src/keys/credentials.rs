//! The credential store: hashes of passwords and bearer tokens, outside the log.
//!
//! Two append-only copies of checksummed frames. An entry is durable in both before the command
//! that needs it is recorded; all entries waiting at one moment share a sync.

use std::{
    collections::HashMap,
    fs::{self, File, OpenOptions},
    io::{self, Write},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
    sync::{Arc, PoisonError, RwLock, mpsc},
    thread::{self, JoinHandle},
};

use events::{CredentialId, Timestamp, TokenId};
use serde::{Deserialize, Serialize};
use tokio::sync::oneshot;

use super::{
    KeyError,
    checked_file::{KeyFileError, PRIVATE_FILE_MODE, copies, sync_directory},
};

/// Entries that may wait for the writer; beyond, callers wait.
const QUEUE_MAX: usize = 1_024;
const FRAME_HEADER_BYTES: usize = 8;
const ENTRY_BYTES_MAX: usize = 1_024;

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
            Self::TemporaryPassword { id, .. } | Self::ChosenPassword { id, .. } => {
                CredentialKey::Password(*id)
            }
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
    pub(crate) fn open(path: &Path) -> Result<Self, KeyError> {
        let both = copies(path);
        let contents = [read_copy(&both[0])?, read_copy(&both[1])?];
        let mut all = contents[0].entries.clone();
        all.extend(contents[1].entries.clone());
        for (copy, content) in both.iter().zip(&contents) {
            if !content.intact || content.entries.len() != all.len() {
                rewrite(copy, &all, content)?;
            }
        }
        let entries = Arc::new(RwLock::new(all.into_iter().collect::<Entries>()));
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

fn frame(credential: &Credential) -> Result<Vec<u8>, KeyError> {
    let body = bincode::serde::encode_to_vec(credential, bincode::config::standard())
        .map_err(|error| KeyError::WriteFailed(error.to_string()))?;
    let length = u32::try_from(body.len()).map_err(|_| KeyError::Crypto)?;
    let mut frame = Vec::with_capacity(FRAME_HEADER_BYTES + body.len());
    frame.extend_from_slice(&length.to_le_bytes());
    frame.extend_from_slice(&crc32fast::hash(&body).to_le_bytes());
    frame.extend_from_slice(&body);
    Ok(frame)
}

pub(super) struct CopyContent {
    pub(super) entries: Entries,
    /// Whether every byte belongs to a good frame.
    intact: bool,
    /// Whether a good frame stands behind bytes that belong to none: no crash leaves that.
    pub(super) damaged_inside: bool,
    bytes: Vec<u8>,
}

pub(super) fn read_copy(path: &Path) -> Result<CopyContent, KeyFileError> {
    let bytes = match fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
        Err(error) => return Err(KeyFileError::io(path)(error)),
    };
    let mut entries = Entries::new();
    let mut rest = bytes.as_slice();
    let (mut intact, mut damaged_inside) = (true, false);
    // Behind a damaged frame the search goes on byte by byte: what is good there is not given up.
    while !rest.is_empty() {
        if let Some((credential, tail)) = read_frame(rest) {
            entries.insert(credential.key(), credential);
            damaged_inside = !intact;
            rest = tail;
        } else {
            intact = false;
            rest = &rest[1..];
        }
    }
    Ok(CopyContent { entries, intact, damaged_inside, bytes })
}

fn read_frame(bytes: &[u8]) -> Option<(Credential, &[u8])> {
    let (header, rest) = bytes.split_at_checked(FRAME_HEADER_BYTES)?;
    let (length, checksum) = header.split_at_checked(4)?;
    let length = usize::try_from(u32::from_le_bytes(length.try_into().ok()?)).ok()?;
    let checksum = u32::from_le_bytes(checksum.try_into().ok()?);
    if length > ENTRY_BYTES_MAX {
        return None;
    }
    let (body, tail) = rest.split_at_checked(length)?;
    if crc32fast::hash(body) != checksum {
        return None;
    }
    let config = bincode::config::standard().with_limit::<ENTRY_BYTES_MAX>();
    let (credential, used) = bincode::serde::decode_from_slice(body, config).ok()?;
    (used == body.len()).then_some((credential, tail))
}

/// Replaces a copy by the union of both, keeping the damaged one aside for inspection.
fn rewrite(path: &Path, entries: &Entries, old: &CopyContent) -> Result<(), KeyError> {
    tracing::warn!(path = %path.display(), "credential copy differs and is healed from the other");
    metrics::counter!("partnerlog_key_files_healed_total").increment(1);
    let mut content = Vec::new();
    for credential in entries.values() {
        content.extend_from_slice(&frame(credential)?);
    }
    let aside = path.with_extension("new");
    let replace = || -> io::Result<()> {
        if !old.intact {
            private(&path.with_extension("damaged"))?.write_all(&old.bytes)?;
        }
        let mut file = private(&aside)?;
        file.write_all(&content)?;
        file.sync_all()?;
        fs::rename(&aside, path)?;
        sync_directory(path)
    };
    replace().map_err(KeyFileError::io(path)).map_err(KeyError::from)
}

fn private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true).mode(PRIVATE_FILE_MODE).open(path)
}

fn append_to(path: &Path) -> Result<File, KeyFileError> {
    let open = || -> io::Result<File> {
        let mut options = OpenOptions::new();
        let file = options.append(true).create(true).mode(PRIVATE_FILE_MODE).open(path)?;
        sync_directory(path)?;
        Ok(file)
    };
    open().map_err(KeyFileError::io(path))
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn token(number: u128) -> Credential {
        Credential::Token { id: TokenId::from_uuid(Uuid::from_u128(number)), hash: [9; 32] }
    }

    #[tokio::test]
    async fn what_was_put_is_there_after_reopening_even_with_one_copy_gone() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("credentials");
        let store = CredentialStore::open(&path).unwrap();
        store.put((0..10).map(token).collect()).await.unwrap();
        drop(store);
        fs::remove_file(&copies(&path)[0]).unwrap();

        let store = CredentialStore::open(&path).unwrap();
        for number in 0..10 {
            assert!(store.get(token(number).key()).is_some());
        }
        assert!(store.get(token(11).key()).is_none());
    }

    #[tokio::test]
    async fn a_flipped_byte_in_either_copy_loses_nothing() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("credentials");
        let store = CredentialStore::open(&path).unwrap();
        store.put((0..10).map(token).collect()).await.unwrap();
        drop(store);
        for (copy, at) in copies(&path).iter().zip([20, 90]) {
            let mut bytes = fs::read(copy).unwrap();
            bytes[at] ^= 0x40;
            fs::write(copy, bytes).unwrap();
        }
        let store = CredentialStore::open(&path).unwrap();
        assert!((0..10).all(|number| store.get(token(number).key()).is_some()));
    }
}
