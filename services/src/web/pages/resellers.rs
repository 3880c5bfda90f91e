//! `/resellers`: the partnerships of providers and resellers, and asking for one.

use axum::{
    Router,
    extract::Path,
    response::Response,
    routing::{get, post},
};
use commands::{EndPartnership, LINK_PLACEHOLDER, Permission, WithdrawPartnership};
use events::{
    EmailAddress, InvitationDraft, LetterText, Opened, PartnerKind, PartnershipId, SubjectLine,
};
use maud::{Markup, html};
use projections::{CustomerFilter, PartnershipRow, PartnershipState};

use super::id;
use crate::{
    application::{LINK_DAYS_DEFAULT, Letter, OnPartnership, proposed_subject, proposed_text},
    http::AppState,
    web::{
        error::PageError,
        forms::{Faults, Fields, mendable},
        layout::{self, Frame, Section},
        letter, names,
        screen::Screen,
        submitted::Submitted,
        widgets::{self, Input, Tone, badge},
    },
};

const PATH: &str = "/resellers";

pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route(PATH, get(show))
        .route("/resellers/request", get(show_request).post(request))
        .route("/resellers/requests/{partnership}", get(show_draft))
        .route("/resellers/requests/{partnership}/withdraw", post(withdraw))
        .route("/resellers/partnerships/{partnership}/end", post(end))
}

fn own_kind(screen: &Screen) -> Option<PartnerKind> {
    screen.model.partners().get(screen.visitor.partner).map(|partner| partner.kind)
}

async fn show(screen: Screen) -> Result<Response, PageError> {
    screen.allow(Permission::PartnershipsView).await?;
    page(&screen, &Faults::default()).await
}

async fn page(screen: &Screen, faults: &Faults) -> Result<Response, PageError> {
    let kind = own_kind(screen);
    let is_provider = kind == Some(PartnerKind::IndirectProvider);
    let own = screen.visitor.partner;
    let resellers = screen.model.resellers();
    let active: Vec<_> = if kind == Some(PartnerKind::IndirectReseller) {
        resellers.providers_of(own).collect()
    } else {
        resellers.resellers_of(own).collect()
    };
    let title = if kind == Some(PartnerKind::IndirectReseller) {
        "Providers"
    } else {
        "Indirect resellers"
    };
    let requests = html! {
        @if is_provider { (requests(screen).await?) (answered(screen).await?) }
    };
    let body = html! {
        (layout::faults(faults))
        @if active.is_empty() {
            (widgets::empty("No partnership is active."))
        } @else { (partnerships(screen, title, &active)) }
        (requests)
    };
    let actions = html! {
        @if is_provider && screen.can(Permission::PartnershipsRequest) {
            a.button.primary #request-partnership href="/resellers/request" { "Request a partnership" }
        }
    };
    Ok(Frame::new(screen, Section::Resellers, title)
        .readable()
        .actions(actions)
        .faulty(faults)
        .show(&body))
}

fn partnerships(screen: &Screen, title: &str, active: &[&PartnershipRow]) -> Markup {
    let headers = [
        "Company",
        "MPN id",
        "Country",
        "Customers",
        "Partners since",
        r#"<span class="hidden">More</span>"#,
    ];
    let rows = html! { @for row in active { (partnership(screen, row)) } };
    widgets::table("partnerships", title, &headers, &rows)
}

fn partnership(screen: &Screen, row: &PartnershipRow) -> Markup {
    let own = screen.visitor.partner;
    let other = if row.provider == own { row.reseller } else { Some(row.provider) };
    let partner = other.and_then(|id| screen.model.partners().get(id));
    let filter = CustomerFilter { indirect_partner: other, ..CustomerFilter::default() };
    let customers = screen.model.customers().list(own, &filter, None, 1).total;
    let other = other.map(|id| id.to_string()).unwrap_or_default();
    html! {
        tr data-partnership=(row.id) {
            th scope="row" data-label="Company" { @if let Some(partner) = partner { (partner.name) } }
            td data-label="MPN id" { @if let Some(partner) = partner { (partner.mpn_id) } }
            td data-label="Country" { @if let Some(partner) = partner { (partner.country) } }
            td.number data-label="Customers" {
                a href=(screen.link_with("/customers", &[("reseller", &other)])) { (customers) }
            }
            td data-label="Partners since" {
                @if let PartnershipState::Active { since } = row.state { (widgets::time(since)) }
            }
            td {
                div.row-actions {
                    @if row.provider == own && screen.can(Permission::CustomersCreate) {
                        a.small href={ "/customers/new?reseller=" (other) } { "Add customer" }
                    }
                    @if screen.can(Permission::PartnershipsRequest) {
                        (widgets::button(screen, &format!("end-{}", row.id),
                            &format!("/resellers/partnerships/{}/end", row.id), "End partnership"))
                    }
                }
            }
        }
    }
}

