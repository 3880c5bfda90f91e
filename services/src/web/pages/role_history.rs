//! `/roles/history`: every role change of the partner, newest first.

use axum::{Router, response::Response, routing::get};
use commands::Permission;
use events::{Actor, Position, Reason, RecordedEvent, Role};
use maud::{Markup, html};
use projections::RoleChange;

use super::{
    PAGE_ROWS,
    roles::{self, Tab},
};
use crate::{
    application::{RoleTransition, TransitionKind, people},
    http::AppState,
    web::{
        error::PageError,
        names::{self, Names},
        screen::Screen,
        sentence::Cast,
        widgets::{self, Tone, badge},
    },
};

const PATH: &str = "/roles/history";

pub(super) fn router() -> Router<AppState> {
    Router::new().route(PATH, get(show))
}

async fn show(screen: Screen) -> Result<Response, PageError> {
    screen.allow(Permission::RolesView).await?;
    let before = screen.query.text("before").parse().ok().map(Position::new);
    let history = screen.model.role_history();
    let page = history.partner_page(screen.visitor.partner, before, PAGE_ROWS);
    let next = page.next.map(|next| screen.link_with(PATH, &[("before", &next.to_string())]));
    let first = before.map(|_| screen.link(PATH));
    let body = html! {
        (table(&screen, &page.rows).await?)
        (widgets::pager(page.rows.len(), Some(page.total), first, next))
    };
    Ok(roles::frame(&screen, Tab::History).readable().show(&body))
}

/// A table of role changes.
pub(super) async fn table(screen: &Screen, changes: &[RoleChange]) -> Result<Markup, PageError> {
    let mut events = Vec::with_capacity(changes.len());
    for change in changes {
        events.push(screen.app.event(change.position).await?);
    }
    let cast = cast(screen, &events).await?;
    let rows = html! { @for event in &events { (row(screen, &cast, event)) } };
    let headers =
        ["When", "User", "Change", "Before", "After", "By", "Reason", "Ticket", "Approved by"];
    Ok(html! {
        @if events.is_empty() { (widgets::empty("No role was ever changed.")) }
        @else { (widgets::table("role-history", "Role changes", &headers, &rows)) }
    })
}

async fn cast<'a>(screen: &'a Screen, events: &[RecordedEvent]) -> Result<Cast<'a>, PageError> {
    let own = screen.visitor.partner;
    let mut names = Names::default();
    for event in events {
        let actor = match event.metadata.actor {
            Actor::PartnerUser { partner, user } if partner == own => Some(user),
            Actor::PartnerUser { .. }
            | Actor::CustomerUser { .. }
            | Actor::Operator
            | Actor::System(_)
            | Actor::SupportOperator { .. }
            | Actor::Auditor { .. }
            | Actor::Application { .. }
            | Actor::Visitor => None,
        };
        let people = [people(&event.event).1, actor, event.metadata.approved_by];
        for user in people.into_iter().flatten() {
            names.learn_partner_user(&screen.app, &screen.model, own, user).await?;
        }
    }
    let catalogue = screen.app.catalogue();
    Ok(Cast { model: &screen.model, catalogue, names, own, sees_customers: false })
}

/// What a change is called.
const fn title(kind: TransitionKind) -> (Tone, &'static str) {
    match kind {
        TransitionKind::Granted => (Tone::Good, "granted"),
        TransitionKind::Replaced => (Tone::Warning, "replaced"),
        TransitionKind::Revoked => (Tone::Bad, "revoked"),
        TransitionKind::AccountDeleted => (Tone::Bad, "user deleted"),
        TransitionKind::AccountRestored => (Tone::Good, "user restored"),
    }
}

fn row(screen: &Screen, cast: &Cast<'_>, event: &RecordedEvent) -> Markup {
    let metadata = &event.metadata;
    let Some(change) = RoleTransition::of(&event.event) else { return html! {} };
    let (tone, name) = title(change.kind);
    let reason = metadata.reason.as_ref();
    let reason = reason.map(|_| screen.app.vault().open_field::<Reason>(event, "reason"));
    html! {
        tr data-position=(event.position) {
            td data-label="When" { (widgets::time(metadata.occurred_at)) }
            th scope="row" data-label="User" {
                a href=(screen.link(&format!("/roles/users/{}", change.user))) {
                    (cast.names.partner_user(change.user))
                }
            }
            td data-label="Change" { (badge(tone, name)) }
            td data-label="Before" { (titles(&change.before)) }
            td data-label="After" { (titles(&change.after)) }
            td data-label="By" { (cast.actor(&metadata.actor)) }
            td data-label="Reason" {
                @match &reason {
                    Some(reason) => { span { (names::shown(reason, ToString::to_string)) } }
                    None => (widgets::dash()),
                }
            }
            td data-label="Ticket" {
                @match &metadata.ticket { Some(ticket) => (ticket), None => (widgets::dash()) }
            }
            td data-label="Approved by" {
                @match metadata.approved_by {
                    Some(user) => (cast.names.partner_user(user)),
                    None => (widgets::dash()),
                }
            }
        }
    }
}

fn titles(roles: &[Role]) -> Markup {
    let titles: Vec<_> = roles.iter().map(|role| role.title()).collect();
    html! { @if titles.is_empty() { (widgets::dash()) } @else { span { (titles.join(", ")) } } }
}
