//! Is everything there: a full check of a stopped log that changes nothing in it.

use std::{
    fs,
    path::{Path, PathBuf},
};

use events::Position;

use super::{
    disk,
    error::OpenError,
    frame::LogTag,
    healing::{self, KnownExtent},
    identity::{self, Identity},
    journal::JournalDirectory,
    layout::Layout,
    recovery,
    sealed::{self, RANGE_RECORDS, SealedError, SealedLog},
    watermark,
};
use crate::{index::LogIndex, merkle, record::Record};

/// The cache of the sealed log while it is verified, in bytes.
const CACHE_BYTES: u64 = 64 << 20;
/// How many problems are listed; one is enough to act on.
const PROBLEMS_MAX: usize = 100;

/// Which copy of the log has a problem.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum LogCopy {
    /// The journal.
    Journal,
    /// The sealed log.
    Sealed,
    /// The marks and the identity.
    Files,
}

/// Something that is not as it should be.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Problem {
    /// The first position affected, where it is known.
    pub position: Option<Position>,
    /// In which copy.
    pub copy: LogCopy,
    /// What was found.
    pub reason: String,
}

/// An append that a crash left unfinished and unacknowledged; the next start cuts it off.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TornAppend {
    /// The segment file.
    pub file: PathBuf,
    /// Where in it.
    pub offset: u64,
}

/// What a verification found.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct VerifyReport {
    /// Records that are whole and in order.
    pub records: u64,
    /// Streams they belong to.
    pub streams: u64,
    /// Commits they came with.
    pub commits: u64,
    /// Records of the sealed log, from the beginning on. Those before
    /// [`journal_first`](Self::journal_first) stand there alone, all others in the journal too.
    pub sealed_records: u64,
    /// The first position the journal holds.
    pub journal_first: Position,
    /// Not damage: the trace of a crash.
    pub torn_appends: Vec<TornAppend>,
    /// Everything wrong, up to a limit; none in a good log.
    pub problems: Vec<Problem>,
    /// Second copies that are not there; nothing is damaged by that, and the next opening makes them.
    pub missing_copies: Vec<PathBuf>,
    /// Why the next opening will not make the problems good from the other copy; none when it will.
    pub incurable: Option<String>,
}

impl VerifyReport {
    /// True when nothing is wrong.
    #[must_use]
    pub fn is_good(&self) -> bool {
        self.problems.is_empty()
    }

    fn add(&mut self, copy: LogCopy, position: Option<Position>, reason: &impl ToString) {
        if self.problems.len() < PROBLEMS_MAX {
            self.problems.push(Problem { position, copy, reason: reason.to_string() });
        }
    }
}

/// Checks checksums, order, gap-freeness and commit wholeness of every record in both copies, and
/// that the copies and the Merkle tiles agree. Takes the log's lock; needs free space for a copy
/// of the sealed log, because opening that may change it.
///
/// # Errors
/// When there is no log, it is open, or files cannot be read. Damage is no error: it is reported.
pub fn verify(directory: &Path) -> Result<VerifyReport, OpenError> {
    let (layout, identity, _lock) = identity::enter(directory)?;
    let tag = LogTag::of(identity.installation);
    let mut report = VerifyReport::default();
    let copied = SealedCopy::open(&layout, tag, &mut report)?;
    let mut index = LogIndex::new(0);
    let journal = match read_journal(&layout, &identity, &copied, &mut index, &mut report) {
        Err(OpenError::Damaged { position, reason }) => {
            report.add(LogCopy::Journal, Some(position), &reason);
            None
        }
        found => Some(found?),
    };
    report.records = index.next().get();
    report.streams = index.streams() as u64;
    report.commits = index.total_commits();
    if let Some(sealed) = &copied.sealed {
        Comparison { sealed, journal: journal.as_ref(), tag, report: &mut report }.run()?;
    }
    let known_extent = check_files(&layout, &identity, &mut report)?;
    if let Some(held) = journal.as_ref().and_then(JournalDirectory::first) {
        report.journal_first = held;
        check_begin(&layout, known_extent, held, &mut report);
    }
    let mark = watermark::read(&layout.sealed_mark())?;
    if report.sealed_records < mark.get() {
        let position = Position::new(report.sealed_records);
        report.add(LogCopy::Sealed, Some(position), &format!("it was sealed up to {mark}"));
    }
    if !report.is_good() {
        let curable =
            healing::rebuild_journal(&layout, identity.installation, 0, known_extent, None);
        report.incurable = curable.err().map(|error| error.to_string());
    }
    Ok(report)
}

/// Looks at the small files; how far the log goes by its marks.
fn check_files(
    layout: &Layout,
    identity: &Identity,
    report: &mut VerifyReport,
) -> Result<KnownExtent, OpenError> {
    for path in [layout.identity(), layout.identity_copy()] {
        let found = disk::read_file(&path)?;
        if found.is_none() && path == layout.identity_copy() {
            // Directories from before there was a second copy have none.
            report.missing_copies.push(path);
        } else if found.as_deref() != Some(identity.file_bytes().as_slice()) {
            let reason = format!("{} is damaged or missing", path.display());
            report.add(LogCopy::Files, None, &reason);
        }
    }
    let acknowledged = watermark::inspect(&layout.watermark())?;
    let sealed = watermark::inspect(&layout.sealed_mark())?;
    let begin = watermark::inspect(&layout.journal_begin())?;
    let files = [
        (acknowledged, layout.watermark()),
        (sealed, layout.sealed_mark()),
        (begin, layout.journal_begin()),
    ];
    for (_, path) in files.into_iter().filter(|(state, _)| state.damaged) {
        report.add(LogCopy::Files, None, &format!("{} is damaged", path.display()));
    }
    Ok(recovery::known_extent(begin, acknowledged, sealed))
}

