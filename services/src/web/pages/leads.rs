//! `/leads`: what was referred to whom, referring, answering.

use axum::{
    Router,
    extract::Path,
    response::Response,
    routing::{get, post},
};
use commands::{AcceptLead, DeclineLead, Permission, ReferLead, WithdrawLead};
use events::{
    CompanyName, CountryCode, EmailAddress, LeadContact, LeadId, LeadNote, Opened, PartnerId,
    PersonName, PhoneNumber,
};
use maud::{Markup, html};
use projections::{LeadProgress, LeadRow};

use super::{PAGE_ROWS, id};
use crate::{
    application::OnLead,
    http::AppState,
    ids,
    web::{
        error::PageError,
        forms::{Faults, Fields},
        layout::{self, Frame, Section},
        names,
        screen::Screen,
        submitted::Submitted,
        widgets::{self, Input, Tone, badge},
    },
};

pub(super) const PATH: &str = "/leads";

pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route(PATH, get(list).post(refer))
        .route("/leads/new", get(show_form))
        .route("/leads/{lead}", get(show))
        .route("/leads/{lead}/accept", post(accept))
        .route("/leads/{lead}/decline", post(decline))
        .route("/leads/{lead}/withdraw", post(withdraw))
}

async fn list(screen: Screen) -> Result<Response, PageError> {
    screen.allow(Permission::LeadsView).await?;
    let own = screen.visitor.partner;
    // Ids grow with time: the newest come first.
    let shown: Vec<_> = screen.model.leads().of(own, None).rev().take(PAGE_ROWS).collect();
    let total = screen.model.leads().of(own, None).count();
    let mut opened = Vec::new();
    for row in shown {
        opened.push((row, contact(&screen, row).await?));
    }
    let headers = ["Company", "Country", "Contact", "From", "To", "Referred", "State"];
    let rows = html! { @for (lead, contact) in &opened { (row(&screen, lead, contact)) } };
    let body = html! {
        @if opened.is_empty() { (widgets::empty("Nothing was referred yet.")) }
        @else {
            (widgets::table("leads", "Leads", &headers, &rows))
            (widgets::pager(opened.len(), Some(total), None, None))
        }
    };
    let actions = html! {
        @if screen.can(Permission::LeadsManage) && super::customer_new::resellers(&screen).len() > 1 {
            a.button.primary #refer-lead href="/leads/new" { "Refer a customer" }
        }
    };
    Ok(Frame::new(&screen, Section::Leads, "Leads").actions(actions).readable().show(&body))
}

fn row(screen: &Screen, lead: &LeadRow, contact: &Opened<LeadContact>) -> Markup {
    html! {
        tr data-lead=(lead.id) {
            th scope="row" data-label="Company" {
                a href=(screen.link(&format!("{PATH}/{}", lead.id))) { (lead.company_name) }
            }
            td data-label="Country" {
                @match &lead.country { Some(country) => (country), None => (widgets::dash()) }
            }
            td data-label="Contact" { (names::shown(contact, full_name)) }
            td data-label="From" { (company(screen, lead.provider)) }
            td data-label="To" { (company(screen, lead.reseller)) }
            td data-label="Referred" { (widgets::time(lead.referred_at)) }
            td data-label="State" { (state(lead.progress)) }
        }
    }
}

fn company(screen: &Screen, partner: PartnerId) -> String {
    let row = screen.model.partners().get(partner);
    row.map_or_else(|| partner.to_string(), |row| row.name.to_string())
}

fn full_name(contact: &LeadContact) -> String {
    format!("{} {}", contact.first_name, contact.last_name)
}

fn state(progress: LeadProgress) -> Markup {
    let tone = match progress {
        LeadProgress::Referred => Tone::Warning,
        LeadProgress::Accepted { .. } | LeadProgress::Converted { .. } => Tone::Good,
        LeadProgress::Declined { .. } | LeadProgress::Withdrawn { .. } => Tone::Plain,
    };
    let text = match progress {
        LeadProgress::Referred => "waits for an answer",
        LeadProgress::Converted { .. } => "became a customer",
        LeadProgress::Accepted { .. }
        | LeadProgress::Declined { .. }
        | LeadProgress::Withdrawn { .. } => progress.name(),
    };
    badge(tone, text)
}

