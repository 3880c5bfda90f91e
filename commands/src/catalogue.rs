//! What can be bought: offers, the products whose seats they hold, and how one leads to another.
//!
//! A catalogue is a fact from outside. What it said when something was sold is recorded with the
//! sale, so that a subscription stands without the catalogue it was bought from.

use events::{BillingCycle, FriendlyName, Money, OfferId, ProductFamily, Quantity, SkuId};

/// Something that can be bought.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Offer {
    /// The offer.
    pub id: OfferId,
    /// Its name, and the name of a subscription to which nobody gave another.
    pub name: FriendlyName,
    /// What it is, in a sentence or two.
    pub description: String,
    /// The product whose seats a subscription to it holds.
    pub sku_id: SkuId,
    /// The product's name.
    pub sku_name: FriendlyName,
    /// The product's short name, such as `ENTERPRISEPACK`.
    pub sku_part_number: String,
    /// To which family of services the product belongs.
    pub family: ProductFamily,
    /// The fewest licences a subscription may have.
    pub minimum_quantity: u32,
    /// The most licences a subscription may have.
    pub maximum_quantity: u32,
    /// How it may be billed, and for how much; never empty, each cycle once.
    pub prices: Vec<Price>,
    /// The offers of which one must be subscribed to already: an add-on has some, others none.
    pub parents: Vec<OfferId>,
    /// The offers to which a subscription can be upgraded.
    pub upgrades: Vec<UpgradePath>,
    /// The offers of the same product that a subscription can be converted to: an offer that has some
    /// is a trial.
    pub conversions: Vec<OfferId>,
    /// Whether it is sold. What was sold before goes on either way.
    pub is_available: bool,
}

/// What a licence costs in a billing cycle.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Price {
    /// The cycle.
    pub billing_cycle: BillingCycle,
    /// The price of one licence for one cycle.
    pub unit_price: Money,
}

/// An offer to which a subscription can be upgraded.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct UpgradePath {
    /// The offer.
    pub to: OfferId,
    /// What becomes of the seats in use.
    pub assignments: UpgradeAssignments,
}

/// What becomes of the seats in use when a subscription is upgraded.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum UpgradeAssignments {
    /// Users whose seat goes get one of the new product instead.
    Move,
    /// Assignments stay as they are; the upgrade waits until no seat of the subscription is needed.
    Stay,
}

impl Offer {
    /// Whether a subscription to the offer may have this many licences.
    #[must_use]
    pub fn allows(&self, quantity: Quantity) -> bool {
        (self.minimum_quantity..=self.maximum_quantity).contains(&quantity.get())
    }

    /// What a licence costs when billed like this; `None` where the offer is not billed so.
    #[must_use]
    pub fn unit_price(&self, billing_cycle: BillingCycle) -> Option<&Money> {
        let mut prices = self.prices.iter();
        prices.find(|price| price.billing_cycle == billing_cycle).map(|price| &price.unit_price)
    }

    /// Whether it comes only with a subscription to another offer.
    #[must_use]
    pub const fn is_add_on(&self) -> bool {
        !self.parents.is_empty()
    }

    /// Whether it is had on trial, until it is converted to what is paid for.
    #[must_use]
    pub const fn is_trial(&self) -> bool {
        !self.conversions.is_empty()
    }

    /// The way to another offer, if there is one.
    #[must_use]
    pub fn upgrade_to(&self, target: OfferId) -> Option<UpgradePath> {
        self.upgrades.iter().copied().find(|path| path.to == target)
    }
}

/// All offers, in the order in which they are listed.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Catalogue {
    offers: Vec<Offer>,
}

impl Catalogue {
    /// The catalogue of these offers. Of two offers with one id the first counts.
    #[must_use]
    pub const fn new(offers: Vec<Offer>) -> Self {
        Self { offers }
    }

    /// Every offer, in the order of the catalogue.
    #[must_use]
    pub fn offers(&self) -> &[Offer] {
        &self.offers
    }

    /// The offer with this id.
    #[must_use]
    pub fn offer(&self, id: OfferId) -> Option<&Offer> {
        self.offers.iter().find(|offer| offer.id == id)
    }

    /// The first offer of this product; it names the product.
    #[must_use]
    pub fn sku(&self, id: SkuId) -> Option<&Offer> {
        self.offers.iter().find(|offer| offer.sku_id == id)
    }

    /// The add-ons that can be bought for a subscription to this offer.
    pub fn add_ons_of(&self, parent: OfferId) -> impl Iterator<Item = &Offer> {
        self.offers.iter().filter(move |offer| offer.parents.contains(&parent))
    }
}
