//! The agreements a customer accepted, as partners confirm them.

use axum::extract::State;
use commands::{ConfirmAgreement, Permission};
use events::{
    Actor, AgreementContact, AgreementEvent, AgreementId, AgreementKind, CustomerEvent, CustomerId,
    Event, Opened, Timestamp,
};
use projections::AgreementRow;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    agreement_templates::{Template, TemplateId},
    dates::{day_or_moment, is_unset},
    path_ids::PathId,
    reading::{Reader, open, personal_state, readable},
    shapes::{Attributes, Collection},
    wire::Answer,
    words::Words,
    writing::Writer,
};
use crate::{
    application::OnCustomer,
    http::{ApiError, AppState, JsonBody},
    ids,
};

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list, confirm)).routes(routes!(signed_directly))
}

/// Which agreement, in the contract's words.
pub(super) const KINDS: Words<AgreementKind> = Words {
    field: "type",
    all: &[
        ("MicrosoftCloudAgreement", AgreementKind::MicrosoftCloudAgreement),
        ("MicrosoftCustomerAgreement", AgreementKind::MicrosoftCustomerAgreement),
    ],
};
/// The parameter that names one.
pub(super) const KIND_PARAMETER: &str = "agreementType";
/// The parameter's word for all of them.
pub(super) const EVERY_KIND: &str = "*";

/// Who accepted for the customer.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct AgreementPerson {
    first_name: String,
    last_name: String,
    email: String,
    phone_number: Option<String>,
}

impl From<&AgreementContact> for AgreementPerson {
    fn from(contact: &AgreementContact) -> Self {
        Self {
            first_name: contact.first_name.to_string(),
            last_name: contact.last_name.to_string(),
            email: contact.email.to_string(),
            phone_number: contact.phone_number.as_ref().map(ToString::to_string),
        }
    }
}

/// That a customer accepted an agreement, confirmed by a partner.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Agreement {
    /// The confirmation (*own*).
    #[schema(value_type = Uuid)]
    id: AgreementId,
    /// Who of the partner confirmed it.
    #[schema(value_type = Option<Uuid>)]
    user_id: Option<events::PartnerUserId>,
    /// Who accepted for the customer.
    primary_contact: Option<AgreementPerson>,
    /// Why that person is not shown: `erased`, or `unavailable` (*own*).
    #[schema(value_type = Option<String>, example = "erased")]
    personal_data: Option<&'static str>,
    #[schema(value_type = Uuid)]
    template_id: &'static str,
    /// When the customer accepted.
    #[schema(value_type = String, format = DateTime)]
    date_agreed: Timestamp,
    /// When the partner confirmed it (*own*).
    #[schema(value_type = Option<String>, format = DateTime)]
    confirmed_date: Option<Timestamp>,
    #[serde(rename = "type")]
    #[schema(value_type = String, example = "MicrosoftCustomerAgreement")]
    kind: &'static str,
    /// Where the text is to be read.
    #[serde(rename = "agreementLink")]
    #[schema(value_type = String, example = "https://aka.ms/customeragreement")]
    link: &'static str,
    attributes: Attributes,
}

impl Agreement {
    fn of(row: &AgreementRow, contact: &Opened<AgreementContact>) -> Self {
        let Template { id, link, .. } = Template::of(row.kind);
        Self {
            id: row.id,
            user_id: match row.confirmed_by {
                Actor::PartnerUser { user, .. } => Some(user),
                _ => None,
            },
            primary_contact: readable(contact).map(Into::into),
            personal_data: personal_state(contact),
            template_id: id,
            date_agreed: row.agreed_at,
            confirmed_date: Some(row.confirmed_at),
            kind: row.kind.name(),
            link,
            attributes: Attributes::of("Agreement"),
        }
    }
}

/// Lists the agreements that the customer accepted, as partners confirmed them.
#[utoipa::path(
    get,
    path = "/v1/customers/{customer}/agreements",
    tag = "Agreements",
    params((
        "agreementType" = Option<String>, Query,
        description = "One kind of agreement.", example = json!("MicrosoftCustomerAgreement"),
    )),
    responses((status = OK, description = "The agreements.", body = Collection<Agreement>))
)]
async fn list(
    State(app): State<AppState>,
    reader: Reader<(CustomerId,)>,
) -> Result<Answer, ApiError> {
    let (customer,) = reader.ids;
    let seen = reader.customer_view(&app, customer, Permission::AgreementsView).await?;
    let asked = reader.query().text(KIND_PARAMETER).filter(|text| *text != EVERY_KIND);
    let wanted = asked.map(|text| KINDS.read(text)).transpose()?;
    let mut items = Vec::new();
    for row in seen.view.model.agreements().of(customer) {
        if seen.sees_sales_of(&app, row.partner) && wanted.is_none_or(|kind| kind == row.kind) {
            items.push(Agreement::of(row, &open(&app, &row.contact).await?));
        }
    }
    let uri = format!("/customers/{customer}/agreements");
    Ok(Answer::ok(seen.view.position(), Collection::of(items, uri)))
}