async fn contact(screen: &Screen, lead: &LeadRow) -> Result<Opened<LeadContact>, PageError> {
    Ok(screen.app.vault().open(&lead.contact).await?)
}

/// A lead of the visitor's partner at the moment shown, and its contact.
pub(super) async fn lead_of(
    screen: &Screen,
    lead: LeadId,
) -> Result<(&LeadRow, Opened<LeadContact>), PageError> {
    let row = screen.model.leads().of_partner(screen.visitor.partner, lead);
    let row = row.ok_or_else(|| PageError::not_found("there is no such lead"))?;
    Ok((row, contact(screen, row).await?))
}

async fn show(Path(lead): Path<String>, screen: Screen) -> Result<Response, PageError> {
    let lead = id::<LeadId>(&lead)?;
    screen.allow(Permission::LeadsView).await?;
    page(&screen, lead, &Faults::default()).await
}

async fn page(screen: &Screen, lead: LeadId, faults: &Faults) -> Result<Response, PageError> {
    let (row, contact) = lead_of(screen, lead).await?;
    let body = html! {
        (layout::faults(faults))
        section.card {
            dl.pairs #lead {
                div { dt { "State" } dd { (state(row.progress))
                    @if let Some(at) = row.progress.at() { " " (widgets::time(at)) } } }
                div { dt { "From" } dd { (company(screen, row.provider)) } }
                div { dt { "To" } dd { (company(screen, row.reseller)) } }
                div { dt { "Referred" } dd { (widgets::time(row.referred_at)) } }
                @if let Some(country) = &row.country { div { dt { "Country" } dd { (country) } } }
                (contact_pairs(&contact))
                @if let LeadProgress::Converted { customer, .. } = row.progress {
                    div { dt { "Customer" } dd {
                        a href=(screen.link(&format!("/customers/{customer}"))) { (row.company_name) }
                    } }
                }
            }
            (answers(screen, row))
        }
    };
    Ok(Frame::new(screen, Section::Leads, row.company_name.as_str())
        .under("Leads", PATH)
        .readable()
        .faulty(faults)
        .show(&body))
}

fn contact_pairs(contact: &Opened<LeadContact>) -> Markup {
    let Opened::Readable(contact) = contact else {
        return html! { div { dt { "Contact" } dd { (names::shown(contact, full_name)) } } };
    };
    html! {
        div { dt { "Contact" } dd { (full_name(contact)) } }
        div { dt { "E-mail address" } dd { (contact.email) } }
        @if let Some(number) = &contact.phone_number { div { dt { "Phone number" } dd { (number) } } }
        @if let Some(note) = &contact.note { div { dt { "Note" } dd { pre.letter { (note) } } } }
    }
}

/// What the visitor can do about the lead now.
fn answers(screen: &Screen, lead: &LeadRow) -> Markup {
    let own = screen.visitor.partner;
    let may = screen.can(Permission::LeadsManage);
    let path = format!("{PATH}/{}", lead.id);
    let button = |id: &str, label| widgets::button(screen, id, &format!("{path}/{id}"), label);
    let is_referred = lead.progress == LeadProgress::Referred;
    let is_accepted = matches!(lead.progress, LeadProgress::Accepted { .. });
    html! {
        div.buttons {
            @if may && lead.reseller == own && is_referred { (button("accept", "Accept")) }
            @if may && lead.reseller == own && (is_referred || is_accepted) {
                (button("decline", "Decline"))
            }
            @if may && lead.provider == own && is_referred { (button("withdraw", "Withdraw")) }
            @if lead.reseller == own && is_accepted && screen.can(Permission::CustomersCreate) {
                a.button.primary #turn href={ (path) "/customer" } { "Turn into a customer" }
            }
        }
    }
}

async fn show_form(screen: Screen) -> Result<Response, PageError> {
    screen.allow(Permission::LeadsManage).await?;
    let fields = Fields::default().with("reseller", screen.query.text("reseller"));
    Ok(form_page(&screen, &fields, &Faults::default()))
}

