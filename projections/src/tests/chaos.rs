//! The runner on a log that misbehaves: it comes to the same model, with nothing taken in twice.

use std::sync::Arc;

use events::Position;
use store::{
    EventStore, MemoryStore,
    chaos::{ChaosPlan, ChaosStore, DeliveryFault},
};

use crate::{
    progress::RunnerPhase,
    rebuild::rebuild,
    testing::{
        History,
        recording::{Recording, follow},
    },
};

fn some_history() -> History {
    let mut history = History::new();
    history.customer(1, "Contoso", 9).subscribe(1, 1, 5, 40, 9);
    for number in 0..30 {
        history.user(1, number).assign(1, number, 5);
    }
    history
}

fn chaos(recording: &Recording, plan: ChaosPlan) -> ChaosStore<MemoryStore> {
    ChaosStore::new(recording.store.clone(), plan)
}

#[tokio::test]
async fn repeated_and_overlapping_deliveries_are_taken_in_once() {
    let history = some_history();
    let recording = Recording::new();
    let store = chaos(&recording, ChaosPlan::BENIGN);
    let running = follow(Arc::new(store.clone()));
    running.at(Position::START).await;
    let faults = [DeliveryFault::Repeat, DeliveryFault::Overlap].map(Some);
    store.script_deliveries(faults.into_iter().cycle().take(history.events.len()));
    for event in &history.events {
        let appended = recording.append(std::slice::from_ref(event)).await;
        assert_eq!(running.at(appended.next).await.position(), appended.next);
    }
    let counts = store.counts();
    assert!(counts.repeats > 10 && counts.overlaps > 10, "{counts:?}");
    assert_eq!(running.models.current().differences(&history.model), Vec::<&str>::new());
    assert_eq!(running.models.status().phase, RunnerPhase::Live);
    assert_eq!(running.models.status().last_error, None);
}

#[tokio::test]
async fn a_rebuild_takes_repeated_deliveries_in_once() {
    let history = some_history();
    let recording = Recording::new();
    recording.append_each(&history.events).await;
    let store = chaos(&recording, ChaosPlan::BENIGN);
    store.script_deliveries([Some(DeliveryFault::Repeat)]);
    assert_eq!(rebuild(&store, None).await.unwrap(), history.model);
    assert_eq!(store.counts().repeats, 1);
}

#[tokio::test]
async fn the_runner_goes_on_after_outages_and_broken_subscriptions() {
    let history = some_history();
    let recording = Recording::new();
    let (first, rest) = history.events.split_at(20);
    let (second, third) = rest.split_at(20);
    recording.append_each(first).await;
    let store = chaos(&recording, ChaosPlan::BENIGN);
    store.set_away(true);
    let running = follow(Arc::new(store.clone()));
    let failing = || running.models.status().last_error.is_some();
    while !failing() {
        tokio::task::yield_now().await;
    }
    store.set_away(false);
    running.at(Position::new(20)).await;
    store.script_deliveries([Some(DeliveryFault::Break)]);
    recording.append_each(second).await;
    running.at(Position::new(40)).await;
    assert_eq!(store.counts().breaks, 1);
    recording.append_each(third).await;
    assert_eq!(*running.at(history.model.position()).await, history.model);
    assert_eq!(running.models.status().last_error, None);
}

#[tokio::test]
async fn whatever_a_seed_does_to_it_the_model_comes_out_the_same() {
    let history = some_history();
    for seed in 0..8 {
        let recording = Recording::new();
        let store = chaos(&recording, ChaosPlan::rough(seed));
        let running = follow(Arc::new(store.clone()));
        for event in &history.events {
            recording.append(std::slice::from_ref(event)).await;
            tokio::task::yield_now().await;
        }
        let model = running.at(history.model.position()).await;
        assert_eq!(*model, history.model, "seed {seed}");
        assert_eq!(store.inner().head(), history.model.position());
    }
}
