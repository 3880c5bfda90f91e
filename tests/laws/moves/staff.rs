//! Operators and auditors, and what partnerlog notes of itself.

use commands::{
    AddOperator, AdmitAuditor, DismissAuditor, InstallationCommand, IssueAccountToken, NewPerson,
    OpenIncident, RecordHealing, RecordRefusal, RemoveOperator, ResetAccountPassword,
    ResolveIncident, RevokeAccountToken, UpdateIncident,
};
use events::{
    Actor, AuditScope, AuditorId, CredentialId, DamagedPart, Finding, FoundBy, FriendlyName,
    HealingId, IncidentId, IncidentNote, IncidentSeverity, InstallationAccount, OperatorId,
    PersonProfile, Process, SkuId, StableCode, TokenId,
};

use super::values::{email, person};
use crate::{
    scene::{By, Scene},
    task::Task,
};

pub(super) fn any(scene: &mut Scene<'_>) -> Option<(By, Task)> {
    let staff: Vec<_> = scene.plain.staff.keys().copied().collect();
    let nobody = InstallationAccount::Operator(scene.world.id(OperatorId::from_uuid));
    let account = scene.dice.pick(&staff).filter(|_| !scene.dice.one_in(10)).unwrap_or(nobody);
    if scene.dice.one_in(3) {
        let command = incident(scene);
        return Some((By::Support, Task::Installation(command)));
    }
    let command: InstallationCommand = match scene.dice.below(14) {
        0..=1 => operator(scene).into(),
        2..=3 => auditor(scene).into(),
        4..=5 => match account {
            InstallationAccount::Operator(operator_id) => RemoveOperator { operator_id }.into(),
            InstallationAccount::Auditor(auditor_id) => DismissAuditor { auditor_id }.into(),
        },
        6..=7 => ResetAccountPassword {
            account,
            credential_id: scene.world.id(CredentialId::from_uuid),
            password_expires_at: scene.now.plus_hours(1),
        }
        .into(),
        8..=9 => IssueAccountToken {
            token_id: scene.world.id(TokenId::from_uuid),
            account,
            expires_at: scene.ahead(100),
        }
        .into(),
        10..=11 => {
            let person = scene.plain.staff.get(&account);
            let tokens = person.into_iter().flat_map(|it| it.door.tokens.keys().copied());
            let tokens: Vec<_> = tokens.collect();
            RevokeAccountToken { token_id: scene.known(&tokens, TokenId::from_uuid), account }
                .into()
        }
        12 => return Some((By::Process(Process::Watch), Task::Installation(healing(scene)))),
        _ => return Some((By::Process(Process::Watch), Task::Installation(refusal(scene)))),
    };
    Some((By::Operator, Task::Installation(command)))
}

fn new_person(scene: &mut Scene<'_>) -> NewPerson {
    let number = scene.dice.below(6);
    // Some of them have the name that somebody of a partner has.
    let at = if scene.dice.one_in(8) { "partner0" } else { "installation" };
    let email = email(&format!("e{number}@{at}.example"));
    NewPerson {
        sign_in_name: scene.world.app.keys().sign_in_name_hash(&email),
        credential_id: scene.world.id(CredentialId::from_uuid),
        password_expires_at: scene.now.plus_hours(1),
        profile: PersonProfile { full_name: person("Kim Op"), email },
    }
}

/// Somebody to decide on support.
pub(crate) fn operator(scene: &mut Scene<'_>) -> AddOperator {
    let person = new_person(scene);
    AddOperator { operator_id: scene.world.id(OperatorId::from_uuid), person }
}

/// Somebody to read for a while.
pub(crate) fn auditor(scene: &mut Scene<'_>) -> AdmitAuditor {
    let scope = match scene.dice.below(2) {
        0 => AuditScope::Installation,
        _ => AuditScope::Partner(scene.world.partners[0]),
    };
    let days = [30, 1, 400, 401][scene.dice.below(4)];
    let until = scene.ahead(days * 24);
    let person = new_person(scene);
    AdmitAuditor { auditor_id: scene.world.id(AuditorId::from_uuid), scope, until, person }
}

fn incident(scene: &mut Scene<'_>) -> InstallationCommand {
    let current = scene.plain.incidents.iter().filter(|(_, is_over)| !**is_over);
    let current: Vec<_> = current.map(|(id, _)| *id).collect();
    let all: Vec<_> = scene.plain.incidents.keys().copied().collect();
    let of = if scene.dice.one_in(6) { &all } else { &current };
    let incident_id = scene.known(of, IncidentId::from_uuid);
    let note = IncidentNote::new("It is looked into").unwrap();
    match scene.dice.below(4) {
        0 | 1 => {
            let offers = scene.world.app.catalogue().offers();
            let skus: Vec<_> = offers.iter().map(|offer| offer.sku_id).collect();
            let ahead = if scene.dice.one_in(8) { 1 } else { -1 };
            OpenIncident {
                incident_id: scene.fresh(&all, IncidentId::from_uuid),
                sku_id: scene.known(&skus, SkuId::from_uuid),
                severity: IncidentSeverity::Degraded,
                title: FriendlyName::new("No mail").unwrap(),
                note,
                started_at: scene.now.plus_hours(ahead),
            }
            .into()
        }
        2 => UpdateIncident { incident_id, severity: None, note }.into(),
        _ => ResolveIncident { incident_id, note }.into(),
    }
}

fn healing(scene: &mut Scene<'_>) -> InstallationCommand {
    RecordHealing {
        healing_id: scene.world.id(HealingId::from_uuid),
        part: DamagedPart::Mark,
        positions: None,
        finding: Finding::new("a bit was flipped").unwrap(),
        found_by: FoundBy::Running,
        found_at: scene.now,
    }
    .into()
}

fn refusal(scene: &mut Scene<'_>) -> InstallationCommand {
    let partner = scene.world.partners[0];
    let user = scene.employee(partner, crate::model::Status::is_active);
    RecordRefusal {
        caller: Actor::PartnerUser { partner, user },
        code: StableCode::new("forbidden").unwrap(),
        permission: None,
        request: StableCode::new("CreateCustomer").unwrap(),
        target: None,
        refused_at: scene.now,
        suppressed: 0,
    }
    .into()
}
