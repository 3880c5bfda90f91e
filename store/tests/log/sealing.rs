//! The second copy: it follows the journal, agrees with it, and can be made again from it.

use std::fs;

use events::Position;
use store::{EventStore, verify};

use crate::support::{
    Directory, append, clock, commit, create, fill, flip, reopen, try_open, whole_log,
};

/// A log of 1,000 records, closed.
async fn closed_log() -> Directory {
    let directory = Directory::new();
    let store = create(&directory, &clock());
    for round in 0..10 {
        fill(&store, round * 90, (round + 1) * 90).await;
        append(&store, commit(2, round * 10, 10, 9_000)).await;
    }
    store.close().await.unwrap();
    assert_eq!(store.status().sealed, Position::new(768));
    directory
}

#[tokio::test]
async fn a_clean_stop_leaves_every_record_in_both_copies() {
    let directory = closed_log().await;
    let report = verify(&directory.log()).unwrap();
    assert_eq!((report.records, report.sealed_records), (1_000, 1_000));
    assert_eq!((report.streams, report.commits), (2, 910));
    assert!(report.is_good(), "{report:?}");
}

#[tokio::test]
async fn a_sealed_log_that_is_deleted_is_made_again_from_the_journal() {
    let directory = closed_log().await;
    fs::remove_dir_all(directory.file("sealed")).unwrap();
    assert!(!verify(&directory.log()).unwrap().is_good());
    let store = try_open(&directory).unwrap();
    assert_eq!(store.head(), Position::new(1_000));
    store.close().await.unwrap();
    let report = verify(&directory.log()).unwrap();
    assert_eq!(report.sealed_records, 1_000);
    assert!(report.is_good(), "{report:?}");
}

#[tokio::test]
async fn sealed_ranges_stand_in_for_journal_segments_that_were_dropped() {
    let directory = closed_log().await;
    let store = reopen(&directory, &clock());
    let (whole, window) = (whole_log(&store).await, store.find_commit(id_of(&store).await).await);
    store.close().await.unwrap();
    let sealed_only = 768;
    fs::remove_file(&directory.segments()[0]).unwrap();
    fs::remove_file(&directory.segments()[0]).unwrap();
    let store = reopen(&directory, &clock());
    assert_eq!(whole_log(&store).await, whole);
    assert_eq!(store.find_commit(id_of(&store).await).await, window);
    let from = Position::new(sealed_only - 600);
    assert_eq!(store.read_log(from, 5).await.unwrap(), whole[168..173]);
    let header = whole[3].header();
    let read = store.read_stream(header.stream, header.stream_version, 1).await.unwrap();
    assert_eq!(read, whole[3..4]);
    fill(&store, 900, 1_300).await;
    store.close().await.unwrap();
    let report = verify(&directory.log()).unwrap();
    assert!(report.is_good(), "{report:?}");
    assert_eq!((report.records, report.sealed_records), (1_400, 1_400));
}

async fn id_of(store: &store::LogStore) -> events::CommitId {
    store.read_log(Position::START, 1).await.unwrap()[0].header().commit_id
}

#[tokio::test]
async fn the_sealer_catches_up_with_what_a_kill_left_unsealed() {
    let directory = Directory::new();
    let store = create(&directory, &clock());
    fill(&store, 0, 600).await;
    let killed = directory.killed(&store).await;
    fs::remove_dir_all(killed.file("sealed")).unwrap();
    fs::remove_file(killed.file("sealed.mark")).unwrap();
    let revived = reopen(&killed, &clock());
    revived.close().await.unwrap();
    assert_eq!(revived.status().sealed, Position::new(512));
    assert!(verify(&killed.log()).unwrap().is_good());
}

#[tokio::test]
async fn a_sealed_log_that_lost_ranges_is_noticed_and_sealed_again() {
    let directory = closed_log().await;
    let db = directory.file("sealed").join("db");
    let bytes = fs::read(&db).unwrap();
    let frame = bytes.windows(4).position(|window| window == b"PLF1").unwrap();
    flip(&db, frame + 200);
    let report = verify(&directory.log()).unwrap();
    assert!(!report.is_good());
    assert_eq!(report.records, 1_000);
    reopen(&directory, &clock()).close().await.unwrap();
    let report = verify(&directory.log()).unwrap();
    assert!(report.is_good(), "{report:?}");
    assert_eq!(report.sealed_records, 1_000);
}
