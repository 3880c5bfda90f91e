//! What was damaged in one copy of the log and made good from the other, and who does it.

mod identity;
mod journal;
mod raw;
mod scrubber;
mod sealed;

use std::{
    collections::VecDeque,
    fmt,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use events::Position;

pub(crate) use self::{
    identity::heal_identity,
    journal::{KnownExtent, RebuildError, rebuild_journal},
    raw::{files_with_records, find_records, scan_file},
    scrubber::{Repair, Scrubber},
    sealed::{OpenedSealed, open_sealed, restore_before_journal},
};
use crate::metric_definitions::count_healed;

/// How many reports are kept; the oldest are dropped first.
const HEALINGS_KEPT_MAX: usize = 1_000;

/// A part of the log that can be damaged and healed by itself.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum HealedPart {
    /// Records in the journal, from the sealed log.
    Journal,
    /// The head of a journal segment, from what its name and the identity say.
    SegmentHead,
    /// Ranges of the sealed log, from the journal.
    SealedRanges,
    /// The whole sealed log, from the journal; the damaged one was set aside.
    SealedLog,
    /// The sealed log's index of its own pages, from those pages; the damaged one was set aside.
    SealedSnapshot,
    /// A mark of how far the log goes, from the log.
    Mark,
    /// One copy of the file that says whose log it is, from the other.
    Identity,
}

impl HealedPart {
    /// Its name in metrics and reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Journal => "journal",
            Self::SegmentHead => "segment_head",
            Self::SealedRanges => "sealed_ranges",
            Self::SealedLog => "sealed_log",
            Self::SealedSnapshot => "sealed_snapshot",
            Self::Mark => "mark",
            Self::Identity => "identity",
        }
    }
}

/// One damage that was found and made good.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Healing {
    /// What was damaged.
    pub part: HealedPart,
    /// The positions affected, the first and the one after the last, where there are any.
    pub positions: Option<(Position, Position)>,
    /// What was found, and where.
    pub detail: String,
    /// True when it was found while the log was open, false when it was opened.
    pub while_open: bool,
    /// How many healings of this opening came before it.
    pub number: u64,
}

impl fmt::Display for Healing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { part, positions, detail, .. } = self;
        write!(f, "{} healed", part.name())?;
        if let Some((from, until)) = positions {
            write!(f, " at positions {from} to before {until}")?;
        }
        write!(f, ": {detail}")
    }
}

/// Everything healed since the log was opened.
#[derive(Debug, Default)]
pub(crate) struct Healings {
    list: Mutex<VecDeque<Healing>>,
    open: AtomicBool,
}

impl Healings {
    /// Reports what was healed: log, metric, and the list of the program.
    pub(crate) fn add(
        &self,
        part: HealedPart,
        positions: Option<(Position, Position)>,
        detail: String,
    ) {
        let while_open = self.open.load(Ordering::Relaxed);
        let mut list = self.list.lock().unwrap_or_else(PoisonError::into_inner);
        let number = list.back().map_or(0, |last| last.number + 1);
        let healing = Healing { part, positions, detail, while_open, number };
        tracing::warn!(part = part.name(), %healing, "damage in one copy of the log was healed");
        count_healed(part.name());
        if list.len() == HEALINGS_KEPT_MAX {
            list.pop_front();
        }
        list.push_back(healing);
    }

    /// The log is open from now on.
    pub(crate) fn opened(&self) {
        self.open.store(true, Ordering::Relaxed);
    }

    /// The reports, oldest first.
    pub(crate) fn list(&self) -> Vec<Healing> {
        self.list.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }
}
