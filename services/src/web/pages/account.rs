//! `/account`: the visitor's own account: what its roles allow, and under which rule.

use axum::{Router, response::Response, routing::get};
use commands::{Permission, Rejection};
use events::{PartnerUserProfile, Role};
use maud::html;

use crate::{
    http::AppState,
    web::{
        error::PageError,
        layout::{Frame, Section},
        names,
        screen::Screen,
        widgets,
    },
};

pub(super) fn router() -> Router<AppState> {
    Router::new().route("/account", get(show))
}

async fn show(screen: Screen) -> Result<Response, PageError> {
    screen.allow(Permission::OwnProfile).await?;
    let visitor = &screen.visitor;
    let user = visitor.user.ok_or(&Rejection::ActorNotAllowed)?;
    let row = screen.model.partner_users().get(visitor.partner, user);
    let row = row.ok_or_else(|| PageError::not_found("you had no account at that moment"))?;
    let opened = screen.app.vault().open::<PartnerUserProfile>(&row.profile).await?;
    let allowed: Vec<_> =
        Permission::ALL.iter().filter(|permission| visitor.may(**permission)).collect();
    let rows = html! {
        @for permission in allowed {
            @let by = visitor.roles.iter().filter(|role| commands::allows(**role, *permission));
            tr {
                th scope="row" data-label="You may" { (permission.title()) }
                td data-label="Because you are" { (widgets::badges(by.map(|role| role.title()))) }
            }
        }
    };
    let body = html! {
        section.card {
            dl.pairs {
                div { dt { "Full name" } dd { (names::shown(&opened, |it| it.full_name.to_string())) } }
                div { dt { "E-mail address" } dd { (names::shown(&opened, |it| it.email.to_string())) } }
                div { dt { "Roles" } dd { (widgets::badges(row.roles.iter().map(Role::title))) } }
            }
        }
        (widgets::table("permissions", "What your roles allow", &["You may", "Because you are"], &rows))
    };
    let actions = html! {
        @if screen.can(Permission::OwnProfile) {
            a.button #edit-profile href={ "/users/" (user) } { "Edit profile" }
            a.button #own-sessions href="/sessions" { "Sessions" }
            a.button #own-skills href={ "/users/" (user) "/skills" } { "Skills" }
            a.button #change-password href="/password" { "Change password" }
        }
    };
    Ok(Frame::new(&screen, Section::Account, "My account").actions(actions).show(&body))
}
