//! `/operator/requests`: the service requests of every partner, answered by a support operator.

use axum::{
    Router,
    extract::{Path, State},
    response::Response,
    routing::{get, post},
};
use commands::{
    CarryOutServiceRequest, ChangeServiceRequest, DeclineServiceRequest, ServiceRequestCommand,
    VerifyElevation,
};
use events::{
    Actor, GlobalAdminAbsence, LetterText, Opened, PartnerUserProfile, RequestStatus,
    ServiceRequestId, ServiceRequestKind, ServiceRequestNote, ServiceRequestText,
};
use maud::{Markup, html};
use projections::{NoteSort, ReadModel, ServiceRequestNoteRow, ServiceRequestRow};

use super::{
    PAGE_ROWS, id,
    operator::{carried_out, operator, page},
    profiles::public_profile,
    requests::standing,
};
use crate::{
    application::OnServiceRequest,
    http::AppState,
    web::{
        error::PageError,
        forms::{Faults, Fields},
        names,
        signed_in::Somebody,
        submitted::OwnForm,
        widgets::{self, Input, Tone, badge},
    },
};

pub(super) const PATH: &str = "/operator/requests";

pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route(PATH, get(list))
        .route("/operator/requests/{request}", get(show))
        .route("/operator/requests/{request}/answer", post(answer))
        .route("/operator/requests/{request}/verify", post(verify))
        .route("/operator/requests/{request}/carry-out", post(carry_out))
        .route("/operator/requests/{request}/decline", post(decline))
}

async fn list(State(app): State<AppState>, somebody: Somebody) -> Result<Response, PageError> {
    let somebody = operator(&app, somebody).await?;
    let model = app.models().current();
    let (mut open, mut over) = (Vec::new(), Vec::new());
    for row in model.service_requests().iter() {
        let rows = if row.status.is_open() { &mut open } else { &mut over };
        if row.status.is_open() || rows.len() < PAGE_ROWS {
            rows.push((row, app.vault().open::<ServiceRequestText>(&row.text).await?));
        }
    }
    let body = html! {
        @if open.is_empty() { (widgets::empty("No request is open.")) }
        @else { (table(&model, "open-requests", "Open requests", &open)) }
        @if !over.is_empty() {
            h2 { "Over" }
            (table(&model, "requests-over", "Requests that are over", &over))
        }
    };
    Ok(page(&somebody, "Service requests", &body))
}

fn table(
    model: &ReadModel,
    name: &str,
    title: &str,
    rows: &[(&ServiceRequestRow, Opened<ServiceRequestText>)],
) -> Markup {
    let headers = ["Number", "Partner", "Title", "Kind", "Severity", "Status", "Logged"];
    let shown = html! {
        @for (row, text) in rows {
            tr data-request=(row.id) {
                th scope="row" data-label="Number" { a href={ (PATH) "/" (row.id) } { (row.id) } }
                td data-label="Partner" { (partner(model, row)) }
                td data-label="Title" { (names::shown(text, |text| text.title.to_string())) }
                td data-label="Kind" { (row.kind.title()) }
                td data-label="Severity" { (row.severity.title()) }
                td data-label="Status" { (standing(row)) }
                td data-label="Logged" { (widgets::time(row.logged_at)) }
            }
        }
    };
    widgets::table(name, title, &headers, &shown)
}

fn partner(model: &ReadModel, row: &ServiceRequestRow) -> String {
    model.partners().get(row.partner).map_or_else(String::new, |partner| partner.name.to_string())
}

fn not_found() -> PageError {
    PageError::not_found("there is no such service request")
}

async fn show(
    State(app): State<AppState>,
    Path(number): Path<String>,
    somebody: Somebody,
) -> Result<Response, PageError> {
    let somebody = operator(&app, somebody).await?;
    let model = app.models().current();
    let row = model.service_requests().get(id::<ServiceRequestId>(&number)?);
    let row = row.ok_or_else(not_found)?;
    let text = app.vault().open::<ServiceRequestText>(&row.text).await?;
    let title = names::plain(&text, |text| text.title.to_string());
    let mut notes = Vec::new();
    for note in &row.notes {
        let opened = app.vault().open::<ServiceRequestNote>(&note.text).await?;
        notes.push((note, opened));
    }
    let body = html! {
        (facts(&app, &model, row, &text).await?)
        h2 { "What was said" }
        @if notes.is_empty() { (widgets::empty("Nothing yet.")) }
        @for (note, opened) in &notes { (said(note, opened)) }
        (forms(&somebody, row))
        p { a href=(PATH) { "All service requests" } }
    };
    Ok(page(&somebody, &title, &body))
}

