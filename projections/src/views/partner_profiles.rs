//! What do the profiles of a partner say?

use std::sync::Arc;

use events::{
    CompanyName, CountryCode, Event, PartnerEvent, PartnerId, PartnerProfileEvent, ProfileKind,
    RecordedEvent, Timestamp,
};
use imbl::OrdMap;

use crate::{
    keys::partner_of,
    personal_handle::{PersonalField, PersonalHandle},
    view::{Contradiction, View},
};

/// A profile of a partner.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PartnerProfileRow {
    /// The partner.
    pub partner: PartnerId,
    /// Which profile.
    pub kind: ProfileKind,
    /// The company's name in it.
    pub company_name: CompanyName,
    /// Its country.
    pub country: CountryCode,
    /// What it says.
    pub profile: PersonalHandle,
    /// When it changed last.
    pub changed_at: Timestamp,
}

/// The profiles of all partners.
#[derive(Clone, Default, PartialEq, Debug)]
pub struct PartnerProfiles {
    rows: OrdMap<(PartnerId, ProfileKind), Arc<PartnerProfileRow>>,
}

impl PartnerProfiles {
    /// A profile of a partner, once it was entered.
    #[must_use]
    pub fn get(&self, partner: PartnerId, kind: ProfileKind) -> Option<&PartnerProfileRow> {
        self.rows.get(&(partner, kind)).map(|row| &**row)
    }
}

impl View for PartnerProfiles {
    const NAME: &'static str = "partner_profiles";

    fn apply(&mut self, recorded: &RecordedEvent) -> Result<(), Contradiction> {
        if let Event::Partner(PartnerEvent::Profile(PartnerProfileEvent::PartnerProfileEdited(
            event,
        ))) = &recorded.event
        {
            let row = PartnerProfileRow {
                partner: partner_of(recorded),
                kind: event.kind,
                company_name: event.company_name.clone(),
                country: event.country.clone(),
                profile: PersonalHandle::new(
                    recorded,
                    PersonalField::PartnerCompanyProfile,
                    &event.profile,
                ),
                changed_at: recorded.metadata.occurred_at,
            };
            self.rows.insert((row.partner, row.kind), Arc::new(row));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{History, partner, requests::support_profile};

    #[test]
    fn a_partner_has_the_newest_of_each_of_its_profiles() {
        let mut history = History::new();
        history.then(partner(1), support_profile(1, "Old"));
        history.then(partner(1), support_profile(1, "New"));
        let profiles = history.model.partner_profiles();
        let row = profiles.get(partner(1), ProfileKind::Support).unwrap();
        assert_eq!((row.company_name.as_str(), row.changed_at), ("New", history.now));
        assert!(profiles.get(partner(1), ProfileKind::Business).is_none());
        assert!(profiles.get(partner(2), ProfileKind::Support).is_none());
    }
}
