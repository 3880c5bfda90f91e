//! Which customers are there, who sells to them, and which of them does a partner see?

mod domains;
mod ended;
mod filter;
mod lists;
mod resellers;
mod row;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use events::{
    CustomerAccountEvent, CustomerCreated, CustomerEvent, CustomerId, DomainName, Event,
    InvalidValue, PartnerId, PartnershipEvent, RecordedEvent, RelationshipEvent,
    ResellerAssociated, ResellerRemoved, Timestamp,
};
use imbl::OrdMap;

use self::{
    domains::CustomerDomains,
    ended::EndedRelationships,
    filter::Wanted,
    lists::{CustomerLists, ListKey, Place},
    resellers::Resellers,
};
pub use self::{
    filter::{CustomerCursor, CustomerFilter},
    row::{AssociatedReseller, CustomerRow, OwnPurchases, Qualified, Relationship},
};
use crate::{
    keys::customer_of,
    page::Page,
    view::{Contradiction, View},
};

/// All customers, and the list of each partner.
#[derive(Clone, Default, PartialEq, Debug)]
pub struct Customers {
    rows: OrdMap<CustomerId, Arc<CustomerRow>>,
    domains: CustomerDomains,
    lists: CustomerLists,
    resellers: Resellers,
    ended: EndedRelationships,
}

impl Customers {
    /// The customer with this id, whoever may see it.
    #[must_use]
    pub fn get(&self, id: CustomerId) -> Option<&CustomerRow> {
        self.rows.get(&id).map(|row| &**row)
    }

    /// The customer with this id, if the partner sees it now.
    #[must_use]
    pub fn seen_by(&self, partner: PartnerId, id: CustomerId) -> Option<&CustomerRow> {
        self.get(id).filter(|row| row.is_seen_by(partner))
    }

    /// The customer with this domain, whoever may see it.
    #[must_use]
    pub fn by_domain(&self, domain: &DomainName) -> Option<&CustomerRow> {
        self.domains.holder(domain).and_then(|id| self.get(id))
    }

    /// The customers whose relationship with the partner was ended, in the order of their ids.
    pub fn ended(&self, partner: PartnerId) -> impl Iterator<Item = &CustomerRow> {
        self.ended.of(partner).filter_map(|id| self.get(id))
    }

    /// Whether a domain is free for a new customer: a full one when it is nobody's, a prefix (its
    /// first label) when no customer's domain begins with it.
    ///
    /// # Errors
    /// When the text is neither.
    pub fn is_domain_free(&self, text: &str) -> Result<bool, InvalidValue> {
        self.domains.is_free(text)
    }

    /// How many customers the partner sees.
    #[must_use]
    pub fn count(&self, partner: PartnerId) -> usize {
        self.lists.len(ListKey { viewer: partner, with: None })
    }

    /// How many customers the installation has, whoever may see them.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// True before the first customer.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Every customer, whoever may see it, in the order of their ids.
    pub fn iter(&self) -> impl Iterator<Item = &CustomerRow> {
        self.rows.values().map(|row| &**row)
    }

    /// A page of the customers that `viewer` sees, in the order of their names.
    ///
    /// Costs what the page costs; a total under a filter on names or text costs a walk over the
    /// customers the filter leaves to be looked at.
    #[must_use]
    pub fn list(
        &self,
        viewer: PartnerId,
        filter: &CustomerFilter,
        after: Option<&CustomerCursor>,
        limit: usize,
    ) -> Page<&CustomerRow, CustomerCursor> {
        let rows = self.between(viewer, filter, after, None);
        Page::take(rows, limit, self.total(viewer, filter), |row| row.cursor())
    }

    /// How many customers `viewer` sees that the filter admits; under a filter on names or text at
    /// the cost of a walk over them.
    #[must_use]
    pub fn total(&self, viewer: PartnerId, filter: &CustomerFilter) -> usize {
        if Wanted::new(filter).is_everything() {
            self.lists.len(ListKey { viewer, with: filter.indirect_partner })
        } else {
            self.between(viewer, filter, None, None).count()
        }
    }

