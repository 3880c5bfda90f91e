//! Dates as the contract's clients write them.

use events::Timestamp;
use jiff::{civil::Date, fmt::strtime, tz::TimeZone};

use crate::application::AsOf;

/// How one client writes a moment, which it means in UTC.
const AMERICAN: &str = "%m/%d/%Y %I:%M:%S %p";
/// How the same client writes a day.
const AMERICAN_DAY: &str = "%m/%d/%Y";
/// How what has no empty date says that there is none.
const UNSET: &str = "0001-01-01";
/// How the same says that something never comes.
const NEVER: &str = "9999-12-";

/// A day, or a moment.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Given {
    /// A whole day, UTC.
    Day(Date),
    /// A moment.
    Moment(Timestamp),
}

impl Given {
    /// When it begins.
    pub(crate) fn begin(self) -> Timestamp {
        match self {
            Self::Day(day) => midnight(day),
            Self::Moment(moment) => moment,
        }
    }

    /// The last moment of it.
    pub(crate) fn end(self) -> Timestamp {
        match self {
            Self::Day(day) => {
                let last =
                    day.tomorrow().map_or(i64::MAX, |next| midnight(next).as_microseconds() - 1);
                Timestamp::from_microseconds(last).unwrap_or_else(|| midnight(day))
            }
            Self::Moment(moment) => moment,
        }
    }
}

/// Reads a day or a moment; `None` where it is neither.
pub(crate) fn read(text: &str) -> Option<Given> {
    let text = text.trim();
    if !text.contains(['T', 't', ' ']) {
        let day = text.parse::<Date>().ok().or_else(|| day_of_year(text));
        let day = day.or_else(|| strtime::parse(AMERICAN_DAY, text).ok()?.to_date().ok());
        return day.filter(|day| day.to_zoned(TimeZone::UTC).is_ok()).map(Given::Day);
    }
    if let Ok(moment) = strtime::parse(AMERICAN, text).and_then(|parts| parts.to_datetime()) {
        let moment = moment.to_zoned(TimeZone::UTC).ok()?.timestamp();
        return Some(Given::Moment(Timestamp::new(moment)));
    }
    match text.parse::<AsOf>() {
        Ok(AsOf::Time(time)) => Some(Given::Moment(time)),
        Ok(AsOf::Position(_)) | Err(_) => None,
    }
}

/// Whether a client says by this text that it names no date.
pub(crate) fn is_unset(text: &str) -> bool {
    text.trim().starts_with(UNSET)
}

/// Whether a client says by this text that something never comes.
pub(crate) fn is_never(text: &str) -> bool {
    text.trim().starts_with(NEVER)
}

/// Reads a date, which begins at midnight UTC, or a moment.
pub(crate) fn day_or_moment(text: &str) -> Option<Timestamp> {
    read(text).map(Given::begin)
}

/// A date whose last part is the day of the year: one client means days of the month and writes
/// these, such as 2026-11-321 for the 17th of November.
fn day_of_year(text: &str) -> Option<Date> {
    let mut parts = text.splitn(3, '-');
    let (year, month, day) = (parts.next()?, parts.next()?.parse::<i8>().ok()?, parts.next()?);
    let first = Date::new(year.parse().ok()?, 1, 1).ok()?;
    let date = first.with().day_of_year(day.parse().ok()?).build().ok()?;
    (date.month() == month).then_some(date)
}

fn midnight(day: Date) -> Timestamp {
    // Checked when it was read.
    day.to_zoned(TimeZone::UTC).map_or(Timestamp::EPOCH, |zoned| Timestamp::new(zoned.timestamp()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_read_as_each_client_writes_it() {
        let midnight = read("2026-11-17").unwrap().begin();
        assert_eq!(midnight.to_string(), "2026-11-17T00:00:00Z");
        for same in [
            "2026-11-321",
            "2026-11-17T00:00:00Z",
            "2026-11-17T01:00:00+01:00",
            "11/17/2026 12:00:00 AM",
            "11/17/2026",
        ] {
            assert_eq!(read(same).map(Given::begin), Some(midnight), "{same}");
        }
        for wrong in [
            "",
            "42",
            "yesterday",
            "2026-02-30",
            "2026-11-10T",
            "13/13/2026 01:00:00 PM",
            "13/13/2026",
            "2026-11-322x",
            "9999-99-99",
            "-9999-01-01x",
        ] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_day_ends_before_the_next_one_begins() {
        let day = read("2026-11-17").unwrap();
        assert_eq!(
            day.end().as_microseconds() + 1,
            read("2026-11-18").unwrap().begin().as_microseconds()
        );
        let moment = read("2026-11-17T08:00:00Z").unwrap();
        assert_eq!(moment.begin(), moment.end());
    }
}
