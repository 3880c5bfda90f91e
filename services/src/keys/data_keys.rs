//! The data keys under which personal data is sealed: one for each person, wrapped on disk.
//!
//! Keys are made in blocks of [`BLOCK_KEYS`], and a block is durable in both copies before any of
//! its keys is handed out, so that no command waits for a sync of its own. The first copy is durable
//! before the second begins: a crash between them leaves a block whose keys nobody has, and opening
//! puts it in order. Opening also makes every block good that is damaged in one copy.

use std::{
    fs::{File, OpenOptions},
    io,
    os::unix::fs::{FileExt, OpenOptionsExt},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use events::{DamagedPart, KeyId};
use quick_cache::sync::Cache;
use rand::{TryRng, rngs::SysRng};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::{
    KeyError,
    checked_file::{KeyFileError, PRIVATE_FILE_MODE, copies, sync_directory},
    healings::KeyHealings,
    secrets::{Key, random_key},
};

/// Keys in a block.
const BLOCK_KEYS: usize = 256;
const NONCE_BYTES: usize = 24;
/// Nonce, wrapped key, tag.
const WRAPPED_BYTES: usize = NONCE_BYTES + 32 + 16;
const CHECKSUM_BYTES: usize = 32;
const BLOCK_BYTES: usize = BLOCK_KEYS * WRAPPED_BYTES + CHECKSUM_BYTES;
/// Unwrapped keys kept at hand.
const CACHED_KEYS_MAX: usize = 100_000;

/// The data keys of an installation.
pub(crate) struct DataKeys {
    path: PathBuf,
    files: [File; 2],
    /// Where healing is told; nothing is healed without.
    healings: Option<Arc<KeyHealings>>,
    wrapping: XChaCha20Poly1305,
    unused: Mutex<Unused>,
    cache: Cache<KeyId, Key>,
}

/// The keys of the newest block that nobody has yet, and where the next block goes.
struct Unused {
    keys: Vec<(KeyId, Key)>,
    next_block: u64,
}

impl DataKeys {
    /// Opens the two copies, making them where there are none.
    ///
    /// # Errors
    /// When a block is damaged in both.
    pub(crate) fn open(
        path: &Path,
        key_encryption: &Key,
        healings: Arc<KeyHealings>,
    ) -> Result<Self, KeyError> {
        let [a, b] = copies(path);
        let files = [open_copy(&a)?, open_copy(&b)?];
        let next_block = settle(&files, path, &healings).map_err(KeyFileError::io(path))?;
        let lost = heal_all(&files, next_block, path, &healings).map_err(KeyFileError::io(path))?;
        if let Some(first) = lost.first() {
            let people = lost.len() * BLOCK_KEYS;
            let lost = format!(
                "blocks of keys are lost: {}, the first is block {first}; the names and addresses of \
                 up to {people} people cannot be read any more (`partnerlog salvage` goes on \
                 without them)",
                lost.len()
            );
            return Err(KeyFileError::Damaged { path: path.to_owned(), lost }.into());
        }
        Self::with(path, files, next_block, Some(healings), key_encryption)
    }

    /// Opens the copies that are there, at least one, and changes nothing in them.
    pub(crate) fn open_to_read(path: &Path, key_encryption: &Key) -> Result<Self, KeyError> {
        let [a, b] = copies(path);
        let files = match (File::open(&a), File::open(&b)) {
            (Ok(first), Ok(second)) => [first, second],
            (Ok(only), Err(_)) | (Err(_), Ok(only)) => {
                [only.try_clone().map_err(KeyFileError::io(path))?, only]
            }
            (Err(error), Err(_)) => return Err(KeyFileError::io(&a)(error).into()),
        };
        let mut next_block = 0;
        for (file, copy) in files.iter().zip(&copies(path)) {
            let bytes = file.metadata().map_err(KeyFileError::io(copy))?.len();
            next_block = next_block.max(blocks_in(bytes));
        }
        Self::with(path, files, next_block, None, key_encryption)
    }

    fn with(
        path: &Path,
        files: [File; 2],
        next_block: u64,
        healings: Option<Arc<KeyHealings>>,
        key_encryption: &Key,
    ) -> Result<Self, KeyError> {
        Ok(Self {
            path: path.to_owned(),
            files,
            healings,
            wrapping: cipher(key_encryption)?,
            unused: Mutex::new(Unused { keys: Vec::new(), next_block }),
            cache: Cache::new(CACHED_KEYS_MAX),
        })
    }

    /// Hands out a key that nobody has. Blocks for a sync once in [`BLOCK_KEYS`] calls.
    pub(crate) fn allocate(&self) -> Result<(KeyId, Key), KeyError> {
        let mut unused = self.unused.lock().unwrap_or_else(PoisonError::into_inner);
        if unused.keys.is_empty() {
            unused.keys = self.write_block(unused.next_block)?;
            unused.next_block += 1;
        }
        let (id, key) = unused.keys.pop().ok_or(KeyError::Crypto)?;
        self.cache.insert(id, key.clone());
        Ok((id, key))
    }

    /// The key with this id; `None` when it is not in the store or its block is damaged in both
    /// copies.
    pub(crate) fn get(&self, id: KeyId) -> Option<Key> {
        if let Some(key) = self.cache.get(&id) {
            return Some(key);
        }
        let block = self.read_block(id.0 / BLOCK_KEYS as u64)?;
        let index = usize::try_from(id.0 % BLOCK_KEYS as u64).ok()?;
        let wrapped = block.chunks_exact(WRAPPED_BYTES).nth(index)?;
        let key = self.unwrap(id, wrapped)?;
        self.cache.insert(id, key.clone());
        Some(key)
    }

    /// Demands that a key is there.
    pub(super) fn demand(&self, id: KeyId) -> Result<(), KeyError> {
        let blocks = self.unused.lock().unwrap_or_else(PoisonError::into_inner).next_block;
        if (id.0 / BLOCK_KEYS as u64) < blocks {
            return Ok(());
        }
        let lost = format!("key {} is named in the log and is not there", id.0);
        Err(KeyFileError::Damaged { path: self.path.clone(), lost }.into())
    }

    fn write_block(&self, number: u64) -> Result<Vec<(KeyId, Key)>, KeyError> {
        let mut keys = Vec::with_capacity(BLOCK_KEYS);
        let mut block = Vec::with_capacity(BLOCK_BYTES);
        for index in 0..BLOCK_KEYS as u64 {
            let (id, key) = (KeyId(number * BLOCK_KEYS as u64 + index), random_key()?);
            block.extend_from_slice(&self.wrap(id, &key)?);
            keys.push((id, key));
        }
        let checksum = Sha256::digest(&block);
        block.extend_from_slice(checksum.as_slice());
        for file in &self.files {
            write_copy(file, number, &block).map_err(KeyFileError::io(&self.path))?;
        }
        keys.reverse();
        Ok(keys)
    }

    /// Reads the first whole copy of a block and, unless it is only read, heals the other from it.
    fn read_block(&self, number: u64) -> Option<Vec<u8>> {
        let [first, second] = &self.files;
        let (block, damaged) = match (read_copy(first, number), read_copy(second, number)) {
            (Some(block), Some(_)) => return Some(block),
            (Some(block), None) => (block, 1),
            (None, Some(block)) => (block, 0),
            (None, None) => return None,
        };
        if let Some(healings) = &self.healings
            && let Err(error) = heal(&self.files, damaged, number, &block, &self.path, healings)
        {
            tracing::error!(%error, block = number, "data key block could not be healed");
        }
        Some(block)
    }

    fn wrap(&self, id: KeyId, key: &Key) -> Result<Vec<u8>, KeyError> {
        let mut wrapped = vec![0; NONCE_BYTES];
        SysRng
            .try_fill_bytes(&mut wrapped)
            .map_err(|error| KeyError::NoRandomness(error.to_string()))?;
        let nonce = XNonce::try_from(wrapped.as_slice()).map_err(|_| KeyError::Crypto)?;
        let payload = Payload { msg: key.as_slice(), aad: &id.0.to_le_bytes() };
        let sealed = self.wrapping.encrypt(&nonce, payload).map_err(|_| KeyError::Crypto)?;
        wrapped.extend_from_slice(&sealed);
        Ok(wrapped)
    }

    fn unwrap(&self, id: KeyId, wrapped: &[u8]) -> Option<Key> {
        let (nonce, sealed) = wrapped.split_at_checked(NONCE_BYTES)?;
        let nonce = XNonce::try_from(nonce).ok()?;
        let payload = Payload { msg: sealed, aad: &id.0.to_le_bytes() };
        let bytes = Zeroizing::new(self.wrapping.decrypt(&nonce, payload).ok()?);
        let mut key = Key::default();
        (bytes.len() == key.len()).then(|| key.copy_from_slice(&bytes))?;
        Some(key)
    }
}

fn cipher(key: &Key) -> Result<XChaCha20Poly1305, KeyError> {
    XChaCha20Poly1305::new_from_slice(key.as_slice()).map_err(|_| KeyError::Crypto)
}

pub(super) fn open_copy(path: &Path) -> Result<File, KeyFileError> {
    let open = || -> io::Result<File> {
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .mode(PRIVATE_FILE_MODE)
            .open(path)?;
        sync_directory(path)?;
        Ok(file)
    };
    open().map_err(KeyFileError::io(path))
}

/// Puts the newest block in order, and says how many blocks there are.
///
/// A block that is whole in one copy is written to the other. One that is whole in neither, and that
/// the second copy does not have the beginning of, was torn before anybody had a key of it: it is
/// taken back. Whatever else is wrong is damage, which stays as it is for `verify` to tell.
pub(super) fn settle(files: &[File; 2], path: &Path, healings: &KeyHealings) -> io::Result<u64> {
    let [first, second] = files;
    let bytes_in_second = second.metadata()?.len();
    let begun_in_second = blocks_in(bytes_in_second);
    let blocks = blocks_in(first.metadata()?.len()).max(begun_in_second);
    let Some(newest) = blocks.checked_sub(1) else { return Ok(0) };
    match (read_copy(first, newest), read_copy(second, newest)) {
        (Some(block), None) if bytes_in_second < end_of(blocks) => {
            write_copy(second, newest, &block)?;
        }
        (Some(block), None) => heal(files, 1, newest, &block, path, healings)?,
        (None, Some(block)) => heal(files, 0, newest, &block, path, healings)?,
        (None, None) if begun_in_second == newest => {
            first.set_len(end_of(newest))?;
            first.sync_all()?;
            return Ok(newest);
        }
        (Some(_), Some(_)) | (None, None) => {}
    }
    Ok(blocks)
}

/// How many blocks a copy of this length has begun.
pub(super) const fn blocks_in(bytes: u64) -> u64 {
    bytes.div_ceil(BLOCK_BYTES as u64)
}

/// The length of a copy that has this many whole blocks, in bytes.
pub(super) const fn end_of(blocks: u64) -> u64 {
    blocks * BLOCK_BYTES as u64
}

/// Makes every block good that is damaged in one copy; those damaged in both.
pub(super) fn heal_all(
    files: &[File; 2],
    blocks: u64,
    path: &Path,
    healings: &KeyHealings,
) -> io::Result<Vec<u64>> {
    let mut lost = Vec::new();
    let [first, second] = files;
    for number in 0..blocks {
        match (read_copy(first, number), read_copy(second, number)) {
            (Some(_), Some(_)) => {}
            (Some(block), None) => heal(files, 1, number, &block, path, healings)?,
            (None, Some(block)) => heal(files, 0, number, &block, path, healings)?,
            (None, None) => lost.push(number),
        }
    }
    Ok(lost)
}

fn heal(
    files: &[File; 2],
    damaged: usize,
    number: u64,
    block: &[u8],
    path: &Path,
    healings: &KeyHealings,
) -> io::Result<()> {
    for (file, copy) in files.iter().zip(copies(path)).skip(damaged).take(1) {
        write_copy(file, number, block)?;
        let found = format!("block {number} was damaged or missing");
        healings.add(DamagedPart::KeyBlocks, &copy, &found);
    }
    Ok(())
}

/// Writes a block whose keys open nothing in place of one that is lost in both copies: its numbers
/// are not handed out again, and what was sealed under it is unavailable.
pub(super) fn give_up(files: &[File; 2], number: u64) -> io::Result<()> {
    let mut block = vec![0; BLOCK_BYTES - CHECKSUM_BYTES];
    let checksum = Sha256::digest(&block);
    block.extend_from_slice(checksum.as_slice());
    files.iter().try_for_each(|file| write_copy(file, number, &block))
}

fn write_copy(file: &File, number: u64, block: &[u8]) -> io::Result<()> {
    file.write_all_at(block, end_of(number))?;
    file.sync_data()
}

/// A block with its checksum; `None` when it is not whole.
pub(super) fn read_copy(file: &File, number: u64) -> Option<Vec<u8>> {
    let mut block = vec![0; BLOCK_BYTES];
    file.read_exact_at(&mut block, end_of(number)).ok()?;
    let (keys, checksum) = block.split_at_checked(BLOCK_BYTES - CHECKSUM_BYTES)?;
    (Sha256::digest(keys).as_slice() == checksum).then_some(block)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open(path: &Path) -> DataKeys {
        DataKeys::open(path, &Key::new([7; 32]), Arc::default()).unwrap()
    }

    /// The findings of an opening.
    fn healed(path: &Path) -> Vec<String> {
        let healings = Arc::new(KeyHealings::default());
        drop(DataKeys::open(path, &Key::new([7; 32]), Arc::clone(&healings)).unwrap());
        healings.take().into_iter().map(|healing| healing.finding).collect()
    }

    #[test]
    fn every_key_handed_out_is_found_again_after_reopening() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("data-keys");
        let keys = open(&path);
        let handed: Vec<_> = (0..300).map(|_| keys.allocate().unwrap()).collect();
        drop(keys);

        let keys = open(&path);
        for (id, key) in &handed {
            assert_eq!(keys.get(*id).as_deref(), Some(&**key));
        }
        let (fresh, _) = keys.allocate().unwrap();
        assert!(handed.iter().all(|(id, _)| *id != fresh), "a key id is never handed out twice");
    }

    #[test]
    fn a_damaged_block_is_healed_from_the_other_copy_when_the_keys_are_opened() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("data-keys");
        let keys = open(&path);
        let (id, key) = keys.allocate().unwrap();
        for _ in 0..BLOCK_KEYS {
            keys.allocate().unwrap();
        }
        drop(keys);
        let [a, _] = copies(&path);
        let whole = std::fs::read(&a).unwrap();
        for damaged in [100, BLOCK_BYTES - 1] {
            let mut bytes = whole.clone();
            bytes[damaged] ^= 1;
            std::fs::write(&a, &bytes).unwrap();
            assert_eq!(healed(&path), ["data-keys.a: block 0 was damaged or missing"]);
            assert!(std::fs::read(&a).unwrap() == whole);
            assert_eq!(open(&path).get(id).as_deref(), Some(&*key));
            assert_eq!(healed(&path), Vec::<String>::new());
        }
    }

    #[test]
    fn a_block_that_a_crash_kept_from_the_second_copy_is_copied_when_opened() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("data-keys");
        let (id, key) = open(&path).allocate().unwrap();
        let [_, b] = copies(&path);
        let whole = std::fs::read(&b).unwrap();
        for torn in [0, 1, whole.len() - 1] {
            std::fs::write(&b, &whole[..torn]).unwrap();
            let keys = open(&path);
            assert!(std::fs::read(&b).unwrap() == whole, "{torn} bytes");
            assert_eq!(keys.get(id).as_deref(), Some(&*key));
        }
    }

    #[test]
    fn a_block_torn_in_the_first_copy_is_taken_back_and_written_anew() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("data-keys");
        let (id, key) = open(&path).allocate().unwrap();
        let [a, b] = copies(&path);
        let mut bytes = std::fs::read(&a).unwrap();
        bytes.extend_from_slice(&[7; 100]);
        std::fs::write(&a, &bytes).unwrap();

        let keys = open(&path);
        let (fresh, _) = keys.allocate().unwrap();
        assert_eq!(fresh.0, BLOCK_KEYS as u64);
        assert_eq!(keys.get(id).as_deref(), Some(&*key));
        assert!(std::fs::read(&a).unwrap() == std::fs::read(&b).unwrap());
    }

    #[test]
    fn a_block_damaged_in_both_copies_is_refused_saying_what_is_lost() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("data-keys");
        drop(open(&path).allocate().unwrap());
        for copy in copies(&path) {
            let mut bytes = std::fs::read(&copy).unwrap();
            bytes[100] ^= 1;
            std::fs::write(&copy, &bytes).unwrap();
        }
        let refused = DataKeys::open(&path, &Key::new([7; 32]), Arc::default()).err().unwrap();
        let text = refused.to_string();
        assert!(text.contains("data-keys") && text.contains("256 people"), "{text}");
    }

    #[test]
    fn the_number_of_a_block_that_was_given_up_is_not_used_again() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("data-keys");
        let (id, _) = open(&path).allocate().unwrap();
        give_up(&copies(&path).map(|copy| open_copy(&copy).unwrap()), 0).unwrap();
        let keys = open(&path);
        assert!(keys.get(id).is_none());
        assert_eq!(keys.allocate().unwrap().0.0, BLOCK_KEYS as u64);
    }

    #[test]
    fn keys_cut_short_in_both_copies_are_missed_once_the_log_names_one_of_them() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("data-keys");
        let keys = open(&path);
        let (id, _) = keys.allocate().unwrap();
        keys.demand(id).unwrap();
        drop(keys);
        for copy in copies(&path) {
            std::fs::write(copy, []).unwrap();
        }
        assert!(open(&path).demand(id).is_err());
    }

    #[test]
    fn whoever_only_reads_finds_keys_in_either_copy_and_heals_nothing() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("data-keys");
        let keys = open(&path);
        let (id, key) = keys.allocate().unwrap();
        let [a, b] = copies(&path);
        let mut damaged = std::fs::read(&a).unwrap();
        damaged[100] ^= 1;
        std::fs::write(&a, &damaged).unwrap();
        let reading = || DataKeys::open_to_read(&path, &Key::new([7; 32]));
        assert_eq!(reading().unwrap().get(id).as_deref(), Some(&*key));
        assert_eq!(std::fs::read(&a).unwrap(), damaged);
        std::fs::remove_file(&a).unwrap();
        assert_eq!(reading().unwrap().get(id).as_deref(), Some(&*key));
        assert!(!a.exists());
        std::fs::remove_file(&b).unwrap();
        assert!(reading().is_err());
    }

    #[test]
    fn a_key_is_not_found_under_another_key_encryption_key() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("data-keys");
        let (id, _) = open(&path).allocate().unwrap();
        let other = DataKeys::open(&path, &Key::new([8; 32]), Arc::default()).unwrap();
        assert!(other.get(id).is_none());
    }
}
