//! What a customer bought, and how many seats of it are taken.

use commands::Offer;
use events::{InvalidValue, Quantity, SkuId, SubscriptionId};
use uuid::Uuid;

use super::super::{catalogue::sample_catalogue, dice::Dice};

/// Products that every user gets come first in the catalogue; these two are for small companies.
const SMALL_COMPANY_OFFERS: [usize; 2] = [0, 1];
const LARGE_COMPANY_OFFERS: [usize; 2] = [2, 3];
/// Products that some users get.
const SPECIAL_OFFERS: [usize; 3] = [4, 5, 6];
/// From this many users on a company is a large one.
const LARGE_COMPANY_USERS: usize = 120;

/// One subscription and its seats.
pub(super) struct Seats {
    pub(super) subscription: SubscriptionId,
    pub(super) offer: Offer,
    pub(super) quantity: u32,
    pub(super) taken: u32,
    pub(super) suspended: bool,
    /// After which department it is called, once it is.
    pub(super) department: usize,
    /// Of a hundred new users, so many get a seat.
    pub(super) given_to_percent: usize,
}

impl Seats {
    pub(super) const fn sku(&self) -> SkuId {
        self.offer.sku_id
    }

    /// How many seats can be assigned now.
    pub(super) const fn free(&self) -> u32 {
        if self.suspended { 0 } else { self.quantity.saturating_sub(self.taken) }
    }

    /// Takes a seat, if there is one.
    pub(super) const fn take(&mut self) -> bool {
        let is_free = self.free() > 0;
        if is_free {
            self.taken += 1;
        }
        is_free
    }

    pub(super) const fn give_back(&mut self) {
        self.taken = self.taken.saturating_sub(1);
    }

    /// The quantity as far as the offer comes in it.
    pub(super) fn allowed(&self, wanted: u32) -> Result<Quantity, InvalidValue> {
        Quantity::new(wanted.clamp(self.offer.minimum_quantity, self.offer.maximum_quantity))
    }
}

/// What a company with so many users is going to buy.
pub(super) fn wanted(users: usize, dice: &mut Dice) -> Vec<Seats> {
    let offers = sample_catalogue().offers().to_vec();
    let main =
        if users < LARGE_COMPANY_USERS { SMALL_COMPANY_OFFERS } else { LARGE_COMPANY_OFFERS };
    let mut chosen = Vec::new();
    let main = dice.pick(&main).copied().unwrap_or_default();
    chosen.push((main, 90));
    for special in SPECIAL_OFFERS {
        if dice.chance(35) {
            chosen.push((special, 15));
        }
    }
    chosen
        .into_iter()
        .filter_map(|(index, percent)| Some((offers.get(index)?.clone(), percent)))
        .map(|(offer, given_to_percent)| {
            let spare = dice.below(users / 8 + 3);
            let quantity =
                u32::try_from(users * given_to_percent / 100 + spare).unwrap_or(u32::MAX);
            Seats {
                subscription: SubscriptionId::from_uuid(Uuid::nil()),
                quantity: quantity.clamp(offer.minimum_quantity, offer.maximum_quantity),
                offer,
                taken: 0,
                suspended: false,
                department: 0,
                given_to_percent,
            }
        })
        .collect()
}
