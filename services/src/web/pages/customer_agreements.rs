//! `/customers/{id}/agreements`: which agreements the customer accepted, and confirming one.

use axum::{Router, extract::Path, response::Response, routing::get};
use commands::{ConfirmAgreement, Permission};
use events::{
    AgreementContact, AgreementId, AgreementKind, CustomerId, EmailAddress, Opened, PersonName,
    PhoneNumber,
};
use maud::{Markup, html};
use projections::{AgreementRow, CustomerRow};

use super::id;
use crate::{
    api::day_or_moment,
    application::OnCustomer,
    http::AppState,
    ids,
    web::{
        customer_frame::{self, Tab},
        error::PageError,
        forms::{Faults, Fields},
        layout, names,
        screen::Screen,
        submitted::Submitted,
        widgets::{self, Input},
    },
};

pub(super) fn router() -> Router<AppState> {
    Router::new().route("/customers/{customer}/agreements", get(show).post(confirm))
}

async fn show(Path(customer): Path<String>, screen: Screen) -> Result<Response, PageError> {
    let customer = id::<CustomerId>(&customer)?;
    screen.allow_customer(customer, Permission::AgreementsView).await?;
    let customer = screen.customer(customer)?;
    page(&screen, customer, &Fields::default(), &Faults::default()).await
}

async fn page(
    screen: &Screen,
    customer: &CustomerRow,
    fields: &Fields,
    faults: &Faults,
) -> Result<Response, PageError> {
    let mut rows = Vec::new();
    for row in screen.model.agreements().of(customer.id) {
        if super::sees_subscriptions_of(screen, customer.id, row.partner) {
            rows.push((row, screen.app.vault().open(&row.contact).await?));
        }
    }
    let headers = ["Agreement", "Accepted", "Accepted by", "E-mail address", "Confirmed"];
    let shown = html! { @for (agreement, contact) in &rows { (row(agreement, contact)) } };
    let may_confirm = screen.can(Permission::CustomersCreate)
        && customer.relationship(screen.visitor.partner).is_some_and(|bond| bond.active);
    let body = html! {
        (layout::faults(faults))
        @if rows.is_empty() { (widgets::empty("No agreement is confirmed.")) }
        @else { (widgets::table("agreements", "Agreements", &headers, &shown)) }
        @if may_confirm { (form(screen, customer, fields, faults)) }
    };
    let frame = customer_frame::frame(screen, customer, Tab::Agreements).faulty(faults);
    Ok(frame.show(&body))
}

fn row(row: &AgreementRow, contact: &Opened<AgreementContact>) -> Markup {
    let full_name =
        |contact: &AgreementContact| format!("{} {}", contact.first_name, contact.last_name);
    html! {
        tr data-agreement=(row.id) {
            th scope="row" data-label="Agreement" { (row.kind.title()) }
            td data-label="Accepted" { (widgets::time(row.agreed_at)) }
            td data-label="Accepted by" { (names::shown(contact, full_name)) }
            td data-label="E-mail address" { (names::shown(contact, |it| it.email.to_string())) }
            td data-label="Confirmed" { (widgets::time(row.confirmed_at)) }
        }
    }
}

fn form(screen: &Screen, customer: &CustomerRow, fields: &Fields, faults: &Faults) -> Markup {
    let kinds: Vec<_> = AgreementKind::ALL
        .iter()
        .rev()
        .map(|kind| (kind.name().to_owned(), kind.title().to_owned()))
        .collect();
    let inner = html! {
        fieldset {
            legend { "Confirm an agreement" }
            (Input::text("type", "Agreement").required().draw_choice(&kinds, fields, faults))
            (Input::text("date_agreed", "Accepted on").required().short()
                .hint("Such as 2026-11-20.").draw(fields, faults))
            (Input::text("first_name", "First name").required().draw(fields, faults))
            (Input::text("last_name", "Last name").required().draw(fields, faults))
            (Input::email("email", "E-mail address").required().draw(fields, faults))
            (Input::text("phone_number", "Phone number").draw(fields, faults))
        }
        div.buttons { button.primary type="submit" { "Confirm" } }
    };
    let action = format!("{}/agreements", customer_frame::path(customer));
    widgets::form(screen, "confirm-agreement", &action, &inner)
}

async fn confirm(Path(customer): Path<String>, form: Submitted) -> Result<Response, PageError> {
    let customer = id::<CustomerId>(&customer)?;
    form.screen.allow_customer(customer, Permission::CustomersCreate).await?;
    let faults = match read(&form) {
        Ok(command) => {
            let use_case = OnCustomer::new(customer, command);
            match form.execute(&form.call(b""), &use_case).await? {
                Ok(_) => {
                    let path = format!("/customers/{customer}/agreements");
                    return Ok(form.done(&path, layout::done("The agreement is confirmed.")));
                }
                Err(faults) => faults,
            }
        }
        Err(faults) => faults,
    };
    let customer = form.screen.customer(customer)?;
    page(&form.screen, customer, &form.fields, &faults).await
}

fn read(form: &Submitted) -> Result<ConfirmAgreement, Faults> {
    let (fields, mut faults) = (&form.fields, Faults::default());
    let kind = AgreementKind::ALL.into_iter().find(|kind| kind.name() == fields.text("type"));
    if kind.is_none() {
        faults.add("type", "must be one of the list");
    }
    let agreed_at = day_or_moment(fields.text("date_agreed"));
    if agreed_at.is_none() {
        faults.add("date_agreed", "must be a date such as 2026-11-20");
    }
    let first_name = fields.required::<PersonName>(&mut faults, "first_name");
    let last_name = fields.required::<PersonName>(&mut faults, "last_name");
    let email = fields.required::<EmailAddress>(&mut faults, "email");
    let phone_number = fields.optional::<PhoneNumber>(&mut faults, "phone_number");
    faults.unless_any(|| {
        let contact = AgreementContact {
            first_name: first_name?,
            last_name: last_name?,
            email: email?,
            phone_number: phone_number?,
        };
        Some(ConfirmAgreement {
            agreement_id: ids::fresh(form.screen.app.now(), AgreementId::from_uuid),
            partner_id: form.screen.visitor.partner,
            kind: kind?,
            agreed_at: agreed_at?,
            contact,
        })
    })
}
