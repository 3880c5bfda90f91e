//! A customer: its account, who serves it, and what it may do for itself.

use std::collections::{BTreeMap, BTreeSet};

use commands::CreateCustomer;
use events::{
    AgreementId, CartId, CustomerId, CustomerUserId, DirectoryRole, DomainName, InvitationId,
    OrderId, PartnerId, Qualification, SubscriptionId,
};
use projections::ReadModel;
use proptest::{prop_assert_eq, test_runner::TestCaseError};
use services::application::Principal;

use super::{
    Plain, Reasons, carts::Cart, devices::Devices, reach::Way, relationships::Asked,
    sales::Subscription, users::User, who_may::Deed,
};

/// A customer, or the stream of a request that any company may answer.
#[derive(Clone, Default, Debug)]
pub(crate) struct Customer {
    pub(crate) account: Option<DomainName>,
    /// The domains it was given later.
    pub(crate) domains: Vec<DomainName>,
    /// The kinds it was declared to be, each once, the latest last.
    pub(super) qualifications: Vec<Qualification>,
    pub(crate) bonds: BTreeMap<PartnerId, Served>,
    pub(crate) resellers: BTreeSet<(PartnerId, PartnerId)>,
    pub(super) own_purchases: BTreeSet<PartnerId>,
    pub(crate) requests: BTreeMap<InvitationId, Asked>,
    pub(super) orders: BTreeSet<OrderId>,
    pub(crate) carts: BTreeMap<CartId, Cart>,
    pub(crate) subscriptions: BTreeMap<SubscriptionId, Subscription>,
    /// Subscriptions whose designated contact is not their seller.
    pub(crate) contacts: BTreeMap<SubscriptionId, PartnerId>,
    pub(crate) users: BTreeMap<CustomerUserId, User>,
    pub(crate) devices: Devices,
    pub(super) agreements: BTreeSet<AgreementId>,
}

/// The relationship with a partner.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Served {
    pub(crate) active: bool,
    pub(crate) delegated_admin: bool,
}

/// What speaks against commands.
impl Plain {
    /// What speaks against a new customer beside who asks for it.
    pub(super) fn creation(&self, no: &mut Reasons, customer: CustomerId, new: &CreateCustomer) {
        let known = self.customers.get(&customer).is_some_and(|it| it.account.is_some());
        no.no_if(known, "already_exists");
        no.no_if(self.is_held(&new.domain), "domain_taken");
        let is_outside = new.admin.profile.user_name.domain() != new.domain;
        no.no_if(is_outside, "user_name_outside_domain");
        let is_partner = |reseller| self.work_together(new.partner_id, reseller);
        no.no_if(!new.reseller.is_none_or(is_partner), "no_active_partnership");
    }

    /// Whether some customer has the domain.
    fn is_held(&self, domain: &DomainName) -> bool {
        let mut all = self.customers.values().flat_map(|it| it.account.iter().chain(&it.domains));
        all.any(|held| held == domain)
    }

    pub(super) fn add_domain(
        &self,
        no: &mut Reasons,
        by: Principal,
        (customer, domain): (CustomerId, &DomainName),
    ) {
        self.on_customer(no, by, customer, (Deed::EditCustomers, Way::Administrator));
        no.no_if(self.is_held(domain), "domain_taken");
    }

    pub(super) fn create(
        &self,
        no: &mut Reasons,
        by: Principal,
        (customer, new): (CustomerId, &CreateCustomer),
    ) {
        self.speaks_for(no, by, new.partner_id, Deed::Sell);
        no.no_if(!self.partners.contains_key(&new.partner_id), "partner_not_found");
        self.creation(no, customer, new);
    }

    pub(super) fn end_relationship(
        &self,
        no: &mut Reasons,
        by: Principal,
        (customer, partner): (CustomerId, PartnerId),
    ) {
        let what = (Deed::EndRelationships, Way::Holder(partner));
        self.on_customer(no, by, customer, what);
        let Some(state) = self.customers.get(&customer) else { return };
        if state.bonds.get(&partner).is_some_and(|bond| !bond.active) {
            // Who had the relationship may be told that it is over.
            let had_it = by.partner().is_none_or(|own| own == partner);
            no.no_if(had_it, "relationship_already_ended");
            no.bar_if(by.partner() == Some(partner), "relationship_already_ended");
        }
        let mut own = state.subscriptions.values().filter(|it| it.seller == partner);
        no.no_if(own.any(Subscription::is_active), "active_subscriptions_left");
    }

    pub(super) fn associate(
        &self,
        no: &mut Reasons,
        by: Principal,
        (customer, provider, reseller): (CustomerId, PartnerId, PartnerId),
    ) {
        self.on_customer(no, by, customer, (Deed::Sell, Way::Holder(provider)));
        no.no_if(!self.work_together(provider, reseller), "no_active_partnership");
    }

