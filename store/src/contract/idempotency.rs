//! What a commit id promises: a repeat changes nothing and returns the first outcome.

use futures::{FutureExt, future::select};

use super::{
    Harness,
    samples::{
        append, assert_well_formed, commit, conflict, deadline, fresh_commit_id, simple, stream,
        whole_log, whole_stream, write,
    },
};
use crate::event_store::{Appended, Commit};

/// The same commit again, at once and after others, is the first outcome and no second copy.
pub async fn a_repeated_commit_returns_the_first_outcome(harness: &mut dyn Harness) {
    let store = harness.store();
    append(&store, simple(stream(9), 0, 1)).await;
    let original = commit(vec![write(stream(1), 0, 2), write(stream(2), 0, 1)]);
    let first = append(&store, original.clone()).await;
    let repeat = Appended { replayed: true, ..first };
    assert!(!first.replayed);
    assert_eq!(append(&store, original.clone()).await, repeat);
    append(&store, simple(stream(1), 2, 5)).await;
    harness.clock().advance_seconds(3_600);
    assert_eq!(append(&store, original.clone()).await, repeat);
    assert_eq!(store.find_commit(original.id).await, Ok(Some(repeat)));
    assert_eq!(whole_log(&store).await.len(), 9);
}

/// The id is looked up first: other expectations or other events under it change nothing.
pub async fn a_repeat_is_answered_before_versions_are_checked(harness: &mut dyn Harness) {
    let store = harness.store();
    let original = simple(stream(1), 0, 1);
    let first = append(&store, original.clone()).await;
    for other in [simple(stream(1), 7, 2), simple(stream(1), 1, 1), simple(stream(3), 0, 1)] {
        let again = append(&store, Commit { id: original.id, ..other }).await;
        assert_eq!(again, Appended { replayed: true, ..first });
    }
    assert_eq!(whole_log(&store).await.len(), 1);
}

/// Repeats are recognised by a store that was stopped and opened again.
pub async fn a_repeat_is_recognised_after_a_reopen(harness: &mut dyn Harness) {
    let original = simple(stream(1), 0, 3);
    let first = append(&harness.store(), original.clone()).await;
    append(&harness.store(), simple(stream(2), 0, 1)).await;
    harness.reopen().await;
    let store = harness.store();
    let repeat = Appended { replayed: true, ..first };
    assert_eq!(store.find_commit(original.id).await, Ok(Some(repeat)));
    assert_eq!(append(&store, original).await, repeat);
    assert_eq!(whole_log(&store).await.len(), 4);
    append(&store, simple(stream(1), 3, 1)).await;
}

/// The same commit appended many times at once is recorded once, and all learn where.
pub async fn two_appends_of_one_commit_at_once_record_it_once(harness: &mut dyn Harness) {
    let store = harness.store();
    for round in 0..20 {
        let original = simple(stream(round), 0, 2);
        let appends = (0..8).map(|_| append(&store, original.clone()));
        let outcomes = futures::future::join_all(appends).await;
        let fresh = outcomes.iter().filter(|outcome| !outcome.replayed).count();
        assert_eq!(fresh, 1, "{outcomes:?}");
        assert!(outcomes.iter().all(|outcome| outcome.first == outcomes[0].first));
        assert_eq!(whole_stream(&store, stream(round)).await.len(), 2);
    }
}

/// After a conflict the commit is nowhere, and its id may still be used with better expectations.
pub async fn a_commit_that_conflicted_is_not_there_and_may_be_appended_later(
    harness: &mut dyn Harness,
) {
    let store = harness.store();
    append(&store, simple(stream(1), 0, 1)).await;
    let refused = Commit { id: fresh_commit_id(), ..simple(stream(1), 0, 1) };
    conflict(&store, refused.clone()).await;
    assert_eq!(store.find_commit(refused.id).await, Ok(None));
    drop(store);
    harness.reopen().await;
    let store = harness.store();
    assert_eq!(store.find_commit(refused.id).await, Ok(None));
    assert!(whole_log(&store).await.iter().all(|r| r.header().commit_id != refused.id));
    let later = append(&store, Commit { id: refused.id, ..simple(stream(1), 1, 1) }).await;
    assert!(!later.replayed);
}

/// An append that its caller gave up on happened once or not at all; appending again settles it.
pub async fn a_dropped_append_is_recorded_once_or_not_at_all(harness: &mut dyn Harness) {
    let store = harness.store();
    let commits: Vec<_> = (0..40).map(|number| simple(stream(number), 0, 2)).collect();
    for (number, commit) in commits.iter().enumerate() {
        let dropped = store.append(commit.clone(), deadline());
        match number % 3 {
            0 => drop(dropped),
            1 => drop(dropped.now_or_never()),
            _ => drop(select(dropped, Box::pin(tokio::task::yield_now())).await),
        }
    }
    for commit in &commits {
        append(&store, commit.clone()).await;
    }
    let log = whole_log(&store).await;
    assert_well_formed(&log);
    assert_eq!(log.len(), 80);
    for commit in &commits {
        let copies = log.iter().filter(|record| record.header().commit_id == commit.id).count();
        assert_eq!(copies, 2);
    }
}