async fn requests(screen: &Screen) -> Result<Markup, PageError> {
    let own = screen.visitor.partner;
    let mut rows = Vec::new();
    for row in screen.model.resellers().requested_by(own) {
        rows.push((row, draft(screen, row).await?));
    }
    let headers =
        ["To", "Subject", "Requested", "Link works until", r#"<span class="hidden">More</span>"#];
    let shown = html! { @for (row, draft) in &rows { (request_row(screen, row, draft)) } };
    Ok(html! {
        h2 { "Requests without an answer" }
        @if rows.is_empty() { (widgets::empty("None.")) }
        @else { (widgets::table("requests", "Requests without an answer", &headers, &shown)) }
    })
}

fn request_row(screen: &Screen, row: &PartnershipRow, draft: &Opened<InvitationDraft>) -> Markup {
    let path = format!("/resellers/requests/{}", row.id);
    html! {
        tr data-partnership=(row.id) {
            th scope="row" data-label="To" { (names::shown(draft, |draft| draft.recipient.to_string())) }
            td data-label="Subject" { (names::shown(draft, |draft| draft.subject.to_string())) }
            td data-label="Requested" { (widgets::time(row.requested_at)) }
            td data-label="Link works until" {
                (widgets::time(row.expires_at)) " "
                @if screen.at < row.expires_at {
                    (badge(Tone::Plain, &widgets::left(screen.at, row.expires_at)))
                } @else { (badge(Tone::Bad, "expired")) }
            }
            td {
                div.row-actions {
                    @if screen.can(Permission::PartnershipsRequest) {
                        a.small href=(path) { "E-mail and link" }
                        (widgets::button(screen, &format!("withdraw-{}", row.id),
                            &format!("{path}/withdraw"), "Withdraw"))
                    }
                }
            }
        }
    }
}

/// What became of earlier requests, newest first.
async fn answered(screen: &Screen) -> Result<Markup, PageError> {
    let own = screen.visitor.partner;
    let mut rows = Vec::new();
    for row in screen.model.resellers().of_provider(own) {
        let (state, at) = match row.state {
            PartnershipState::Requested | PartnershipState::Active { .. } => continue,
            PartnershipState::Declined { at } => ("declined", at),
            PartnershipState::Withdrawn { at } => ("withdrawn", at),
            PartnershipState::Expired { at } => ("expired", at),
            PartnershipState::Ended { at, .. } => ("ended", at),
        };
        rows.push((row, state, at, draft(screen, row).await?));
    }
    let name = |row: &PartnershipRow| {
        row.reseller.and_then(|id| screen.model.partners().get(id)).map(|it| it.name.to_string())
    };
    let shown = html! {
        @for (row, state, at, draft) in rows.iter().rev() {
            tr {
                th scope="row" data-label="To" { (names::shown(draft, |draft| draft.recipient.to_string())) }
                td data-label="Company" { @match name(row) { Some(name) => (name), None => (widgets::dash()) } }
                td data-label="Outcome" { (badge(Tone::Plain, state)) }
                td data-label="When" { (widgets::time(*at)) }
            }
        }
    };
    Ok(html! {
        @if !rows.is_empty() {
            h2 { "Earlier" }
            (widgets::table("earlier", "Earlier requests and partnerships", &["To", "Company", "Outcome", "When"], &shown))
        }
    })
}

async fn draft(
    screen: &Screen,
    row: &PartnershipRow,
) -> Result<Opened<InvitationDraft>, PageError> {
    Ok(screen.app.vault().open(&row.draft).await?)
}

async fn show_request(screen: Screen) -> Result<Response, PageError> {
    screen.allow(Permission::PartnershipsRequest).await?;
    let own = screen.model.partners().get(screen.visitor.partner);
    let name = own.map_or_else(String::new, |partner| partner.name.to_string());
    let (subject, text) = (proposed_subject(&name), proposed_text(&name, LINK_DAYS_DEFAULT));
    let fields = Fields::default()
        .with("subject", subject.as_ref().map_or("", SubjectLine::as_str))
        .with("text", text.as_ref().map_or("", LetterText::as_str));
    Ok(request_page(&screen, &fields, &Faults::default()))
}

fn request_page(screen: &Screen, fields: &Fields, faults: &Faults) -> Response {
    let inner = html! {
        (layout::faults(faults))
        fieldset {
            legend { "E-mail" }
            (Input::email("recipient", "To").required().hint("The reseller's e-mail address.").draw(fields, faults))
            (Input::text("subject", "Subject").required().draw(fields, faults))
            (Input::text("text", "Text").required()
                .hint(format!("{LINK_PLACEHOLDER} must stay: the personalised link goes there."))
                .draw_lines(12, fields, faults))
        }
        div.buttons {
            button.primary type="submit" { "Request partnership" }
            a.button href=(PATH) { "Cancel" }
        }
    };
    Frame::new(screen, Section::Resellers, "Request a partnership")
        .under("Indirect resellers", PATH)
        .faulty(faults)
        .show(&widgets::form(screen, "request-form", "/resellers/request", &inner))
}

async fn request(form: Submitted) -> Result<Response, PageError> {
    let screen = &form.screen;
    screen.allow(Permission::PartnershipsRequest).await?;
    let mut faults = Faults::default();
    let recipient = form.fields.required::<EmailAddress>(&mut faults, "recipient");
    let subject = form.fields.required::<SubjectLine>(&mut faults, "subject");
    let text = form.fields.required::<LetterText>(&mut faults, "text");
    let draft = faults.unless_any(|| {
        Some(InvitationDraft { recipient: recipient?, subject: subject?, text: text? })
    });
    let draft = match draft {
        Ok(draft) => draft,
        Err(faults) => return Ok(request_page(screen, &form.fields, &faults)),
    };
    let (call, own) = (form.call(b""), screen.visitor.partner);
    let requested = screen.app.request_partnership(&call, own, draft, LINK_DAYS_DEFAULT).await;
    match mendable(requested, form.catalogue())? {
        Ok((id, _)) => {
            let path = format!("/resellers/requests/{id}");
            Ok(form.done(&path, layout::done("The partnership is requested. Now send the e-mail.")))
        }
        Err(faults) => Ok(request_page(screen, &form.fields, &faults)),
    }
}

/// The e-mail with its personalised link: the link is derived here and stored nowhere.
async fn show_draft(
    Path(partnership): Path<String>,
    screen: Screen,
) -> Result<Response, PageError> {
    let partnership = id::<PartnershipId>(&partnership)?;
    screen.allow(Permission::PartnershipsRequest).await?;
    let row = screen.model.resellers().get(partnership);
    let row = row.filter(|row| row.provider == screen.visitor.partner);
    let row = row.ok_or_else(|| PageError::not_found("there is no such request"))?;
    let Opened::Readable(draft) = draft(&screen, row).await? else {
        return Err(PageError::not_found("the e-mail of this request cannot be read any more"));
    };
    let written = screen.app.letter(row, &draft, &screen.visitor.own_address);
    let answered = || PageError::not_found("the request was answered or withdrawn already");
    let Letter { link, text, mailto } = written.ok_or_else(answered)?;
    let body = html! {
        section.card {
            dl.pairs {
                div { dt { "To" } dd { (draft.recipient) } }
                div { dt { "Subject" } dd { (draft.subject) } }
                div { dt { "Link works until" } dd { (widgets::time(row.expires_at)) } }
                div { dt { "Sending" } dd #letter-state { (letter::state(row.letter)) } }
                div { dt { "Link" } dd { code #invitation-link { (link) } } }
            }
        }
        section.card {
            h2 { "Text" }
            pre.letter #invitation-text { (text) }
            div.buttons {
                a.button.primary #open-mail href=(mailto) { "Open in the mail program" }
                button.only-script type="button" data-copy="invitation-link" { "Copy link" }
                button.only-script type="button" data-copy="invitation-text" { "Copy text" }
            }
        }
    };
    Ok(Frame::new(&screen, Section::Resellers, "E-mail and link")
        .under("Indirect resellers", PATH)
        .show(&body))
}

async fn withdraw(
    Path(partnership): Path<String>,
    mut form: Submitted,
) -> Result<Response, PageError> {
    let partnership = id::<PartnershipId>(&partnership)?;
    let command = WithdrawPartnership { provider: form.screen.visitor.partner };
    let done = "The request was withdrawn; its link does not work any more.";
    carry_out(&mut form, &OnPartnership::new(partnership, command), done).await
}

async fn end(Path(partnership): Path<String>, mut form: Submitted) -> Result<Response, PageError> {
    let partnership = id::<PartnershipId>(&partnership)?;
    let command = EndPartnership { ended_by: form.screen.visitor.partner };
    let done = "The partnership has ended.";
    carry_out(&mut form, &OnPartnership::new(partnership, command), done).await
}

async fn carry_out(
    form: &mut Submitted,
    use_case: &OnPartnership,
    done: &str,
) -> Result<Response, PageError> {
    PATH.clone_into(&mut form.screen.path);
    match form.execute(&form.call(b""), use_case).await? {
        Ok(_) => Ok(form.done(PATH, layout::done(done))),
        Err(faults) => page(&form.screen, &faults).await,
    }
}
