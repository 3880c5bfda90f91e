//! Webhooks: registered, changed, tried out, and what comes of telling.

use std::collections::BTreeSet;

use commands::{
    APPLICATION_PERMISSIONS, AddPartnerUser, ChangeWebhook, DELIVERY_ATTEMPTS_MAX,
    DELIVERY_HOURS_MAX, DeliveryOutcome, OFFERED_EVENTS, OfferedEvent, Partner, Permission,
    RecordWebhookDelivery, RegisterApplication, RegisterWebhook, Rejection, RemoveWebhook,
    TEST_EVENT, TESTS_OF_MINUTE_MAX, TestWebhook, WebhookRefusal, scenario::Scenario,
};
use events::{
    Actor, ApplicationId, CorrelationId, Event, Position, Process, Role, Timestamp, WebhookChanged,
    WebhookDelivered, WebhookDeliveryFailed, WebhookEventName, WebhookFailure, WebhookId,
    WebhookRegistered, WebhookRemoved, WebhookSecretId, WebhookTested,
};
use uuid::Uuid;

use crate::samples::{
    ANA, BEA, PROVIDER, STRANGER, hour, new_partner_user, provider, provider_user, somebody_of,
};

const HOOK: WebhookId = WebhookId::from_uuid(Uuid::from_u128(0x0_40c1));
const TELLING: Actor = Actor::System(Process::Webhooks);

const fn secret(number: u128) -> WebhookSecretId {
    WebhookSecretId::from_uuid(Uuid::from_u128(0x0_5ec0 + number))
}

fn names(names: &[&str]) -> Vec<WebhookEventName> {
    names.iter().map(|name| name.parse().unwrap()).collect()
}

fn register() -> RegisterWebhook {
    RegisterWebhook {
        webhook_id: HOOK,
        secret_id: secret(1),
        address: "https://hooks.contoso.example/a".parse().unwrap(),
        wanted: names(&["customer-created", "test-created"]),
    }
}

fn change(secret_id: Option<WebhookSecretId>) -> ChangeWebhook {
    ChangeWebhook {
        secret_id,
        address: "https://hooks.contoso.example/b".parse().unwrap(),
        wanted: names(&["subscription-updated"]),
    }
}

fn test(number: u128) -> TestWebhook {
    TestWebhook { test_id: CorrelationId::from_uuid(Uuid::from_u128(number)) }
}

fn told(through: u64, count: u32) -> RecordWebhookDelivery {
    let outcome = DeliveryOutcome::Delivered { through: Position::new(through), count };
    RecordWebhookDelivery { webhook_id: HOOK, outcome }
}

fn failed(position: u64, recorded_at: Timestamp) -> RecordWebhookDelivery {
    let (reason, status) = (WebhookFailure::Refused, Some(503));
    let position = Position::new(position);
    let outcome = DeliveryOutcome::Failed { position, recorded_at, reason, status };
    RecordWebhookDelivery { webhook_id: HOOK, outcome }
}

fn failure(position: u64, attempt: u32, retry_at: Option<Timestamp>) -> WebhookDeliveryFailed {
    WebhookDeliveryFailed {
        webhook_id: HOOK,
        position: Position::new(position),
        attempt,
        reason: WebhookFailure::Refused,
        status: Some(503),
        retry_at,
    }
}

/// The provider at hour 10; Ana, its global admin, acts.
fn team() -> Scenario<Partner> {
    provider().at(hour(10)).by(provider_user(ANA))
}

fn registered() -> Scenario<Partner> {
    team().after(register())
}

#[test]
fn a_webhook_is_registered_changed_and_removed() {
    let RegisterWebhook { webhook_id, secret_id, address, wanted } = register();
    let ChangeWebhook { address: other, wanted: others, .. } = change(None);
    let changed = |secret_id| WebhookChanged {
        webhook_id,
        secret_id,
        address: other.clone(),
        wanted: others.clone(),
    };
    team()
        .when(register())
        .then([WebhookRegistered { webhook_id, secret_id, address, wanted }])
        .when(change(None))
        .then([changed(secret(1))])
        .when(change(Some(secret(2))))
        .then([changed(secret(2))])
        .when(change(None))
        .then([changed(secret(2))])
        .when(RemoveWebhook)
        .then([WebhookRemoved { webhook_id }])
        .when(RemoveWebhook)
        .then_refused(WebhookRefusal::NotRegistered.into())
        .when(change(None))
        .then_refused(WebhookRefusal::NotRegistered.into())
        .when(test(1))
        .then_refused(WebhookRefusal::NotRegistered.into());
}

