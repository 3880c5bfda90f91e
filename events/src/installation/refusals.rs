//! Who was refused.

use super::InstallationEvent;
use crate::{log::StreamId, metadata::Actor, time::Timestamp, values::StableCode};

events! {
    /// Somebody whose identity is known was refused on grounds of security.
    AccessRefused = 0x0502 v 1 {
        /// Who was refused.
        clear caller: Actor,
        /// The stable code of the refusal.
        clear code: StableCode,
        /// The permission that was missing, where that was the reason.
        clear permission: Option<StableCode>,
        /// What was asked for.
        clear request: StableCode,
        /// At what it was aimed, where that is known.
        clear target: Option<StreamId>,
        /// When it was refused.
        clear refused_at: Timestamp,
        /// How many refusals of this caller with this code were not recorded since the one that was
        /// recorded last.
        clear suppressed: u64,
    }
}

aggregate_events! {
    /// What happens to callers who may not do what they asked for.
    RefusalEvent in InstallationEvent {
        AccessRefused,
    }
}
