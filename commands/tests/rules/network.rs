use commands::{
    ActivateBenefit, AddPartnerUser, ChangeCompetency, DeactivateBenefit, DeletePartnerUser,
    EditSkills, GrantBenefit, NetworkRefusal, Partner, PartnerCommand, Permission,
    RecordCompetency, Rejection, Requires, SKILLS_MAX, WithdrawBenefit, WithdrawCompetency,
    scenario::Scenario,
};
use events::{
    Actor, BenefitActivated, BenefitDeactivated, BenefitGranted, BenefitId, BenefitWithdrawn,
    CompetencyAttained, CompetencyChanged, CompetencyId, CompetencyLevel, CompetencyWithdrawn,
    OperatorId, PartnerUserSkillsEdited, Personal, Quantity, Role, SkillKind, UserSkill,
    UserSkills,
};
use uuid::Uuid;

use crate::samples::{
    ANA, BEA, CARL, STRANGER, a_customer_user, hour, new_partner_user, provider, provider_user,
    somebody_of,
};

const PLATFORM: CompetencyId = CompetencyId::from_uuid(Uuid::from_u128(0x0_c01));
const SEATS: BenefitId = BenefitId::from_uuid(Uuid::from_u128(0x0_be1));
const OLA: Actor =
    Actor::SupportOperator { operator: OperatorId::from_uuid(Uuid::from_u128(0x0_01a)) };

fn attain() -> RecordCompetency {
    RecordCompetency {
        competency_id: PLATFORM,
        name: "Cloud platform".parse().unwrap(),
        level: CompetencyLevel::Silver,
        attained_at: hour(1),
        expires_at: hour(100),
    }
}

fn change(expires_at: i64) -> ChangeCompetency {
    let level = CompetencyLevel::Gold;
    ChangeCompetency { competency_id: PLATFORM, level, expires_at: hour(expires_at) }
}

fn quantity(number: u32) -> Quantity {
    Quantity::new(number).unwrap()
}

fn grant() -> GrantBenefit {
    GrantBenefit {
        benefit_id: SEATS,
        name: "Seats for own use".parse().unwrap(),
        quantity: quantity(10),
        expires_at: hour(100),
    }
}

fn activate(number: u32) -> ActivateBenefit {
    ActivateBenefit { benefit_id: SEATS, quantity: quantity(number) }
}

fn deactivate(number: u32) -> DeactivateBenefit {
    DeactivateBenefit { benefit_id: SEATS, quantity: quantity(number) }
}

fn skills(names: &[(SkillKind, &str)]) -> UserSkills {
    let skill =
        |(kind, name): &(SkillKind, &str)| UserSkill { kind: *kind, name: name.parse().unwrap() };
    UserSkills { skills: names.iter().map(skill).collect() }
}

/// The provider with Ana, and Bea who is its MPN partner admin; an operator acts at hour 10.
fn team() -> Scenario<Partner> {
    let user = |id, name, roles: &[Role]| AddPartnerUser {
        user: new_partner_user(id, name),
        withhold_default_access: false,
        roles: roles.to_vec(),
    };
    provider()
        .after(user(BEA, "bea", &[Role::MpnPartnerAdmin]))
        .after(user(CARL, "carl", &[Role::SalesAgent]))
        .at(hour(10))
        .by(OLA)
}

#[test]
fn an_operator_records_renews_and_withdraws_a_competency() {
    let RecordCompetency { competency_id, name, level, attained_at, expires_at } = attain();
    let attained = CompetencyAttained { competency_id, name, level, attained_at, expires_at };
    let changed =
        CompetencyChanged { competency_id, level: CompetencyLevel::Gold, expires_at: hour(200) };
    team()
        .when(attain())
        .then([attained])
        .at(hour(150))
        .when(change(200))
        .then([changed])
        .when(WithdrawCompetency { competency_id })
        .then([CompetencyWithdrawn { competency_id }])
        .when(change(300))
        .then_refused(NetworkRefusal::CompetencyNotFound.into())
        .when(WithdrawCompetency { competency_id })
        .then_refused(NetworkRefusal::CompetencyNotFound.into());
}

#[test]
fn a_partner_has_a_competency_once_attained_by_now_and_not_expired() {
    let other = CompetencyId::from_uuid(Uuid::from_u128(0x0_c02));
    let same = RecordCompetency {
        competency_id: other,
        name: "CLOUD platform".parse().unwrap(),
        ..attain()
    };
    let held = || team().after(attain());
    held().when(same.clone()).then_refused(NetworkRefusal::CompetencyHeld.into());
    held().when(attain()).then_refused(Rejection::AlreadyExists { what: "competency" });
    let _ = held().after(WithdrawCompetency { competency_id: PLATFORM }).after(same);
    let ahead = RecordCompetency { attained_at: hour(11), ..attain() };
    team().when(ahead).then_refused(NetworkRefusal::AttainedAhead.into());
    let over = RecordCompetency { expires_at: hour(10), ..attain() };
    team().when(over).then_refused(Rejection::ExpiryInThePast);
    held().when(change(10)).then_refused(Rejection::ExpiryInThePast);
}

#[test]
fn operators_do_what_is_theirs_and_not_what_is_for_users_of_the_partner() {
    let is_theirs = |command: PartnerCommand| command.is_for_support_operators();
    assert!(is_theirs(attain().into()) && is_theirs(grant().into()));
    assert!(!is_theirs(activate(1).into()) && !is_theirs(deactivate(1).into()));
    let skills = skills(&[(SkillKind::Skill, "Mail")]);
    assert!(!is_theirs(EditSkills { user_id: CARL, skills }.into()));
    assert!(!is_theirs(DeletePartnerUser { user_id: CARL }.into()));
}

