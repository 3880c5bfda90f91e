//! Service requests of the caller's partner, for itself and on behalf of its customers.

use axum::extract::State;
use commands::{Rejection, ServiceRequestRefusal, allows, permission_to_view};
use events::{
    CustomerId, Locale, PartnerUserId, RequestTopic, Role, ServiceRequestId, ServiceRequestKind,
};
use projections::ServiceRequestRow;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    filter::{Comparison, Filter, Sort},
    path_ids::PathIds,
    query::Query,
    reading::{Reader, View},
    service_request_body::{
        Asked, NewServiceRequestOfCustomer, NewServiceRequestOfPartner, ServiceRequestChange,
        read_change, read_profile,
    },
    service_request_edits::EditServiceRequest,
    service_request_shape::{
        ServiceRequest, SupportTopic, contract_status, shown, shown_topic, summary,
    },
    shapes::{Collection, Page},
    wire::Answer,
    words::same_word,
    writing::Writer,
};
use crate::{
    application::{NewServiceRequest, Outcome},
    http::{ApiError, AppState, Caller, JsonBody},
};

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list, log))
        .routes(routes!(topics))
        // One place in the path: a number is read and changed, a locale such as en-us logs.
        .routes(routes!(one, change, log_in_locale))
        .routes(routes!(of_customer, log_for))
        .routes(routes!(one_of_customer, change_of_customer))
}

/// Lists what service requests can be about.
#[utoipa::path(
    get,
    path = "/v1/servicerequests/supporttopics",
    tag = "Service requests",
    responses((status = OK, description = "The topics.", body = Collection<SupportTopic>))
)]
async fn topics(State(app): State<AppState>, reader: Reader) -> Result<Answer, ApiError> {
    let view = reader.view(&app, commands::Permission::OwnProfile).await?;
    let items = RequestTopic::ALL.iter().copied().map(shown_topic);
    Ok(Answer::ok(view.position(), Collection::of(items, "/servicerequests/supporttopics")))
}

/// Lists service requests, the newest first.
///
/// Everything the caller may see: requests of the partner and of its customers, or only the own one
/// for elevation.
#[utoipa::path(
    get,
    path = "/v1/servicerequests",
    tag = "Service requests",
    params(("filter" = Option<String>, Query,
        description = "By Id, Status, Severity, CustomerId, CreatedDate, LastModifiedDate.",
        example = json!(r#"{"Field":"Status","Value":"open","Operator":"equals"}"#))),
    responses((status = OK, description = "The requests, without their notes.", body = Page<ServiceRequest>))
)]
async fn list(State(app): State<AppState>, reader: Reader) -> Result<Answer, ApiError> {
    let view = reader.view(&app, commands::Permission::OwnProfile).await?;
    let roles = match reader.caller.user() {
        Some(user) => app.roles_of(view.partner, user).await?,
        None => Vec::new(),
    };
    let now = app.models().current();
    let reaches = |row: &ServiceRequestRow| {
        let customer = row.kind.customer();
        customer.is_none_or(|customer| now.customers().seen_by(view.partner, customer).is_some())
    };
    let rows = view.model.service_requests().of(view.partner);
    let seen = rows.filter(|row| may_see(&reader.caller, &roles, row) && reaches(row));
    page(&app, &reader, &view, seen.collect()).await
}

fn may_see(caller: &Caller, roles: &[Role], row: &ServiceRequestRow) -> bool {
    let actor = caller.principal().actor();
    let permission = permission_to_view(&row.kind, row.logged_by, &actor);
    roles.iter().any(|role| allows(*role, permission))
}

/// Lists service requests for a customer, the newest first.
#[utoipa::path(
    get,
    path = "/v1/customers/{customer}/servicerequests",
    tag = "Service requests",
    params(("filter" = Option<String>, Query,
        description = "By Id, Status, Severity, CustomerId, CreatedDate, LastModifiedDate.",
        example = json!(r#"{"Field":"Status","Value":"open","Operator":"equals"}"#))),
    responses((status = OK, description = "The requests, without their notes.", body = Page<ServiceRequest>))
)]
async fn of_customer(
    State(app): State<AppState>,
    reader: Reader<(CustomerId,)>,
) -> Result<Answer, ApiError> {
    let (customer,) = reader.ids;
    let permission = commands::Permission::CustomerRequestsView;
    let view = reader.customer_view(&app, customer, permission).await?.view;
    let rows = view.model.service_requests().for_customer(customer);
    let own = rows.filter(|row| row.partner == view.partner);
    page(&app, &reader, &view, own.collect()).await
}

/// A part of a list, newest first; a request is a place in it.
async fn page<I>(
    app: &AppState,
    reader: &Reader<I>,
    view: &View,
    rows: Vec<&ServiceRequestRow>,
) -> Result<Answer, ApiError> {
    let rows = narrowed(rows, reader.query())?;
    let page = reader.seek.part_of(&rows, |row| row.id)?;
    let mut items = Vec::with_capacity(page.rows.len());
    for row in page.rows {
        items.push(summary(app, &view.model, row).await?);
    }
    let body = reader.seek.both_ways(app, items, Some(rows.len()), page.ways);
    Ok(Answer::ok(view.position(), body))
}

/// What can be asked of service requests: what is said in them is sealed.
const FIELDS: [(&str, Sort); 6] = [
    ("Id", Sort::Text),
    ("Status", Sort::Text),
    ("Severity", Sort::Text),
    ("CustomerId", Sort::Text),
    ("CreatedDate", Sort::Moment),
    ("LastModifiedDate", Sort::Moment),
];

/// The requests that the filter of a list admits.
fn narrowed<'a>(
    rows: Vec<&'a ServiceRequestRow>,
    query: &Query,
) -> Result<Vec<&'a ServiceRequestRow>, ApiError> {
    let Some(filter) = Filter::of_fields(query, &FIELDS)? else { return Ok(rows) };
    let admits = |row: &&ServiceRequestRow| filter.admits(&|one| holds(one, row));
    Ok(rows.into_iter().filter(admits).collect())
}

