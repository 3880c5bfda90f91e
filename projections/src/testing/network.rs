//! Competencies, benefits, skills and incidents for tests.

use events::{
    BenefitGranted, BenefitId, CompetencyAttained, CompetencyId, CompetencyLevel, IncidentId,
    IncidentOpened, IncidentResolved, IncidentSeverity, IncidentUpdated, PartnerUserSkillsEdited,
    Personal, Quantity, SkillKind, Timestamp, UserSkill, UserSkills,
};
use uuid::Uuid;

use super::{partner_user, sku};

pub(crate) fn competency(number: u128) -> CompetencyId {
    CompetencyId::from_uuid(Uuid::from_u128(0x0c0c << 64 | number))
}

pub(crate) fn benefit(number: u128) -> BenefitId {
    BenefitId::from_uuid(Uuid::from_u128(0x0be0 << 64 | number))
}

pub(crate) fn incident(number: u128) -> IncidentId {
    IncidentId::from_uuid(Uuid::from_u128(0x01c0 << 64 | number))
}

pub(crate) fn units(number: u32) -> Quantity {
    Quantity::new(number).unwrap()
}

fn later() -> Timestamp {
    Timestamp::EPOCH.plus_hours(1_000_000)
}

pub(crate) fn competency_attained(number: u128, name: &str) -> CompetencyAttained {
    CompetencyAttained {
        competency_id: competency(number),
        name: name.parse().unwrap(),
        level: CompetencyLevel::Silver,
        attained_at: Timestamp::EPOCH,
        expires_at: later(),
    }
}

pub(crate) fn benefit_granted(number: u128, quantity: u32) -> BenefitGranted {
    BenefitGranted {
        benefit_id: benefit(number),
        name: "Seats for own use".parse().unwrap(),
        quantity: units(quantity),
        expires_at: later(),
    }
}

pub(crate) fn skills_edited(user: u128) -> PartnerUserSkillsEdited {
    let skill = UserSkill { kind: SkillKind::Skill, name: "Mail".parse().unwrap() };
    let user_id = partner_user(user);
    let skills = Personal::open(user_id.into(), UserSkills { skills: vec![skill] });
    PartnerUserSkillsEdited { user_id, skills }
}

pub(crate) fn incident_opened(number: u128) -> IncidentOpened {
    IncidentOpened {
        incident_id: incident(number),
        sku_id: sku(1),
        service: "Mail".parse().unwrap(),
        severity: IncidentSeverity::Degraded,
        title: "Mail is late".parse().unwrap(),
        note: "We look into it.".parse().unwrap(),
        started_at: Timestamp::EPOCH,
    }
}

pub(crate) fn incident_updated(number: u128, severity: IncidentSeverity) -> IncidentUpdated {
    let note = "Half is back.".parse().unwrap();
    IncidentUpdated { incident_id: incident(number), severity, note }
}

pub(crate) fn incident_resolved(number: u128) -> IncidentResolved {
    let note = "A cable was cut.".parse().unwrap();
    IncidentResolved { incident_id: incident(number), note }
}
