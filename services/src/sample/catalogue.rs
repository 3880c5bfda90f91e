//! The offers that the sample installation sells.

use std::sync::LazyLock;

use commands::Catalogue;

use crate::catalogue::read_catalogue;

/// The sample, as a file: also the documentation of the format.
const FILE: &str = include_str!("catalogue.toml");

/// The offers that can be bought in an installation without a catalogue of its own.
#[must_use]
pub fn sample_catalogue() -> Catalogue {
    static SAMPLE: LazyLock<Catalogue> = LazyLock::new(|| read_catalogue(FILE).unwrap_or_default());
    SAMPLE.clone()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sample_has_no_fault_and_shows_everything_a_catalogue_can_say() {
        assert_eq!(read_catalogue(FILE).err(), None);
        let catalogue = sample_catalogue();
        let any = |test: fn(&commands::Offer) -> bool| catalogue.offers().iter().any(test);
        assert!(any(commands::Offer::is_add_on) && any(|offer| !offer.upgrades.is_empty()));
        assert!(any(|offer| offer.prices.len() == 3) && any(commands::Offer::is_trial));
    }

    #[test]
    fn the_first_offer_is_a_base_offer_that_comes_in_ones() {
        let catalogue = sample_catalogue();
        let first = &catalogue.offers()[0];
        assert!(!first.is_add_on() && first.minimum_quantity == 1);
    }
}
