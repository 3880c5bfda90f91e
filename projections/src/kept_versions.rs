//! Which whole versions of the read model stay in memory, so that any moment is near one of them?

use std::sync::Arc;

use events::{Position, Timestamp};

use crate::read_model::ReadModel;

/// At most a fixed number of versions, evenly spread over the whole history: when there are too
/// many, the distance between them doubles and every other one goes. What is not kept is bridged
/// by a replay of at most that distance.
#[derive(Debug)]
pub(crate) struct KeptVersions {
    limit: usize,
    stride_events: u64,
    /// In the order of their positions.
    versions: Vec<Arc<ReadModel>>,
}

impl KeptVersions {
    /// Keeps up to `limit` versions (at least two), `stride_events` apart at first.
    pub(crate) fn new(limit: usize, stride_events: u64) -> Self {
        Self { limit: limit.max(2), stride_events: stride_events.max(1), versions: Vec::new() }
    }

    /// Keeps this version if it is the first of its stretch; returns those that had to go. Freeing
    /// them can take long: not for a thread that others wait for.
    pub(crate) fn offer(&mut self, model: &ReadModel) -> Vec<Arc<ReadModel>> {
        let last = self.versions.last().map_or(0, |version| self.stretch(version));
        let mut gone = Vec::new();
        if self.stretch(model) > last {
            self.versions.push(Arc::new(model.clone()));
            while self.versions.len() > self.limit {
                self.stride_events = self.stride_events.saturating_mul(2);
                gone.append(&mut self.thin_out());
            }
        }
        gone
    }

    /// The newest version at or below a position.
    pub(crate) fn at_or_below(&self, position: Position) -> Option<Arc<ReadModel>> {
        self.newest(|version| version.position() <= position)
    }

    /// The newest version that holds nothing recorded after a moment.
    pub(crate) fn at_or_before(&self, moment: Timestamp) -> Option<Arc<ReadModel>> {
        self.newest(|version| version.recorded_at().is_none_or(|recorded| recorded <= moment))
    }

    /// How many versions are kept.
    pub(crate) const fn len(&self) -> usize {
        self.versions.len()
    }

    fn newest(&self, holds: impl Fn(&ReadModel) -> bool) -> Option<Arc<ReadModel>> {
        let end = self.versions.partition_point(|version| holds(version));
        end.checked_sub(1).and_then(|index| self.versions.get(index)).map(Arc::clone)
    }

    const fn stretch(&self, model: &ReadModel) -> u64 {
        model.position().get() / self.stride_events
    }

    /// Keeps the first version of each stretch; returns the others.
    fn thin_out(&mut self) -> Vec<Arc<ReadModel>> {
        let mut last = 0;
        let (kept, gone) = std::mem::take(&mut self.versions).into_iter().partition(|version| {
            let stretch = self.stretch(version);
            let first = stretch > last;
            last = last.max(stretch);
            first
        });
        self.versions = kept;
        gone
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::History;

    fn offered(events: u128, limit: usize, stride: u64) -> (KeptVersions, History) {
        let mut kept = KeptVersions::new(limit, stride);
        let mut history = History::new();
        for number in 0..events {
            history.user(1, number);
            kept.offer(&history.model);
        }
        (kept, history)
    }

    #[test]
    fn however_long_the_history_the_number_is_bounded_and_no_moment_is_far_from_a_version() {
        for events in [1_u32, 10, 64, 65, 1000] {
            let (kept, _) = offered(events.into(), 8, 2);
            assert!(kept.len() <= 8);
            for position in 0..=u64::from(events) {
                let below = kept.at_or_below(Position::new(position));
                let below = below.map_or(0, |version| version.position().get());
                assert!(below <= position && position - below <= kept.stride_events);
            }
            assert!(kept.stride_events <= 2.max(u64::from(events) / 2));
        }
    }

    #[test]
    fn a_version_is_found_by_the_time_of_its_last_event() {
        let (kept, history) = offered(20, 8, 4);
        let recorded_at = |position: usize| history.events[position - 1].recorded_at;
        let found = |moment| kept.at_or_before(moment).map(|version| version.position().get());
        assert_eq!(found(recorded_at(8)), Some(8));
        assert_eq!(found(recorded_at(8).plus_seconds(-1)), Some(4));
        assert_eq!(found(recorded_at(4).plus_seconds(-1)), None);
        assert_eq!(found(recorded_at(20).plus_hours(1)), Some(20));
    }
}
