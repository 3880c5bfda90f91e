//! Competencies, benefits and skills.

use commands::{
    ActivateBenefit, ChangeCompetency, DeactivateBenefit, EditSkills, GrantBenefit, NetworkCommand,
    RecordCompetency, WithdrawBenefit, WithdrawCompetency,
};
use events::{
    BenefitId, CompetencyId, CompetencyLevel, FriendlyName, PartnerId, Quantity, SkillKind,
    SkillName, UserSkill, UserSkills,
};

use crate::{
    model::Status,
    scene::{By, Scene},
    task::Task,
};

pub(super) fn any(scene: &mut Scene<'_>) -> Option<(By, Task)> {
    let partner = scene.partner();
    let known = scene.plain.partners.get(&partner).map(|it| it.network.clone());
    let known = known.unwrap_or_default();
    let competencies: Vec<_> = known.competencies.keys().copied().collect();
    let benefits: Vec<_> = known.benefits.keys().copied().collect();
    let competency_id = scene.known(&competencies, CompetencyId::from_uuid);
    let benefit_id = scene.known(&benefits, BenefitId::from_uuid);
    let expires_at = scene.ahead(2_000);
    let level = CompetencyLevel::Silver;
    let (by, command): (By, NetworkCommand) = match scene.dice.below(14) {
        0..=1 => (By::Support, attain(scene, &competencies).into()),
        2 => (By::Support, ChangeCompetency { competency_id, level, expires_at }.into()),
        3 => (By::Support, WithdrawCompetency { competency_id }.into()),
        4..=5 => {
            let command = GrantBenefit {
                benefit_id: scene.fresh(&benefits, BenefitId::from_uuid),
                name: FriendlyName::new("Seats for ourselves").unwrap(),
                quantity: Quantity::new(5).unwrap(),
                expires_at,
            };
            (By::Support, command.into())
        }
        6 => (By::Support, WithdrawBenefit { benefit_id }.into()),
        7..=9 => {
            let quantity = units(scene);
            (By::Employee(partner), ActivateBenefit { benefit_id, quantity }.into())
        }
        10..=11 => {
            let quantity = units(scene);
            (By::Employee(partner), DeactivateBenefit { benefit_id, quantity }.into())
        }
        _ => (By::Employee(partner), skills(scene, partner).into()),
    };
    Some((by, Task::Partner(partner, command.into())))
}

fn units(scene: &mut Scene<'_>) -> Quantity {
    Quantity::new(1 + u32::try_from(scene.dice.below(4)).unwrap_or(0)).unwrap()
}

fn attain(scene: &mut Scene<'_>, known: &[CompetencyId]) -> RecordCompetency {
    let name = format!("Competency {}", scene.dice.below(6));
    let ahead = if scene.dice.one_in(10) { 1 } else { -1 };
    RecordCompetency {
        competency_id: scene.fresh(known, CompetencyId::from_uuid),
        name: FriendlyName::new(&name).unwrap(),
        level: CompetencyLevel::Gold,
        attained_at: scene.now.plus_hours(ahead),
        expires_at: scene.ahead(2_000),
    }
}

fn skills(scene: &mut Scene<'_>, partner: PartnerId) -> EditSkills {
    let count = scene.dice.below(3);
    let skill = |number: usize| UserSkill {
        kind: SkillKind::Skill,
        name: SkillName::new(&format!("Skill {number}")).unwrap(),
    };
    let skills = (0..count).map(|_| skill(scene.dice.below(5))).collect();
    EditSkills {
        user_id: scene.employee(partner, Status::is_active),
        skills: UserSkills { skills },
    }
}
