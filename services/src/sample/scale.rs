//! How much of a life is generated?

use events::Timestamp;

use super::{calendar::DAY_SECONDS, dice::Dice};

/// The fewest days a history spans: restore windows of 30 days must open and close within it.
const DAYS_MIN: u32 = 90;
/// The smallest customer, in users.
const CUSTOMER_USERS_MIN: usize = 3;

/// How large the sample reseller is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Scale {
    /// How many customers come in the course of the history.
    pub customers: usize,
    /// How many users they have at the start, all together; by Zipf's law the second customer has
    /// half of what the first has, the third a third.
    pub users: usize,
    /// How many indirect resellers keep their partnership; three more had, or will have, one.
    pub resellers: usize,
    /// How many days the history spans; at least 90.
    pub days: u32,
    /// How many changes there are for each user in the whole history.
    pub changes_per_user: usize,
}

impl Scale {
    /// Some thousand events: made while one waits.
    pub const SMALL: Self =
        Self { customers: 40, users: 600, resellers: 2, days: 365, changes_per_user: 2 };
    /// Some ten thousand events.
    pub const MEDIUM: Self =
        Self { customers: 400, users: 10_000, resellers: 6, days: 365, changes_per_user: 3 };
    /// Above a million events.
    pub const LARGE: Self =
        Self { customers: 5_000, users: 200_000, resellers: 30, days: 365, changes_per_user: 4 };
}

/// What one history is generated from: equal specifications give equal histories.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Spec {
    /// Where chance begins.
    pub seed: u64,
    /// How large it is.
    pub scale: Scale,
    /// Everything happens before this moment.
    pub end: Timestamp,
}

impl Spec {
    /// When the history begins.
    #[must_use]
    pub fn start(&self) -> Timestamp {
        self.end.plus_seconds(-self.seconds())
    }

    fn seconds(&self) -> i64 {
        i64::from(self.scale.days.max(DAYS_MIN)) * DAY_SECONDS
    }

    /// The moment at which this many thousandths of the history are over.
    pub(super) fn moment(&self, per_mille: i64) -> Timestamp {
        self.start().plus_seconds(self.seconds() / 1_000 * per_mille)
    }

    /// How long it is between two changes of something that changes so often in the whole history.
    pub(super) fn gap_seconds(&self, changes: usize) -> i64 {
        self.seconds() / i64::try_from(changes.max(1)).unwrap_or(i64::MAX)
    }

    /// When the customer of this number, from 0, comes: customers come in their order, over the
    /// first seven tenths of the history.
    pub(super) fn arrival(&self, number: usize, dice: &mut Dice) -> Timestamp {
        let count = i64::try_from(self.scale.customers.max(1)).unwrap_or(i64::MAX);
        let slot = self.seconds() / 1_000 * 660 / count;
        let number = i64::try_from(number).unwrap_or(i64::MAX);
        self.moment(40).plus_seconds(number * slot + dice.between(0, slot / 2))
    }

    /// How many users the customer of this number starts with. Large ones come early and late.
    pub(super) fn customer_users(&self, number: usize) -> usize {
        const SCALED: usize = 1_000_000;
        let count = self.scale.customers.max(1);
        let rank = shuffled(number, count) + 1;
        let harmonic: usize = (1..=count).map(|rank| SCALED / rank).sum();
        let share = u128::from(self.scale.users as u64) * (SCALED / rank) as u128;
        let users = share / harmonic.max(1) as u128;
        usize::try_from(users).unwrap_or(usize::MAX).max(CUSTOMER_USERS_MIN)
    }
}

/// Numbers `0..count` in another order, each once.
pub(super) fn shuffled(number: usize, count: usize) -> usize {
    let count = count.max(1);
    let step = (count * 5 / 8..=count).find(|step| coprime(*step, count)).unwrap_or(1);
    (number % count * step + count / 3) % count
}

const fn coprime(a: usize, b: usize) -> bool {
    let (mut a, mut b) = (a, b);
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shuffling_loses_no_number() {
        for count in [1, 2, 3, 8, 40, 196, 1_000] {
            let mut all: Vec<_> = (0..count).map(|number| shuffled(number, count)).collect();
            all.sort_unstable();
            assert!(all.into_iter().eq(0..count), "{count}");
        }
    }

    #[test]
    fn the_users_are_shared_out_by_zipfs_law() {
        let spec = Spec { seed: 1, scale: Scale::MEDIUM, end: Timestamp::EPOCH };
        let mut sizes: Vec<_> = (0..400).map(|number| spec.customer_users(number)).collect();
        sizes.sort_unstable_by(|a, b| b.cmp(a));
        assert!((sizes[0] / 2).abs_diff(sizes[1]) <= 1, "{:?}", &sizes[..4]);
        assert!((sizes[0] / 4).abs_diff(sizes[3]) <= 1, "{:?}", &sizes[..4]);
        assert!(sizes.iter().sum::<usize>().abs_diff(10_000) < 400);
    }

    #[test]
    fn customers_come_in_their_order_and_before_the_end() {
        let spec = Spec { seed: 1, scale: Scale::SMALL, end: Timestamp::EPOCH };
        let mut dice = Dice::new(1, 1);
        let arrivals: Vec<_> = (0..40).map(|number| spec.arrival(number, &mut dice)).collect();
        assert!(arrivals.is_sorted() && arrivals[0] > spec.start());
        assert!(arrivals[39] < spec.moment(720));
    }
}
