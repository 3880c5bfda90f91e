//! What kind of organisation a customer is: schools and parts of governments have offers of their own
//! elsewhere.
//!
//! Nobody vets here what is declared: it holds at once, on the word of who serves the customer.

use axum::{extract::State, http::Uri};
use commands::{Permission, QualifyCustomer};
use events::{
    CustomerAccountEvent, CustomerEvent, CustomerId, CustomerQualified, Event, Qualification,
    Timestamp,
};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    path_ids::Ids, query::Query, reading::Reader, wire::Answer, words::Words, writing::Writer,
};
use crate::{
    application::{Call, OnCustomer},
    http::{ApiError, AppState, Caller, JsonBody, RawBody},
};

/// The state of every declaration.
const APPROVED: &str = "Approved";

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(one, replace))
        .routes(routes!(list, declare))
        .routes(routes!(all_codes))
        .routes(routes!(codes))
}

/// The kinds in the contract's words; those without meaning here cannot be declared.
const KINDS: Words<Option<Qualification>> = Words {
    field: "qualification",
    all: &[
        ("none", None),
        ("education", Some(Qualification::Education)),
        ("nonprofit", None),
        ("government_community_cloud", Some(Qualification::GovernmentCommunityCloud)),
        ("state_owned_entity", None),
    ],
};

/// A kind of organisation that a customer was declared to be.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct CustomerQualification {
    #[schema(value_type = String, example = "Education")]
    qualification: &'static str,
    /// Always approved: nobody vets here what is declared.
    #[schema(example = "Approved")]
    vetting_status: &'static str,
    #[schema(value_type = String, format = DateTime)]
    vetting_created_date: Timestamp,
}

/// A kind of organisation that was just declared.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct DeclaredQualification {
    #[schema(value_type = String, example = "Education")]
    qualification: &'static str,
    #[schema(example = "Approved")]
    vetting_status: &'static str,
    /// When it was declared last; absent until that can be told.
    #[schema(value_type = Option<String>, format = DateTime)]
    vetting_create_date: Option<Timestamp>,
}

/// What kind of organisation the customer is.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "the document's view of a body that is read member by member")]
struct QualificationToDeclare {
    /// `Education` or `GovernmentCommunityCloud`.
    #[schema(example = "Education")]
    qualification: String,
}

/// A code for the government community cloud.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ValidationCode {
    #[schema(value_type = Uuid)]
    partner_id: String,
    #[schema(example = "Relecloud")]
    organization_name: String,
    #[schema(example = "1042")]
    validation_id: String,
    max_creates: u32,
    remaining_creates: u32,
    e_tag: String,
}

/// Tells what kind of organisation a customer is: a JSON text.
#[utoipa::path(
    get,
    path = "/v1/customers/{customer}/qualification",
    tag = "Customers",
    responses((
        status = OK, description = "`none` while nobody declared it.", body = String, content_type = "application/json",
        example = "education"
    ))
)]
async fn one(
    State(app): State<AppState>,
    reader: Reader<(CustomerId,)>,
) -> Result<Answer, ApiError> {
    let view = reader.customer_view(&app, reader.ids.0, Permission::CustomersView).await?;
    let word = view.row()?.qualification().map_or_else(|| "none".to_owned(), word);
    Ok(Answer::ok(view.view.position(), word))
}

/// The kind in the spelling of the bare answer.
fn word(qualification: Qualification) -> String {
    qualification.name().to_ascii_lowercase()
}

/// Declares what kind of organisation a customer is.
///
/// The body is a JSON text or the number of the word; `code` is taken and not kept, because nobody
/// here issues one.
#[utoipa::path(
    put,
    path = "/v1/customers/{customer}/qualification",
    tag = "Customers",
    params(("code" = Option<String>, Query, description = "A validation code.", example = "1042")),
    request_body(content = String, content_type = "application/json", example = "education"),
    responses((
        status = OK, description = "The kind from now on.", body = String, content_type = "application/json",
        example = "education"
    ))
)]
async fn replace(
    State(app): State<AppState>,
    caller: Caller,
    Ids((customer,)): Ids<(CustomerId,)>,
    uri: Uri,
    RawBody(bytes): RawBody,
) -> Result<Answer, ApiError> {
    let query = Query::of(&uri)?;
    let qualification = declarable(bare(&bytes)?)?;
    let asked = [uri.query().unwrap_or_default().as_bytes(), b"\n", &bytes].concat();
    let call = Call {
        reason: query.optional("reason")?,
        ticket: query.optional("ticket")?,
        approved_by: query.optional("approvedBy")?,
        ..caller.call(&app, &asked)
    };
    let command = QualifyCustomer { qualification };
    let outcome = app.execute(&call, &OnCustomer::new(customer, command)).await?;
    Ok(Answer::ok(outcome.position, word(qualification)))
}

