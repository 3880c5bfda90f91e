//! `/operator/incidents`: which services do not work, told by a support operator.

use std::collections::BTreeMap;

use axum::{
    Router,
    extract::{Path, State},
    response::Response,
    routing::{get, post},
};
use commands::{InstallationCommand, OpenIncident, ResolveIncident, UpdateIncident};
use events::{FriendlyName, IncidentId, IncidentNote, IncidentSeverity, SkuId};
use maud::{Markup, html};
use projections::IncidentRow;

use super::{
    id,
    operator::{carried_out, operator, page},
    service_health::incident,
};
use crate::{
    api::day_or_moment,
    application::OnInstallation,
    http::AppState,
    ids,
    web::{
        error::PageError,
        forms::{Faults, Fields},
        signed_in::Somebody,
        submitted::OwnForm,
        widgets::{self, Input},
    },
};

pub(super) const PATH: &str = "/operator/incidents";

pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route(PATH, get(list).post(open))
        .route("/operator/incidents/{incident}", post(tell))
}

async fn list(State(app): State<AppState>, somebody: Somebody) -> Result<Response, PageError> {
    let somebody = operator(&app, somebody).await?;
    let model = app.models().current();
    let body = html! {
        (new_incident(&app, &somebody))
        h2 { "Incidents" }
        @for row in model.service_health().newest_first() {
            (incident(row))
            @if row.resolved_at.is_none() { (tell_form(&somebody, row)) }
        }
    };
    Ok(page(&somebody, "Service health", &body))
}

fn severities() -> Vec<(String, String)> {
    IncidentSeverity::ALL.map(|it| (it.name().to_owned(), it.title().to_owned())).into()
}

fn new_incident(app: &AppState, somebody: &Somebody) -> Markup {
    let (fields, faults) = (Fields::default(), Faults::default());
    let products: BTreeMap<_, _> = app
        .catalogue()
        .offers()
        .iter()
        .map(|offer| (offer.sku_name.to_string(), offer.sku_id.to_string()))
        .collect();
    let products: Vec<_> = products.into_iter().map(|(name, sku)| (sku, name)).collect();
    html! {
        form #new-incident method="post" action=(PATH) {
            (widgets::form_key(&somebody.session))
            fieldset {
                legend { "Tell of an incident" }
                (Input::text("product", "Service").required().draw_choice(&products, &fields, &faults))
                (Input::text("severity", "Severity").required().short()
                    .draw_choice(&severities(), &fields, &faults))
                (Input::text("title", "Title").required().draw(&fields, &faults))
                (Input::text("note", "What is known").required()
                    .hint("Shown to partners: name no person.").draw(&fields, &faults))
                (Input::text("started", "Since").short()
                    .hint("A moment such as 2026-11-20T08:00:00Z; now where left empty.")
                    .draw(&fields, &faults))
            }
            div.buttons { button.primary type="submit" { "Tell" } }
        }
    }
}

fn tell_form(somebody: &Somebody, row: &IncidentRow) -> Markup {
    let faults = Faults::default();
    let fields = Fields::default().with("severity", row.severity.name());
    html! {
        form id={ "tell-" (row.id) } method="post" action={ (PATH) "/" (row.id) } {
            (widgets::form_key(&somebody.session))
            (Input::text("severity", "Severity").short().draw_choice(&severities(), &fields, &faults))
            (Input::text("note", "What is known").required().draw(&fields, &faults))
            div.buttons {
                button type="submit" name="action" value="update" { "Update" }
                button.primary type="submit" name="action" value="resolve" { "Resolved" }
            }
        }
    }
}

async fn open(State(app): State<AppState>, form: OwnForm) -> Result<Response, PageError> {
    let (fields, mut faults) = (&form.fields, Faults::default());
    let sku_id = fields.required::<SkuId>(&mut faults, "product");
    let severity = severity(fields, &mut faults);
    let title = fields.required::<FriendlyName>(&mut faults, "title");
    let note = fields.required::<IncidentNote>(&mut faults, "note");
    let started = fields.text("started");
    let started_at = if started.is_empty() { Some(app.now()) } else { day_or_moment(started) };
    if started_at.is_none() {
        faults.add("started", "must be a moment such as 2026-11-20T08:00:00Z");
    }
    let incident_id = ids::fresh(app.now(), IncidentId::from_uuid);
    let command = faults.unless_any(|| {
        let (sku_id, severity, title) = (sku_id?, severity?, title?);
        let (note, started_at) = (note?, started_at?);
        Some(OpenIncident { incident_id, sku_id, severity, title, note, started_at }.into())
    });
    told(&app, form, command).await
}

fn severity(fields: &Fields, faults: &mut Faults) -> Option<IncidentSeverity> {
    let severity = IncidentSeverity::from_name(fields.text("severity"));
    if severity.is_none() {
        faults.add("severity", "must be one of the list");
    }
    severity
}

async fn tell(
    State(app): State<AppState>,
    Path(incident): Path<String>,
    form: OwnForm,
) -> Result<Response, PageError> {
    let incident_id = id::<IncidentId>(&incident)?;
    let (fields, mut faults) = (&form.fields, Faults::default());
    let note = fields.required::<IncidentNote>(&mut faults, "note");
    let resolves = fields.text("action") == "resolve";
    let severity = if resolves { None } else { severity(fields, &mut faults) };
    let command = faults.unless_any(|| {
        let note = note?;
        Some(if resolves {
            ResolveIncident { incident_id, note }.into()
        } else {
            UpdateIncident { incident_id, severity, note }.into()
        })
    });
    told(&app, form, command).await
}

/// Tells the partners, and goes back to the list.
async fn told(
    app: &AppState,
    form: OwnForm,
    command: Result<InstallationCommand, Faults>,
) -> Result<Response, PageError> {
    let use_case = command.map(OnInstallation::new);
    carried_out(app, form, use_case, "The partners were told.", PATH).await
}