    /// The customers that `viewer` sees between two places of the list, in the order of their names,
    /// from both ends.
    #[must_use]
    pub fn between<'a>(
        &'a self,
        viewer: PartnerId,
        filter: &CustomerFilter,
        after: Option<&CustomerCursor>,
        before: Option<&CustomerCursor>,
    ) -> impl DoubleEndedIterator<Item = &'a CustomerRow> + use<'a> {
        let place =
            |at: &CustomerCursor| Place { name: at.company.as_str().into(), customer: at.customer };
        let (after, before) = (after.map(place), before.map(place));
        let list = ListKey { viewer, with: filter.indirect_partner };
        let wanted = Wanted::new(filter);
        let all = self.lists.rows(list, &wanted.company_prefix, after.as_ref(), before.as_ref());
        all.filter(move |row| wanted.admits(row))
    }

    /// The indirect resellers of a customer that work through this provider, as long as their
    /// partnership is active.
    pub fn resellers_through(
        &self,
        customer: CustomerId,
        provider: PartnerId,
    ) -> impl Iterator<Item = PartnerId> {
        self.get(customer)
            .into_iter()
            .flat_map(|row| row.resellers.iter())
            .filter(move |bond| bond.provider == provider)
            .filter(|bond| self.resellers.are_partners(bond.provider, bond.reseller))
            .map(|bond| bond.reseller)
    }

    fn create(
        &mut self,
        recorded: &RecordedEvent,
        event: &CustomerCreated,
    ) -> Result<(), Contradiction> {
        let id = event.customer_id;
        let row = CustomerRow::new(recorded, event);
        if self.rows.insert(id, Arc::new(row)).is_some() {
            return Err(Contradiction::duplicate(id));
        }
        self.domains.take(&event.domain, id)
    }

    fn associate(
        &mut self,
        id: CustomerId,
        event: &ResellerAssociated,
        since: Timestamp,
    ) -> Result<(), Contradiction> {
        let (provider, reseller) = (event.provider, event.reseller);
        self.resellers.associate(provider, reseller, id)?;
        self.change(id, |row| {
            row.resellers.push(AssociatedReseller { provider, reseller, since });
            Ok(())
        })
    }

    fn dissociate(&mut self, id: CustomerId, event: &ResellerRemoved) -> Result<(), Contradiction> {
        let (provider, reseller) = (event.provider, event.reseller);
        self.resellers.dissociate(provider, reseller, id)?;
        self.change(id, |row| {
            row.resellers.retain(|bond| bond.provider != provider || bond.reseller != reseller);
            Ok(())
        })
    }

    /// A partnership began or ended: the reseller's customers appear or vanish.
    fn list_anew(&mut self, provider: PartnerId, reseller: PartnerId) -> Result<(), Contradiction> {
        let customers: Vec<CustomerId> = self.resellers.customers(provider, reseller).collect();
        customers.into_iter().try_for_each(|customer| self.change(customer, |_| Ok(())))
    }

    /// Changes a row and moves it to the lists in which it belongs afterwards.
    fn change(
        &mut self,
        id: CustomerId,
        change: impl FnOnce(&mut CustomerRow) -> Result<(), Contradiction>,
    ) -> Result<(), Contradiction> {
        let row = self.rows.get_mut(&id).ok_or_else(|| Contradiction::unknown(id))?;
        // Out of its lists first: a row that nobody else holds is changed in its place.
        self.lists.remove(row);
        let changed = Arc::make_mut(row);
        change(changed)?;
        changed.lists = changed.lists_now(&self.resellers);
        self.lists.insert(row);
        Ok(())
    }
}