/// The journal may begin later only because it was trimmed.
fn check_begin(layout: &Layout, known: KnownExtent, held: Position, report: &mut VerifyReport) {
    let reason = match known.begin {
        Some(begin) if held <= begin => return,
        None if held == Position::START => return,
        Some(begin) => format!("the journal begins at {held}; it was trimmed to {begin} only"),
        None => {
            format!("{} is missing: the journal begins later", layout.journal_begin().display())
        }
    };
    report.add(LogCopy::Journal, Some(known.begin.unwrap_or(Position::START)), &reason);
}

/// Reads the journal and what the sealed log holds before it; leaves torn appends where they are.
fn read_journal(
    layout: &Layout,
    identity: &Identity,
    copied: &SealedCopy,
    index: &mut LogIndex,
    report: &mut VerifyReport,
) -> Result<JournalDirectory, OpenError> {
    let tag = LogTag::of(identity.installation);
    let segments = recovery::segments(layout, identity, false)?;
    if let Some(sealed) = &copied.sealed {
        recovery::load_before_journal(sealed, &segments, tag, index)?;
    }
    let acknowledged = watermark::read(&layout.watermark())?;
    let scanned = recovery::scan_into(index, &segments, tag, acknowledged)?;
    let torn = scanned.torn.iter().filter_map(|torn| {
        let file = segments.get(torn.segment)?.file.path().to_owned();
        Some(TornAppend { file, offset: torn.offset })
    });
    report.torn_appends.extend(torn);
    Ok(scanned.directory)
}

/// The sealed log, opened from a copy that is removed again.
pub(super) struct SealedCopy {
    sealed: Option<SealedLog>,
    path: PathBuf,
}

impl SealedCopy {
    pub(super) fn open(
        layout: &Layout,
        tag: LogTag,
        report: &mut VerifyReport,
    ) -> Result<Self, OpenError> {
        let mut copy = Self { sealed: None, path: layout.sealed_copy() };
        copy.remove();
        if !layout.sealed().is_dir() {
            return Ok(copy);
        }
        let opened = sealed::copy(&layout.sealed(), &copy.path)
            .and_then(|()| SealedLog::open(&copy.path, tag, CACHE_BYTES));
        match opened {
            Ok(sealed) => copy.sealed = Some(sealed),
            Err(SealedError::Disk(error)) => return Err(error.into()),
            Err(error) => report.add(LogCopy::Sealed, None, &error),
        }
        Ok(copy)
    }

    /// Hands out the opened log; the copy lives on.
    pub(super) const fn take(&mut self) -> Option<SealedLog> {
        self.sealed.take()
    }

    fn remove(&self) {
        // What cannot be removed is in nobody's way and is tried again the next time.
        let _ = fs::remove_dir_all(&self.path);
    }
}

impl Drop for SealedCopy {
    fn drop(&mut self) {
        self.sealed = None;
        self.remove();
    }
}

/// Compares the sealed log with itself and with the journal, range by range.
struct Comparison<'a> {
    sealed: &'a SealedLog,
    journal: Option<&'a JournalDirectory>,
    tag: LogTag,
    report: &'a mut VerifyReport,
}

impl Comparison<'_> {
    fn run(mut self) -> Result<(), OpenError> {
        let complete = match self.sealed.complete_ranges() {
            Ok((complete, false)) => complete,
            Ok((complete, true)) => {
                let position = Position::new(complete * RANGE_RECORDS);
                self.report.add(
                    LogCopy::Sealed,
                    Some(position),
                    &"ranges after it are sealed, it is not",
                );
                complete
            }
            Err(error) => return self.note(None, error),
        };
        for range in 0..=complete {
            self.compare(range, range < complete)?;
        }
        Ok(())
    }

    fn compare(&mut self, range: u64, complete: bool) -> Result<(), OpenError> {
        let first = Position::new(range * RANGE_RECORDS);
        let found = match self.sealed.read(range) {
            Ok(Some(found)) => found,
            Ok(None) => return Ok(()),
            Err(error) => return self.note(Some(first), error),
        };
        let mut fault = None;
        if complete && found.records.len() as u64 != RANGE_RECORDS {
            fault = Some(format!("its range holds {} records", found.records.len()));
        } else if merkle::tile(&found.records) != found.tile {
            fault = Some("its tile is not that of its records".to_owned());
        } else if !self.agrees_with_journal(first, &found.records) {
            fault = Some("the journal and the sealed log differ".to_owned());
        }
        match fault {
            Some(fault) => self.report.add(LogCopy::Sealed, Some(first), &fault),
            None => self.report.sealed_records += found.records.len() as u64,
        }
        Ok(())
    }

    /// What the journal does not hold cannot disagree; a damaged journal is reported already.
    fn agrees_with_journal(&self, first: Position, records: &[Record]) -> bool {
        let Some(journal) = self.journal else { return true };
        let until = first.plus(records.len() as u64);
        let mut position = journal.first().map_or(until, |start| start.max(first));
        while position < until {
            let mut expected = Vec::new();
            let read = journal
                .run_at(position, until)
                .map(|run| run.read_records(self.tag, position, until, &mut expected));
            let skip = usize::try_from(position.get() - first.get()).unwrap_or(usize::MAX);
            let agrees = matches!(read, Some(Ok(()))) && records[skip..].starts_with(&expected);
            if !agrees || expected.is_empty() {
                return false;
            }
            position = position.plus(expected.len() as u64);
        }
        true
    }

    fn note(&mut self, position: Option<Position>, error: SealedError) -> Result<(), OpenError> {
        match error {
            SealedError::Disk(error) => Err(error.into()),
            error => {
                self.report.add(LogCopy::Sealed, position, &error);
                Ok(())
            }
        }
    }
}
