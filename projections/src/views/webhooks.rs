//! Where are partners told of what happens, how far is that, and what could not be told?

use std::sync::Arc;

use events::{
    CorrelationId, Event, PartnerEvent, PartnerId, Position, RecordedEvent, Timestamp,
    WebhookAddress, WebhookChanged, WebhookDelivered, WebhookDeliveryFailed, WebhookEvent,
    WebhookEventName, WebhookFailure, WebhookId, WebhookRegistered, WebhookSecretId, WebhookTested,
};
use imbl::OrdMap;

use crate::{
    keys::partner_of,
    view::{Contradiction, View},
};

/// How many of the tests, and of the deliveries that were given up, are kept: the newest.
pub const WEBHOOK_ROWS_KEPT: usize = 20;

/// Where a partner is told of what happens.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct WebhookRow {
    /// The registration.
    pub id: WebhookId,
    /// The partner.
    pub partner: PartnerId,
    /// The secret that deliveries are signed with.
    pub secret: WebhookSecretId,
    /// Where.
    pub address: WebhookAddress,
    /// Of what.
    pub wanted: Vec<WantedEvent>,
    /// When it was registered.
    pub registered_at: Timestamp,
    /// Everything before this position is settled, told or given up.
    pub next: Position,
    /// How many were told.
    pub delivered: u64,
    /// What is being tried again.
    pub failing: Option<FailingDelivery>,
    /// The newest of what was given up, oldest first.
    pub given_up: Vec<GivenUp>,
    /// The newest tests, oldest first.
    pub tests: Vec<WebhookTest>,
}

/// Something a partner wants to be told of.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct WantedEvent {
    /// What.
    pub name: WebhookEventName,
    /// It is told of what was recorded at or after this position.
    pub since: Position,
}

/// Something that could not be told yet.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct FailingDelivery {
    /// The event.
    pub position: Position,
    /// The last attempt.
    pub last: FailedAttempt,
    /// When it is tried again.
    pub retry_at: Timestamp,
}

/// An attempt that failed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct FailedAttempt {
    /// Which attempt it was, from 1.
    pub attempt: u32,
    /// When.
    pub at: Timestamp,
    /// Why.
    pub reason: WebhookFailure,
    /// The status that the receiver answered, if it did.
    pub status: Option<u32>,
}

/// Something that is not told any more.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct GivenUp {
    /// The event.
    pub position: Position,
    /// The last attempt.
    pub last: FailedAttempt,
}

/// A test of a registration.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct WebhookTest {
    /// The test.
    pub id: CorrelationId,
    /// The event that is told.
    pub position: Position,
    /// When it was asked for.
    pub at: Timestamp,
    /// The attempts that failed.
    pub failed: Vec<FailedAttempt>,
    /// When it ended, if it did.
    pub ended_at: Option<Timestamp>,
    /// Whether it was told.
    pub delivered: bool,
}

/// Where all partners are told of what happens, one place a partner.
#[derive(Clone, Default, PartialEq, Debug)]
pub struct Webhooks {
    rows: OrdMap<PartnerId, Arc<WebhookRow>>,
}

impl Webhooks {
    /// Where a partner is told of what happens, if it wants to be.
    #[must_use]
    pub fn of(&self, partner: PartnerId) -> Option<&WebhookRow> {
        self.rows.get(&partner).map(|row| &**row)
    }

    /// Every registration, in the order of the partners.
    pub fn all(&self) -> impl Iterator<Item = &WebhookRow> {
        self.rows.values().map(|row| &**row)
    }

    fn change(
        &mut self,
        recorded: &RecordedEvent,
        id: WebhookId,
        change: impl FnOnce(&mut WebhookRow),
    ) -> Result<(), Contradiction> {
        let row = self.rows.get_mut(&partner_of(recorded)).filter(|row| row.id == id);
        row.map(Arc::make_mut).map(change).ok_or_else(|| Contradiction::unknown(id))
    }

