//! Telling partners of what happens, where they registered for it.
//!
//! Each registration is followed by a task of its own, so that a receiver that is dead or slow holds
//! up nobody else's. It reads the partner's timeline from the registration's place in the log on,
//! tells one event after the other, and records how far it came: after a few, after a failure, and
//! when it stops. What a crash keeps from being recorded is told again, under the same delivery id.

use std::{
    collections::{BTreeMap, BTreeSet},
    future::Future,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use commands::{DeliveryOutcome, OfferedEvent, RecordWebhookDelivery, Rejection, WebhookRefusal};
use events::{
    Client, CorrelationId, Event, EventTypeId, PartnerId, Position, Process, Timestamp, WebhookId,
};
use projections::{ReadModel, TimelineEntry, TimelineFilter, TimelineScope, WebhookRow};
use tokio::{
    sync::{Semaphore, watch},
    task::JoinHandle,
};
use tokio_util::sync::CancellationToken;

use crate::{
    application::{Application, Call, CommandError, Idempotency, OnPartner, Principal},
    ids,
    webhooks::{Messenger, Refused},
};

/// How many events are told before how far it came is recorded; as many are told again after a crash.
const BATCH_DELIVERIES: usize = 20;
/// How many receivers are spoken with at once.
const EXCHANGES_MAX: usize = 32;
/// How long news are collected before they are looked at.
const NEWS_MILLISECONDS: u64 = 20;
/// How often the clock is looked at while nothing happens.
const TICK: Duration = Duration::from_secs(30);
/// How long what is under way may take once the program stops.
const STOP_GRACE: Duration = Duration::from_secs(2);
/// How long to wait before trying again what did not work here, at first and at most.
const PAUSE_MIN: Duration = Duration::from_secs(1);
const PAUSE_MAX: Duration = Duration::from_mins(1);

/// What all followers share.
struct Shared {
    app: Arc<Application>,
    messenger: Messenger,
    exchanges: Semaphore,
    stop: CancellationToken,
    /// How far each follower has looked.
    looked: Mutex<BTreeMap<WebhookId, Position>>,
}

/// Keeps a follower for every registration until it is stopped; then waits for all of them.
pub(super) async fn run(app: Arc<Application>, messenger: Messenger, stop: CancellationToken) {
    let mut updates = app.models().updates();
    let exchanges = Semaphore::new(EXCHANGES_MAX);
    let looked = Mutex::default();
    let shared = Arc::new(Shared { app, messenger, exchanges, stop, looked });
    let mut followers: BTreeMap<WebhookId, JoinHandle<()>> = BTreeMap::new();
    while !shared.stop.is_cancelled() {
        let model = Arc::clone(&updates.borrow_and_update());
        followers.retain(|id, follower| {
            let goes_on = !follower.is_finished();
            if !goes_on {
                shared.looked().remove(id);
            }
            goes_on
        });
        for row in model.webhooks().all() {
            followers.entry(row.id).or_insert_with(|| {
                shared.looked().insert(row.id, row.next);
                let follower = Follower::of(&shared, row);
                tokio::spawn(follower.run())
            });
        }
        let furthest_behind = shared.looked().values().min().copied();
        let position = furthest_behind.unwrap_or_else(|| model.position());
        shared.app.processes.caught_up(Process::Webhooks, position);
        drop(model);
        shared.wait(&mut updates, TICK).await;
    }
    for (_, follower) in followers {
        if let Err(error) = follower.await {
            tracing::error!(%error, "a follower of webhooks ended badly");
        }
    }
}

impl Shared {
    fn looked(&self) -> MutexGuard<'_, BTreeMap<WebhookId, Position>> {
        self.looked.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for news, for so long, or for the stop.
    async fn wait(&self, updates: &mut watch::Receiver<Arc<ReadModel>>, limit: Duration) {
        let news = async {
            if updates.changed().await.is_err() {
                std::future::pending::<()>().await;
            }
            tokio::time::sleep(Duration::from_millis(NEWS_MILLISECONDS)).await;
        };
        tokio::select! {
            () = self.stop.cancelled() => {}
            () = news => {}
            () = tokio::time::sleep(limit) => {}
        }
    }
}

/// Follows the log for one registration.
struct Follower {
    shared: Arc<Shared>,
    partner: PartnerId,
    id: WebhookId,
    /// Nothing before this position is left to tell.
    from: Position,
}

/// What a few attempts led to.
#[derive(Default)]
struct Told {
    count: u32,
    through: Option<Position>,
    failed: Option<(Position, Timestamp, Refused)>,
}

impl Follower {
    fn of(shared: &Arc<Shared>, row: &WebhookRow) -> Self {
        Self { shared: Arc::clone(shared), partner: row.partner, id: row.id, from: row.next }
    }

    /// Tells what there is to tell, until the registration is gone or the program stops.
    async fn run(mut self) {
        let mut updates = self.shared.app.models().updates();
        let mut pause = PAUSE_MIN;
        while !self.shared.stop.is_cancelled() {
            let model = Arc::clone(&updates.borrow_and_update());
            let row = model.webhooks().of(self.partner).filter(|row| row.id == self.id);
            let Some(row) = row else { return };
            match self.pass(&model, row).await {
                Ok(None) => pause = PAUSE_MIN,
                Ok(Some(wait)) => {
                    pause = PAUSE_MIN;
                    self.shared.wait(&mut updates, wait).await;
                }
                Err(error) => {
                    let now = self.shared.app.now();
                    self.shared.app.processes.troubled(Process::Webhooks, "unavailable", now);
                    tracing::warn!(
                        error = &error as &dyn std::error::Error,
                        "a partner is not told of what happens for now"
                    );
                    let stop = &self.shared.stop;
                    let _ = stop.run_until_cancelled(tokio::time::sleep(pause)).await;
                    pause = (pause * 2).min(PAUSE_MAX);
                }
            }
        }
    }

    /// Tells a few events; gives for how long to wait where nothing is to be told now.
    async fn pass(
        &mut self,
        model: &ReadModel,
        row: &WebhookRow,
    ) -> Result<Option<Duration>, CommandError> {
        self.from = self.from.max(row.next);
        if let Some(wait) = self.until_retry(row) {
            return Ok(Some(wait));
        }
        let wanted = Wanted::of(row);
        let types = wanted.types();
        let filter = TimelineFilter { types, category: None, from: self.from };
        let scope = TimelineScope::Partner(self.partner);
        let timeline = model.audit_timeline();
        let part = timeline.part(scope, &filter, model.position(), BATCH_DELIVERIES);
        let due: Vec<_> = part.entries.iter().filter(|entry| wanted.includes(entry)).collect();
        if due.is_empty() {
            self.goes_on_at(part.next);
            return Ok(part.is_last.then_some(TICK));
        }
        let told = self.tell(row, &due).await?;
        self.record(row, told).await?;
        Ok(None)
    }

    fn goes_on_at(&mut self, position: Position) {
        self.from = position;
        self.shared.looked().insert(self.id, position);
    }

    /// How long until what failed is tried again.
    fn until_retry(&self, row: &WebhookRow) -> Option<Duration> {
        let failing = row.failing?;
        let now = self.shared.app.now().as_microseconds();
        let left = u64::try_from(failing.retry_at.as_microseconds().saturating_sub(now)).ok()?;
        let wait = Duration::from_micros(left).min(TICK);
        (left > 0).then_some(wait)
    }

    async fn tell(&self, row: &WebhookRow, due: &[&TimelineEntry]) -> Result<Told, CommandError> {
        let Shared { app, messenger, exchanges, stop, .. } = &*self.shared;
        let secret = app.keys().webhook_secret(row.secret);
        let mut told = Told::default();
        for entry in due {
            let event = app.event(entry.position).await?;
            let place = stop.run_until_cancelled(exchanges.acquire()).await;
            // At the stop what was told is recorded, and nothing else is begun.
            let Some(place) = place else { break };
            let telling = std::pin::pin!(messenger.tell(row, &event, &secret, app.now()));
            let outcome = within_grace(stop, telling).await;
            drop(place);
            let Some(outcome) = outcome else { break };
            if let Err(refused) = outcome {
                told.failed = Some((entry.position, event.recorded_at, refused));
                break;
            }
            told.count = told.count.saturating_add(1);
            told.through = Some(entry.position);
        }
        Ok(told)
    }

    async fn record(&mut self, row: &WebhookRow, told: Told) -> Result<(), CommandError> {
        if let Some(through) = told.through {
            let outcome = DeliveryOutcome::Delivered { through, count: told.count };
            self.settle(row, outcome).await?;
            self.goes_on_at(through.next());
        }
        if let Some((position, recorded_at, refused)) = told.failed {
            let Refused { reason, status } = refused;
            let app = &self.shared.app;
            app.processes.troubled(Process::Webhooks, reason.name(), app.now());
            tracing::warn!(
                partner = %self.partner, %position, reason = reason.name(), status,
                "a receiver was not told"
            );
            let outcome = DeliveryOutcome::Failed { position, recorded_at, reason, status };
            self.settle(row, outcome).await?;
        }
        Ok(())
    }

    /// Records an outcome, however long that takes: what was told is not told again for want of a
    /// record.
    async fn settle(&self, row: &WebhookRow, outcome: DeliveryOutcome) -> Result<(), CommandError> {
        let command = RecordWebhookDelivery { webhook_id: self.id, outcome };
        let use_case = OnPartner::new(self.partner, command);
        let call = self.call(row, &command);
        let mut pause = PAUSE_MIN;
        loop {
            match self.shared.app.execute(&call, &use_case).await {
                Ok(outcome) => {
                    // The next look is at a model that shows it.
                    let models = self.shared.app.models();
                    drop(models.wait_for(outcome.position, PAUSE_MAX).await);
                    return Ok(());
                }
                Err(CommandError::Rejected(Rejection::Webhook(
                    WebhookRefusal::NotRegistered | WebhookRefusal::DeliveryKnown,
                ))) => return Ok(()),
                Err(error) if self.shared.stop.is_cancelled() => return Err(error),
                Err(error) => {
                    tracing::warn!(
                        error = &error as &dyn std::error::Error,
                        "what came of telling a partner is not recorded yet"
                    );
                    let stop = &self.shared.stop;
                    let _ = stop.run_until_cancelled(tokio::time::sleep(pause)).await;
                    pause = (pause * 2).min(PAUSE_MAX);
                }
            }
        }
    }

    /// A call under a commit id that follows from the attempt and what came of it.
    fn call(&self, row: &WebhookRow, command: &RecordWebhookDelivery) -> Call {
        let app = &self.shared.app;
        let correlation = ids::fresh(app.now(), CorrelationId::from_uuid);
        let principal = Principal::System(Process::Webhooks);
        let mut call = Call::new(principal, Client::Internal, correlation);
        let attempts = row.failing.map_or(0, |failing| failing.last.attempt).to_be_bytes();
        let what = format!("{command:?}");
        call.idempotency = Some(Idempotency {
            commit_id: app.keys.commit_id(&[b"webhook", what.as_bytes(), &attempts]),
            digest: app.keys.request_digest(what.as_bytes()),
        });
        call
    }
}

/// What is under way at the stop gets a little time; what does not end then is told again.
async fn within_grace<T>(
    stop: &CancellationToken,
    mut telling: Pin<&mut impl Future<Output = T>>,
) -> Option<T> {
    tokio::select! {
        outcome = &mut telling => Some(outcome),
        () = stop.cancelled() => tokio::time::timeout(STOP_GRACE, telling).await.ok(),
    }
}

/// What a registration is to be told of: types of events, and from where on in the log.
struct Wanted(BTreeMap<u16, Position>);

impl Wanted {
    fn of(row: &WebhookRow) -> Self {
        let numbers: BTreeMap<&str, EventTypeId> =
            Event::types().map(|(number, name, _)| (name, number)).collect();
        let since = row.wanted.iter().flat_map(|wanted| {
            let offered = OfferedEvent::named(wanted.name.as_str()).into_iter();
            let types = offered.flat_map(|offered| offered.types);
            let numbers = types.filter_map(|name| numbers.get(name)).map(|number| number.0);
            numbers.map(|number| (number, wanted.since))
        });
        Self(since.collect())
    }

    fn types(&self) -> BTreeSet<u16> {
        self.0.keys().copied().collect()
    }

    fn includes(&self, entry: &TimelineEntry) -> bool {
        self.0.get(&entry.type_id.0).is_some_and(|since| entry.position >= *since)
    }
}
