//! What holds while many writers and readers run at once.

use std::{collections::HashSet, sync::Arc};

use events::{Position, StreamId};
use tokio::task::JoinSet;

use super::{
    Harness,
    samples::{append, assert_well_formed, deadline, simple, stream, whole_log, whole_stream},
};
use crate::{
    error::AppendError,
    event_store::{Appended, EventStore},
};

const WRITERS: u128 = 16;
const ROUNDS: u32 = 25;

/// Appends one event to a stream that has `version` so far; none when another was faster.
async fn try_to_win(
    store: &Arc<dyn EventStore>,
    stream: StreamId,
    version: u64,
) -> Option<Appended> {
    match store.append(simple(stream, version, 1), deadline()).await {
        Ok(appended) => Some(appended),
        Err(AppendError::Conflict { .. }) => None,
        Err(error) => panic!("neither won nor lost: {error}"),
    }
}

/// Writers racing on one stream: exactly one wins each version, and the stream is dense.
pub async fn one_writer_wins_each_version(harness: &mut dyn Harness) {
    let store = harness.store();
    let mut writers = JoinSet::new();
    for _ in 0..WRITERS {
        let store = Arc::clone(&store);
        writers.spawn(async move {
            let mut wins = Vec::new();
            for version in 0..u64::from(ROUNDS) {
                wins.extend(try_to_win(&store, stream(1), version).await.map(|_| version));
            }
            wins
        });
    }
    let mut wins: Vec<_> = writers.join_all().await.into_iter().flatten().collect();
    wins.sort_unstable();
    assert_eq!(wins, (0..u64::from(ROUNDS)).collect::<Vec<_>>());
    assert_eq!(whole_stream(&store, stream(1)).await.len() as u64, u64::from(ROUNDS));
    assert_well_formed(&whole_log(&store).await);
}

/// Writers of their own streams never meet a conflict.
pub async fn writers_of_different_streams_never_conflict(harness: &mut dyn Harness) {
    let store = harness.store();
    run_writers(&store, 64, 5).await;
    assert_well_formed(&whole_log(&store).await);
}

/// What was acknowledged stands in the log once, where it was said to stand; nothing else does.
pub async fn positions_have_no_gaps_and_every_acknowledged_event_stands_once(
    harness: &mut dyn Harness,
) {
    let acknowledged = run_writers(&harness.store(), WRITERS, ROUNDS).await;
    harness.reopen().await;
    let store = harness.store();
    let log = whole_log(&store).await;
    assert_well_formed(&log);
    assert_eq!(store.head(), Position::new(log.len() as u64));
    let mut covered = HashSet::new();
    for appended in &acknowledged {
        assert!((appended.first.get()..appended.next.get()).all(|at| covered.insert(at)));
    }
    assert_eq!(covered.len(), log.len());
}

/// A reader that polls beside writers never misses, never sees half a commit, never goes back.
pub async fn a_reader_beside_writers_sees_whole_commits_and_no_gap(harness: &mut dyn Harness) {
    let store = harness.store();
    let writers = tokio::spawn({
        let store = Arc::clone(&store);
        async move { run_writers(&store, WRITERS, ROUNDS).await.len() }
    });
    let mut seen = Vec::new();
    let mut last_head = Position::START;
    while !writers.is_finished() || Position::new(seen.len() as u64) < store.head() {
        let head = store.head();
        assert!(head >= last_head, "the head went back");
        last_head = head;
        let from = Position::new(seen.len() as u64);
        seen.extend(store.read_log(from, usize::MAX).await.expect("the log can be read"));
        assert!(Position::new(seen.len() as u64) >= head, "a published event was not read");
        assert_well_formed(&seen);
        tokio::task::yield_now().await;
    }
    assert_eq!(writers.await.expect("the writers end") as u128, WRITERS * u128::from(ROUNDS));
    assert_eq!(seen, whole_log(&store).await);
}

/// Runs writers that each append `rounds` commits of one to three events to a stream of their own.
pub(super) async fn run_writers(
    store: &Arc<dyn EventStore>,
    writers: u128,
    rounds: u32,
) -> Vec<Appended> {
    let mut running = JoinSet::new();
    for writer in 0..writers {
        let store = Arc::clone(store);
        running.spawn(async move {
            let (mut version, mut outcomes) = (0, Vec::new());
            for round in 0..rounds {
                let events = 1 + u8::try_from(round % 3).unwrap_or_default();
                let commit = simple(stream(100 + writer), version, usize::from(events));
                outcomes.push(append(&store, commit).await);
                version += u64::from(events);
            }
            outcomes
        });
    }
    running.join_all().await.into_iter().flatten().collect()
}