async fn facts(
    app: &AppState,
    model: &ReadModel,
    row: &ServiceRequestRow,
    text: &Opened<ServiceRequestText>,
) -> Result<Markup, PageError> {
    let logged_by = person(app, model, row, row.logged_by).await?;
    let candidate = match row.kind {
        ServiceRequestKind::Elevation { user_id } => Some(person(app, model, row, user_id).await?),
        ServiceRequestKind::PartnerSupport
        | ServiceRequestKind::CustomerSupport { .. }
        | ServiceRequestKind::PublicProfileChange { .. } => None,
    };
    let said = match text {
        Opened::Readable(text) => Some(text),
        Opened::Erased(_) | Opened::KeyUnavailable => None,
    };
    let proofs =
        said.map(|text| [("Identity", &text.identity), ("Organization", &text.organization)]);
    Ok(html! {
        section.card #request data-status=(row.status.name()) {
            dl.pairs {
                div { dt { "Number" } dd { code { (row.id) } } }
                div { dt { "Partner" } dd { (partner(model, row)) } }
                div { dt { "Kind" } dd { (row.kind.title()) } }
                div { dt { "Status" } dd { (standing(row)) } }
                div { dt { "Severity" } dd { (row.severity.title()) } }
                div { dt { "About" } dd { (row.topic.title()) } }
                div { dt { "Logged" } dd { (widgets::time(row.logged_at)) " by " (logged_by) } }
                @if let Some(candidate) = &candidate {
                    div { dt { "To be elevated" } dd { (candidate) } }
                }
                @if let Some(absence) = row.verified {
                    div { dt { "Verified" } dd { (absence.title()) } }
                }
            }
        }
        section.card {
            h2 { "Description" }
            pre.letter { (names::shown(text, |text| text.description.to_string())) }
            @for (name, proof) in proofs.into_iter().flatten() {
                @if let Some(proof) = proof { h2 { (name) } pre.letter { (proof) } }
            }
            @if let ServiceRequestKind::PublicProfileChange { profile } = &row.kind {
                h2 { "Public profile" } (public_profile(profile))
            }
        }
    })
}

/// A user of the partner by name and address: whom an operator verifies.
async fn person(
    app: &AppState,
    model: &ReadModel,
    row: &ServiceRequestRow,
    user: events::PartnerUserId,
) -> Result<String, PageError> {
    let Some(user) = model.partner_users().get(row.partner, user) else {
        return Ok("a user who is gone".to_owned());
    };
    let opened = app.vault().open::<PartnerUserProfile>(&user.profile).await?;
    Ok(names::plain(&opened, |profile| format!("{} ({})", profile.full_name, profile.email)))
}

fn said(note: &ServiceRequestNoteRow, opened: &Opened<ServiceRequestNote>) -> Markup {
    let by = if matches!(note.by, Actor::PartnerUser { .. }) { "The partner" } else { "Support" };
    html! {
        section.card.note-of-request {
            p { strong { (by) } " " (widgets::time(note.at))
                @match note.sort {
                    NoteSort::Note => {}
                    NoteSort::Verification => { " " (badge(Tone::Good, "Verified")) }
                    NoteSort::Decline => { " " (badge(Tone::Bad, "Declined")) }
                }
            }
            pre.letter { (names::shown(opened, |note| note.text.to_string())) }
        }
    }
}

/// What may be done about a request from here.
fn forms(somebody: &Somebody, row: &ServiceRequestRow) -> Markup {
    let (fields, faults) = (Fields::default(), Faults::default());
    let form = |name: &str, inner: &Markup| {
        let action = format!("{PATH}/{}/{name}", row.id);
        html! {
            form id=(name) method="post" action=(action) {
                (widgets::form_key(&somebody.session)) (inner)
            }
        }
    };
    let statuses = statuses(row);
    let absences: Vec<_> = GlobalAdminAbsence::ALL
        .iter()
        .map(|it| (it.name().to_owned(), it.title().to_owned()))
        .collect();
    let is_question = is_question(&row.kind);
    let is_elevation = matches!(row.kind, ServiceRequestKind::Elevation { .. });
    let ready = !is_elevation || row.verified.is_some();
    html! {
        @if !statuses.is_empty() {
            (form("answer", &html! {
                fieldset {
                    legend { "Answer" }
                    (Input::text("note", "Note").draw_lines(4, &fields, &faults))
                    (Input::text("status", "Status").required().short().draw_choice(&statuses, &fields, &faults))
                }
                div.buttons { button.primary type="submit" { "Send" } }
            }))
        }
        @if row.status.is_open() {
            @if is_elevation && row.verified.is_none() {
                (form("verify", &html! {
                    fieldset {
                        legend { "Verify" }
                        (Input::text("absence", "No global admin is able to act").required()
                            .draw_choice(&absences, &fields, &faults))
                        (Input::text("evidence", "How identity and organization were verified").required()
                            .draw_lines(4, &fields, &faults))
                    }
                    div.buttons { button.primary type="submit" { "Verified" } }
                }))
            }
            @if !is_question && ready {
                (form("carry-out", &html! {
                    div.buttons { button.primary type="submit" {
                        @if is_elevation { "Elevate to global admin" } @else { "Change the public profile" }
                    } }
                }))
            }
            (form("decline", &html! {
                fieldset {
                    legend { "Decline" }
                    (Input::text("because", "Reason").required().draw_lines(3, &fields, &faults))
                }
                div.buttons { button type="submit" { "Decline" } }
            }))
        }
    }
}

