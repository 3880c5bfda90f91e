//! What does a partner have in the partner network, and what can its users do?

use std::sync::Arc;

use events::{
    BenefitId, CompetencyAttained, CompetencyId, CompetencyLevel, Event, FriendlyName,
    NetworkEvent, PartnerEvent, PartnerId, PartnerUserEvent, PartnerUserId, RecordedEvent,
    Timestamp,
};
use imbl::OrdMap;

use crate::{
    keys::{Id, partner_of},
    personal_handle::{PersonalField, PersonalHandle},
    view::{Contradiction, View},
};

/// A competency of a partner that was not withdrawn.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CompetencyRow {
    /// The competency.
    pub id: CompetencyId,
    /// What it is in.
    pub name: FriendlyName,
    /// How far the partner has come.
    pub level: CompetencyLevel,
    /// Since when it has it.
    pub attained_at: Timestamp,
    /// It counts strictly before this moment.
    pub expires_at: Timestamp,
    /// When it changed last.
    pub changed_at: Timestamp,
}

/// A benefit of a partner that was not withdrawn.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BenefitRow {
    /// The benefit.
    pub id: BenefitId,
    /// What it is.
    pub name: FriendlyName,
    /// How many units there are.
    pub quantity: u32,
    /// How many of them are used.
    pub used: u32,
    /// It can be used strictly before this moment.
    pub expires_at: Timestamp,
    /// Since when it is granted.
    pub granted_at: Timestamp,
}

impl BenefitRow {
    /// How many units are left to use at this moment.
    #[must_use]
    pub fn available_at(&self, at: Timestamp) -> u32 {
        if at < self.expires_at { self.quantity - self.used } else { 0 }
    }
}

/// What a user can do, as it says of itself.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SkillsRow {
    /// The user.
    pub user: PartnerUserId,
    /// What it can do.
    pub skills: PersonalHandle,
    /// When it said so.
    pub changed_at: Timestamp,
}

/// Competencies, benefits and skills of all partners.
#[derive(Clone, Default, PartialEq, Debug)]
pub struct Network {
    competencies: OrdMap<(PartnerId, CompetencyId), Arc<CompetencyRow>>,
    benefits: OrdMap<(PartnerId, BenefitId), Arc<BenefitRow>>,
    skills: OrdMap<(PartnerId, PartnerUserId), SkillsRow>,
}

impl Network {
    /// The competencies of a partner, in the order in which they were recorded.
    pub fn competencies(&self, partner: PartnerId) -> impl Iterator<Item = &CompetencyRow> {
        let (first, last) = ((partner, CompetencyId::MIN), (partner, CompetencyId::MAX));
        self.competencies.range(first..=last).map(|(_, row)| &**row)
    }

    /// A competency of this partner.
    #[must_use]
    pub fn competency(&self, partner: PartnerId, id: CompetencyId) -> Option<&CompetencyRow> {
        self.competencies.get(&(partner, id)).map(|row| &**row)
    }

    /// The benefits of a partner, in the order in which they were granted.
    pub fn benefits(&self, partner: PartnerId) -> impl Iterator<Item = &BenefitRow> {
        let (first, last) = ((partner, BenefitId::MIN), (partner, BenefitId::MAX));
        self.benefits.range(first..=last).map(|(_, row)| &**row)
    }

    /// A benefit of this partner.
    #[must_use]
    pub fn benefit(&self, partner: PartnerId, id: BenefitId) -> Option<&BenefitRow> {
        self.benefits.get(&(partner, id)).map(|row| &**row)
    }

    /// What a user of this partner can do, where it said so.
    #[must_use]
    pub fn skills(&self, partner: PartnerId, user: PartnerUserId) -> Option<&SkillsRow> {
        self.skills.get(&(partner, user))
    }

    fn attain(
        &mut self,
        recorded: &RecordedEvent,
        event: &CompetencyAttained,
    ) -> Result<(), Contradiction> {
        let row = CompetencyRow {
            id: event.competency_id,
            name: event.name.clone(),
            level: event.level,
            attained_at: event.attained_at,
            expires_at: event.expires_at,
            changed_at: recorded.metadata.occurred_at,
        };
        match self.competencies.insert((partner_of(recorded), row.id), Arc::new(row)) {
            None => Ok(()),
            Some(row) => Err(Contradiction::duplicate(row.id)),
        }
    }

    fn competency_mut(
        &mut self,
        partner: PartnerId,
        id: CompetencyId,
    ) -> Result<&mut CompetencyRow, Contradiction> {
        let row = self.competencies.get_mut(&(partner, id));
        row.map(Arc::make_mut).ok_or_else(|| Contradiction::unknown(id))
    }

    fn benefit_mut(
        &mut self,
        partner: PartnerId,
        id: BenefitId,
    ) -> Result<&mut BenefitRow, Contradiction> {
        let row = self.benefits.get_mut(&(partner, id));
        row.map(Arc::make_mut).ok_or_else(|| Contradiction::unknown(id))
    }

    fn use_units(
        &mut self,
        partner: PartnerId,
        id: BenefitId,
        change: impl FnOnce(u32) -> Option<u32>,
    ) -> Result<(), Contradiction> {
        let row = self.benefit_mut(partner, id)?;
        let used = change(row.used).filter(|used| *used <= row.quantity);
        row.used = used.ok_or_else(|| Contradiction::wrong_state(id, "has not that many units"))?;
        Ok(())
    }
}

