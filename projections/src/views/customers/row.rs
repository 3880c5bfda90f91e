//! What is known about one customer, and in whose lists it belongs.

use events::{
    CompanyName, CountryCode, CustomerCreated, CustomerDetailsEdited, CustomerId, DomainName,
    EventId, Locale, PartnerId, Qualification, RecordedEvent, Timestamp,
};

use super::{
    filter::CustomerCursor,
    lists::{ListKey, Place},
    resellers::Resellers,
};
use crate::{
    personal_handle::{PersonalField, PersonalHandle},
    view::Contradiction,
};

/// A customer.
#[derive(Clone, PartialEq, Debug)]
pub struct CustomerRow {
    /// The customer.
    pub id: CustomerId,
    /// The company's name.
    pub company_name: CompanyName,
    /// Its first domain.
    pub domain: DomainName,
    /// The domains it was given later, in that order.
    pub further_domains: Vec<DomainName>,
    /// What kinds of organisation it was declared to be, and when last; the latest at the end.
    pub qualifications: Vec<Qualified>,
    /// Where it is.
    pub country: CountryCode,
    /// Its culture, such as `en-US`.
    pub culture: Locale,
    /// Its language, such as `en`.
    pub language: Locale,
    /// Whom to reach.
    pub contact: PersonalHandle,
    /// The partner that created it.
    pub created_by: PartnerId,
    /// When it was created.
    pub created_at: Timestamp,
    /// Its relationships with partners, ended ones too; one a partner.
    pub relationships: Vec<Relationship>,
    /// Its indirect resellers, whether or not their partnerships are active.
    pub resellers: Vec<AssociatedReseller>,
    /// The partners from which it may buy for itself.
    pub own_purchases: Vec<OwnPurchases>,
    pub(crate) place: Place,
    pub(crate) lists: Box<[ListKey]>,
}

impl CustomerRow {
    /// Every domain, the first one first.
    pub fn domains(&self) -> impl Iterator<Item = &DomainName> {
        std::iter::once(&self.domain).chain(&self.further_domains)
    }

    /// The kind of organisation it was declared to be last.
    #[must_use]
    pub fn qualification(&self) -> Option<Qualification> {
        self.qualifications.last().map(|known| known.qualification)
    }

    /// The relationship with a partner, active or ended.
    #[must_use]
    pub fn relationship(&self, partner: PartnerId) -> Option<&Relationship> {
        self.relationships.iter().find(|relationship| relationship.partner == partner)
    }

    /// The permission to buy for itself from a partner.
    #[must_use]
    pub fn own_purchases_from(&self, partner: PartnerId) -> Option<&OwnPurchases> {
        self.own_purchases.iter().find(|permitted| permitted.partner == partner)
    }

    /// The partners that see the customer now: those with an active relationship, and indirect
    /// resellers whose partnership with such a partner is active.
    pub fn viewers(&self) -> impl Iterator<Item = PartnerId> + '_ {
        self.lists.iter().filter(|list| list.with.is_none()).map(|list| list.viewer)
    }

    /// True when the partner sees the customer now.
    #[must_use]
    pub fn is_seen_by(&self, partner: PartnerId) -> bool {
        self.viewers().any(|viewer| viewer == partner)
    }

    /// For a provider the resellers through whose active partnerships it sells to the customer, for a
    /// reseller the providers.
    pub fn seen_with(&self, viewer: PartnerId) -> impl Iterator<Item = PartnerId> + '_ {
        let own = self.lists.iter().filter(move |list| list.viewer == viewer);
        own.filter_map(|list| list.with)
    }

    /// The place of this customer in a list, to continue behind it.
    #[must_use]
    pub fn cursor(&self) -> CustomerCursor {
        CustomerCursor { company: self.place.name.as_ref().into(), customer: self.id }
    }
}

/// A kind of organisation that a customer was declared to be.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Qualified {
    /// The kind.
    pub qualification: Qualification,
    /// When it was declared last.
    pub since: Timestamp,
}

/// The bond between a customer and a partner.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Relationship {
    /// The partner.
    pub partner: PartnerId,
    /// Whether the partner may administer on the customer's behalf; false once ended.
    pub delegated_admin: bool,
    /// Since when it is as it is now.
    pub since: Timestamp,
    /// Whether it is active.
    pub active: bool,
}

/// The permission of a customer to buy for itself.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct OwnPurchases {
    /// The partner that sells.
    pub partner: PartnerId,
    /// Since when.
    pub since: Timestamp,
    /// The event that permitted it; changes with every new permission.
    pub policy: EventId,
}

/// An indirect reseller of a customer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct AssociatedReseller {
    /// The provider through which it sells.
    pub provider: PartnerId,
    /// The reseller.
    pub reseller: PartnerId,
    /// Since when.
    pub since: Timestamp,
}

