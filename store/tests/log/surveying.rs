//! A log's state told from outside, beside its writer and afterwards.

use std::fs;

use events::{Position, Timestamp};
use store::{OpenError, survey};

use crate::support::{Directory, append, clock, commit, create, fill, flip, reopen, whole_log};

#[tokio::test]
async fn a_survey_beside_the_writer_says_what_the_log_holds() {
    let (directory, clock) = (Directory::new(), clock());
    let store = create(&directory, &clock);
    let empty = survey(&directory.log()).unwrap();
    assert_eq!((empty.head, empty.recorded_at, empty.segments), (Position::START, None, 1));
    fill(&store, 0, 300).await;
    clock.advance_seconds(60);
    append(&store, commit(2, 0, 7, 9_000)).await;
    let running = directory.killed(&store).await;
    let found = survey(&directory.log()).unwrap();
    assert_eq!((found.head, found.sealed), (Position::new(307), Position::new(256)));
    assert_eq!((found.records, found.commits, found.window_commits), (307, 301, 301));
    let bytes: usize = whole_log(&store).await.iter().map(|record| record.bytes().len()).sum();
    assert_eq!(found.record_bytes, bytes as u64);
    assert_eq!(found.recorded_at, Some(Timestamp::EPOCH.plus_hours(24).plus_seconds(60)));
    assert_eq!(found.installation, store.installation());
    assert!(found.journal_disk_bytes >= found.record_bytes && found.sealed_disk_bytes > 0);
    assert_eq!(found.window_bytes, store::commit_window_bytes(301));
    assert!(found.in_use.is_none_or(|in_use| in_use));
    assert_eq!(found.unacknowledged, None);

    store.close().await.unwrap();
    let stopped = survey(&directory.log()).unwrap();
    assert_eq!((stopped.head, stopped.sealed), (Position::new(307), Position::new(307)));
    assert!(stopped.in_use.is_none_or(|in_use| !in_use));
    let running_still = survey(&running.log()).unwrap();
    assert_eq!(running_still.sealed, Position::new(256));
    // Counted where nobody prepares the next segment meanwhile.
    assert_eq!(running_still.segments, running.segments().len() as u64);
}

#[tokio::test]
async fn the_trace_of_a_crash_is_told_and_left_alone() {
    let directory = Directory::new();
    let store = create(&directory, &clock());
    fill(&store, 0, 5).await;
    drop(store);
    let segment = &directory.segments()[0];
    let whole = fs::read(segment).unwrap();
    let end = (whole.iter().rposition(|&byte| byte != 0).unwrap() + 1).next_multiple_of(8);
    for at in [end, end + 30_000] {
        let mut torn = whole.clone();
        torn[at] = 7;
        fs::write(segment, &torn).unwrap();
        let found = survey(&directory.log()).unwrap();
        let unacknowledged = found.unacknowledged.unwrap();
        assert_eq!((&unacknowledged.file, unacknowledged.offset), (segment, end as u64));
        assert_eq!(fs::read(segment).unwrap(), torn);
    }
    drop(reopen(&directory, &clock()));
    assert_eq!(survey(&directory.log()).unwrap().unacknowledged, None);
}

#[tokio::test]
async fn damage_is_told_with_its_position_and_a_missing_beginning_is_not_damage() {
    let directory = Directory::new();
    let store = create(&directory, &clock());
    fill(&store, 0, 900).await;
    store.close().await.unwrap();
    let first = &directory.segments()[0];
    flip(first, 300);
    let damaged = survey(&directory.log());
    let second = Position::new(1);
    assert!(matches!(damaged, Err(OpenError::Damaged { position, .. }) if position == second));
    fs::remove_file(first).unwrap();
    let found = survey(&directory.log()).unwrap();
    assert!(found.journal_first > Position::START);
    assert_eq!(found.records, 900 - found.journal_first.get());
}

#[test]
fn there_is_nothing_to_survey_where_no_log_is() {
    let directory = Directory::new();
    assert!(matches!(survey(&directory.log()), Err(OpenError::NotFound { .. })));
}
