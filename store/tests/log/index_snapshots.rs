//! The index on the disk: an opening reads only what came after it, and none the worse without it.

use std::{fs, path::PathBuf};

use events::{Position, StreamVersion};
use store::{
    EventStore, Fault, Faults, HealedPart, LogStore, Record, Retention, StoreOptions, verify,
};

use crate::support::{Directory, append, clock, commit, fill, flip, installation, whole_log};

fn options() -> StoreOptions {
    // No scrubber: what is found is found by the opening or by a reader.
    let scrub_bytes_per_second = 0;
    StoreOptions { index_snapshot_records: 256, scrub_bytes_per_second, ..StoreOptions::small() }
}

fn open(directory: &Directory) -> LogStore {
    LogStore::open(&directory.log(), clock(), &options()).unwrap()
}

/// A log of 1,000 records in several segments, closed twice, so that it has two snapshots.
async fn closed_log() -> (Directory, Vec<Record>) {
    let directory = Directory::new();
    let store = LogStore::create(&directory.log(), installation(), clock(), &options()).unwrap();
    for round in 0..6 {
        fill(&store, round * 90, (round + 1) * 90).await;
        append(&store, commit(2, round * 10, 10, 900)).await;
    }
    store.close().await.unwrap();
    let store = open(&directory);
    for round in 6..10 {
        fill(&store, round * 90, (round + 1) * 90).await;
        append(&store, commit(2, round * 10, 10, 900)).await;
    }
    let records = whole_log(&store).await;
    store.close().await.unwrap();
    assert_eq!(snapshots(&directory).len(), 2);
    (directory, records)
}

