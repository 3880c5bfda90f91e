//! The way out of a log that nothing heals: every intact record, wherever it stands, in a new
//! directory. The source is only read.
//!
//! A log has no holes, so the new log goes to the last whole commit before the first record that is
//! lost. Intact records after it keep their positions and are written, as frames, to a file beside
//! the log, `salvaged.frames`; nothing is renumbered and nothing stands in for what is lost.

use std::{
    collections::{BTreeMap, HashMap},
    fmt,
    path::{Path, PathBuf},
};

use bytes::Bytes;
use events::{InstallationId, Position};

use super::{
    disk::{self, DiskError, DiskFile},
    error::OpenError,
    frame::{FrameBuilder, LogTag},
    healing::{files_with_records, scan_file},
    identity::{self, Identity, Lock},
    journal::{Journal, SEGMENT_HEAD_BYTES, owner_of},
    layout::{Layout, segment_sequence},
    options::StoreOptions,
    watermark::{self, Watermark},
};
use crate::{index::LogIndex, merkle, record::Record};

/// A frame is closed at the first end of a commit after so many bytes of records.
const FRAME_RECORD_BYTES: usize = 1 << 20;

/// What was salvaged and what was not found.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SalvageReport {
    /// The head of the new log: everything before it is there.
    pub head: Position,
    /// How many intact records after it were written beside the log.
    pub loose_records: u64,
    /// Where those are, if there are any.
    pub loose_file: Option<PathBuf>,
    /// Positions of which no intact record was found, each the first and the one after the last.
    pub missing: Vec<(Position, Position)>,
    /// Positions of which different intact records were found; all are beside the log.
    pub contradictory: Vec<Position>,
    /// Why the log ends where it does, if not because of what is missing.
    pub ends_because: Option<String>,
}

impl SalvageReport {
    /// True when the new log holds everything.
    #[must_use]
    pub const fn is_complete(&self) -> bool {
        self.missing.is_empty() && self.contradictory.is_empty() && self.loose_records == 0
    }
}

impl fmt::Display for SalvageReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "recovered     {} records, the whole log up to there", self.head)?;
        for (from, until) in &self.missing {
            writeln!(f, "missing       positions {from} to before {until}")?;
        }
        for position in &self.contradictory {
            writeln!(f, "contradictory position {position}")?;
        }
        if let Some(reason) = &self.ends_because {
            writeln!(f, "ends because  {reason}")?;
        }
        if let Some(file) = &self.loose_file {
            writeln!(f, "loose         {} records in {}", self.loose_records, file.display())?;
        }
        Ok(())
    }
}

/// Where an intact record stands.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Place {
    file: usize,
    offset: u64,
    bytes: usize,
    hash: [u8; merkle::HASH_BYTES],
}

/// Every intact record of a log.
struct Found {
    files: Vec<DiskFile>,
    places: BTreeMap<Position, Vec<Place>>,
}

/// Recovers every intact record of the log in `from` into the new directory `to`.
///
/// Both copies are searched byte by byte for intact records, also sealed logs that were set aside.
///
/// # Errors
/// When `from` is no log or open, `to` is not empty, or files cannot be read or written. Missing
/// records are no error: they are reported.
pub fn salvage(from: &Path, to: &Path) -> Result<SalvageReport, OpenError> {
    let source = Layout::new(from);
    let identity = identity_of(&source)?;
    let _lock = Lock::take_if_there(&source)?;
    let tag = LogTag::of(identity.installation);
    let found = Found::search(&source, tag)?;
    let marks = [source.watermark(), source.sealed_mark()];
    let marked = marks.iter().map(|path| watermark::read(path)).collect::<Result<Vec<_>, _>>()?;
    let end = marked.into_iter().max().unwrap_or(Position::START).max(found.end());

    let target = Layout::new(to);
    let _target_lock = identity::found(&target, &identity)?;
    let (head, ends_because) = found.whole_until()?;
    found.write_log(&target, identity.installation, head)?;
    let loose_records = found.write_loose(&target, tag, head)?;
    let report = SalvageReport {
        head,
        loose_records,
        loose_file: (loose_records > 0).then(|| target.loose_records()),
        missing: found.missing(end),
        contradictory: found.contradictory().collect(),
        ends_because,
    };
    let text = DiskFile::create(&target.salvage_report())?;
    text.write_at(report.to_string().as_bytes(), 0)?;
    text.sync_all()?;
    disk::sync_directory(target.root())?;
    Ok(report)
}

/// Whose log it is: from the identity, or else from the heads of most segments.
fn identity_of(layout: &Layout) -> Result<Identity, OpenError> {
    let error = match Identity::read(layout) {
        Err(error @ OpenError::NotOurs { .. }) => error,
        identity => return identity,
    };
    let mut owners: HashMap<InstallationId, usize> = HashMap::new();
    for name in disk::names_in(&layout.journal())? {
        let segment = segment_sequence(&name).map(|sequence| layout.segment(sequence));
        if let Some(owner) = segment.and_then(|path| owner_of(&path)) {
            *owners.entry(owner).or_default() += 1;
        }
    }
    let most = owners.into_iter().max_by_key(|(_, segments)| *segments);
    most.map(|(installation, _)| Identity::of_unknown_age(installation)).ok_or(error)
}

