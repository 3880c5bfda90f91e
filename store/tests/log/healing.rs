//! Damage in one of the two copies: made good from the other, reported, and never served.

use std::{fs, sync::Arc, time::Duration};

use events::Position;
use store::{
    EventStore, Fault, Faults, HealedPart, LogStore, ManualClock, OpenError, Record, StoreOptions,
    verify,
};

use crate::support::{
    Directory, append, clock, commit, create, fill, flip, refusal, reopen, whole_log,
};

/// A log of 1,000 records in several segments, closed, and its records.
async fn closed_log() -> (Directory, Vec<Record>) {
    let directory = Directory::new();
    let store = create(&directory, &clock());
    for round in 0..10 {
        fill(&store, round * 90, (round + 1) * 90).await;
        append(&store, commit(2, round * 10, 10, 900)).await;
    }
    let records = whole_log(&store).await;
    store.close().await.unwrap();
    assert!(directory.segments().len() > 3);
    (directory, records)
}

/// Opens a damaged log, which must have every record and say what it healed; a second opening has
/// nothing left to heal.
async fn heals(directory: &Directory, records: &[Record], part: HealedPart) {
    let store = reopen(directory, &clock());
    let parts: Vec<_> = store.healings().iter().map(|healing| healing.part).collect();
    assert!(parts.contains(&part), "{part:?} among {parts:?}");
    assert_eq!(whole_log(&store).await, records);
    store.close().await.unwrap();
    let report = verify(&directory.log()).unwrap();
    assert!(report.is_good(), "{report:?}");
    assert_eq!(report.sealed_records, records.len() as u64);
    let store = reopen(directory, &clock());
    assert_eq!(store.healings(), []);
    append(&store, commit(9, 0, 1, 10)).await;
}

#[tokio::test]
async fn a_damaged_frame_comes_back_byte_for_byte() {
    let (directory, records) = closed_log().await;
    for offset in [64, 70, 100, 300, 20_000, 40_000] {
        let log = directory.snapshot();
        let segment = log.segments()[0].clone();
        let before = fs::read(&segment).unwrap();
        flip(&segment, offset);
        assert!(!verify(&log.log()).unwrap().is_good());
        heals(&log, &records, HealedPart::Journal).await;
        assert!(fs::read(&segment).unwrap() == before, "byte {offset}");
    }
}

#[tokio::test]
async fn many_damaged_frames_and_whole_segments_come_back() {
    let (directory, records) = closed_log().await;
    for index in 0..directory.segments().len() {
        let log = directory.snapshot();
        let segment = log.segments()[index].clone();
        let mut bytes = fs::read(&segment).unwrap();
        if bytes[64..].iter().all(|&byte| byte == 0) {
            continue;
        }
        bytes[1_000..9_000].fill(0xaa);
        fs::write(&segment, &bytes).unwrap();
        heals(&log, &records, HealedPart::Journal).await;

        let log = directory.snapshot();
        fs::write(segment_of(&log, index), &bytes[..700]).unwrap();
        heals(&log, &records, HealedPart::Journal).await;

        let log = directory.snapshot();
        fs::write(segment_of(&log, index), b"").unwrap();
        heals(&log, &records, HealedPart::Journal).await;

        // The first segment may have been dropped on purpose.
        if index > 0 {
            let log = directory.snapshot();
            fs::remove_file(segment_of(&log, index)).unwrap();
            heals(&log, &records, HealedPart::Journal).await;
        }
    }
    let log = directory.snapshot();
    fs::remove_dir_all(log.file("journal")).unwrap();
    heals(&log, &records, HealedPart::Journal).await;
}

/// Sees to it that the storage engine cannot open its files, though the records stand in them.
fn block(directory: &Directory) {
    let sealed = directory.file("sealed");
    fs::rename(sealed.join("db"), sealed.join("db.lost")).unwrap();
    fs::create_dir(sealed.join("db")).unwrap();
}

fn segment_of(directory: &Directory, index: usize) -> std::path::PathBuf {
    directory.segments()[index].clone()
}

#[tokio::test]
async fn a_damaged_head_of_a_segment_is_written_again() {
    let (directory, records) = closed_log().await;
    for offset in [0, 8, 9, 12, 16, 63] {
        let log = directory.snapshot();
        flip(&log.segments()[1], offset);
        heals(&log, &records, HealedPart::SegmentHead).await;
    }
}

#[tokio::test]
async fn a_sealed_log_that_does_not_open_is_set_aside_and_made_again() {
    let (directory, records) = closed_log().await;
    let log = directory.snapshot();
    block(&log);
    heals(&log, &records, HealedPart::SealedLog).await;
    assert!(log.file("sealed.damaged-1").is_dir());

    let log = directory.snapshot();
    fs::remove_dir_all(log.file("sealed")).unwrap();
    heals(&log, &records, HealedPart::SealedRanges).await;

    let log = directory.snapshot();
    fs::write(log.file("sealed.distrusted"), b"").unwrap();
    heals(&log, &records, HealedPart::SealedLog).await;
    assert!(!log.file("sealed.distrusted").exists());
}

#[tokio::test]
async fn newest_records_that_a_clean_stop_had_sealed_are_sealed_again_at_once() {
    for records in [3, 300] {
        let directory = Directory::new();
        let store = create(&directory, &clock());
        fill(&store, 0, records).await;
        store.close().await.unwrap();
        fs::remove_dir_all(directory.file("sealed")).unwrap();
        let store = reopen(&directory, &clock());
        let parts: Vec<_> = store.healings().iter().map(|healing| healing.part).collect();
        assert_eq!(parts, [HealedPart::SealedRanges]);
        drop(directory.killed(&store).await);
        drop(store);
        let report = verify(&directory.log()).unwrap();
        assert!(report.is_good(), "{report:?}");
        assert_eq!(report.sealed_records, if records < 256 { records } else { 256 });
    }
}

