//! One event of every type that tells of applications.

use events::{
    ApplicationGrantBegun, ApplicationGrantEnded, ApplicationGrantRenewed, ApplicationId,
    ApplicationRegistered, ApplicationRevoked, ApplicationSecretAdded, ApplicationSecretId,
    ApplicationSecretRemoved, ApplicationSignInFailed, GrantEnd, PartnerEvent, PartnerUserId,
    TokenId,
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
