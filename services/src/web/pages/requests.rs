//! `/requests`: the service requests of the visitor's partner, and what was said about each.

use axum::{
    Router,
    extract::Path,
    response::Response,
    routing::{get, post},
};
use commands::{
    ChangeServiceRequest, Permission, permission_to_change, permission_to_log, permission_to_view,
};
use events::{
    Actor, LetterText, Opened, RequestSeverity, RequestStatus, ServiceRequestId,
    ServiceRequestKind, ServiceRequestNote, ServiceRequestText,
};
use maud::{Markup, html};
use projections::{NoteSort, ServiceRequestNoteRow, ServiceRequestRow};

use super::id;
use crate::{
    application::OnServiceRequest,
    http::AppState,
    web::{
        error::PageError,
        forms::{Faults, Fields},
        layout::{self, Frame, Section},
        names::{self, Names},
        screen::Screen,
        submitted::Submitted,
        widgets::{self, Input, Tone, badge},
    },
};

pub(super) const PATH: &str = "/requests";

pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route(PATH, get(list))
        .route("/requests/{request}", get(show).post(answer))
        .route("/requests/{request}/status", post(change_status))
}

async fn list(screen: Screen) -> Result<Response, PageError> {
    screen.allow(Permission::OwnProfile).await?;
    let mut rows = Vec::new();
    for row in screen.model.service_requests().of(screen.visitor.partner) {
        if sees(&screen, row) {
            rows.push((row, text(&screen, row).await?));
        }
    }
    let headers = ["Number", "Title", "Kind", "Severity", "Status", "Logged", "Changed"];
    let shown = html! {
        @for (row, text) in &rows {
            tr data-request=(row.id) {
                th scope="row" data-label="Number" {
                    a href=(screen.link(&format!("{PATH}/{}", row.id))) { (row.id) }
                }
                td data-label="Title" { (names::shown(text, |text| text.title.to_string())) }
                td data-label="Kind" { (kind(&screen, row)) }
                td data-label="Severity" { (row.severity.title()) }
                td data-label="Status" { (standing(row)) }
                td data-label="Logged" { (widgets::time(row.logged_at)) }
                td data-label="Changed" { (widgets::time(row.changed_at)) }
            }
        }
    };
    let body = html! {
        @if rows.is_empty() { (widgets::empty("Nothing was asked for yet.")) }
        @else { (widgets::table("requests", "Service requests", &headers, &shown)) }
    };
    let actions = html! {
        @if screen.can(Permission::OwnProfile) {
            a.button.primary #new-request href="/requests/new" { "New request" }
        }
    };
    let frame = Frame::new(&screen, Section::Requests, "Service requests");
    Ok(frame.readable().actions(actions).show(&body))
}

/// Whether the visitor may see a request, by the rights of now.
fn sees(screen: &Screen, row: &ServiceRequestRow) -> bool {
    let (partner, actor) = (screen.visitor.partner, screen.visitor.principal().actor());
    let now = screen.app.models().current();
    let reaches = |customer| now.customers().seen_by(partner, customer).is_some();
    screen.sees(permission_to_view(&row.kind, row.logged_by, &actor))
        && row.kind.customer().is_none_or(reaches)
}

fn kind(screen: &Screen, row: &ServiceRequestRow) -> Markup {
    let customer = row.kind.customer().and_then(|id| screen.model.customers().get(id));
    if let Some(customer) = customer {
        html! {
            "Support for " a href=(screen.link(&format!("/customers/{}", customer.id))) {
                (customer.company_name)
            }
        }
    } else {
        html! { (row.kind.title()) }
    }
}

/// Where a request stands.
pub(super) fn standing(row: &ServiceRequestRow) -> Markup {
    if row.declined {
        return badge(Tone::Bad, "Declined");
    }
    let tone = match row.status {
        RequestStatus::AttentionNeeded => Tone::Warning,
        RequestStatus::Resolved => Tone::Good,
        RequestStatus::Open | RequestStatus::InProgress | RequestStatus::Closed => Tone::Plain,
    };
    badge(tone, row.status.title())
}

async fn text(
    screen: &Screen,
    row: &ServiceRequestRow,
) -> Result<Opened<ServiceRequestText>, PageError> {
    Ok(screen.app.vault().open(&row.text).await?)
}

/// A request that the visitor may see.
async fn request<'a>(screen: &'a Screen, text: &str) -> Result<&'a ServiceRequestRow, PageError> {
    let not_found = || PageError::not_found("there is no such service request");
    let id = id::<ServiceRequestId>(text)?;
    let row = screen.model.service_requests().get(id);
    let row = row.filter(|row| row.partner == screen.visitor.partner).ok_or_else(not_found)?;
    screen.app.allow_request(screen.visitor.principal(), row).await?;
    Ok(row)
}

