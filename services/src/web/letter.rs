//! A letter on a page, its link, and how far its sending has come: the same for every kind of letter.

use events::{EmailAddress, MailFailure, MailRoute, SubjectLine, Timestamp};
use maud::{Markup, html};
use projections::LetterState;

use super::{
    screen::Screen,
    widgets::{self, Tone, badge},
};
use crate::application::Letter;

/// To whom a letter goes, about what, and how far it has come.
pub(super) struct Envelope<'a> {
    pub(super) recipient: Option<&'a EmailAddress>,
    pub(super) subject: &'a SubjectLine,
    /// Its link works strictly before this moment.
    pub(super) expires_at: Timestamp,
    pub(super) state: LetterState,
}

impl Envelope<'_> {
    /// The letter as it goes out, with its link in place, and the ways by which it can go: from here
    /// by the form at `send`, from a mail program, or copied.
    pub(super) fn draw(&self, screen: &Screen, written: &Letter, send: &str) -> Markup {
        html! {
            section.card {
                dl.pairs {
                    @if let Some(recipient) = self.recipient {
                        div { dt { "To" } dd { (recipient) } }
                    }
                    div { dt { "Subject" } dd { (self.subject) } }
                    div { dt { "Link works until" } dd { (widgets::time(self.expires_at)) } }
                    div { dt { "Link" } dd { code #invitation-link { (written.link) } } }
                    div { dt { "E-mail" } dd #letter-state { (state(self.state)) } }
                }
            }
            section.card {
                h2 { "Text" }
                pre.letter #invitation-text { (written.text) }
                (self.ways(screen, written, send))
            }
        }
    }

    fn ways(&self, screen: &Screen, written: &Letter, send: &str) -> Markup {
        let label = match self.state {
            LetterState::GivenUp { .. } => "Send from here again",
            LetterState::Draft | LetterState::UnderWay { .. } | LetterState::Sent { .. } => {
                "Send from here"
            }
        };
        html! {
            div.buttons {
                @if self.state.is_open() && self.recipient.is_some() {
                    (widgets::form(screen, "send-letter", send, &html! {
                        button.primary type="submit" { (label) }
                    }))
                }
                a.button #open-mail href=(written.mailto) { "Open in the mail program" }
                button.only-script type="button" data-copy="invitation-link" { "Copy link" }
                button.only-script type="button" data-copy="invitation-text" { "Copy text" }
            }
            @if self.recipient.is_none() {
                p.hint #no-recipient { "Enter a recipient below to send it from here." }
            }
        }
    }
}

/// The form in which a letter is written anew, as long as it has not gone out.
pub(super) fn edit_form(
    screen: &Screen,
    action: &str,
    state: LetterState,
    fields: &Markup,
) -> Markup {
    let inner = html! {
        (fields)
        div.buttons { button type="submit" { "Save e-mail" } }
    };
    html! {
        @if state.is_open() {
            section.card {
                h2 { "Edit" }
                (widgets::form(screen, "letter-form", action, &inner))
            }
        }
    }
}

/// Why a letter did not go out, in words.
pub(super) const fn failure(failure: MailFailure) -> &'static str {
    match failure {
        MailFailure::Unreachable => "the mail server could not be reached",
        MailFailure::NotAuthenticated => "the mail server does not accept our credentials",
        MailFailure::Deferred => "the mail server did not take it for now",
        MailFailure::Refused => "the mail server refused it",
        MailFailure::NotWritten => "the file could not be written",
        MailFailure::Unreadable => "it cannot be read any more",
        MailFailure::Unaddressed => "it names nobody to send it to",
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
