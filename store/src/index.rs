//! Which positions make up a stream, and where the recent commits stand: the index every back end
//! keeps in memory and rebuilds from record headers.

mod snapshot;

use std::collections::{HashMap, VecDeque};

use events::{CommitId, Position, StreamId, StreamVersion, Timestamp};

use crate::{event_store::Appended, record::Placement};

/// How many commits are remembered by their id: a repeat within this window is recognised.
pub const COMMIT_WINDOW_COMMITS: usize = 1_000_000;

/// The memory that remembering this many commits takes, in bytes: a slot of a hash table with one
/// control byte (at most 7 of 8 slots are used, and their number is a power of two), and an entry
/// of a queue whose length is a power of two. Once about twelve times the window has gone through, the
/// table has grown to twice its slots, and stays so.
#[must_use]
pub fn commit_window_bytes(commits: u64) -> u64 {
    let slot = size_of::<(CommitId, CommitPlace)>() as u64 + 1;
    let queued = size_of::<(CommitId, Position)>() as u64;
    let queue_slots = if commits == 0 { 0 } else { commits.next_power_of_two() };
    table_slots(commits) * slot + queue_slots * queued
}

fn table_slots(entries: u64) -> u64 {
    match entries {
        0 => 0,
        1..=3 => 4,
        4..=7 => 8,
        _ => (entries * 8 / 7).next_power_of_two(),
    }
}

/// How a record does not follow from the records before it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Discrepancy {
    /// Positions are not counted without gaps.
    #[error("position {found} where {expected} should follow")]
    Position {
        /// The position that should follow.
        expected: Position,
        /// The position the record states.
        found: Position,
    },
    /// A stream's versions are not counted without gaps.
    #[error("version {found} of stream {stream} where {expected} should follow")]
    StreamVersion {
        /// The stream.
        stream: StreamId,
        /// The version that should follow.
        expected: StreamVersion,
        /// The version the record states.
        found: StreamVersion,
    },
    /// A commit is not whole: another record stands where its next event should.
    #[error("event {index} of commit {commit} does not follow the record before it")]
    Commit {
        /// The commit of the record.
        commit: CommitId,
        /// The index the record states.
        index: u16,
    },
    /// The recorded time goes back.
    #[error("recorded time {found} is earlier than {previous} before it")]
    TimeWentBack {
        /// The time of the record before.
        previous: Timestamp,
        /// The time the record states.
        found: Timestamp,
    },
}

/// The commit a record must continue.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct OpenCommit {
    id: CommitId,
    next_index: u16,
    events: u16,
}

/// The index of a log, as far as it has been applied.
#[derive(Debug)]
pub(crate) struct LogIndex {
    streams: HashMap<StreamId, Vec<u64>>,
    commits: CommitWindow,
    open_commit: Option<OpenCommit>,
    total_commits: u64,
    next: Position,
    recorded_at: Timestamp,
    /// False when the first records were not seen: nothing is known of streams.
    knows_streams: bool,
}

impl LogIndex {
    /// The index of an empty log that remembers `window` commits.
    pub(crate) fn new(window: usize) -> Self {
        Self {
            streams: HashMap::new(),
            commits: CommitWindow::new(window),
            open_commit: None,
            total_commits: 0,
            next: Position::START,
            recorded_at: Timestamp::EPOCH,
            knows_streams: true,
        }
    }

    /// The index of what comes from `next` on, without what came before: of commits and the order
    /// of records, not of streams.
    pub(crate) fn beginning_at(next: Position, window: usize) -> Self {
        Self { next, knows_streams: next == Position::START, ..Self::new(window) }
    }

    /// False when streams cannot be looked up.
    pub(crate) const fn knows_streams(&self) -> bool {
        self.knows_streams
    }

    /// The position the next record gets.
    pub(crate) const fn next(&self) -> Position {
        self.next
    }

    /// The time of the last record.
    pub(crate) const fn recorded_at(&self) -> Timestamp {
        self.recorded_at
    }

    /// How many streams there are.
    pub(crate) fn streams(&self) -> usize {
        self.streams.len()
    }

    /// How many commits were applied.
    pub(crate) const fn total_commits(&self) -> u64 {
        self.total_commits
    }

    /// True when the last record ended its commit.
    pub(crate) const fn is_whole(&self) -> bool {
        self.open_commit.is_none()
    }

    /// The version of a stream.
    pub(crate) fn version(&self, stream: StreamId) -> StreamVersion {
        self.streams.get(&stream).map_or(StreamVersion::NONE, |positions| version_of(positions))
    }

    /// The outcome of a commit within the window.
    pub(crate) fn find_commit(&self, id: CommitId) -> Option<Appended> {
        self.commits.find(id)
    }

    /// The positions of up to `max` events of a stream, from the one that made it `from`.
    pub(crate) fn positions(&self, stream: StreamId, from: StreamVersion, max: usize) -> Vec<u64> {
        let skip = usize::try_from(from.get().saturating_sub(1)).unwrap_or(usize::MAX);
        let positions = self.streams.get(&stream).map_or(&[][..], Vec::as_slice);
        positions.iter().skip(skip).take(max).copied().collect()
    }

    /// Takes the next record in. On an error nothing is changed.
    pub(crate) fn apply(&mut self, record: &Placement) -> Result<(), Discrepancy> {
        self.check_position_and_time(record)?;
        let open_commit = self.continue_commit(record)?;
        if self.knows_streams {
            self.extend_stream(record)?;
        }
        self.open_commit = open_commit;
        self.next = record.position.next();
        self.recorded_at = record.recorded_at;
        if record.commit_index == 0 {
            self.total_commits += 1;
            self.commits.insert(record);
        }
        Ok(())
    }

