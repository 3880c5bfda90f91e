//! Every way a disk can misbehave below an open log: the answer is true, and a restart goes on.

use events::Position;
use store::{AppendError, EventStore, Fault, Faults, LogStore, StoreOptions};

use crate::support::{Directory, append, clock, commit, create, deadline, fill, reopen, whole_log};

/// Appends commits of 3,000 bytes until one fails or `most` are in; how many succeeded.
async fn append_until_failure(store: &LogStore, from: u64, most: u64) -> u64 {
    for version in from..most {
        match store.append(commit(1, version, 1, 3_000), deadline()).await {
            Ok(_) => {}
            Err(AppendError::OutcomeUnknown { .. }) => return version,
            Err(other) => panic!("an unknown outcome was due, this came: {other}"),
        }
    }
    most
}

/// A log in a disk with one fault: whatever was acknowledged is there after a restart, which may
/// also find the one append whose outcome was unknown.
async fn survives(file: &str, fault: Fault) {
    let directory = Directory::new();
    let store = create(&directory, &clock());
    fill(&store, 0, 5).await;
    drop(store);
    let faults = Faults::under(&directory.log());
    let store = reopen(&directory, &clock());
    faults.inject(file, fault);
    let acknowledged = append_until_failure(&store, 5, 60).await;
    assert!(faults.have_happened() && acknowledged < 60, "{fault:?}");
    let later = store.append(commit(2, 0, 1, 1), deadline()).await;
    assert!(matches!(later, Err(AppendError::Unavailable { .. })), "{later:?}");
    let seen = whole_log(&store).await;
    assert_eq!(seen.len() as u64, acknowledged);
    drop(store);

    let store = reopen(&directory, &clock());
    let found = whole_log(&store).await;
    assert!((acknowledged..=acknowledged + 1).contains(&store.head().get()), "{fault:?}");
    assert_eq!(found[..seen.len()], seen);
    append(&store, commit(1, store.head().get(), 1, 3_000)).await;
}

#[tokio::test]
async fn a_write_that_ends_early_loses_nothing_acknowledged() {
    for bytes in [0, 1, 8, 31, 32, 500, 3_000] {
        survives("0000000001.journal", Fault::ShortWrite { bytes }).await;
        survives("next.draft", Fault::ShortWrite { bytes }).await;
    }
    survives("acknowledged", Fault::ShortWrite { bytes: 7 }).await;
}

#[tokio::test]
async fn a_sync_that_fails_is_not_tried_again() {
    survives("0000000001.journal", Fault::FailedSync).await;
    survives("next.draft", Fault::FailedSync).await;
}

#[tokio::test]
async fn a_segment_whose_rename_vanishes_takes_no_records() {
    survives("0000000002.journal", Fault::LostRename).await;
}

#[tokio::test]
async fn a_sealed_log_that_cannot_be_synced_is_caught_up_with_after_a_restart() {
    let directory = Directory::new();
    drop(create(&directory, &clock()));
    let faults = Faults::under(&directory.log());
    let store = reopen(&directory, &clock());
    faults.inject("sealed/db", Fault::FailedSync);
    fill(&store, 0, 600).await;
    assert!(store.close().await.is_err());
    assert!(faults.have_happened() && store.status().sealing_failure.is_some());
    assert_eq!(store.head(), Position::new(600));
    let store = reopen(&directory, &clock());
    store.close().await.unwrap();
    assert_eq!(store.status().sealed, Position::new(512));
    assert!(store::verify(&directory.log()).unwrap().is_good());
}

#[tokio::test]
async fn a_full_disk_is_refused_cleanly_and_a_restart_goes_on_once_it_is_freed() {
    let directory = Directory::new();
    drop(create(&directory, &clock()));
    let faults = Faults::under(&directory.log());
    let mut head = 0;
    for space_bytes in [0, 100, 5_000, 64 << 10, 200_000] {
        let store = reopen(&directory, &clock());
        faults.limit_space(Some(space_bytes));
        let acknowledged = append_until_failure(&store, head, head + 300).await;
        assert!(acknowledged < head + 300);
        drop(store);
        let full = LogStore::open(&directory.log(), clock(), &StoreOptions::small());
        assert!(full.is_err() || full.is_ok_and(|log| log.head().get() >= acknowledged));
        faults.limit_space(None);
        let store = reopen(&directory, &clock());
        head = store.head().get();
        assert!((acknowledged..=acknowledged + 1).contains(&head));
        append(&store, commit(1, head, 1, 10)).await;
        head += 1;
        assert_eq!(whole_log(&store).await.len() as u64, head);
    }
}

#[tokio::test]
async fn a_power_cut_at_any_operation_loses_nothing_acknowledged() {
    for operations in 0..70 {
        let directory = Directory::new();
        drop(create(&directory, &clock()));
        let faults = Faults::under(&directory.log());
        let store = reopen(&directory, &clock());
        faults.cut_power_after(operations);
        let acknowledged = append_until_failure(&store, 0, 60).await;
        assert!(faults.power_is_out());
        drop(store);
        faults.restore_power(operations).unwrap();
        let store = reopen(&directory, &clock());
        let head = store.head().get();
        assert!((acknowledged..=acknowledged + 1).contains(&head), "{acknowledged} {head}");
        append(&store, commit(1, head, 1, 10)).await;
    }
}
