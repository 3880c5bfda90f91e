//! Domains: whether one is free, and further ones for a customer.
//!
//! That a further domain is the customer's is taken on the word of the partner that administers for
//! it: nothing here looks into the domain name system.

use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use commands::{AddCustomerDomain, Permission};
use events::{CustomerId, DomainName};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    path_ids::{PathIds, named},
    reading::{Reader, View},
    wire::Answer,
    words::same_word,
    writing::Writer,
};
use crate::{
    application::OnCustomer,
    http::{ApiError, AppState, JsonBody},
};

/// The parameter in which older clients name the customer.
const CUSTOMER_PARAMETER: &str = "customer_id";
/// The parameter in which they name the domain.
const DOMAIN_PARAMETER: &str = "domain";

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(is_available))
        .routes(routes!(exists, add_named))
        .routes(routes!(is_own, add))
}

/// A domain of a customer.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Domain {
    #[schema(example = "relecloud.example")]
    name: String,
    /// Users sign in here with passwords.
    #[schema(example = "managed")]
    authentication_type: &'static str,
    is_default: bool,
    is_initial: bool,
    #[schema(example = "verified")]
    status: &'static str,
    /// On the word of the partner.
    #[schema(example = "none")]
    verification_method: &'static str,
}

impl Domain {
    /// A domain that was given to a customer later.
    fn further(name: &DomainName) -> Self {
        Self {
            name: name.to_string(),
            authentication_type: "managed",
            is_default: false,
            is_initial: false,
            status: "verified",
            verification_method: "none",
        }
    }
}

/// A further domain of a customer.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "the document's view of a body that is read member by member")]
struct VerifiedDomain {
    /// The domain; where it is missing, that in `domain`.
    #[schema(example = "school.relecloud.example")]
    verified_domain_name: Option<String>,
    domain: Option<DomainToVerify>,
}

/// What is known of it.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "the document's view of a body that is read member by member")]
struct DomainToVerify {
    #[schema(example = "school.relecloud.example")]
    name: Option<String>,
    /// `managed`: users do not sign in elsewhere.
    #[schema(example = "managed")]
    authentication_type: Option<String>,
}

/// Tells whether a domain is free for a new customer: bare `true` or `false`.
///
/// A prefix is free when no customer's domain begins with it; a full domain when none is the same.
#[utoipa::path(
    get,
    path = "/v1/validations/checkdomainavailability/{prefix}",
    tag = "Validation",
    responses((
        status = OK, description = "Whether it is free.", body = bool, content_type = "application/json"
    ))
)]
async fn is_available(
    State(app): State<AppState>,
    Path(prefix): Path<String>,
    reader: Reader<()>,
) -> Result<Answer, ApiError> {
    let view = reader.view(&app, Permission::CustomersCreate).await?;
    let is_free = view.model.customers().is_domain_free(&prefix);
    let is_free = is_free.map_err(|error| ApiError::invalid("prefix", error.reason))?;
    Ok(Answer::ok(view.position(), is_free))
}

/// Tells whether a domain is taken, by its status.
#[utoipa::path(
    head,
    path = "/v1/domains/{domain}",
    tag = "Validation",
    params((
        "customer_id" = Option<Uuid>, Query, description = "Only whether this customer has it.",
        example = json!("3fa85f64-5717-4562-b3fc-2c963f66afa6")
    )),
    responses((status = OK, description = "Taken."), (status = NOT_FOUND, description = "Free."))
)]
async fn exists(
    State(app): State<AppState>,
    reader: Reader<(DomainName,)>,
) -> Result<Response, ApiError> {
    let (domain,) = &reader.ids;
    if reader.query().text(CUSTOMER_PARAMETER).is_some() {
        let customer = named(reader.query(), CUSTOMER_PARAMETER)?;
        return of_customer(&app, &reader, customer, domain).await;
    }
    let view = reader.view(&app, Permission::CustomersCreate).await?;
    Ok(told(holder(&view, domain).is_some()))
}

