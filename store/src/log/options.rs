//! How large a log's files and caches are.

use std::{path::PathBuf, time::Duration};

use crate::index::COMMIT_WINDOW_COMMITS;

const SEGMENT_BYTES: u64 = 64 << 20;
const SEGMENT_BYTES_RANGE: (u64, u64) = (4 << 10, 1 << 30);
const QUEUE_COMMITS_MAX: usize = 4_096;
const RECENT_BYTES_MAX: usize = 32 << 20;
const SLED_CACHE_BYTES: u64 = 128 << 20;
const SCRUB_BYTES_PER_SECOND: u64 = 4 << 20;
const INDEX_SNAPSHOT_RECORDS: u64 = 65_536;
const SCRUB_PAUSE: Duration = Duration::from_hours(1);

/// Sizes of one log. They may differ from one opening to the next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoreOptions {
    /// The length of a journal segment in bytes, held between 4 KiB and 1 GiB.
    pub segment_bytes: u64,
    /// How many commits may wait for the writer before appends wait themselves.
    pub queue_commits_max: usize,
    /// How many bytes of the newest records are kept in memory.
    pub recent_bytes_max: usize,
    /// The cache of the sealed log in bytes.
    pub sled_cache_bytes: u64,
    /// How many commits are recognised when they are repeated.
    pub commit_window_commits: usize,
    /// How many bytes a second are read to compare both copies in the background; 0 for none.
    pub scrub_bytes_per_second: u64,
    /// How long the comparison rests once it has gone through the whole log.
    pub scrub_pause: Duration,
    /// A snapshot of the index is written, at a clean stop and after an opening, once so many records
    /// are not in the last one; 0 for none, which makes every opening read the whole log.
    pub index_snapshot_records: u64,
    /// Which old segments of the journal are dropped; none unless asked for.
    pub retention: Option<Retention>,
}

/// Which of the journal's old segments may be dropped. Their records then have one copy, in the
/// sealed log; only segments whose sealed copy was read and compared are ever dropped.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Retention {
    /// The newest segments stay that together are at least so many bytes long; the one that is
    /// written always stays.
    pub keep_bytes: u64,
    /// Only what this backup holds is dropped, if one is named.
    pub backup: Option<PathBuf>,
}

impl Default for StoreOptions {
    fn default() -> Self {
        Self {
            segment_bytes: SEGMENT_BYTES,
            queue_commits_max: QUEUE_COMMITS_MAX,
            recent_bytes_max: RECENT_BYTES_MAX,
            sled_cache_bytes: SLED_CACHE_BYTES,
            commit_window_commits: COMMIT_WINDOW_COMMITS,
            scrub_bytes_per_second: SCRUB_BYTES_PER_SECOND,
            scrub_pause: SCRUB_PAUSE,
            index_snapshot_records: INDEX_SNAPSHOT_RECORDS,
            retention: None,
        }
    }
}

impl StoreOptions {
    /// Small files and caches, for tests: every border is crossed soon. Every opening reads the whole
    /// log.
    #[must_use]
    pub fn small() -> Self {
        Self {
            segment_bytes: 64 << 10,
            queue_commits_max: 64,
            recent_bytes_max: 64 << 10,
            sled_cache_bytes: 8 << 20,
            index_snapshot_records: 0,
            ..Self::default()
        }
    }

    /// True when the index has snapshots.
    pub(crate) const fn has_snapshots(&self) -> bool {
        self.index_snapshot_records > 0
    }

    /// The segment length within its bounds.
    pub(crate) fn bounded_segment_bytes(&self) -> u64 {
        let (least, most) = SEGMENT_BYTES_RANGE;
        self.segment_bytes.clamp(least, most)
    }
}