async fn show(Path(number): Path<String>, screen: Screen) -> Result<Response, PageError> {
    let row = request(&screen, &number).await?;
    page(&screen, row, &Fields::default(), &Faults::default()).await
}

async fn page(
    screen: &Screen,
    row: &ServiceRequestRow,
    fields: &Fields,
    faults: &Faults,
) -> Result<Response, PageError> {
    let text = text(screen, row).await?;
    let title = names::plain(&text, |text| text.title.to_string());
    let mut people = Names::default();
    let said = row.notes.iter().filter(|note| note.sort != NoteSort::Verification);
    let said: Vec<_> = said.collect();
    let mut notes = Vec::new();
    for note in said {
        learn(screen, &mut people, &note.by).await?;
        let opened = screen.app.vault().open::<ServiceRequestNote>(&note.text).await?;
        notes.push((note, opened));
    }
    let (model, own) = (&screen.model, screen.visitor.partner);
    people.learn_partner_user(&screen.app, model, own, row.logged_by).await?;
    if let ServiceRequestKind::Elevation { user_id } = row.kind {
        people.learn_partner_user(&screen.app, model, own, user_id).await?;
    }
    let body = html! {
        (layout::faults(faults))
        (facts(screen, row, &text, &people))
        h2 { "What was said" }
        @if notes.is_empty() { (widgets::empty("Nothing yet.")) }
        @for (note, opened) in &notes { (shown_note(note, opened, &people)) }
        @if may_change(screen, row) { (forms(screen, row, fields, faults)) }
    };
    Ok(Frame::new(screen, Section::Requests, title)
        .under("Service requests", PATH)
        .readable()
        .faulty(faults)
        .show(&body))
}

async fn learn(screen: &Screen, people: &mut Names, who: &Actor) -> Result<(), PageError> {
    if let Actor::PartnerUser { partner, user } = who
        && *partner == screen.visitor.partner
    {
        people.learn_partner_user(&screen.app, &screen.model, *partner, *user).await?;
    }
    Ok(())
}

fn facts(
    screen: &Screen,
    row: &ServiceRequestRow,
    text: &Opened<ServiceRequestText>,
    people: &Names,
) -> Markup {
    let said = match text {
        Opened::Readable(text) => Some(text),
        Opened::Erased(_) | Opened::KeyUnavailable => None,
    };
    html! {
        section.card #request data-status=(row.status.name()) {
            dl.pairs {
                div { dt { "Number" } dd { code { (row.id) } } }
                div { dt { "Kind" } dd { (kind(screen, row)) } }
                div { dt { "Status" } dd { (standing(row)) } }
                div { dt { "Severity" } dd { (row.severity.title()) } }
                div { dt { "About" } dd { (row.topic.title()) } }
                div { dt { "Logged" } dd {
                    (widgets::time(row.logged_at)) " by " (people.partner_user(row.logged_by))
                } }
                @if let ServiceRequestKind::Elevation { user_id } = row.kind {
                    div { dt { "To be elevated" } dd { (people.partner_user(user_id)) } }
                }
                @if let Some(absence) = row.verified {
                    div { dt { "Verified" } dd { (absence.title()) } }
                }
            }
        }
        section.card {
            h2 { "Description" }
            pre.letter { (names::shown(text, |text| text.description.to_string())) }
            @if let Some(identity) = said.and_then(|text| text.identity.as_ref()) {
                h2 { "Identity" } pre.letter { (identity) }
            }
            @if let Some(proof) = said.and_then(|text| text.organization.as_ref()) {
                h2 { "Organization" } pre.letter { (proof) }
            }
            @if let ServiceRequestKind::PublicProfileChange { profile } = &row.kind {
                h2 { "Public profile" } (super::profiles::public_profile(profile))
            }
        }
    }
}

fn shown_note(
    note: &ServiceRequestNoteRow,
    opened: &Opened<ServiceRequestNote>,
    people: &Names,
) -> Markup {
    let by = match note.by {
        Actor::PartnerUser { user, .. } => people.partner_user(user),
        Actor::Operator
        | Actor::SupportOperator { .. }
        | Actor::CustomerUser { .. }
        | Actor::System(_)
        | Actor::Auditor { .. }
        | Actor::Application { .. }
        | Actor::Visitor => "Support",
    };
    html! {
        section.card.note-of-request {
            p { strong { (by) } " " (widgets::time(note.at))
                @if note.sort == NoteSort::Decline { " " (badge(Tone::Bad, "Declined")) } }
            pre.letter { (names::shown(opened, |note| note.text.to_string())) }
        }
    }
}

