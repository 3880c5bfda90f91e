//! Resellers whose partnership has ended: support contacts fall back, and associations end.

use std::collections::BTreeSet;

use events::{
    CustomerId, PartnerId, PartnershipEvent, RecordedEvent, RelationshipEvent, SupportContactEvent,
    Timestamp,
};

use super::{Deadlines, Due};
use crate::keys::Id;

impl Deadlines {
    /// What is due because a partnership of the two ended stays due when they are partners again.
    pub(super) fn partnership(&mut self, recorded: &RecordedEvent, event: &PartnershipEvent) {
        if let PartnershipEvent::PartnershipEnded(event) = event {
            self.fall_back(event.provider, event.reseller, recorded.metadata.occurred_at);
        }
    }

    pub(super) fn association(&mut self, customer: CustomerId, event: &RelationshipEvent) {
        match event {
            RelationshipEvent::ResellerAssociated(event) => {
                self.associated.insert((event.provider, event.reseller, customer));
            }
            RelationshipEvent::ResellerRemoved(event) => {
                self.associated.remove(&(event.provider, event.reseller, customer));
                self.reseller_left(customer, event.provider, event.reseller);
            }
            RelationshipEvent::RelationshipEstablished(_)
            | RelationshipEvent::RelationshipEnded(_)
            | RelationshipEvent::DelegatedAdminGranted(_)
            | RelationshipEvent::DelegatedAdminEnded(_)
            | RelationshipEvent::OwnPurchasesPermitted(_)
            | RelationshipEvent::OwnPurchasesForbidden(_) => {}
        }
    }

    pub(super) fn support_contact(&mut self, customer: CustomerId, event: &SupportContactEvent) {
        match event {
            SupportContactEvent::SupportContactChanged(event) => {
                self.reseller_left(customer, event.seller, event.old);
            }
            SupportContactEvent::SupportContactFellBack(event) => {
                self.reseller_left(customer, event.new, event.old);
            }
        }
    }

    /// Every customer with such a contact or association is due for its end.
    fn fall_back(&mut self, provider: PartnerId, reseller: PartnerId, at: Timestamp) {
        for customer in self.customers_bound_to(provider, reseller) {
            self.open(Due::FallBackSupportContacts { customer, provider, reseller }, at);
        }
    }

    /// The customers of which the reseller is a contact, or with which it is associated.
    fn customers_bound_to(&self, provider: PartnerId, reseller: PartnerId) -> BTreeSet<CustomerId> {
        let contacts = self.contacts.of_contact(provider, reseller);
        let first = (provider, reseller, CustomerId::MIN);
        let associated = self.associated.range(first..=(provider, reseller, CustomerId::MAX));
        let associated = associated.map(|(_, _, customer)| *customer);
        contacts.map(|(customer, _)| customer).chain(associated).collect()
    }

    /// A reseller is a contact no more, or not associated any more; when nothing else binds it to the
    /// customer, nothing is left to do there.
    fn reseller_left(&mut self, customer: CustomerId, provider: PartnerId, reseller: PartnerId) {
        if !self.customers_bound_to(provider, reseller).contains(&customer) {
            self.settle(Due::FallBackSupportContacts { customer, provider, reseller });
        }
    }
}

#[cfg(test)]
mod tests {
    use events::{
        FallbackCause, ResellerAssociated, ResellerRemoved, SupportContactChanged,
        SupportContactFellBack,
    };

    use super::*;
    use crate::testing::{History, customer, partner, subscription};

    const FALL_BACK: Due = Due::FallBackSupportContacts {
        customer: customer(1),
        provider: partner(9),
        reseller: partner(2),
    };

    #[test]
    fn support_contacts_are_due_when_the_partnership_ends_until_they_fell_back() {
        let mut history = History::new();
        history.customer(1, "Contoso", 9).subscribe(1, 1, 5, 3, 9).partnership(1, 9, 2);
        let (subscription_id, old, new) = (subscription(1), partner(9), partner(2));
        let changed = SupportContactChanged { subscription_id, seller: old, old, new };
        history.then(customer(1), changed);
        assert_eq!(history.model.deadlines().at(FALL_BACK), None);
        history.end_partnership(1, 9, 2);
        assert_eq!(history.model.deadlines().at(FALL_BACK), Some(history.now));
        let cause = FallbackCause::PartnershipEnded;
        let back = SupportContactFellBack { subscription_id, old: new, new: old, cause };
        history.then(customer(1), back);
        assert_eq!(history.model.deadlines().at(FALL_BACK), None);
    }

    #[test]
    fn an_association_is_due_when_the_partnership_ends_also_when_the_two_are_partners_again() {
        let mut history = History::new();
        history.customer(1, "Contoso", 9).partnership(1, 9, 2);
        let (provider, reseller) = (partner(9), partner(2));
        history.then(customer(1), ResellerAssociated { provider, reseller });
        assert_eq!(history.model.deadlines().at(FALL_BACK), None);
        history.end_partnership(1, 9, 2);
        let ended_at = history.now;
        history.partnership(2, 9, 2);
        assert_eq!(history.model.deadlines().at(FALL_BACK), Some(ended_at));
        history.then(customer(1), ResellerRemoved { provider, reseller });
        assert_eq!(history.model.deadlines().at(FALL_BACK), None);
    }
}
