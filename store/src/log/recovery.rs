//! From a directory to a log that is ready: what was acknowledged is there, whole and in order,
//! or the log does not open.

use std::path::Path;

use events::Position;

use super::{
    disk,
    error::OpenError,
    frame::{Frame, LogTag},
    healing::{self, HealedPart, Healings, KnownExtent, OpenedSealed},
    identity::Identity,
    index_snapshot::{self, Snapshot},
    journal::{self, Journal, JournalDirectory, ScanStart, Scanned, Segment, SegmentError},
    layout::Layout,
    options::StoreOptions,
    sealed::{RANGE_RECORDS, SealedError, SealedLog},
    watermark::{self, MarkState, Watermark},
};
use crate::{index::LogIndex, record::Record};

/// A log as it was found.
pub(crate) struct Recovered {
    pub(crate) index: LogIndex,
    pub(crate) directory: JournalDirectory,
    pub(crate) journal: Journal,
    pub(crate) sealed: SealedLog,
    /// Everything before is sealed.
    pub(crate) sealed_to: Position,
    /// How far it had been sealed when it was closed or killed.
    pub(crate) sealed_mark: Position,
    /// Everything before comes from a snapshot of the index and was not read.
    pub(crate) snapshot_to: Position,
    /// What was damaged in one copy.
    pub(crate) healings: Healings,
}

/// What an opening works with.
struct Opening<'a> {
    layout: &'a Layout,
    identity: &'a Identity,
    options: &'a StoreOptions,
    tag: LogTag,
    known_extent: KnownExtent,
    sealed_mark: Position,
    healings: Healings,
}

/// The journal, read.
struct Read {
    segments: Vec<Segment>,
    index: LogIndex,
    scanned: Scanned,
    /// Where reading began: what comes before is known from a snapshot.
    snapshot_to: Position,
    /// How many ranges are sealed, and whether there are others behind a gap; where it is known.
    complete_ranges: Option<(u64, bool)>,
}

/// Opens the files of a log, rebuilds its index, makes good what is damaged in one copy and cuts
/// what a crash left unfinished.
pub(crate) fn recover(
    layout: &Layout,
    identity: &Identity,
    options: &StoreOptions,
) -> Result<Recovered, OpenError> {
    let tag = LogTag::of(identity.installation);
    let acknowledged = watermark::inspect(&layout.watermark())?;
    let sealed_mark = watermark::inspect(&layout.sealed_mark())?;
    let begin = watermark::inspect(&layout.journal_begin())?;
    let known_extent = known_extent(begin, acknowledged, sealed_mark);
    let healings = Healings::default();
    let mark = sealed_mark.mark.unwrap_or(Position::START);
    let mut opening =
        Opening { layout, identity, options, tag, known_extent, sealed_mark: mark, healings };
    disk::create_directory(&layout.journal())?;
    disk::remove_file(&layout.segment_draft())?;
    healing::heal_identity(layout, identity, &opening.healings)?;
    let (mut read, sealed) = opening.read()?;
    cut_torn_tail(&read.segments, &read.scanned, known_extent.end)?;
    let head = read.scanned.next;
    let ranges = read.complete_ranges.map_or_else(|| sealed.complete_ranges(), Ok)?;
    let (sealed_to, incomplete) = opening.sealed_to(&sealed, ranges, head)?;
    let (last, offset) = read.scanned.end;
    if let Some(segment) = read.segments.get(last) {
        // The last frame may only stand in memory: a process was killed before it had synced it.
        segment.file.sync_data()?;
    }
    opening.write_mark(&layout.watermark(), acknowledged, head)?;
    if sealed_mark.damaged || incomplete {
        // What was lost is sealed again: until then nobody must miss it.
        opening.write_mark(&layout.sealed_mark(), sealed_mark, sealed_to)?;
    }
    if begin.damaged || begin.mark.is_none() {
        let first = read.scanned.directory.first().unwrap_or(Position::START);
        opening.write_mark(&layout.journal_begin(), begin, begin.mark.unwrap_or(first))?;
    }
    let rest = read.segments.split_off(last.min(read.segments.len()));
    let segment_bytes = options.bounded_segment_bytes();
    let journal = Journal::open(layout, identity.installation, segment_bytes, rest, offset)?;
    let (index, directory, snapshot_to) = (read.index, read.scanned.directory, read.snapshot_to);
    let healings = std::mem::take(&mut opening.healings);
    Ok(Recovered {
        index,
        directory,
        journal,
        sealed,
        sealed_to,
        sealed_mark: mark,
        snapshot_to,
        healings,
    })
}

