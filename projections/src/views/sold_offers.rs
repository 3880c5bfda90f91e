//! What was ever sold, as it was called and offered then? Subscriptions so keep their names when the
//! catalogue loses them.

use std::sync::Arc;

use events::{
    CustomerEvent, Event, FriendlyName, OfferId, RecordedEvent, SaleTerms, SkuId, SubscriptionEvent,
};
use imbl::OrdMap;

use crate::view::{Contradiction, View};

/// An offer as it was last sold.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SoldOffer {
    /// The product whose seats it holds.
    pub sku: SkuId,
    /// What was agreed the last time.
    pub terms: SaleTerms,
}

/// Every offer that was sold since terms are recorded.
#[derive(Clone, Default, PartialEq, Debug)]
pub struct SoldOffers {
    offers: OrdMap<OfferId, Arc<SoldOffer>>,
    products: OrdMap<SkuId, FriendlyName>,
}

impl SoldOffers {
    /// The offer as it was last sold.
    #[must_use]
    pub fn get(&self, id: OfferId) -> Option<&SoldOffer> {
        self.offers.get(&id).map(|offer| &**offer)
    }

    /// The name of a product as it was last sold.
    #[must_use]
    pub fn product(&self, sku: SkuId) -> Option<&FriendlyName> {
        self.products.get(&sku)
    }

    fn sold(&mut self, id: OfferId, sku: SkuId, terms: &SaleTerms) {
        if self.get(id).is_some_and(|known| known.sku == sku && known.terms == *terms) {
            return;
        }
        self.products.insert(sku, terms.product_name.clone());
        self.offers.insert(id, Arc::new(SoldOffer { sku, terms: terms.clone() }));
    }
}

impl View for SoldOffers {
    const NAME: &'static str = "sold_offers";

    fn apply(&mut self, recorded: &RecordedEvent) -> Result<(), Contradiction> {
        let Event::Customer(CustomerEvent::Subscription(event)) = &recorded.event else {
            return Ok(());
        };
        if let SubscriptionEvent::SubscriptionCreated(event) = event
            && let Some(terms) = &event.terms
        {
            self.sold(event.offer_id, event.sku_id, terms);
        }
        if let SubscriptionEvent::SubscriptionUpgraded(event) = event {
            self.sold(event.new_offer_id, event.new_sku_id, &event.terms);
        }
        if let SubscriptionEvent::TrialConverted(event) = event {
            self.sold(event.new_offer_id, event.sku_id, &event.terms);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{History, customer, offer, sku, subscription_created, terms};

    #[test]
    fn an_offer_is_known_as_it_was_last_sold() {
        let mut history = History::new();
        history.customer(1, "Contoso", 1);
        for (number, name) in [(1, "Mail"), (2, "Better mail")] {
            let terms = Some(terms(name));
            let sold =
                events::SubscriptionCreated { terms, ..subscription_created(number, 5, 3, 1) };
            history.then(customer(1), sold);
        }
        let sold = history.model.sold_offers();
        assert_eq!(sold.get(offer(5)).unwrap().terms.offer_name.as_str(), "Better mail");
        assert_eq!(sold.product(sku(5)).unwrap().as_str(), "Better mail");
        assert_eq!(sold.get(offer(6)), None);
    }
}
