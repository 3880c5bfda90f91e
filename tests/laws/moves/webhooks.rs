//! Webhooks of partners, and what comes of telling them.

use commands::{
    ChangeWebhook, DeliveryOutcome, OFFERED_EVENTS, RecordWebhookDelivery, RegisterWebhook,
    RemoveWebhook, TestWebhook, WebhookCommand,
};
use events::{
    CorrelationId, Position, Process, WebhookAddress, WebhookEventName, WebhookFailure, WebhookId,
    WebhookSecretId,
};

use crate::{
    scene::{By, Scene},
    task::Task,
};

pub(super) fn any(scene: &mut Scene<'_>) -> Option<(By, Task)> {
    let partner = scene.partner();
    let known = scene.plain.partners.get(&partner).and_then(|it| it.webhook.clone());
    let ids: Vec<_> = known.iter().map(|hook| hook.id).collect();
    let address = WebhookAddress::new("https://hooks.contoso.example/partner").unwrap();
    let employee = By::Employee(partner);
    let (by, command): (By, WebhookCommand) = match scene.dice.below(16) {
        0..=2 => {
            let (webhook_id, secret_id) =
                (scene.world.id(WebhookId::from_uuid), scene.world.id(WebhookSecretId::from_uuid));
            let wanted = names(scene);
            (employee, RegisterWebhook { webhook_id, secret_id, address, wanted }.into())
        }
        3..=4 => {
            let has_secret = scene.dice.one_in(2);
            let secret_id = has_secret.then(|| scene.world.id(WebhookSecretId::from_uuid));
            (employee, ChangeWebhook { secret_id, address, wanted: names(scene) }.into())
        }
        5 => (employee, RemoveWebhook.into()),
        6..=8 => {
            let test_id = scene.world.id(CorrelationId::from_uuid);
            (employee, TestWebhook { test_id }.into())
        }
        number => {
            let webhook_id = scene.known(&ids, WebhookId::from_uuid);
            let through = known.as_ref().and_then(|hook| hook.through).unwrap_or_default();
            let failing = known.and_then(|hook| hook.failing).map(|(position, _)| position);
            let steps = u64::try_from(scene.dice.below(4)).unwrap_or(0);
            let next = Position::new(through.get() + steps);
            let outcome = if number < 12 {
                DeliveryOutcome::Delivered { through: next, count: 1 }
            } else {
                failed(scene, failing.unwrap_or(next))
            };
            let command = RecordWebhookDelivery { webhook_id, outcome };
            (By::Process(Process::Webhooks), command.into())
        }
    };
    Some((by, Task::Partner(partner, command.into())))
}

fn failed(scene: &mut Scene<'_>, position: Position) -> DeliveryOutcome {
    let hours = [0, 0, 0, 23, 24][scene.dice.below(5)];
    DeliveryOutcome::Failed {
        position,
        recorded_at: scene.now.plus_hours(-hours),
        reason: WebhookFailure::Refused,
        status: Some(503),
    }
}

/// Mostly what is offered, the test among it.
fn names(scene: &mut Scene<'_>) -> Vec<WebhookEventName> {
    let offered = OFFERED_EVENTS[scene.dice.below(OFFERED_EVENTS.len())].name;
    let names: &[&str] = match scene.dice.below(12) {
        0 => &[],
        1 => &["test-created", "weather-changed"],
        2..=3 => &[offered],
        _ => &["test-created", offered],
    };
    names.iter().map(|name| WebhookEventName::new(name).unwrap()).collect()
}
