//! The index as bytes, as it was at an earlier position, and back.

use std::collections::HashMap;

use events::{Category, CommitId, Position, StreamId, Timestamp};
use uuid::Uuid;

use super::{CommitPlace, CommitWindow, LogIndex};
use crate::take::Take;

/// A stream takes at least so many bytes: category, id, number of positions.
const STREAM_BYTES_MIN: usize = 25;
const POSITION_BYTES: usize = 8;
/// Id, first position, time, number of events.
const COMMIT_BYTES: usize = 34;

impl LogIndex {
    /// Writes the index as it was when `until` was the next position and `recorded_at` the time of
    /// the record before it. `until` is where a commit begins. False, and nothing useful is
    /// written, when that cannot be told any more.
    pub(crate) fn write_until(
        &self,
        until: Position,
        recorded_at: Timestamp,
        bytes: &mut Vec<u8>,
    ) -> bool {
        let later = self.commits.order.iter().rev();
        let later = later.take_while(|(_, first)| *first >= until).count();
        let commits = self.commits.order.len() - later;
        let forgotten = self.total_commits - self.commits.order.len() as u64;
        if !self.knows_streams || self.commits.most == 0 || (commits == 0 && forgotten > 0) {
            return false;
        }
        for number in [until.get(), self.total_commits - later as u64, self.commits.most as u64] {
            bytes.extend_from_slice(&number.to_le_bytes());
        }
        bytes.extend_from_slice(&recorded_at.as_microseconds().to_le_bytes());
        self.write_streams(until, bytes);
        self.commits.write(commits, bytes)
    }

    fn write_streams(&self, until: Position, bytes: &mut Vec<u8>) {
        let begun =
            |positions: &Vec<u64>| positions.first().is_some_and(|first| *first < until.get());
        let count = self.streams.values().filter(|positions| begun(positions)).count() as u64;
        bytes.extend_from_slice(&count.to_le_bytes());
        for (stream, positions) in self.streams.iter().filter(|(_, positions)| begun(positions)) {
            let known = positions.partition_point(|position| *position < until.get());
            bytes.push(stream.category().number());
            bytes.extend_from_slice(stream.id().as_bytes());
            bytes.extend_from_slice(&(known as u64).to_le_bytes());
            for position in positions.iter().take(known) {
                bytes.extend_from_slice(&position.to_le_bytes());
            }
        }
    }

    /// Reads an index that was written; none when it cannot be one, or remembers fewer commits than
    /// `window` though there were more.
    pub(crate) fn read(bytes: &mut Take<'_>, window: usize) -> Option<Self> {
        let (next, total_commits) = (Position::new(bytes.u64()?), bytes.u64()?);
        let most = bytes.u64()?;
        let recorded_at = Timestamp::from_microseconds(bytes.i64()?)?;
        let streams = read_streams(bytes, next)?;
        let commits = CommitWindow::read(bytes, window)?;
        if most < window as u64 && total_commits > commits.order.len() as u64 {
            return None;
        }
        Some(Self { streams, commits, total_commits, next, recorded_at, ..Self::new(window) })
    }
}

fn read_streams(bytes: &mut Take<'_>, next: Position) -> Option<HashMap<StreamId, Vec<u64>>> {
    let count = bytes.count(STREAM_BYTES_MIN)?;
    let mut streams = HashMap::with_capacity(count);
    for _ in 0..count {
        let category = Category::from_number(bytes.u8()?)?;
        let stream = StreamId::new(category, Uuid::from_bytes(bytes.array()?));
        let events = bytes.count(POSITION_BYTES)?;
        let positions = (0..events).map(|_| bytes.u64()).collect::<Option<Vec<_>>>()?;
        let ordered = positions.is_sorted_by(|one, other| one < other);
        if !ordered || positions.last().is_none_or(|last| *last >= next.get()) {
            return None;
        }
        streams.insert(stream, positions);
    }
    Some(streams)
}

