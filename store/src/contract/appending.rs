//! What an append promises: versions, conflicts, atomicity, limits and the recorded time.

use std::time::Instant;

use events::{Position, StreamVersion, Timestamp};

use super::{
    Harness,
    samples::{
        append, assert_well_formed, check, commit, conflict, deadline, event_with_body, simple,
        stream, whole_log, whole_stream, write,
    },
};
use crate::{
    error::{AppendError, CommitRefusal},
    event_store::{
        COMMIT_BYTES_MAX, COMMIT_EVENTS_MAX, Commit, ExpectedVersion, RECORD_BYTES_MAX, StreamWrite,
    },
    record::record_bytes,
};

/// The first append to a stream gives versions 1 to n and positions from the beginning.
pub async fn the_first_append_counts_versions_from_one(harness: &mut dyn Harness) {
    let store = harness.store();
    assert_eq!(store.head(), Position::START);
    let appended = append(&store, simple(stream(1), 0, 3)).await;
    assert_eq!((appended.first, appended.next), (Position::START, Position::new(3)));
    assert!(!appended.replayed);
    let records = whole_stream(&store, stream(1)).await;
    let versions: Vec<_> = records.iter().map(|r| r.header().stream_version.get()).collect();
    assert_eq!(versions, [1, 2, 3]);
    assert_eq!(store.head(), appended.next);
}

/// `NoStream` on a stream that exists is a conflict and writes nothing.
pub async fn no_stream_on_an_existing_stream_is_a_conflict(harness: &mut dyn Harness) {
    let store = harness.store();
    append(&store, simple(stream(1), 0, 1)).await;
    assert_eq!(conflict(&store, simple(stream(1), 0, 1)).await, stream(1));
    assert_eq!(whole_log(&store).await.len(), 1);
}

/// `Exact` is exact: neither a lower nor a higher version passes, and no hole appears.
pub async fn an_exact_version_is_neither_too_low_nor_too_high(harness: &mut dyn Harness) {
    let store = harness.store();
    append(&store, simple(stream(1), 0, 2)).await;
    for wrong in [1, 3, u64::MAX] {
        let commit = simple(stream(1), wrong, 1);
        match store.append(commit, deadline()).await {
            Err(AppendError::Conflict { expected, actual, .. }) => {
                assert_eq!(expected, StreamVersion::new(wrong));
                assert!(actual.is_none_or(|actual| actual == StreamVersion::new(2)));
            }
            other => panic!("version {wrong} of 2 must conflict, this came: {other:?}"),
        }
    }
    append(&store, simple(stream(1), 2, 1)).await;
    assert_eq!(whole_stream(&store, stream(1)).await.len(), 3);
}

/// A commit of several streams is recorded whole and together, or not at all.
pub async fn several_streams_are_written_all_or_none(harness: &mut dyn Harness) {
    let store = harness.store();
    append(&store, simple(stream(2), 0, 1)).await;
    let torn = commit(vec![write(stream(1), 0, 2), write(stream(2), 0, 2)]);
    assert_eq!(conflict(&store, torn).await, stream(2));
    assert!(whole_stream(&store, stream(1)).await.is_empty());

    let whole = commit(vec![write(stream(1), 0, 2), write(stream(2), 1, 2)]);
    let appended = append(&store, whole.clone()).await;
    let log = whole_log(&store).await;
    assert_well_formed(&log);
    let own = &log[1..];
    assert!(own.iter().all(|record| record.header().commit_id == whole.id));
    assert_eq!((appended.first.get(), appended.next.get(), own.len()), (1, 5, 4));
    let streams: Vec<_> = own.iter().map(|record| record.header().stream).collect();
    assert_eq!(streams, [stream(1), stream(1), stream(2), stream(2)]);
}

/// A stream named only in the checks must not have moved, and is not written.
pub async fn a_stream_that_was_only_read_is_checked(harness: &mut dyn Harness) {
    let store = harness.store();
    append(&store, simple(stream(1), 0, 2)).await;
    let with_check = |version| Commit {
        checks: vec![check(stream(1), version), check(stream(9), 0)],
        ..simple(stream(2), 0, 1)
    };
    assert_eq!(conflict(&store, with_check(1)).await, stream(1));
    assert_eq!(conflict(&store, with_check(0)).await, stream(1));
    append(&store, with_check(2)).await;
    assert_eq!(whole_stream(&store, stream(1)).await.len(), 2);
    assert!(whole_stream(&store, stream(9)).await.is_empty());
}

