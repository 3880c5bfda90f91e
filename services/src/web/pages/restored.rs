//! What became of the users that were to be restored, one by one.

use commands::Rejection;
use maud::{Markup, html};

use crate::web::{forms::explain, screen::Screen};

/// What became of all of them.
pub(super) fn report(results: &[Markup]) -> Markup {
    html! {
        section.note #restored role="status" aria-label="What was restored" {
            ul.results { @for result in results { (result) } }
        }
    }
}

/// Who was not restored, why, and the way out where the name is in the way: `rename` is where it
/// leads, and its words.
pub(super) fn refused(
    screen: &Screen,
    name: &str,
    rejection: &Rejection,
    rename: (&str, &str),
) -> Markup {
    let is_about_name =
        matches!(rejection, Rejection::RestoreNameTaken | Rejection::NameTaken { .. });
    html! {
        li.bad {
            strong { (name) } " was not restored: " (explain(rejection, screen.app.catalogue())) "."
            @if is_about_name { " " a href=(rename.0) { (rename.1) } }
        }
    }
}
