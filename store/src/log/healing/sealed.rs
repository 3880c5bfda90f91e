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

/// What the files begin with in which the engine keeps an index of its pages.
const SNAPSHOT_PREFIX: &str = "snap.";

/// Opens the sealed log: as it is, else without its snapshots, else a new one in its place.
pub(crate) fn open_sealed(
    layout: &Layout,
    tag: LogTag,
    cache_bytes: u64,
    healings: &Healings,
) -> Result<SealedLog, OpenError> {
    let open = || SealedLog::open(&layout.sealed(), tag, cache_bytes);
    disk::create_directory(&layout.sealed())?;
    let error = if disk::read_file(&layout.sealed_distrusted())?.is_some() {
        "it could not be repaired while it was open".to_owned()
    } else {
        match open() {
            Ok(sealed) => return Ok(sealed),
            Err(error @ (SealedError::Disk(_) | SealedError::Refused(_))) => {
                return Err(error.into());
            }
            Err(error) => error.to_string(),
        }
    };
    if let Some(place) = set_snapshots_aside(layout)?
        && let Ok(sealed) = open()
    {
        let detail = format!("{error}; the old one is in {place}");
        healings.add(HealedPart::SealedSnapshot, None, detail);
        return Ok(sealed);
    }
    let place = layout.set_aside();
    disk::rename(&layout.sealed(), &place)?;
    disk::create_directory(&layout.sealed())?;
    let sealed = open()?;
    disk::remove_file(&layout.sealed_distrusted())?;
    let detail = format!("{error}; the old one is in {}", place.display());
    healings.add(HealedPart::SealedLog, None, detail);
    Ok(sealed)
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
