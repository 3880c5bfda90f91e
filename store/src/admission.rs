//! May this commit be recorded, and where: the one decision procedure of all back ends.
//!
//! Limits are checked before a commit is queued; ids and expected versions by the one writer, who
//! sees the published index and, over it, what the same group has admitted already.

use std::collections::{HashMap, HashSet};

use events::{CommitId, EncodedEvent, Position, StreamId, StreamVersion, Timestamp};

use crate::{
    error::{AppendError, CommitRefusal},
    event_store::{
        Appended, COMMIT_BYTES_MAX, COMMIT_EVENTS_MAX, Commit, ExpectedVersion, RECORD_BYTES_MAX,
    },
    index::LogIndex,
    record::{Placement, record_bytes},
};

/// Checks what is wrong with a commit by itself; returns the size of its records in bytes.
pub(crate) fn check_limits(commit: &Commit) -> Result<usize, CommitRefusal> {
    if commit.writes.is_empty() || commit.writes.iter().any(|write| write.events.is_empty()) {
        return Err(CommitRefusal::Empty);
    }
    check_streams_differ(commit)?;
    let events: usize = commit.writes.iter().map(|write| write.events.len()).sum();
    if events > COMMIT_EVENTS_MAX {
        return Err(CommitRefusal::TooManyEvents { events, limit: COMMIT_EVENTS_MAX });
    }
    let mut total = 0;
    for (index, event) in commit.writes.iter().flat_map(|write| &write.events).enumerate() {
        let bytes = record_bytes(event);
        if bytes > RECORD_BYTES_MAX {
            return Err(CommitRefusal::RecordTooLarge { index, bytes, limit: RECORD_BYTES_MAX });
        }
        total += bytes;
    }
    if total > COMMIT_BYTES_MAX {
        return Err(CommitRefusal::TooLarge { bytes: total, limit: COMMIT_BYTES_MAX });
    }
    Ok(total)
}

fn check_streams_differ(commit: &Commit) -> Result<(), CommitRefusal> {
    if commit.writes.len() + commit.checks.len() == 1 {
        return Ok(());
    }
    let mut seen = HashSet::new();
    expectations(commit).try_for_each(|(stream, _)| {
        if seen.insert(stream) { Ok(()) } else { Err(CommitRefusal::DuplicateStream(stream)) }
    })
}

fn expectations(commit: &Commit) -> impl Iterator<Item = (StreamId, ExpectedVersion)> {
    let writes = commit.writes.iter().map(|write| (write.stream, write.expected));
    writes.chain(commit.checks.iter().map(|check| (check.stream, check.expected)))
}

/// Admits the commits of one group, one after the other.
pub(crate) struct Admission<'a> {
    published: &'a LogIndex,
    versions: HashMap<StreamId, StreamVersion>,
    commits: HashMap<CommitId, Appended>,
    next: Position,
    recorded_at: Timestamp,
}

impl<'a> Admission<'a> {
    /// A group on top of what is published, recorded at `now` or at the time of the last record,
    /// whichever is later.
    pub(crate) fn new(published: &'a LogIndex, now: Timestamp) -> Self {
        Self {
            published,
            versions: HashMap::new(),
            commits: HashMap::new(),
            next: published.next(),
            recorded_at: now.max(published.recorded_at()),
        }
    }

    /// Decides one commit; the limits are checked already. Each event of an admitted commit is
    /// handed to `record` with its place, in order. A known id is answered before anything else
    /// is looked at.
    pub(crate) fn admit(
        &mut self,
        commit: &Commit,
        mut record: impl FnMut(&EncodedEvent, &Placement),
    ) -> Result<Appended, AppendError> {
        if let Some(first_outcome) = self.find_commit(commit.id) {
            return Ok(first_outcome);
        }
        self.check_expected(commit)?;
        let first = self.next;
        let events: usize = commit.writes.iter().map(|write| write.events.len()).sum();
        let commit_events = u16::try_from(events).unwrap_or(u16::MAX);
        let mut commit_index = 0;
        for write in &commit.writes {
            let mut stream_version = write.expected.version();
            for event in &write.events {
                stream_version = stream_version.next();
                record(
                    event,
                    &Placement {
                        commit_id: commit.id,
                        commit_index,
                        commit_events,
                        stream: write.stream,
                        stream_version,
                        recorded_at: self.recorded_at,
                        position: self.next,
                    },
                );
                commit_index += 1;
                self.next = self.next.next();
            }
            self.versions.insert(write.stream, stream_version);
        }
        let (next, recorded_at) = (self.next, self.recorded_at);
        let appended = Appended { first, next, recorded_at, replayed: false };
        self.commits.insert(commit.id, Appended { replayed: true, ..appended });
        Ok(appended)
    }

    fn find_commit(&self, id: CommitId) -> Option<Appended> {
        self.commits.get(&id).copied().or_else(|| self.published.find_commit(id))
    }

    fn check_expected(&self, commit: &Commit) -> Result<(), AppendError> {
        expectations(commit).try_for_each(|(stream, expected)| {
            let actual = self.versions.get(&stream).copied();
            let actual = actual.unwrap_or_else(|| self.published.version(stream));
            let expected = expected.version();
            if actual == expected {
                Ok(())
            } else {
                Err(AppendError::Conflict { stream, expected, actual: Some(actual) })
            }
        })
    }
}
