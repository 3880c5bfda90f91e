//! Leads [our own style]: a provider refers a company to a reseller, the reseller answers and turns
//! the lead into a customer.

use axum::extract::State;
use commands::{
    AcceptLead, DeclineLead, LeadCommand, Permission, ReferLead, Rejection, WithdrawLead,
};
use events::{CompanyName, CountryCode, CustomerId, LeadContact, LeadId, PartnerId, Timestamp};
use projections::{LeadProgress, LeadRow};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    customer_details::NewCustomer,
    customer_shape::Customer,
    customers::{Announcement, new_customer},
    partners::{PartnerSummary, shown_partner},
    path_ids::PathIds,
    reading::{Reader, View, open, personal_state, readable},
    shapes::{Attributes, Page, SelfLinks},
    wire::Answer,
    writing::Writer,
};
use crate::{
    application::{OnLead, Outcome},
    http::{ApiError, AppState, JsonBody},
    ids,
};

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list, refer))
        .routes(routes!(one))
        .routes(routes!(accept))
        .routes(routes!(decline))
        .routes(routes!(withdraw))
        .routes(routes!(turn))
}

/// A company that a provider refers to a reseller.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Lead {
    #[schema(value_type = Uuid)]
    id: LeadId,
    /// `referred`, `accepted`, `declined`, `withdrawn` or `converted`.
    #[schema(value_type = String, example = "referred")]
    status: &'static str,
    #[schema(value_type = String, format = DateTime)]
    status_since: Timestamp,
    provider: PartnerSummary,
    reseller: PartnerSummary,
    #[schema(value_type = String)]
    company_name: CompanyName,
    #[schema(value_type = Option<String>)]
    country: Option<CountryCode>,
    /// Whom to reach at the company.
    contact: Option<LeadPerson>,
    /// What the provider knows about it.
    #[schema(example = "They want to move their mail.")]
    note: Option<String>,
    /// Why the contact is not shown: `erased`, or `unavailable`.
    #[schema(value_type = Option<String>, example = json!(null))]
    personal_data: Option<&'static str>,
    #[schema(value_type = String, format = DateTime)]
    referred_at: Timestamp,
    /// The customer it became.
    #[schema(value_type = Option<Uuid>)]
    customer_id: Option<CustomerId>,
    links: SelfLinks,
    attributes: Attributes,
}

/// Whom to reach at a company.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct LeadPerson {
    first_name: String,
    last_name: String,
    email: String,
    phone_number: Option<String>,
}

impl From<&LeadContact> for LeadPerson {
    fn from(contact: &LeadContact) -> Self {
        Self {
            first_name: contact.first_name.to_string(),
            last_name: contact.last_name.to_string(),
            email: contact.email.to_string(),
            phone_number: contact.phone_number.as_ref().map(ToString::to_string),
        }
    }
}

/// Lists the leads, on either side (*own*).
#[utoipa::path(
    get,
    path = "/v1/leads",
    tag = "Leads",
    responses((status = OK, description = "The leads.", body = Page<Lead>))
)]
async fn list(State(app): State<AppState>, reader: Reader) -> Result<Answer, ApiError> {
    let view = reader.view(&app, Permission::LeadsView).await?;
    let rows: Vec<&LeadRow> = view.model.leads().of(view.partner, None).collect();
    let page = reader.seek.part_of(&rows, |row| row.id)?;
    let mut items = Vec::with_capacity(page.rows.len());
    for row in page.rows {
        items.push(shown(&app, &view, row).await?);
    }
    let body = reader.seek.both_ways(&app, items, Some(rows.len()), page.ways);
    Ok(Answer::ok(view.position(), body))
}

/// Shows a lead (*own*).
#[utoipa::path(
    get,
    path = "/v1/leads/{lead}",
    tag = "Leads",
    responses((status = OK, description = "The lead.", body = Lead))
)]
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

async fn shown(app: &AppState, view: &View, row: &LeadRow) -> Result<Lead, ApiError> {
    let opened = open::<LeadContact>(app, &row.contact).await?;
    let contact = readable(&opened);
    let customer = match row.progress {
        LeadProgress::Converted { customer, .. } => Some(customer),
        LeadProgress::Referred
        | LeadProgress::Accepted { .. }
        | LeadProgress::Declined { .. }
        | LeadProgress::Withdrawn { .. } => None,
    };
    Ok(Lead {
        id: row.id,
        status: row.progress.name(),
        status_since: row.progress.at().unwrap_or(row.referred_at),
        provider: shown_partner(&view.model, row.provider),
        reseller: shown_partner(&view.model, row.reseller),
        company_name: row.company_name.clone(),
        country: row.country.clone(),
        contact: contact.map(LeadPerson::from),
        note: contact.and_then(|contact| contact.note.as_ref()).map(ToString::to_string),
        personal_data: personal_state(&opened),
        referred_at: row.referred_at,
        customer_id: customer,
        links: SelfLinks::to(format!("/leads/{}", row.id)),
        attributes: Attributes::of("Lead"),
    })
}

/// A company to be referred.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "the document's view of a body that is read member by member")]
struct NewLead {
    /// To which reseller.
    #[schema(value_type = Uuid)]
    reseller_id: PartnerId,
    company_name: String,
    country: Option<String>,
    contact: LeadPersonGiven,
    #[schema(example = "They want to move their mail.")]
    note: Option<String>,
}

/// Whom to reach at a company.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "the document's view of a body that is read member by member")]
struct LeadPersonGiven {
    first_name: String,
    last_name: String,
    email: String,
    phone_number: Option<String>,
}

/// Refers a company to a reseller (*own*).
#[utoipa::path(
    post,
    path = "/v1/leads",
    tag = "Leads",
    request_body = NewLead,
    responses((status = CREATED, description = "The lead.", body = Lead))
)]
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
) -> Result<Lead, ApiError> {
    let view = writer.view_after(app, outcome, Permission::LeadsManage).await?;
    shown(app, &view, row_of(&view, id)?).await
}

/// Accepts a lead, by the reseller (*own*).
#[utoipa::path(
    post,
    path = "/v1/leads/{lead}/accept",
    tag = "Leads",
    responses((status = OK, description = "The lead, accepted.", body = Lead))
)]
async fn accept(
    State(app): State<AppState>,
    writer: Writer<(LeadId,)>,
) -> Result<Answer, ApiError> {
    let reseller = writer.partner();
    change(&app, &writer, AcceptLead { reseller }).await
}

/// Declines a lead, by the reseller (*own*).
#[utoipa::path(
    post,
    path = "/v1/leads/{lead}/decline",
    tag = "Leads",
    responses((status = OK, description = "The lead, declined.", body = Lead))
)]
async fn decline(
    State(app): State<AppState>,
    writer: Writer<(LeadId,)>,
) -> Result<Answer, ApiError> {
    let reseller = writer.partner();
    change(&app, &writer, DeclineLead { reseller }).await
}

/// Withdraws a lead, by the provider (*own*).
#[utoipa::path(
    post,
    path = "/v1/leads/{lead}/withdraw",
    tag = "Leads",
    responses((status = OK, description = "The lead, withdrawn.", body = Lead))
)]
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

/// Creates the customer that the lead becomes, out of the body that creates a customer (*own*).
#[utoipa::path(
    post,
    path = "/v1/leads/{lead}/customer",
    tag = "Leads",
    request_body = NewCustomer,
    responses((status = CREATED, description = "The customer, with its credentials.", body = Customer<'_>))
)]
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
