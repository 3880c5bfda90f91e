//! The sealed log: every 256 consecutive records as one entry of sled, with their Merkle tile.
//!
//! | key | value |
//! |---|---|
//! | range u64, part u16 (0, 1, ...) | a frame with the records of the part, in order |
//! | range u64, 0xFFFF | the tile: 32 bytes a record |
//!
//! Keys are big-endian. A range is complete when it has its tile of 256 hashes. sled promises less
//! than it says: `flush` does not sync, so the file is synced here; large values would become
//! files that are never synced, so parts are small and there must be no such file.

use std::{
    fs, io,
    path::{Path, PathBuf},
    thread,
    time::{Duration, Instant},
};

use bytes::Bytes;
use events::Position;

use super::{
    containment::contained,
    disk::{self, DiskError, DiskFile},
    frame::{Frame, FrameBuilder, LogTag},
    journal::checked,
};
use crate::{
    error::ReadError,
    merkle::{self, HASH_BYTES, TILE_LEAVES},
    record::Record,
};

/// The records of one range.
pub(crate) const RANGE_RECORDS: u64 = TILE_LEAVES;
/// Parts are cut at record borders so that none is longer: beyond, sled makes files of its own.
const PART_BYTES_MAX: usize = 192 << 10;
const SLED_SEGMENT_BYTES: usize = 16 << 20;
const TILE_PART: u16 = u16::MAX;
/// sled releases its lock a moment after it was dropped: for this long it is asked for again.
const LOCK_PATIENCE: Duration = Duration::from_secs(10);
/// How sled says that somebody else has its lock.
const LOCK_REFUSED: &str = "could not acquire lock";
const LOCK_RETRY: Duration = Duration::from_millis(5);

/// Why the sealed log did not do what it should.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum SealedError {
    #[error("the storage engine failed: {0}")]
    Engine(String),
    #[error("the storage engine was refused what it needs: {0}")]
    Refused(String),
    #[error("the storage engine keeps large values outside its log, in {}", .0.display())]
    Blobs(PathBuf),
    #[error(transparent)]
    Disk(#[from] DiskError),
    #[error("range {range} is damaged: {reason}")]
    Damaged { range: u64, reason: String },
}

/// A range as it is stored.
#[derive(Debug)]
pub(crate) struct SealedRange {
    /// Its records; fewer than 256 only at the end of a log that was closed.
    pub(crate) records: Vec<Record>,
    /// Its tile.
    pub(crate) tile: Vec<u8>,
}

/// The sealed log.
pub(crate) struct SealedLog {
    db: sled::Db,
    data: DiskFile,
    tag: LogTag,
}

impl SealedLog {
    /// Opens or creates the sealed log.
    pub(crate) fn open(path: &Path, tag: LogTag, cache_bytes: u64) -> Result<Self, SealedError> {
        let config = sled::Config::new()
            .path(path)
            .flush_every_ms(None)
            .segment_size(SLED_SEGMENT_BYTES)
            .use_compression(false)
            .cache_capacity(cache_bytes);
        let db = open_when_released(&config)?;
        refuse_blobs(path)?;
        let data = DiskFile::open(&path.join("db"), false)?;
        disk::sync_directory(path)?;
        Ok(Self { db, data, tag })
    }

    /// Stores a range, whole or not at all; durable after [`sync`](Self::sync).
    pub(crate) fn seal(&self, range: u64, records: &[Record]) -> Result<(), SealedError> {
        let mut batch = sled::Batch::default();
        for (part, frame) in (0..TILE_PART).zip(cut_into_parts(self.tag, records)) {
            batch.insert(&key(range, part)[..], &frame.bytes()[..]);
        }
        batch.insert(&key(range, TILE_PART)[..], merkle::tile(records));
        engine(|| self.db.apply_batch(batch))
    }

    /// Puts everything sealed so far on stable storage.
    pub(crate) fn sync(&self) -> Result<(), SealedError> {
        engine(|| self.db.flush())?;
        self.data.sync_data()?;
        Ok(())
    }

    /// Forgets a range, as damage would.
    #[cfg(test)]
    pub(crate) fn lose(&self, range: u64) {
        for key in self.db.scan_prefix(range.to_be_bytes()).keys() {
            self.db.remove(key.unwrap()).unwrap();
        }
    }

    /// How many ranges are complete, from the first on without a gap, going by their keys; and
    /// whether keys follow a gap.
    pub(crate) fn complete_ranges(&self) -> Result<(u64, bool), SealedError> {
        let (mut complete, mut next_part) = (0, 0);
        let mut stray = false;
        let mut entries = self.db.iter();
        while let Some((key, value)) = engine(|| entries.next().transpose())? {
            let Some((range, part)) = parse_key(&key) else {
                let reason = "it has a key of unknown form".to_owned();
                return Err(SealedError::Damaged { range: complete, reason });
            };
            stray = range != complete || stray;
            if stray {
                break;
            }
            let whole_tile =
                part == TILE_PART && value.len() as u64 == RANGE_RECORDS * HASH_BYTES as u64;
            if whole_tile && next_part > 0 {
                (complete, next_part) = (complete + 1, 0);
            } else if part == next_part {
                next_part += 1;
            }
        }
        Ok((complete, stray))
    }

    /// Reads a range and checks its frames and positions; `None` when it is not there.
    pub(crate) fn read(&self, range: u64) -> Result<Option<SealedRange>, SealedError> {
        let mut sealed = SealedRange { records: Vec::new(), tile: Vec::new() };
        let mut entries = self.db.scan_prefix(range.to_be_bytes());
        let mut found = false;
        while let Some((key, value)) = engine(|| entries.next().transpose())? {
            found = true;
            match parse_key(&key) {
                Some((_, TILE_PART)) => sealed.tile = value.to_vec(),
                _ => self.read_part(range, &value, &mut sealed.records)?,
            }
        }
        Ok(found.then_some(sealed))
    }

