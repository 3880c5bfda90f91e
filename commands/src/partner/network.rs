//! What a partner has in the partner network: competencies and benefits that an operator grants,
//! benefits that its MPN partner admin puts to use, and what its users can do.

use std::collections::BTreeSet;

use events::{
    Actor, BenefitActivated, BenefitDeactivated, BenefitGranted, BenefitId, BenefitWithdrawn,
    CompetencyAttained, CompetencyChanged, CompetencyId, CompetencyLevel, CompetencyWithdrawn,
    FriendlyName, PartnerEvent, PartnerUserId, PartnerUserSkillsEdited, Personal, Quantity,
    Timestamp, UserSkills,
};
use imbl::OrdMap;

use super::{
    PartnerCommand,
    authority::{self, own_or_managed},
    state::PartnerState,
};
use crate::{
    access::is_operator,
    command::{Requires, command_enum},
    context::Context,
    permissions::Permission,
    rejection::{NetworkRefusal, Rejection},
};

/// How many skills a user can have.
pub const SKILLS_MAX: usize = 50;

/// Record a competency that the partner attained. Only an operator does.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RecordCompetency {
    /// The new competency.
    pub competency_id: CompetencyId,
    /// What it is in; the partner has each once.
    pub name: FriendlyName,
    /// How far the partner has come.
    pub level: CompetencyLevel,
    /// Since when.
    pub attained_at: Timestamp,
    /// It counts strictly before this moment.
    pub expires_at: Timestamp,
}

/// Renew a competency, or say that it is of another level. Only an operator does.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ChangeCompetency {
    /// The competency.
    pub competency_id: CompetencyId,
    /// How far the partner has come.
    pub level: CompetencyLevel,
    /// It counts strictly before this moment.
    pub expires_at: Timestamp,
}

/// Take a competency from the partner. Only an operator does.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct WithdrawCompetency {
    /// The competency.
    pub competency_id: CompetencyId,
}

/// Let the partner use something. Only an operator does.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct GrantBenefit {
    /// The new benefit.
    pub benefit_id: BenefitId,
    /// What it is.
    pub name: FriendlyName,
    /// How many units there are.
    pub quantity: Quantity,
    /// It can be used strictly before this moment.
    pub expires_at: Timestamp,
}

/// Take a benefit from the partner, with the units in use. Only an operator does.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct WithdrawBenefit {
    /// The benefit.
    pub benefit_id: BenefitId,
}

/// Use units of a benefit.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ActivateBenefit {
    /// The benefit.
    pub benefit_id: BenefitId,
    /// How many units more.
    pub quantity: Quantity,
}

/// Use units of a benefit no longer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct DeactivateBenefit {
    /// The benefit.
    pub benefit_id: BenefitId,
    /// How many units fewer.
    pub quantity: Quantity,
}

/// Say what a user can do: all of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct EditSkills {
    /// The user.
    pub user_id: PartnerUserId,
    /// All it can do.
    pub skills: UserSkills,
}

command_enum! {
    /// What can be asked about the partner network.
    NetworkCommand in PartnerCommand {
        /// Record a competency.
        RecordCompetency(RecordCompetency),
        /// Renew a competency.
        ChangeCompetency(ChangeCompetency),
        /// Take a competency.
        WithdrawCompetency(WithdrawCompetency),
        /// Grant a benefit.
        GrantBenefit(GrantBenefit),
        /// Take a benefit.
        WithdrawBenefit(WithdrawBenefit),
        /// Use units of a benefit.
        ActivateBenefit(ActivateBenefit),
        /// Use them no longer.
        DeactivateBenefit(DeactivateBenefit),
        /// Say what a user can do.
        EditSkills(EditSkills),
    }
}

impl Requires for NetworkCommand {
    /// What the partner's users need for it; `None` where an operator does it.
    fn permission(&self, actor: &Actor) -> Option<Permission> {
        match self {
            Self::RecordCompetency(_)
            | Self::ChangeCompetency(_)
            | Self::WithdrawCompetency(_)
            | Self::GrantBenefit(_)
            | Self::WithdrawBenefit(_) => None,
            Self::ActivateBenefit(_) | Self::DeactivateBenefit(_) => {
                Some(Permission::BenefitsManage)
            }
            Self::EditSkills(command) => Some(own_or_managed(actor, command.user_id)),
        }
    }

