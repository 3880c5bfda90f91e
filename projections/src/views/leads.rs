//! Which companies were referred by a provider to a reseller, and what became of each?

use std::sync::Arc;

use events::{
    CompanyName, CountryCode, CustomerId, Event, LeadEvent, LeadId, LeadReferred, PartnerId,
    RecordedEvent, Timestamp,
};
use imbl::{OrdMap, OrdSet};

use crate::{
    keys::{Id, lead_of},
    personal_handle::{PersonalField, PersonalHandle},
    view::{Contradiction, View},
};

/// A company that a provider referred to a reseller.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LeadRow {
    /// The lead.
    pub id: LeadId,
    /// The provider who referred.
    pub provider: PartnerId,
    /// The reseller it was referred to.
    pub reseller: PartnerId,
    /// The company.
    pub company_name: CompanyName,
    /// Where it is, where that is known.
    pub country: Option<CountryCode>,
    /// Whom to talk to.
    pub contact: PersonalHandle,
    /// When it was referred.
    pub referred_at: Timestamp,
    /// What became of it.
    pub progress: LeadProgress,
}

/// How far a lead has come.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum LeadProgress {
    /// The reseller has not answered.
    Referred,
    /// The reseller follows it.
    Accepted {
        /// Since when.
        at: Timestamp,
    },
    /// The reseller does not follow it.
    Declined {
        /// Since when.
        at: Timestamp,
    },
    /// The provider took it back.
    Withdrawn {
        /// When.
        at: Timestamp,
    },
    /// It became a customer.
    Converted {
        /// When.
        at: Timestamp,
        /// The customer.
        customer: CustomerId,
    },
}

impl LeadProgress {
    /// The word for it in answers and on pages.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Referred => "referred",
            Self::Accepted { .. } => "accepted",
            Self::Declined { .. } => "declined",
            Self::Withdrawn { .. } => "withdrawn",
            Self::Converted { .. } => "converted",
        }
    }

    /// Since when it has come so far; `None` while it was only referred.
    #[must_use]
    pub const fn at(self) -> Option<Timestamp> {
        match self {
            Self::Referred => None,
            Self::Accepted { at }
            | Self::Declined { at }
            | Self::Withdrawn { at }
            | Self::Converted { at, .. } => Some(at),
        }
    }

    const fn is_open(self) -> bool {
        matches!(self, Self::Referred | Self::Accepted { .. })
    }
}

/// All leads.
#[derive(Clone, Default, PartialEq, Debug)]
pub struct Leads {
    rows: OrdMap<LeadId, Arc<LeadRow>>,
    /// Each lead under both of its partners.
    by_partner: OrdSet<(PartnerId, LeadId)>,
}

impl Leads {
    /// The lead with this id, if the partner referred it or it was referred to it.
    #[must_use]
    pub fn of_partner(&self, partner: PartnerId, id: LeadId) -> Option<&LeadRow> {
        let row = self.rows.get(&id).map(|row| &**row);
        row.filter(|row| row.provider == partner || row.reseller == partner)
    }

    /// The leads a partner referred and those referred to it, oldest first; beginning after
    /// `after` where given.
    #[must_use]
    pub fn of(
        &self,
        partner: PartnerId,
        after: Option<LeadId>,
    ) -> impl DoubleEndedIterator<Item = &LeadRow> {
        self.by_partner
            .range((partner, after.unwrap_or(LeadId::MIN))..=(partner, LeadId::MAX))
            .filter(move |(_, id)| after != Some(*id))
            .filter_map(|(_, id)| self.rows.get(id).map(|row| &**row))
    }

    fn refer(
        &mut self,
        recorded: &RecordedEvent,
        event: &LeadReferred,
    ) -> Result<(), Contradiction> {
        let id = event.lead_id;
        let row = LeadRow {
            id,
            provider: event.provider,
            reseller: event.reseller,
            company_name: event.company_name.clone(),
            country: event.country.clone(),
            contact: PersonalHandle::new(recorded, PersonalField::LeadContact, &event.contact),
            referred_at: recorded.metadata.occurred_at,
            progress: LeadProgress::Referred,
        };
        if self.rows.insert(id, Arc::new(row)).is_some() {
            return Err(Contradiction::duplicate(id));
        }
        self.by_partner.insert((event.provider, id));
        self.by_partner.insert((event.reseller, id));
        Ok(())
    }

