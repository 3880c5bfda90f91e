//! `/customers/requests`: the relationships a partner asked companies for, and asking for one.

use axum::{
    Router,
    extract::Path,
    response::Response,
    routing::{get, post},
};
use commands::{LINK_PLACEHOLDER, Permission, WithdrawRelationshipRequest};
use events::{
    CustomerId, DomainName, EmailAddress, InvitationId, LetterText, Opened, RelationshipDraft,
    SubjectLine,
};
use maud::{Markup, html};
use projections::{RelationshipRequestRow, RelationshipRequestState};

use super::id;
use crate::{
    application::{
        LINK_DAYS_DEFAULT, OnCustomer, WantedRelationship, relationship_subject, relationship_text,
    },
    http::AppState,
    web::{
        error::PageError,
        forms::{Faults, Fields, mendable},
        layout::{self, Frame, Section},
        names,
        screen::Screen,
        submitted::Submitted,
        widgets::{self, Input, Tone, badge},
    },
};

pub(super) const PATH: &str = "/customers/requests";

pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route(PATH, get(list))
        .route("/customers/requests/new", get(show_new).post(request))
        .route("/customers/requests/{invitation}/withdraw", post(withdraw))
}

async fn list(screen: Screen) -> Result<Response, PageError> {
    screen.allow(Permission::RelationshipsRequest).await?;
    page(&screen, &Faults::default()).await
}

async fn page(screen: &Screen, faults: &Faults) -> Result<Response, PageError> {
    let mut rows = Vec::new();
    for row in screen.model.relationship_requests().of_partner(screen.visitor.partner) {
        rows.push((row, draft(screen, row).await?));
    }
    let headers = [
        "Company",
        "To",
        "Privileges",
        "Requested",
        "Works until",
        "State",
        r#"<span class="hidden">More</span>"#,
    ];
    let shown = html! { @for (row, draft) in &rows { (request_row(screen, row, draft)) } };
    let body = html! {
        (layout::faults(faults))
        @if rows.is_empty() { (widgets::empty("No relationship was requested yet.")) }
        @else { (widgets::table("relationship-requests", "Requests", &headers, &shown)) }
    };
    let actions = html! {
        @if screen.can(Permission::RelationshipsRequest) {
            a.button.primary #request-relationship href="/customers/requests/new" { "Request a relationship" }
        }
    };
    Ok(Frame::new(screen, Section::Customers, "Requested relationships")
        .under("Customers", "/customers")
        .actions(actions)
        .readable()
        .faulty(faults)
        .show(&body))
}

pub(super) async fn draft(
    screen: &Screen,
    row: &RelationshipRequestRow,
) -> Result<Opened<RelationshipDraft>, PageError> {
    Ok(screen.app.vault().open(&row.draft).await?)
}

/// The company that is addressed or has answered; a company that answers is named once it is the
/// partner's customer.
fn company(screen: &Screen, row: &RelationshipRequestRow) -> Option<String> {
    let id = match row.state {
        RelationshipRequestState::Accepted { customer, .. } => Some(customer),
        RelationshipRequestState::Declined { .. }
        | RelationshipRequestState::Requested
        | RelationshipRequestState::Withdrawn { .. }
        | RelationshipRequestState::Expired { .. } => row.addressed_to,
    };
    let customer = id.and_then(|id| screen.model.customers().get(id))?;
    Some(format!("{} ({})", customer.company_name, customer.domain))
}

fn request_row(
    screen: &Screen,
    row: &RelationshipRequestRow,
    draft: &Opened<RelationshipDraft>,
) -> Markup {
    let status = row.status(screen.at);
    let tone = match status {
        "requested" => Tone::Warning,
        "accepted" => Tone::Good,
        _ => Tone::Plain,
    };
    let to = |draft: &RelationshipDraft| {
        draft.recipient.as_ref().map_or_else(|| "–".to_owned(), ToString::to_string)
    };
    html! {
        tr data-request=(row.invitation) {
            th scope="row" data-label="Company" { (company(screen, row).unwrap_or_else(|| "any".to_owned())) }
            td data-label="To" { (names::shown(draft, to)) }
            td data-label="Privileges" {
                @if row.delegated_admin { "delegated admin" } @else { (widgets::dash()) }
            }
            td data-label="Requested" { (widgets::time(row.requested_at)) }
            td data-label="Works until" { (widgets::time(row.expires_at)) }
            td data-label="State" { (badge(tone, status)) }
            td {
                div.row-actions {
                    @if row.is_open(screen.at) && screen.can(Permission::RelationshipsRequest) {
                        a.small href={ (PATH) "/" (row.invitation) } { "E-mail and link" }
                        (widgets::button(screen, &format!("withdraw-{}", row.invitation),
                            &format!("{PATH}/{}/withdraw", row.invitation), "Withdraw"))
                    }
                }
            }
        }
    }
}

fn own_name(screen: &Screen) -> String {
    let own = screen.model.partners().get(screen.visitor.partner);
    own.map_or_else(String::new, |partner| partner.name.to_string())
}

