//! Whom a customer turns to: the seller, or an associated reseller of it with an accepted partnership
//! while the seller has delegated admin privileges; back to the seller when one of these ends.

use commands::{ChangeSupportContact, FallBackSupportContacts};
use events::{CustomerId, PartnerId, Process, SubscriptionId};
use projections::ReadModel;
use proptest::{prop_assert_eq, test_runner::TestCaseError};
use services::application::Principal;

use super::{Plain, Reasons, customers::Customer, reach, who_may::Deed};

impl Customer {
    /// The contacts of what a partner sold fall back to it: one reseller's, or all.
    pub(super) fn contacts_fall_back(&mut self, seller: PartnerId, reseller: Option<PartnerId>) {
        let Self { subscriptions, contacts, .. } = self;
        contacts.retain(|id, contact| {
            let is_sold = subscriptions.get(id).is_some_and(|held| held.seller == seller);
            !(is_sold && reseller.is_none_or(|reseller| reseller == *contact))
        });
    }
}

impl Plain {
    pub(super) fn change_contact(
        &self,
        no: &mut Reasons,
        by: Principal,
        (customer, command): (CustomerId, ChangeSupportContact),
    ) {
        let ChangeSupportContact { subscription_id, contact } = command;
        self.on_sold(no, by, (customer, subscription_id), Deed::SupportContacts);
        let Some(held) = self.subscription(customer, subscription_id) else { return };
        let seller = held.seller;
        let is_eligible = contact == seller
            || (self.work_together(seller, contact)
                && self.administers(customer, seller)
                && self.is_associated(customer, seller, contact));
        no.no_if(!is_eligible, "contact_not_eligible");
    }

    fn is_associated(
        &self,
        customer: CustomerId,
        provider: PartnerId,
        reseller: PartnerId,
    ) -> bool {
        let state = self.customers.get(&customer);
        state.is_some_and(|state| state.resellers.contains(&(provider, reseller)))
    }

    pub(super) fn contact_changed(&mut self, customer: CustomerId, command: ChangeSupportContact) {
        let ChangeSupportContact { subscription_id, contact } = command;
        let state = self.customer_mut(customer);
        let is_seller =
            state.subscriptions.get(&subscription_id).is_some_and(|held| held.seller == contact);
        if is_seller {
            state.contacts.remove(&subscription_id);
        } else {
            state.contacts.insert(subscription_id, contact);
        }
    }

    pub(super) fn fall_back(no: &mut Reasons, by: Principal) {
        reach::process(no, by, Process::SupportContacts);
    }

    /// What ended with a partnership is over, also when the two have another one by now.
    pub(super) fn fell_back(&mut self, customer: CustomerId, command: FallBackSupportContacts) {
        let FallBackSupportContacts { provider, reseller } = command;
        let state = self.customer_mut(customer);
        state.contacts_fall_back(provider, Some(reseller));
        state.resellers.remove(&(provider, reseller));
    }

    pub(super) fn contacts_agree(&self, model: &ReadModel) -> Result<(), TestCaseError> {
        for (customer, state) in &self.customers {
            for (id, held) in &state.subscriptions {
                let designated = model.support_contacts().designated(*customer, *id);
                let shown = designated.unwrap_or(held.seller);
                let expected: PartnerId = *state.contacts.get(id).unwrap_or(&held.seller);
                prop_assert_eq!(shown, expected, "contact of {}", id);
            }
        }
        Ok(())
    }

    pub(super) fn subscription(
        &self,
        customer: CustomerId,
        id: SubscriptionId,
    ) -> Option<&super::sales::Subscription> {
        self.customers.get(&customer)?.subscriptions.get(&id)
    }
}
