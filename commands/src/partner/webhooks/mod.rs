//! Webhooks: a partner says where it wants to be told of what happens, and is told in the order of the
//! log; what cannot be told is tried again for a while and then given up.
//!
//! What a receiver answers is found out outside; what follows is decided here.

mod command;
mod offered;
mod refusal;

use std::collections::BTreeSet;

use events::{
    Actor, ApplicationId, PartnerEvent, Position, Process, Timestamp, WebhookChanged,
    WebhookDelivered, WebhookDeliveryFailed, WebhookEventName, WebhookId, WebhookRegistered,
    WebhookRemoved, WebhookSecretId, WebhookTested,
};

pub use self::{
    command::{
        ChangeWebhook, DeliveryOutcome, RecordWebhookDelivery, RegisterWebhook, RemoveWebhook,
        TestWebhook, WebhookCommand,
    },
    offered::{OFFERED_EVENTS, OfferedEvent, TEST_EVENT},
    refusal::WebhookRefusal,
};
use super::{authority, state::PartnerState};
use crate::{
    access::{acts_as, authorise_application, speaks_for},
    command::Requires,
    context::Context,
    permissions::Permission,
    rejection::Rejection,
};

/// How often a delivery is tried before it is given up.
pub const DELIVERY_ATTEMPTS_MAX: u32 = 10;
/// How long after it happened something is still tried again, in hours.
pub const DELIVERY_HOURS_MAX: i64 = 24;
/// How many tests are possible in a minute.
pub const TESTS_OF_MINUTE_MAX: usize = 2;
/// For how long a test counts, in seconds.
const TEST_SECONDS: i64 = 60;
/// How long to wait after each failed attempt but the last, in seconds: three hours in all.
const RETRY_SECONDS: [i64; 9] = [1, 5, 30, 60, 300, 900, 1_800, 3_600, 3_600];

impl Requires for WebhookCommand {
    /// What the partner's users need for it; `None` where a process does it.
    fn permission(&self, _actor: &Actor) -> Option<Permission> {
        match self {
            Self::Register(_) | Self::Change(_) | Self::Remove(_) | Self::Test(_) => {
                Some(Permission::WebhooksManage)
            }
            Self::RecordDelivery(_) => None,
        }
    }
}

/// Where a partner is told of what happens.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Webhook {
    /// The registration.
    pub webhook_id: WebhookId,
    /// The secret that deliveries are signed with.
    pub secret_id: WebhookSecretId,
    /// Of what.
    pub wanted: Vec<WebhookEventName>,
    /// The last event that is settled, told or given up.
    through: Option<Position>,
    /// The event that could not be told yet, and how often that was tried.
    failing: Option<(Position, u32)>,
    /// Until when the newest tests count.
    tests: Vec<Timestamp>,
}

/// An application may manage it by itself, as the contract has it.
fn by_application(
    state: &PartnerState,
    context: &Context<'_>,
    application: ApplicationId,
    permission: Permission,
) -> Result<(), Rejection> {
    let account = state.account().ok_or(Rejection::PartnerNotFound)?;
    speaks_for(&context.actor, account.partner_id)?;
    authorise_application(state, application, permission).map(|_| ())
}

pub(super) fn decide(
    state: &PartnerState,
    command: &WebhookCommand,
    context: &Context<'_>,
) -> Result<Vec<PartnerEvent>, Rejection> {
    may_give(state, command, context)?;
    let held = || state.webhook().ok_or(WebhookRefusal::NotRegistered);
    let event = match command {
        WebhookCommand::Register(command) => register(state, command)?,
        WebhookCommand::Change(command) => change(held()?, command)?,
        WebhookCommand::Remove(_) => WebhookRemoved { webhook_id: held()?.webhook_id }.into(),
        WebhookCommand::Test(command) => test(held()?, *command, context.now)?,
        WebhookCommand::RecordDelivery(command) => {
            acts_as(&context.actor, Process::Webhooks)?;
            record(held()?, *command, context.now)?
        }
    };
    Ok(vec![event])
}

/// Refuses whom its roles, or the table of applications, do not let manage the webhook.
fn may_give(
    state: &PartnerState,
    command: &WebhookCommand,
    context: &Context<'_>,
) -> Result<(), Rejection> {
    match (command.permission(&context.actor), context.actor) {
        (Some(permission), Actor::Application { application, .. }) => {
            by_application(state, context, application, permission)
        }
        (required @ Some(_), _) => authority::of(state, &context.actor, required).map(|_| ()),
        (None, _) => Ok(()),
    }
}

fn register(state: &PartnerState, command: &RegisterWebhook) -> Result<PartnerEvent, Rejection> {
    if state.webhook().is_some() {
        return Err(WebhookRefusal::AlreadyRegistered.into());
    }
    let RegisterWebhook { webhook_id, secret_id, ref address, ref wanted } = *command;
    let (address, wanted) = (address.clone(), each_once(wanted)?);
    Ok(WebhookRegistered { webhook_id, secret_id, address, wanted }.into())
}

