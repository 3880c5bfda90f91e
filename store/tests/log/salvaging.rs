//! A log that nothing heals: what is intact is recovered elsewhere, and the rest is named.

use std::{collections::BTreeMap, fs, path::PathBuf};

use events::Position;
use store::{LogStore, OpenError, Record, StoreOptions, salvage, verify};

use crate::support::{Directory, append, clock, commit, create, fill, flip, refusal, whole_log};

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

/// A closed log of 700 records, two to a commit at the end, without its second copy.
async fn log_with_one_copy() -> (Directory, Vec<Record>) {
    let directory = Directory::new();
    let store = create(&directory, &clock());
    fill(&store, 0, 500).await;
    for round in 0..100 {
        append(&store, commit(2, round * 2, 2, 300)).await;
    }
    let records = whole_log(&store).await;
    store.close().await.unwrap();
    fs::remove_dir_all(directory.file("sealed")).unwrap();
    (directory, records)
}

/// Where a record stands in the journal.
fn place_of(directory: &Directory, record: &Record) -> (PathBuf, usize) {
    for segment in directory.segments() {
        let bytes = fs::read(&segment).unwrap();
        let wanted = record.bytes();
        if let Some(at) = bytes.windows(wanted.len()).position(|window| window == &wanted[..]) {
            return (segment, at);
        }
    }
    panic!("the record is in no segment");
}

async fn records_in(directory: &Directory) -> Vec<Record> {
    let options = StoreOptions::small();
    let store = LogStore::open(&directory.log(), clock(), &options).unwrap();
    let records = whole_log(&store).await;
    store.close().await.unwrap();
    records
}

#[tokio::test]
async fn the_log_goes_to_the_first_hole_and_the_rest_keeps_its_positions_beside_it() {
    let (directory, records) = log_with_one_copy().await;
    // The second event of a commit of two: the commit is not whole without it.
    let (segment, at) = place_of(&directory, &records[601]);
    flip(&segment, at + 100);
    let OpenError::Damaged { position, .. } = refusal(&directory) else { panic!("damage") };
    assert_eq!(position, Position::new(601));

    let (before, target) = (contents(&directory), Directory::new());
    let report = salvage(&directory.log(), &target.log()).unwrap();
    assert!(contents(&directory) == before);
    assert_eq!(report.head, Position::new(600));
    assert_eq!(report.missing, [(Position::new(601), Position::new(602))]);
    assert_eq!(report.loose_records, 99);
    assert!(!report.is_complete() && report.contradictory.is_empty());
    assert_eq!(records_in(&target).await, records[..600]);
    assert!(verify(&target.log()).unwrap().is_good());
    let loose = fs::read(report.loose_file.unwrap()).unwrap();
    for record in records[600..601].iter().chain(&records[602..]) {
        assert!(loose.windows(record.bytes().len()).any(|bytes| bytes == &record.bytes()[..]));
    }
    let said = fs::read_to_string(target.file("salvage.txt")).unwrap();
    assert!(said.contains("positions 601 to before 602"), "{said}");
}

#[tokio::test]
async fn records_come_from_whichever_copy_has_them() {
    let directory = Directory::new();
    let store = create(&directory, &clock());
    fill(&store, 0, 300).await;
    let records = whole_log(&store).await;
    store.close().await.unwrap();
    fs::remove_file(&directory.segments()[0]).unwrap();
    for lost in ["partnerlog.id", "partnerlog.id.copy", "acknowledged", "lock"] {
        let log = directory.snapshot();
        fs::remove_file(log.file(lost)).unwrap();
        let target = Directory::new();
        let report = salvage(&log.log(), &target.log()).unwrap();
        assert!(report.is_complete(), "{report}");
        assert_eq!(records_in(&target).await, records);
    }
}

#[tokio::test]
async fn a_log_whose_identity_is_lost_is_known_by_its_segments() {
    let (directory, records) = log_with_one_copy().await;
    for copy in ["partnerlog.id", "partnerlog.id.copy"] {
        fs::write(directory.file(copy), "").unwrap();
    }
    assert!(matches!(refusal(&directory), OpenError::NotOurs { .. }));
    let target = Directory::new();
    assert!(salvage(&directory.log(), &target.log()).unwrap().is_complete());
    assert_eq!(records_in(&target).await, records);
}

#[tokio::test]
async fn a_salvage_touches_no_log_that_is_open_and_no_directory_that_is_not_empty() {
    let directory = Directory::new();
    let store = create(&directory, &clock());
    fill(&store, 0, 3).await;
    let target = Directory::new();
    let refused = salvage(&directory.log(), &target.log());
    assert!(matches!(refused, Err(OpenError::Locked { .. })));
    assert!(!target.log().exists());
    store.close().await.unwrap();
    let refused = salvage(&directory.log(), &directory.log());
    assert!(matches!(refused, Err(OpenError::NotEmpty { .. })));
}
