//! What can be bought: offers and the products whose seats they hold.

use events::{FriendlyName, OfferId, Quantity, SkuId};

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
    pub sku_name: String,
    /// The product's short name, such as `ENTERPRISEPACK`.
    pub sku_part_number: String,
    /// The fewest licences a subscription may have.
    pub minimum_quantity: u32,
    /// The most licences a subscription may have.
    pub maximum_quantity: u32,
}

impl Offer {
    /// Whether a subscription to the offer may have this many licences.
    #[must_use]
    pub fn allows(&self, quantity: Quantity) -> bool {
        (self.minimum_quantity..=self.maximum_quantity).contains(&quantity.get())
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
}
