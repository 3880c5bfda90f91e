//! User name and temporary password, shown once: never kept, never shown again.

use axum::response::Response;
use maud::{Markup, html};

use crate::{
    auth::TemporaryPassword,
    web::{layout::Frame, widgets},
};

/// The sentences and the way on around credentials.
pub(super) struct Notice<'a> {
    /// What was done.
    pub(super) done: String,
    /// The name the user signs in with.
    pub(super) user_name: String,
    /// The password; `None` when it was shown before.
    pub(super) password: Option<&'a TemporaryPassword>,
    /// Where to go on, with words for it.
    pub(super) links: Vec<(String, String)>,
}

/// The page that shows them.
pub(super) fn show(frame: Frame<'_>, notice: &Notice<'_>) -> Response {
    frame.show(&html! {
        div.note.good #note role="status" { p { (notice.done) } }
        @match notice.password {
            Some(password) => { (secret(&notice.user_name, password)) }
            None => {
                div.note.warning #already-shown {
                    p { "The temporary password was shown before and cannot be shown again. "
                        "Reset the password to get another one." }
                }
            }
        }
        p.links { @for (href, label) in &notice.links { a.button href=(href) { (label) } " " } }
    })
}

/// User name and password, in words that say so.
pub(super) fn secret(user_name: &str, password: &TemporaryPassword) -> Markup {
    html! {
        section.card.secret {
            p { strong { "Write this down now." } " It is shown this once and kept nowhere." }
            dl.pairs #credentials {
                div { dt { "User name" } dd { code #credential-user-name { (user_name) } } }
                div { dt { "Temporary password" } dd { code #credential-password { (password.reveal()) } } }
                div { dt { "Works until" } dd { (widgets::time(password.expires_at)) } }
            }
            p.hint { "At the first sign-in a new password has to be chosen." }
            p { button.only-script type="button" data-print { "Print" } }
        }
    }
}
