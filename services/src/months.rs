//! Months, for what is told month by month.

use events::Timestamp;
use jiff::{ToSpan, civil::Date, tz::TimeZone};

/// How many months are told of unless asked otherwise.
pub(crate) const MONTHS_DEFAULT: usize = 12;
/// The most months that are told of.
pub(crate) const MONTHS_MAX: usize = 60;

/// A month, and the moment for which it is told.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Month {
    /// Its name, as in `2026-11`.
    pub(crate) name: String,
    /// Its last moment, or the moment of asking in the month that is not over.
    pub(crate) end: Timestamp,
}

/// The last so many months in UTC, oldest first; the last one is that of the moment.
pub(crate) fn months_until(at: Timestamp, count: usize) -> Vec<Month> {
    let today = at.as_jiff().to_zoned(TimeZone::UTC).date();
    let this = today.first_of_month();
    let count = i32::try_from(count).unwrap_or(i32::MAX);
    let months = (0..count).rev().filter_map(|back| month(this, back, at));
    months.collect()
}

fn month(this: Date, back: i32, at: Timestamp) -> Option<Month> {
    let first = this.checked_sub(back.months()).ok()?;
    let next = first.checked_add(1.month()).ok()?;
    let end = next.to_zoned(TimeZone::UTC).ok()?.timestamp().as_microsecond();
    let end = Timestamp::from_microseconds(end - 1)?;
    let name = first.strftime("%Y-%m").to_string();
    Some(Month { name, end: end.min(at) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(text: &str) -> Timestamp {
        Timestamp::new(text.parse().unwrap())
    }

    #[test]
    fn months_end_with_their_last_moment_and_the_last_with_the_present() {
        let now = moment("2026-01-31T12:00:00Z");
        let months = months_until(now, 3);
        let names: Vec<_> = months.iter().map(|month| month.name.as_str()).collect();
        assert_eq!(names, ["2025-11", "2025-12", "2026-01"]);
        assert_eq!(months[0].end, moment("2025-11-30T23:59:59.999999Z"));
        assert_eq!(months[2].end, now);
    }
}
