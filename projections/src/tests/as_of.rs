//! As-of reads: what was the case at an older position or time.

use events::Position;

use crate::{
    as_of::AsOfError,
    rebuild::rebuild,
    testing::{
        History, customer,
        recording::{Recording, Running},
        user,
    },
};

/// Forty users are created; then, in one commit, one is deleted and another created.
async fn a_deletion_inside_a_commit() -> (History, Recording, Running) {
    let mut history = History::new();
    history.customer(1, "Contoso", 9);
    for number in 0..40 {
        history.user(1, number);
    }
    let recording = Recording::new();
    recording.append_each(&history.events).await;
    history.delete(1, 7, &[]).user(1, 40);
    recording.append(&history.events[42..]).await;
    let running = recording.follow();
    running.at(Position::new(44)).await;
    (history, recording, running)
}

#[tokio::test]
async fn as_of_any_position_equals_a_rebuild_up_to_it() {
    let (_, recording, running) = a_deletion_inside_a_commit().await;
    for position in (0..=44).rev().chain(0..=44).map(Position::new) {
        let then = running.models.as_of_position(position).await.unwrap();
        assert_eq!(*then, rebuild(&recording.store, Some(position)).await.unwrap());
    }
}

#[tokio::test]
async fn a_position_inside_a_commit_rounds_down_to_its_start() {
    let (_, _, running) = a_deletion_inside_a_commit().await;
    let then = running.models.as_of_position(Position::new(43)).await.unwrap();
    assert_eq!(then.position(), Position::new(42));
    assert!(then.customer_users().get(customer(1), user(7)).unwrap().state.is_active());
}

#[tokio::test]
async fn a_position_beyond_the_head_is_refused() {
    let (_, _, running) = a_deletion_inside_a_commit().await;
    let (asked, head) = (Position::new(45), Position::new(44));
    let error = running.models.as_of_position(asked).await.unwrap_err();
    assert_eq!(error, AsOfError::BeyondHead { asked, head });
}

#[tokio::test]
async fn as_of_a_time_shows_every_commit_recorded_by_then_and_none_after() {
    let (history, _, running) = a_deletion_inside_a_commit().await;
    let recorded_at = |index: usize| history.events[index].recorded_at;
    for index in 0..42 {
        let at = running.models.as_of_time(recorded_at(index)).await.unwrap();
        assert_eq!(at.position().get(), index as u64 + 1);
        let before = running.models.as_of_time(recorded_at(index).plus_seconds(-1)).await.unwrap();
        assert_eq!(before.position().get(), index as u64);
    }
    let commit = recorded_at(43);
    let just_before = running.models.as_of_time(commit.plus_seconds(-1)).await.unwrap();
    assert_eq!(just_before.position(), Position::new(42));
    let long_after = running.models.as_of_time(commit.plus_hours(10)).await.unwrap();
    assert_eq!(*long_after, *running.models.current());
}

#[tokio::test]
async fn as_of_reads_go_on_after_the_runner_has_ended() {
    let (_, recording, running) = a_deletion_inside_a_commit().await;
    running.shutdown.cancel();
    running.ended.await.unwrap().unwrap();
    recording.append_undecodable(customer(1)).await;
    let then = running.models.as_of_position(Position::new(13)).await.unwrap();
    assert_eq!(then.position(), Position::new(13));
    let error = running.models.as_of_position(Position::new(45)).await.unwrap_err();
    assert!(matches!(error, AsOfError::Replay(_)), "{error}");
}
