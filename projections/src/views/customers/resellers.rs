//! Which indirect resellers serve which customers, and may they still?

use events::{CustomerId, PartnerId};
use imbl::OrdSet;

use crate::{keys::Id, view::Contradiction};

/// The associations of resellers with customers, and the partnerships without which they are idle.
#[derive(Clone, Default, PartialEq, Debug)]
pub(super) struct Resellers {
    /// Provider, reseller, customer: whether or not the partnership is active.
    associations: OrdSet<(PartnerId, PartnerId, CustomerId)>,
    /// Provider and reseller of every active partnership.
    partnerships: OrdSet<(PartnerId, PartnerId)>,
}

impl Resellers {
    /// Whether the two have an active partnership.
    pub(super) fn are_partners(&self, provider: PartnerId, reseller: PartnerId) -> bool {
        self.partnerships.contains(&(provider, reseller))
    }

    /// The customers that the provider serves through the reseller, or would if they were partners.
    pub(super) fn customers(
        &self,
        provider: PartnerId,
        reseller: PartnerId,
    ) -> impl Iterator<Item = CustomerId> {
        let range = (provider, reseller, CustomerId::MIN)..=(provider, reseller, CustomerId::MAX);
        self.associations.range(range).map(|key| key.2)
    }

    pub(super) fn associate(
        &mut self,
        provider: PartnerId,
        reseller: PartnerId,
        customer: CustomerId,
    ) -> Result<(), Contradiction> {
        match self.associations.insert((provider, reseller, customer)) {
            None => Ok(()),
            Some(_) => Err(Contradiction::wrong_state(customer, "has that reseller already")),
        }
    }

    pub(super) fn dissociate(
        &mut self,
        provider: PartnerId,
        reseller: PartnerId,
        customer: CustomerId,
    ) -> Result<(), Contradiction> {
        match self.associations.remove(&(provider, reseller, customer)) {
            Some(_) => Ok(()),
            None => Err(Contradiction::wrong_state(customer, "does not have that reseller")),
        }
    }

    pub(super) fn partnership_began(&mut self, provider: PartnerId, reseller: PartnerId) {
        self.partnerships.insert((provider, reseller));
    }

    pub(super) fn partnership_ended(&mut self, provider: PartnerId, reseller: PartnerId) {
        self.partnerships.remove(&(provider, reseller));
    }
}
