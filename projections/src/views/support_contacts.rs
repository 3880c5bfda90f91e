//! Whom was a customer told to turn to about a subscription?

use events::{
    CustomerEvent, CustomerId, Event, PartnerId, RecordedEvent, SubscriptionId,
    SupportContactChanged, SupportContactEvent,
};
use imbl::{OrdMap, OrdSet};

use crate::{
    keys::{Id, customer_of},
    view::{Contradiction, View},
};

/// The designated support contacts; the contact of every other subscription is its seller.
#[derive(Clone, Default, PartialEq, Debug)]
pub struct SupportContacts {
    /// Seller, then contact.
    designated: OrdMap<(CustomerId, SubscriptionId), (PartnerId, PartnerId)>,
    /// Contact, then seller.
    by_contact: OrdSet<(PartnerId, PartnerId, CustomerId, SubscriptionId)>,
}

impl SupportContacts {
    /// Whoever was designated, if anybody other than the seller. Whether it may be the contact still
    /// is a matter of partnerships and privileges at the moment of asking.
    #[must_use]
    pub fn designated(
        &self,
        customer: CustomerId,
        subscription: SubscriptionId,
    ) -> Option<PartnerId> {
        self.designated.get(&(customer, subscription)).map(|(_, contact)| *contact)
    }

    /// The subscriptions sold by one partner whose contact is another, customer by customer.
    pub fn of_contact(
        &self,
        seller: PartnerId,
        contact: PartnerId,
    ) -> impl Iterator<Item = (CustomerId, SubscriptionId)> {
        let first = (contact, seller, CustomerId::MIN, SubscriptionId::MIN);
        self.by_contact
            .range(first..=(contact, seller, CustomerId::MAX, SubscriptionId::MAX))
            .map(|(_, _, customer, subscription)| (*customer, *subscription))
    }

    fn change(&mut self, customer: CustomerId, event: &SupportContactChanged) {
        let (subscription, seller) = (event.subscription_id, event.seller);
        self.forget(customer, subscription);
        if event.new != seller {
            self.designated.insert((customer, subscription), (seller, event.new));
            self.by_contact.insert((event.new, seller, customer, subscription));
        }
    }

    fn forget(&mut self, customer: CustomerId, subscription: SubscriptionId) {
        if let Some((seller, contact)) = self.designated.remove(&(customer, subscription)) {
            self.by_contact.remove(&(contact, seller, customer, subscription));
        }
    }
}

impl View for SupportContacts {
    const NAME: &'static str = "support_contacts";

    fn apply(&mut self, recorded: &RecordedEvent) -> Result<(), Contradiction> {
        let Event::Customer(CustomerEvent::SupportContact(event)) = &recorded.event else {
            return Ok(());
        };
        let customer = customer_of(recorded);
        match event {
            SupportContactEvent::SupportContactChanged(event) => self.change(customer, event),
            SupportContactEvent::SupportContactFellBack(event) => {
                self.forget(customer, event.subscription_id);
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use events::{FallbackCause, SupportContactChanged, SupportContactFellBack};

    use crate::testing::{History, customer, partner, subscription};

    #[test]
    fn a_designated_contact_is_found_both_ways_until_it_falls_back() {
        let mut history = History::new();
        history.customer(1, "Contoso", 1).subscribe(1, 1, 5, 3, 1);
        let (subscription_id, old, new) = (subscription(1), partner(1), partner(2));
        history.then(customer(1), SupportContactChanged { subscription_id, seller: old, old, new });
        let contacts = history.model.support_contacts();
        assert_eq!(contacts.designated(customer(1), subscription_id), Some(partner(2)));
        let found: Vec<_> = contacts.of_contact(partner(1), partner(2)).collect();
        assert_eq!(found, [(customer(1), subscription_id)]);
        let cause = FallbackCause::PartnershipEnded;
        let back = SupportContactFellBack { subscription_id, old: new, new: old, cause };
        history.then(customer(1), back);
        let contacts = history.model.support_contacts();
        assert_eq!(contacts.designated(customer(1), subscription_id), None);
        assert_eq!(contacts.of_contact(partner(1), partner(2)).count(), 0);
    }
}