/// Empty, oversize and contradictory commits are refused, each with its reason.
pub async fn a_malformed_commit_is_refused_before_anything_is_written(harness: &mut dyn Harness) {
    let store = harness.store();
    let oversize = event_with_body(vec![0; RECORD_BYTES_MAX]);
    let large = event_with_body(vec![0; RECORD_BYTES_MAX - 1_000]);
    let holding = |events| {
        let expected = ExpectedVersion::NoStream;
        commit(vec![StreamWrite { stream: stream(1), expected, events }])
    };
    let duplicate = Commit { checks: vec![check(stream(1), 0)], ..simple(stream(1), 0, 1) };
    let refused = [
        commit(Vec::new()),
        simple(stream(1), 0, 0),
        commit(vec![write(stream(1), 0, 1), write(stream(2), 0, 0)]),
        commit(vec![write(stream(1), 0, 1), write(stream(1), 1, 1)]),
        duplicate,
        simple(stream(1), 0, COMMIT_EVENTS_MAX + 1),
        holding(vec![oversize]),
        holding(vec![large; COMMIT_BYTES_MAX / (RECORD_BYTES_MAX - 1_000) + 1]),
    ];
    let mut reasons = Vec::new();
    for commit in refused {
        match store.append(commit, deadline()).await {
            Err(AppendError::Refused(reason)) => reasons.push(reason),
            other => panic!("a refusal was due, this came: {other:?}"),
        }
    }
    assert_eq!(reasons[..3], [CommitRefusal::Empty, CommitRefusal::Empty, CommitRefusal::Empty]);
    assert_eq!(reasons[3..5], vec![CommitRefusal::DuplicateStream(stream(1)); 2]);
    assert!(matches!(reasons[5], CommitRefusal::TooManyEvents { .. }));
    assert!(matches!(reasons[6], CommitRefusal::RecordTooLarge { index: 0, .. }));
    assert!(matches!(reasons[7], CommitRefusal::TooLarge { .. }));
    assert_eq!(store.head(), Position::START);
}

/// Limits are inclusive: the most events and the most bytes are recorded and read back.
pub async fn the_largest_allowed_commit_is_recorded(harness: &mut dyn Harness) {
    let store = harness.store();
    append(&store, simple(stream(1), 0, COMMIT_EVENTS_MAX)).await;
    let header = record_bytes(&event_with_body(Vec::new()));
    let longest = event_with_body(vec![7; RECORD_BYTES_MAX - header]);
    let mut events = vec![longest; COMMIT_BYTES_MAX / RECORD_BYTES_MAX];
    let left = COMMIT_BYTES_MAX - events.len() * RECORD_BYTES_MAX;
    events.push(event_with_body(vec![8; left - header]));
    let expected = ExpectedVersion::NoStream;
    append(&store, commit(vec![StreamWrite { stream: stream(2), expected, events }])).await;

    drop(store);
    harness.reopen().await;
    let store = harness.store();
    let log = whole_log(&store).await;
    assert_well_formed(&log);
    let bytes: usize = log[COMMIT_EVENTS_MAX..].iter().map(|record| record.bytes().len()).sum();
    assert_eq!(bytes, COMMIT_BYTES_MAX);
}

/// A commit whose deadline has passed is definitely not recorded.
pub async fn a_deadline_that_has_passed_writes_nothing(harness: &mut dyn Harness) {
    let store = harness.store();
    let late = simple(stream(1), 0, 1);
    let outcome = store.append(late.clone(), Instant::now()).await;
    assert!(matches!(outcome, Err(AppendError::Unavailable { .. })), "{outcome:?}");
    append(&store, simple(stream(2), 0, 1)).await;
    assert_eq!(store.find_commit(late.id).await, Ok(None));
    assert_eq!(whole_log(&store).await.len(), 1);
}

/// The recorded time is the clock's, and stands still while the clock is behind.
pub async fn recorded_time_never_goes_back(harness: &mut dyn Harness) {
    let noon = Timestamp::from_microseconds(1_800_000_000_000_000).expect("a moment");
    let clock = harness.clock();
    let mut times = Vec::new();
    for (version, now) in [noon, noon.plus_hours(-5), noon.plus_seconds(1)].into_iter().enumerate()
    {
        clock.set(now);
        times
            .push(append(&harness.store(), simple(stream(1), version as u64, 1)).await.recorded_at);
    }
    assert_eq!(times, [noon, noon, noon.plus_seconds(1)]);

    clock.set(noon.plus_hours(-24));
    harness.reopen().await;
    let store = harness.store();
    times.push(append(&store, simple(stream(1), 3, 1)).await.recorded_at);
    let stored: Vec<_> =
        whole_log(&store).await.iter().map(|record| record.header().recorded_at).collect();
    assert_eq!(times[3], noon.plus_seconds(1));
    assert_eq!(stored, times);
}
