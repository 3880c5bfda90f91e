//! The moment a page shows: read from the address, chosen with a slider or a date.

use maud::{Markup, html};

use super::{
    screen::{AS_OF, Screen},
    widgets,
};
use crate::application::AsOf;

/// The parameters that name a place in a list: another moment has another list.
const PLACES: [&str; 4] = [AS_OF, "after", "before", "as_of_time"];

/// The slider and the date that lead to another moment of the same page.
pub(super) fn control(screen: &Screen) -> Markup {
    let head = screen.app.store().head();
    let shown = screen.model.position();
    let now_or_then = if screen.is_past() { "an earlier moment" } else { "now" };
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