impl CustomerRow {
    /// A new customer, which nobody sees yet.
    pub(crate) fn new(recorded: &RecordedEvent, event: &CustomerCreated) -> Self {
        Self {
            id: event.customer_id,
            company_name: event.company_name.clone(),
            domain: event.domain.clone(),
            further_domains: Vec::new(),
            qualifications: Vec::new(),
            country: event.country.clone(),
            culture: event.culture.clone(),
            language: event.language.clone(),
            contact: PersonalHandle::new(recorded, PersonalField::CustomerContact, &event.contact),
            created_by: event.partner_id,
            created_at: recorded.metadata.occurred_at,
            relationships: Vec::new(),
            resellers: Vec::new(),
            own_purchases: Vec::new(),
            place: place(&event.company_name, event.customer_id),
            lists: Box::default(),
        }
    }

    pub(crate) fn edit(&mut self, recorded: &RecordedEvent, event: &CustomerDetailsEdited) {
        self.company_name = event.company_name.clone();
        self.country = event.country.clone();
        self.culture = event.culture.clone();
        self.language = event.language.clone();
        self.contact =
            PersonalHandle::new(recorded, PersonalField::CustomerContact, &event.contact);
        self.place = place(&self.company_name, self.id);
    }

    /// A newer declaration of a kind takes the place of the older one.
    pub(crate) fn qualify(&mut self, qualification: Qualification, since: Timestamp) {
        self.qualifications.retain(|known| known.qualification != qualification);
        self.qualifications.push(Qualified { qualification, since });
    }

    pub(crate) fn establish(&mut self, bond: Relationship) -> Result<(), Contradiction> {
        match self.relationships.iter_mut().find(|known| known.partner == bond.partner) {
            Some(known) if known.active => {
                return Err(Contradiction::wrong_state(self.id, "has that relationship already"));
            }
            Some(known) => *known = bond,
            None => self.relationships.push(bond),
        }
        Ok(())
    }

    pub(crate) fn set_delegated_admin(
        &mut self,
        partner: PartnerId,
        delegated_admin: bool,
        since: Timestamp,
    ) -> Result<(), Contradiction> {
        match self.relationships.iter_mut().find(|known| known.partner == partner && known.active) {
            Some(known) if known.delegated_admin != delegated_admin => {
                *known = Relationship { partner, delegated_admin, since, active: true };
                Ok(())
            }
            Some(_) => Err(Contradiction::wrong_state(self.id, "has those privileges already")),
            None => Err(Contradiction::wrong_state(self.id, "does not have that relationship")),
        }
    }

    pub(crate) fn permit_own_purchases(
        &mut self,
        permitted: OwnPurchases,
    ) -> Result<(), Contradiction> {
        if self.own_purchases_from(permitted.partner).is_some() {
            return Err(Contradiction::wrong_state(self.id, "may buy for itself already"));
        }
        self.own_purchases.push(permitted);
        Ok(())
    }

    pub(crate) fn forbid_own_purchases(&mut self, partner: PartnerId) -> Result<(), Contradiction> {
        let before = self.own_purchases.len();
        self.own_purchases.retain(|permitted| permitted.partner != partner);
        if self.own_purchases.len() == before {
            return Err(Contradiction::wrong_state(self.id, "may not buy for itself"));
        }
        Ok(())
    }

    pub(crate) fn end(
        &mut self,
        partner: PartnerId,
        since: Timestamp,
    ) -> Result<(), Contradiction> {
        match self.relationships.iter_mut().find(|known| known.partner == partner && known.active) {
            Some(known) => {
                *known = Relationship { partner, delegated_admin: false, since, active: false };
                Ok(())
            }
            None => Err(Contradiction::wrong_state(self.id, "does not have that relationship")),
        }
    }

    /// The lists in which the customer stands: those of its active relationships, and those of
    /// indirect resellers (and of provider and reseller together) whose partnership is active.
    pub(super) fn lists_now(&self, resellers: &Resellers) -> Box<[ListKey]> {
        let holds = |partner| self.relationship(partner).is_some_and(|bond| bond.active);
        let mut lists = Vec::new();
        for bond in self.relationships.iter().filter(|bond| bond.active) {
            lists.push(ListKey { viewer: bond.partner, with: None });
        }
        for AssociatedReseller { provider, reseller, .. } in self.resellers.iter().copied() {
            if holds(provider) && resellers.are_partners(provider, reseller) {
                lists.push(ListKey { viewer: provider, with: Some(reseller) });
                lists.push(ListKey { viewer: reseller, with: Some(provider) });
                lists.push(ListKey { viewer: reseller, with: None });
            }
        }
        lists.sort_unstable();
        lists.dedup();
        lists.into()
    }
}

fn place(company_name: &CompanyName, customer: CustomerId) -> Place {
    Place { name: company_name.as_str().to_lowercase().into(), customer }
}
