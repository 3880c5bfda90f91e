//! The moment a page shows: read from the address, chosen with a slider or a date.

use events::{Position, Timestamp};
use maud::{Markup, html};

use super::{
    screen::{AS_OF, Screen},
    widgets,
};
use crate::application::AsOf;

/// The parameters that name a place in a list: another moment has another list.
const PLACES: [&str; 4] = [AS_OF, "after", "before", "as_of_time"];

/// Reads a moment: a position, or a time as RFC 3339 or as browsers send it, which is then UTC.
/// Nothing is now.
pub(super) fn parse(text: &str) -> Result<Option<AsOf>, String> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    if let Ok(position) = text.parse() {
        return Ok(Some(AsOf::Position(Position::new(position))));
    }
    let zoned = text.parse::<jiff::Timestamp>().ok();
    let local = || {
        let civil = text.parse::<jiff::civil::DateTime>().ok()?;
        civil.to_zoned(jiff::tz::TimeZone::UTC).ok().map(|zoned| zoned.timestamp())
    };
    let time = zoned.or_else(local).map(Timestamp::new);
    let wrong = "the moment must be a position such as 120 or a time such as 2026-11-20T09:30Z";
    time.map(|time| Some(AsOf::Time(time))).ok_or_else(|| wrong.to_owned())
}

/// The moment as addresses write it.
pub(super) fn text(moment: AsOf) -> String {
    match moment {
        AsOf::Position(position) => position.to_string(),
        AsOf::Time(time) => time.to_string(),
    }
}

/// The slider and the date that lead to another moment of the same page.
pub(super) fn control(screen: &Screen) -> Markup {
    let head = screen.app.store().head();
    let shown = screen.model.position();
    let now_or_then = if screen.is_past() { "in the past" } else { "now" };
    html! {
        details.moment #as-of open[screen.is_past()] {
            summary { "As of " strong { (now_or_then) } }
            div.moment-forms {
                form method="get" action=(screen.path) data-submit-on-change {
                    (carried(screen))
                    label for="as-of-position" {
                        "Position " output for="as-of-position" { (shown) } " of " (head)
                    }
                    input #as-of-position type="range" name=(AS_OF) min="0" max=(head) value=(shown);
                    button type="submit" { "Show" }
                }
                form method="get" action=(screen.path) {
                    (carried(screen))
                    label for="as-of-time" { "Time (UTC)" }
                    input #as-of-time type="datetime-local" step="1" name=(AS_OF) required
                        value=(widgets::local_second(screen.at));
                    button type="submit" { "Show" }
                }
            }
        }
    }
}

/// Says that the past is shown, and leads back.
pub(super) fn banner(screen: &Screen) -> Markup {
    let kept: Vec<(&str, &str)> = screen.query.except(&PLACES).collect();
    let now = super::paths::with_parameters(&screen.path, &kept);
    html! {
        @if screen.is_past() {
            div.banner #as-of-banner role="status" {
                "As of position " strong { (screen.model.position()) }
                @match (screen.as_of, screen.model.recorded_at()) {
                    (Some(AsOf::Time(time)), _) | (_, Some(time)) => { ", " (widgets::time(time)) }
                    (_, None) => { ", before the first event" }
                }
                ". Nothing can be changed here. "
                a href=(now) { "Back to now" }
            }
        }
    }
}

fn carried(screen: &Screen) -> Markup {
    html! {
        @for (name, value) in screen.query.except(&PLACES) {
            input type="hidden" name=(name) value=(value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_a_position_a_time_or_now() {
        assert_eq!(parse(" "), Ok(None));
        assert_eq!(parse("42"), Ok(Some(AsOf::Position(Position::new(42)))));
        let time = parse("2026-11-20T09:30:00Z").unwrap();
        assert!(matches!(time, Some(AsOf::Time(_))));
        assert_eq!(parse("2026-11-20T09:30"), Ok(time));
        assert!(parse("yesterday").is_err());
        assert!(parse("-1").is_err());
    }

    #[test]
    fn a_moment_round_trips_through_an_address() {
        for moment in ["42", "2026-11-20T09:30:00Z"] {
            let parsed = parse(moment).unwrap().unwrap();
            assert_eq!(parse(&text(parsed)), Ok(Some(parsed)));
        }
    }
}