/// From where to where the journal goes by what its marks say.
pub(crate) fn known_extent(
    begin: MarkState,
    acknowledged: MarkState,
    sealed: MarkState,
) -> KnownExtent {
    let end = acknowledged.mark.max(sealed.mark).unwrap_or(Position::START);
    let certain = acknowledged.mark.is_some() && !acknowledged.damaged;
    KnownExtent { begin: begin.mark, end, certain }
}

impl Opening<'_> {
    /// Reads the whole log. Damage in the journal is made good before the storage engine opens its
    /// files, because that may change them.
    fn read(&self) -> Result<(Read, SealedLog), OpenError> {
        if let Some(read) = self.read_after_snapshot()? {
            return Ok(read);
        }
        let new = self.known_extent.end == Position::START
            && disk::names_in(&self.layout.journal())?.is_empty();
        let trimmed = !new && self.is_trimmed();
        if trimmed {
            // What the journal does not hold must come from the sealed log: first things first.
            self.rebuild()?;
            let (index, sealed) = self.read_before_journal()?;
            return Ok((self.read_journal(index)?, sealed));
        }
        let index = || LogIndex::new(self.options.commit_window_commits);
        let mut read = match self.read_journal(index()) {
            Err(OpenError::Damaged { .. }) => {
                self.rebuild()?;
                self.read_journal(index())?
            }
            read => read?,
        };
        let OpenedSealed { log, ranges } = self.open_sealed()?;
        read.complete_ranges = Some(ranges);
        Ok((read, log))
    }

    /// True when the journal does not begin at the beginning, on purpose.
    fn is_trimmed(&self) -> bool {
        let begin = self.known_extent.begin;
        begin.map_or_else(|| !self.layout.segment(1).exists(), |begin| begin > Position::START)
    }

    fn read_journal(&self, mut index: LogIndex) -> Result<Read, OpenError> {
        let segments = segments(self.layout, self.identity, true)?;
        let scanned = scan_into(&mut index, &segments, self.tag, self.known_extent.end)?;
        Ok(Read { segments, index, scanned, snapshot_to: Position::START, complete_ranges: None })
    }

    /// Reads what came after the newest snapshot of the index that agrees with the files. None where
    /// there is none, or where anything looks damaged: then everything is read.
    fn read_after_snapshot(&self) -> Result<Option<(Read, SealedLog)>, OpenError> {
        let Some(begin) = self.known_extent.begin.filter(|_| self.options.has_snapshots()) else {
            return Ok(None);
        };
        let Ok(segments) = segments(self.layout, self.identity, true) else { return Ok(None) };
        let window = self.options.commit_window_commits;
        let id = self.identity.installation;
        let Some(snapshot) = index_snapshot::load(self.layout, id, window, &segments, begin)?
        else {
            return Ok(None);
        };
        let mut read = match self.go_on(snapshot, segments) {
            Err(OpenError::Damaged { .. }) => return Ok(None),
            read => read?,
        };
        let OpenedSealed { log: sealed, ranges: (complete, stray) } = self.open_sealed()?;
        // What the snapshot stands for must have both copies. Else everything is read, so that
        // damage in one is noticed while the other may still be had.
        read.complete_ranges = Some((complete, stray));
        let newest_reads = complete.checked_sub(1).is_none_or(|it| sealed.read_checked(it).is_ok());
        let covered = complete * RANGE_RECORDS >= read.snapshot_to.get();
        Ok((covered && newest_reads && !stray).then_some((read, sealed)))
    }

    fn go_on(&self, snapshot: Snapshot, segments: Vec<Segment>) -> Result<Read, OpenError> {
        let Snapshot { mut index, start } = snapshot;
        let (snapshot_to, acknowledged) = (start.next, self.known_extent.end);
        let visit = |frame: &Frame| apply(&mut index, frame);
        let scanned = journal::scan(&segments, self.tag, start, acknowledged, visit)?;
        Ok(Read { segments, index, scanned, snapshot_to, complete_ranges: None })
    }

    fn rebuild(&self) -> Result<(), OpenError> {
        let id = self.identity.installation;
        let segment_bytes = self.options.bounded_segment_bytes();
        let (layout, healings) = (self.layout, &self.healings);
        Ok(healing::rebuild_journal(layout, id, segment_bytes, self.known_extent, Some(healings))?)
    }

    fn open_sealed(&self) -> Result<OpenedSealed, OpenError> {
        let (cache_bytes, mark) = (self.options.sled_cache_bytes, self.sealed_mark);
        healing::open_sealed(self.layout, self.tag, cache_bytes, mark, &self.healings)
    }

    fn read_before_journal(&self) -> Result<(LogIndex, SealedLog), OpenError> {
        let segments = segments(self.layout, self.identity, true)?;
        let first = journal::first_position(&segments, self.tag)?.unwrap_or(Position::START);
        let sealed = self.open_sealed()?.log;
        let load = || {
            let mut index = LogIndex::new(self.options.commit_window_commits);
            load_before_journal(&sealed, &segments, self.tag, &mut index).map(|()| index)
        };
        let index = match load() {
            Err(OpenError::Damaged { .. }) => {
                let (layout, healings) = (self.layout, &self.healings);
                healing::restore_before_journal(layout, self.tag, &sealed, first, healings)?;
                load()?
            }
            index => index?,
        };
        Ok((index, sealed))
    }

    /// How far the sealed log can be trusted: to the end of its complete ranges, if the newest of
    /// them reads well. What follows is sealed again.
    fn sealed_to(
        &self,
        sealed: &SealedLog,
        (mut complete, stray): (u64, bool),
        head: Position,
    ) -> Result<(Position, bool), OpenError> {
        let mark = self.sealed_mark;
        let mut tail = sealed.read(complete).ok().flatten().map_or(0, |range| range.records.len());
        if Position::new(complete * RANGE_RECORDS + tail as u64) > head {
            let reason = "the sealed log holds more records than the journal".to_owned();
            return Err(OpenError::Damaged { position: head, reason });
        }
        if let Some(newest) = complete.checked_sub(1)
            && sealed.read_checked(newest).is_err()
        {
            (complete, tail) = (newest, 0);
        }
        let sealed_to = Position::new(complete * RANGE_RECORDS);
        let lost = sealed_to.plus(tail as u64) < mark || stray;
        if lost {
            let until = mark.max(sealed_to.plus(RANGE_RECORDS)).min(head);
            let detail = "ranges were lost or damaged and are sealed again".to_owned();
            self.healings.add(HealedPart::SealedRanges, Some((sealed_to, until)), detail);
        }
        Ok((sealed_to, lost))
    }

    /// Brings a mark up to date, whatever state it is in.
    fn write_mark(
        &self,
        path: &Path,
        found: MarkState,
        position: Position,
    ) -> Result<(), OpenError> {
        if found.damaged || (found.mark.is_none() && position > Position::START) {
            let detail = format!("{} was damaged or missing", path.display());
            self.healings.add(HealedPart::Mark, None, detail);
        }
        let mut mark = Watermark::open(path)?;
        // Both slots: whatever was in them.
        mark.write(position)?;
        mark.write(position)?;
        Ok(mark.sync()?)
    }
}

