//! The programs that act for the provider: registered, given secrets, let act for somebody, revoked;
//! and where it is told of what happens.

use commands::{
    AddApplicationSecret, BeginApplicationGrant, ChangeWebhook, Permission, RegisterApplication,
    RegisterWebhook, RemoveApplicationSecret, RemoveWebhook, RevokeApplication, TestWebhook,
};
use events::{
    ApplicationId, ApplicationName, ApplicationSecretId, CorrelationId, InvalidValue, Role,
    Timestamp, TokenId, WebhookAddress, WebhookEventName, WebhookId, WebhookSecretId,
};

use super::{super::step::Step, script::Script};

/// For how long a secret works, in hours.
const SECRET_HOURS: i64 = 365 * 24;
/// For how long the secret until now works beside a new one, in hours.
const OVERLAP_HOURS: i64 = 24;

pub(super) fn scene(mut script: Script<'_>) -> Result<Vec<Step>, InvalidValue> {
    script.at(260);
    let billing = register("Billing bridge", &mut script)?;
    let first = add_secret(billing, None, &mut script);
    script.after_days(30);
    let until = script.now().plus_hours(OVERLAP_HOURS);
    add_secret(billing, Some(until), &mut script);
    let (partner, by) = (script.world.provider.id, script.provider(Permission::ApplicationsManage));
    let remove = RemoveApplicationSecret { application_id: billing, secret_id: first };
    script.on_partner(by, partner, remove);
    act_for_somebody(billing, &mut script);
    script.at(450);
    let trial = register("Trial of a dashboard", &mut script)?;
    add_secret(trial, None, &mut script);
    script.after_days(14);
    script.on_partner(by, partner, RevokeApplication { application_id: trial });
    webhook(&mut script)?;
    Ok(script.steps())
}

fn register(name: &str, script: &mut Script<'_>) -> Result<ApplicationId, InvalidValue> {
    let application_id = script.id(ApplicationId::from_uuid);
    let register = RegisterApplication { application_id, name: ApplicationName::new(name)? };
    let by = script.provider(Permission::ApplicationsManage);
    script.on_partner(by, script.world.provider.id, register);
    Ok(application_id)
}

fn add_secret(
    application_id: ApplicationId,
    others_until: Option<Timestamp>,
    script: &mut Script<'_>,
) -> ApplicationSecretId {
    let secret_id = script.id(ApplicationSecretId::from_uuid);
    let expires_at = script.now().plus_hours(SECRET_HOURS);
    let add = AddApplicationSecret { application_id, secret_id, expires_at, others_until };
    let by = script.provider(Permission::ApplicationsManage);
    script.on_partner(by, script.world.provider.id, add);
    secret_id
}

/// A webhook is tried out for a month. It does not stay: nobody is to be told of the sample.
fn webhook(script: &mut Script<'_>) -> Result<(), InvalidValue> {
    let (partner, by) = (script.world.provider.id, script.provider(Permission::WebhooksManage));
    let address = WebhookAddress::new("https://hooks.tailspin.example/partner")?;
    let wanted = ["subscription-updated", "test-created"].map(WebhookEventName::new);
    let wanted: Vec<_> = wanted.into_iter().collect::<Result<_, _>>()?;
    let register = RegisterWebhook {
        webhook_id: script.id(WebhookId::from_uuid),
        secret_id: script.id(WebhookSecretId::from_uuid),
        address: address.clone(),
        wanted: wanted.clone(),
    };
    script.on_partner(by, partner, register);
    let test_id = script.id(CorrelationId::from_uuid);
    script.on_partner(by, partner, TestWebhook { test_id });
    script.after_days(3);
    let secret_id = Some(script.id(WebhookSecretId::from_uuid));
    script.on_partner(by, partner, ChangeWebhook { secret_id, address, wanted });
    script.after_days(30);
    script.on_partner(by, partner, RemoveWebhook);
    Ok(())
}

/// An admin agent lets the application act for it.
fn act_for_somebody(application_id: ApplicationId, script: &mut Script<'_>) {
    let provider = &script.world.provider;
    let mut agents = provider.cast.iter().filter(|employee| employee.role == Role::AdminAgent);
    let Some(agent) = agents.next() else { return };
    let begin = BeginApplicationGrant {
        application_id,
        user_id: agent.id,
        grant_id: script.id(TokenId::from_uuid),
        refresh_id: script.id(TokenId::from_uuid),
    };
    script.on_partner(provider.principal(agent.id), provider.id, begin);
}
