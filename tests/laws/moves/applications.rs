//! Applications of partners and their secrets.

use commands::{
    AddApplicationSecret, BeginApplicationGrant, PartnerCommand, RegisterApplication,
    RemoveApplicationSecret, RenewApplicationGrant, RevokeApplication, SignInApplication,
};
use events::{ApplicationId, ApplicationName, ApplicationSecretId, PartnerId, TokenId};
use services::application::Principal;

use crate::{
    model::Status,
    scene::{By, Scene},
    task::Task,
};

pub(super) fn any(scene: &mut Scene<'_>) -> Option<(By, Task)> {
    let partner = scene.partner();
    let known = scene.plain.partners.get(&partner).map(|it| it.applications.clone());
    let known = known.unwrap_or_default();
    let working: Vec<_> = known.iter().filter(|it| !it.1.is_revoked).map(|it| *it.0).collect();
    let all: Vec<_> = known.keys().copied().collect();
    let of = if scene.dice.one_in(10) { &all } else { &working };
    let application_id = scene.known(of, ApplicationId::from_uuid);
    let employee = By::Employee(partner);
    let (by, command): (By, PartnerCommand) = match scene.dice.below(14) {
        0..=2 => {
            let application_id = scene.fresh(&all, ApplicationId::from_uuid);
            let name = ApplicationName::new("Billing robot").unwrap();
            (employee, RegisterApplication { application_id, name }.into())
        }
        3..=7 => (employee, secret(scene, application_id).into()),
        8..=9 => {
            let secrets = known.get(&application_id).into_iter().flat_map(|it| it.secrets.keys());
            let secrets: Vec<_> = secrets.copied().collect();
            let secret_id = scene.known(&secrets, ApplicationSecretId::from_uuid);
            (employee, RemoveApplicationSecret { application_id, secret_id }.into())
        }
        10 => (employee, RevokeApplication { application_id }.into()),
        11..=12 => grant(scene, partner, application_id),
        _ => part(scene, partner, application_id),
    };
    Some((by, Task::Partner(partner, command)))
}

fn secret(scene: &mut Scene<'_>, application_id: ApplicationId) -> AddApplicationSecret {
    let days = [30, 180, 730, 731][scene.dice.below(4)];
    let overlap = [None, None, None, Some(24), Some(0)][scene.dice.below(5)];
    AddApplicationSecret {
        application_id,
        secret_id: scene.world.id(ApplicationSecretId::from_uuid),
        expires_at: scene.ahead(days * 24),
        others_until: overlap.map(|hours| scene.now.plus_hours(hours)),
    }
}

fn grant(
    scene: &mut Scene<'_>,
    partner: PartnerId,
    application_id: ApplicationId,
) -> (By, PartnerCommand) {
    let user_id = scene.employee(partner, Status::is_active);
    let command = BeginApplicationGrant {
        application_id,
        user_id,
        grant_id: scene.world.id(TokenId::from_uuid),
        refresh_id: scene.world.id(TokenId::from_uuid),
    };
    (By::This(Principal::PartnerUser { partner, user: user_id }), command.into())
}

/// As commands like any other, for which they are not meant.
fn part(
    scene: &mut Scene<'_>,
    partner: PartnerId,
    application_id: ApplicationId,
) -> (By, PartnerCommand) {
    let application = By::This(Principal::Application { partner, application: application_id });
    let [grant_id, presented, next] = [(); 3].map(|()| scene.world.id(TokenId::from_uuid));
    if scene.dice.one_in(2) {
        (application, SignInApplication { application_id, proved: None }.into())
    } else {
        let command = RenewApplicationGrant { application_id, grant_id, presented, next };
        (application, command.into())
    }
}