/// That a customer accepted an agreement.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "the document's view of a body that is read member by member")]
struct AgreementGiven {
    /// Which one; or its template.
    #[schema(rename = "type", value_type = String, example = "MicrosoftCustomerAgreement")]
    kind: String,
    /// The template of that kind.
    #[schema(value_type = Option<Uuid>, example = "117a77b0-9360-443b-8795-c6dedc750cf9")]
    template_id: Option<String>,
    /// When: a date, or a moment that is over.
    #[schema(example = "2026-10-01")]
    date_agreed: String,
    primary_contact: AgreementPersonGiven,
}

/// Who accepted for the customer.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "the document's view of a body that is read member by member")]
struct AgreementPersonGiven {
    first_name: String,
    last_name: String,
    email: String,
    phone_number: Option<String>,
}

/// Confirms that the customer accepted an agreement.
#[utoipa::path(
    post,
    path = "/v1/customers/{customer}/agreements",
    tag = "Agreements",
    request_body = AgreementGiven,
    responses((status = CREATED, description = "It is confirmed.", body = Agreement))
)]
async fn confirm(
    State(app): State<AppState>,
    writer: Writer<(CustomerId,)>,
) -> Result<Answer, ApiError> {
    let (customer,) = writer.ids;
    let kind = read_kind(&writer.body)?;
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
    let Template { id: template_id, link, .. } = Template::of(kind);
    // Told as it was sent: whoever confirms need not be among those who view agreements.
    let body = Agreement {
        id: recorded.unwrap_or(agreement_id),
        user_id: writer.caller.user(),
        primary_contact: Some((&contact).into()),
        personal_data: None,
        template_id,
        date_agreed: agreed_at,
        confirmed_date: None,
        kind: kind.name(),
        link,
        attributes: Attributes::of("Agreement"),
    };
    Ok(Answer::created(outcome.position, body))
}

/// The agreement that a body names by its kind, by its template, or by both.
fn read_kind(body: &JsonBody) -> Result<AgreementKind, ApiError> {
    let named: Option<String> = body.plain("templateId")?;
    let named = named.filter(|text| !text.trim().is_empty());
    let template = named.map(|text| TemplateId::read(&text)).transpose();
    let template = template.map_err(|_| body.wrong("templateId", "is no agreement template"))?;
    match (KINDS.read_member(body)?, template) {
        (Some(kind), Some(TemplateId(of))) if kind != of => {
            Err(body.wrong("templateId", format!("is not of {}", kind.name())))
        }
        (Some(kind), _) | (None, Some(TemplateId(kind))) => Ok(kind),
        (None, None) => Err(body.missing(KINDS.field)),
    }
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
    let text = text.filter(|text| !text.trim().is_empty() && !is_unset(text));
    let text = text.ok_or_else(|| body.missing("dateAgreed"))?;
    day_or_moment(&text)
        .ok_or_else(|| body.wrong("dateAgreed", "must be a date such as 2026-11-20"))
}

/// Whether a customer accepted an agreement itself.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct DirectSignedCustomerAgreementStatus {
    is_signed: bool,
    attributes: Attributes,
}

/// Tells whether somebody of the customer, and not a partner for it, accepted the customer agreement.
#[utoipa::path(
    get,
    path = "/v1/customers/{customer}/directsignedmicrosoftcustomeragreementstatus",
    tag = "Agreements",
    responses((
        status = OK, description = "Whether it did.", body = DirectSignedCustomerAgreementStatus,
    ))
)]
async fn signed_directly(
    State(app): State<AppState>,
    reader: Reader<(CustomerId,)>,
) -> Result<Answer, ApiError> {
    let (customer,) = reader.ids;
    let seen = reader.customer_view(&app, customer, Permission::AgreementsView).await?;
    let is_direct = |row: &AgreementRow| {
        row.kind == AgreementKind::MicrosoftCustomerAgreement
            && matches!(row.confirmed_by, Actor::CustomerUser { .. })
    };
    let body = DirectSignedCustomerAgreementStatus {
        is_signed: seen.view.model.agreements().of(customer).any(is_direct),
        attributes: Attributes::of("DirectSignedCustomerAgreementStatus"),
    };
    Ok(Answer::ok(seen.view.position(), body))
}
