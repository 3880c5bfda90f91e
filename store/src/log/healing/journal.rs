//! A damaged journal, made good at open: segments with damage are written anew from their good
//! frames and from the records that other files of the log still hold.
//!
//! A segment is replaced by a rename once its new contents are durable, so that a crash in between
//! leaves the old one, and the next opening begins again.

use std::{collections::BTreeMap, sync::Arc};

use events::{InstallationId, Position};

use super::{HealedPart, Healings, find_records};
use crate::{
    log::{
        disk::{self, DiskError, DiskFile},
        error::OpenError,
        frame::{Frame, FrameBuilder, LogTag},
        index_snapshot,
        journal::{SEGMENT_HEAD_BYTES, Segment, SegmentError, Window, segment_head},
        layout::{Layout, segment_sequence},
    },
    record::Record,
};

/// A rebuilt frame is closed at the first end of a commit after so many bytes of records.
const FRAME_RECORD_BYTES: usize = 1 << 20;
/// How much of a segment is copied at once.
const COPY_BYTES: u64 = 1 << 20;
/// How many damaged places an error names.
const PLACES_NAMED_MAX: usize = 8;

type Positions = (Position, Position);

/// Why a journal could not be made good.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RebuildError {
    #[error(transparent)]
    Disk(#[from] DiskError),
    #[error(transparent)]
    Segment(#[from] SegmentError),
    #[error(
        "its end is missing from position {next} on, and the mark of how far it was acknowledged \
         is damaged; `partnerlog salvage` recovers all that is intact"
    )]
    EndUnknown { next: Position },
    #[error("position {found} stands where {expected} should follow")]
    Order { expected: Position, found: Position },
    #[error(
        "damaged in both copies: {}; `partnerlog salvage` recovers all that is intact",
        named(.0)
    )]
    Lost(Vec<Positions>),
}

/// What one segment file holds, as far as it is good.
struct Slot {
    sequence: u64,
    file: Option<Arc<DiskFile>>,
    file_bytes: u64,
    bad_head: bool,
    runs: Vec<Run>,
    /// True when something that is no good frame follows the last good one.
    remains: bool,
}

/// Good frames that follow each other.
#[derive(Clone, Copy)]
struct Run {
    offset: u64,
    end: u64,
    first: Position,
    next: Position,
}

/// A segment as it should become.
struct Plan<'a> {
    slot: &'a Slot,
    items: Vec<Item>,
    dirty: bool,
}

enum Item {
    Copy(Run),
    Rebuild(Positions),
}

/// From where to where the journal goes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct KnownExtent {
    /// Only what comes before was dropped on purpose; none when that cannot be read any more.
    pub(crate) begin: Option<Position>,
    /// It certainly goes so far.
    pub(crate) end: Position,
    /// True when it goes further only by frames that can be seen.
    pub(crate) certain: bool,
}

/// Makes the journal good up to its known end; whatever is good already is left alone. Without
/// `healings` it only says whether that can be done.
pub(crate) fn rebuild_journal(
    layout: &Layout,
    id: InstallationId,
    segment_bytes: u64,
    known_extent: KnownExtent,
    healings: Option<&Healings>,
) -> Result<(), RebuildError> {
    let tag = LogTag::of(id);
    let slots = survey(layout, id, tag)?;
    let plans = plan(&slots, known_extent)?;
    let wanted: Vec<_> = plans.iter().flat_map(Plan::rebuilds).collect();
    let records =
        if wanted.is_empty() { BTreeMap::new() } else { find_records(layout, tag, &wanted)? };
    let lost = lost(&wanted, &records);
    if !lost.is_empty() {
        return Err(RebuildError::Lost(lost));
    }
    let Some(healings) = healings else { return Ok(()) };
    if plans.iter().any(|plan| plan.dirty) {
        // They say where frames stand in segments that are about to be written anew.
        index_snapshot::remove_all(layout)?;
    }
    for plan in plans.iter().filter(|plan| plan.dirty) {
        plan.write(layout, id, segment_bytes, &records)?;
        plan.report(layout, healings);
    }
    Ok(())
}

fn survey(layout: &Layout, id: InstallationId, tag: LogTag) -> Result<Vec<Slot>, RebuildError> {
    let names = disk::names_in(&layout.journal())?;
    let sequences: Vec<_> = names.iter().filter_map(|name| segment_sequence(name)).collect();
    let first = sequences.iter().min().copied().unwrap_or(1);
    let last = sequences.iter().max().copied().unwrap_or(1);
    if last - first >= 2 * sequences.len() as u64 + 2 {
        // Not a loss but a stray file with a number of its own.
        return Err(SegmentError::Head(last).into());
    }
    (first..=last)
        .map(|sequence| survey_segment(layout, id, tag, sequence, sequences.contains(&sequence)))
        .collect()
}