fn change(webhook: &Webhook, command: &ChangeWebhook) -> Result<PartnerEvent, Rejection> {
    let (address, wanted) = (command.address.clone(), each_once(&command.wanted)?);
    let secret_id = command.secret_id.unwrap_or(webhook.secret_id);
    let webhook_id = webhook.webhook_id;
    Ok(WebhookChanged { webhook_id, secret_id, address, wanted }.into())
}

/// The names, each once and in the order in which they are offered.
fn each_once(names: &[WebhookEventName]) -> Result<Vec<WebhookEventName>, WebhookRefusal> {
    if let Some(name) = names.iter().find(|name| OfferedEvent::named(name.as_str()).is_none()) {
        return Err(WebhookRefusal::UnknownEvent { name: name.clone() });
    }
    let names: BTreeSet<_> = names.iter().cloned().collect();
    if names.is_empty() { Err(WebhookRefusal::NoEvents) } else { Ok(names.into_iter().collect()) }
}

fn test(
    webhook: &Webhook,
    command: TestWebhook,
    now: Timestamp,
) -> Result<PartnerEvent, Rejection> {
    if !webhook.wanted.iter().any(|name| name.as_str() == TEST_EVENT) {
        return Err(WebhookRefusal::TestNotWanted.into());
    }
    let counting: Vec<_> = webhook.tests.iter().copied().filter(|until| now < *until).collect();
    if let Some(possible_at) =
        counting.iter().min().filter(|_| counting.len() >= TESTS_OF_MINUTE_MAX)
    {
        let (limit, possible_at) = (TESTS_OF_MINUTE_MAX, *possible_at);
        return Err(WebhookRefusal::TestsTooFast { limit, possible_at }.into());
    }
    let (webhook_id, test_id) = (webhook.webhook_id, command.test_id);
    let counted_until = now.plus_seconds(TEST_SECONDS);
    Ok(WebhookTested { webhook_id, test_id, counted_until }.into())
}

fn record(
    webhook: &Webhook,
    command: RecordWebhookDelivery,
    now: Timestamp,
) -> Result<PartnerEvent, Rejection> {
    let webhook_id = webhook.webhook_id;
    if command.webhook_id != webhook_id {
        return Err(WebhookRefusal::NotRegistered.into());
    }
    match command.outcome {
        DeliveryOutcome::Delivered { through, count } => {
            webhook.is_ahead(through)?;
            Ok(WebhookDelivered { webhook_id, through, count }.into())
        }
        DeliveryOutcome::Failed { position, recorded_at, reason, status } => {
            webhook.is_ahead(position)?;
            let attempt = webhook.attempts_at(position).saturating_add(1);
            let retry_at = retry_at(attempt, recorded_at, now);
            let failed =
                WebhookDeliveryFailed { webhook_id, position, attempt, reason, status, retry_at };
            Ok(failed.into())
        }
    }
}

/// When a delivery is tried again after this attempt, if it is.
fn retry_at(attempt: u32, recorded_at: Timestamp, now: Timestamp) -> Option<Timestamp> {
    if attempt >= DELIVERY_ATTEMPTS_MAX || now >= recorded_at.plus_hours(DELIVERY_HOURS_MAX) {
        return None;
    }
    let index = usize::try_from(attempt.saturating_sub(1)).ok()?;
    RETRY_SECONDS.get(index).map(|seconds| now.plus_seconds(*seconds))
}

impl Webhook {
    fn is_ahead(&self, position: Position) -> Result<(), WebhookRefusal> {
        let is_settled = self.through.is_some_and(|through| position <= through);
        if is_settled { Err(WebhookRefusal::DeliveryKnown) } else { Ok(()) }
    }

    fn attempts_at(&self, position: Position) -> u32 {
        self.failing.filter(|(failing, _)| *failing == position).map_or(0, |(_, count)| count)
    }

    pub(super) fn registered(event: &WebhookRegistered) -> Self {
        Self {
            webhook_id: event.webhook_id,
            secret_id: event.secret_id,
            wanted: event.wanted.clone(),
            through: None,
            failing: None,
            tests: Vec::new(),
        }
    }

    /// The new address has not failed yet.
    pub(super) fn changed(&mut self, event: &WebhookChanged) {
        self.secret_id = event.secret_id;
        self.wanted.clone_from(&event.wanted);
        self.failing = None;
    }

    pub(super) fn tested(&mut self, event: &WebhookTested) {
        self.tests.push(event.counted_until);
        let surplus = self.tests.len().saturating_sub(TESTS_OF_MINUTE_MAX);
        self.tests.drain(..surplus);
    }

    pub(super) fn delivered(&mut self, event: &WebhookDelivered) {
        self.through = Some(event.through);
        self.failing = None;
    }

    pub(super) fn delivery_failed(&mut self, event: &WebhookDeliveryFailed) {
        if event.retry_at.is_some() {
            self.failing = Some((event.position, event.attempt));
        } else {
            self.through = Some(event.position);
            self.failing = None;
        }
    }
}
