//! The thread that repairs what readers found damaged and, at a stated pace, walks both copies to
//! find damage before anybody needs the other copy.

use std::{
    collections::HashSet,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc::{Receiver, RecvTimeoutError},
    },
    time::Duration,
};

use events::Position;

use super::HealedPart;
use crate::{
    error::ReadError,
    log::{
        disk,
        layout::Layout,
        reader::Published,
        sealed::{RANGE_RECORDS, SealedLog},
    },
    record::Record,
};

/// How long the thread sleeps at most before it looks whether it should stop.
const NAP: Duration = Duration::from_hours(1);

/// What the thread is asked to look at.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Repair {
    /// The frames of the journal that hold the range of a position.
    Around(Position),
    /// Nothing more: end.
    Stop,
}

/// The thread's own things.
pub(crate) struct Scrubber {
    pub(crate) requests: Receiver<Repair>,
    pub(crate) published: Arc<Published>,
    pub(crate) layout: Layout,
    /// How many bytes a second are compared; 0 for none.
    pub(crate) bytes_per_second: u64,
    /// How long it rests after it has walked the whole log.
    pub(crate) pause: Duration,
    /// Set when the log is dropped or closed.
    pub(crate) stopping: Arc<AtomicBool>,
    /// Where damage was found that nothing could repair: said once.
    pub(crate) given_up: HashSet<Position>,
}

impl Scrubber {
    /// Works until told to stop.
    pub(crate) fn run(mut self) {
        let mut range = 0;
        let mut wait = if self.bytes_per_second == 0 { NAP } else { Duration::ZERO };
        loop {
            match self.requests.recv_timeout(wait) {
                Ok(Repair::Around(position)) => self.repair_around(position),
                Ok(Repair::Stop) | Err(RecvTimeoutError::Disconnected) => return,
                Err(RecvTimeoutError::Timeout) if self.bytes_per_second == 0 => {}
                Err(RecvTimeoutError::Timeout) => wait = self.walk(&mut range),
            }
            if self.stopping.load(Ordering::Relaxed) {
                return;
            }
        }
    }

    /// Compares one range; how long to rest after it.
    fn walk(&mut self, range: &mut u64) -> Duration {
        let Some(sealed) = self.published.sealed() else { return NAP };
        let from = Position::new(*range * RANGE_RECORDS);
        let head = self.published.head();
        if from >= head {
            *range = 0;
            return self.pause;
        }
        let full = *range < self.published.sealed_to().get() / RANGE_RECORDS;
        let bytes = self.compare(&sealed, *range, head.min(from.plus(RANGE_RECORDS)), full);
        self.published.metrics.scrubbed_bytes.increment(bytes);
        *range += 1;
        Duration::from_micros(bytes.saturating_mul(1_000_000) / self.bytes_per_second.max(1))
    }

    fn compare(&mut self, sealed: &SealedLog, range: u64, until: Position, full: bool) -> u64 {
        let from = Position::new(range * RANGE_RECORDS);
        let journal = self.read_journal(from, until);
        let bytes = |records: &[Record]| -> u64 {
            records.iter().map(|record| record.bytes().len() as u64).sum()
        };
        let journal_bytes = journal.as_deref().map_or(0, bytes);
        if !full {
            return journal_bytes;
        }
        match (sealed.read_checked(range), journal) {
            (Ok(sealed), Some(journal)) if sealed != journal => {
                self.give_up(from, "the journal and the sealed log differ, both intact");
            }
            (Err(error), Some(journal)) => {
                self.reseal(sealed, range, &journal, &error.to_string());
            }
            (Err(error), None) => self.give_up(from, &error.to_string()),
            (Ok(_), _) => {}
        }
        2 * journal_bytes
    }

    /// Reads from the journal, repairing what is damaged; `None` when it does not hold all of it.
    fn read_journal(&mut self, from: Position, until: Position) -> Option<Vec<Record>> {
        let mut repaired = None;
        loop {
            match self.published.read_journal(from, until) {
                Ok(records) => return records,
                Err(ReadError::Damaged { position, .. }) if repaired != Some(position) => {
                    self.repair_frame(position);
                    repaired = Some(position);
                }
                Err(error) => {
                    self.give_up(from, &error.to_string());
                    return None;
                }
            }
        }
    }