    pub(super) fn remove_reseller(
        &self,
        no: &mut Reasons,
        by: Principal,
        (customer, provider, reseller): (CustomerId, PartnerId, PartnerId),
    ) {
        self.on_customer(no, by, customer, (Deed::Sell, Way::Holder(provider)));
        let state = self.customers.get(&customer);
        let is_one = state.is_some_and(|it| it.resellers.contains(&(provider, reseller)));
        no.no_if(!is_one, "reseller_not_associated");
    }

    pub(super) fn own_purchases(
        &self,
        no: &mut Reasons,
        by: Principal,
        (customer, partner): (CustomerId, PartnerId),
        permit: bool,
    ) {
        let what = (Deed::OwnPurchases, Way::Holder(partner));
        self.on_customer(no, by, customer, what);
        let Some(state) = self.customers.get(&customer) else { return };
        let may = state.own_purchases.contains(&partner);
        if permit {
            no.no_if(may, "own_purchases_permitted");
            let bought = state.subscriptions.values().any(|it| it.seller == partner);
            no.no_if(!bought, "no_prior_subscription");
        } else {
            no.no_if(!may, "own_purchases_not_permitted");
        }
    }
}

/// What accepted commands lead to.
impl Plain {
    pub(super) fn customer_mut(&mut self, customer: CustomerId) -> &mut Customer {
        self.customers.entry(customer).or_default()
    }

    pub(super) fn created(&mut self, customer: CustomerId, new: &CreateCustomer) {
        let state = self.customer_mut(customer);
        state.account = Some(new.domain.clone());
        let bond = Served { active: true, delegated_admin: new.delegated_admin };
        state.bonds.insert(new.partner_id, bond);
        state.resellers.extend(new.reseller.map(|reseller| (new.partner_id, reseller)));
        let admin = &new.admin;
        let mut user = User::new(admin.user_name, admin.credential_id, &admin.profile);
        user.roles.insert(DirectoryRole::GlobalAdmin);
        state.users.insert(admin.user_id, user);
    }

    /// What came with the relationship goes with it.
    pub(super) fn relationship_ended(&mut self, customer: CustomerId, partner: PartnerId) {
        let state = self.customer_mut(customer);
        state.contacts_fall_back(partner, None);
        state.resellers.retain(|(provider, _)| *provider != partner);
        state.own_purchases.remove(&partner);
        state.bonds.insert(partner, Served { active: false, delegated_admin: false });
        for asked in state.requests.values_mut().filter(|asked| asked.partner == partner) {
            asked.withdraw();
        }
    }

    pub(super) fn customers_agree(&self, model: &ReadModel) -> Result<(), TestCaseError> {
        let accounts = self.customers.iter().filter(|(_, state)| state.account.is_some());
        prop_assert_eq!(model.customers().len(), accounts.clone().count());
        for (id, state) in accounts {
            let Some(row) = model.customers().get(*id) else {
                return Err(TestCaseError::fail(format!("{id} is not shown")));
            };
            prop_assert_eq!(Some(&row.domain), state.account.as_ref());
            prop_assert_eq!(&row.further_domains, &state.domains);
            let kinds: Vec<_> = row.qualifications.iter().map(|it| it.qualification).collect();
            prop_assert_eq!(&kinds, &state.qualifications);
            let bonds = row.relationships.iter().map(|bond| {
                let Served { active, delegated_admin } =
                    Served { active: bond.active, delegated_admin: bond.delegated_admin };
                (bond.partner, Served { active, delegated_admin })
            });
            prop_assert_eq!(bonds.collect::<BTreeMap<_, _>>(), state.bonds.clone());
            let resellers = row.resellers.iter().map(|bond| (bond.provider, bond.reseller));
            prop_assert_eq!(resellers.collect::<BTreeSet<_>>(), state.resellers.clone());
            let permitted = row.own_purchases.iter().map(|it| it.partner);
            prop_assert_eq!(permitted.collect::<BTreeSet<_>>(), state.own_purchases.clone());
            let agreements = model.agreements().of(*id).map(|row| row.id);
            prop_assert_eq!(agreements.collect::<BTreeSet<_>>(), state.agreements.clone());
            let viewers: BTreeSet<_> = row.viewers().collect();
            let reach = |partner: &PartnerId| {
                self.holds(*id, *partner) || !self.providers(*id, *partner).is_empty()
            };
            let expected: BTreeSet<_> = self.partners.keys().copied().filter(reach).collect();
            prop_assert_eq!(viewers, expected, "who sees {}", id);
        }
        Ok(())
    }
}
