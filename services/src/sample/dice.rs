//! Where does chance come from? A generator whose numbers stay the same for ever.
//!
//! It is `SplitMix64` (Steele, Lea, Flood 2014): eight lines of its own, so that no release of a
//! library ever changes the sample data. Only whole numbers are drawn, which every machine rounds
//! alike.

use events::Timestamp;
use uuid::{Builder, Uuid};

const GOLDEN_GAMMA: u64 = 0x9e37_79b9_7f4a_7c15;
const MICROSECONDS_PER_MILLISECOND: i64 = 1_000;

/// A seeded source of chance.
#[derive(Clone, Debug)]
pub(super) struct Dice(u64);

impl Dice {
    /// The source of one strand of the history; strands of one seed do not influence each other.
    pub(super) fn new(seed: u64, strand: u64) -> Self {
        let mut dice = Self(seed);
        let offset = dice.next();
        Self(offset ^ strand.wrapping_mul(GOLDEN_GAMMA).rotate_left(17))
    }

    pub(super) const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(GOLDEN_GAMMA);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `limit`; 0 when there is none.
    pub(super) fn below(&mut self, limit: usize) -> usize {
        let scaled = u128::from(self.next()) * limit as u128;
        usize::try_from(scaled >> 64).unwrap_or(0)
    }

    /// A number from `low` to `high`, both included.
    pub(super) fn between(&mut self, low: i64, high: i64) -> i64 {
        let span = usize::try_from(high - low + 1).unwrap_or(1);
        low + i64::try_from(self.below(span)).unwrap_or(0)
    }

    /// True in this many cases of a hundred.
    pub(super) fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    /// One of several; `None` of none.
    pub(super) fn pick<'a, T>(&mut self, of: &'a [T]) -> Option<&'a T> {
        let index = self.below(of.len());
        of.get(index)
    }

    /// One of several, each as often as its weight says.
    pub(super) fn weighted<T: Copy>(&mut self, of: &[(usize, T)]) -> Option<T> {
        let mut rest = self.below(of.iter().map(|(weight, _)| weight).sum());
        of.iter().find_map(|(weight, value)| {
            let found = rest < *weight;
            rest = rest.saturating_sub(*weight);
            found.then_some(*value)
        })
    }

    /// A new identifier: a UUID of version 7 whose random part is drawn here.
    pub(super) fn id<T>(&mut self, at: Timestamp, wrap: impl FnOnce(Uuid) -> T) -> T {
        let milliseconds = at.as_microseconds().div_euclid(MICROSECONDS_PER_MILLISECOND);
        let milliseconds = u64::try_from(milliseconds).unwrap_or(0);
        let (high, low) = (self.next().to_be_bytes(), self.next().to_be_bytes());
        let random = [
            high[0], high[1], high[2], high[3], high[4], high[5], high[6], high[7], low[0], low[1],
        ];
        wrap(Builder::from_unix_timestamp_millis(milliseconds, &random).into_uuid())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_numbers_are_those_that_splitmix64_publishes() {
        let mut dice = Dice(1_234_567);
        let drawn: Vec<u64> = (0..5).map(|_| dice.next()).collect();
        let published = [
            6_457_827_717_110_365_317,
            3_203_168_211_198_807_973,
            9_817_491_932_198_370_423,
            4_593_380_528_125_082_431,
            16_408_922_859_458_223_821,
        ];
        assert_eq!(drawn, published);
    }

    #[test]
    fn an_id_is_a_version_7_uuid_of_its_moment() {
        let at = Timestamp::EPOCH.plus_hours(1);
        let id = Dice::new(1, 2).id(at, |uuid| uuid);
        assert_eq!(id.get_version_num(), 7);
        assert_eq!(id.get_timestamp().unwrap().to_unix(), (3_600, 0));
    }

    #[test]
    fn a_value_of_no_weight_is_never_drawn() {
        let mut dice = Dice::new(7, 0);
        assert!((0..1_000).all(|_| dice.weighted(&[(0, 'a'), (3, 'b'), (0, 'c')]) == Some('b')));
        assert_eq!(dice.weighted::<char>(&[]), None);
    }
}
