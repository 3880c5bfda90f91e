//! How far the sending of a letter has come, as pages say it: the same for every kind of letter.

use events::{MailFailure, MailRoute};
use maud::{Markup, html};
use projections::LetterState;

use super::widgets::{self, Tone, badge};

/// Why a letter did not go out, in words.
pub(super) const fn failure(failure: MailFailure) -> &'static str {
    match failure {
        MailFailure::Unreachable => "the mail server could not be reached",
        MailFailure::NotAuthenticated => "the mail server does not accept our credentials",
        MailFailure::Deferred => "the mail server did not take it for now",
        MailFailure::Refused => "the mail server refused it",
        MailFailure::NotWritten => "the file could not be written",
        MailFailure::Unreadable => "it cannot be read any more",
        MailFailure::Unprotected => "the mail server offers no TLS that is trusted",
    }
}

/// How far the sending of a letter has come.
pub(super) fn state(state: LetterState) -> Markup {
    match state {
        LetterState::Draft => badge(Tone::Plain, "not sent from here"),
        LetterState::UnderWay { failed: None, .. } => badge(Tone::Plain, "being sent"),
        LetterState::UnderWay { next_at, failed: Some((_, reason)) } => html! {
            (badge(Tone::Bad, "not sent yet")) " " (failure(reason)) "; it is tried again at "
            (widgets::time(next_at))
        },
        LetterState::Sent { at, route } => html! {
            (badge(Tone::Good, match route {
                MailRoute::Smtp => "sent",
                MailRoute::File => "written to a file",
            })) " " (widgets::time(at))
        },
        LetterState::GivenUp { at, reason, .. } => html! {
            (badge(Tone::Bad, "not sent")) " " (failure(reason)) "; given up at " (widgets::time(at))
        },
    }
}
