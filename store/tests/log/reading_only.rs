//! A log that is only read shows everything and changes nothing.

use std::{collections::BTreeMap, fs, path::PathBuf};

use events::{Position, StreamVersion};
use store::{AppendError, EventStore, LogReader, OpenError, StoreOptions};

use crate::support::{
    Directory, append, clock, commit, create, deadline, fill, flip, reopen, whole_log,
};

/// Every file of a log with its bytes.
fn contents(directory: &Directory) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut open = vec![directory.log()];
    while let Some(path) = open.pop() {
        if path.is_dir() {
            open.extend(fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()));
        } else {
            files.insert(path.clone(), fs::read(path).unwrap());
        }
    }
    files
}

/// A log of 100 records in two streams whose process was killed, with an unfinished append.
async fn killed_log() -> Directory {
    let directory = Directory::new();
    let store = create(&directory, &clock());
    fill(&store, 0, 80).await;
    append(&store, commit(2, 0, 20, 300)).await;
    drop(store);
    let segment = &directory.segments()[0];
    let mut bytes = fs::read(segment).unwrap();
    let end = bytes.iter().rposition(|&byte| byte != 0).unwrap() + 9;
    let end = end.next_multiple_of(8);
    bytes[end..end + 4].copy_from_slice(b"PLF1");
    fs::write(segment, bytes).unwrap();
    directory
}

#[tokio::test]
async fn reading_shows_every_record_and_leaves_even_the_trace_of_a_crash() {
    let directory = killed_log().await;
    let before = contents(&directory);
    let reader = LogReader::open(&directory.log()).unwrap();
    assert_eq!(reader.head(), Position::new(100));
    let read = reader.read_log(Position::START, 1_000).await.unwrap();
    let second = read[90].header().stream;
    let in_stream = reader.read_stream(second, StreamVersion::new(11), 10).await.unwrap();
    assert_eq!(in_stream, read[90..100]);
    let first = read[0].header().commit_id;
    assert_eq!(reader.find_commit(first).await.unwrap().unwrap().first, Position::START);
    drop(reader);
    assert!(contents(&directory) == before);
    assert_eq!(read, whole_log(&reopen(&directory, &clock())).await);
}

#[tokio::test]
async fn what_the_journal_no_longer_holds_is_read_from_a_copy_of_the_sealed_log() {
    let directory = Directory::new();
    let store = create(&directory, &clock());
    for round in 0..10 {
        fill(&store, round * 90, (round + 1) * 90).await;
        append(&store, commit(2, round * 10, 10, 9_000)).await;
    }
    let all = whole_log(&store).await;
    store.close().await.unwrap();
    fs::remove_file(&directory.segments()[0]).unwrap();
    let before = contents(&directory);
    let reader = LogReader::open(&directory.log()).unwrap();
    assert_eq!(reader.read_log(Position::START, 1_000).await.unwrap(), all);
    drop(reader);
    assert!(contents(&directory) == before);
}

#[tokio::test]
async fn nothing_is_recorded_through_a_reader() {
    let directory = killed_log().await;
    let reader = LogReader::open(&directory.log()).unwrap();
    let refused = reader.append(commit(3, 0, 1, 10), deadline()).await;
    assert!(matches!(refused, Err(AppendError::Unavailable { .. })));
}

#[tokio::test]
async fn a_log_is_open_to_one_reader_or_writer_at_a_time() {
    let directory = killed_log().await;
    let reader = LogReader::open(&directory.log()).unwrap();
    let locked = |error| matches!(error, OpenError::Locked { .. });
    assert!(LogReader::open(&directory.log()).is_err_and(locked));
    let writer = store::LogStore::open(&directory.log(), clock(), &StoreOptions::small());
    assert!(writer.is_err_and(locked));
    drop(reader);
    drop(LogReader::open(&directory.log()).unwrap());
}

#[tokio::test]
async fn damage_keeps_a_reader_out_and_is_left_as_it_is() {
    let directory = killed_log().await;
    flip(&directory.segments()[0], 2_000);
    let before = contents(&directory);
    let damaged = |error| matches!(error, OpenError::Damaged { .. });
    assert!(LogReader::open(&directory.log()).is_err_and(damaged));
    assert!(contents(&directory) == before);
}
