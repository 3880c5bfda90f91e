//! When do people work? Steps of people fall into working hours; timers do not care.

use events::Timestamp;

pub(super) const DAY_SECONDS: i64 = 24 * HOUR_SECONDS;
pub(super) const HOUR_SECONDS: i64 = 3_600;
const MICROSECONDS_PER_SECOND: i64 = 1_000_000;
/// The working day begins and ends at these hours, UTC.
const OPENS_AT_HOUR: i64 = 7;
const CLOSES_AT_HOUR: i64 = 18;
const WORKING_WEEK_HOURS: i64 = SATURDAY * (CLOSES_AT_HOUR - OPENS_AT_HOUR);
const WEEK_HOURS: i64 = 7 * 24;
/// 1970 began on a Thursday, the fourth day of a week that begins on Monday.
const WEEKDAY_OF_1970: i64 = 3;
const SATURDAY: i64 = 5;

/// The moment that lies, in working hours, about `gap_seconds` later: a week of the gap becomes a
/// working week, so that as much happens as if people never slept.
pub(super) fn working_time_after(at: Timestamp, gap_seconds: i64) -> Timestamp {
    let mut left = gap_seconds.max(1) * WORKING_WEEK_HOURS / WEEK_HOURS + 1;
    let seconds = at.as_microseconds().div_euclid(MICROSECONDS_PER_SECOND);
    let (mut day, mut second) = (seconds.div_euclid(DAY_SECONDS), seconds.rem_euclid(DAY_SECONDS));
    loop {
        let begin = second.max(OPENS_AT_HOUR * HOUR_SECONDS);
        let room = if is_workday(day) { CLOSES_AT_HOUR * HOUR_SECONDS - begin } else { 0 };
        if left < room {
            return Timestamp::EPOCH.plus_seconds(day * DAY_SECONDS + begin + left);
        }
        left -= room.max(0);
        (day, second) = (day + 1, 0);
    }
}

const fn is_workday(day: i64) -> bool {
    (day + WEEKDAY_OF_1970).rem_euclid(7) < SATURDAY
}

#[cfg(test)]
mod tests {
    use super::*;

    const MONDAY: i64 = 96;

    fn after(start_hours: i64, gap_hours: i64) -> i64 {
        let start = Timestamp::EPOCH.plus_hours(start_hours);
        let at = working_time_after(start, gap_hours * HOUR_SECONDS);
        at.as_microseconds() / (HOUR_SECONDS * MICROSECONDS_PER_SECOND)
    }

    #[test]
    fn a_step_at_night_or_on_a_weekend_waits_for_the_next_working_morning() {
        let (thursday, saturday) = (0, 48);
        assert_eq!(after(thursday + 12, 1), 12);
        assert_eq!(after(thursday + 22, 1), 24 + OPENS_AT_HOUR);
        assert_eq!(after(saturday + 12, 1), MONDAY + OPENS_AT_HOUR);
    }

    #[test]
    fn a_gap_of_a_week_ends_a_week_later() {
        for hour in OPENS_AT_HOUR..CLOSES_AT_HOUR {
            assert_eq!(after(MONDAY + hour, WEEK_HOURS), MONDAY + hour + WEEK_HOURS);
        }
    }
}
