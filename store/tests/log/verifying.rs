//! Verification finds what is wrong, says what is only the trace of a crash, and changes nothing.

use std::{collections::BTreeMap, fs, path::PathBuf};

use events::Position;
use store::{LogCopy, OpenError, verify};

use crate::support::{Directory, clock, create, fill, flip};

/// Every file of a log but its lock, with its bytes.
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

#[tokio::test]
async fn a_good_log_is_found_good_and_left_as_it_is() {
    let directory = Directory::new();
    let store = create(&directory, &clock());
    fill(&store, 0, 300).await;
    store.close().await.unwrap();
    let before = contents(&directory);
    let report = verify(&directory.log()).unwrap();
    assert!(report.is_good());
    assert_eq!((report.records, report.streams, report.commits), (300, 1, 300));
    assert!(contents(&directory) == before);
}

#[tokio::test]
async fn a_torn_append_is_named_and_neither_cut_nor_called_damage() {
    let directory = Directory::new();
    let store = create(&directory, &clock());
    fill(&store, 0, 5).await;
    drop(store);
    let segment = &directory.segments()[0];
    let mut bytes = fs::read(segment).unwrap();
    let end = bytes.iter().rposition(|&byte| byte != 0).unwrap() + 9;
    let end = end.next_multiple_of(8);
    bytes[end..end + 4].copy_from_slice(b"PLF1");
    fs::write(segment, bytes).unwrap();
    let before = contents(&directory);
    let report = verify(&directory.log()).unwrap();
    assert!(report.is_good(), "{report:?}");
    assert_eq!(report.records, 5);
    assert_eq!(report.torn_appends.len(), 1);
    assert!(contents(&directory) == before);
}

#[tokio::test]
async fn damage_in_the_journal_is_located() {
    let directory = Directory::new();
    let store = create(&directory, &clock());
    fill(&store, 0, 5).await;
    store.close().await.unwrap();
    flip(&directory.segments()[0], 64 + 50);
    let report = verify(&directory.log()).unwrap();
    let problem = &report.problems[0];
    assert_eq!((problem.copy, problem.position), (LogCopy::Journal, Some(Position::START)));
}

#[test]
fn there_is_nothing_to_verify_where_no_log_is() {
    let directory = Directory::new();
    assert!(matches!(verify(&directory.log()), Err(OpenError::NotFound { .. })));
}
