//! Which customers are there, who sells to them, and which of them does a partner see?

use std::sync::Arc;

use events::{
    CustomerAccountEvent, CustomerCreated, CustomerEvent, CustomerId, DomainName, Event,
    InvalidValue, PartnerId, PartnershipEvent, RecordedEvent, RelationshipEvent,
    ResellerAssociated, ResellerRemoved, Timestamp,
};
use imbl::{OrdMap, OrdSet};

use crate::{
    keys::{Id, customer_of},
    page::Page,
    view::{Contradiction, View},
    views::{
        customer_domains::CustomerDomains,
        customer_filter::{CustomerCursor, CustomerFilter, Wanted},
        customer_lists::{CustomerLists, ListKey, Place},
        customer_row::{AssociatedReseller, CustomerRow, OwnPurchases, Relationship},
        ended_relationships::EndedRelationships,
    },
};

/// All customers, and the list of each partner.
#[derive(Clone, Default, PartialEq, Debug)]
pub struct Customers {
    rows: OrdMap<CustomerId, Arc<CustomerRow>>,
    domains: CustomerDomains,
    lists: CustomerLists,
    /// Provider, reseller, customer: associations, whether or not the partnership is active.
    associations: OrdSet<(PartnerId, PartnerId, CustomerId)>,
    ended: EndedRelationships,
    /// Provider and reseller of every active partnership.
    partnerships: OrdSet<(PartnerId, PartnerId)>,
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
        self.lists
            .places(list, &wanted.company_prefix, after.as_ref(), before.as_ref())
            .filter_map(|place| self.get(place.customer))
            .filter(move |row| wanted.admits(row))
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
            .filter(|bond| self.partnerships.contains(&(bond.provider, bond.reseller)))
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
        if self.associations.insert((provider, reseller, id)).is_some() {
            return Err(Contradiction::wrong_state(id, "has that reseller already"));
        }
        self.change(id, |row| {
            row.resellers.push(AssociatedReseller { provider, reseller, since });
            Ok(())
        })
    }

    fn dissociate(&mut self, id: CustomerId, event: &ResellerRemoved) -> Result<(), Contradiction> {
        let (provider, reseller) = (event.provider, event.reseller);
        if self.associations.remove(&(provider, reseller, id)).is_none() {
            return Err(Contradiction::wrong_state(id, "does not have that reseller"));
        }
        self.change(id, |row| {
            row.resellers.retain(|bond| bond.provider != provider || bond.reseller != reseller);
            Ok(())
        })
    }

    /// A partnership began or ended: the reseller's customers appear or vanish.
    fn set_partnership(
        &mut self,
        provider: PartnerId,
        reseller: PartnerId,
        active: bool,
    ) -> Result<(), Contradiction> {
        if active {
            self.partnerships.insert((provider, reseller));
        } else {
            self.partnerships.remove(&(provider, reseller));
        }
        let range = (provider, reseller, CustomerId::MIN)..=(provider, reseller, CustomerId::MAX);
        let customers: Vec<CustomerId> = self.associations.range(range).map(|key| key.2).collect();
        customers.into_iter().try_for_each(|customer| self.change(customer, |_| Ok(())))
    }

    /// Changes a row and moves it to the lists in which it belongs afterwards.
    fn change(
        &mut self,
        id: CustomerId,
        change: impl FnOnce(&mut CustomerRow) -> Result<(), Contradiction>,
    ) -> Result<(), Contradiction> {
        let row = self.rows.get_mut(&id).ok_or_else(|| Contradiction::unknown(id))?;
        let row = Arc::make_mut(row);
        self.lists.remove(&row.lists, &row.place);
        change(row)?;
        row.lists = row.lists_now(&self.partnerships);
        self.lists.insert(&row.lists, &row.place);
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
                self.set_partnership(event.provider, event.reseller, true)
            }
            Event::Partnership(PartnershipEvent::PartnershipEnded(event)) => {
                self.set_partnership(event.provider, event.reseller, false)
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

#[cfg(test)]
mod tests {
    use events::RelationshipEnded;

    use super::*;
    use crate::testing::{History, customer, customer_edited, partner};

    const PROVIDER: u128 = 1;
    const RESELLER: u128 = 2;

    fn provider_with_reseller() -> History {
        let mut history = History::new();
        history
            .partnership(1, PROVIDER, RESELLER)
            .customer(1, "Zeta", PROVIDER)
            .customer(2, "alpha", PROVIDER)
            .customer(3, "Beta", PROVIDER)
            .customer(4, "ALPHABET", PROVIDER)
            .associate(1, PROVIDER, RESELLER)
            .associate(2, PROVIDER, RESELLER);
        history
    }

    fn ids(history: &History, viewer: u128, filter: &CustomerFilter) -> Vec<CustomerId> {
        let page = history.model.customers().list(partner(viewer), filter, None, 100);
        assert_eq!(page.total, page.rows.len());
        page.rows.iter().map(|row| row.id).collect()
    }

    fn all(history: &History, viewer: u128) -> Vec<CustomerId> {
        ids(history, viewer, &CustomerFilter::default())
    }

    fn customers<const N: usize>(numbers: [u128; N]) -> Vec<CustomerId> {
        numbers.map(customer).to_vec()
    }

    #[test]
    fn a_partner_sees_its_own_customers_by_name_in_any_case() {
        let mut history = provider_with_reseller();
        history.customer(5, "Foreign", 7);
        assert_eq!(all(&history, PROVIDER), customers([2, 4, 3, 1]));
        assert_eq!(history.model.customers().count(partner(PROVIDER)), 4);
        assert_eq!(all(&history, 7), customers([5]));
        assert!(history.model.customers().seen_by(partner(PROVIDER), customer(5)).is_none());
        assert!(history.model.customers().seen_by(partner(PROVIDER), customer(1)).is_some());
    }

    #[test]
    fn a_reseller_sees_the_customers_it_is_associated_with_and_no_others() {
        let history = provider_with_reseller();
        assert_eq!(all(&history, RESELLER), customers([2, 1]));
    }

    #[test]
    fn filters_narrow_by_prefix_domain_partner_and_text() {
        let history = provider_with_reseller();
        let text = |text: &str| Some(text.to_owned());
        let by = |filter| ids(&history, PROVIDER, &filter);
        let none = CustomerFilter::default;
        assert_eq!(
            by(CustomerFilter { company_prefix: text("ALPHA"), ..none() }),
            customers([2, 4])
        );
        assert_eq!(by(CustomerFilter { domain_prefix: text("C3."), ..none() }), customers([3]));
        assert_eq!(by(CustomerFilter { text: text("eta"), ..none() }), customers([3, 1]));
        assert_eq!(by(CustomerFilter { text: text("c4"), ..none() }), customers([4]));
        assert_eq!(by(CustomerFilter { company_prefix: text("\u{10ffff}"), ..none() }), []);
        let through = |other| CustomerFilter { indirect_partner: Some(partner(other)), ..none() };
        assert_eq!(by(through(RESELLER)), customers([2, 1]));
        assert_eq!(by(through(99)), []);
        assert_eq!(ids(&history, RESELLER, &through(PROVIDER)), customers([2, 1]));
        let both = CustomerFilter { company_prefix: text("z"), ..through(RESELLER) };
        assert_eq!(by(both), customers([1]));
    }

    #[test]
    fn a_customer_without_an_active_relationship_is_listed_for_nobody() {
        let mut history = provider_with_reseller();
        history.then(customer(1), RelationshipEnded { partner_id: partner(PROVIDER) });
        assert_eq!(all(&history, PROVIDER), customers([2, 4, 3]));
        assert_eq!(all(&history, RESELLER), customers([2]));
        let row = history.model.customers().get(customer(1)).unwrap();
        let bond = row.relationship(partner(PROVIDER)).unwrap();
        assert!(!bond.active && !bond.delegated_admin);

        let ended = history.model.customers().ended(partner(PROVIDER));
        assert_eq!(ended.map(|row| row.id).collect::<Vec<_>>(), customers([1]));

        let again = events::RelationshipEstablished {
            partner_id: partner(PROVIDER),
            delegated_admin: false,
        };
        history.then(customer(1), again);
        assert_eq!(all(&history, RESELLER), customers([2, 1]));
    }

    #[test]
    fn an_ended_partnership_takes_the_customers_from_the_reseller_and_a_new_one_returns_them() {
        let mut history = provider_with_reseller();
        history.end_partnership(1, PROVIDER, RESELLER);
        assert_eq!(all(&history, RESELLER), []);
        assert_eq!(all(&history, PROVIDER).len(), 4);
        history.partnership(2, PROVIDER, RESELLER);
        assert_eq!(all(&history, RESELLER), customers([2, 1]));
    }

    #[test]
    fn a_removed_reseller_sees_the_customer_no_more() {
        let mut history = provider_with_reseller();
        let bond = ResellerRemoved { provider: partner(PROVIDER), reseller: partner(RESELLER) };
        history.then(customer(1), bond);
        assert_eq!(all(&history, RESELLER), customers([2]));
    }

    #[test]
    fn a_renamed_customer_moves_in_every_list() {
        let mut history = provider_with_reseller();
        let edited = customer_edited(1, "Aaa");
        history.then(customer(1), edited);
        assert_eq!(all(&history, PROVIDER), customers([1, 2, 4, 3]));
        assert_eq!(all(&history, RESELLER), customers([1, 2]));
        let row = history.model.customers().get(customer(1)).unwrap();
        assert_eq!(row.contact.position, history.events.last().unwrap().position);
        assert_eq!(row.country.as_str(), "DE");
    }

    #[test]
    fn pages_join_without_gap_or_repeat_even_when_names_are_equal() {
        let mut history = History::new();
        for number in 1..=7 {
            history.customer(number, if number < 5 { "Same" } else { "Other" }, PROVIDER);
        }
        let list = history.model.customers();
        let (mut seen, mut after) = (Vec::new(), None);
        loop {
            let page = list.list(partner(PROVIDER), &CustomerFilter::default(), after.as_ref(), 2);
            assert_eq!(page.total, 7);
            seen.extend(page.rows.iter().map(|row| row.id));
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        assert_eq!(seen, customers([5, 6, 7, 1, 2, 3, 4]));
    }

    #[test]
    fn a_list_is_read_from_its_end_and_between_two_places() {
        let history = provider_with_reseller();
        let list = history.model.customers();
        let by = |prefix: &str, after: Option<&str>, before: Option<&str>| {
            let filter =
                CustomerFilter { company_prefix: Some(prefix.to_owned()), ..Default::default() };
            let cursor = |company: &str| CustomerCursor {
                company: company.to_owned(),
                customer: customer(u128::MAX),
            };
            let (after, before) = (after.map(cursor), before.map(cursor));
            let rows = list.between(partner(PROVIDER), &filter, after.as_ref(), before.as_ref());
            rows.rev().map(|row| row.id).collect::<Vec<_>>()
        };
        assert_eq!(by("", None, None), customers([1, 3, 4, 2]));
        assert_eq!(by("alpha", None, None), customers([4, 2]));
        assert_eq!(by("alpha", None, Some("alpha")), customers([2]));
        assert_eq!(by("alpha", Some("alpha"), None), customers([4]));
        assert_eq!(by("", Some("alpha"), Some("beta")), customers([3, 4]));
        assert_eq!(by("beta", None, Some("alpha")), []);
        assert_eq!(by("alpha", Some("zeta"), None), []);
    }

    #[test]
    fn a_cursor_before_the_filtered_range_begins_at_the_range_and_one_behind_it_ends_the_list() {
        let history = provider_with_reseller();
        let filter = CustomerFilter { company_prefix: Some("b".to_owned()), ..Default::default() };
        let rows = |company: &str| {
            let cursor = CustomerCursor { company: company.to_owned(), customer: customer(0) };
            let list = history.model.customers();
            list.list(partner(PROVIDER), &filter, Some(&cursor), 10).rows.len()
        };
        assert_eq!(rows("a"), 1);
        assert_eq!(rows("zz"), 0);
    }

    #[test]
    fn a_second_customer_with_the_same_id_makes_no_sense() {
        let mut history = provider_with_reseller();
        let error = history
            .refused(customer(1), crate::testing::customer_created(1, "Again", PROVIDER))
            .unwrap_err();
        assert_eq!(error.reason, Contradiction::duplicate(customer(1)));
        assert_eq!(error.view, "customers");
    }
}
