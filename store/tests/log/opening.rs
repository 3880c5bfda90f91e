//! Which directories are opened, and which are refused with what reason.

use std::fs;

use events::Position;
use store::{EventStore, Faults, LogReader, LogStore, OpenError, StoreOptions, survey, verify};

use crate::support::{
    Directory, append, clock, commit, create, deadline, fill, installation, refusal, reopen,
    try_open, whole_log,
};

fn create_in(directory: &Directory) -> Result<LogStore, OpenError> {
    LogStore::create(&directory.log(), installation(), clock(), &StoreOptions::small())
}

#[tokio::test]
async fn a_second_opening_is_refused_while_the_log_is_open() {
    let directory = Directory::new();
    let store = create(&directory, &clock());
    assert!(matches!(refusal(&directory), OpenError::Locked { .. }));
    assert!(matches!(store::verify(&directory.log()), Err(OpenError::Locked { .. })));
    store.close().await.unwrap();
    assert!(try_open(&directory).is_ok());
}

#[test]
fn a_directory_without_a_log_is_not_found_and_not_touched() {
    let directory = Directory::new();
    assert!(matches!(refusal(&directory), OpenError::NotFound { .. }));
    assert!(!directory.log().exists());
    fs::create_dir(directory.log()).unwrap();
    assert!(matches!(refusal(&directory), OpenError::NotFound { .. }));
    assert_eq!(fs::read_dir(directory.log()).unwrap().count(), 0);
}

#[test]
fn a_foreign_directory_is_refused_and_not_touched() {
    let directory = Directory::new();
    fs::create_dir(directory.log()).unwrap();
    fs::write(directory.file("thesis.txt"), "mine").unwrap();
    assert!(matches!(refusal(&directory), OpenError::NotOurs { .. }));
    assert!(matches!(create_in(&directory), Err(OpenError::NotEmpty { .. })));
    assert!(matches!(store::verify(&directory.log()), Err(OpenError::NotOurs { .. })));
    assert_eq!(fs::read_dir(directory.log()).unwrap().count(), 1);

    fs::write(directory.file("partnerlog.id"), "something else\n").unwrap();
    assert!(matches!(refusal(&directory), OpenError::NotOurs { .. }));
    assert_eq!(fs::read_dir(directory.log()).unwrap().count(), 2);
}

#[test]
fn a_log_is_not_created_over_another() {
    let directory = Directory::new();
    drop(create(&directory, &clock()));
    assert!(matches!(create_in(&directory), Err(OpenError::NotEmpty { .. })));
}

#[test]
fn a_creation_that_broke_off_can_be_repeated() {
    let directory = Directory::new();
    fs::create_dir(directory.log()).unwrap();
    fs::write(directory.file("lock"), "").unwrap();
    fs::write(directory.file("partnerlog.id.draft"), "partner").unwrap();
    drop(create_in(&directory).unwrap());
    for missing in ["journal", "sealed"] {
        fs::remove_dir_all(directory.file(missing)).unwrap();
    }
    drop(try_open(&directory).unwrap());
}

#[test]
fn newer_and_older_formats_are_refused_and_left_as_they_are() {
    let newer = OpenError::NewerFormat { found: 2, supported: 1 };
    let older = OpenError::OlderFormat { found: 0, oldest: 1 };
    for (format, expected) in [("format 2", newer), ("format 0", older)] {
        let directory = Directory::new();
        drop(create(&directory, &clock()));
        let identity = fs::read_to_string(directory.file("partnerlog.id")).unwrap();
        let other = identity.replace("format 1", format);
        for copy in ["partnerlog.id", "partnerlog.id.copy"] {
            fs::write(directory.file(copy), &other).unwrap();
        }
        assert_eq!(refusal(&directory), expected);
        assert_eq!(verify(&directory.log()), Err(expected.clone()));
        assert_eq!(LogReader::follow(&directory.log()).err(), Some(expected));
        assert_eq!(fs::read_to_string(directory.file("partnerlog.id")).unwrap(), other);
    }
}

