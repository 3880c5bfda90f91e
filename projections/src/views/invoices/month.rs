//! Which month, and which day, does a moment belong to? All of them are those of UTC.

use std::{fmt, str::FromStr};

use events::{InvalidValue, Timestamp};
use jiff::{
    civil::{Date, date},
    tz::Offset,
};

const DAY_MICROSECONDS: i64 = 24 * 3_600 * 1_000_000;
/// As in `2026-11`.
const TEXT_BYTES: usize = 7;

/// A calendar month in UTC; written as `2026-11`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct BillingMonth {
    first: Date,
}

/// A day in UTC, counted from 1970.
pub(super) type Day = i64;

/// The day of a moment.
pub(super) fn day_of(moment: Timestamp) -> Day {
    moment.as_microseconds().div_euclid(DAY_MICROSECONDS)
}

impl BillingMonth {
    /// The month of a moment.
    #[must_use]
    pub fn of(moment: Timestamp) -> Self {
        let today = Offset::UTC.to_datetime(moment.as_jiff()).date();
        Self { first: today.first_of_month() }
    }

    /// The month after it; the calendar's last month is its own.
    #[must_use]
    pub fn next(self) -> Self {
        let next = self.first.last_of_month().tomorrow();
        next.map_or(self, |first| Self { first })
    }

    /// The month before it; the calendar's first month is its own.
    #[must_use]
    pub fn previous(self) -> Self {
        let previous = self.first.yesterday();
        previous.map_or(self, |last| Self { first: last.first_of_month() })
    }

    /// How many days it has.
    #[must_use]
    pub fn days(self) -> u32 {
        u32::from(self.first.days_in_month().unsigned_abs())
    }

    /// Its first moment.
    #[must_use]
    pub fn start(self) -> Timestamp {
        let first = self.first_day().saturating_mul(DAY_MICROSECONDS);
        Timestamp::from_microseconds(first).unwrap_or(Timestamp::EPOCH)
    }

    /// The first moment after it.
    #[must_use]
    pub fn end(self) -> Timestamp {
        self.next().start()
    }

    /// Whether it is over at a moment: only then is it known what it costs.
    #[must_use]
    pub fn is_closed_at(self, at: Timestamp) -> bool {
        self < Self::of(at)
    }

    /// Its first day.
    pub(super) fn first_day(self) -> Day {
        self.first.duration_since(date(1970, 1, 1)).as_hours() / 24
    }
}

impl fmt::Display for BillingMonth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.first.year(), self.first.month())
    }
}

impl FromStr for BillingMonth {
    type Err = InvalidValue;

    fn from_str(text: &str) -> Result<Self, InvalidValue> {
        let text = text.trim();
        let first = format!("{text}-01").parse::<Date>().ok();
        let first = first.filter(|_| text.len() == TEXT_BYTES);
        let wrong =
            || InvalidValue { kind: "month", reason: "must be a month such as 2026-11".to_owned() };
        first.map(|first| Self { first }).ok_or_else(wrong)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn month(text: &str) -> BillingMonth {
        text.parse().unwrap()
    }

    fn moment(text: &str) -> Timestamp {
        Timestamp::new(text.parse().unwrap())
    }

    #[test]
    fn a_month_begins_and_ends_at_midnight_in_utc() {
        let february = month("2028-02");
        assert_eq!(february.days(), 29);
        assert_eq!(february.start(), moment("2028-02-01T00:00:00Z"));
        assert_eq!(february.end(), moment("2028-03-01T00:00:00Z"));
        assert_eq!(BillingMonth::of(moment("2028-02-29T23:59:59.999999Z")), february);
        assert_eq!(BillingMonth::of(moment("2028-03-01T00:59:00+01:00")), february);
        assert_eq!(month("2027-12").next(), month("2028-01"));
        assert_eq!(month("2028-01").previous(), month("2027-12"));
    }

    #[test]
    fn a_month_is_closed_from_the_first_moment_after_it() {
        let october = month("2026-10");
        assert!(!october.is_closed_at(moment("2026-10-31T23:59:59.999999Z")));
        assert!(october.is_closed_at(moment("2026-11-01T00:00:00Z")));
    }

    #[test]
    fn days_are_counted_from_1970_also_before_it() {
        assert_eq!(day_of(moment("1970-01-02T00:00:00Z")), 1);
        assert_eq!(day_of(moment("1969-12-31T23:59:59Z")), -1);
        assert_eq!(month("1970-02").first_day(), 31);
        assert_eq!(month("1969-12").first_day(), -31);
    }

    #[test]
    fn a_month_is_read_back_as_it_is_written_and_nothing_else_is_one() {
        assert_eq!(month(" 2026-11 ").to_string(), "2026-11");
        for wrong in ["", "2026", "2026-13", "2026-1", "2026-11-01", "202611", "2026-00"] {
            assert!(wrong.parse::<BillingMonth>().is_err(), "{wrong}");
        }
    }
}