impl Found {
    fn search(layout: &Layout, tag: LogTag) -> Result<Self, DiskError> {
        let mut found = Self { files: Vec::new(), places: BTreeMap::new() };
        for path in files_with_records(layout)? {
            let file = DiskFile::open(&path, false)?;
            let index = found.files.len();
            scan_file(&file, tag, |offset, record| {
                let hash = merkle::leaf_hash(&record);
                let place = Place { file: index, offset, bytes: record.bytes().len(), hash };
                let places = found.places.entry(record.position()).or_default();
                if places.iter().all(|known| known.hash != hash) {
                    places.push(place);
                }
            })?;
            found.files.push(file);
        }
        Ok(found)
    }

    fn end(&self) -> Position {
        self.places.last_key_value().map_or(Position::START, |(position, _)| position.next())
    }

    fn contradictory(&self) -> impl Iterator<Item = Position> {
        let several = self.places.iter().filter(|(_, places)| places.len() > 1);
        several.map(|(position, _)| *position)
    }

    fn missing(&self, end: Position) -> Vec<(Position, Position)> {
        let (mut missing, mut expected) = (Vec::new(), Position::START);
        for position in self.places.keys().copied().chain([end]) {
            if expected < position {
                missing.push((expected, position));
            }
            expected = position.next();
        }
        missing
    }

    fn read(&self, place: &Place) -> Result<Option<Record>, DiskError> {
        let mut bytes = vec![0; place.bytes];
        if let Some(file) = self.files.get(place.file) {
            file.read_at(&mut bytes, place.offset)?;
        }
        let record = Record::parse(Bytes::from(bytes)).ok();
        Ok(record.filter(|record| merkle::leaf_hash(record) == place.hash))
    }

    /// The records from the beginning on that are there once, in order.
    fn gap_free(&self) -> impl Iterator<Item = (Position, &Place)> {
        let expected = (0..).map(Position::new);
        let places = expected.zip(&self.places).map_while(|(expected, (position, places))| {
            let [place] = places.as_slice() else { return None };
            (expected == *position).then_some((*position, place))
        });
        places.into_iter()
    }

    /// How far the records make a log: to the end of the last commit that is whole.
    fn whole_until(&self) -> Result<(Position, Option<String>), DiskError> {
        let (mut index, mut whole) = (LogIndex::new(0), Position::START);
        for (position, place) in self.gap_free() {
            let Some(record) = self.read(place)? else { break };
            if let Err(discrepancy) = index.apply(&record.header().placement()) {
                return Ok((whole, Some(format!("at position {position}: {discrepancy}"))));
            }
            if index.is_whole() {
                whole = position.next();
            }
        }
        Ok((whole, None))
    }

    fn write_log(
        &self,
        target: &Layout,
        id: InstallationId,
        head: Position,
    ) -> Result<(), DiskError> {
        disk::create_directory(&target.journal())?;
        let segment_bytes = StoreOptions::default().bounded_segment_bytes();
        let mut journal = Journal::open(target, id, segment_bytes, Vec::new(), SEGMENT_HEAD_BYTES)?;
        let places = self.gap_free().take_while(|(position, _)| *position < head);
        self.write_frames(LogTag::of(id), places, |frame| {
            journal.append(&frame.finish()).map(|_| ())
        })?;
        let mut mark = Watermark::open(&target.watermark())?;
        mark.write(head)?;
        mark.sync()
    }

    /// Writes what the log could not take in; how many records that are.
    fn write_loose(&self, target: &Layout, tag: LogTag, head: Position) -> Result<u64, DiskError> {
        let places = || {
            let loose = self.places.range(head..);
            loose.flat_map(|(position, places)| places.iter().map(|place| (*position, place)))
        };
        let count = places().count() as u64;
        if count > 0 {
            let file = DiskFile::create(&target.loose_records())?;
            let mut offset = 0;
            self.write_frames(tag, places(), |frame| {
                let frame = frame.finish();
                file.write_at(frame.bytes(), offset)?;
                offset += frame.bytes().len() as u64;
                Ok(())
            })?;
            file.sync_all()?;
        }
        Ok(count)
    }

    /// Puts records into frames: consecutive ones together, closed at the end of a commit.
    fn write_frames<'a>(
        &self,
        tag: LogTag,
        places: impl Iterator<Item = (Position, &'a Place)>,
        mut write: impl FnMut(FrameBuilder) -> Result<(), DiskError>,
    ) -> Result<(), DiskError> {
        let mut open: Option<(FrameBuilder, Position)> = None;
        for (position, place) in places {
            let Some(record) = self.read(place)? else { continue };
            if let Some((frame, _)) = open.take_if(|(_, next)| *next != position) {
                write(frame)?;
            }
            let (frame, next) =
                open.get_or_insert_with(|| (FrameBuilder::new(tag, position, 0, 0), position));
            frame.push(|buffer| buffer.extend_from_slice(record.bytes()));
            *next = position.next();
            if frame.record_bytes() >= FRAME_RECORD_BYTES
                && record.header().ends_commit()
                && let Some((frame, _)) = open.take()
            {
                write(frame)?;
            }
        }
        open.map_or(Ok(()), |(frame, _)| write(frame))
    }
}