fn survey_segment(
    layout: &Layout,
    id: InstallationId,
    tag: LogTag,
    sequence: u64,
    exists: bool,
) -> Result<Slot, RebuildError> {
    let mut slot = Slot {
        sequence,
        file: None,
        file_bytes: 0,
        bad_head: false,
        runs: Vec::new(),
        remains: false,
    };
    if !exists {
        return Ok(slot);
    }
    let path = layout.segment(sequence);
    let file = match Segment::open(&path, id, sequence, false) {
        Ok(segment) => segment.file,
        Err(SegmentError::Head(_)) => {
            slot.bad_head = true;
            Arc::new(DiskFile::open(&path, false)?)
        }
        Err(error) => return Err(error.into()),
    };
    slot.file_bytes = file.bytes()?;
    let mut window = Window::new(&file, slot.file_bytes);
    let mut offset = SEGMENT_HEAD_BYTES;
    while let Some((found, frame)) = window.next_frame(offset, tag)? {
        slot.add(found, &frame);
        offset = found + frame.bytes().len() as u64;
    }
    slot.remains = !window.is_zero_from(offset)?;
    drop(window);
    slot.file = Some(file);
    Ok(slot)
}

impl Slot {
    fn add(&mut self, offset: u64, frame: &Frame) {
        let end = offset + frame.bytes().len() as u64;
        match self.runs.last_mut() {
            Some(run) if run.end == offset && run.next == frame.first() => {
                (run.end, run.next) = (end, frame.next());
            }
            _ => {
                let (first, next) = (frame.first(), frame.next());
                self.runs.push(Run { offset, end, first, next });
            }
        }
    }

    fn is_used(&self) -> bool {
        !self.runs.is_empty() || self.remains
    }
}

/// Decides what every segment should hold.
fn plan(slots: &[Slot], known_extent: KnownExtent) -> Result<Vec<Plan<'_>>, RebuildError> {
    let mut plans: Vec<Plan<'_>> = Vec::with_capacity(slots.len());
    let mut next = expected_begin(slots, known_extent);
    let last_used = slots.iter().rposition(Slot::is_used).unwrap_or(0);
    for (index, slot) in slots.iter().enumerate() {
        let mut plan =
            Plan { slot, items: Vec::new(), dirty: slot.bad_head || slot.file.is_none() };
        plan.dirty |= slot.remains && index < last_used;
        let mut expected_offset = SEGMENT_HEAD_BYTES;
        for &run in &slot.runs {
            plan.dirty |= run.offset != expected_offset;
            let expected = next.unwrap_or(run.first);
            if run.first < expected {
                return Err(RebuildError::Order { expected, found: run.first });
            }
            if run.first > expected {
                let item = Item::Rebuild((expected, run.first));
                let at_border = run.offset == SEGMENT_HEAD_BYTES && plan.items.is_empty();
                match plans.last_mut().filter(|_| at_border) {
                    Some(before) => before.add(item),
                    None => plan.add(item),
                }
            }
            plan.items.push(Item::Copy(run));
            (next, expected_offset) = (Some(run.next), run.end);
        }
        plans.push(plan);
    }
    let next = next.unwrap_or(Position::START);
    if next < known_extent.end {
        if !known_extent.certain {
            return Err(RebuildError::EndUnknown { next });
        }
        if let Some(plan) = plans.get_mut(last_used) {
            plan.add(Item::Rebuild((next, known_extent.end)));
        }
    }
    Ok(plans)
}

/// Where the journal should begin: not where it was dropped to on purpose if it still holds more, and
/// wherever it does begin if nothing says where it should.
fn expected_begin(slots: &[Slot], known_extent: KnownExtent) -> Option<Position> {
    let held = slots.iter().flat_map(|slot| &slot.runs).map(|run| run.first).next();
    let whole = slots.first().is_none_or(|slot| slot.sequence == 1);
    match known_extent.begin {
        Some(begin) => Some(held.map_or(begin, |held| held.min(begin))),
        None => whole.then_some(Position::START),
    }
}

