//! A log followed without its lock, as another process does.

use std::{fs, time::Duration};

use events::{Position, StreamVersion};
use store::{Delivery, EventStore, LogReader, OpenError, ReadError, Record, Subscription};
use tokio::time::timeout;
use tokio_stream::StreamExt;

use crate::support::{Directory, append, clock, commit, create, fill, flip, reopen, whole_log};

const PATIENCE: Duration = Duration::from_mins(1);

/// Takes deliveries until `until`.
async fn seen(deliveries: &mut Subscription, until: Position) -> Vec<Record> {
    let mut records: Vec<Record> = Vec::new();
    while records.last().is_none_or(|last| last.position().next() < until) {
        let delivery = timeout(PATIENCE, deliveries.next()).await.unwrap().unwrap().unwrap();
        if let Delivery::Records(more) = delivery {
            records.extend(more);
        }
    }
    records
}

#[tokio::test]
async fn a_follower_sees_what_is_there_and_what_comes_across_segments_and_restarts() {
    let (directory, clock) = (Directory::new(), clock());
    let mut store = create(&directory, &clock);
    fill(&store, 0, 10).await;
    let reader = LogReader::follow(&directory.log()).unwrap();
    let mut deliveries = reader.subscribe(Position::new(4));
    assert_eq!(seen(&mut deliveries, store.head()).await, whole_log(&store).await[4..]);
    let mut from = store.head();
    for round in 0..9 {
        fill(&store, 10 + round * 70, 80 + round * 70).await;
        append(&store, commit(2, round, 1, 9_000)).await;
        let all = whole_log(&store).await;
        let start = usize::try_from(from.get()).unwrap();
        assert_eq!(seen(&mut deliveries, store.head()).await, all[start..]);
        from = store.head();
        if round % 3 == 1 {
            store.close().await.unwrap();
            store = reopen(&directory, &clock);
        }
    }
    assert!(directory.segments().len() > 3);
    let stream = whole_log(&store).await[0].header().stream;
    let in_stream = reader.read_stream(stream, StreamVersion::new(600), 100).await.unwrap();
    assert_eq!(in_stream, store.read_stream(stream, StreamVersion::new(600), 100).await.unwrap());
}

#[tokio::test]
async fn a_whole_frame_is_shown_only_once_it_is_acknowledged() {
    let (directory, clock) = (Directory::new(), clock());
    let store = create(&directory, &clock);
    fill(&store, 0, 5).await;
    let mark = fs::read(directory.file("acknowledged")).unwrap();
    fill(&store, 5, 6).await;
    let acknowledged = fs::read(directory.file("acknowledged")).unwrap();
    drop(store);
    fs::write(directory.file("acknowledged"), mark).unwrap();
    let reader = LogReader::follow(&directory.log()).unwrap();
    let mut deliveries = reader.subscribe(Position::START);
    assert_eq!(seen(&mut deliveries, Position::new(5)).await.len(), 5);
    assert_eq!(reader.head(), Position::new(5));
    fs::write(directory.file("acknowledged"), acknowledged).unwrap();
    assert_eq!(seen(&mut deliveries, Position::new(6)).await.len(), 1);
}

#[tokio::test]
async fn what_a_restart_keeps_beyond_the_mark_is_acknowledged_and_shown() {
    let (directory, clock) = (Directory::new(), clock());
    let store = create(&directory, &clock);
    fill(&store, 0, 6).await;
    drop(store);
    fs::remove_file(directory.file("acknowledged")).unwrap();
    assert_eq!(LogReader::follow(&directory.log()).unwrap().head(), Position::START);
    let store = reopen(&directory, &clock);
    assert_eq!(LogReader::follow(&directory.log()).unwrap().head(), store.head());
}

#[tokio::test]
async fn following_changes_nothing_and_needs_no_lock() {
    let directory = Directory::new();
    let store = create(&directory, &clock());
    fill(&store, 0, 20).await;
    let first = LogReader::follow(&directory.log()).unwrap();
    let second = LogReader::follow(&directory.log()).unwrap();
    assert_eq!((first.head(), second.head()), (store.head(), store.head()));
    let names = |path| fs::read_dir(path).unwrap().count();
    let before = (names(directory.log()), names(directory.file("journal")));
    drop((first, second));
    store.close().await.unwrap();
    assert_eq!((names(directory.log()), names(directory.file("journal"))), before);
    let reader = LogReader::follow(&directory.log()).unwrap();
    drop(reopen(&directory, &clock()));
    drop(reader);
}

#[tokio::test]
async fn damage_ends_a_follower_with_its_position() {
    let directory = Directory::new();
    let store = create(&directory, &clock());
    fill(&store, 0, 10).await;
    let reader = LogReader::follow(&directory.log()).unwrap();
    let mut deliveries = reader.subscribe(Position::new(10));
    assert!(matches!(deliveries.next().await, Some(Ok(Delivery::CaughtUp(_)))));
    // A mark that promises more than there is.
    fill(&store, 10, 11).await;
    assert_eq!(seen(&mut deliveries, Position::new(11)).await.len(), 1);
    let mark = fs::read(directory.file("acknowledged")).unwrap();
    let newest =
        [0_usize, 512].map(|at| u64::from_le_bytes(mark[at + 8..at + 16].try_into().unwrap()));
    let at = if newest[0] > newest[1] { 512 } else { 0 };
    let mut promised = mark.clone();
    promised[at..at + 8].copy_from_slice(&12_u64.to_le_bytes());
    promised[at + 8..at + 16].copy_from_slice(&(newest[0].max(newest[1]) + 1).to_le_bytes());
    let checksum = crc32fast::hash(&promised[at..at + 16]);
    promised[at + 16..at + 20].copy_from_slice(&checksum.to_le_bytes());
    fs::write(directory.file("acknowledged"), promised).unwrap();
    let end = timeout(PATIENCE, deliveries.next()).await.unwrap();
    let expected = Position::new(11);
    assert!(matches!(end, Some(Err(ReadError::Damaged { position, .. })) if position == expected));
    assert!(deliveries.next().await.is_none());
    drop(store);

    fs::write(directory.file("acknowledged"), mark).unwrap();
    flip(&directory.segments()[0], 300);
    let refused = LogReader::follow(&directory.log()).err();
    assert!(matches!(refused, Some(OpenError::Damaged { .. })), "{refused:?}");
}

#[tokio::test]
async fn a_journal_whose_beginning_is_gone_is_not_followed() {
    let directory = Directory::new();
    let store = create(&directory, &clock());
    fill(&store, 0, 700).await;
    store.close().await.unwrap();
    fs::remove_file(&directory.segments()[0]).unwrap();
    let refused = LogReader::follow(&directory.log()).err();
    assert!(matches!(refused, Some(OpenError::Pruned { .. })), "{refused:?}");
}