fn may_change(screen: &Screen, row: &ServiceRequestRow) -> bool {
    let actor = screen.visitor.principal().actor();
    screen.can(permission_to_change(&row.kind, row.logged_by, &actor))
}

/// Where the partner may take the request from here.
const fn next_steps(row: &ServiceRequestRow) -> &'static [(RequestStatus, &'static str)] {
    let is_question = match row.kind {
        ServiceRequestKind::PartnerSupport | ServiceRequestKind::CustomerSupport { .. } => true,
        ServiceRequestKind::Elevation { .. } | ServiceRequestKind::PublicProfileChange { .. } => {
            false
        }
    };
    match (row.status, is_question) {
        (RequestStatus::Resolved, true) => {
            &[(RequestStatus::Closed, "Close"), (RequestStatus::Open, "Open again")]
        }
        (RequestStatus::Closed, true) => &[(RequestStatus::Open, "Open again")],
        (RequestStatus::Closed, false) => &[],
        (RequestStatus::Resolved, false) => &[(RequestStatus::Closed, "Close")],
        (RequestStatus::Open | RequestStatus::InProgress | RequestStatus::AttentionNeeded, _) => {
            &[(RequestStatus::Closed, "Withdraw")]
        }
    }
}

fn forms(screen: &Screen, row: &ServiceRequestRow, fields: &Fields, faults: &Faults) -> Markup {
    let path = format!("{PATH}/{}", row.id);
    let steps = next_steps(row);
    let severities: Vec<_> = RequestSeverity::ALL
        .iter()
        .map(|severity| (severity.name().to_owned(), severity.title().to_owned()))
        .collect();
    let filled = Fields::default().with("severity", row.severity.name());
    let inner = html! {
        fieldset {
            legend { "Answer" }
            (Input::text("note", "Note").draw_lines(4, fields, faults))
            (Input::text("severity", "Severity").short().required()
                .draw_choice(&severities, if fields.text("severity").is_empty() { &filled } else { fields }, faults))
        }
        div.buttons { button.primary type="submit" { "Send" } }
    };
    html! {
        @if row.status != RequestStatus::Closed {
            (widgets::form(screen, "answer-form", &path, &inner))
        }
        @for (status, label) in steps {
            (widgets::form(screen, &format!("to-{}", status.name()), &format!("{path}/status"), &html! {
                input type="hidden" name="status" value=(status.name());
                button type="submit" { (label) }
            }))
        }
    }
}

async fn answer(Path(number): Path<String>, form: Submitted) -> Result<Response, PageError> {
    let row = request(&form.screen, &number).await?;
    let mut faults = Faults::default();
    let note = form.fields.optional::<LetterText>(&mut faults, "note");
    let severity = form.fields.text("severity");
    let severity = RequestSeverity::from_name(severity).filter(|it| *it != row.severity);
    let change =
        faults.unless_any(|| Some(ChangeServiceRequest { note: note?, severity, status: None }));
    match change {
        Ok(change) => carry_out(&form, row, change, "Your answer was sent.").await,
        Err(faults) => page(&form.screen, row, &form.fields, &faults).await,
    }
}

async fn change_status(Path(number): Path<String>, form: Submitted) -> Result<Response, PageError> {
    let row = request(&form.screen, &number).await?;
    let status = RequestStatus::from_name(form.fields.text("status"));
    let status = status.ok_or_else(|| PageError::malformed("the form names no status"))?;
    let change = ChangeServiceRequest { status: Some(status), ..ChangeServiceRequest::default() };
    let done = format!("The request is {} now.", status.title().to_lowercase());
    carry_out(&form, row, change, &done).await
}

async fn carry_out(
    form: &Submitted,
    row: &ServiceRequestRow,
    change: ChangeServiceRequest,
    done: &str,
) -> Result<Response, PageError> {
    let use_case = OnServiceRequest::new(row.id, change);
    match form.execute(&form.call(b""), &use_case).await? {
        Ok(_) => Ok(form.done(&format!("{PATH}/{}", row.id), layout::done(done))),
        Err(faults) => page(&form.screen, row, &form.fields, &faults).await,
    }
}

/// Whether the visitor may log a request of this kind.
pub(super) fn may_log(screen: &Screen, kind: &ServiceRequestKind) -> bool {
    screen.can(permission_to_log(kind, &screen.visitor.principal().actor()))
}