impl Plan<'_> {
    fn add(&mut self, item: Item) {
        self.items.push(item);
        self.dirty = true;
    }

    fn rebuilds(&self) -> impl Iterator<Item = Positions> {
        self.items.iter().filter_map(|item| match item {
            Item::Copy(_) => None,
            Item::Rebuild(positions) => Some(*positions),
        })
    }

    fn write(
        &self,
        layout: &Layout,
        id: InstallationId,
        segment_bytes: u64,
        records: &BTreeMap<Position, Record>,
    ) -> Result<(), DiskError> {
        let draft = DiskFile::create(&layout.segment_draft())?;
        draft.write_at(&segment_head(id, self.slot.sequence), 0)?;
        let mut offset = SEGMENT_HEAD_BYTES;
        for item in &self.items {
            match item {
                Item::Copy(run) => self.copy(*run, &draft, &mut offset)?,
                Item::Rebuild((from, until)) => {
                    for frame in frames_of(LogTag::of(id), records.range(*from..*until)) {
                        draft.write_at(frame.bytes(), offset)?;
                        offset += frame.bytes().len() as u64;
                    }
                }
            }
        }
        draft.zero(offset, segment_bytes.max(self.slot.file_bytes))?;
        draft.sync_all()?;
        disk::rename(draft.path(), &layout.segment(self.slot.sequence))
    }

    fn copy(&self, run: Run, draft: &DiskFile, offset: &mut u64) -> Result<(), DiskError> {
        let Some(file) = &self.slot.file else { return Ok(()) };
        let mut at = run.offset;
        while at < run.end {
            let mut bytes =
                vec![0; usize::try_from((run.end - at).min(COPY_BYTES)).unwrap_or_default()];
            file.read_at(&mut bytes, at)?;
            draft.write_at(&bytes, *offset)?;
            at += bytes.len() as u64;
            *offset += bytes.len() as u64;
        }
        Ok(())
    }

    fn report(&self, layout: &Layout, healings: &Healings) {
        let file = layout.segment(self.slot.sequence);
        let file = file.display();
        for positions in self.rebuilds() {
            let detail = format!("frames of {file} were damaged or missing");
            healings.add(HealedPart::Journal, Some(positions), detail);
        }
        if self.slot.bad_head {
            healings.add(HealedPart::SegmentHead, None, format!("the head of {file} was damaged"));
        } else if self.rebuilds().next().is_none() {
            let detail = format!("{file} was missing or held bytes between its frames");
            healings.add(HealedPart::Journal, None, detail);
        }
    }
}

/// Puts consecutive records into frames of whole commits.
fn frames_of<'a>(
    tag: LogTag,
    records: impl Iterator<Item = (&'a Position, &'a Record)>,
) -> Vec<Frame> {
    let mut frames = Vec::new();
    let mut open: Option<FrameBuilder> = None;
    for (position, record) in records {
        let frame = open.get_or_insert_with(|| FrameBuilder::new(tag, *position, 0, 0));
        frame.push(|buffer| buffer.extend_from_slice(record.bytes()));
        if frame.record_bytes() >= FRAME_RECORD_BYTES && record.header().ends_commit() {
            frames.extend(open.take().map(FrameBuilder::finish));
        }
    }
    frames.extend(open.map(FrameBuilder::finish));
    frames
}

/// The positions that are wanted and not there, as ranges.
fn lost(wanted: &[Positions], found: &BTreeMap<Position, Record>) -> Vec<Positions> {
    let mut lost: Vec<Positions> = Vec::new();
    for &(from, until) in wanted {
        let mut expected = from;
        let ends = found.range(from..until).map(|(position, _)| *position).chain([until]);
        for position in ends {
            if expected < position {
                lost.push((expected, position));
            }
            expected = position.next();
        }
    }
    lost
}

/// Position ranges in words.
fn named(ranges: &[Positions]) -> String {
    let words = |(from, until): &Positions| match until.get() - from.get() {
        1 => format!("position {from}"),
        _ => format!("positions {from} to before {until}"),
    };
    let mut named: Vec<_> = ranges.iter().take(PLACES_NAMED_MAX).map(words).collect();
    if ranges.len() > PLACES_NAMED_MAX {
        named.push(format!("{} more ranges", ranges.len() - PLACES_NAMED_MAX));
    }
    named.join(", ")
}

impl From<RebuildError> for OpenError {
    fn from(error: RebuildError) -> Self {
        let reason = error.to_string();
        match error {
            RebuildError::Disk(error) => Self::Io(error),
            RebuildError::Segment(error) => error.into(),
            RebuildError::EndUnknown { next } => Self::Damaged { position: next, reason },
            RebuildError::Order { expected, .. } => Self::Damaged { position: expected, reason },
            RebuildError::Lost(lost) => {
                let position = lost.first().map_or(Position::START, |(from, _)| *from);
                Self::Damaged { position, reason }
            }
        }
    }
}