    /// What damages one frame rarely stops at its border.
    fn repair_around(&mut self, position: Position) {
        let begin = Position::new(position.get() / RANGE_RECORDS * RANGE_RECORDS);
        let until = begin.plus(RANGE_RECORDS).min(self.published.head());
        let first = self.published.journal().first();
        self.read_journal(first.map_or(begin, |first| first.max(begin)), until);
    }

    fn repair_frame(&mut self, position: Position) {
        match self.published.repair_frame(position) {
            Ok(None) => {}
            Ok(Some(positions)) => {
                let detail = "found while the log was open".to_owned();
                self.published.healings.add(HealedPart::Journal, Some(positions), detail);
            }
            Err(error) => self.give_up(position, &error.to_string()),
        }
    }

    fn reseal(&mut self, sealed: &SealedLog, range: u64, records: &[Record], found: &str) {
        let from = Position::new(range * RANGE_RECORDS);
        let written = sealed.seal(range, records).and_then(|()| sealed.sync());
        match written.and_then(|()| sealed.read_checked(range)) {
            Ok(_) => {
                let positions = (from, from.plus(RANGE_RECORDS));
                let part = HealedPart::SealedRanges;
                self.published.healings.add(part, Some(positions), found.to_owned());
            }
            Err(error) => {
                // The journal serves every read; the next opening makes the sealed log again.
                let noted = disk::create_file(&self.layout.sealed_distrusted());
                let noted = noted.err().map(|error| error.to_string()).unwrap_or_default();
                self.give_up(from, &format!("{found}; sealing it again: {error} {noted}"));
            }
        }
    }

    fn give_up(&mut self, position: Position, reason: &str) {
        if self.given_up.insert(position) {
            tracing::error!(%position, reason, "damage found that could not be repaired");
            self.published.metrics.unhealed.increment(1);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use events::{
        Category, CommitId, EncodedEvent, EventId, EventTypeId, InstallationId, SchemaVersion,
        StreamId, StreamVersion, Timestamp,
    };
    use uuid::Uuid;

    use super::*;
    use crate::{
        clock::ManualClock,
        event_store::{Commit, EventStore, ExpectedVersion, StreamWrite},
        log::{LogStore, StoreOptions, verify},
    };

    fn commit(number: u64) -> Commit {
        let event = EncodedEvent {
            event_id: EventId::from_uuid(Uuid::now_v7()),
            type_id: EventTypeId(0x0301),
            schema_version: SchemaVersion(1),
            metadata: Vec::new(),
            body: vec![1; 30],
        };
        let stream = StreamId::new(Category::Customer, Uuid::from_u128(1));
        let expected = ExpectedVersion::unchanged_since(StreamVersion::new(number));
        let writes = vec![StreamWrite { stream, expected, events: vec![event] }];
        Commit { id: CommitId::from_uuid(Uuid::now_v7()), writes, checks: Vec::new() }
    }

    #[tokio::test]
    async fn a_sealed_range_that_is_lost_while_the_log_is_open_is_sealed_again() {
        let home = tempfile::tempdir().unwrap();
        let log = home.path().join("log");
        let options =
            StoreOptions { scrub_pause: Duration::from_millis(1), ..StoreOptions::small() };
        let id = InstallationId::from_uuid(Uuid::now_v7());
        let clock = Arc::new(ManualClock::new(Timestamp::EPOCH));
        let store = LogStore::create(&log, id, clock, &options).unwrap();
        let deadline = Instant::now() + Duration::from_mins(1);
        for number in 0..600 {
            store.append(commit(number), deadline).await.unwrap();
        }
        while store.status().sealed < Position::new(512) {
            tokio::task::yield_now().await;
        }
        // The newest complete one and an older one: both are looked at, not only the last.
        for range in [1, 0] {
            let healed = store.healings().len();
            store.published.sealed().unwrap().lose(range);
            while store.healings().len() == healed {
                assert!(Instant::now() < deadline, "range {range} was not sealed again");
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
            let newest = store.healings().pop().unwrap();
            assert_eq!(newest.part, HealedPart::SealedRanges);
            let from = Position::new(range * RANGE_RECORDS);
            assert_eq!(newest.positions, Some((from, from.plus(RANGE_RECORDS))));
        }
        store.close().await.unwrap();
        assert!(verify(&log).unwrap().is_good());
    }
}