/// The segments of the journal, which follow each other.
pub(crate) fn segments(
    layout: &Layout,
    identity: &Identity,
    writable: bool,
) -> Result<Vec<Segment>, OpenError> {
    let found = journal::open_segments(layout, identity.installation, writable)?;
    found.map_err(|hole| OpenError::Damaged {
        position: Position::START,
        reason: format!("segment {hole} of the journal is missing"),
    })
}

/// Reads the whole journal into the index.
pub(crate) fn scan_into(
    index: &mut LogIndex,
    segments: &[Segment],
    tag: LogTag,
    acknowledged: Position,
) -> Result<Scanned, OpenError> {
    let start = ScanStart::first_segment(index.next());
    journal::scan(segments, tag, start, acknowledged, |frame| apply(index, frame))
}

fn apply(index: &mut LogIndex, frame: &Frame) -> Result<(), OpenError> {
    for record in frame.records() {
        let record = record.map_err(|error| damaged(index.next(), &error))?;
        apply_record(index, &record)?;
    }
    if index.is_whole() {
        Ok(())
    } else {
        Err(damaged(index.next(), &"a frame ends within a commit"))
    }
}

fn apply_record(index: &mut LogIndex, record: &Record) -> Result<(), OpenError> {
    index.apply(&record.header().placement()).map_err(|error| damaged(index.next(), &error))
}