/// The word in a body that is nothing else; some clients send an object all the same.
fn bare(bytes: &axum::body::Bytes) -> Result<Option<Qualification>, ApiError> {
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if text.iter().all(u8::is_ascii_whitespace) {
        return Err(ApiError::missing(KINDS.field));
    }
    match serde_json::from_slice::<Value>(text) {
        Ok(Value::String(word)) => KINDS.read(&word),
        Ok(Value::Number(number)) => KINDS.read(&number.to_string()),
        Ok(Value::Object(_)) => read(&JsonBody::parse(bytes.clone())?),
        Ok(_) => Err(ApiError::invalid(KINDS.field, "must be a word or its number")),
        Err(error) => Err(ApiError::malformed(format!("the body is not acceptable JSON: {error}"))),
    }
}

fn read(body: &JsonBody) -> Result<Option<Qualification>, ApiError> {
    KINDS.read_member(body)?.ok_or_else(|| body.missing(KINDS.field))
}

fn declarable(asked: Option<Qualification>) -> Result<Qualification, ApiError> {
    let reason = "must be Education or GovernmentCommunityCloud: nothing else can be declared";
    asked.ok_or_else(|| ApiError::invalid(KINDS.field, reason))
}

/// Lists every kind of organisation that a customer was declared to be, the latest last.
#[utoipa::path(
    get,
    path = "/v1/customers/{customer}/qualifications",
    tag = "Customers",
    responses((status = OK, description = "A bare array.", body = Vec<CustomerQualification>))
)]
async fn list(
    State(app): State<AppState>,
    reader: Reader<(CustomerId,)>,
) -> Result<Answer, ApiError> {
    let view = reader.customer_view(&app, reader.ids.0, Permission::CustomersView).await?;
    let items = view.row()?.qualifications.iter().map(|known| CustomerQualification {
        qualification: known.qualification.name(),
        vetting_status: APPROVED,
        vetting_created_date: known.since,
    });
    let items: Vec<_> = items.collect();
    Ok(Answer::ok(view.view.position(), items))
}

/// Declares what kind of organisation a customer is.
///
/// `code` is taken and not kept, because nobody here issues one.
#[utoipa::path(
    post,
    path = "/v1/customers/{customer}/qualifications",
    tag = "Customers",
    params(("code" = Option<String>, Query, description = "A validation code.", example = "1042")),
    request_body = QualificationToDeclare,
    responses((status = CREATED, description = "The declaration.", body = DeclaredQualification))
)]
async fn declare(
    State(app): State<AppState>,
    writer: Writer<(CustomerId,)>,
) -> Result<Answer, ApiError> {
    let (customer,) = writer.ids;
    let command = QualifyCustomer { qualification: declarable(read(&writer.body)?)? };
    let outcome = writer.execute(&app, &OnCustomer::new(customer, command)).await?;
    let declared = outcome.find(|event| match event {
        Event::Customer(CustomerEvent::Account(CustomerAccountEvent::CustomerQualified(event))) => {
            Some(event.clone())
        }
        _ => None,
    });
    let CustomerQualified { qualification } = declared.ok_or_else(ApiError::internal)?;
    let permission = Permission::CustomersEdit;
    let view = writer.customer_view_after(&app, customer, &outcome, permission).await?;
    let row = view.model.customers().get(customer);
    let known = row.into_iter().flat_map(|row| row.qualifications.iter());
    let known = known.into_iter().find(|known| known.qualification == qualification);
    let body = DeclaredQualification {
        qualification: qualification.name(),
        vetting_status: APPROVED,
        vetting_create_date: known.map(|known| known.since),
    };
    Ok(Answer::created(outcome.position, body))
}

/// Lists the caller's codes for the government community cloud: none, nobody issues them here.
#[utoipa::path(
    get,
    path = "/v1/customers/all/validations",
    tag = "Customers",
    responses((status = OK, description = "An empty array.", body = Vec<ValidationCode>))
)]
async fn all_codes(State(app): State<AppState>, reader: Reader) -> Result<Answer, ApiError> {
    let view = reader.view(&app, Permission::CustomersView).await?;
    Ok(Answer::ok(view.position(), Vec::<ValidationCode>::new()))
}

/// Lists the codes for one customer: none, nobody issues them here.
#[utoipa::path(
    get,
    path = "/v1/customers/{customer}/validations",
    tag = "Customers",
    responses((status = OK, description = "An empty array.", body = Vec<ValidationCode>))
)]
async fn codes(
    State(app): State<AppState>,
    reader: Reader<(CustomerId,)>,
) -> Result<Answer, ApiError> {
    let view = reader.customer_view(&app, reader.ids.0, Permission::CustomersView).await?;
    Ok(Answer::ok(view.view.position(), Vec::<ValidationCode>::new()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_is_read_from_a_bare_word_its_number_or_an_object() {
        let read = |text: &'static str| bare(&text.into()).and_then(declarable);
        for text in ["\"education\"", "1", " \"EDUCATION\" ", "{\"Qualification\":\"Education\"}"] {
            assert_eq!(read(text), Ok(Qualification::Education), "{text}");
        }
        let cloud = Ok(Qualification::GovernmentCommunityCloud);
        assert_eq!(read("\"governmentcommunitycloud\""), cloud);
        assert_eq!(read("3"), cloud);
        for (text, code) in
            [("\"none\"", 2000), ("2", 2000), ("9", 900_126), ("", 2001), ("[]", 2000)]
        {
            assert_eq!(read(text).unwrap_err().code, code, "{text}");
        }
    }
}