fn holds(one: &Comparison, row: &ServiceRequestRow) -> bool {
    if one.is_of("CreatedDate") {
        one.holds_at(row.logged_at)
    } else if one.is_of("LastModifiedDate") {
        one.holds_at(row.changed_at)
    } else if one.is_of("Status") {
        one.holds_for(contract_status(row.status))
    } else if one.is_of("Severity") {
        one.holds_for(row.severity.name())
    } else if one.is_of("CustomerId") {
        one.holds_for_any(row.kind.customer().map(|customer| customer.to_string()))
    } else {
        one.holds_for(&row.id.to_string())
    }
}

/// Shows a service request with its notes.
#[utoipa::path(
    get,
    path = "/v1/servicerequests/{request}",
    tag = "Service requests",
    responses((status = OK, description = "The request.", body = ServiceRequest))
)]
async fn one(
    State(app): State<AppState>,
    reader: Reader<(ServiceRequestId,)>,
) -> Result<Answer, ApiError> {
    let view = reader.view(&app, commands::Permission::OwnProfile).await?;
    read_one(&app, &reader.caller, &view, reader.ids.0, None).await
}

/// Shows a service request for a customer with its notes.
#[utoipa::path(
    get,
    path = "/v1/customers/{customer}/servicerequests/{request}",
    tag = "Service requests",
    responses((status = OK, description = "The request.", body = ServiceRequest))
)]
async fn one_of_customer(
    State(app): State<AppState>,
    reader: Reader<(CustomerId, ServiceRequestId)>,
) -> Result<Answer, ApiError> {
    let (customer, request) = reader.ids;
    let permission = commands::Permission::CustomerRequestsView;
    let view = reader.customer_view(&app, customer, permission).await?.view;
    read_one(&app, &reader.caller, &view, request, Some(customer)).await
}

async fn read_one(
    app: &AppState,
    caller: &Caller,
    view: &View,
    request: ServiceRequestId,
    customer: Option<CustomerId>,
) -> Result<Answer, ApiError> {
    let row = row_of(view, request, customer)?;
    app.allow_request(caller.principal(), row).await?;
    Ok(Answer::ok(view.position(), shown(app, &view.model, row, false).await?))
}

/// A request of the caller's partner, and of this customer where one is named.
fn row_of(
    view: &View,
    request: ServiceRequestId,
    customer: Option<CustomerId>,
) -> Result<&ServiceRequestRow, ApiError> {
    let row = view.model.service_requests().get(request);
    let of_customer =
        |row: &&ServiceRequestRow| customer.is_none() || row.kind.customer() == customer;
    row.filter(|row| row.partner == view.partner).filter(of_customer).ok_or_else(not_found)
}

fn not_found() -> ApiError {
    (&Rejection::from(ServiceRequestRefusal::NotFound)).into()
}

/// Asks for help, elevation or another public profile (*own*).
#[utoipa::path(
    post,
    path = "/v1/servicerequests",
    tag = "Service requests",
    request_body = NewServiceRequestOfPartner,
    responses((status = CREATED, description = "The request.", body = ServiceRequest))
)]
async fn log(State(app): State<AppState>, writer: Writer) -> Result<Answer, ApiError> {
    let kind = read_kind(&writer.body, &writer.caller)?;
    log_request(&app, &writer, kind).await
}

/// Asks for help, elevation or another public profile.
///
/// What stands in the place of an id is the locale of the agent, such as `en-US`.
#[utoipa::path(
    post,
    path = "/v1/servicerequests/{request}",
    tag = "Service requests",
    request_body = NewServiceRequestOfPartner,
    responses((status = CREATED, description = "The request.", body = ServiceRequest))
)]
async fn log_in_locale(
    State(app): State<AppState>,
    writer: Writer<(Locale,)>,
) -> Result<Answer, ApiError> {
    let kind = read_kind(&writer.body, &writer.caller)?;
    log_request(&app, &writer, kind).await
}