    fn is_for_support_operators(&self) -> bool {
        !self.is_for_users()
    }
}

impl NetworkCommand {
    /// Whether users of the partner give it, and not an operator.
    const fn is_for_users(&self) -> bool {
        match self {
            Self::RecordCompetency(_)
            | Self::ChangeCompetency(_)
            | Self::WithdrawCompetency(_)
            | Self::GrantBenefit(_)
            | Self::WithdrawBenefit(_) => false,
            Self::ActivateBenefit(_) | Self::DeactivateBenefit(_) | Self::EditSkills(_) => true,
        }
    }
}

/// What a partner has in the partner network.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Network {
    competencies: OrdMap<CompetencyId, FriendlyName>,
    benefits: OrdMap<BenefitId, Benefit>,
}

/// A benefit that was not withdrawn.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Benefit {
    quantity: u32,
    used: u32,
    expires_at: Timestamp,
}

pub(super) fn decide(
    state: &PartnerState,
    command: &NetworkCommand,
    context: &Context<'_>,
) -> Result<Vec<PartnerEvent>, Rejection> {
    if command.is_for_users() {
        authority::of(state, &context.actor, command.permission(&context.actor))?;
    }
    let network = &state.network;
    let event = match command {
        NetworkCommand::RecordCompetency(command) => network.attain(state, command, context),
        NetworkCommand::ChangeCompetency(command) => network.change(*command, context),
        NetworkCommand::WithdrawCompetency(command) => network.withdraw(*command, context.actor),
        NetworkCommand::GrantBenefit(command) => network.grant(state, command, context),
        NetworkCommand::WithdrawBenefit(command) => network.take(*command, context.actor),
        NetworkCommand::ActivateBenefit(command) => network.activate(*command, context.now),
        NetworkCommand::DeactivateBenefit(command) => network.deactivate(*command),
        NetworkCommand::EditSkills(command) => edit_skills(state, command),
    };
    event.map(|event| vec![event])
}

fn by_an_operator(actor: Actor) -> Result<(), Rejection> {
    if is_operator(&actor) { Ok(()) } else { Err(Rejection::ActorNotAllowed) }
}

fn lies_ahead(expires_at: Timestamp, now: Timestamp) -> Result<(), Rejection> {
    if expires_at > now { Ok(()) } else { Err(Rejection::ExpiryInThePast) }
}

fn edit_skills(state: &PartnerState, command: &EditSkills) -> Result<PartnerEvent, Rejection> {
    let user_id = command.user_id;
    state.changeable_user(user_id)?;
    let skills = &command.skills.skills;
    if skills.len() > SKILLS_MAX {
        let count = skills.len();
        return Err(NetworkRefusal::TooManySkills { count, limit: SKILLS_MAX }.into());
    }
    let names: BTreeSet<_> = skills.iter().map(|skill| (skill.kind, &skill.name)).collect();
    if names.len() < skills.len() {
        return Err(NetworkRefusal::SkillTwice.into());
    }
    let skills = Personal::open(user_id.into(), command.skills.clone());
    Ok(PartnerUserSkillsEdited { user_id, skills }.into())
}

impl Network {
    fn attain(
        &self,
        state: &PartnerState,
        command: &RecordCompetency,
        context: &Context<'_>,
    ) -> Result<PartnerEvent, Rejection> {
        by_an_operator(context.actor)?;
        state.account().ok_or(Rejection::PartnerNotFound)?;
        let RecordCompetency { competency_id, ref name, level, attained_at, expires_at } = *command;
        if self.competencies.contains_key(&competency_id) {
            return Err(Rejection::AlreadyExists { what: "competency" });
        }
        if self.competencies.values().any(|held| is_same(held, name)) {
            return Err(NetworkRefusal::CompetencyHeld.into());
        }
        if attained_at > context.now {
            return Err(NetworkRefusal::AttainedAhead.into());
        }
        lies_ahead(expires_at, context.now)?;
        let name = name.clone();
        Ok(CompetencyAttained { competency_id, name, level, attained_at, expires_at }.into())
    }

    fn change(
        &self,
        command: ChangeCompetency,
        context: &Context<'_>,
    ) -> Result<PartnerEvent, Rejection> {
        by_an_operator(context.actor)?;
        let ChangeCompetency { competency_id, level, expires_at } = command;
        self.knows(competency_id)?;
        lies_ahead(expires_at, context.now)?;
        Ok(CompetencyChanged { competency_id, level, expires_at }.into())
    }

