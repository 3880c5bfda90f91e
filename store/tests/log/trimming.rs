//! Old segments of the journal that are dropped: only with a good second copy, and the log goes on.

use std::{fs, time::Duration};

use events::Position;
use store::{
    EventStore, HealedPart, Kept, LogReader, LogStore, OpenError, ReadError, Record, Retention,
    StoreOptions, TrimReport, backup, survey, verify,
};
use tokio_stream::StreamExt;

use crate::support::{
    Directory, append, clock, commit, create, fill, flip, refusal, reopen, try_open, whole_log,
};

/// A log of 1,000 records in several segments, open.
async fn long_log() -> (Directory, LogStore, Vec<Record>) {
    let directory = Directory::new();
    let store = create(&directory, &clock());
    for round in 0..10 {
        fill(&store, round * 90, (round + 1) * 90).await;
        append(&store, commit(2, round * 10, 10, 900)).await;
    }
    let records = whole_log(&store).await;
    drop(directory.killed(&store).await);
    (directory, store, records)
}

fn all() -> Retention {
    Retention::default()
}

/// A closed log of which the journal holds the end only.
async fn trimmed_log() -> (Directory, Vec<Record>, TrimReport) {
    let (directory, store, records) = long_log().await;
    let report = store.trim(all()).await.unwrap();
    store.close().await.unwrap();
    (directory, records, report)
}

#[tokio::test]
async fn sealed_segments_are_dropped_and_the_log_still_begins_at_the_beginning() {
    let (directory, store, records) = long_log().await;
    let segments = directory.segments().len();
    let report = store.trim(all()).await.unwrap();
    assert!(report.segments > 1 && report.journal_first > Position::new(256), "{report:?}");
    assert!(report.journal_first <= store.status().sealed);
    assert_eq!(store.status().journal_first, report.journal_first);
    assert_eq!(directory.segments().len() as u64, segments as u64 - report.segments);
    assert_eq!(whole_log(&store).await, records);
    assert_eq!(store.trim(all()).await.unwrap().segments, 0);
    fill(&store, 900, 1_300).await;
    store.close().await.unwrap();
    assert!(store.trim(all()).await.is_err());

    let report = verify(&directory.log()).unwrap();
    assert!(report.is_good(), "{report:?}");
    assert_eq!((report.records, report.journal_first), (1_400, store.status().journal_first));
    assert_eq!(survey(&directory.log()).unwrap().journal_first, report.journal_first);
    let store = reopen(&directory, &clock());
    assert_eq!(store.healings(), []);
    assert_eq!(whole_log(&store).await[..1_000], records);
    let header = records[3].header();
    let in_stream = store.read_stream(header.stream, header.stream_version, 1).await.unwrap();
    assert_eq!(in_stream, records[3..4]);
    let replayed = store.find_commit(header.commit_id).await.unwrap().unwrap();
    assert_eq!(replayed.first, Position::new(3));
}

#[tokio::test]
async fn nothing_is_dropped_that_is_written_wanted_or_not_sealed() {
    let directory = Directory::new();
    let store = create(&directory, &clock());
    fill(&store, 0, 3).await;
    assert_eq!(store.trim(all()).await.unwrap().kept, Kept::Written);
    // Fewer records than a range has, in several segments: nothing of them is sealed.
    for version in 3..80 {
        append(&store, commit(1, version, 1, 3_000)).await;
    }
    let report = store.trim(all()).await.unwrap();
    assert_eq!((report.segments, report.kept), (0, Kept::Unsealed));

    let (_directory, store, _) = long_log().await;
    let much = Retention { keep_bytes: 1 << 40, backup: None };
    let report = store.trim(much).await.unwrap();
    assert_eq!((report.segments, report.kept), (0, Kept::Wanted));
    let some = Retention { keep_bytes: 100 << 10, backup: None };
    let report = store.trim(some).await.unwrap();
    assert!(report.segments > 0);
    assert_eq!(report.kept, Kept::Wanted);
}