async fn show_new(screen: Screen) -> Result<Response, PageError> {
    screen.allow(Permission::RelationshipsRequest).await?;
    let name = own_name(&screen);
    let privileges = screen.query.text("privileges") == "yes";
    let subject = relationship_subject(&name);
    let text = relationship_text(&name, privileges, LINK_DAYS_DEFAULT);
    let fields = Fields::default()
        .with("domain", screen.query.text("domain"))
        .with("privileges", if privileges { "yes" } else { "" })
        .with("subject", subject.as_ref().map_or("", SubjectLine::as_str))
        .with("text", text.as_ref().map_or("", LetterText::as_str));
    Ok(new_page(&screen, &fields, &Faults::default()))
}

pub(super) fn letter_fields(fields: &Fields, faults: &Faults) -> Markup {
    html! {
        fieldset {
            legend { "E-mail" }
            (Input::email("recipient", "To").hint("May stay empty: the mail program asks for it.").draw(fields, faults))
            (Input::text("subject", "Subject").required().draw(fields, faults))
            (Input::text("text", "Text").required()
                .hint(format!("{LINK_PLACEHOLDER} must stay: the personalised link goes there."))
                .draw_lines(12, fields, faults))
        }
    }
}

fn new_page(screen: &Screen, fields: &Fields, faults: &Faults) -> Response {
    let inner = html! {
        (layout::faults(faults))
        fieldset {
            legend { "Company" }
            (Input::text("domain", "Domain of an existing customer")
                .hint("Empty for a new company: whoever gets the link answers, once.")
                .draw(fields, faults))
            @if screen.can(Permission::DelegatedAdminRequest) {
                (widgets::tick("privileges", "yes",
                    &html! { "Ask for delegated admin privileges: to administer the users on the company's behalf" },
                    fields.has("privileges", "yes")))
            }
        }
        (letter_fields(fields, faults))
        div.buttons {
            button.primary type="submit" { "Request the relationship" }
            a.button href=(PATH) { "Cancel" }
        }
    };
    Frame::new(screen, Section::Customers, "Request a relationship")
        .under("Customers", "/customers")
        .under("Requested relationships", PATH)
        .faulty(faults)
        .show(&widgets::form(screen, "relationship-form", "/customers/requests/new", &inner))
}

pub(super) fn read_letter(fields: &Fields, faults: &mut Faults) -> Option<RelationshipDraft> {
    let recipient = fields.optional::<EmailAddress>(faults, "recipient");
    let subject = fields.required::<SubjectLine>(faults, "subject");
    let text = fields.required::<LetterText>(faults, "text");
    Some(RelationshipDraft { recipient: recipient?, subject: subject?, text: text? })
}

/// The customer with the domain in the form; none where the field is empty.
#[expect(clippy::option_option, reason = "left empty and faulty are told apart")]
fn addressed(screen: &Screen, fields: &Fields, faults: &mut Faults) -> Option<Option<CustomerId>> {
    let Some(domain) = fields.optional::<DomainName>(faults, "domain")? else { return Some(None) };
    let row = screen.model.customers().by_domain(&domain);
    if row.is_none() {
        faults.add("domain", "is of no customer here; leave it empty for a new company");
    }
    row.map(|row| Some(row.id))
}

async fn request(form: Submitted) -> Result<Response, PageError> {
    let screen = &form.screen;
    screen.allow(Permission::RelationshipsRequest).await?;
    let mut faults = Faults::default();
    let draft = read_letter(&form.fields, &mut faults);
    let addressed_to = addressed(screen, &form.fields, &mut faults);
    let wanted = faults.unless_any(|| {
        Some(WantedRelationship {
            partner: screen.visitor.partner,
            addressed_to: addressed_to?,
            delegated_admin: form.fields.has("privileges", "yes"),
            draft: draft?,
            days: LINK_DAYS_DEFAULT,
        })
    });
    let wanted = match wanted {
        Ok(wanted) => wanted,
        Err(faults) => return Ok(new_page(screen, &form.fields, &faults)),
    };
    let requested = screen.app.request_relationship(&form.call(b""), wanted).await;
    match mendable(requested, form.catalogue())? {
        Ok((id, _)) => {
            let note = layout::done("The relationship is requested. Now send the e-mail.");
            Ok(form.done(&format!("{PATH}/{id}"), note))
        }
        Err(faults) => Ok(new_page(screen, &form.fields, &faults)),
    }
}

pub(super) fn row_of(
    screen: &Screen,
    id: InvitationId,
) -> Result<&RelationshipRequestRow, PageError> {
    let row = screen.model.relationship_requests().get(id);
    let row = row.filter(|row| row.partner == screen.visitor.partner);
    row.ok_or_else(|| PageError::not_found("there is no such request"))
}

async fn withdraw(
    Path(invitation): Path<String>,
    mut form: Submitted,
) -> Result<Response, PageError> {
    let invitation_id = id::<InvitationId>(&invitation)?;
    PATH.clone_into(&mut form.screen.path);
    form.screen.allow(Permission::RelationshipsRequest).await?;
    let partner_id = form.screen.visitor.partner;
    let stream = row_of(&form.screen, invitation_id)?.stream;
    let command = WithdrawRelationshipRequest { invitation_id, partner_id };
    match form.execute(&form.call(b""), &OnCustomer::new(stream, command)).await? {
        Ok(_) => {
            let note = "The request was withdrawn; its link does not work any more.";
            Ok(form.done(PATH, layout::done(note)))
        }
        Err(faults) => page(&form.screen, &faults).await,
    }
}