fn snapshots(directory: &Directory) -> Vec<PathBuf> {
    let entries = fs::read_dir(directory.file("index")).into_iter().flatten();
    let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

type Harm = fn(&Directory);

/// Everything is there, is found by stream and by commit, and goes on.
async fn is_whole(directory: &Directory, records: &[Record]) {
    let store = open(directory);
    assert_eq!(store.healings(), []);
    assert_eq!(whole_log(&store).await, records);
    for record in records.iter().step_by(41) {
        let header = record.header();
        let read = store.read_stream(header.stream, header.stream_version, 1).await;
        assert_eq!(read.as_deref(), Ok(std::slice::from_ref(record)));
        let found = store.find_commit(header.commit_id).await.unwrap().unwrap();
        assert!((found.first..found.next).contains(&header.position));
    }
    let versions = store.read_stream(records[0].header().stream, StreamVersion::new(1), 2_000);
    assert_eq!(versions.await.unwrap().len(), 900);
    append(&store, commit(1, 900, 1, 10)).await;
    store.close().await.unwrap();
    let report = verify(&directory.log()).unwrap();
    assert!(report.is_good(), "{report:?}");
}

#[tokio::test]
async fn an_opening_reads_only_what_came_after_the_newest_snapshot() {
    let (directory, records) = closed_log().await;
    is_whole(&directory.snapshot(), &records).await;

    // An opening that reads an old record notices this; one that does not need it does not.
    let log = directory.snapshot();
    flip(&log.segments()[0], 2_000);
    let store = open(&log);
    assert_eq!(store.healings(), []);
    assert_eq!(store.head(), Position::new(1_000));
    // Whoever reads it gets it from the other copy, and it is repaired.
    assert_eq!(whole_log(&store).await, records);
    store.close().await.unwrap();
    assert_eq!(store.healings()[0].part, HealedPart::Journal);
    assert!(verify(&log.log()).unwrap().is_good());
}

#[tokio::test]
async fn a_snapshot_that_is_gone_or_damaged_anywhere_only_costs_time() {
    let (directory, records) = closed_log().await;
    let log = directory.snapshot();
    fs::remove_dir_all(log.file("index")).unwrap();
    is_whole(&log, &records).await;
    assert!(!snapshots(&log).is_empty());

    let newest = fs::metadata(&snapshots(&directory)[1]).unwrap().len();
    let step = usize::try_from(newest / 23).unwrap();
    for offset in (0..28).step_by(5).chain((28..usize::try_from(newest).unwrap()).step_by(step)) {
        let log = directory.snapshot();
        flip(&snapshots(&log)[1], offset);
        is_whole(&log, &records).await;
        let log = directory.snapshot();
        for path in snapshots(&log) {
            let bytes = fs::read(&path).unwrap();
            fs::write(&path, &bytes[..offset.min(bytes.len())]).unwrap();
        }
        is_whole(&log, &records).await;
    }
}

#[tokio::test]
async fn only_the_last_two_are_kept() {
    let (directory, _) = closed_log().await;
    let before = snapshots(&directory);
    let store = open(&directory);
    fill(&store, 900, 1_400).await;
    store.close().await.unwrap();
    let after = snapshots(&directory);
    assert_eq!(after.len(), 2);
    assert_eq!(after[0], before[1]);
}

#[tokio::test]
async fn an_opening_that_had_to_read_much_saves_the_index_for_the_next_one() {
    let (directory, _) = closed_log().await;
    fs::remove_dir_all(directory.file("index")).unwrap();
    drop(open(&directory));
    assert_eq!(snapshots(&directory).len(), 1);
}

#[tokio::test]
async fn a_snapshot_that_cannot_be_written_harms_nothing() {
    let (directory, records) = closed_log().await;
    for fault in [Fault::ShortWrite { bytes: 100 }, Fault::FailedSync, Fault::LostRename] {
        let log = directory.snapshot();
        fs::remove_dir_all(log.file("index")).unwrap();
        let faults = Faults::under(&log.log());
        let file = if fault == Fault::LostRename { ".index" } else { "index/next.draft" };
        faults.inject(file, fault);
        drop(open(&log));
        assert!(faults.have_happened(), "{fault:?}");
        drop(faults);
        is_whole(&log, &records).await;
    }
}

#[tokio::test]
async fn a_journal_that_is_not_the_one_of_the_snapshot_is_read_and_healed() {
    let (directory, records) = closed_log().await;
    let harms: [(&str, Harm); 4] = [
        ("a segment is cut", |log| {
            let segment = &log.segments()[0];
            let bytes = fs::read(segment).unwrap();
            fs::write(segment, &bytes[..9_000]).unwrap();
        }),
        ("a segment is gone", |log| fs::remove_file(&log.segments()[0]).unwrap()),
        ("a segment has another head", |log| flip(&log.segments()[1], 20)),
        ("the journal is gone", |log| fs::remove_dir_all(log.file("journal")).unwrap()),
    ];
    for (what, harm) in harms {
        let log = directory.snapshot();
        harm(&log);
        let store = open(&log);
        assert!(!store.healings().is_empty(), "{what}");
        assert_eq!(whole_log(&store).await, records, "{what}");
        store.close().await.unwrap();
        is_whole(&log, &records).await;
    }
}

#[tokio::test]
async fn damage_to_the_sealed_log_makes_an_opening_read_everything() {
    let (directory, records) = closed_log().await;
    // One copy is damaged here, the other there: the opening sees both and heals both.
    let sealed = directory.file("sealed");
    fs::rename(sealed.join("db"), sealed.join("db.lost")).unwrap();
    fs::create_dir(sealed.join("db")).unwrap();
    flip(&directory.segments()[0], 2_000);
    let store = open(&directory);
    let parts: Vec<_> = store.healings().iter().map(|healing| healing.part).collect();
    assert!(parts.contains(&HealedPart::Journal), "{parts:?}");
    assert_eq!(whole_log(&store).await, records);
    store.close().await.unwrap();
    assert!(verify(&directory.log()).unwrap().is_good());
}

#[tokio::test]
async fn a_trimmed_log_has_snapshots_too() {
    let (directory, records) = closed_log().await;
    let store = open(&directory);
    assert!(store.trim(Retention::default()).await.unwrap().segments > 1);
    store.close().await.unwrap();
    is_whole(&directory.snapshot(), &records).await;
    fs::remove_dir_all(directory.file("index")).unwrap();
    is_whole(&directory, &records).await;
}
