//! The two copies of the credential store: how entries stand in them, and how each is healed from the
//! other.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write},
    os::unix::fs::OpenOptionsExt,
    path::Path,
};

use events::DamagedPart;

use super::{
    super::{
        KeyError,
        checked_file::{KeyFileError, PRIVATE_FILE_MODE, copies, sync_directory},
        healings::KeyHealings,
    },
    Credential, Entries,
};

const FRAME_HEADER_BYTES: usize = 8;
const ENTRY_BYTES_MAX: usize = 1_024;

pub(super) fn frame(credential: &Credential) -> Result<Vec<u8>, KeyError> {
    let body = bincode::serde::encode_to_vec(credential, bincode::config::standard())
        .map_err(|error| KeyError::WriteFailed(error.to_string()))?;
    let length = u32::try_from(body.len()).map_err(|_| KeyError::Crypto)?;
    let mut frame = Vec::with_capacity(FRAME_HEADER_BYTES + body.len());
    frame.extend_from_slice(&length.to_le_bytes());
    frame.extend_from_slice(&crc32fast::hash(&body).to_le_bytes());
    frame.extend_from_slice(&body);
    Ok(frame)
}

pub(in super::super) struct CopyContent {
    pub(in super::super) entries: Entries,
    /// Whether there is a file.
    exists: bool,
    /// Whether every byte belongs to a good frame.
    intact: bool,
    /// Whether a good frame stands behind bytes that belong to none: no crash leaves that.
    pub(in super::super) damaged_inside: bool,
    bytes: Vec<u8>,
}

pub(in super::super) fn read_copy(path: &Path) -> Result<CopyContent, KeyFileError> {
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
pub(super) struct Whole {
    pub(super) entries: Entries,
    bytes: Vec<u8>,
}

/// What both copies should hold; `None` when something is damaged in both.
pub(super) fn settled(both: &[CopyContent; 2]) -> Option<Whole> {
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
pub(super) fn heal(
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
pub(in super::super) fn give_up_damaged(path: &Path) -> Result<bool, KeyError> {
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

pub(super) fn append_to(path: &Path) -> Result<File, KeyFileError> {
    let open = || -> io::Result<File> {
        let mut options = OpenOptions::new();
        let file = options.append(true).create(true).mode(PRIVATE_FILE_MODE).open(path)?;
        sync_directory(path)?;
        Ok(file)
    };
    open().map_err(KeyFileError::io(path))
}