    fn read_part(
        &self,
        range: u64,
        value: &[u8],
        records: &mut Vec<Record>,
    ) -> Result<(), SealedError> {
        let damaged = |reason: String| SealedError::Damaged { range, reason };
        let frame = Frame::parse(&Bytes::copy_from_slice(value), self.tag)
            .map_err(|error| damaged(error.to_string()))?;
        for record in frame.records() {
            let position = Position::new(range * RANGE_RECORDS + records.len() as u64);
            records.push(checked(record, position).map_err(|error| damaged(error.to_string()))?);
        }
        Ok(())
    }

    /// Reads a range that must be complete and checks all of it, its tile too.
    pub(crate) fn read_checked(&self, range: u64) -> Result<Vec<Record>, SealedError> {
        let damaged = |reason: &str| SealedError::Damaged { range, reason: reason.to_owned() };
        let found = self.read(range)?.ok_or_else(|| damaged("it is not there"))?;
        if found.records.len() as u64 != RANGE_RECORDS {
            return Err(damaged("it is not complete"));
        }
        if merkle::tile(&found.records) != found.tile {
            return Err(damaged("its tile is not that of its records"));
        }
        Ok(found.records)
    }

    /// Reads a range that must be complete, as records of the log.
    pub(crate) fn read_complete(&self, range: u64) -> Result<Vec<Record>, ReadError> {
        let position = Position::new(range * RANGE_RECORDS);
        let damaged = |reason: String| ReadError::Damaged { position, reason };
        match self.read(range) {
            Ok(Some(sealed)) if sealed.records.len() as u64 == RANGE_RECORDS => Ok(sealed.records),
            Ok(_) => Err(damaged("its sealed range is not complete".to_owned())),
            Err(SealedError::Damaged { reason, .. }) => Err(damaged(reason)),
            Err(error) => Err(ReadError::Unavailable { reason: error.to_string() }),
        }
    }
}

/// Cuts records into frames of limited size. A prefix of the records is cut at the same places, so
/// that a full range overwrites every part of the partial one before it.
fn cut_into_parts(tag: LogTag, records: &[Record]) -> Vec<Frame> {
    let mut parts = Vec::new();
    let mut rest = records;
    while let Some(first) = rest.first() {
        let mut size = 0;
        let fits = |record: &&Record| {
            let fits = size + record.bytes().len() <= PART_BYTES_MAX;
            size += if fits { record.bytes().len() } else { 0 };
            fits
        };
        let count = rest.iter().take_while(fits).count().max(1);
        let (part, after) = rest.split_at(count);
        let mut frame = FrameBuilder::new(tag, first.position(), size, count);
        for record in part {
            frame.push(|buffer| buffer.extend_from_slice(record.bytes()));
        }
        parts.push(frame.finish());
        rest = after;
    }
    parts
}

fn key(range: u64, part: u16) -> [u8; 10] {
    let mut key = [0; 10];
    key[..8].copy_from_slice(&range.to_be_bytes());
    key[8..].copy_from_slice(&part.to_be_bytes());
    key
}

fn parse_key(key: &[u8]) -> Option<(u64, u16)> {
    let (range, part) = key.split_first_chunk::<8>()?;
    Some((u64::from_be_bytes(*range), u16::from_be_bytes(part.try_into().ok()?)))
}

/// Runs a call of the engine: an error and a panic come out the same way.
fn engine<T>(call: impl FnOnce() -> sled::Result<T>) -> Result<T, SealedError> {
    match contained(call) {
        Ok(outcome) => outcome.map_err(|error| match error {
            sled::Error::Io(io) if is_refusal(&io) => SealedError::Refused(io.to_string()),
            error => SealedError::Engine(error.to_string()),
        }),
        Err(panic) => Err(SealedError::Engine(panic)),
    }
}

/// True for what the operating system says about itself and not about the file.
fn is_refusal(error: &io::Error) -> bool {
    use io::ErrorKind::{
        OutOfMemory, PermissionDenied, QuotaExceeded, ReadOnlyFilesystem, ResourceBusy, StorageFull,
    };
    let kinds = [
        OutOfMemory,
        PermissionDenied,
        QuotaExceeded,
        ReadOnlyFilesystem,
        ResourceBusy,
        StorageFull,
    ];
    kinds.contains(&error.kind()) || error.to_string().contains(LOCK_REFUSED)
}

fn open_when_released(config: &sled::Config) -> Result<sled::Db, SealedError> {
    let patience_ends = Instant::now() + LOCK_PATIENCE;
    loop {
        match engine(|| config.open()) {
            Err(SealedError::Refused(reason))
                if reason.contains(LOCK_REFUSED) && Instant::now() < patience_ends =>
            {
                thread::sleep(LOCK_RETRY);
            }
            outcome => return outcome,
        }
    }
}

fn refuse_blobs(path: &Path) -> Result<(), SealedError> {
    let blobs = path.join("blobs");
    if disk::names_in(&blobs)?.is_empty() { Ok(()) } else { Err(SealedError::Blobs(blobs)) }
}

/// Copies the sealed log, because opening it with the engine may change it. Large values are
/// refused, so there are only plain files.
pub(crate) fn copy(from: &Path, to: &Path) -> Result<(), SealedError> {
    refuse_blobs(from)?;
    disk::create_directory(to)?;
    for name in disk::names_in(from)? {
        let source = from.join(&name);
        if source.is_file() {
            fs::copy(&source, to.join(&name))
                .map_err(|error| DiskError::new("copy", &source, &error))?;
        }
    }
    Ok(())
}
