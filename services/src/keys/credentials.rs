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

use events::{CredentialId, DamagedPart, Timestamp, TokenId};
use serde::{Deserialize, Serialize};
use tokio::sync::oneshot;

use super::{
    KeyError,
    checked_file::{KeyFileError, PRIVATE_FILE_MODE, copies, sync_directory},
    healings::KeyHealings,
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
    /// Whether there is a file.
    exists: bool,
    /// Whether every byte belongs to a good frame.
    intact: bool,
    /// Whether a good frame stands behind bytes that belong to none: no crash leaves that.
    pub(super) damaged_inside: bool,
    bytes: Vec<u8>,
}

pub(super) fn read_copy(path: &Path) -> Result<CopyContent, KeyFileError> {
    match fs::read(path) {
        Ok(bytes) => Ok(read_bytes(bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            Ok(CopyContent { exists: false, ..read_bytes(Vec::new()) })
        }
        Err(error) => Err(KeyFileError::io(path)(error)),
    }
}

fn read_bytes(bytes: Vec<u8>) -> CopyContent {
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
    CopyContent { entries, exists: true, intact, damaged_inside, bytes }
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

/// Everything that was ever stored, as a copy should hold it.
struct Whole {
    entries: Entries,
    bytes: Vec<u8>,
}

/// What both copies should hold; `None` when something is damaged in both.
fn settled(both: &[CopyContent; 2]) -> Option<Whole> {
    let mut all = both[0].entries.clone();
    all.extend(both[1].entries.clone());
    let intact = both.iter().find(|copy| copy.intact && copy.entries.len() == all.len());
    if let Some(copy) = intact {
        return Some(Whole { bytes: copy.bytes.clone(), entries: all });
    }
    let bytes = walk(&both[0].bytes, &both[1].bytes)?;
    let found = read_bytes(bytes);
    (found.entries.len() == all.len()).then_some(Whole { entries: all, bytes: found.bytes })
}

/// Goes through both copies side by side, frame by frame, taking each from the copy in which it is
/// good; `None` where it is good in neither. What the first copy alone has begun at its end was
/// torn by a crash before anybody was told of it: the first is durable before the second begins.
fn walk(first: &[u8], second: &[u8]) -> Option<Vec<u8>> {
    let mut merged = Vec::with_capacity(first.len().max(second.len()));
    loop {
        let rests = [first, second].map(|copy| copy.get(merged.len()..).unwrap_or_default());
        let good = rests.iter().find_map(|rest| Some((*rest, read_frame(rest)?.1)));
        let Some((rest, tail)) = good else {
            let is_torn = rests[1].is_empty() && read_bytes(rests[0].to_vec()).entries.is_empty();
            return is_torn.then_some(merged);
        };
        merged.extend_from_slice(&rest[..rest.len() - tail.len()]);
    }
}

/// Makes a copy good that lacks something. The end that a crash kept from it is no damage.
fn heal(
    path: &Path,
    copy: &CopyContent,
    whole: &Whole,
    healings: &KeyHealings,
) -> Result<(), KeyError> {
    if copy.intact && copy.entries.len() == whole.entries.len() {
        return Ok(());
    }
    rewrite(path, &whole.bytes, copy)?;
    let ends_early = whole.bytes.starts_with(&copy.bytes) || copy.bytes.starts_with(&whole.bytes);
    if !copy.exists {
        healings.add(DamagedPart::Credentials, path, "it was missing");
    } else if !ends_early {
        healings.add(DamagedPart::Credentials, path, "entries of it were damaged or missing");
    }
    Ok(())
}

/// Gives up what is damaged in both copies, making them equal; tells whether anything was.
pub(super) fn give_up_damaged(path: &Path) -> Result<bool, KeyError> {
    let both = copies(path);
    let contents = [read_copy(&both[0])?, read_copy(&both[1])?];
    if settled(&contents).is_some() {
        return Ok(false);
    }
    let [first, second] = &contents;
    let mut all = first.entries.clone();
    all.extend(second.entries.clone());
    let mut bytes = Vec::new();
    for credential in all.values() {
        bytes.extend_from_slice(&frame(credential)?);
    }
    for (copy, content) in both.iter().zip(&contents) {
        rewrite(copy, &bytes, content)?;
    }
    Ok(true)
}

/// Replaces a copy, keeping the damaged one aside for inspection.
fn rewrite(path: &Path, content: &[u8], old: &CopyContent) -> Result<(), KeyError> {
    let aside = path.with_extension("new");
    let replace = || -> io::Result<()> {
        if !old.intact {
            private(&path.with_extension("damaged"))?.write_all(&old.bytes)?;
        }
        let mut file = private(&aside)?;
        file.write_all(content)?;
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
