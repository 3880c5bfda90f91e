//! A disk that fails and a writer that hangs: nothing is lost, and every answer is true.

use std::{
    fs,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use events::{Position, Timestamp};
use store::{AppendError, Clock, EventStore, LogStore, StoreOptions};
use tokio_stream::StreamExt;

use crate::support::{
    Directory, append, clock, commit, create, deadline, installation, reopen, whole_log,
};

#[tokio::test]
async fn the_first_failure_ends_appends_until_the_log_is_opened_again() {
    let (directory, clock) = (Directory::new(), clock());
    let store = create(&directory, &clock);
    append(&store, commit(1, 0, 1, 10_000)).await;
    // The next segment cannot be made while something is in its way.
    fs::create_dir(directory.file("journal").join("next.draft")).unwrap();
    let mut version = 1;
    let (failed, outcome) = loop {
        let next = commit(1, version, 1, 10_000);
        match store.append(next.clone(), deadline()).await {
            Ok(_) => version += 1,
            Err(error) => break (next, error),
        }
    };
    assert!(matches!(&outcome, AppendError::OutcomeUnknown { commit, .. } if *commit == failed.id));
    let later = store.append(commit(2, 0, 1, 1), deadline()).await;
    assert!(matches!(later, Err(AppendError::Unavailable { .. })), "{later:?}");
    assert!(store.status().failure.is_some());

    assert_eq!(store.head(), Position::new(version));
    assert_eq!(whole_log(&store).await.len() as u64, version);
    let mut subscription = store.subscribe(Position::START);
    assert!(matches!(subscription.next().await, Some(Ok(_))));
    assert!(store.close().await.is_err());

    fs::remove_dir(directory.file("journal").join("next.draft")).unwrap();
    let store = reopen(&directory, &clock);
    assert_eq!(store.head(), Position::new(version));
    assert!(!append(&store, failed.clone()).await.replayed);
    assert!(append(&store, failed).await.replayed);
    assert_eq!(store.status().failure, None);
}

/// A clock that holds whoever asks it while somebody else holds its gate.
#[derive(Default)]
struct Gate(Mutex<()>);

impl Clock for Gate {
    fn now(&self) -> Timestamp {
        let _open = self.0.lock().unwrap();
        Timestamp::EPOCH
    }
}

#[tokio::test]
#[expect(clippy::await_holding_lock, reason = "the writer is to be held while appends wait")]
async fn an_append_that_hears_nothing_in_time_is_unknown_and_one_that_never_queued_is_not_written()
{
    let (directory, gate) = (Directory::new(), Arc::new(Gate::default()));
    let options = StoreOptions { queue_commits_max: 1, ..StoreOptions::small() };
    let clock = Arc::<Gate>::clone(&gate);
    let store = LogStore::create(&directory.log(), installation(), clock, &options).unwrap();
    let commits: Vec<_> = (0..6).map(|number| commit(number, 0, 1, 10)).collect();

    let held = gate.0.lock().unwrap();
    let mut outcomes = Vec::new();
    for commit in &commits {
        let soon = Instant::now() + Duration::from_millis(30);
        outcomes.push(store.append(commit.clone(), soon).await.unwrap_err());
    }
    drop(held);
    // Two may have left the queue or stand in it; there was no room for any other.
    let unknown = |error: &AppendError| matches!(error, AppendError::OutcomeUnknown { .. });
    let queued = outcomes.iter().filter(|error| unknown(error)).count();
    assert!((1..=2).contains(&queued), "{outcomes:?}");
    let refused = outcomes.iter().filter(|e| matches!(e, AppendError::Unavailable { .. })).count();
    assert_eq!(queued + refused, commits.len());

    // Those in the queue were too late when their turn came: the writer left them out.
    for commit in &commits {
        assert!(!append(&store, commit.clone()).await.replayed);
    }
    assert_eq!(whole_log(&store).await.len(), commits.len());
}
