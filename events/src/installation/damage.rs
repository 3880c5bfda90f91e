//! What was damaged, and made good from the other copy.

use serde::{Deserialize, Serialize};

use super::InstallationEvent;
use crate::{ids::HealingId, log::Position, personal::Clear, time::Timestamp, values::Finding};

/// A copy or file that was damaged. Stored by order: new ones go to the end.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DamagedPart {
    /// Records in the journal.
    Journal,
    /// The head of a journal segment.
    SegmentHead,
    /// Ranges of the sealed log.
    SealedRanges,
    /// The whole sealed log.
    SealedLog,
    /// The sealed log's index of its own pages.
    SealedSnapshot,
    /// A mark of how far the log goes.
    Mark,
    /// One copy of the file that says whose log it is.
    Identity,
    /// One copy of the installation's secrets.
    Secrets,
    /// Blocks of data keys in one copy.
    KeyBlocks,
    /// One copy of the credentials.
    Credentials,
}

impl DamagedPart {
    /// The part in words.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Journal => "the journal",
            Self::SegmentHead => "the head of a journal segment",
            Self::SealedRanges => "ranges of the sealed log",
            Self::SealedLog => "the sealed log",
            Self::SealedSnapshot => "the sealed log's own index",
            Self::Mark => "the mark of how far the log goes",
            Self::Identity => "a copy of the log's identity",
            Self::Secrets => "a copy of the secrets",
            Self::KeyBlocks => "a copy of the data keys",
            Self::Credentials => "a copy of the credentials",
        }
    }
}

/// When damage is found. Stored by order: new ones go to the end.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FoundBy {
    /// While the installation was opened.
    Opening,
    /// By the scrubber, or by whoever read, while it was running.
    Running,
}

/// Positions of the log, from the first to before the last.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct PositionRange {
    /// The first.
    pub from: Position,
    /// The one after the last.
    pub until: Position,
}

impl Clear for DamagedPart {}
impl Clear for FoundBy {}
impl Clear for PositionRange {}

events! {
    /// One copy of something was damaged, and was made good from the other.
    DamageHealed = 0x0501 v 1 {
        /// This healing, told from every other.
        clear healing_id: HealingId,
        /// What was damaged.
        clear part: DamagedPart,
        /// The positions affected, where there are any.
        clear positions: Option<PositionRange>,
        /// What was found, and where.
        clear finding: Finding,
        /// When in the life of the installation it was found.
        clear found_by: FoundBy,
        /// The moment.
        clear found_at: Timestamp,
    }
}

aggregate_events! {
    /// What happens to damage.
    DamageEvent in InstallationEvent {
        DamageHealed,
    }
}