const fn is_question(kind: &ServiceRequestKind) -> bool {
    match kind {
        ServiceRequestKind::PartnerSupport | ServiceRequestKind::CustomerSupport { .. } => true,
        ServiceRequestKind::Elevation { .. } | ServiceRequestKind::PublicProfileChange { .. } => {
            false
        }
    }
}

/// Where a request may stand after an answer, the present status first.
fn statuses(row: &ServiceRequestRow) -> Vec<(String, String)> {
    use RequestStatus::{AttentionNeeded, Closed, InProgress, Open, Resolved};
    let question = is_question(&row.kind);
    let next: &[RequestStatus] = match (row.status, question) {
        (Open, true) => &[InProgress, AttentionNeeded, Resolved],
        (Open, false) => &[InProgress, AttentionNeeded],
        (InProgress, true) => &[AttentionNeeded, Resolved],
        (InProgress, false) => &[AttentionNeeded],
        (AttentionNeeded, true) => &[InProgress, Resolved],
        (AttentionNeeded, false) => &[InProgress],
        (Resolved, true) => &[Closed, Open],
        (Closed, true) => &[Open],
        (Resolved | Closed, false) => return Vec::new(),
    };
    let all = std::iter::once(&row.status).chain(next);
    all.map(|status| (status.name().to_owned(), status.title().to_owned())).collect()
}

async fn answer(
    State(app): State<AppState>,
    Path(number): Path<String>,
    form: OwnForm,
) -> Result<Response, PageError> {
    let mut faults = Faults::default();
    let note = form.fields.optional::<LetterText>(&mut faults, "note");
    let status = RequestStatus::from_name(form.fields.text("status"));
    let change =
        faults.unless_any(|| Some(ChangeServiceRequest { note: note?, status, severity: None }));
    changed(&app, &number, form, change, "The answer was sent.").await
}

async fn verify(
    State(app): State<AppState>,
    Path(number): Path<String>,
    form: OwnForm,
) -> Result<Response, PageError> {
    let mut faults = Faults::default();
    let evidence = form.fields.required::<LetterText>(&mut faults, "evidence");
    let absence = GlobalAdminAbsence::from_name(form.fields.text("absence"));
    if absence.is_none() {
        faults.add("absence", "must be one of the list");
    }
    let verify =
        faults.unless_any(|| Some(VerifyElevation { absence: absence?, evidence: evidence? }));
    changed(&app, &number, form, verify, "The verification was recorded.").await
}

async fn carry_out(
    State(app): State<AppState>,
    Path(number): Path<String>,
    form: OwnForm,
) -> Result<Response, PageError> {
    let request_id = id::<ServiceRequestId>(&number)?;
    let command = Ok(CarryOutServiceRequest { request_id });
    changed(&app, &number, form, command, "What was asked for is done.").await
}

async fn decline(
    State(app): State<AppState>,
    Path(number): Path<String>,
    form: OwnForm,
) -> Result<Response, PageError> {
    let mut faults = Faults::default();
    let reason = form.fields.required::<LetterText>(&mut faults, "because");
    let decline = faults.unless_any(|| Some(DeclineServiceRequest { reason: reason? }));
    changed(&app, &number, form, decline, "The request was declined.").await
}

/// Changes a request, and goes back to it.
async fn changed<C: Into<ServiceRequestCommand>>(
    app: &AppState,
    number: &str,
    form: OwnForm,
    command: Result<C, Faults>,
    done: &str,
) -> Result<Response, PageError> {
    let request = id::<ServiceRequestId>(number)?;
    let use_case = command.map(|command| OnServiceRequest::new(request, command));
    carried_out(app, form, use_case, done, &format!("{PATH}/{request}")).await
}
