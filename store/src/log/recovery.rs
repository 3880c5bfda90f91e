//! From a directory to a log that is ready: what was acknowledged is there, whole and in order,
//! or the log does not open.

use events::Position;

use super::{
    disk,
    error::OpenError,
    frame::{Frame, LogTag},
    identity::Identity,
    journal::{self, Journal, JournalDirectory, Scanned, Segment, SegmentError},
    layout::Layout,
    options::StoreOptions,
    sealed::{RANGE_RECORDS, SealedError, SealedLog},
    watermark,
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
}

/// Opens the files of a log, rebuilds its index and cuts what a crash left unfinished.
pub(crate) fn recover(
    layout: &Layout,
    identity: &Identity,
    options: &StoreOptions,
) -> Result<Recovered, OpenError> {
    let tag = LogTag::of(identity.installation);
    disk::create_directory(&layout.journal())?;
    disk::create_directory(&layout.sealed())?;
    disk::remove_file(&layout.segment_draft())?;
    let sealed = SealedLog::open(&layout.sealed(), tag, options.sled_cache_bytes)?;
    let acknowledged = watermark::read(&layout.watermark())?;
    let mut segments = segments(layout, identity, true)?;

    let mut index = LogIndex::new(options.commit_window_commits);
    load_before_journal(&sealed, &segments, tag, &mut index)?;
    let scanned = scan_into(&mut index, &segments, tag, acknowledged)?;
    cut_torn_tail(&segments, &scanned, acknowledged)?;
    let sealed_to = sealed_to(&sealed, scanned.next, watermark::read(&layout.sealed_mark())?)?;

    let (last, offset) = scanned.end;
    let rest = segments.split_off(last.min(segments.len()));
    let segment_bytes = options.bounded_segment_bytes();
    let journal = Journal::open(layout, identity.installation, segment_bytes, rest, offset)?;
    Ok(Recovered { index, directory: scanned.directory, journal, sealed, sealed_to })
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
    let start = index.next();
    let scanned = journal::scan(segments, tag, start, acknowledged, |frame| apply(index, frame))?;
    Ok(scanned)
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

/// How far the sealed log can be trusted: to the end of its complete ranges, if the newest of
/// them reads well. What follows is sealed again.
fn sealed_to(sealed: &SealedLog, head: Position, mark: Position) -> Result<Position, OpenError> {
    let (mut complete, _) = sealed.complete_ranges()?;
    if Position::new(complete * RANGE_RECORDS) > head {
        let position = head;
        let reason = "the sealed log holds more records than the journal".to_owned();
        return Err(OpenError::Damaged { position, reason });
    }
    if let Some(newest) = complete.checked_sub(1)
        && let Err(error) = sealed.read_complete(newest)
    {
        tracing::error!(%error, range = newest, "the newest sealed range is sealed again");
        complete = newest;
    }
    if complete < mark.get() / RANGE_RECORDS {
        tracing::error!(complete, %mark, "sealed ranges were lost and are sealed again");
    }
    Ok(Position::new(complete * RANGE_RECORDS))
}

impl From<SealedError> for OpenError {
    fn from(error: SealedError) -> Self {
        match error {
            SealedError::Disk(error) => Self::Io(error),
            SealedError::Damaged { range, ref reason } => {
                damaged(Position::new(range * RANGE_RECORDS), reason)
            }
            SealedError::Engine(_) | SealedError::Blobs(_) => {
                Self::Sealed { reason: error.to_string() }
            }
        }
    }
}

impl From<SegmentError> for OpenError {
    fn from(error: SegmentError) -> Self {
        match error {
            SegmentError::Disk(error) => Self::Io(error),
            SegmentError::NewerFormat { found, .. } => {
                Self::NewerFormat { found, supported: journal::SEGMENT_FORMAT }
            }
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