#[test]
fn a_partner_has_one_webhook() {
    registered().when(register()).then_refused(WebhookRefusal::AlreadyRegistered.into());
    let _ = registered().after(RemoveWebhook).after(register());
}

#[test]
fn what_is_wanted_is_offered_and_stands_once() {
    let wanted = names(&["test-created", "customer-created", "test-created"]);
    let twice = RegisterWebhook { wanted, ..register() };
    let RegisterWebhook { webhook_id, secret_id, address, wanted } = register();
    team().when(twice).then([WebhookRegistered { webhook_id, secret_id, address, wanted }]);
    let unknown = names(&["customer-created", "weather-changed"]);
    let refusal = WebhookRefusal::UnknownEvent { name: unknown[1].clone() };
    let command = RegisterWebhook { wanted: unknown.clone(), ..register() };
    team().when(command).then_refused(refusal.clone().into());
    let command = ChangeWebhook { wanted: unknown, ..change(None) };
    registered().when(command).then_refused(refusal.into());
    let nothing = RegisterWebhook { wanted: Vec::new(), ..register() };
    team().when(nothing).then_refused(WebhookRefusal::NoEvents.into());
    let nothing = ChangeWebhook { wanted: Vec::new(), ..change(None) };
    registered().when(nothing).then_refused(WebhookRefusal::NoEvents.into());
}

#[test]
fn only_global_admins_and_applications_manage_the_webhook() {
    let bea = AddPartnerUser {
        user: new_partner_user(BEA, "bea"),
        withhold_default_access: false,
        roles: vec![Role::AdminAgent],
    };
    let refused = Rejection::Forbidden { permission: Permission::WebhooksManage };
    let given = team().after(bea).after(register()).by(provider_user(BEA));
    given.clone().when(register()).then_refused(refused.clone());
    given.clone().when(change(None)).then_refused(refused.clone());
    given.clone().when(RemoveWebhook).then_refused(refused.clone());
    given.clone().when(test(1)).then_refused(refused);
    let application_id = ApplicationId::from_uuid(Uuid::from_u128(0x0_a1));
    let name = "Nightly import".parse().unwrap();
    let given = given.by(provider_user(ANA)).after(RegisterApplication { application_id, name });
    let by = |partner| Actor::Application { partner, application: application_id };
    let _ = given.clone().by(by(PROVIDER)).after(RemoveWebhook).after(register()).after(test(1));
    given.clone().by(by(STRANGER)).when(RemoveWebhook).then_refused(Rejection::NotYourPartner);
    let unknown = Actor::Application {
        partner: PROVIDER,
        application: ApplicationId::from_uuid(Uuid::nil()),
    };
    given.clone().by(unknown).when(RemoveWebhook).then_refused(Rejection::ActorNotActive);
    given.by(somebody_of(STRANGER)).when(RemoveWebhook).then_refused(Rejection::NotYourPartner);
    assert!(APPLICATION_PERMISSIONS.contains(&Permission::WebhooksManage));
}

#[test]
fn a_webhook_that_wants_tests_is_tried_out_twice_a_minute() {
    let tested = |number, counted_until| WebhookTested {
        webhook_id: HOOK,
        test_id: test(number).test_id,
        counted_until,
    };
    let minute = |seconds| hour(10).plus_seconds(seconds);
    let too_fast =
        WebhookRefusal::TestsTooFast { limit: TESTS_OF_MINUTE_MAX, possible_at: minute(60) };
    registered()
        .when(test(1))
        .then([tested(1, minute(60))])
        .at(minute(30))
        .when(test(2))
        .then([tested(2, minute(90))])
        .at(minute(59))
        .when(test(3))
        .then_refused(too_fast.into())
        .at(minute(60))
        .when(test(3))
        .then([tested(3, minute(120))]);
    let without = registered().after(change(None));
    without.when(test(1)).then_refused(WebhookRefusal::TestNotWanted.into());
}

