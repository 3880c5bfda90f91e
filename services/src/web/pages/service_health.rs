//! `/service-health`: whether the services that are sold work; and the same of one customer's products.

use axum::{Router, response::Response, routing::get};
use commands::Permission;
use events::IncidentSeverity;
use maud::{Markup, html};
use projections::{CustomerRow, IncidentRow};

use crate::{
    api::products_held,
    http::AppState,
    web::{
        error::PageError,
        layout::{Frame, Section},
        screen::Screen,
        widgets::{self, Tone, badge},
    },
};

const PATH: &str = "/service-health";

pub(super) fn router() -> Router<AppState> {
    Router::new().route(PATH, get(show))
}

async fn show(screen: Screen) -> Result<Response, PageError> {
    screen.allow(Permission::ServiceHealthView).await?;
    let rows = screen.model.service_health().newest_first();
    let (past, current): (Vec<_>, Vec<_>) =
        rows.into_iter().partition(|row| row.resolved_at.is_some());
    let body = html! {
        @if current.is_empty() { (widgets::empty("All services work.")) }
        @for row in &current { (incident(row)) }
        @if !past.is_empty() { h2 { "Past incidents" } }
        @for row in past.iter().take(super::PAGE_ROWS) { (incident(row)) }
    };
    Ok(Frame::new(&screen, Section::Health, "Service health").readable().show(&body))
}

/// The incidents of the products that a customer holds, for its page.
pub(super) fn of_customer(screen: &Screen, customer: &CustomerRow) -> Markup {
    if !screen.sees(Permission::ServiceHealthView) {
        return html! {};
    }
    let held = products_held(&screen.app, &screen.model, screen.visitor.partner, customer.id);
    let rows = screen.model.service_health().newest_first();
    let rows: Vec<_> = rows.into_iter().filter(|row| held.contains(&row.sku)).collect();
    let goes_on = rows.iter().any(|row| row.resolved_at.is_none());
    html! {
        section.card #service-health {
            h2 { "Service health" }
            @if !goes_on { p { "All services of this customer work." } }
            @for row in rows.iter().take(super::PAGE_ROWS) { (line(row)) }
        }
    }
}

fn line(row: &IncidentRow) -> Markup {
    html! {
        p data-incident=(row.id) {
            (state(row)) " " strong { (row.service) } ": "
            a href={ (PATH) "#incident-" (row.id) } { (row.title) } ", since "
            (widgets::time(row.started_at))
        }
    }
}

fn state(row: &IncidentRow) -> Markup {
    let tone = match row.severity {
        IncidentSeverity::Advisory => Tone::Plain,
        IncidentSeverity::Degraded => Tone::Warning,
        IncidentSeverity::Interrupted => Tone::Bad,
    };
    match row.resolved_at {
        Some(_) => badge(Tone::Good, "Resolved"),
        None => badge(tone, row.severity.title()),
    }
}

/// An incident with all that was told of it, the newest first.
pub(super) fn incident(row: &IncidentRow) -> Markup {
    html! {
        section.card id={ "incident-" (row.id) } data-incident=(row.id) {
            h3 { (row.service) ": " (row.title) }
            p {
                (state(row)) " since " (widgets::time(row.started_at))
                @if let Some(at) = row.resolved_at { " until " (widgets::time(at)) }
            }
            @for note in row.notes.iter().rev() {
                p { (widgets::time(note.at)) " " (note.note) }
            }
        }
    }
}