    fn withdraw(
        &self,
        command: WithdrawCompetency,
        actor: Actor,
    ) -> Result<PartnerEvent, Rejection> {
        by_an_operator(actor)?;
        self.knows(command.competency_id)?;
        Ok(CompetencyWithdrawn { competency_id: command.competency_id }.into())
    }

    fn grant(
        &self,
        state: &PartnerState,
        command: &GrantBenefit,
        context: &Context<'_>,
    ) -> Result<PartnerEvent, Rejection> {
        by_an_operator(context.actor)?;
        state.account().ok_or(Rejection::PartnerNotFound)?;
        let GrantBenefit { benefit_id, ref name, quantity, expires_at } = *command;
        if self.benefits.contains_key(&benefit_id) {
            return Err(Rejection::AlreadyExists { what: "benefit" });
        }
        lies_ahead(expires_at, context.now)?;
        Ok(BenefitGranted { benefit_id, name: name.clone(), quantity, expires_at }.into())
    }

    fn take(&self, command: WithdrawBenefit, actor: Actor) -> Result<PartnerEvent, Rejection> {
        by_an_operator(actor)?;
        self.benefit(command.benefit_id)?;
        Ok(BenefitWithdrawn { benefit_id: command.benefit_id }.into())
    }

    fn activate(
        &self,
        command: ActivateBenefit,
        now: Timestamp,
    ) -> Result<PartnerEvent, Rejection> {
        let ActivateBenefit { benefit_id, quantity } = command;
        let benefit = self.benefit(benefit_id)?;
        if benefit.expires_at <= now {
            let expired_at = benefit.expires_at;
            return Err(NetworkRefusal::BenefitExpired { expired_at }.into());
        }
        let available = benefit.quantity - benefit.used;
        if quantity.get() > available {
            return Err(NetworkRefusal::UnitsMissing { available }.into());
        }
        Ok(BenefitActivated { benefit_id, quantity }.into())
    }

    /// Also after the benefit expired.
    fn deactivate(&self, command: DeactivateBenefit) -> Result<PartnerEvent, Rejection> {
        let DeactivateBenefit { benefit_id, quantity } = command;
        let used = self.benefit(benefit_id)?.used;
        if quantity.get() > used {
            return Err(NetworkRefusal::UnitsNotInUse { used }.into());
        }
        Ok(BenefitDeactivated { benefit_id, quantity }.into())
    }

    fn knows(&self, id: CompetencyId) -> Result<(), Rejection> {
        let is_known = self.competencies.contains_key(&id);
        if is_known { Ok(()) } else { Err(NetworkRefusal::CompetencyNotFound.into()) }
    }

    fn benefit(&self, id: BenefitId) -> Result<Benefit, Rejection> {
        self.benefits.get(&id).copied().ok_or_else(|| NetworkRefusal::BenefitNotFound.into())
    }
}

/// Names are compared as people read them.
fn is_same(held: &FriendlyName, wanted: &FriendlyName) -> bool {
    held.as_str().to_lowercase() == wanted.as_str().to_lowercase()
}

/// How events change what is known.
impl Network {
    pub(super) fn attained(&mut self, event: &CompetencyAttained) {
        self.competencies.insert(event.competency_id, event.name.clone());
    }

    pub(super) fn withdrawn(&mut self, id: CompetencyId) {
        self.competencies.remove(&id);
    }

    pub(super) fn granted(&mut self, event: &BenefitGranted) {
        let BenefitGranted { benefit_id, quantity, expires_at, .. } = *event;
        let benefit = Benefit { quantity: quantity.get(), used: 0, expires_at };
        self.benefits.insert(benefit_id, benefit);
    }

    pub(super) fn taken(&mut self, id: BenefitId) {
        self.benefits.remove(&id);
    }

    pub(super) fn activated(&mut self, event: &BenefitActivated) {
        if let Some(benefit) = self.benefits.get_mut(&event.benefit_id) {
            benefit.used = benefit.used.saturating_add(event.quantity.get());
        }
    }

    pub(super) fn deactivated(&mut self, event: &BenefitDeactivated) {
        if let Some(benefit) = self.benefits.get_mut(&event.benefit_id) {
            benefit.used = benefit.used.saturating_sub(event.quantity.get());
        }
    }
}