fn damaged(position: Position, reason: &impl ToString) -> OpenError {
    OpenError::Damaged { position, reason: reason.to_string() }
}

/// Reads what the journal no longer holds from the sealed log into the index.
pub(crate) fn load_before_journal(
    sealed: &SealedLog,
    segments: &[Segment],
    tag: LogTag,
    index: &mut LogIndex,
) -> Result<(), OpenError> {
    let journal_first = journal::first_position(segments, tag)?.unwrap_or(Position::START);
    while index.next() < journal_first {
        let range = index.next().get() / RANGE_RECORDS;
        let records = sealed.read_complete(range).map_err(|error| damaged(index.next(), &error))?;
        for record in records.iter().take_while(|record| record.position() < journal_first) {
            apply_record(index, record)?;
        }
    }
    Ok(())
}

fn cut_torn_tail(
    segments: &[Segment],
    scanned: &Scanned,
    acknowledged: Position,
) -> Result<(), OpenError> {
    for torn in &scanned.torn {
        let Some(segment) = segments.get(torn.segment) else { continue };
        let file = segment.file.path().display();
        let (position, offset) = (scanned.next, torn.offset);
        tracing::warn!(%position, %acknowledged, %file, offset, "an unfinished append was cut off");
        journal::cut(segment, offset)?;
    }
    Ok(())
}

impl From<SealedError> for OpenError {
    fn from(error: SealedError) -> Self {
        match error {
            SealedError::Disk(error) => Self::Io(error),
            SealedError::Damaged { range, ref reason } => {
                damaged(Position::new(range * RANGE_RECORDS), reason)
            }
            SealedError::Engine(_) | SealedError::Refused(_) | SealedError::Blobs(_) => {
                Self::Sealed { reason: error.to_string() }
            }
        }
    }
}

impl From<SegmentError> for OpenError {
    fn from(error: SegmentError) -> Self {
        match error {
            SegmentError::Disk(error) => Self::Io(error),
            SegmentError::Head(_) | SegmentError::Foreign(_) => damaged(Position::START, &error),
        }
    }
}

#[cfg(test)]
mod tests {
    use events::{
        Category, CommitId, EncodedEvent, EventId, EventTypeId, InstallationId, SchemaVersion,
        StreamId, StreamVersion, Timestamp,
    };
    use uuid::Uuid;

    use super::*;
    use crate::{
        log::frame::FrameBuilder,
        record::{Placement, write_record},
    };

    /// The frame of the first `written` records of a commit of `events`.
    fn frame(written: u16, events: u16) -> Frame {
        let tag = LogTag::of(InstallationId::from_uuid(Uuid::nil()));
        let mut frame = FrameBuilder::new(tag, Position::START, 0, 0);
        for commit_index in 0..written {
            let placement = Placement {
                commit_id: CommitId::from_uuid(Uuid::nil()),
                commit_index,
                commit_events: events,
                stream: StreamId::new(Category::Partner, Uuid::nil()),
                stream_version: StreamVersion::new(u64::from(commit_index) + 1),
                recorded_at: Timestamp::EPOCH,
                position: Position::new(u64::from(commit_index)),
            };
            let event = EncodedEvent {
                event_id: EventId::from_uuid(Uuid::nil()),
                type_id: EventTypeId(0x0101),
                schema_version: SchemaVersion(1),
                metadata: Vec::new(),
                body: Vec::new(),
            };
            frame.push(|buffer| write_record(buffer, &event, &placement));
        }
        frame.finish()
    }

    #[test]
    fn a_frame_that_ends_within_a_commit_is_damage() {
        assert_eq!(apply(&mut LogIndex::new(9), &frame(2, 2)), Ok(()));
        let found = apply(&mut LogIndex::new(9), &frame(1, 2));
        assert!(matches!(found, Err(OpenError::Damaged { .. })), "{found:?}");
    }
}
