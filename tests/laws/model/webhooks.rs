//! Webhooks: one registration a partner, tests of it, and what came of telling.

use std::collections::BTreeSet;

use commands::{DeliveryOutcome, OFFERED_EVENTS, RecordWebhookDelivery, WebhookCommand};
use events::{
    PartnerId, Position, Process, Timestamp, WebhookEventName, WebhookId, WebhookSecretId,
};
use projections::ReadModel;
use proptest::{prop_assert_eq, test_runner::TestCaseError};
use services::application::Principal;

use super::{Plain, Reasons, partner_users::Partner, reach, who_may::Deed};

/// Where a partner is told of what happens.
#[derive(Clone, Debug)]
pub(crate) struct Hook {
    pub(crate) id: WebhookId,
    secret: WebhookSecretId,
    wanted: BTreeSet<WebhookEventName>,
    pub(crate) through: Option<Position>,
    pub(crate) failing: Option<(Position, u32)>,
    /// When each test was asked for.
    tests: Vec<Timestamp>,
}

impl Plain {
    pub(super) fn on_webhook(
        &self,
        no: &mut Reasons,
        by: Principal,
        (partner, command): (PartnerId, &WebhookCommand),
        now: Timestamp,
    ) {
        let hook = self.partners.get(&partner).and_then(|it| it.webhook.as_ref());
        match command {
            WebhookCommand::RecordDelivery(command) => {
                reach::process(no, by, Process::Webhooks);
                let hook = hook.filter(|hook| hook.id == command.webhook_id);
                no.no_if(hook.is_none(), "webhook_not_registered");
                let through = hook.and_then(|hook| hook.through);
                let is_known = through.is_some_and(|through| position(command) <= through);
                return no.no_if(is_known, "webhook_delivery_known");
            }
            WebhookCommand::Register(_)
            | WebhookCommand::Change(_)
            | WebhookCommand::Remove(_)
            | WebhookCommand::Test(_) => self.employee_of(no, by, partner, Deed::Webhooks),
        }
        if let WebhookCommand::Register(command) = command {
            no.no_if(hook.is_some(), "webhook_already_registered");
            names(no, &command.wanted);
        } else {
            no.no_if(hook.is_none(), "webhook_not_registered");
        }
        if let WebhookCommand::Change(command) = command {
            names(no, &command.wanted);
        }
        if let (WebhookCommand::Test(_), Some(hook)) = (command, hook) {
            let wants = hook.wanted.iter().any(|name| name.as_str() == "test-created");
            no.no_if(!wants, "webhook_test_not_wanted");
            let counting = hook.tests.iter().filter(|at| now < at.plus_seconds(60)).count();
            no.no_if(counting >= 2, "webhook_tests_too_fast");
        }
    }

    pub(super) fn webhook_did(
        &mut self,
        partner: PartnerId,
        command: &WebhookCommand,
        now: Timestamp,
    ) {
        let webhook = &mut self.company(partner).webhook;
        if let WebhookCommand::Register(command) = command {
            *webhook = Some(Hook {
                id: command.webhook_id,
                secret: command.secret_id,
                wanted: command.wanted.iter().cloned().collect(),
                through: None,
                failing: None,
                tests: Vec::new(),
            });
            return;
        }
        let hook = webhook.as_mut().expect("an accepted command names a webhook that is known");
        match command {
            WebhookCommand::Change(command) => {
                hook.secret = command.secret_id.unwrap_or(hook.secret);
                hook.wanted = command.wanted.iter().cloned().collect();
                hook.failing = None;
            }
            WebhookCommand::Remove(_) => *webhook = None,
            WebhookCommand::Test(_) => hook.tests.push(now),
            WebhookCommand::RecordDelivery(command) => hook.attempted(command, now),
            WebhookCommand::Register(_) => {}
        }
    }
}

fn names(no: &mut Reasons, names: &[WebhookEventName]) {
    no.no_if(names.is_empty(), "webhook_without_events");
    let is_offered =
        |name: &WebhookEventName| OFFERED_EVENTS.iter().any(|it| it.name == name.as_str());
    no.no_if(!names.iter().all(is_offered), "webhook_event_unknown");
}

const fn position(command: &RecordWebhookDelivery) -> Position {
    match command.outcome {
        DeliveryOutcome::Delivered { through, .. } => through,
        DeliveryOutcome::Failed { position, .. } => position,
    }
}

impl Hook {
    /// Ten attempts, or one where it happened a day ago.
    fn attempted(&mut self, command: &RecordWebhookDelivery, now: Timestamp) {
        let position = position(command);
        let settles = match command.outcome {
            DeliveryOutcome::Delivered { .. } => true,
            DeliveryOutcome::Failed { recorded_at, .. } => {
                let before = self.failing.filter(|(failing, _)| *failing == position);
                let attempt = before.map_or(0, |(_, attempt)| attempt) + 1;
                self.failing = Some((position, attempt));
                attempt >= 10 || now >= recorded_at.plus_hours(24)
            }
        };
        if settles {
            self.failing = None;
            self.through = Some(position);
        }
    }
}

impl Partner {
    pub(super) fn webhook_agrees(
        &self,
        model: &ReadModel,
        partner: PartnerId,
    ) -> Result<(), TestCaseError> {
        let shown = model.webhooks().of(partner).map(|row| {
            let wanted: BTreeSet<_> = row.wanted.iter().map(|it| it.name.clone()).collect();
            let failing = row.failing.map(|it| (it.position, it.last.attempt));
            (row.id, row.secret, wanted, failing)
        });
        let known = self.webhook.as_ref();
        let known = known.map(|it| (it.id, it.secret, it.wanted.clone(), it.failing));
        prop_assert_eq!(shown, known);
        Ok(())
    }
}