#[tokio::test]
async fn small_files_come_back_from_their_other_copy() {
    let (directory, records) = closed_log().await;
    for (file, offset, part) in [
        ("partnerlog.id", 20, HealedPart::Identity),
        ("partnerlog.id.copy", 20, HealedPart::Identity),
        ("acknowledged", 3, HealedPart::Mark),
        ("acknowledged", 515, HealedPart::Mark),
        ("sealed.mark", 0, HealedPart::Mark),
    ] {
        let log = directory.snapshot();
        flip(&log.file(file), offset);
        assert!(!verify(&log.log()).unwrap().is_good(), "{file}");
        heals(&log, &records, part).await;
        if file != "sealed.mark" {
            let log = directory.snapshot();
            fs::remove_file(log.file(file)).unwrap();
            heals(&log, &records, part).await;
        }
    }
}

#[tokio::test]
async fn damage_at_different_places_of_both_copies_is_healed_from_raw_frames() {
    let (directory, records) = closed_log().await;
    block(&directory);
    flip(&directory.segments()[1], 3_000);
    let store = reopen(&directory, &clock());
    assert_eq!(whole_log(&store).await, records);
    store.close().await.unwrap();
    assert!(verify(&directory.log()).unwrap().is_good());
}

#[tokio::test]
async fn ranges_that_only_the_sealed_log_has_survive_its_being_set_aside() {
    let (directory, records) = closed_log().await;
    fs::remove_file(&directory.segments()[0]).unwrap();
    block(&directory);
    let store = reopen(&directory, &clock());
    assert_eq!(whole_log(&store).await, records);
}

#[tokio::test]
async fn damage_to_the_same_records_in_both_copies_is_refused_with_their_positions() {
    let (directory, _) = closed_log().await;
    fs::remove_dir_all(directory.file("sealed")).unwrap();
    let segment = directory.segments()[1].clone();
    let before = fs::read(&segment).unwrap();
    flip(&segment, 5_000);
    let OpenError::Damaged { position, reason } = refusal(&directory) else { panic!("damage") };
    assert!(position > Position::START && reason.contains(&position.to_string()), "{reason}");
    assert!(reason.contains("partnerlog salvage"), "{reason}");
    fs::write(&segment, before).unwrap();
    assert_eq!(reopen(&directory, &clock()).head(), Position::new(1_000));
}

fn scrubbed(directory: &Directory) -> LogStore {
    let clock: Arc<ManualClock> = clock();
    let options = StoreOptions { scrub_pause: Duration::from_millis(1), ..StoreOptions::small() };
    LogStore::open(&directory.log(), clock, &options).unwrap()
}

async fn until_healed(store: &LogStore, healings: usize) {
    let patience = tokio::time::Instant::now() + Duration::from_mins(1);
    while store.healings().len() < healings {
        assert!(tokio::time::Instant::now() < patience, "nothing was healed");
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

#[tokio::test]
async fn a_read_that_meets_damage_is_answered_from_the_other_copy_and_has_it_repaired() {
    let (directory, records) = closed_log().await;
    let options = StoreOptions { scrub_bytes_per_second: 0, ..StoreOptions::small() };
    let store = LogStore::open(&directory.log(), clock(), &options).unwrap();
    let segment = directory.segments()[0].clone();
    let before = fs::read(&segment).unwrap();
    for (round, offset) in [100, 9_000, 30_000].into_iter().enumerate() {
        flip(&segment, offset);
        assert_eq!(whole_log(&store).await, records);
        until_healed(&store, round + 1).await;
        assert!(fs::read(&segment).unwrap() == before, "byte {offset}");
    }
    for (stream, version) in records
        .iter()
        .map(|record| (record.header().stream, record.header().stream_version))
        .step_by(97)
    {
        assert_eq!(store.read_stream(stream, version, 1).await.unwrap().len(), 1);
    }
    store.close().await.unwrap();
}

#[tokio::test]
async fn a_single_record_that_is_damaged_is_read_from_the_other_copy() {
    let (directory, records) = closed_log().await;
    let faults = Faults::under(&directory.log());
    let options = StoreOptions { scrub_bytes_per_second: 0, ..StoreOptions::small() };
    let store = LogStore::open(&directory.log(), clock(), &options).unwrap();
    for record in records.iter().step_by(53) {
        // A read that goes wrong once: there is nothing to repair.
        faults.inject(".journal", Fault::FlippedRead);
        let header = record.header();
        let read = store.read_stream(header.stream, header.stream_version, 1).await;
        assert_eq!(read.as_deref(), Ok(std::slice::from_ref(record)));
    }
    store.close().await.unwrap();
}

#[tokio::test]
async fn the_scrubber_finds_and_repairs_what_nobody_reads() {
    let (directory, records) = closed_log().await;
    let store = scrubbed(&directory);
    let segment = directory.segments()[1].clone();
    let before = fs::read(&segment).unwrap();
    flip(&segment, 2_000);
    until_healed(&store, 1).await;
    assert!(fs::read(&segment).unwrap() == before);
    assert_eq!(whole_log(&store).await, records);
    store.close().await.unwrap();
}