/// Tells whether a customer has a domain, by its status.
#[utoipa::path(
    head,
    path = "/v1/customers/{customer}/verifieddomain",
    tag = "Customers",
    params(("domain" = String, Query, description = "The domain.", example = "relecloud.example")),
    responses((status = OK, description = "It has."), (status = NOT_FOUND, description = "It has not."))
)]
async fn is_own(
    State(app): State<AppState>,
    reader: Reader<(CustomerId,)>,
) -> Result<Response, ApiError> {
    let domain: DomainName = named(reader.query(), DOMAIN_PARAMETER)?;
    of_customer(&app, &reader, reader.ids.0, &domain).await
}

async fn of_customer<I>(
    app: &AppState,
    reader: &Reader<I>,
    customer: CustomerId,
    domain: &DomainName,
) -> Result<Response, ApiError> {
    let view = reader.customer_view(app, customer, Permission::CustomersView).await?;
    Ok(told(holder(&view.view, domain) == Some(customer)))
}

fn holder(view: &View, domain: &DomainName) -> Option<CustomerId> {
    view.model.customers().by_domain(domain).map(|row| row.id)
}

/// 200 or 404, neither with a body.
fn told(is_there: bool) -> Response {
    let status = if is_there { StatusCode::OK } else { StatusCode::NOT_FOUND };
    status.into_response()
}

/// Gives a customer one more domain, in which its users' names may be.
#[utoipa::path(
    post,
    path = "/v1/customers/{customer}/verifieddomain",
    tag = "Customers",
    request_body = VerifiedDomain,
    responses((status = CREATED, description = "The domain.", body = Domain))
)]
async fn add(
    State(app): State<AppState>,
    writer: Writer<(CustomerId,)>,
) -> Result<Answer, ApiError> {
    let domain = name_in(&writer.body)?;
    let domain = domain.ok_or_else(|| writer.body.missing("verifiedDomainName"))?;
    added(&app, &writer, writer.ids.0, domain).await
}

/// Gives a customer the domain in the path.
#[utoipa::path(
    post,
    path = "/v1/domains/{domain}",
    tag = "Customers",
    params((
        "customer_id" = Uuid, Query, description = "The customer.",
        example = json!("3fa85f64-5717-4562-b3fc-2c963f66afa6")
    )),
    request_body = VerifiedDomain,
    responses((status = CREATED, description = "The domain.", body = Domain))
)]
async fn add_named(
    State(app): State<AppState>,
    writer: Writer<(DomainName,)>,
) -> Result<Answer, ApiError> {
    let (domain,) = writer.ids.clone();
    let customer = named(&writer.query, CUSTOMER_PARAMETER)?;
    if name_in(&writer.body)?.is_some_and(|named| named != domain) {
        let reason = "names another domain than the path";
        return Err(writer.body.wrong("verifiedDomainName", reason));
    }
    added(&app, &writer, customer, domain).await
}

/// The domain that a body names; nobody signs in elsewhere with its names.
fn name_in(body: &JsonBody) -> Result<Option<DomainName>, ApiError> {
    let about = body.object("domain")?.unwrap_or_default();
    let kind: Option<String> = about.plain("authenticationType")?;
    if kind.is_some_and(|kind| !same_word(&kind, "managed")) {
        let reason = "must be managed: users sign in here with their passwords";
        return Err(about.wrong("authenticationType", reason));
    }
    if body.has("domainFederationSettings") {
        return Err(body.wrong("domainFederationSettings", "are not for a managed domain"));
    }
    Ok(body.optional("verifiedDomainName")?.or(about.optional("name")?))
}

async fn added<I: PathIds>(
    app: &AppState,
    writer: &Writer<I>,
    customer: CustomerId,
    domain: DomainName,
) -> Result<Answer, ApiError> {
    let body = Domain::further(&domain);
    let use_case = OnCustomer::new(customer, AddCustomerDomain { domain });
    let outcome = writer.execute(app, &use_case).await;
    let outcome =
        outcome.map_err(|error| error.with_field_called("domain", "verifiedDomainName"))?;
    Ok(Answer::created(outcome.position, body))
}
