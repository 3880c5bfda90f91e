//! Competencies and benefits that operators grant, benefits that a partner puts to use, skills.

use std::collections::{BTreeMap, BTreeSet};

use commands::{ActivateBenefit, EditSkills, NetworkCommand, RecordCompetency};
use events::{BenefitId, CompetencyId, InstallationAccount, PartnerId, Timestamp};
use projections::ReadModel;
use proptest::{prop_assert_eq, test_runner::TestCaseError};
use services::application::Principal;

use super::{Plain, Reasons, partner_users::Partner, reach, who_may::Deed};

/// What a partner has in the partner network.
#[derive(Clone, Default, Debug)]
pub(crate) struct Network {
    /// Their names as they are compared.
    pub(crate) competencies: BTreeMap<CompetencyId, String>,
    pub(crate) benefits: BTreeMap<BenefitId, Benefit>,
}

/// A benefit.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Benefit {
    quantity: u32,
    used: u32,
    expires_at: Timestamp,
}

impl Plain {
    pub(super) fn on_network(
        &self,
        no: &mut Reasons,
        by: Principal,
        (partner, command): (PartnerId, &NetworkCommand),
        now: Timestamp,
    ) {
        let is_own = |user| matches!(by, Principal::PartnerUser { user: own, .. } if own == user);
        match command {
            NetworkCommand::EditSkills(command) => {
                let own = is_own(command.user_id);
                let deed = if own { Deed::OwnAccount } else { Deed::PartnerUsers };
                self.employee_of(no, by, partner, deed);
                self.is_there(no, partner, command.user_id);
                skills(no, command);
            }
            NetworkCommand::ActivateBenefit(_) | NetworkCommand::DeactivateBenefit(_) => {
                self.employee_of(no, by, partner, Deed::Benefits);
            }
            NetworkCommand::RecordCompetency(_) | NetworkCommand::GrantBenefit(_) => {
                self.support_operator(no, by);
                no.no_if(!self.partners.contains_key(&partner), "partner_not_found");
            }
            NetworkCommand::ChangeCompetency(_)
            | NetworkCommand::WithdrawCompetency(_)
            | NetworkCommand::WithdrawBenefit(_) => self.support_operator(no, by),
        }
        let network = self.partners.get(&partner).map(|it| it.network.clone());
        network.unwrap_or_default().verdict(no, command, now);
    }

    /// Bars whoever neither decides for the installation nor runs it.
    pub(super) fn support_operator(&self, no: &mut Reasons, by: Principal) {
        match by {
            Principal::Operator => {}
            Principal::SupportOperator { operator } => {
                let account = InstallationAccount::Operator(operator);
                no.bar_if(!self.staff.contains_key(&account), "actor_not_active");
            }
            _ => reach::stranger(no, by),
        }
    }

    pub(super) fn network_did(&mut self, partner: PartnerId, command: &NetworkCommand) {
        self.company(partner).network.did(command);
    }
}

fn skills(no: &mut Reasons, command: &EditSkills) {
    let skills = &command.skills.skills;
    let names: BTreeSet<_> = skills.iter().map(|it| (it.kind, it.name.to_string())).collect();
    no.no_if(skills.len() > 50, "too_many_skills");
    no.no_if(names.len() < skills.len(), "skill_twice");
}

impl Network {
    fn verdict(&self, no: &mut Reasons, command: &NetworkCommand, now: Timestamp) {
        match command {
            NetworkCommand::RecordCompetency(command) => self.attain(no, command, now),
            NetworkCommand::ChangeCompetency(command) => {
                self.has(no, command.competency_id);
                no.no_if(command.expires_at <= now, "expiry_in_the_past");
            }
            NetworkCommand::WithdrawCompetency(command) => self.has(no, command.competency_id),
            NetworkCommand::GrantBenefit(command) => {
                no.no_if(self.benefits.contains_key(&command.benefit_id), "already_exists");
                no.no_if(command.expires_at <= now, "expiry_in_the_past");
            }
            NetworkCommand::WithdrawBenefit(command) => {
                no.no_if(!self.benefits.contains_key(&command.benefit_id), "benefit_not_found");
            }
            NetworkCommand::ActivateBenefit(command) => self.activate(no, *command, now),
            NetworkCommand::DeactivateBenefit(command) => {
                let used = self.benefits.get(&command.benefit_id).map(|benefit| benefit.used);
                no.no_if(used.is_none(), "benefit_not_found");
                let is_more = used.is_some_and(|used| command.quantity.get() > used);
                no.no_if(is_more, "benefit_units_not_in_use");
            }
            NetworkCommand::EditSkills(_) => {}
        }
    }

    fn has(&self, no: &mut Reasons, id: CompetencyId) {
        no.no_if(!self.competencies.contains_key(&id), "competency_not_found");
    }

    fn attain(&self, no: &mut Reasons, command: &RecordCompetency, now: Timestamp) {
        no.no_if(self.competencies.contains_key(&command.competency_id), "already_exists");
        let name = command.name.as_str().to_lowercase();
        no.no_if(self.competencies.values().any(|held| *held == name), "competency_held");
        no.no_if(command.attained_at > now, "attained_ahead");
        no.no_if(command.expires_at <= now, "expiry_in_the_past");
    }

    fn activate(&self, no: &mut Reasons, command: ActivateBenefit, now: Timestamp) {
        let Some(benefit) = self.benefits.get(&command.benefit_id) else {
            return no.no("benefit_not_found");
        };
        no.no_if(now >= benefit.expires_at, "benefit_expired");
        let available = benefit.quantity - benefit.used;
        no.no_if(command.quantity.get() > available, "benefit_units_missing");
    }

    fn did(&mut self, command: &NetworkCommand) {
        match command {
            NetworkCommand::RecordCompetency(command) => {
                let name = command.name.as_str().to_lowercase();
                self.competencies.insert(command.competency_id, name);
            }
            NetworkCommand::WithdrawCompetency(command) => {
                self.competencies.remove(&command.competency_id);
            }
            NetworkCommand::GrantBenefit(command) => {
                let (quantity, expires_at) = (command.quantity.get(), command.expires_at);
                let benefit = Benefit { quantity, used: 0, expires_at };
                self.benefits.insert(command.benefit_id, benefit);
            }
            NetworkCommand::WithdrawBenefit(command) => {
                self.benefits.remove(&command.benefit_id);
            }
            NetworkCommand::ActivateBenefit(command) => {
                let benefit = self.benefits.get_mut(&command.benefit_id).unwrap();
                benefit.used += command.quantity.get();
            }
            NetworkCommand::DeactivateBenefit(command) => {
                let benefit = self.benefits.get_mut(&command.benefit_id).unwrap();
                benefit.used -= command.quantity.get();
            }
            NetworkCommand::ChangeCompetency(_) | NetworkCommand::EditSkills(_) => {}
        }
    }
}

impl Partner {
    pub(super) fn network_agrees(
        &self,
        model: &ReadModel,
        partner: PartnerId,
    ) -> Result<(), TestCaseError> {
        let shown = model.network().competencies(partner);
        let shown = shown.map(|row| (row.id, row.name.as_str().to_lowercase()));
        prop_assert_eq!(shown.collect::<BTreeMap<_, _>>(), self.network.competencies.clone());
        let shown = model.network().benefits(partner).map(|row| {
            let (quantity, used, expires_at) = (row.quantity, row.used, row.expires_at);
            (row.id, Benefit { quantity, used, expires_at })
        });
        prop_assert_eq!(shown.collect::<BTreeMap<_, _>>(), self.network.benefits.clone());
        Ok(())
    }
}
