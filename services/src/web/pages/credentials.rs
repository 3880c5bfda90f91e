//! User name and temporary password, shown once: never kept, never shown again.

use axum::response::Response;
use data_encoding::BASE64;
use maud::{Markup, html};
use projections::CustomerRow;

use crate::{
    auth::{InSeries, TemporaryPassword},
    imports::write_credentials,
    web::{customer_frame, layout::Frame, screen::Screen, widgets},
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

/// The credentials of several users: user name, password, display name, licences and id of each.
pub(super) struct List {
    /// What was done.
    pub(super) done: String,
    /// The users, in their order; a password is empty where it was shown before.
    pub(super) rows: Vec<[String; 5]>,
    /// What else there is to say.
    pub(super) more: Markup,
    /// Where to go on, with words for it.
    pub(super) links: Vec<(String, String)>,
}

/// The page that shows the credentials of several users, to be printed or saved.
pub(super) fn show_list(frame: Frame<'_>, list: &List) -> Response {
    let has_passwords = list.rows.iter().any(|[_, password, ..]| !password.is_empty());
    let headers = ["User name", "Temporary password", "Name", "Licences"];
    let rows = html! {
        @for [user_name, password, name, licenses, id] in &list.rows {
            tr data-user=(id) {
                th scope="row" data-label="User name" { code { (user_name) } }
                td data-label="Temporary password" {
                    @if password.is_empty() { "shown before" } @else { code { (password) } }
                }
                td data-label="Name" { (name) }
                td data-label="Licences" { (licenses) }
            }
        }
    };
    frame.show(&html! {
        div.note.good #note role="status" { p { (list.done) } }
        @if has_passwords {
            p { strong { "Print or save this now." } " The passwords are shown this once and kept "
                "nowhere. At the first sign-in a new one has to be chosen." }
        } @else {
            div.note.warning #already-shown {
                p { "The temporary passwords were shown before and cannot be shown again. "
                    "Reset a password to get another one." }
            }
        }
        (widgets::table("credentials", "Credentials", &headers, &rows))
        (list.more)
        p.links {
            @if has_passwords {
                button.only-script type="button" data-print { "Print" } " "
                a.button #save-credentials download="credentials.csv" href=(as_address(&list.rows)) {
                    "Save as CSV"
                }
                " "
            }
            @for (href, label) in &list.links { a.button href=(href) { (label) } " " }
        }
    })
}

/// The table as a file inside the page: it is nowhere on the server, and gone with the page. Excel
/// tells by the mark at its beginning that it is UTF-8.
fn as_address(rows: &[[String; 5]]) -> String {
    let mut file = "\u{feff}".as_bytes().to_vec();
    match write_credentials(&mut file, rows.iter().cloned()) {
        Ok(()) => format!("data:text/csv;charset=utf-8;base64,{}", BASE64.encode(&file)),
        Err(_) => String::new(),
    }
}

/// The row of a user of a series.
pub(super) fn row_in_series(user: &InSeries) -> [String; 5] {
    [
        user.user_name.clone(),
        user.password.reveal().to_owned(),
        user.display_name.clone(),
        user.products.join("|"),
        user.user.to_string(),
    ]
}

/// The users of a series whose credentials wait to be shown, and the button that shows them.
pub(super) fn waiting(screen: &Screen, customer: &CustomerRow) -> Markup {
    let count = screen.visitor.session.in_series(customer.id);
    let action = format!("{}/users/series", customer_frame::path(customer));
    html! {
        @if count > 0 && !screen.is_past() {
            div.note.warning #series {
                p { "The credentials of " (widgets::count(count, "new user", "new users"))
                    " were not shown yet. They are kept until you sign out." }
                (widgets::button(screen, "show-series", &action, "Show the credentials"))
            }
        }
    }
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
