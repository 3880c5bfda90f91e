//! What is in a log's directory, told from outside: beside a running server or of a stopped log,
//! without a lock and without a change.

use std::{
    fs::{self, Metadata},
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
};

use events::{InstallationId, Position, Timestamp};

use super::{
    disk::{self, DiskError},
    error::OpenError,
    frame::Frame,
    identity::Identity,
    journal::JournalCursor,
    layout::{Layout, segment_sequence},
    watermark,
};
use crate::index::{COMMIT_WINDOW_COMMITS, commit_window_bytes};

/// The unit of a file's blocks, in bytes, whatever the file system's own is.
const BLOCK_BYTES: u64 = 512;
/// Where the kernel lists the locks that are held.
const LOCKS: &str = "/proc/locks";

/// The state of a log at one position. Read from its journal, marks and file sizes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LogSurvey {
    /// Whose log it is.
    pub installation: InstallationId,
    /// True while a process has it open; none where the system does not tell.
    pub in_use: Option<bool>,
    /// Everything before this position is acknowledged.
    pub head: Position,
    /// Everything before this position has its second copy; the rest is in the journal alone.
    pub sealed: Position,
    /// The first position the journal holds; what comes before is in the sealed log alone.
    pub journal_first: Position,
    /// The records in the journal.
    pub records: u64,
    /// Their bytes, without frames and zeros.
    pub record_bytes: u64,
    /// The commits in the journal.
    pub commits: u64,
    /// When the newest record was recorded; none in an empty journal.
    pub recorded_at: Option<Timestamp>,
    /// The segments of the journal, those made ahead too.
    pub segments: u64,
    /// What the journal takes on the disk, in bytes.
    pub journal_disk_bytes: u64,
    /// What the sealed log takes on the disk, in bytes.
    pub sealed_disk_bytes: u64,
    /// The commits whose repeats a server with default options recognises.
    pub window_commits: u64,
    /// The most commits it recognises.
    pub window_commits_max: u64,
    /// The memory that takes, by [`commit_window_bytes`].
    pub window_bytes: u64,
    /// Bytes after the last acknowledged frame: in a stopped log the trace of a crash, which the
    /// next start keeps if it is whole and cuts off otherwise; in a running one an append that is
    /// being written.
    pub unacknowledged: Option<Unacknowledged>,
}

/// Something that stands after the last acknowledged frame.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Unacknowledged {
    /// The segment file.
    pub file: PathBuf,
    /// Where in it.
    pub offset: u64,
}

/// Looks at the log in a directory. Reads the whole journal and checks every frame.
///
/// # Errors
/// When there is no log, it is another program's or a newer one's, or anything acknowledged is
/// damaged or missing in the journal.
pub fn survey(directory: &Path) -> Result<LogSurvey, OpenError> {
    let layout = Layout::new(directory);
    let identity = Identity::read(&layout)?;
    let sealed = watermark::read(&layout.sealed_mark())?;
    let head = watermark::read(&layout.watermark())?;
    let mut journal = JournalCursor::new(&layout, &identity, Position::START);
    let first = journal.begin_with_first_held()?.min(head);
    let mut counted = Counted::default();
    journal.read_to(head, |_, _, frame| counted.add(frame))?;
    let unacknowledged = match journal.end() {
        Some((segment, offset)) if journal.is_followed_by_remains()? => {
            Some(Unacknowledged { file: segment.file.path().to_owned(), offset })
        }
        Some(_) | None => None,
    };
    let window_commits = counted.commits.min(COMMIT_WINDOW_COMMITS as u64);
    let (segments, journal_disk_bytes) =
        files_in(&layout.journal(), |name| segment_sequence(name).is_some())?;
    Ok(LogSurvey {
        installation: identity.installation,
        in_use: in_use(&layout),
        head,
        sealed: sealed.min(head),
        journal_first: first,
        records: head.get() - first.get(),
        record_bytes: counted.record_bytes,
        commits: counted.commits,
        recorded_at: counted.recorded_at,
        segments,
        journal_disk_bytes,
        sealed_disk_bytes: files_in(&layout.sealed(), |_| true)?.1,
        window_commits,
        window_commits_max: COMMIT_WINDOW_COMMITS as u64,
        window_bytes: commit_window_bytes(window_commits),
        unacknowledged,
    })
}

/// What the journal's records add up to.
#[derive(Default)]
struct Counted {
    commits: u64,
    record_bytes: u64,
    recorded_at: Option<Timestamp>,
}

impl Counted {
    fn add(&mut self, frame: &Frame) -> Result<(), OpenError> {
        for record in frame.records() {
            let record = record.map_err(|error| OpenError::Damaged {
                position: frame.first(),
                reason: error.to_string(),
            })?;
            self.commits += u64::from(record.header().commit_index == 0);
            self.record_bytes += record.bytes().len() as u64;
            self.recorded_at = Some(record.header().recorded_at);
        }
        Ok(())
    }
}

/// How many plain files of a directory count, and what they take on the disk. A file that goes
/// away meanwhile counts as nothing.
fn files_in(directory: &Path, counts: impl Fn(&str) -> bool) -> Result<(u64, u64), DiskError> {
    let names = disk::names_in(directory)?;
    let found = names.iter().filter(|name| counts(name));
    let found = found.filter_map(|name| fs::metadata(directory.join(name)).ok());
    let sizes = found.filter(Metadata::is_file).map(|file| file.blocks() * BLOCK_BYTES);
    Ok(sizes.fold((0, 0), |(files, bytes), size| (files + 1, bytes + size)))
}

/// Whether a process holds the log's lock. Asking the kernel disturbs nobody; trying to take the
/// lock would, for a moment.
fn in_use(layout: &Layout) -> Option<bool> {
    let inode = fs::metadata(layout.lock()).ok()?.ino();
    let locks = fs::read_to_string(LOCKS).ok()?;
    Some(locks.lines().any(|line| is_lock_of(line, inode)))
}

/// A line such as `2: FLOCK  ADVISORY  WRITE 28036 fe:00:10027684 0 EOF`.
fn is_lock_of(line: &str, inode: u64) -> bool {
    let words: Vec<&str> = line.split_whitespace().collect();
    words.get(1) == Some(&"FLOCK")
        && words.get(5).is_some_and(|file| file.rsplit(':').next() == Some(&inode.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lock_of_a_file_is_found_in_the_kernels_list() {
        let line = "2: FLOCK  ADVISORY  WRITE 28036 fe:00:10027684 0 EOF";
        assert!(is_lock_of(line, 10_027_684));
        assert!(!is_lock_of(line, 27_684));
        assert!(!is_lock_of("1: POSIX  ADVISORY  WRITE 28036 fe:00:10027684 0 EOF", 10_027_684));
        assert!(!is_lock_of("", 0));
    }
}
