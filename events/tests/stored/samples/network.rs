//! One event of every type about the partner network and the health of services.

use events::{
    BenefitActivated, BenefitDeactivated, BenefitGranted, BenefitId, BenefitWithdrawn,
    CompetencyAttained, CompetencyChanged, CompetencyId, CompetencyLevel, CompetencyWithdrawn,
    Event, IncidentId, IncidentOpened, IncidentResolved, IncidentSeverity, IncidentUpdated,
    InstallationEvent, PartnerEvent, PartnerUserId, PartnerUserSkillsEdited, Personal, SkillKind,
    SkuId, UserSkill, UserSkills,
};

use crate::draw::Draw;

pub(super) fn events(draw: &mut Draw) -> Vec<Event> {
    let mut events: Vec<Event> = of_partner(draw).map(Event::from).into();
    events.extend(of_installation(draw).map(Event::from));
    events
}

fn of_partner(draw: &mut Draw) -> [PartnerEvent; 8] {
    let competency_id = CompetencyId::from_uuid(draw.uuid());
    let benefit_id = BenefitId::from_uuid(draw.uuid());
    let user_id = PartnerUserId::from_uuid(draw.uuid());
    let level = |draw: &mut Draw| draw.pick_or(&CompetencyLevel::ALL, CompetencyLevel::Gold);
    let skills = draw.several(|draw| UserSkill {
        kind: draw.pick_or(&SkillKind::ALL, SkillKind::Certification),
        name: draw.text("Mail migration"),
    });
    [
        CompetencyAttained {
            competency_id,
            name: draw.text("Cloud platform"),
            level: level(draw),
            attained_at: draw.moment(),
            expires_at: draw.moment(),
        }
        .into(),
        CompetencyChanged { competency_id, level: level(draw), expires_at: draw.moment() }.into(),
        CompetencyWithdrawn { competency_id }.into(),
        BenefitGranted {
            benefit_id,
            name: draw.text("Seats for own use"),
            quantity: draw.quantity(),
            expires_at: draw.moment(),
        }
        .into(),
        BenefitActivated { benefit_id, quantity: draw.quantity() }.into(),
        BenefitDeactivated { benefit_id, quantity: draw.quantity() }.into(),
        BenefitWithdrawn { benefit_id }.into(),
        PartnerUserSkillsEdited {
            user_id,
            skills: Personal::open(user_id.into(), UserSkills { skills }),
        }
        .into(),
    ]
}

fn of_installation(draw: &mut Draw) -> [InstallationEvent; 3] {
    let incident_id = IncidentId::from_uuid(draw.uuid());
    let severity =
        |draw: &mut Draw| draw.pick_or(&IncidentSeverity::ALL, IncidentSeverity::Interrupted);
    [
        IncidentOpened {
            incident_id,
            sku_id: SkuId::from_uuid(draw.uuid()),
            service: draw.text("Office 365 E3"),
            severity: severity(draw),
            title: draw.text("Mail is late"),
            note: draw.text("We look into it."),
            started_at: draw.moment(),
        }
        .into(),
        IncidentUpdated { incident_id, severity: severity(draw), note: draw.text("Half is back.") }
            .into(),
        IncidentResolved { incident_id, note: draw.text("A cable was cut.") }.into(),
    ]
}