#[tokio::test]
async fn a_directory_that_cannot_be_written_is_refused_and_can_still_be_read_beside() {
    let directory = Directory::new();
    let store = create(&directory, &clock());
    fill(&store, 0, 300).await;
    store.close().await.unwrap();
    let faults = Faults::under(&directory.log());
    faults.forbid_changes(true);
    assert!(matches!(refusal(&directory), OpenError::Io(_)), "{:?}", refusal(&directory));
    assert!(matches!(create_in(&directory), Err(OpenError::NotEmpty { .. })));
    let reader = LogReader::follow(&directory.log()).unwrap();
    assert_eq!(reader.read_log(Position::START, 1_000).await.unwrap().len(), 300);
    assert_eq!(survey(&directory.log()).unwrap().head, Position::new(300));
    drop(reader);
    faults.forbid_changes(false);
    let store = reopen(&directory, &clock());
    assert_eq!((whole_log(&store).await.len(), store.healings()), (300, Vec::new()));

    // It becomes so while the log is open: appends end, what was acknowledged is served.
    faults.forbid_changes(true);
    let mut version = 300;
    while store.append(commit(1, version, 1, 3_000), deadline()).await.is_ok() {
        version += 1;
    }
    let later = store.append(commit(2, 0, 1, 1), deadline()).await;
    assert!(matches!(later, Err(store::AppendError::Unavailable { .. })), "{later:?}");
    assert_eq!(whole_log(&store).await.len() as u64, version);
    drop(store);
    faults.forbid_changes(false);
    assert!(reopen(&directory, &clock()).head() >= Position::new(version));
}

#[test]
fn an_identity_that_is_damaged_twice_is_refused() {
    let directory = Directory::new();
    drop(create(&directory, &clock()));
    let identity = fs::read_to_string(directory.file("partnerlog.id")).unwrap();
    for copy in ["partnerlog.id", "partnerlog.id.copy"] {
        fs::write(directory.file(copy), identity.replace("created 1", "created 2")).unwrap();
    }
    assert!(matches!(refusal(&directory), OpenError::NotOurs { .. }));
}

#[tokio::test]
async fn segments_of_another_log_are_refused() {
    let (ours, theirs) = (Directory::new(), Directory::new());
    for directory in [&ours, &theirs] {
        let store = create(directory, &clock());
        fill(&store, 0, 3).await;
        store.close().await.unwrap();
    }
    fs::copy(&theirs.segments()[0], &ours.segments()[0]).unwrap();
    assert!(matches!(refusal(&ours), OpenError::Damaged { .. }));
}

#[tokio::test]
async fn what_was_acknowledged_survives_a_kill_at_any_time() {
    let (directory, clock) = (Directory::new(), clock());
    let store = create(&directory, &clock);
    for round in 0..12 {
        fill(&store, round * 60, (round + 1) * 60).await;
        append(&store, commit(2, round * 5, 5, 3_000)).await;
        let killed = directory.killed(&store).await;
        let revived = reopen(&killed, &clock);
        assert_eq!(revived.head(), Position::new((round + 1) * 65));
        assert_eq!(whole_log(&revived).await, whole_log(&store).await);
        fill(&revived, (round + 1) * 60, (round + 1) * 60 + 2).await;
    }
    assert!(directory.segments().len() > 3);
}

#[tokio::test]
async fn a_closed_log_takes_nothing_more_and_ends_its_subscriptions() {
    use tokio_stream::StreamExt;
    let directory = Directory::new();
    let store = create(&directory, &clock());
    fill(&store, 0, 5).await;
    let subscription = store.subscribe(Position::START);
    store.close().await.unwrap();
    store.close().await.unwrap();
    let late = store.append(commit(1, 5, 1, 1), crate::support::deadline()).await;
    assert!(matches!(late, Err(store::AppendError::Unavailable { .. })), "{late:?}");
    assert_eq!(subscription.collect::<Vec<_>>().await.len(), 2);
    assert_eq!(whole_log(&store).await.len(), 5);
    drop(try_open(&directory).unwrap());
}
