//! Leads [our own style]: a provider refers a company to a reseller, the reseller answers and turns
//! the lead into a customer.

use axum::{
    Router,
    extract::State,
    routing::{get, post},
};
use commands::{
    AcceptLead, DeclineLead, LeadCommand, Permission, ReferLead, Rejection, WithdrawLead,
};
use events::{LeadContact, LeadId};
use projections::{LeadProgress, LeadRow};
use serde_json::{Value, json};

use super::{
    customers::{Announcement, new_customer},
    paging::part,
    partners::shown_partner,
    path_ids::PathIds,
    reading::{Reader, View, open, personal_state, readable},
    wire::{Answer, attributes, self_link},
    writing::Writer,
};
use crate::{
    application::{OnLead, Outcome},
    http::{ApiError, AppState, JsonBody},
    ids,
};

pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route("/v1/leads", get(list).post(refer))
        .route("/v1/leads/{lead}", get(one))
        .route("/v1/leads/{lead}/accept", post(accept))
        .route("/v1/leads/{lead}/decline", post(decline))
        .route("/v1/leads/{lead}/withdraw", post(withdraw))
        .route("/v1/leads/{lead}/customer", post(turn))
}

async fn list(State(app): State<AppState>, reader: Reader) -> Result<Answer, ApiError> {
    let view = reader.view(&app, Permission::LeadsView).await?;
    let after = reader.seek.after::<LeadId>()?;
    let leads = view.model.leads();
    let (rows, more) = part(leads.of(view.partner, after), reader.seek.limit()?);
    let next = rows.last().filter(|_| more).map(|row| row.id);
    let mut items = Vec::new();
    for row in rows {
        items.push(shown(&app, &view, row).await?);
    }
    let total = leads.of(view.partner, None).count();
    let body = reader.seek.page(&app, items, Some(total), next);
    Ok(Answer::ok(view.position(), body))
}

async fn one(State(app): State<AppState>, reader: Reader<(LeadId,)>) -> Result<Answer, ApiError> {
    let view = reader.view(&app, Permission::LeadsView).await?;
    let body = shown(&app, &view, row_of(&view, reader.ids.0)?).await?;
    Ok(Answer::ok(view.position(), body))
}

/// A lead of the caller's partner, on either side.
fn row_of(view: &View, id: LeadId) -> Result<&LeadRow, ApiError> {
    let row = view.model.leads().of_partner(view.partner, id);
    row.ok_or_else(|| (&Rejection::LeadNotFound).into())
}

async fn shown(app: &AppState, view: &View, row: &LeadRow) -> Result<Value, ApiError> {
    let opened = open::<LeadContact>(app, &row.contact).await?;
    let contact = readable(&opened);
    let customer = match row.progress {
        LeadProgress::Converted { customer, .. } => Some(customer),
        LeadProgress::Referred
        | LeadProgress::Accepted { .. }
        | LeadProgress::Declined { .. }
        | LeadProgress::Withdrawn { .. } => None,
    };
    Ok(json!({
        "id": row.id,
        "status": row.progress.name(),
        "statusSince": row.progress.at().unwrap_or(row.referred_at),
        "provider": shown_partner(&view.model, row.provider),
        "reseller": shown_partner(&view.model, row.reseller),
        "companyName": row.company_name,
        "country": row.country,
        "contact": contact.map(shown_contact),
        "note": contact.map(|contact| &contact.note),
        "personalData": personal_state(&opened),
        "referredAt": row.referred_at,
        "customerId": customer,
        "links": self_link(format!("/leads/{}", row.id)),
        "attributes": attributes("Lead"),
    }))
}

fn shown_contact(contact: &LeadContact) -> Value {
    json!({
        "firstName": contact.first_name,
        "lastName": contact.last_name,
        "email": contact.email,
        "phoneNumber": contact.phone_number,
    })
}

async fn refer(State(app): State<AppState>, writer: Writer) -> Result<Answer, ApiError> {
    let lead_id = ids::fresh(app.now(), LeadId::from_uuid);
    let command = ReferLead {
        lead_id,
        provider: writer.partner(),
        reseller: writer.body.required("resellerId")?,
        company_name: writer.body.required("companyName")?,
        country: writer.body.optional("country")?,
        contact: read_contact(&writer.body)?,
    };
    let outcome = writer.execute(&app, &OnLead::new(lead_id, command)).await;
    let outcome =
        outcome.map_err(|error| error.with_field_called("associatedPartnerId", "resellerId"))?;
    let recorded = outcome.find(|event| match event {
        events::Event::Lead(events::LeadEvent::LeadReferred(event)) => Some(event.lead_id),
        _ => None,
    });
    let body = answered(&app, &writer, recorded.unwrap_or(lead_id), &outcome).await?;
    Ok(Answer::created(outcome.position, body))
}

fn read_contact(body: &JsonBody) -> Result<LeadContact, ApiError> {
    let contact = body.required_object("contact")?;
    Ok(LeadContact {
        first_name: contact.required("firstName")?,
        last_name: contact.required("lastName")?,
        email: contact.required("email")?,
        phone_number: contact.optional("phoneNumber")?,
        note: body.optional("note")?,
    })
}

/// A lead as it is once a command on it is visible.
async fn answered<I: PathIds>(
    app: &AppState,
    writer: &Writer<I>,
    id: LeadId,
    outcome: &Outcome,
) -> Result<Value, ApiError> {
    let view = writer.view_after(app, outcome, Permission::LeadsManage).await?;
    shown(app, &view, row_of(&view, id)?).await
}

async fn accept(
    State(app): State<AppState>,
    writer: Writer<(LeadId,)>,
) -> Result<Answer, ApiError> {
    let reseller = writer.partner();
    change(&app, &writer, AcceptLead { reseller }).await
}

async fn decline(
    State(app): State<AppState>,
    writer: Writer<(LeadId,)>,
) -> Result<Answer, ApiError> {
    let reseller = writer.partner();
    change(&app, &writer, DeclineLead { reseller }).await
}

async fn withdraw(
    State(app): State<AppState>,
    writer: Writer<(LeadId,)>,
) -> Result<Answer, ApiError> {
    let provider = writer.partner();
    change(&app, &writer, WithdrawLead { provider }).await
}

async fn change(
    app: &AppState,
    writer: &Writer<(LeadId,)>,
    command: impl Into<LeadCommand>,
) -> Result<Answer, ApiError> {
    let (id,) = writer.ids;
    let outcome = writer.execute(app, &OnLead::new(id, command)).await?;
    let body = answered(app, writer, id, &outcome).await?;
    Ok(Answer::ok(outcome.position, body))
}

/// Creates the customer that the lead becomes, out of the body that creates a customer.
async fn turn(State(app): State<AppState>, writer: Writer<(LeadId,)>) -> Result<Answer, ApiError> {
    let (id,) = writer.ids;
    let reseller = writer.partner();
    let mut wanted = new_customer(&writer.body)?;
    wanted.reseller = Some(reseller);
    let announcement = Announcement::of(&wanted);
    let call = writer.call(&app)?;
    let created = app.turn_lead_into_customer(&call, reseller, id, wanted).await?;
    Ok(announcement.answer(&created))
}