    fn register(
        &mut self,
        recorded: &RecordedEvent,
        event: &WebhookRegistered,
    ) -> Result<(), Contradiction> {
        let partner = partner_of(recorded);
        let row = WebhookRow {
            id: event.webhook_id,
            partner,
            secret: event.secret_id,
            address: event.address.clone(),
            wanted: wanted_since(recorded.position.next(), &event.wanted),
            registered_at: recorded.metadata.occurred_at,
            next: recorded.position.next(),
            delivered: 0,
            failing: None,
            given_up: Vec::new(),
            tests: Vec::new(),
        };
        match self.rows.insert(partner, Arc::new(row)) {
            None => Ok(()),
            Some(_) => Err(Contradiction::duplicate(event.webhook_id)),
        }
    }
}

impl WebhookRow {
    /// What is newly wanted is told of what happens from now on.
    fn changed(&mut self, recorded: &RecordedEvent, event: &WebhookChanged) {
        self.secret = event.secret_id;
        self.address = event.address.clone();
        let mut wanted = wanted_since(recorded.position.next(), &event.wanted);
        for one in &mut wanted {
            if let Some(known) = self.wanted.iter().find(|known| known.name == one.name) {
                one.since = known.since;
            }
        }
        self.wanted = wanted;
        self.failing = None;
    }

    fn tested(&mut self, recorded: &RecordedEvent, event: &WebhookTested) {
        self.tests.push(WebhookTest {
            id: event.test_id,
            position: recorded.position,
            at: recorded.metadata.occurred_at,
            failed: Vec::new(),
            ended_at: None,
            delivered: false,
        });
        keep_newest(&mut self.tests);
    }

    fn delivered(&mut self, event: &WebhookDelivered, at: Timestamp) {
        self.next = event.through.next();
        self.delivered += u64::from(event.count);
        self.failing = None;
        let told = self.tests.iter_mut().filter(|test| test.position <= event.through);
        for test in told.filter(|test| test.ended_at.is_none()) {
            test.ended_at = Some(at);
            test.delivered = true;
        }
    }

    fn failed(&mut self, event: &WebhookDeliveryFailed, at: Timestamp) {
        let WebhookDeliveryFailed { position, attempt, reason, status, retry_at, .. } = *event;
        let last = FailedAttempt { attempt, at, reason, status };
        self.failing = retry_at.map(|retry_at| FailingDelivery { position, last, retry_at });
        let test = self.tests.iter_mut().find(|test| test.position == position);
        if let Some(test) = test {
            test.failed.push(last);
            test.ended_at = retry_at.is_none().then_some(at);
        }
        if retry_at.is_none() {
            self.next = position.next();
            self.given_up.push(GivenUp { position, last });
            keep_newest(&mut self.given_up);
        }
    }
}

fn wanted_since(since: Position, names: &[WebhookEventName]) -> Vec<WantedEvent> {
    names.iter().map(|name| WantedEvent { name: name.clone(), since }).collect()
}

fn keep_newest<T>(rows: &mut Vec<T>) {
    let surplus = rows.len().saturating_sub(WEBHOOK_ROWS_KEPT);
    rows.drain(..surplus);
}

impl View for Webhooks {
    const NAME: &'static str = "webhooks";