    fn extend_stream(&mut self, record: &Placement) -> Result<(), Discrepancy> {
        let positions = self.streams.entry(record.stream).or_default();
        let expected = version_of(positions).next();
        if record.stream_version != expected {
            let (stream, found) = (record.stream, record.stream_version);
            return Err(Discrepancy::StreamVersion { stream, expected, found });
        }
        positions.push(record.position.get());
        Ok(())
    }

    fn check_position_and_time(&self, record: &Placement) -> Result<(), Discrepancy> {
        if record.position != self.next {
            return Err(Discrepancy::Position { expected: self.next, found: record.position });
        }
        if record.recorded_at < self.recorded_at {
            let (previous, found) = (self.recorded_at, record.recorded_at);
            return Err(Discrepancy::TimeWentBack { previous, found });
        }
        Ok(())
    }

    fn continue_commit(&self, record: &Placement) -> Result<Option<OpenCommit>, Discrepancy> {
        let found = OpenCommit {
            id: record.commit_id,
            next_index: record.commit_index,
            events: record.commit_events,
        };
        let follows = self.open_commit.map_or(record.commit_index == 0, |open| open == found);
        if !follows || record.commit_index >= record.commit_events {
            return Err(Discrepancy::Commit { commit: found.id, index: found.next_index });
        }
        let next = OpenCommit { next_index: found.next_index + 1, ..found };
        Ok((next.next_index < next.events).then_some(next))
    }
}

fn version_of(positions: &[u64]) -> StreamVersion {
    StreamVersion::new(positions.len() as u64)
}

#[derive(Clone, Copy, Debug)]
struct CommitPlace {
    first: Position,
    recorded_at: Timestamp,
    events: u16,
}

/// The last commits by their id.
#[derive(Debug)]
struct CommitWindow {
    places: HashMap<CommitId, CommitPlace>,
    order: VecDeque<(CommitId, Position)>,
    most: usize,
}

impl CommitWindow {
    fn new(most: usize) -> Self {
        Self { places: HashMap::new(), order: VecDeque::new(), most }
    }

    fn find(&self, id: CommitId) -> Option<Appended> {
        self.places.get(&id).map(|place| Appended {
            first: place.first,
            next: place.first.plus(u64::from(place.events)),
            recorded_at: place.recorded_at,
            replayed: true,
        })
    }

    fn insert(&mut self, record: &Placement) {
        let place = CommitPlace {
            first: record.position,
            recorded_at: record.recorded_at,
            events: record.commit_events,
        };
        self.remember(record.commit_id, place);
    }

    fn remember(&mut self, id: CommitId, place: CommitPlace) {
        self.order.push_back((id, place.first));
        self.places.insert(id, place);
        while self.order.len() > self.most {
            self.forget_oldest();
        }
    }

    fn forget_oldest(&mut self) {
        if let Some((id, first)) = self.order.pop_front()
            && self.places.get(&id).is_some_and(|place| place.first == first)
        {
            self.places.remove(&id);
        }
    }
}

#[cfg(test)]
mod tests {
    use events::Category;
    use uuid::Uuid;

    use super::*;

    fn record(position: u64, commit: u128, index: u16, events: u16) -> Placement {
        Placement {
            commit_id: CommitId::from_uuid(Uuid::from_u128(commit)),
            commit_index: index,
            commit_events: events,
            stream: StreamId::new(Category::Customer, Uuid::from_u128(1)),
            stream_version: StreamVersion::new(position + 1),
            recorded_at: Timestamp::EPOCH,
            position: Position::new(position),
        }
    }

    #[test]
    fn a_record_that_does_not_follow_is_refused_and_changes_nothing() {
        let mut index = LogIndex::new(10);
        index.apply(&record(0, 1, 0, 2)).unwrap();
        let gap = index.apply(&record(2, 1, 1, 2));
        assert!(matches!(gap, Err(Discrepancy::Position { .. })));
        let other_commit = index.apply(&record(1, 2, 0, 1));
        assert!(matches!(other_commit, Err(Discrepancy::Commit { .. })));
        let version = Placement { stream_version: StreamVersion::new(9), ..record(1, 1, 1, 2) };
        assert!(matches!(index.apply(&version), Err(Discrepancy::StreamVersion { .. })));
        assert!(!index.is_whole());
        index.apply(&record(1, 1, 1, 2)).unwrap();
        assert!(index.is_whole());
    }

    #[test]
    fn the_memory_of_the_window_is_that_of_its_table_and_its_queue() {
        for commits in [1_u16, 3, 4, 7, 8, 100, 896, 897, 20_000] {
            let mut window = CommitWindow::new(usize::from(commits));
            for number in 0..commits {
                window.insert(&record(number.into(), number.into(), 0, 1));
            }
            let slots = table_slots(commits.into());
            let usable = if slots < 8 { slots - 1 } else { slots / 8 * 7 };
            assert_eq!(window.places.capacity() as u64, usable, "{commits} commits");
            assert!(
                window.order.capacity() as u64 <= u64::from(commits).next_power_of_two().max(4)
            );
        }
        assert_eq!(commit_window_bytes(0), 0);
    }

    #[test]
    fn only_the_last_commits_are_remembered() {
        let mut index = LogIndex::new(2);
        for position in 0..4 {
            index.apply(&record(position, u128::from(position), 0, 1)).unwrap();
        }
        let find = |commit| index.find_commit(CommitId::from_uuid(Uuid::from_u128(commit)));
        assert!(find(1).is_none());
        assert_eq!(find(3).map(|found| (found.first, found.next)), {
            Some((Position::new(3), Position::new(4)))
        });
    }
}