#[tokio::test]
async fn where_a_backup_is_named_only_what_it_holds_is_dropped() {
    let (directory, store, records) = long_log().await;
    let home = tempfile::tempdir().unwrap();
    let to = home.path().join("backup");
    let retention = Retention { keep_bytes: 0, backup: Some(to.clone()) };
    let kept = |report: TrimReport| {
        assert!(matches!(report.kept, Kept::NotBackedUp { .. }), "{report:?}");
        report.segments
    };
    assert_eq!(kept(store.trim(retention.clone()).await.unwrap()), 0);

    backup(&directory.log(), &to).unwrap();
    let first = to.join("segments").join("0000000001.journal");
    let intact = fs::read(&first).unwrap();
    flip(&first, 5_000);
    assert_eq!(kept(store.trim(retention.clone()).await.unwrap()), 0);
    fs::write(&first, intact).unwrap();

    let report = store.trim(retention.clone()).await.unwrap();
    assert!(report.segments > 1, "{report:?}");
    fill(&store, 900, 1_500).await;
    // The backup goes on where it stood, though segments that it has are gone.
    assert_eq!(backup(&directory.log(), &to).unwrap().position, store.head());
    drop(directory.killed(&store).await);
    assert!(store.trim(retention).await.unwrap().segments > 0);
    let (restored, head) = (home.path().join("restored"), store.head());
    store::restore(&to, &restored, store::RestorePoint::End).unwrap();
    let restored = LogStore::open(&restored, clock(), &StoreOptions::small()).unwrap();
    assert_eq!(restored.head(), head);
    assert_eq!(whole_log(&restored).await[..1_000], records);
}

#[tokio::test]
async fn a_segment_whose_sealed_copy_is_another_is_kept() {
    let (directory, store, _) = long_log().await;
    // The journal no longer agrees with what was sealed from it.
    let segment = directory.segments()[0].clone();
    flip(&segment, 3_000);
    let report = store.trim(all()).await.unwrap();
    assert_eq!(report.segments, 0);
    assert!(matches!(report.kept, Kept::CopyInDoubt { .. }), "{report:?}");
    assert!(segment.exists());
}