    fn apply(&mut self, recorded: &RecordedEvent) -> Result<(), Contradiction> {
        let Event::Partner(PartnerEvent::Webhook(event)) = &recorded.event else {
            return Ok(());
        };
        let at = recorded.metadata.occurred_at;
        match event {
            WebhookEvent::WebhookRegistered(event) => self.register(recorded, event),
            WebhookEvent::WebhookChanged(event) => {
                self.change(recorded, event.webhook_id, |row| row.changed(recorded, event))
            }
            WebhookEvent::WebhookRemoved(event) => {
                self.change(recorded, event.webhook_id, |_| ())?;
                self.rows.remove(&partner_of(recorded));
                Ok(())
            }
            WebhookEvent::WebhookTested(event) => {
                self.change(recorded, event.webhook_id, |row| row.tested(recorded, event))
            }
            WebhookEvent::WebhookDelivered(event) => {
                self.change(recorded, event.webhook_id, |row| row.delivered(event, at))
            }
            WebhookEvent::WebhookDeliveryFailed(event) => {
                self.change(recorded, event.webhook_id, |row| row.failed(event, at))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{History, partner};

    const HOOK: WebhookId = WebhookId::from_uuid(uuid::Uuid::from_u128(7));

    fn begun() -> History {
        let mut history = History::new();
        history.employee(1, 1);
        let event = WebhookRegistered {
            webhook_id: HOOK,
            secret_id: WebhookSecretId::from_uuid(uuid::Uuid::nil()),
            address: "https://hooks.contoso.example/".parse().unwrap(),
            wanted: vec!["test-created".parse().unwrap()],
        };
        history.then(partner(1), event);
        history
    }

    fn test(history: &mut History, number: u128) -> Position {
        let test_id = CorrelationId::from_uuid(uuid::Uuid::from_u128(number));
        let position = history.model.position();
        let counted_until = history.now;
        history.then(partner(1), WebhookTested { webhook_id: HOOK, test_id, counted_until });
        position
    }

    fn fail(history: &mut History, position: Position, attempt: u32, retries: bool) {
        let retry_at = retries.then_some(history.now);
        let (reason, status) = (WebhookFailure::TimedOut, None);
        let webhook_id = HOOK;
        history.then(
            partner(1),
            WebhookDeliveryFailed { webhook_id, position, attempt, reason, status, retry_at },
        );
    }

    fn row(history: &History) -> &WebhookRow {
        history.model.webhooks().of(partner(1)).unwrap()
    }

    #[test]
    fn a_registration_begins_behind_itself_and_goes_on_behind_what_was_told() {
        let mut history = begun();
        assert_eq!(row(&history).next, history.model.position());
        let through = test(&mut history, 1);
        history.then(partner(1), WebhookDelivered { webhook_id: HOOK, through, count: 1 });
        let row = row(&history);
        assert_eq!((row.next, row.delivered), (through.next(), 1));
        assert!(row.tests[0].delivered && row.tests[0].ended_at.is_some());
        assert_eq!(history.model.webhooks().all().count(), 1);
    }

    #[test]
    fn what_fails_is_kept_until_it_is_told_or_given_up() {
        let mut history = begun();
        let first = test(&mut history, 1);
        fail(&mut history, first, 1, true);
        let failing = row(&history).failing.unwrap();
        assert_eq!((failing.position, failing.last.attempt), (first, 1));
        assert_eq!(row(&history).tests[0].ended_at, None);
        fail(&mut history, first, 2, false);
        let row = row(&history);
        assert_eq!((row.failing, row.next), (None, first.next()));
        assert_eq!(row.given_up.iter().map(|it| it.position).collect::<Vec<_>>(), [first]);
        assert_eq!((row.tests[0].failed.len(), row.tests[0].delivered), (2, false));
        assert!(row.tests[0].ended_at.is_some());
    }

    #[test]
    fn what_is_newly_wanted_is_told_from_then_on() {
        let mut history = begun();
        let begin = row(&history).next;
        test(&mut history, 1);
        let changed = WebhookChanged {
            webhook_id: HOOK,
            secret_id: WebhookSecretId::from_uuid(uuid::Uuid::nil()),
            address: "https://hooks.contoso.example/other".parse().unwrap(),
            wanted: ["customer-created", "test-created"].map(|it| it.parse().unwrap()).to_vec(),
        };
        history.then(partner(1), changed);
        let since: Vec<_> = row(&history).wanted.iter().map(|it| it.since).collect();
        assert_eq!(since, [history.model.position(), begin]);
        assert_eq!(row(&history).next, begin);
    }

    #[test]
    fn only_the_newest_tests_and_failures_are_kept_and_a_removal_keeps_nothing() {
        let mut history = begun();
        for number in 0..=WEBHOOK_ROWS_KEPT as u128 {
            let position = test(&mut history, number);
            fail(&mut history, position, 1, false);
        }
        let kept = row(&history);
        assert_eq!((kept.tests.len(), kept.given_up.len()), (WEBHOOK_ROWS_KEPT, WEBHOOK_ROWS_KEPT));
        assert_eq!(kept.tests[0].id, CorrelationId::from_uuid(uuid::Uuid::from_u128(1)));
        history.then(partner(1), events::WebhookRemoved { webhook_id: HOOK });
        assert!(history.model.webhooks().of(partner(1)).is_none());
    }
}
