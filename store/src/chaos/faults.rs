//! What can go wrong, how often, and in which order.

use std::collections::VecDeque;

use super::dice::Dice;

/// What happens to an append.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum AppendFault {
    /// The store takes nothing: it is not stored, and that is said.
    Unavailable,
    /// It is stored, and the answer is lost.
    UnknownAfterStoring,
    /// It is not stored, and nobody says so.
    UnknownWithoutStoring,
}

/// What happens to a delivery of records.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DeliveryFault {
    /// It comes a second time.
    Repeat,
    /// It begins with the records of the delivery before it.
    Overlap,
    /// An error comes in its place, and the subscription ends.
    Break,
}

/// How often what goes wrong by chance, of a thousand times.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ChaosPlan {
    /// The same seed gives the same faults to the same calls.
    pub seed: u64,
    /// Appends that are refused.
    pub unavailable_per_mille: u16,
    /// Appends that are stored while the answer is lost.
    pub unknown_after_storing_per_mille: u16,
    /// Appends that are lost.
    pub unknown_without_storing_per_mille: u16,
    /// Reads that show no more than the reads before.
    pub stale_per_mille: u16,
    /// Deliveries that come twice.
    pub repeat_per_mille: u16,
    /// Deliveries that begin with what was delivered before.
    pub overlap_per_mille: u16,
    /// Subscriptions that end with an error at a delivery.
    pub break_per_mille: u16,
}

impl ChaosPlan {
    /// Nothing goes wrong by chance.
    pub const BENIGN: Self = Self {
        seed: 0,
        unavailable_per_mille: 0,
        unknown_after_storing_per_mille: 0,
        unknown_without_storing_per_mille: 0,
        stale_per_mille: 0,
        repeat_per_mille: 0,
        overlap_per_mille: 0,
        break_per_mille: 0,
    };

    /// Everything goes wrong now and then: every third append, every fifth read, every third
    /// delivery.
    #[must_use]
    pub const fn rough(seed: u64) -> Self {
        Self {
            seed,
            unavailable_per_mille: 100,
            unknown_after_storing_per_mille: 120,
            unknown_without_storing_per_mille: 120,
            stale_per_mille: 200,
            repeat_per_mille: 120,
            overlap_per_mille: 120,
            break_per_mille: 60,
        }
    }
}

/// How often something went wrong.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct ChaosCounts {
    /// Appends refused, but for those refused because the store was away.
    pub unavailable: u64,
    /// Appends stored without an answer.
    pub unknown_after_storing: u64,
    /// Appends lost.
    pub unknown_without_storing: u64,
    /// Reads that showed less than there was.
    pub stale_reads: u64,
    /// Deliveries repeated.
    pub repeats: u64,
    /// Deliveries that overlapped.
    pub overlaps: u64,
    /// Subscriptions broken off.
    pub breaks: u64,
}

/// What happens next, and what has happened.
#[derive(Debug)]
pub(super) struct Script {
    pub(super) appends: VecDeque<Option<AppendFault>>,
    pub(super) deliveries: VecDeque<Option<DeliveryFault>>,
    pub(super) dice: Dice,
    pub(super) counts: ChaosCounts,
}

impl Script {
    pub(super) fn new(dice: Dice) -> Self {
        let (appends, deliveries) = (VecDeque::new(), VecDeque::new());
        Self { appends, deliveries, dice, counts: ChaosCounts::default() }
    }

    pub(super) fn append_fault(&mut self, plan: &ChaosPlan) -> Option<AppendFault> {
        let fault = match self.appends.pop_front() {
            Some(scripted) => scripted,
            None if self.dice.hits(plan.unavailable_per_mille) => Some(AppendFault::Unavailable),
            None if self.dice.hits(plan.unknown_after_storing_per_mille) => {
                Some(AppendFault::UnknownAfterStoring)
            }
            None if self.dice.hits(plan.unknown_without_storing_per_mille) => {
                Some(AppendFault::UnknownWithoutStoring)
            }
            None => None,
        };
        match fault {
            Some(AppendFault::Unavailable) => self.counts.unavailable += 1,
            Some(AppendFault::UnknownAfterStoring) => self.counts.unknown_after_storing += 1,
            Some(AppendFault::UnknownWithoutStoring) => self.counts.unknown_without_storing += 1,
            None => {}
        }
        fault
    }

    pub(super) fn delivery_fault(&mut self, plan: &ChaosPlan) -> Option<DeliveryFault> {
        let fault = match self.deliveries.pop_front() {
            Some(scripted) => scripted,
            None if self.dice.hits(plan.break_per_mille) => Some(DeliveryFault::Break),
            None if self.dice.hits(plan.repeat_per_mille) => Some(DeliveryFault::Repeat),
            None if self.dice.hits(plan.overlap_per_mille) => Some(DeliveryFault::Overlap),
            None => None,
        };
        match fault {
            Some(DeliveryFault::Repeat) => self.counts.repeats += 1,
            Some(DeliveryFault::Overlap) => self.counts.overlaps += 1,
            Some(DeliveryFault::Break) => self.counts.breaks += 1,
            None => {}
        }
        fault
    }
}
