//! From a backup to a log: at its end, or as it was at an earlier position or moment.
//!
//! The new directory becomes a log only at the very end, when its identity is written: a restore
//! that broke off leaves nothing that would open.

use std::path::Path;

use events::{InstallationId, Position, Timestamp};

use super::{BackupError, Home, Manifest, SegmentEntry, hash_of, is, segment_copy::SegmentCopy};
use crate::{
    index::LogIndex,
    log::{
        disk::{self, DiskFile},
        error::OpenError,
        frame::{Frame, FrameBuilder, LogTag},
        identity::{Identity, Lock},
        journal::{FrameReader, Segment},
        layout::Layout,
        watermark::Watermark,
    },
    record::Record,
};

/// Up to where a log is restored. Commits stay whole: a point within a commit means before it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum RestorePoint {
    /// Everything in the backup.
    End,
    /// What stands before this position.
    Position(Position),
    /// What was recorded at this moment or earlier.
    Time(Timestamp),
}

impl RestorePoint {
    /// True when the commit that begins with `record` lies beyond.
    fn excludes(self, record: &Record) -> bool {
        let header = record.header();
        match self {
            Self::End => false,
            Self::Position(end) => header.position.plus(u64::from(header.commit_events)) > end,
            Self::Time(moment) => header.recorded_at > moment,
        }
    }
}

/// A log that was made from a backup.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Restored {
    /// Whose log it is.
    pub installation: InstallationId,
    /// Its head.
    pub position: Position,
    /// How far the backup goes.
    pub backup_position: Position,
    /// When its last record was recorded; none in an empty log.
    pub recorded_at: Option<Timestamp>,
}

/// Makes a log in an empty directory (or one that does not exist) from the backup in `from`. Every
/// file of the backup is checked against the manifest, every record against the one before.
///
/// # Errors
/// When there is no backup, it is damaged or does not go so far, or the directory is not empty or
/// cannot be written. What was written is then no log and may be removed.
pub fn restore(
    from: &Path,
    directory: &Path,
    point: RestorePoint,
) -> Result<Restored, BackupError> {
    let home = Home::reading(from);
    let manifest = Manifest::read(&home.manifest())?
        .ok_or_else(|| BackupError::NotFound { path: from.to_owned() })?;
    if let RestorePoint::Position(asked) = point
        && asked > manifest.position
    {
        return Err(BackupError::BeyondEnd { asked, end: manifest.position });
    }
    manifest.segments.iter().try_for_each(|entry| check(&home, entry))?;

    let layout = Layout::new(directory);
    let _lock = make_room(&layout)?;
    let tag = LogTag::of(manifest.installation);
    let mut log = NewLog { index: LogIndex::new(0), tag, point, over: false };
    for entry in &manifest.segments {
        if !log.over {
            log.copy(&home, entry, &manifest, &layout)?;
        }
    }
    let position = log.index.next();
    let mut mark = Watermark::open(&layout.watermark())?;
    mark.write(position)?;
    mark.sync()?;
    disk::sync_directory(&layout.journal())?;
    let identity = Identity::restored(manifest.installation, &manifest.created);
    identity.write(&layout, &layout.identity_copy())?;
    identity.write(&layout, &layout.identity())?;
    Ok(Restored {
        installation: manifest.installation,
        position,
        backup_position: manifest.position,
        recorded_at: (position > Position::START).then(|| log.index.recorded_at()),
    })
}

/// Compares a file with what is listed about it.
fn check(home: &Home, entry: &SegmentEntry) -> Result<(), BackupError> {
    let file = home.segment(entry.sequence);
    let damaged = |reason: &str| BackupError::Damaged { file: file.clone(), reason: reason.into() };
    if !file.exists() {
        return Err(damaged("it is missing"));
    }
    match hash_of(&DiskFile::open(&file, false)?, entry.bytes)? {
        None => Err(damaged("it is too short")),
        Some(hash) if is(Some(&hash), entry) => Ok(()),
        Some(_) => Err(damaged("its checksum is not the one that was noted")),
    }
}

/// Only an empty directory becomes a log.
fn make_room(layout: &Layout) -> Result<Lock, BackupError> {
    disk::create_directory(layout.root())?;
    if !disk::names_in(layout.root())?.is_empty() {
        return Err(OpenError::NotEmpty { path: layout.root().to_owned() }.into());
    }
    let lock = Lock::take(layout)?;
    disk::create_directory(&layout.journal())?;
    Ok(lock)
}

/// A log in the making.
struct NewLog {
    index: LogIndex,
    tag: LogTag,
    point: RestorePoint,
    over: bool,
}

impl NewLog {
    fn copy(
        &mut self,
        home: &Home,
        entry: &SegmentEntry,
        manifest: &Manifest,
        layout: &Layout,
    ) -> Result<(), BackupError> {
        let file = home.segment(entry.sequence);
        let damaged = |reason: String| BackupError::Damaged { file: file.clone(), reason };
        let id = manifest.installation;
        let mut source = Segment::open(&file, id, entry.sequence, false)
            .map_err(|error| damaged(error.to_string()))?;
        source.bytes = entry.bytes;
        let mut frames = FrameReader::new(&source, self.tag);
        let mut copy = None;
        while let Some(frame) = frames.next()?.filter(|_| !self.over) {
            let kept = self.kept(frame).map_err(damaged)?;
            let Some(frame) = kept else { break };
            if copy.is_none() {
                let (path, first) = (layout.segment(entry.sequence), frame.first());
                copy = Some(SegmentCopy::begin(&path, entry.sequence, first, &source.file)?);
            }
            copy.as_mut().map_or(Ok(()), |copy| copy.push(&frame))?;
        }
        if !self.over && self.index.next() != entry.next {
            return Err(damaged(format!("it ends at position {}", self.index.next())));
        }
        copy.map_or(Ok(()), |copy| copy.finish().map(|_| ()))?;
        Ok(())
    }

    /// The part of a frame that lies before the point, checked record by record.
    fn kept(&mut self, frame: Frame) -> Result<Option<Frame>, String> {
        let mut records = Vec::with_capacity(frame.len());
        for record in frame.records() {
            let record = record.map_err(|error| error.to_string())?;
            if record.header().commit_index == 0 && self.point.excludes(&record) {
                self.over = true;
                break;
            }
            let placement = record.header().placement();
            self.index.apply(&placement).map_err(|error| error.to_string())?;
            records.push(record);
        }
        if !self.over {
            return Ok(Some(frame));
        }
        let bytes = records.iter().map(|record| record.bytes().len()).sum();
        let mut shorter = FrameBuilder::new(self.tag, frame.first(), bytes, records.len());
        for record in &records {
            shorter.push(|buffer| buffer.extend_from_slice(record.bytes()));
        }
        Ok((!shorter.is_empty()).then(|| shorter.finish()))
    }
}