impl View for Network {
    const NAME: &'static str = "network";

    fn apply(&mut self, recorded: &RecordedEvent) -> Result<(), Contradiction> {
        let Event::Partner(event) = &recorded.event else { return Ok(()) };
        let (partner, at) = (partner_of(recorded), recorded.metadata.occurred_at);
        match event {
            PartnerEvent::Network(event) => match event {
                NetworkEvent::CompetencyAttained(event) => self.attain(recorded, event),
                NetworkEvent::CompetencyChanged(event) => {
                    let row = self.competency_mut(partner, event.competency_id)?;
                    (row.level, row.expires_at, row.changed_at) =
                        (event.level, event.expires_at, at);
                    Ok(())
                }
                NetworkEvent::CompetencyWithdrawn(event) => {
                    let id = event.competency_id;
                    let row = self.competencies.remove(&(partner, id));
                    row.map(|_| ()).ok_or_else(|| Contradiction::unknown(id))
                }
                NetworkEvent::BenefitGranted(event) => {
                    let row = BenefitRow {
                        id: event.benefit_id,
                        name: event.name.clone(),
                        quantity: event.quantity.get(),
                        used: 0,
                        expires_at: event.expires_at,
                        granted_at: at,
                    };
                    match self.benefits.insert((partner, row.id), Arc::new(row)) {
                        None => Ok(()),
                        Some(row) => Err(Contradiction::duplicate(row.id)),
                    }
                }
                NetworkEvent::BenefitActivated(event) => {
                    let more = event.quantity.get();
                    self.use_units(partner, event.benefit_id, |used| used.checked_add(more))
                }
                NetworkEvent::BenefitDeactivated(event) => {
                    let fewer = event.quantity.get();
                    self.use_units(partner, event.benefit_id, |used| used.checked_sub(fewer))
                }
                NetworkEvent::BenefitWithdrawn(event) => {
                    let row = self.benefits.remove(&(partner, event.benefit_id));
                    row.map(|_| ()).ok_or_else(|| Contradiction::unknown(event.benefit_id))
                }
                NetworkEvent::PartnerUserSkillsEdited(event) => {
                    let field = PersonalField::UserSkills;
                    let skills = PersonalHandle::new(recorded, field, &event.skills);
                    let row = SkillsRow { user: event.user_id, skills, changed_at: at };
                    self.skills.insert((partner, event.user_id), row);
                    Ok(())
                }
            },
            PartnerEvent::User(event) => match event {
                PartnerUserEvent::PartnerUserPurged(event) => {
                    self.skills.remove(&(partner, event.user_id));
                    Ok(())
                }
                PartnerUserEvent::PartnerUserAdded(_)
                | PartnerUserEvent::PartnerUserEdited(_)
                | PartnerUserEvent::PartnerUserPasswordReset(_)
                | PartnerUserEvent::PartnerUserDeleted(_)
                | PartnerUserEvent::PartnerUserRestored(_) => Ok(()),
            },
            PartnerEvent::Account(_)
            | PartnerEvent::Role(_)
            | PartnerEvent::SignIn(_)
            | PartnerEvent::Elevation(_)
            | PartnerEvent::Profile(_)
            | PartnerEvent::PublicProfile(_)
            | PartnerEvent::Application(_)
            | PartnerEvent::Webhook(_) => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use events::{BenefitActivated, BenefitDeactivated, BenefitWithdrawn, CompetencyWithdrawn};

    use super::*;
    use crate::testing::{
        History,
        network::{
            benefit, benefit_granted, competency, competency_attained, skills_edited, units,
        },
        partner, partner_user,
    };

    #[test]
    fn units_in_use_are_not_available_and_none_is_once_the_benefit_expired() {
        let mut history = History::new();
        history.then(partner(1), benefit_granted(1, 10));
        let (benefit_id, quantity) = (benefit(1), units(4));
        history.then(partner(1), BenefitActivated { benefit_id, quantity });
        history.then(partner(1), BenefitDeactivated { benefit_id, quantity: units(1) });
        let row = history.model.network().benefit(partner(1), benefit_id).unwrap();
        let before = Timestamp::from_microseconds(row.expires_at.as_microseconds() - 1).unwrap();
        assert_eq!(
            (row.used, row.available_at(before), row.available_at(row.expires_at)),
            (3, 7, 0)
        );
        assert!(history.model.network().benefit(partner(2), benefit_id).is_none());
        history.then(partner(1), BenefitWithdrawn { benefit_id });
        assert_eq!(history.model.network().benefits(partner(1)).count(), 0);
    }

    #[test]
    fn each_partner_has_its_own_competencies_and_skills_until_they_go() {
        let mut history = History::new();
        history.then(partner(1), competency_attained(1, "Cloud"));
        history.then(partner(2), competency_attained(2, "Data"));
        history.then(partner(1), skills_edited(3));
        let network = history.model.network();
        let names: Vec<_> = network.competencies(partner(1)).map(|row| row.name.as_str()).collect();
        assert_eq!(names, ["Cloud"]);
        assert!(network.skills(partner(1), partner_user(3)).is_some());
        assert!(network.skills(partner(2), partner_user(3)).is_none());
        history.then(partner(1), CompetencyWithdrawn { competency_id: competency(1) });
        assert!(history.model.network().competency(partner(1), competency(1)).is_none());
    }
}
