//! Values for sample events: always the same ones for the golden files, random ones for properties.

use std::fmt::Debug;

use events::{NameHash, Quantity, Timestamp};
use uuid::Uuid;

/// A source of values. The fixed values are frozen with the golden files.
pub(crate) struct Draw {
    drawn: u64,
    seed: Option<u64>,
}

impl Draw {
    /// Draws the values of the golden files.
    pub(crate) const fn fixed() -> Self {
        Self { drawn: 0, seed: None }
    }

    /// Draws values that follow from a seed.
    pub(crate) const fn random(seed: u64) -> Self {
        Self { drawn: 0, seed: Some(seed) }
    }

    /// Draws apart from these: what is drawn there changes nothing here, so that a group of samples
    /// can be added without changing the golden files of another.
    pub(crate) fn apart(&mut self) -> Self {
        if self.is_fixed() { Self::fixed() } else { Self::random(self.next()) }
    }

    /// The next number: 1, 2, 3, ... or `SplitMix64`.
    fn next(&mut self) -> u64 {
        self.drawn += 1;
        let Some(seed) = self.seed else { return self.drawn };
        let mut z = seed.wrapping_add(self.drawn.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Draws for one group of samples: its fixed values stay when other groups grow.
    pub(crate) fn group(&mut self, number: u64) -> Self {
        let seed = if self.is_fixed() { None } else { Some(self.next()) };
        Self { drawn: number * 10_000, seed }
    }

    const fn is_fixed(&self) -> bool {
        self.seed.is_none()
    }

    fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(bound).unwrap()).unwrap()
    }

    pub(crate) fn uuid(&mut self) -> Uuid {
        if self.is_fixed() {
            Uuid::from_u128(0x0189_0a5d_ac96_774b_bcce_b302_0000_0000 | u128::from(self.next()))
        } else {
            Uuid::from_u64_pair(self.next(), self.next())
        }
    }

    pub(crate) fn bool(&mut self) -> bool {
        self.is_fixed() || self.below(2) == 0
    }

    pub(crate) fn bytes<const N: usize>(&mut self) -> [u8; N] {
        std::array::from_fn(|_| self.next().to_le_bytes()[0])
    }

    pub(crate) fn hash(&mut self) -> NameHash {
        NameHash::new(self.bytes())
    }

    /// A number of at most 32 bits.
    pub(crate) fn number(&mut self) -> u32 {
        let number = self.next();
        // Small numbers and large ones take different numbers of bytes.
        let bits = number % 33;
        u32::try_from((number >> 31) & ((1 << bits) - 1)).unwrap()
    }

    pub(crate) fn quantity(&mut self) -> Quantity {
        Quantity::new(self.number() % Quantity::MAX + 1).unwrap()
    }

    /// A moment between 1970 and 2106, to the microsecond.
    pub(crate) fn moment(&mut self) -> Timestamp {
        let seconds = i64::from(self.number());
        let microseconds = i64::from(self.number() % 1_000_000);
        Timestamp::from_microseconds(seconds * 1_000_000 + microseconds).unwrap()
    }

    /// The sample text, or one that begins and ends with other letters where it is random.
    pub(crate) fn text<T: std::str::FromStr<Err: Debug>>(&mut self, sample: &str) -> T {
        if self.is_fixed() {
            return sample.parse().unwrap();
        }
        let letters = ["a", "Z", "ö", "ß", "李", "x", "é"];
        let chosen: String = (0..=self.below(6)).map(|_| letters[self.below(7)]).collect();
        format!("{chosen}{sample}").parse().or_else(|_| sample.parse()).unwrap()
    }

    pub(crate) fn pick<T: Clone>(&mut self, values: &[T]) -> T {
        let at = if self.is_fixed() { values.len() - 1 } else { self.below(values.len()) };
        values[at].clone()
    }

    /// One of the values; of the fixed ones always this one, so that values can be added without
    /// changing golden files.
    pub(crate) fn pick_or<T: Clone>(&mut self, values: &[T], fixed: T) -> T {
        if self.is_fixed() { fixed } else { self.pick(values) }
    }

    pub(crate) fn option<T>(&mut self, value: impl FnOnce(&mut Self) -> T) -> Option<T> {
        if self.bool() { Some(value(self)) } else { None }
    }

    pub(crate) fn several<T>(&mut self, mut value: impl FnMut(&mut Self) -> T) -> Vec<T> {
        let count = if self.is_fixed() { 2 } else { self.below(4) };
        (0..count).map(|_| value(self)).collect()
    }
}
