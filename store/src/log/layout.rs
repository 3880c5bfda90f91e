//! Where things are in the log's directory.

use std::path::{Path, PathBuf};

/// What a segment file's name ends with.
const SEGMENT_SUFFIX: &str = ".journal";
/// What the name of a snapshot of the index ends with.
const SNAPSHOT_SUFFIX: &str = ".index";
/// What the name of a damaged sealed log begins with; a number follows.
const SET_ASIDE: &str = "sealed.damaged-";

/// The directory of one log.
#[derive(Clone, Debug)]
pub(crate) struct Layout {
    root: PathBuf,
}

impl Layout {
    /// The log in this directory.
    pub(crate) fn new(root: &Path) -> Self {
        Self { root: root.to_owned() }
    }

    /// The directory itself.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// Says whose directory it is.
    pub(crate) fn identity(&self) -> PathBuf {
        self.root.join("partnerlog.id")
    }

    /// The identity once more.
    pub(crate) fn identity_copy(&self) -> PathBuf {
        self.root.join("partnerlog.id.copy")
    }

    /// The identity while it is being written.
    pub(crate) fn identity_draft(&self) -> PathBuf {
        self.root.join("partnerlog.id.draft")
    }

    /// Held locked by the process that has the log open.
    pub(crate) fn lock(&self) -> PathBuf {
        self.root.join("lock")
    }

    /// How far commits were acknowledged.
    pub(crate) fn watermark(&self) -> PathBuf {
        self.root.join("acknowledged")
    }

    /// How far records were sealed.
    pub(crate) fn sealed_mark(&self) -> PathBuf {
        self.root.join("sealed.mark")
    }

    /// The snapshots of the index.
    pub(crate) fn index(&self) -> PathBuf {
        self.root.join("index")
    }

    /// The snapshot of the index at one position.
    pub(crate) fn index_snapshot(&self, position: u64) -> PathBuf {
        self.index().join(format!("{position:020}{SNAPSHOT_SUFFIX}"))
    }

    /// A snapshot of the index while it is being written.
    pub(crate) fn index_draft(&self) -> PathBuf {
        self.index().join("next.draft")
    }

    /// Where the journal begins on purpose.
    pub(crate) fn journal_begin(&self) -> PathBuf {
        self.root.join("journal.begin")
    }

    /// The journal's segments.
    pub(crate) fn journal(&self) -> PathBuf {
        self.root.join("journal")
    }

    /// One segment of the journal.
    pub(crate) fn segment(&self, sequence: u64) -> PathBuf {
        self.journal().join(format!("{sequence:010}{SEGMENT_SUFFIX}"))
    }

    /// The next segment while it is being prepared.
    pub(crate) fn segment_draft(&self) -> PathBuf {
        self.journal().join("next.draft")
    }

    /// The sealed log: sled's directory.
    pub(crate) fn sealed(&self) -> PathBuf {
        self.root.join("sealed")
    }

    /// Where the sealed log is put when it is damaged: the first name that is free.
    pub(crate) fn set_aside(&self) -> PathBuf {
        let candidates = (1_u64..).map(|number| self.root.join(format!("{SET_ASIDE}{number}")));
        let mut free = candidates.skip_while(|path| path.exists());
        free.next().unwrap_or_else(|| self.root.join(SET_ASIDE))
    }

    /// True for the name of a sealed log that was put aside.
    pub(crate) fn is_set_aside(name: &str) -> bool {
        name.starts_with(SET_ASIDE)
    }

    /// There when the sealed log could not be repaired while it was open: the next opening makes
    /// it again from the journal.
    pub(crate) fn sealed_distrusted(&self) -> PathBuf {
        self.root.join("sealed.distrusted")
    }

    /// Intact records that a salvaged log could not take in, because others before them are lost.
    pub(crate) fn loose_records(&self) -> PathBuf {
        self.root.join("salvaged.frames")
    }

    /// What a salvage found and did not find, in words.
    pub(crate) fn salvage_report(&self) -> PathBuf {
        self.root.join("salvage.txt")
    }

    /// A copy of the sealed log while it is being verified.
    pub(crate) fn sealed_copy(&self) -> PathBuf {
        self.root.join("sealed.verifying")
    }
}

/// The position in the name of a snapshot of the index.
pub(crate) fn snapshot_position(name: &str) -> Option<u64> {
    name.strip_suffix(SNAPSHOT_SUFFIX).and_then(|number| number.parse().ok())
}

/// The sequence number in a segment file's name.
pub(crate) fn segment_sequence(name: &str) -> Option<u64> {
    name.strip_suffix(SEGMENT_SUFFIX).and_then(|number| number.parse().ok())
}