impl Customers {
    fn apply_customer(
        &mut self,
        recorded: &RecordedEvent,
        event: &CustomerEvent,
    ) -> Result<(), Contradiction> {
        let id = customer_of(recorded);
        let since = recorded.metadata.occurred_at;
        match event {
            CustomerEvent::Account(event) => match event {
                CustomerAccountEvent::CustomerCreated(event) => self.create(recorded, event),
                CustomerAccountEvent::CustomerDetailsEdited(event) => self.change(id, |row| {
                    row.edit(recorded, event);
                    Ok(())
                }),
                CustomerAccountEvent::CustomerDomainAdded(event) => {
                    self.domains.take(&event.domain, id)?;
                    self.change(id, |row| {
                        row.further_domains.push(event.domain.clone());
                        Ok(())
                    })
                }
                CustomerAccountEvent::CustomerQualified(event) => self.change(id, |row| {
                    row.qualify(event.qualification, since);
                    Ok(())
                }),
            },
            CustomerEvent::Relationship(event) => match event {
                RelationshipEvent::RelationshipEstablished(event) => {
                    let (partner, delegated_admin) = (event.partner_id, event.delegated_admin);
                    let bond = Relationship { partner, delegated_admin, since, active: true };
                    self.ended.taken_up_again(partner, id);
                    self.change(id, |row| row.establish(bond))
                }
                RelationshipEvent::RelationshipEnded(event) => {
                    self.ended.ended(event.partner_id, id);
                    self.change(id, |row| row.end(event.partner_id, since))
                }
                RelationshipEvent::ResellerAssociated(event) => self.associate(id, event, since),
                RelationshipEvent::ResellerRemoved(event) => self.dissociate(id, event),
                RelationshipEvent::DelegatedAdminGranted(event) => {
                    self.change(id, |row| row.set_delegated_admin(event.partner_id, true, since))
                }
                RelationshipEvent::DelegatedAdminEnded(event) => {
                    self.change(id, |row| row.set_delegated_admin(event.partner_id, false, since))
                }
                RelationshipEvent::OwnPurchasesPermitted(event) => {
                    let policy = recorded.event_id;
                    let permitted = OwnPurchases { partner: event.partner_id, since, policy };
                    self.change(id, |row| row.permit_own_purchases(permitted))
                }
                RelationshipEvent::OwnPurchasesForbidden(event) => {
                    self.change(id, |row| row.forbid_own_purchases(event.partner_id))
                }
            },
            CustomerEvent::Request(_)
            | CustomerEvent::Cart(_)
            | CustomerEvent::Order(_)
            | CustomerEvent::Subscription(_)
            | CustomerEvent::SupportContact(_)
            | CustomerEvent::User(_)
            | CustomerEvent::License(_)
            | CustomerEvent::DirectoryRole(_)
            | CustomerEvent::SignIn(_)
            | CustomerEvent::Device(_)
            | CustomerEvent::Agreement(_) => Ok(()),
        }
    }
}

impl View for Customers {
    const NAME: &'static str = "customers";

    fn apply(&mut self, recorded: &RecordedEvent) -> Result<(), Contradiction> {
        match &recorded.event {
            Event::Customer(event) => self.apply_customer(recorded, event),
            Event::Partnership(PartnershipEvent::PartnershipAccepted(event)) => {
                self.resellers.partnership_began(event.provider, event.reseller);
                self.list_anew(event.provider, event.reseller)
            }
            Event::Partnership(PartnershipEvent::PartnershipEnded(event)) => {
                self.resellers.partnership_ended(event.provider, event.reseller);
                self.list_anew(event.provider, event.reseller)
            }
            Event::Partnership(
                PartnershipEvent::PartnershipRequested(_)
                | PartnershipEvent::PartnershipDeclined(_)
                | PartnershipEvent::PartnershipWithdrawn(_)
                | PartnershipEvent::InvitationEdited(_)
                | PartnershipEvent::InvitationSendRequested(_)
                | PartnershipEvent::InvitationSent(_)
                | PartnershipEvent::InvitationSendFailed(_)
                | PartnershipEvent::InvitationExpired(_),
            )
            | Event::Partner(_)
            | Event::NameClaim(_)
            | Event::Installation(_)
            | Event::Lead(_)
            | Event::ServiceRequest(_) => Ok(()),
        }
    }
}
