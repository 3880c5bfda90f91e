//! Which companies have an account as a partner?

use std::sync::Arc;

use events::{
    CompanyName, CountryCode, Event, MpnId, PartnerAccountEvent, PartnerEvent, PartnerId,
    PartnerKind, PartnerRegistered, RecordedEvent, Timestamp,
};
use imbl::OrdMap;

use crate::view::{Contradiction, View};

/// A partner.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PartnerRow {
    /// The partner.
    pub id: PartnerId,
    /// What kind of partner.
    pub kind: PartnerKind,
    /// The company's name.
    pub name: CompanyName,
    /// Where it sells.
    pub country: CountryCode,
    /// Its id in the partner network.
    pub mpn_id: MpnId,
    /// When it was registered.
    pub registered_at: Timestamp,
}

/// All partners of the installation.
#[derive(Clone, Default, PartialEq, Debug)]
pub struct Partners {
    rows: OrdMap<PartnerId, Arc<PartnerRow>>,
    by_mpn_id: OrdMap<MpnId, PartnerId>,
}

impl Partners {
    /// The partner with this id.
    #[must_use]
    pub fn get(&self, id: PartnerId) -> Option<&PartnerRow> {
        self.rows.get(&id).map(|row| &**row)
    }

    /// The partner with this id in the partner network.
    #[must_use]
    pub fn by_mpn_id(&self, mpn_id: &MpnId) -> Option<&PartnerRow> {
        self.by_mpn_id.get(mpn_id).and_then(|id| self.get(*id))
    }

    /// Every partner, in the order of their ids.
    pub fn iter(&self) -> impl Iterator<Item = &PartnerRow> {
        self.rows.values().map(|row| &**row)
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// True before the first partner is registered.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    fn register(
        &mut self,
        recorded: &RecordedEvent,
        event: &PartnerRegistered,
    ) -> Result<(), Contradiction> {
        let id = event.partner_id;
        let row = PartnerRow {
            id,
            kind: event.kind,
            name: event.name.clone(),
            country: event.country.clone(),
            mpn_id: event.mpn_id.clone(),
            registered_at: recorded.metadata.occurred_at,
        };
        if self.rows.insert(id, Arc::new(row)).is_some() {
            return Err(Contradiction::duplicate(id));
        }
        match self.by_mpn_id.insert(event.mpn_id.clone(), id) {
            None => Ok(()),
            Some(holder) => Err(Contradiction::wrong_state(holder, "holds that MPN id already")),
        }
    }
}

impl View for Partners {
    const NAME: &'static str = "partners";

    fn apply(&mut self, recorded: &RecordedEvent) -> Result<(), Contradiction> {
        if let Event::Partner(PartnerEvent::Account(event)) = &recorded.event {
            let PartnerAccountEvent::PartnerRegistered(event) = event;
            self.register(recorded, event)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{History, partner, partner_registered};

    #[test]
    fn a_partner_is_found_by_its_id_and_its_mpn_id() {
        let mut history = History::new();
        let kind = PartnerKind::IndirectProvider;
        history.then(partner(7), partner_registered(7, kind, "Contoso"));
        let partners = history.model.partners();
        let row = partners.get(partner(7)).unwrap();
        assert_eq!((row.kind, row.name.as_str()), (kind, "Contoso"));
        assert_eq!(partners.by_mpn_id(&MpnId::new("7").unwrap()), Some(row));
        assert_eq!((partners.len(), partners.iter().count()), (1, 1));
    }

    #[test]
    fn two_partners_with_one_mpn_id_make_no_sense() {
        let mut history = History::new();
        let first = partner_registered(1, PartnerKind::DirectPartner, "One");
        let second = PartnerRegistered { partner_id: partner(2), ..first.clone() };
        history.then(partner(1), first);
        assert!(history.refused(partner(2), second).is_err());
    }
}