#[test]
fn only_operators_grant_competencies_and_benefits() {
    let refused = Rejection::ActorNotAllowed;
    for actor in [provider_user(ANA), provider_user(BEA), a_customer_user(), Actor::Visitor] {
        let given = team().after(attain()).after(grant()).by(actor);
        given.clone().when(attain()).then_refused(refused.clone());
        given.clone().when(change(200)).then_refused(refused.clone());
        let withdraw = WithdrawCompetency { competency_id: PLATFORM };
        given.clone().when(withdraw).then_refused(refused.clone());
        given.clone().when(grant()).then_refused(refused.clone());
        given.when(WithdrawBenefit { benefit_id: SEATS }).then_refused(refused.clone());
    }
    Scenario::<Partner>::new().by(OLA).when(attain()).then_refused(Rejection::PartnerNotFound);
    Scenario::<Partner>::new().by(OLA).when(grant()).then_refused(Rejection::PartnerNotFound);
}

#[test]
fn the_mpn_partner_admin_puts_a_benefit_to_use_and_gives_it_back() {
    let GrantBenefit { benefit_id, name, quantity: all, expires_at } = grant();
    let used = |number| BenefitActivated { benefit_id, quantity: quantity(number) };
    team()
        .when(grant())
        .then([BenefitGranted { benefit_id, name, quantity: all, expires_at }])
        .by(provider_user(BEA))
        .when(activate(7))
        .then([used(7)])
        .when(activate(4))
        .then_refused(NetworkRefusal::UnitsMissing { available: 3 }.into())
        .when(deactivate(8))
        .then_refused(NetworkRefusal::UnitsNotInUse { used: 7 }.into())
        .when(deactivate(1))
        .then([BenefitDeactivated { benefit_id, quantity: quantity(1) }])
        .when(activate(4))
        .then([used(4)]);
}

#[test]
fn a_benefit_is_activated_until_it_expires_and_given_back_also_then() {
    let given = team().after(grant()).by(provider_user(BEA)).after(activate(5));
    let given = given.at(hour(100));
    let expired = NetworkRefusal::BenefitExpired { expired_at: hour(100) };
    given
        .when(activate(1))
        .then_refused(expired.into())
        .when(deactivate(5))
        .then([BenefitDeactivated { benefit_id: SEATS, quantity: quantity(5) }]);
}

#[test]
fn a_withdrawn_benefit_is_gone_with_what_is_in_use() {
    let given = team().after(grant()).by(provider_user(BEA)).after(activate(5)).by(OLA);
    given
        .when(WithdrawBenefit { benefit_id: SEATS })
        .then([BenefitWithdrawn { benefit_id: SEATS }])
        .when(WithdrawBenefit { benefit_id: SEATS })
        .then_refused(NetworkRefusal::BenefitNotFound.into())
        .by(provider_user(BEA))
        .when(activate(1))
        .then_refused(NetworkRefusal::BenefitNotFound.into())
        .when(deactivate(1))
        .then_refused(NetworkRefusal::BenefitNotFound.into());
    team().after(grant()).when(grant()).then_refused(Rejection::AlreadyExists { what: "benefit" });
    let over = GrantBenefit { expires_at: hour(10), ..grant() };
    team().when(over).then_refused(Rejection::ExpiryInThePast);
}

#[test]
fn benefits_are_for_global_admins_and_mpn_partner_admins() {
    let given = team().after(grant());
    let permission = Permission::BenefitsManage;
    let carl = given.clone().by(provider_user(CARL));
    carl.clone().when(activate(1)).then_refused(Rejection::Forbidden { permission });
    carl.when(deactivate(1)).then_refused(Rejection::Forbidden { permission });
    given
        .clone()
        .by(somebody_of(STRANGER))
        .when(activate(1))
        .then_refused(Rejection::NotYourPartner);
    given.clone().by(OLA).when(activate(1)).then_refused(Rejection::ActorNotAllowed);
    let _ = given.by(provider_user(ANA)).after(activate(1));
}

#[test]
fn everybody_says_what_he_can_do_each_thing_once_and_not_too_many() {
    let all = skills(&[(SkillKind::Skill, "Mail"), (SkillKind::Certification, "Mail")]);
    let edit = |user_id, skills| EditSkills { user_id, skills };
    let edited =
        PartnerUserSkillsEdited { user_id: CARL, skills: Personal::open(CARL.into(), all.clone()) };
    let carl = || team().by(provider_user(CARL));
    carl().when(edit(CARL, all.clone())).then([edited]);
    let twice = skills(&[(SkillKind::Skill, "Mail"), (SkillKind::Skill, "Mail")]);
    carl().when(edit(CARL, twice)).then_refused(NetworkRefusal::SkillTwice.into());
    let names: Vec<String> = (0..=SKILLS_MAX).map(|number| format!("Skill {number}")).collect();
    let many: Vec<_> = names.iter().map(|name| (SkillKind::Skill, name.as_str())).collect();
    let (count, limit) = (SKILLS_MAX + 1, SKILLS_MAX);
    carl()
        .after(edit(CARL, skills(&many[1..])))
        .when(edit(CARL, skills(&many)))
        .then_refused(NetworkRefusal::TooManySkills { count, limit }.into());
    let permission = Permission::PartnerUsersManage;
    carl().when(edit(BEA, all.clone())).then_refused(Rejection::Forbidden { permission });
    let gone = team().by(provider_user(ANA)).after(DeletePartnerUser { user_id: CARL });
    gone.when(edit(CARL, all)).then_refused(Rejection::UserIsDeleted);
}
