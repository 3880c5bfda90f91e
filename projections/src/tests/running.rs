//! The runner: catches up, goes on live, stops at what it cannot fold, shuts down.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use async_trait::async_trait;
use events::{CommitId, DecodeError, LicenseAssigned, Position, StreamId, StreamVersion};
use store::{Appended, Commit, EventStore, MemoryStore, ReadError, Record, Subscription};

use crate::{
    progress::RunnerPhase,
    read_models::WaitError,
    rebuild::ReplayError,
    testing::{
        History, customer,
        recording::{PATIENCE, Recording, follow},
        sku, user,
    },
};

fn some_history() -> History {
    let mut history = History::new();
    history.customer(1, "Contoso", 9).subscribe(1, 1, 5, 10, 9);
    for number in 0..20 {
        history.user(1, number).assign(1, number, 5);
    }
    history
}

#[tokio::test]
async fn what_was_recorded_before_the_start_and_what_comes_after_it_is_shown() {
    let history = some_history();
    let recording = Recording::new();
    let (before, after) = history.events.split_at(17);
    recording.append_each(before).await;
    let running = recording.follow();
    assert_eq!(running.at(Position::new(17)).await.position(), Position::new(17));
    for event in after {
        let appended = recording.append(std::slice::from_ref(event)).await;
        let shown = running.at(appended.next).await;
        assert_eq!(shown.position(), appended.next);
    }
    let model = running.models.current();
    assert_eq!(model.differences(&history.model), Vec::<&str>::new());
    let status = running.models.status();
    assert_eq!((status.phase, status.lag_events()), (RunnerPhase::Live, 0));
}

#[tokio::test]
async fn a_reader_keeps_the_moment_it_holds_while_the_model_goes_on() {
    let mut history = some_history();
    let recording = Recording::new();
    recording.append_each(&history.events).await;
    let running = recording.follow();
    let held = running.at(recording.store.head()).await;
    history.delete(1, 3, &[5]);
    let appended = recording.append(&history.events[history.events.len() - 1..]).await;
    let newer = running.at(appended.next).await;
    assert_eq!(held.customer_users().counts(customer(1)).deleted, 0);
    assert_eq!(newer.customer_users().counts(customer(1)).deleted, 1);
}

#[tokio::test]
async fn an_undecodable_record_stops_the_runner_at_its_position_with_the_reason() {
    for live in [false, true] {
        let history = some_history();
        let recording = Recording::new();
        recording.append_each(&history.events).await;
        let head = recording.store.head();
        let running = if live {
            let running = recording.follow();
            running.at(head).await;
            recording.append_undecodable(customer(1)).await;
            running
        } else {
            recording.append_undecodable(customer(1)).await;
            recording.follow()
        };
        let error = running.ended.await.unwrap().unwrap_err();
        let ReplayError::Read(ReadError::Undecodable { position, reason }) = &error else {
            panic!("another error: {error}");
        };
        assert_eq!(*position, head);
        assert!(matches!(reason, DecodeError::UnknownType(_)));
        let status = running.models.status();
        assert_eq!((status.phase, status.position), (RunnerPhase::Failed, head));
        assert_eq!(status.last_error, Some(error));
        assert_eq!(*running.models.current(), history.model, "what came before is shown");
    }
}

#[tokio::test]
async fn an_event_that_makes_no_sense_stops_the_runner_before_its_commit() {
    let mut history = some_history();
    let recording = Recording::new();
    recording.append_each(&history.events).await;
    let good = history.model.clone();
    let stranger = LicenseAssigned { user_id: user(99), sku_id: sku(5) };
    history.user(1, 50);
    history.refused(customer(1), stranger).unwrap_err();
    recording.append(&history.events[history.events.len() - 2..]).await;
    let running = recording.follow();
    let error = running.ended.await.unwrap().unwrap_err();
    assert_eq!(error.position(), Some(good.position().next()));
    assert_eq!(*running.models.current(), good);
}

#[tokio::test]
async fn waiting_ends_when_the_time_is_up_or_the_runner_has_ended() {
    let recording = Recording::new();
    let running = recording.follow();
    let wanted = Position::new(1);
    let outcome = running.models.wait_for(wanted, Duration::from_millis(1)).await;
    let position = Position::START;
    assert_eq!(outcome.unwrap_err(), WaitError::TimedOut { wanted, position });
    running.shutdown.cancel();
    running.ended.await.unwrap().unwrap();
    let outcome = running.models.wait_for(wanted, PATIENCE).await;
    assert_eq!(outcome.unwrap_err(), WaitError::Ended { position });
    assert_eq!(running.models.status().phase, RunnerPhase::Stopped);
}

/// A log that cannot be read the first time.
struct Faltering {
    log: MemoryStore,
    faltered: AtomicBool,
}

#[async_trait]
impl EventStore for Faltering {
    async fn append(
        &self,
        commit: Commit,
        deadline: Instant,
    ) -> Result<Appended, store::AppendError> {
        self.log.append(commit, deadline).await
    }

    async fn find_commit(&self, id: CommitId) -> Result<Option<Appended>, ReadError> {
        self.log.find_commit(id).await
    }

    async fn read_stream(
        &self,
        stream: StreamId,
        from: StreamVersion,
        max: usize,
    ) -> Result<Vec<Record>, ReadError> {
        self.log.read_stream(stream, from, max).await
    }

    async fn read_log(&self, from: Position, max: usize) -> Result<Vec<Record>, ReadError> {
        self.log.read_log(from, max).await
    }

    fn head(&self) -> Position {
        self.log.head()
    }

    fn subscribe(&self, from: Position) -> Subscription {
        if self.faltered.swap(true, Ordering::SeqCst) {
            self.log.subscribe(from)
        } else {
            let reason = "not now".to_owned();
            Box::pin(tokio_stream::once(Err(ReadError::Unavailable { reason })))
        }
    }
}

#[tokio::test]
async fn a_log_that_was_unavailable_for_a_while_is_followed_again() {
    let history = some_history();
    let recording = Recording::new();
    recording.append_each(&history.events).await;
    let log = recording.store.clone();
    let running = follow(Arc::new(Faltering { log, faltered: AtomicBool::new(false) }));
    assert_eq!(*running.at(history.model.position()).await, history.model);
    assert_eq!(running.models.status().last_error, None);
}
