//! With which customers did a partner have a relationship that was ended?

use events::{CustomerId, PartnerId};
use imbl::OrdSet;

use crate::keys::Id;

/// The relationships that were ended and not taken up again.
#[derive(Clone, Default, PartialEq, Debug)]
pub(super) struct EndedRelationships(OrdSet<(PartnerId, CustomerId)>);

impl EndedRelationships {
    /// The customers of a partner's ended relationships, in the order of their ids.
    pub(super) fn of(&self, partner: PartnerId) -> impl Iterator<Item = CustomerId> {
        let of_partner = (partner, CustomerId::MIN)..=(partner, CustomerId::MAX);
        self.0.range(of_partner).map(|(_, customer)| *customer)
    }

    pub(super) fn ended(&mut self, partner: PartnerId, customer: CustomerId) {
        self.0.insert((partner, customer));
    }

    pub(super) fn taken_up_again(&mut self, partner: PartnerId, customer: CustomerId) {
        self.0.remove(&(partner, customer));
    }
}