/// Asks for help for a customer (*own*).
#[utoipa::path(
    post,
    path = "/v1/customers/{customer}/servicerequests",
    tag = "Service requests",
    request_body = NewServiceRequestOfCustomer,
    responses((status = CREATED, description = "The request.", body = ServiceRequest))
)]
async fn log_for(
    State(app): State<AppState>,
    writer: Writer<(CustomerId,)>,
) -> Result<Answer, ApiError> {
    let kind = ServiceRequestKind::CustomerSupport {
        customer_id: writer.ids.0,
        subscription_id: writer.body.optional("subscriptionId")?,
        office365: false,
    };
    log_request(&app, &writer, kind).await
}

/// What is asked for: support unless the body says otherwise; elevation of the caller unless it
/// names somebody else. Members of another kind of request must at least be of their own kind.
fn read_kind(body: &JsonBody, caller: &Caller) -> Result<ServiceRequestKind, ApiError> {
    let candidate: Option<PartnerUserId> = body.optional("candidateId")?;
    body.object("publicProfile")?;
    let Some(kind) = body.plain::<String>("kind")? else {
        return Ok(ServiceRequestKind::PartnerSupport);
    };
    if same_word(&kind, "partner_support") {
        Ok(ServiceRequestKind::PartnerSupport)
    } else if same_word(&kind, "elevation") {
        let user_id =
            candidate.or_else(|| caller.user()).ok_or_else(|| ApiError::missing("candidateId"))?;
        Ok(ServiceRequestKind::Elevation { user_id })
    } else if same_word(&kind, "public_profile_change") {
        Ok(ServiceRequestKind::PublicProfileChange { profile: read_profile(body)? })
    } else {
        let words = "must be partner_support, elevation or public_profile_change";
        Err(body.wrong("kind", words))
    }
}

async fn log_request<I: PathIds>(
    app: &AppState,
    writer: &Writer<I>,
    kind: ServiceRequestKind,
) -> Result<Answer, ApiError> {
    let Asked { topic, severity, text } = Asked::read(&writer.body)?;
    let wanted = NewServiceRequest { kind, topic, severity, text };
    let call = writer.call(app)?;
    let (id, outcome) = app.log_service_request(&call, writer.partner(), wanted).await?;
    let body = answered(app, writer, id, &outcome).await?;
    Ok(Answer::created(outcome.position, body))
}

/// Changes a service request, or adds a note.
#[utoipa::path(
    patch,
    path = "/v1/servicerequests/{request}",
    tag = "Service requests",
    request_body = ServiceRequestChange,
    responses((status = OK, description = "The request.", body = ServiceRequest))
)]
async fn change(
    State(app): State<AppState>,
    writer: Writer<(ServiceRequestId,)>,
) -> Result<Answer, ApiError> {
    change_request(&app, &writer, writer.ids.0, None).await
}

/// Changes a service request for a customer, or adds a note.
#[utoipa::path(
    patch,
    path = "/v1/customers/{customer}/servicerequests/{request}",
    tag = "Service requests",
    request_body = ServiceRequestChange,
    responses((status = OK, description = "The request.", body = ServiceRequest))
)]
async fn change_of_customer(
    State(app): State<AppState>,
    writer: Writer<(CustomerId, ServiceRequestId)>,
) -> Result<Answer, ApiError> {
    let (customer, request) = writer.ids;
    let permission = commands::Permission::CustomerRequestsView;
    app.allow_customer(writer.caller.principal(), customer, permission).await?;
    change_request(&app, &writer, request, Some(customer)).await
}

async fn change_request<I: PathIds>(
    app: &AppState,
    writer: &Writer<I>,
    request: ServiceRequestId,
    customer: Option<CustomerId>,
) -> Result<Answer, ApiError> {
    let model = app.models().current();
    let view = View { model, at: app.now(), partner: writer.partner() };
    let row = row_of(&view, request, customer)?;
    app.allow_request(writer.caller.principal(), row).await?;
    let change = read_change(&writer.body)?;
    let outcome = writer.execute(app, &EditServiceRequest { request, change }).await?;
    let body = answered(app, writer, request, &outcome).await?;
    Ok(Answer::ok(outcome.position, body))
}

/// A request as it is once a command on it is visible.
async fn answered<I: PathIds>(
    app: &AppState,
    writer: &Writer<I>,
    id: ServiceRequestId,
    outcome: &Outcome,
) -> Result<ServiceRequest, ApiError> {
    let own = commands::Permission::OwnProfile;
    let view = writer.view_after(app, outcome, own).await?;
    let row = row_of(&view, id, None)?;
    if outcome.replayed {
        app.allow_request(writer.caller.principal(), row).await?;
    }
    Ok(shown(app, &view.model, row, false).await?)
}
