//! The window within which commits are known by their id, across stops and kills.

use std::{fs, sync::Arc};

use store::{AppendError, Commit, EventStore, LogStore, ManualClock, StoreOptions};

use crate::support::{Directory, append, clock, commit, create, deadline};

const WINDOW: usize = 10;

fn open(directory: &Directory, clock: &Arc<ManualClock>) -> LogStore {
    let options = StoreOptions { commit_window_commits: WINDOW, ..StoreOptions::small() };
    LogStore::open(&directory.log(), Arc::<ManualClock>::clone(clock), &options).unwrap()
}

/// The newest commits are repeats with their first outcome; the one before them is not known.
async fn assert_border(store: &LogStore, commits: &[Commit]) {
    let (before, window) = commits.split_at(commits.len() - WINDOW);
    for (commit, position) in window.iter().zip(before.len() as u64..) {
        let found = store.find_commit(commit.id).await.unwrap().unwrap();
        assert_eq!((found.first.get(), found.replayed), (position, true));
        assert_eq!(append(store, commit.clone()).await, found);
    }
    let forgotten = before.last().unwrap();
    assert_eq!(store.find_commit(forgotten.id).await.unwrap(), None);
    // It is taken for a new commit, and what it expects is no longer so: it stands once all the same.
    let again = store.append(forgotten.clone(), deadline()).await;
    assert!(matches!(again, Err(AppendError::Conflict { .. })), "{again:?}");
    assert_eq!(store.head().get(), commits.len() as u64);
}

#[tokio::test]
async fn the_window_has_the_same_border_after_every_kind_of_restart() {
    let (directory, clock) = (Directory::new(), clock());
    create(&directory, &clock).close().await.unwrap();
    let mut store = open(&directory, &clock);
    let mut commits = Vec::new();
    for round in 0..6_u64 {
        for version in round * 110..(round + 1) * 110 {
            let commit = commit(1, version, 1, 10);
            append(&store, commit.clone()).await;
            commits.push(commit);
        }
        assert_border(&store, &commits).await;
        if round % 2 == 0 {
            store.close().await.unwrap();
        }
        drop(store);
        store = open(&directory, &clock);
        assert_border(&store, &commits).await;
    }
    store.close().await.unwrap();
    assert!(directory.segments().len() > 1);
    // Where the journal's beginning is gone, its commits come from the sealed log.
    fs::remove_file(&directory.segments()[0]).unwrap();
    assert_border(&open(&directory, &clock), &commits).await;
}