    fn advance(&mut self, id: LeadId, progress: LeadProgress) -> Result<(), Contradiction> {
        let row = self.rows.get_mut(&id).map(Arc::make_mut);
        let row = row.ok_or_else(|| Contradiction::unknown(id))?;
        if !row.progress.is_open() {
            return Err(Contradiction::wrong_state(id, "is closed"));
        }
        row.progress = progress;
        Ok(())
    }
}

impl View for Leads {
    const NAME: &'static str = "leads";

    fn apply(&mut self, recorded: &RecordedEvent) -> Result<(), Contradiction> {
        let Event::Lead(event) = &recorded.event else {
            return Ok(());
        };
        let (id, at) = (lead_of(recorded), recorded.metadata.occurred_at);
        match event {
            LeadEvent::LeadReferred(event) => self.refer(recorded, event),
            LeadEvent::LeadAccepted(_) => self.advance(id, LeadProgress::Accepted { at }),
            LeadEvent::LeadDeclined(_) => self.advance(id, LeadProgress::Declined { at }),
            LeadEvent::LeadWithdrawn(_) => self.advance(id, LeadProgress::Withdrawn { at }),
            LeadEvent::LeadConverted(event) => {
                let customer = event.customer_id;
                self.advance(id, LeadProgress::Converted { at, customer })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use events::{LeadAccepted, LeadConverted, LeadDeclined};

    use super::*;
    use crate::testing::{History, customer, lead, lead_referred, partner};

    const PROVIDER: u128 = 1;
    const RESELLER: u128 = 2;

    fn referred() -> History {
        let mut history = History::new();
        history.then(lead(1), lead_referred(1, PROVIDER, RESELLER));
        history
    }

    fn progress(history: &History) -> LeadProgress {
        history.model.leads().of_partner(partner(PROVIDER), lead(1)).unwrap().progress
    }

    #[test]
    fn a_lead_is_seen_by_its_two_partners_and_by_nobody_else() {
        let history = referred();
        let leads = history.model.leads();
        for seen_by in [PROVIDER, RESELLER].map(partner) {
            assert_eq!(leads.of(seen_by, None).map(|row| row.id).collect::<Vec<_>>(), [lead(1)]);
            assert!(leads.of_partner(seen_by, lead(1)).is_some());
        }
        assert_eq!(leads.of(partner(PROVIDER), Some(lead(1))).count(), 0);
        assert_eq!(leads.of(partner(3), None).count(), 0);
        assert!(leads.of_partner(partner(3), lead(1)).is_none());
        let row = leads.of_partner(partner(PROVIDER), lead(1)).unwrap();
        assert_eq!((row.contact.subject, progress(&history).at()), (lead(1).into(), None));
    }

    #[test]
    fn a_lead_is_followed_until_it_is_a_customer_and_closed_then() {
        let (provider, reseller) = (partner(PROVIDER), partner(RESELLER));
        let mut history = referred();
        history.then(lead(1), LeadAccepted { provider, reseller });
        assert_eq!(progress(&history), LeadProgress::Accepted { at: history.now });
        let converted = LeadConverted { provider, reseller, customer_id: customer(1) };
        history.then(lead(1), converted);
        let customer = customer(1);
        assert_eq!(progress(&history), LeadProgress::Converted { at: history.now, customer });
        assert!(history.refused(lead(1), LeadDeclined { provider, reseller }).is_err());
    }

    #[test]
    fn an_answer_to_a_lead_that_was_never_referred_makes_no_sense() {
        let (provider, reseller) = (partner(PROVIDER), partner(RESELLER));
        let mut history = History::new();
        assert!(history.refused(lead(1), LeadDeclined { provider, reseller }).is_err());
    }
}
