//! Damage to what was acknowledged and has no other copy: the log does not open, and says where.

use std::fs;

use events::Position;
use store::{EventStore, OpenError, ReadError};

use crate::support::{
    Directory, append, clock, commit, create, fill, flip, refusal, reopen, try_open,
};

const SEGMENT_HEAD_BYTES: usize = 64;

/// A log of commits of one record each whose process was killed before the sealed log had them
/// all, and the length of each frame.
async fn killed_log(records: u64) -> (Directory, usize) {
    let directory = Directory::new();
    let store = create(&directory, &clock());
    fill(&store, 0, records).await;
    let directory = directory.killed(&store).await;
    let segment = fs::read(&directory.segments()[0]).unwrap();
    let used = segment.iter().rposition(|&byte| byte != 0).unwrap() + 1 - SEGMENT_HEAD_BYTES;
    let frame_bytes = used.div_ceil(usize::try_from(records).unwrap()).next_multiple_of(8);
    (directory, frame_bytes)
}

fn assert_damaged_at(directory: &Directory, expected: u64) {
    match refusal(directory) {
        OpenError::Damaged { position, .. } => assert_eq!(position, Position::new(expected)),
        other => panic!("damage was due, this came: {other:?}"),
    }
}

#[tokio::test]
async fn a_changed_byte_anywhere_in_a_frame_is_found_and_located() {
    let (directory, frame_bytes) = killed_log(3).await;
    let mut survived = 0;
    for offset in 0..frame_bytes {
        let log = directory.snapshot();
        flip(&log.segments()[0], SEGMENT_HEAD_BYTES + frame_bytes + offset);
        match try_open(&log) {
            Err(OpenError::Damaged { position, .. }) => assert_eq!(position, Position::new(1)),
            Err(other) => panic!("damage was due, this came: {other:?}"),
            // Between the records and their table: the records themselves are intact.
            Ok(store) => {
                survived += 1;
                assert_eq!((store.head(), store.healings().len()), (Position::new(3), 1));
            }
        }
    }
    assert!(survived < 8, "{survived}");
    assert_eq!(reopen(&directory, &clock()).head(), Position::new(3));
}

#[tokio::test]
async fn damage_to_the_last_acknowledged_frame_is_not_taken_for_a_torn_append() {
    let (directory, frame_bytes) = killed_log(3).await;
    let last = SEGMENT_HEAD_BYTES + 2 * frame_bytes;
    for offset in [0, 20, 40, frame_bytes - 1] {
        let log = directory.snapshot();
        flip(&log.segments()[0], last + offset);
        assert_damaged_at(&log, 2);
    }
}

#[tokio::test]
async fn a_bad_frame_before_a_good_one_is_damage_even_without_the_mark() {
    let (directory, frame_bytes) = killed_log(3).await;
    fs::remove_file(directory.file("acknowledged")).unwrap();
    for frame in 0..2_u64 {
        let log = directory.snapshot();
        let at = SEGMENT_HEAD_BYTES + usize::try_from(frame).unwrap() * frame_bytes;
        flip(&log.segments()[0], at + 50);
        assert_damaged_at(&log, frame);
        let zeroed = directory.snapshot();
        let mut segment = fs::read(&zeroed.segments()[0]).unwrap();
        segment[at..at + frame_bytes].fill(0);
        fs::write(&zeroed.segments()[0], segment).unwrap();
        assert_damaged_at(&zeroed, frame);
    }
}

#[tokio::test]
async fn a_missing_or_shortened_segment_is_damage() {
    let directory = Directory::new();
    let store = create(&directory, &clock());
    for version in 0..20 {
        append(&store, commit(1, version, 1, 10_000)).await;
    }
    drop(store);
    assert!(directory.segments().len() >= 4);
    for (index, segment) in directory.segments().iter().enumerate().skip(1) {
        let log = directory.snapshot();
        let name = segment.file_name().unwrap();
        let path = log.file("journal").join(name);
        let used = fs::read(&path).unwrap().iter().filter(|&&byte| byte != 0).count();
        if used > SEGMENT_HEAD_BYTES {
            fs::remove_file(&path).unwrap();
            assert!(matches!(refusal(&log), OpenError::Damaged { .. }), "segment {index}");
            fs::write(&path, &fs::read(segment).unwrap()[..5_000]).unwrap();
            assert!(matches!(refusal(&log), OpenError::Damaged { .. }), "segment {index}");
        }
    }
}

#[tokio::test]
async fn a_journal_that_is_gone_is_damage_from_where_no_other_copy_goes_on() {
    let (directory, _) = killed_log(300).await;
    fs::remove_dir_all(directory.file("journal")).unwrap();
    assert_damaged_at(&directory, 256);
    // Nobody knows how far it went.
    fs::remove_file(directory.file("acknowledged")).unwrap();
    assert_damaged_at(&directory, 0);
    fs::remove_file(directory.file("sealed.mark")).unwrap();
    assert_damaged_at(&directory, 0);
}

#[tokio::test]
async fn a_record_that_is_damaged_under_an_open_log_is_never_handed_out() {
    let (directory, frame_bytes) = killed_log(3).await;
    let store = reopen(&directory, &clock());
    let whole = store.read_log(Position::START, 3).await.unwrap();
    let (stream, damaged) = (whole[1].header().stream, whole[1].header().stream_version);
    let segment = directory.segments()[0].clone();
    for offset in 32..frame_bytes {
        let at = SEGMENT_HEAD_BYTES + frame_bytes + offset;
        flip(&segment, at);
        let by_log = store.read_log(Position::START, 3).await;
        let found = by_log.unwrap_err();
        assert!(
            matches!(found, ReadError::Damaged { position, .. } if position == Position::new(1)),
            "{found}"
        );
        // A single record is read without its frame: it is right or it is refused.
        let by_stream = store.read_stream(stream, damaged, 1).await;
        assert!(by_stream.is_err() || by_stream == Ok(whole[1..2].to_vec()));
        assert!(by_stream.is_err() || offset >= 32 + whole[1].bytes().len());
        flip(&segment, at);
    }
    assert_eq!(store.read_log(Position::START, 3).await, Ok(whole));
}
