//! Chance from a seed: the same seed, the same faults.

/// A `SplitMix64` generator.
#[derive(Debug)]
pub(super) struct Dice {
    state: u64,
}

impl Dice {
    pub(super) const fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    /// True in so many of a thousand throws.
    pub(super) const fn hits(&mut self, per_mille: u16) -> bool {
        self.next() % 1_000 < per_mille as u64
    }

    const fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_gives_the_same_throws_and_hits_as_often_as_it_should() {
        let throws = |seed, per_mille| {
            let mut dice = Dice::new(seed);
            (0..10_000).map(|_| dice.hits(per_mille)).collect::<Vec<_>>()
        };
        assert_eq!(throws(7, 300), throws(7, 300));
        assert_ne!(throws(7, 300), throws(8, 300));
        let hits = throws(7, 300).into_iter().filter(|hit| *hit).count();
        assert!((2_800..3_200).contains(&hits), "{hits}");
        assert!(!throws(7, 0).contains(&true) && !throws(7, 1_000).contains(&false));
    }
}
