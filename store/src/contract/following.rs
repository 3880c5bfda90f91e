//! What a subscription promises.

use std::sync::Arc;

use events::Position;
use tokio_stream::StreamExt;

use super::{
    Harness,
    racing::run_writers,
    samples::{append, assert_well_formed, simple, stream, whole_log},
};
use crate::{
    event_store::{Delivery, EventStore, Subscription},
    record::Record,
};

/// Collects records until `until` is reached.
async fn collect(subscription: &mut Subscription, from: Position, until: Position) -> Vec<Record> {
    let mut records: Vec<Record> = Vec::new();
    while from.plus(records.len() as u64) < until {
        match subscription.next().await {
            Some(Ok(Delivery::Records(delivered))) => {
                assert!(!delivered.is_empty(), "an empty delivery");
                records.extend(delivered);
            }
            Some(Ok(Delivery::CaughtUp(_))) => {}
            other => panic!("the subscription broke off: {other:?}"),
        }
    }
    records
}

/// Whatever the position, a follower gets exactly the records from there on, in order.
pub async fn a_follower_from_any_position_sees_every_record_once_in_order(
    harness: &mut dyn Harness,
) {
    let store = harness.store();
    run_writers(&store, 8, 50).await;
    let whole = whole_log(&store).await;
    for from in (0..=whole.len()).step_by(37) {
        let position = Position::new(from as u64);
        let mut subscription = store.subscribe(position);
        assert_eq!(collect(&mut subscription, position, store.head()).await, whole[from..]);
    }
}

/// Followers beside running writers see everything once, in order, and go on live.
pub async fn a_follower_keeps_up_while_writers_run(harness: &mut dyn Harness) {
    let store = harness.store();
    append(&store, simple(stream(1), 0, 10)).await;
    let until = Position::new(10 + 16 * 49);
    let followers: Vec<_> = [0, 5, 10, 400]
        .into_iter()
        .map(|from| {
            let position = Position::new(from);
            let mut subscription = store.subscribe(position);
            tokio::spawn(async move { collect(&mut subscription, position, until).await })
        })
        .collect();
    run_writers(&store, 16, 25).await;
    let whole = whole_log(&store).await;
    assert_eq!(store.head(), until);
    for (follower, from) in followers.into_iter().zip([0, 5, 10, 400]) {
        assert_eq!(follower.await.expect("the follower ends"), whole[from..]);
    }
}

/// The change from catching up to live is told once, after all that was there.
pub async fn being_caught_up_is_told_once(harness: &mut dyn Harness) {
    let store = harness.store();
    append(&store, simple(stream(1), 0, 3)).await;
    let mut subscription = store.subscribe(Position::START);
    let first = subscription.next().await;
    assert!(matches!(&first, Some(Ok(Delivery::Records(r))) if r.len() == 3), "{first:?}");
    let second = subscription.next().await;
    assert!(
        matches!(second, Some(Ok(Delivery::CaughtUp(at))) if at == Position::new(3)),
        "{second:?}"
    );
    for version in 3..10 {
        append(&store, simple(stream(1), version, 1)).await;
        let live = subscription.next().await;
        assert!(
            matches!(&live, Some(Ok(Delivery::Records(r))) if r[0].position().get() == version),
            "{live:?}"
        );
    }
}

/// A follower that takes nothing costs writers nothing, and later gets everything.
pub async fn a_slow_follower_does_not_hold_appends_up(harness: &mut dyn Harness) {
    let store = harness.store();
    let mut idle: Vec<_> = (0..8).map(|_| store.subscribe(Position::START)).collect();
    append(&store, simple(stream(1), 0, 1)).await;
    for subscription in &mut idle {
        assert!(matches!(subscription.next().await, Some(Ok(Delivery::Records(_)))));
    }
    run_writers(&store, 16, 50).await;
    let whole = whole_log(&store).await;
    for subscription in &mut idle {
        let rest = collect(subscription, Position::new(1), store.head()).await;
        assert_eq!(rest, whole[1..]);
    }
}

/// No delivery begins or ends within a commit.
pub async fn deliveries_hold_whole_commits(harness: &mut dyn Harness) {
    let store = harness.store();
    for number in 0..10 {
        append(&store, simple(stream(number), 0, 300)).await;
    }
    assert_deliveries_whole(&store).await;
    drop(store);
    harness.reopen().await;
    assert_deliveries_whole(&harness.store()).await;
}

async fn assert_deliveries_whole(store: &Arc<dyn EventStore>) {
    let mut subscription = store.subscribe(Position::START);
    let mut seen = Vec::new();
    while let Some(Ok(Delivery::Records(records))) = subscription.next().await {
        assert_eq!(records[0].header().commit_index, 0);
        seen.extend(records);
        assert_well_formed(&seen);
    }
    assert_eq!(seen.len(), 3_000);
}
