//! Small numbers from which everything random about a move is taken, in order; zeros mean the plainest
//! choice, so that a failing history shrinks to plain moves.

/// The numbers of one move, round again.
pub(crate) struct Dice {
    numbers: Vec<u16>,
    next: usize,
}

impl Dice {
    pub(crate) fn new(numbers: Vec<u16>) -> Self {
        Self { numbers, next: 0 }
    }

    /// A number below `limit`, which is not 0.
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        let count = self.numbers.len().max(1);
        let (index, round) = (self.next % count, self.next / count);
        self.next += 1;
        // Going round again, the numbers are others than before.
        let number = self.numbers.get(index).map_or(0, |number| u64::from(*number));
        let number = if round == 0 { number } else { mixed(number, round as u64) };
        usize::try_from(number % limit as u64).unwrap_or(0)
    }

    /// True once in so many times.
    pub(crate) fn one_in(&mut self, times: usize) -> bool {
        self.below(times) == times - 1
    }

    /// One of several.
    pub(crate) fn pick<T: Copy>(&mut self, of: &[T]) -> Option<T> {
        if of.is_empty() { None } else { of.get(self.below(of.len())).copied() }
    }

    /// Several of several, maybe one twice.
    pub(crate) fn some<T: Copy>(&mut self, of: &[T], at_most: usize) -> Vec<T> {
        let count = self.below(at_most + 1);
        (0..count).filter_map(|_| self.pick(of)).collect()
    }
}

fn mixed(number: u64, round: u64) -> u64 {
    (number + 1).wrapping_mul(round.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1) >> 40
}
