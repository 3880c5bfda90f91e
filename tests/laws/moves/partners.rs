//! Partners, their users, roles and profiles.

use commands::{
    AddPartnerUser, AssignRole, CarryOutRequest, DeletePartnerUser, EditPartnerProfile,
    EditPartnerUser, IssueToken, PartnerCommand, PurgePartnerUser, RegisterPartner,
    RenamedPartnerUser, ResetPartnerUserPassword, RestorePartnerUser, RevokeRole, RevokeToken,
};
use events::{
    CredentialId, MpnId, PartnerId, PartnerKind, PartnerProfile, Process, ProfileContact,
    ProfileKind, Role, ServiceRequestId, TokenId,
};

use super::values::{address, company, country, email, person, phone, text};
use crate::{
    model::Status,
    scene::{By, Scene},
    task::Task,
};

pub(super) fn any(scene: &mut Scene<'_>) -> Option<(By, Task)> {
    let partner = scene.partner();
    let employee = By::Employee(partner);
    let (by, command): (By, PartnerCommand) = match scene.dice.below(32) {
        0..=4 => (employee, add(scene, partner).into()),
        5..=6 => (employee, edit(scene, partner).into()),
        7..=9 => (employee, assign(scene, partner).into()),
        10..=12 => (employee, revoke(scene, partner).into()),
        13..=15 => {
            let user_id = scene.employee(partner, Status::is_active);
            (employee, DeletePartnerUser { user_id }.into())
        }
        16..=19 => (employee, restore(scene, partner).into()),
        20..=21 => {
            let user_id = scene.employee(partner, |status| !status.is_active());
            (By::Process(Process::Purge), PurgePartnerUser { user_id }.into())
        }
        22..=23 => (employee, reset(scene, partner).into()),
        24..=25 => (employee, issue(scene, partner).into()),
        26 => (employee, revoke_token(scene, partner).into()),
        27..=28 => (employee, profile(scene).into()),
        29 => {
            let request_id = scene.plain.requests.keys().next().copied();
            let request_id = request_id.unwrap_or(ServiceRequestId::MIN);
            (By::Support, CarryOutRequest { request_id }.into())
        }
        _ => return Some(register(scene)),
    };
    Some((by, Task::Partner(partner, command)))
}

/// The partners there are, once more, or another under an MPN id that may be taken.
pub(crate) fn register(scene: &mut Scene<'_>) -> (By, Task) {
    let taken: Vec<_> = scene.plain.partners.keys().copied().collect();
    let id = scene.fresh(&taken, PartnerId::from_uuid);
    let number = scene.dice.below(7);
    (By::Operator, registration(scene, id, (number % 4, number)))
}

/// A partner of this kind opens its account under this MPN id.
pub(crate) fn registration(
    scene: &mut Scene<'_>,
    partner_id: PartnerId,
    (kind, mpn_id): (usize, usize),
) -> Task {
    let kinds = [
        PartnerKind::IndirectProvider,
        PartnerKind::IndirectReseller,
        PartnerKind::DirectPartner,
        PartnerKind::IndirectReseller,
    ];
    let command = RegisterPartner {
        partner_id,
        kind: kinds[kind],
        name: company(&format!("Partner {mpn_id}")),
        country: country(),
        mpn_id: MpnId::new(&format!("100{mpn_id}")).unwrap(),
        admin: scene.new_employee(&format!("admin{mpn_id}"), partner_id),
    };
    Task::Partner(partner_id, command.into())
}

fn role(scene: &mut Scene<'_>) -> Role {
    scene.dice.pick(&Role::ALL).unwrap_or(Role::GlobalAdmin)
}

fn local_part(scene: &mut Scene<'_>) -> String {
    format!("e{}", scene.dice.below(10))
}

fn add(scene: &mut Scene<'_>, partner: PartnerId) -> AddPartnerUser {
    let local_part = local_part(scene);
    let at = if scene.dice.one_in(12) { scene.partner() } else { partner };
    let mut user = scene.new_employee(&local_part, at);
    user.user_id = scene.world.id(events::PartnerUserId::from_uuid);
    AddPartnerUser {
        user,
        withhold_default_access: scene.dice.one_in(3),
        roles: scene.dice.some(&Role::ALL, 2),
    }
}

