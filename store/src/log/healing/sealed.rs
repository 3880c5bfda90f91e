//! A sealed log that is damaged: opened all the same, or set aside and made again.
//!
//! The storage engine may change what it opens, so a damaged one is never opened in the hope of
//! reading from it: the journal is made good first, from raw frames, and everything is sealed again.

use events::Position;

use super::{HealedPart, Healings, RebuildError, find_records};
use crate::{
    log::{
        disk::{self, DiskError},
        error::OpenError,
        frame::LogTag,
        layout::Layout,
        sealed::{RANGE_RECORDS, SealedError, SealedLog},
    },
    record::Record,
};

/// The engine's own file.
const ENGINE_FILE: &str = "db";
/// What the files begin with in which the engine keeps an index of its pages.
const SNAPSHOT_PREFIX: &str = "snap.";

/// A sealed log that was opened.
pub(crate) struct OpenedSealed {
    pub(crate) log: SealedLog,
    /// How many ranges are complete, and whether there are others behind a gap.
    pub(crate) ranges: (u64, bool),
}

/// Opens the sealed log: as it is, else without its snapshots, else a new one in its place. One that
/// opens and no longer has all that it had, up to `mark`, is no better than one that does not open:
/// what is written to it next may go the same way.
pub(crate) fn open_sealed(
    layout: &Layout,
    tag: LogTag,
    cache_bytes: u64,
    mark: Position,
    healings: &Healings,
) -> Result<OpenedSealed, OpenError> {
    let open = |mark| open_whole(layout, tag, cache_bytes, mark);
    disk::create_directory(&layout.sealed())?;
    // Where it is gone altogether, nothing is wrong with the new one.
    let mark = if layout.sealed().join(ENGINE_FILE).exists() { mark } else { Position::START };
    let error = if disk::read_file(&layout.sealed_distrusted())?.is_some() {
        "it could not be repaired while it was open".to_owned()
    } else {
        match open(mark) {
            Ok(opened) => return Ok(opened),
            Err(error @ (SealedError::Disk(_) | SealedError::Refused(_))) => {
                return Err(error.into());
            }
            Err(error) => error.to_string(),
        }
    };
    if let Some(place) = set_snapshots_aside(layout)?
        && let Ok(opened) = open(mark)
    {
        let detail = format!("{error}; the old one is in {place}");
        healings.add(HealedPart::SealedSnapshot, None, detail);
        return Ok(opened);
    }
    let place = layout.set_aside();
    disk::rename(&layout.sealed(), &place)?;
    disk::create_directory(&layout.sealed())?;
    let opened = open(Position::START)?;
    disk::remove_file(&layout.sealed_distrusted())?;
    let detail = format!("{error}; the old one is in {}", place.display());
    healings.add(HealedPart::SealedLog, None, detail);
    Ok(opened)
}

/// Opens the sealed log if it has everything that was sealed up to `mark`, going by its keys.
fn open_whole(
    layout: &Layout,
    tag: LogTag,
    cache_bytes: u64,
    mark: Position,
) -> Result<OpenedSealed, SealedError> {
    let log = SealedLog::open(&layout.sealed(), tag, cache_bytes)?;
    let ranges = log.complete_ranges()?;
    let (complete, stray) = ranges;
    let tail = log.read(complete).ok().flatten().map_or(0, |range| range.records.len());
    let sealed_to = Position::new(complete * RANGE_RECORDS + tail as u64);
    if sealed_to < mark || stray {
        let reason = format!("it ends here, and was sealed up to {mark}");
        return Err(SealedError::Damaged { range: complete, reason });
    }
    Ok(OpenedSealed { log, ranges })
}

/// Moves the engine's snapshots out of its way; where to, if there were any.
fn set_snapshots_aside(layout: &Layout) -> Result<Option<String>, DiskError> {
    let mut names = disk::names_in(&layout.sealed())?;
    names.retain(|name| name.starts_with(SNAPSHOT_PREFIX));
    if names.is_empty() || disk::read_file(&layout.sealed_distrusted())?.is_some() {
        return Ok(None);
    }
    let place = layout.set_aside();
    disk::create_directory(&place)?;
    for name in names {
        disk::rename(&layout.sealed().join(&name), &place.join(&name))?;
    }
    disk::sync_directory(&layout.sealed())?;
    Ok(Some(place.display().to_string()))
}

/// Seals again, from raw frames, whatever the sealed log must hold alone because the journal
/// begins at `first`.
pub(crate) fn restore_before_journal(
    layout: &Layout,
    tag: LogTag,
    sealed: &SealedLog,
    first: Position,
    healings: &Healings,
) -> Result<(), OpenError> {
    let bad: Vec<_> = (0..first.get().div_ceil(RANGE_RECORDS))
        .filter(|&range| sealed.read_checked(range).is_err())
        .collect();
    let ends = |range: u64| {
        (Position::new(range * RANGE_RECORDS), Position::new((range + 1) * RANGE_RECORDS))
    };
    let wanted: Vec<_> = bad.iter().copied().map(ends).collect();
    let found = find_records(layout, tag, &wanted)?;
    let mut lost = Vec::new();
    for (range, (from, until)) in bad.into_iter().zip(wanted) {
        let records: Vec<Record> =
            found.range(from..until).map(|(_, record)| record.clone()).collect();
        if records.len() as u64 == RANGE_RECORDS {
            sealed.seal(range, &records)?;
            let detail = "a range that the journal no longer holds was damaged".to_owned();
            healings.add(HealedPart::SealedRanges, Some((from, until)), detail);
        } else {
            lost.push((from, until));
        }
    }
    sealed.sync()?;
    if lost.is_empty() { Ok(()) } else { Err(RebuildError::Lost(lost).into()) }
}