#[test]
fn what_was_told_is_recorded_once_and_in_order() {
    let delivered = |through, count| WebhookDelivered {
        webhook_id: HOOK,
        through: Position::new(through),
        count,
    };
    let known: Rejection = WebhookRefusal::DeliveryKnown.into();
    registered()
        .by(TELLING)
        .when(told(7, 3))
        .then([delivered(7, 3)])
        .when(told(7, 3))
        .then_refused(known.clone())
        .when(told(6, 1))
        .then_refused(known.clone())
        .when(failed(7, hour(9)))
        .then_refused(known)
        .when(told(8, 1))
        .then([delivered(8, 1)]);
}

#[test]
fn a_failed_delivery_is_tried_again_later_and_later_and_then_given_up() {
    let mut story = registered().by(TELLING);
    let mut now = hour(10);
    let mut waits = Vec::new();
    for attempt in 1..DELIVERY_ATTEMPTS_MAX {
        let wait = [1, 5, 30, 60, 300, 900, 1_800, 3_600, 3_600];
        let wait = wait[usize::try_from(attempt).unwrap() - 1];
        let retry_at = now.plus_seconds(wait);
        story.clone().when(failed(4, hour(10))).then([failure(4, attempt, Some(retry_at))]);
        story = story.after(failed(4, hour(10))).at(retry_at);
        waits.push(wait);
        now = retry_at;
    }
    assert!(waits.is_sorted());
    story
        .when(failed(4, hour(10)))
        .then([failure(4, DELIVERY_ATTEMPTS_MAX, None)])
        .when(failed(4, hour(10)))
        .then_refused(WebhookRefusal::DeliveryKnown.into())
        // The next event begins anew.
        .when(failed(5, hour(10)))
        .then([failure(5, 1, Some(now.plus_seconds(1)))]);
}

#[test]
fn what_happened_a_day_ago_is_not_tried_again() {
    let story = registered().by(TELLING);
    let last = hour(10 + DELIVERY_HOURS_MAX).plus_seconds(-1);
    story.clone().at(last).when(failed(4, hour(10))).then([failure(
        4,
        1,
        Some(last.plus_seconds(1)),
    )]);
    let story = story.at(hour(10 + DELIVERY_HOURS_MAX));
    story.when(failed(4, hour(10))).then([failure(4, 1, None)]);
}

#[test]
fn another_address_begins_with_its_first_attempt() {
    let wanted = register().wanted;
    let elsewhere = ChangeWebhook { wanted, ..change(None) };
    let story = registered().by(TELLING).after(failed(4, hour(10))).after(failed(4, hour(10)));
    let story = story.by(provider_user(ANA)).after(elsewhere).by(TELLING);
    let retry_at = Some(hour(10).plus_seconds(1));
    story.when(failed(4, hour(10))).then([failure(4, 1, retry_at)]);
}

#[test]
fn only_the_process_that_tells_records_what_came_of_it() {
    for actor in [provider_user(ANA), Actor::System(Process::Mail), Actor::Visitor] {
        let story = registered().by(actor);
        story.clone().when(told(4, 1)).then_refused(Rejection::ActorNotAllowed);
        story.when(failed(4, hour(10))).then_refused(Rejection::ActorNotAllowed);
    }
    let none = team().by(TELLING);
    none.when(told(4, 1)).then_refused(WebhookRefusal::NotRegistered.into());
    let other = WebhookId::from_uuid(Uuid::from_u128(9));
    let old = RecordWebhookDelivery { webhook_id: other, ..told(4, 1) };
    registered().by(TELLING).when(old).then_refused(WebhookRefusal::NotRegistered.into());
}

#[test]
fn each_type_of_event_is_offered_under_one_name() {
    let known: BTreeSet<&str> = Event::types().map(|(_, name, _)| name).collect();
    let mut types = BTreeSet::new();
    for offered in OFFERED_EVENTS {
        assert!(offered.name.parse::<WebhookEventName>().is_ok(), "{}", offered.name);
        assert!(offered.name.starts_with(offered.resource), "{}", offered.name);
        for event_type in offered.types {
            assert!(known.contains(event_type), "{event_type}");
            assert!(types.insert(event_type), "{event_type} stands twice");
            assert_eq!(OfferedEvent::of_type(event_type), Some(offered));
        }
    }
    assert!(OFFERED_EVENTS.is_sorted_by_key(|offered| offered.name));
    assert!(OfferedEvent::named(TEST_EVENT).is_some());
}
