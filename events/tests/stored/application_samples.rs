//! One event of every type that tells of applications, and of webhooks.

use events::{
    ApplicationGrantBegun, ApplicationGrantEnded, ApplicationGrantRenewed, ApplicationId,
    ApplicationRegistered, ApplicationRevoked, ApplicationSecretAdded, ApplicationSecretId,
    ApplicationSecretRemoved, ApplicationSignInFailed, CorrelationId, GrantEnd, PartnerEvent,
    PartnerUserId, Position, TokenId, WebhookChanged, WebhookDelivered, WebhookDeliveryFailed,
    WebhookFailure, WebhookId, WebhookRegistered, WebhookRemoved, WebhookSecretId, WebhookTested,
};

use crate::draw::Draw;

/// One event of every type.
pub(crate) fn of_applications(draw: &mut Draw) -> [PartnerEvent; 8] {
    let application_id = ApplicationId::from_uuid(draw.uuid());
    let secret_id = ApplicationSecretId::from_uuid(draw.uuid());
    let (grant_id, refresh_id) = (TokenId::from_uuid(draw.uuid()), TokenId::from_uuid(draw.uuid()));
    let user_id = PartnerUserId::from_uuid(draw.uuid());
    [
        ApplicationRegistered { application_id, name: draw.text("Nightly import") }.into(),
        ApplicationSecretAdded {
            application_id,
            secret_id,
            expires_at: draw.moment(),
            others_until: draw.option(Draw::moment),
        }
        .into(),
        ApplicationSecretRemoved { application_id, secret_id }.into(),
        ApplicationRevoked { application_id }.into(),
        ApplicationSignInFailed {
            application_id,
            failures: draw.number(),
            counted_until: draw.moment(),
            locked_until: draw.option(Draw::moment),
        }
        .into(),
        ApplicationGrantBegun {
            application_id,
            user_id,
            grant_id,
            refresh_id,
            expires_at: draw.moment(),
        }
        .into(),
        ApplicationGrantRenewed { application_id, grant_id, refresh_id, expires_at: draw.moment() }
            .into(),
        ApplicationGrantEnded { application_id, grant_id, cause: GrantEnd::RefreshTokenReused }
            .into(),
    ]
}

/// One event of every type that tells of webhooks.
pub(crate) fn of_webhooks(draw: &mut Draw) -> [PartnerEvent; 6] {
    let webhook_id = WebhookId::from_uuid(draw.uuid());
    let secret_id = WebhookSecretId::from_uuid(draw.uuid());
    let next_secret = WebhookSecretId::from_uuid(draw.uuid());
    let position = Position::new(u64::from(draw.number()));
    [
        WebhookRegistered {
            webhook_id,
            secret_id,
            address: draw.text("https://hooks.contoso.example/partner"),
            wanted: vec![draw.text("test-created"), draw.text("subscription-updated")],
        }
        .into(),
        WebhookChanged {
            webhook_id,
            secret_id: next_secret,
            address: draw.text("https://hooks.contoso.example/other"),
            wanted: vec![draw.text("customer-created")],
        }
        .into(),
        WebhookRemoved { webhook_id }.into(),
        WebhookTested {
            webhook_id,
            test_id: CorrelationId::from_uuid(draw.uuid()),
            counted_until: draw.moment(),
        }
        .into(),
        WebhookDelivered { webhook_id, through: position, count: draw.number() }.into(),
        WebhookDeliveryFailed {
            webhook_id,
            position,
            attempt: draw.number(),
            reason: draw.pick_or(&WebhookFailure::ALL, WebhookFailure::Refused),
            status: draw.option(Draw::number),
            retry_at: draw.option(Draw::moment),
        }
        .into(),
    ]
}