fn edit(scene: &mut Scene<'_>, partner: PartnerId) -> EditPartnerUser {
    let user_id = scene.employee(partner, Status::is_active);
    let local_part = local_part(scene);
    let (sign_in_name, profile) = scene.employee_name(&local_part, partner);
    EditPartnerUser { user_id, sign_in_name, profile }
}

fn assign(scene: &mut Scene<'_>, partner: PartnerId) -> AssignRole {
    let user_id = scene.employee(partner, Status::is_active);
    AssignRole { user_id, role: role(scene) }
}

fn revoke(scene: &mut Scene<'_>, partner: PartnerId) -> RevokeRole {
    let user_id = scene.employee(partner, Status::is_active);
    let users = scene.plain.partners.get(&partner).map(|it| &it.users);
    let held = users.and_then(|it| it.get(&user_id)).map(|it| it.roles.values().copied());
    let held: Vec<_> = held.into_iter().flatten().collect();
    let any = role(scene);
    let role = if scene.dice.one_in(8) { any } else { scene.dice.pick(&held).unwrap_or(any) };
    RevokeRole { user_id, role }
}

fn restore(scene: &mut Scene<'_>, partner: PartnerId) -> RestorePartnerUser {
    let user_id = scene.employee(partner, |status| matches!(status, Status::Deleted { .. }));
    let renamed = scene.dice.one_in(4).then(|| {
        let local_part = local_part(scene);
        let (sign_in_name, profile) = scene.employee_name(&local_part, partner);
        RenamedPartnerUser { sign_in_name, profile }
    });
    RestorePartnerUser { user_id, renamed }
}

fn reset(scene: &mut Scene<'_>, partner: PartnerId) -> ResetPartnerUserPassword {
    ResetPartnerUserPassword {
        user_id: scene.employee(partner, Status::is_active),
        credential_id: scene.world.id(CredentialId::from_uuid),
        password_expires_at: scene.now.plus_hours(1),
    }
}

fn issue(scene: &mut Scene<'_>, partner: PartnerId) -> IssueToken {
    let user_id = scene.employee(partner, Status::is_active);
    let hours = 1 + i64::try_from(scene.dice.below(800)).unwrap_or(0);
    IssueToken {
        token_id: scene.world.id(TokenId::from_uuid),
        user_id,
        expires_at: scene.ahead(hours),
    }
}

fn revoke_token(scene: &mut Scene<'_>, partner: PartnerId) -> RevokeToken {
    let users = scene.plain.partners.get(&partner).into_iter().flat_map(|it| it.users.iter());
    let tokens: Vec<_> =
        users.flat_map(|(id, it)| it.door.tokens.keys().map(|token| (*token, *id))).collect();
    let unknown = (scene.world.id(TokenId::from_uuid), scene.employee(partner, Status::is_active));
    let (token_id, user_id) = scene.dice.pick(&tokens).unwrap_or(unknown);
    RevokeToken { token_id, user_id }
}

fn profile(scene: &mut Scene<'_>) -> EditPartnerProfile {
    let contact = || ProfileContact {
        first_name: person("Ana"),
        last_name: person("Lima"),
        email: email("ana@partner.example"),
        phone_number: None,
    };
    let profile = match scene.dice.pick(&ProfileKind::ALL).unwrap_or(ProfileKind::Business) {
        ProfileKind::Business => {
            PartnerProfile::Business { about: text("We sell"), website: None, contact: contact() }
        }
        ProfileKind::LegalBusiness => {
            PartnerProfile::LegalBusiness { address: address(), contact: contact() }
        }
        ProfileKind::Organization => {
            PartnerProfile::Organization { address: address(), contact: contact() }
        }
        ProfileKind::Support => PartnerProfile::Support {
            website: None,
            email: email("help@partner.example"),
            phone_number: phone(),
        },
        ProfileKind::Billing => PartnerProfile::Billing {
            address: address(),
            contact: contact(),
            purchase_order: None,
            tax_id: None,
        },
    };
    EditPartnerProfile { company_name: company("Partner"), country: country(), profile }
}
