//! Which intact records stand anywhere in a file, whatever surrounds them: frames carry their own
//! checksums, in the journal and inside the files of the storage engine.

use std::{collections::BTreeMap, fs, path::PathBuf};

use bytes::Bytes;
use events::Position;

use crate::{
    log::{
        disk::{self, DiskError, DiskFile},
        frame::{FRAME_BYTES_MAX, FRAME_MAGIC, Frame, LogTag},
        layout::Layout,
    },
    record::Record,
};

/// How much of a file is looked through at once; frames that begin in it are whole in memory.
const PIECE_BYTES: usize = 8 << 20;
const ZEROS: [u8; 4_096] = [0; 4_096];

/// Hands every intact record of a file to `visit`, with its offset. Copies of a record come as often as they stand
/// there.
pub(crate) fn scan_file(
    file: &DiskFile,
    tag: LogTag,
    mut visit: impl FnMut(u64, Record),
) -> Result<(), DiskError> {
    let file_bytes = file.bytes()?;
    let mut start = 0;
    while start < file_bytes {
        let wanted = (PIECE_BYTES + FRAME_BYTES_MAX) as u64;
        let mut bytes =
            vec![0; usize::try_from(wanted.min(file_bytes - start)).unwrap_or(PIECE_BYTES)];
        file.read_at(&mut bytes, start)?;
        let bytes = Bytes::from(bytes);
        let mut at = 0;
        while let Some(found) = find_magic(&bytes, at).filter(|found| *found < PIECE_BYTES) {
            let (records, length) = Frame::intact_records(&bytes.slice(found..), tag);
            for (offset, record) in records {
                visit(start + (found + offset) as u64, record);
            }
            at = found + length.max(FRAME_MAGIC.len());
        }
        // A frame that reaches into the next piece was read here as a whole.
        start += at.max(PIECE_BYTES) as u64;
    }
    Ok(())
}

fn find_magic(bytes: &[u8], from: usize) -> Option<usize> {
    let mut at = from;
    loop {
        // Files of the journal and of the engine are full of zeros.
        while bytes.get(at..at + ZEROS.len()).is_some_and(|page| page == ZEROS) {
            at += ZEROS.len();
        }
        at += bytes.get(at..)?.iter().position(|&byte| byte == FRAME_MAGIC[0])?;
        if bytes[at..].starts_with(&FRAME_MAGIC) {
            return Some(at);
        }
        at += 1;
    }
}

/// The files in which records of this log may stand: the journal, the sealed log, and sealed logs
/// that were set aside.
pub(crate) fn files_with_records(layout: &Layout) -> Result<Vec<PathBuf>, DiskError> {
    let mut directories = vec![layout.journal(), layout.sealed()];
    for name in disk::names_in(layout.root())? {
        if Layout::is_set_aside(&name) {
            directories.push(layout.root().join(name));
        }
    }
    let mut files = Vec::new();
    for directory in directories {
        let names = disk::names_in(&directory)?;
        files.extend(names.into_iter().map(|name| directory.join(name)));
    }
    files.retain(|path| fs::metadata(path).is_ok_and(|found| found.is_file()));
    files.sort();
    Ok(files)
}

/// Finds the records of certain positions in all files of a log. A position whose copies differ is
/// not among them: nobody knows which is right.
pub(crate) fn find_records(
    layout: &Layout,
    tag: LogTag,
    wanted: &[(Position, Position)],
) -> Result<BTreeMap<Position, Record>, DiskError> {
    let mut found: BTreeMap<Position, Option<Record>> = BTreeMap::new();
    for path in files_with_records(layout)? {
        scan_file(&DiskFile::open(&path, false)?, tag, |_, record| {
            let position = record.position();
            if wanted.iter().any(|(from, until)| (*from..*until).contains(&position)) {
                let known = found.entry(position).or_insert_with(|| Some(record.clone()));
                if known.as_ref().is_some_and(|known| *known != record) {
                    *known = None;
                }
            }
        })?;
    }
    Ok(found.into_iter().filter_map(|(position, record)| Some((position, record?))).collect())
}