#[tokio::test]
async fn a_server_that_is_told_to_drops_segments_as_they_are_sealed() {
    let (directory, store, records) = long_log().await;
    store.close().await.unwrap();
    let options = StoreOptions { retention: Some(all()), ..StoreOptions::small() };
    let store = LogStore::open(&directory.log(), clock(), &options).unwrap();
    let patience = tokio::time::Instant::now() + Duration::from_mins(1);
    while store.status().journal_first == Position::START {
        assert!(tokio::time::Instant::now() < patience, "nothing was dropped");
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    assert_eq!(whole_log(&store).await, records);
}

#[tokio::test]
async fn a_segment_that_goes_missing_is_damage_unless_it_was_dropped() {
    let (directory, store, records) = long_log().await;
    store.close().await.unwrap();
    fs::remove_file(&directory.segments()[0]).unwrap();
    assert!(!verify(&directory.log()).unwrap().is_good());
    let store = reopen(&directory, &clock());
    assert_eq!(store.healings()[0].part, HealedPart::Journal);
    assert_eq!(store.status().journal_first, Position::START);
    assert_eq!(whole_log(&store).await, records);
    store.close().await.unwrap();
    assert!(verify(&directory.log()).unwrap().is_good());
}

#[tokio::test]
async fn what_is_damaged_in_the_rest_of_a_trimmed_journal_is_healed_from_the_sealed_log() {
    let (directory, records, report) = trimmed_log().await;
    let first = report.journal_first;
    let heal = async |log: &Directory, part: HealedPart| {
        assert!(!verify(&log.log()).unwrap().is_good());
        let store = reopen(log, &clock());
        assert!(store.healings().iter().any(|healing| healing.part == part));
        assert_eq!(whole_log(&store).await, records);
        assert_eq!(store.status().journal_first, first);
        store.close().await.unwrap();
        assert!(verify(&log.log()).unwrap().is_good());
        assert_eq!(reopen(log, &clock()).healings(), []);
    };
    for offset in [70, 2_000] {
        let log = directory.snapshot();
        flip(&log.segments()[0], offset);
        heal(&log, HealedPart::Journal).await;
    }
    let log = directory.snapshot();
    fs::remove_dir_all(log.file("journal")).unwrap();
    heal(&log, HealedPart::Journal).await;
    for (file, offset) in [("journal.begin", 3), ("journal.begin", 515)] {
        let log = directory.snapshot();
        flip(&log.file(file), offset);
        heal(&log, HealedPart::Mark).await;
    }
    let log = directory.snapshot();
    fs::remove_file(log.file("journal.begin")).unwrap();
    heal(&log, HealedPart::Mark).await;
}

#[tokio::test]
async fn damage_to_what_the_sealed_log_holds_alone_is_refused_with_its_positions() {
    let (directory, _, report) = trimmed_log().await;
    fs::remove_dir_all(directory.file("sealed")).unwrap();
    let report_of_verify = verify(&directory.log()).unwrap();
    assert!(!report_of_verify.is_good());
    let OpenError::Damaged { position, reason } = refusal(&directory) else { panic!("damage") };
    assert_eq!(position, Position::START);
    assert!(reason.contains("partnerlog salvage"), "{reason}");
    let home = tempfile::tempdir().unwrap();
    let salvaged = store::salvage(&directory.log(), &home.path().join("salvaged")).unwrap();
    assert_eq!(salvaged.missing, [(Position::START, report.journal_first)]);
}

#[tokio::test]
async fn a_crash_between_the_mark_and_the_removal_is_no_damage() {
    let (directory, store, records) = long_log().await;
    let before = directory.snapshot();
    let segment = directory.segments()[0].clone();
    store.trim(all()).await.unwrap();
    drop(store);
    // The mark is durable before the first file goes.
    let mark = fs::read(directory.file("journal.begin")).unwrap();
    fs::write(before.file("journal.begin"), mark).unwrap();
    assert!(!segment.exists() && before.segments()[0].exists());
    assert!(verify(&before.log()).unwrap().is_good());
    let store = reopen(&before, &clock());
    assert_eq!(store.healings(), []);
    assert_eq!(whole_log(&store).await, records);
    assert!(store.trim(all()).await.unwrap().segments > 0);
}

#[tokio::test]
async fn beside_the_writer_the_rest_of_a_trimmed_journal_is_followed_and_the_beginning_refused() {
    let (directory, store, records) = long_log().await;
    let first = store.trim(all()).await.unwrap().journal_first;
    let reader = LogReader::follow(&directory.log()).unwrap();
    assert_eq!(reader.head(), store.head());
    let begin = usize::try_from(first.get()).unwrap();
    assert_eq!(reader.read_log(first, 2_000).await.unwrap(), records[begin..]);
    let refused = |error: ReadError| {
        assert!(matches!(&error, ReadError::Unavailable { reason }
            if reason.contains(&format!("begins at position {first}"))));
    };
    refused(reader.read_log(Position::START, 5).await.unwrap_err());
    let header = records[3].header();
    refused(reader.read_stream(header.stream, header.stream_version, 1).await.unwrap_err());
    let mut deliveries = reader.subscribe(Position::START);
    refused(deliveries.next().await.unwrap().unwrap_err());
    assert!(deliveries.next().await.is_none());

    // A follower that was there before the segments went reads on.
    fill(&store, 900, 1_500).await;
    drop(directory.killed(&store).await);
    assert!(store.trim(all()).await.unwrap().segments > 0);
    let mut deliveries = reader.subscribe(first);
    let mut seen = 0;
    while seen < 1_600 - begin {
        match deliveries.next().await.unwrap().unwrap() {
            store::Delivery::Records(page) => seen += page.len(),
            store::Delivery::CaughtUp(_) => {}
        }
    }
}

#[tokio::test]
async fn a_trimmed_log_that_is_only_read_shows_everything() {
    let (directory, records, _) = trimmed_log().await;
    let reader = LogReader::open(&directory.log()).unwrap();
    assert_eq!(reader.read_log(Position::START, 2_000).await.unwrap(), records);
    drop(reader);
    assert!(try_open(&directory).is_ok());
}
