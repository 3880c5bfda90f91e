//! What the provider has in the partner network: competencies, benefits put to use, what its people
//! can do.

use commands::{
    ActivateBenefit, ChangeCompetency, DeactivateBenefit, EditSkills, GrantBenefit, Permission,
    RecordCompetency, WithdrawBenefit, WithdrawCompetency,
};
use events::{
    BenefitId, CompetencyId, CompetencyLevel, FriendlyName, InvalidValue, Quantity, Role,
    SkillKind, SkillName, UserSkill, UserSkills,
};

use super::{super::step::Step, people::SUPPORT, script::Script};

/// For how long competencies are attained and benefits granted, in hours.
const VALID_HOURS: i64 = 730 * 24;

pub(super) fn scene(mut script: Script<'_>) -> Result<Vec<Step>, InvalidValue> {
    script.at(110);
    let productivity = attain("Cloud Productivity", CompetencyLevel::Silver, &mut script)?;
    let hosting = attain("Hosting", CompetencyLevel::Member, &mut script)?;
    let internal_use = grant("Office 365 E3 for internal use", 25, &mut script)?;
    let tickets = grant("Technical support incidents", 10, &mut script)?;
    let (provider, by) = (script.world.provider.id, script.provider(Permission::BenefitsManage));
    script.after_days(5);
    for benefit_id in [internal_use, tickets] {
        let quantity = Quantity::new(8)?;
        script.on_partner(by, provider, ActivateBenefit { benefit_id, quantity });
    }
    skills(&mut script)?;
    script.at(620);
    let deactivate = DeactivateBenefit { benefit_id: internal_use, quantity: Quantity::new(3)? };
    script.on_partner(by, provider, deactivate);
    script.on_partner(SUPPORT, provider, WithdrawBenefit { benefit_id: tickets });
    let change = ChangeCompetency {
        competency_id: productivity,
        level: CompetencyLevel::Gold,
        expires_at: script.now().plus_hours(VALID_HOURS),
    };
    script.on_partner(SUPPORT, provider, change);
    script.on_partner(SUPPORT, provider, WithdrawCompetency { competency_id: hosting });
    Ok(script.steps())
}

fn attain(
    name: &str,
    level: CompetencyLevel,
    script: &mut Script<'_>,
) -> Result<CompetencyId, InvalidValue> {
    let competency_id = script.id(CompetencyId::from_uuid);
    let command = RecordCompetency {
        competency_id,
        name: FriendlyName::new(name)?,
        level,
        attained_at: script.now(),
        expires_at: script.now().plus_hours(VALID_HOURS),
    };
    script.on_partner(SUPPORT, script.world.provider.id, command);
    Ok(competency_id)
}

fn grant(name: &str, quantity: u32, script: &mut Script<'_>) -> Result<BenefitId, InvalidValue> {
    let benefit_id = script.id(BenefitId::from_uuid);
    let command = GrantBenefit {
        benefit_id,
        name: FriendlyName::new(name)?,
        quantity: Quantity::new(quantity)?,
        expires_at: script.now().plus_hours(VALID_HOURS),
    };
    script.on_partner(SUPPORT, script.world.provider.id, command);
    Ok(benefit_id)
}

/// A helpdesk agent tells what it can do.
fn skills(script: &mut Script<'_>) -> Result<(), InvalidValue> {
    let provider = &script.world.provider;
    let mut agents = provider.cast.iter().filter(|employee| employee.role == Role::HelpdeskAgent);
    let Some(agent) = agents.next() else { return Ok(()) };
    let skills = vec![
        UserSkill { kind: SkillKind::Skill, name: SkillName::new("Mail migration")? },
        UserSkill { kind: SkillKind::Certification, name: SkillName::new("Cloud Associate")? },
    ];
    let command = EditSkills { user_id: agent.id, skills: UserSkills { skills } };
    script.on_partner(provider.principal(agent.id), provider.id, command);
    Ok(())
}