fn form_page(screen: &Screen, fields: &Fields, faults: &Faults) -> Response {
    let mut resellers = super::customer_new::resellers(screen);
    if let Some(none) = resellers.first_mut() {
        "Choose".clone_into(&mut none.1);
    }
    let inner = html! {
        (layout::faults(faults))
        fieldset {
            legend { "Company" }
            (Input::text("company_name", "Company name").required().draw(fields, faults))
            (Input::text("country", "Country").short().hint("Two letters, such as US.").draw(fields, faults))
            (Input::text("reseller", "Indirect reseller").required()
                .hint("It learns of the company and its contact.")
                .draw_choice(&resellers, fields, faults))
        }
        fieldset {
            legend { "Contact" }
            (Input::text("first_name", "First name").required().draw(fields, faults))
            (Input::text("last_name", "Last name").required().draw(fields, faults))
            (Input::email("email", "E-mail address").required().draw(fields, faults))
            (Input::text("phone_number", "Phone number").draw(fields, faults))
            (Input::text("note", "Note").draw_lines(5, fields, faults))
        }
        div.buttons {
            button.primary type="submit" { "Refer" }
            a.button href=(PATH) { "Cancel" }
        }
    };
    Frame::new(screen, Section::Leads, "Refer a customer")
        .under("Leads", PATH)
        .faulty(faults)
        .show(&widgets::form(screen, "new-lead", PATH, &inner))
}

async fn refer(form: Submitted) -> Result<Response, PageError> {
    let screen = &form.screen;
    screen.allow(Permission::LeadsManage).await?;
    let command = match read(screen, &form.fields) {
        Ok(command) => command,
        Err(faults) => return Ok(form_page(screen, &form.fields, &faults)),
    };
    let use_case = OnLead::new(command.lead_id, command);
    match form.execute(&form.call(b""), &use_case).await? {
        Ok(_) => Ok(form.done(PATH, layout::done("The customer is referred."))),
        Err(faults) => Ok(form_page(screen, &form.fields, &faults)),
    }
}

fn read(screen: &Screen, fields: &Fields) -> Result<ReferLead, Faults> {
    let mut faults = Faults::default();
    let company_name = fields.required::<CompanyName>(&mut faults, "company_name");
    let country = fields.optional::<CountryCode>(&mut faults, "country");
    let reseller = fields.required::<PartnerId>(&mut faults, "reseller");
    let first_name = fields.required::<PersonName>(&mut faults, "first_name");
    let last_name = fields.required::<PersonName>(&mut faults, "last_name");
    let email = fields.required::<EmailAddress>(&mut faults, "email");
    let phone_number = fields.optional::<PhoneNumber>(&mut faults, "phone_number");
    let note = fields.optional::<LeadNote>(&mut faults, "note");
    faults.unless_any(|| {
        let contact = LeadContact {
            first_name: first_name?,
            last_name: last_name?,
            email: email?,
            phone_number: phone_number?,
            note: note?,
        };
        Some(ReferLead {
            lead_id: ids::fresh(screen.app.now(), LeadId::from_uuid),
            provider: screen.visitor.partner,
            reseller: reseller?,
            company_name: company_name?,
            country: country?,
            contact,
        })
    })
}

async fn accept(Path(lead): Path<String>, form: Submitted) -> Result<Response, PageError> {
    let (lead, reseller) = (id::<LeadId>(&lead)?, form.screen.visitor.partner);
    let use_case = OnLead::new(lead, AcceptLead { reseller });
    carry_out(form, lead, &use_case, "The lead is accepted.").await
}

async fn decline(Path(lead): Path<String>, form: Submitted) -> Result<Response, PageError> {
    let (lead, reseller) = (id::<LeadId>(&lead)?, form.screen.visitor.partner);
    let use_case = OnLead::new(lead, DeclineLead { reseller });
    carry_out(form, lead, &use_case, "The lead is declined.").await
}

async fn withdraw(Path(lead): Path<String>, form: Submitted) -> Result<Response, PageError> {
    let (lead, provider) = (id::<LeadId>(&lead)?, form.screen.visitor.partner);
    let use_case = OnLead::new(lead, WithdrawLead { provider });
    carry_out(form, lead, &use_case, "The referral is withdrawn.").await
}

async fn carry_out(
    mut form: Submitted,
    lead: LeadId,
    use_case: &OnLead,
    done: &str,
) -> Result<Response, PageError> {
    let path = format!("{PATH}/{lead}");
    match form.execute(&form.call(b""), use_case).await? {
        Ok(_) => Ok(form.done(&path, layout::done(done))),
        Err(faults) => {
            form.screen.path = path;
            page(&form.screen, lead, &faults).await
        }
    }
}
