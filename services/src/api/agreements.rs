//! The agreements a customer accepted, as partners confirm them.

use axum::{Router, extract::State, routing::get};
use commands::{ConfirmAgreement, Permission};
use events::{
    Actor, AgreementContact, AgreementEvent, AgreementId, AgreementKind, CustomerEvent, CustomerId,
    Event, Opened, Timestamp,
};
use projections::AgreementRow;
use serde_json::{Value, json};

use super::{
    dates::day_or_moment,
    reading::{Reader, open, personal_state, readable},
    wire::{Answer, attributes, collection},
    words::Words,
    writing::Writer,
};
use crate::{
    application::OnCustomer,
    http::{ApiError, AppState, JsonBody},
    ids,
};

pub(super) fn router() -> Router<AppState> {
    Router::new().route("/v1/customers/{customer}/agreements", get(list).post(confirm))
}

/// Which agreement, in the contract's words.
const KINDS: Words<AgreementKind> = Words {
    field: "type",
    all: &[
        ("MicrosoftCloudAgreement", AgreementKind::MicrosoftCloudAgreement),
        ("MicrosoftCustomerAgreement", AgreementKind::MicrosoftCustomerAgreement),
    ],
};

async fn list(
    State(app): State<AppState>,
    reader: Reader<(CustomerId,)>,
) -> Result<Answer, ApiError> {
    let (customer,) = reader.ids;
    let seen = reader.customer_view(&app, customer, Permission::AgreementsView).await?;
    let wanted = reader.query().text("agreementType").map(|text| KINDS.read(text)).transpose()?;
    let mut items = Vec::new();
    for row in seen.view.model.agreements().of(customer) {
        if seen.sees_sales_of(&app, row.partner) && wanted.is_none_or(|kind| kind == row.kind) {
            items.push(shown(row, &open(&app, &row.contact).await?));
        }
    }
    let uri = format!("/customers/{customer}/agreements");
    Ok(Answer::ok(seen.view.position(), collection(items, uri)))
}

fn shown(row: &AgreementRow, contact: &Opened<AgreementContact>) -> Value {
    let confirmed_by = match row.confirmed_by {
        Actor::PartnerUser { user, .. } => Some(user),
        _ => None,
    };
    json!({
        "id": row.id,
        "userId": confirmed_by,
        "primaryContact": readable(contact).map(shown_contact),
        "personalData": personal_state(contact),
        "dateAgreed": row.agreed_at,
        "confirmedDate": row.confirmed_at,
        "type": row.kind.name(),
        "attributes": attributes("Agreement"),
    })
}

fn shown_contact(contact: &AgreementContact) -> Value {
    json!({
        "firstName": contact.first_name,
        "lastName": contact.last_name,
        "email": contact.email,
        "phoneNumber": contact.phone_number,
    })
}

async fn confirm(
    State(app): State<AppState>,
    writer: Writer<(CustomerId,)>,
) -> Result<Answer, ApiError> {
    let (customer,) = writer.ids;
    let kind = KINDS.read_member(&writer.body)?.ok_or_else(|| writer.body.missing("type"))?;
    let agreement_id = ids::fresh(app.now(), AgreementId::from_uuid);
    let contact = read_contact(&writer.body.required_object("primaryContact")?)?;
    let agreed_at = read_date(&writer.body)?;
    let partner_id = writer.partner();
    let command =
        ConfirmAgreement { agreement_id, partner_id, kind, agreed_at, contact: contact.clone() };
    let outcome = writer.execute(&app, &OnCustomer::new(customer, command)).await?;
    let recorded = outcome.find(|event| match event {
        Event::Customer(CustomerEvent::Agreement(AgreementEvent::CustomerAgreementConfirmed(
            event,
        ))) => Some(event.agreement_id),
        _ => None,
    });
    // Told as it was sent: whoever confirms need not be among those who view agreements.
    let body = json!({
        "id": recorded.unwrap_or(agreement_id),
        "primaryContact": shown_contact(&contact),
        "dateAgreed": agreed_at,
        "type": kind.name(),
        "attributes": attributes("Agreement"),
    });
    Ok(Answer::created(outcome.position, body))
}

fn read_contact(body: &JsonBody) -> Result<AgreementContact, ApiError> {
    Ok(AgreementContact {
        first_name: body.required("firstName")?,
        last_name: body.required("lastName")?,
        email: body.required("email")?,
        phone_number: body.optional("phoneNumber")?,
    })
}

fn read_date(body: &JsonBody) -> Result<Timestamp, ApiError> {
    let text: Option<String> = body.plain("dateAgreed")?;
    let text = text.filter(|text| !text.trim().is_empty());
    let text = text.ok_or_else(|| body.missing("dateAgreed"))?;
    day_or_moment(&text)
        .ok_or_else(|| body.wrong("dateAgreed", "must be a date such as 2026-11-20"))
}
