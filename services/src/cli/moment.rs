//! How moments are written on the command line.

use events::Timestamp;

/// The length of a date, in characters.
const DATE_CHARACTERS: usize = 10;

/// Reads an RFC 3339 time, or a date, which means its beginning in UTC.
pub(super) fn parse(text: &str) -> Result<Timestamp, String> {
    let wrong = || "expected a time such as 2026-11-20T08:30:00Z, or a date".to_owned();
    if text.chars().count() == DATE_CHARACTERS {
        let date: jiff::civil::Date = text.parse().map_err(|_| wrong())?;
        let midnight = date.to_zoned(jiff::tz::TimeZone::UTC).map_err(|_| wrong())?;
        return Ok(Timestamp::new(midnight.timestamp()));
    }
    text.parse().map(Timestamp::new).map_err(|_| wrong())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_needs_its_offset_and_a_date_means_its_beginning() {
        let shown = |text| parse(text).map(|moment| moment.to_string());
        assert_eq!(shown("2026-11-20"), Ok("2026-11-20T00:00:00Z".to_owned()));
        assert_eq!(shown("2026-11-20T08:30:00+01:00"), Ok("2026-11-20T07:30:00Z".to_owned()));
        for wrong in ["", "yesterday", "2026-11-20T08:30", "2026-02-30", "20-11-2026"] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
    }
}