impl CommitWindow {
    /// Writes the oldest `count` commits; false when one of them is not known any more.
    fn write(&self, count: usize, bytes: &mut Vec<u8>) -> bool {
        bytes.extend_from_slice(&(count as u64).to_le_bytes());
        self.order.iter().take(count).all(|(id, first)| {
            let Some(place) = self.places.get(id).filter(|place| place.first == *first) else {
                return false;
            };
            bytes.extend_from_slice(id.as_uuid().as_bytes());
            bytes.extend_from_slice(&first.get().to_le_bytes());
            bytes.extend_from_slice(&place.recorded_at.as_microseconds().to_le_bytes());
            bytes.extend_from_slice(&place.events.to_le_bytes());
            true
        })
    }

    fn read(bytes: &mut Take<'_>, most: usize) -> Option<Self> {
        let count = bytes.count(COMMIT_BYTES)?;
        let mut window = Self::new(most);
        for _ in 0..count {
            let id = CommitId::from_uuid(Uuid::from_bytes(bytes.array()?));
            let first = Position::new(bytes.u64()?);
            let recorded_at = Timestamp::from_microseconds(bytes.i64()?)?;
            window.remember(id, CommitPlace { first, recorded_at, events: bytes.u16()? });
        }
        Some(window)
    }
}

#[cfg(test)]
mod tests {
    use events::StreamVersion;

    use super::*;
    use crate::record::Placement;

    fn record(position: u64) -> Placement {
        Placement {
            commit_id: CommitId::from_uuid(Uuid::from_u128(u128::from(position / 2))),
            commit_index: u16::from(position % 2 == 1),
            commit_events: 2,
            stream: StreamId::new(Category::Customer, Uuid::from_u128(u128::from(position % 3))),
            stream_version: StreamVersion::new(position / 3 + 1),
            recorded_at: Timestamp::EPOCH.plus_hours(i64::try_from(position / 2).unwrap()),
            position: Position::new(position),
        }
    }

    fn index(window: usize, until: u64) -> LogIndex {
        let mut index = LogIndex::new(window);
        (0..until).for_each(|position| index.apply(&record(position)).unwrap());
        index
    }

    #[test]
    fn an_index_read_back_and_brought_up_to_date_is_the_one_that_saw_everything() {
        for (window, until) in [(100, 20), (100, 2), (14, 20), (11, 20)] {
            let whole = index(window, 40);
            let mut bytes = Vec::new();
            let recorded_at = record(until - 1).recorded_at;
            assert!(whole.write_until(Position::new(until), recorded_at, &mut bytes));
            let mut read = LogIndex::read(&mut Take::new(&bytes), window).unwrap();
            for position in until..40 {
                read.apply(&record(position)).unwrap();
            }
            assert_eq!(read.streams, whole.streams);
            assert_eq!((read.next, read.recorded_at), (whole.next, whole.recorded_at));
            assert_eq!(read.total_commits, whole.total_commits);
            assert_eq!(read.commits.order, whole.commits.order, "window {window}");
            for cut in 0..bytes.len() {
                assert!(LogIndex::read(&mut Take::new(&bytes[..cut]), window).is_none());
            }
        }
        let mut bytes = Vec::new();
        assert!(!index(5, 40).write_until(Position::new(20), Timestamp::EPOCH, &mut bytes));
    }

    #[test]
    fn a_window_that_was_smaller_than_the_one_wanted_is_not_taken() {
        let mut bytes = Vec::new();
        assert!(index(6, 40).write_until(Position::new(40), record(39).recorded_at, &mut bytes));
        assert!(LogIndex::read(&mut Take::new(&bytes), 7).is_none());
        let smaller = LogIndex::read(&mut Take::new(&bytes), 4).unwrap();
        assert_eq!(smaller.commits.order, index(4, 40).commits.order);
    }
}
