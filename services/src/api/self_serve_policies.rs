//! The permission of a customer to buy for itself, as the contract's self-serve policies.

use axum::{extract::State, http::StatusCode};
use commands::{CustomerAccess, ForbidOwnPurchases, Permission, PermitOwnPurchases};
use events::{CustomerId, PartnerId};
use projections::{OwnPurchases, ReadModel};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    path_ids::{PathId, PathIds},
    reading::{CustomerView, Reader},
    shapes::{Attributes, Collection, SelfLinks, TaggedAttributes},
    wire::Answer,
    words::same_word,
    writing::Writer,
};
use crate::{
    application::OnCustomer,
    http::{ApiError, AppState, JsonBody},
};

/// The contract's code for a policy that is not there.
const NOT_FOUND_CODE: u32 = 600_039;
/// Its code for an id that names none.
const BAD_ID_CODE: u32 = 600_040;
/// Its code for a policy that is there already.
const EXISTS_CODE: u32 = 600_041;
/// The resource that the contract names in a policy.
const RESOURCE: &str = "AzureReservedInstances";

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list, create, replace)).routes(routes!(
        one,
        replace_named,
        delete
    ))
}

/// That a customer may buy for itself.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct SelfServePolicy {
    /// `{grantor}_{customer}`.
    #[schema(
        example = "3fa85f64-5717-4562-b3fc-2c963f66afa6_3fa85f64-5717-4562-b3fc-2c963f66afa6"
    )]
    id: String,
    self_serve_entity: SelfServeEntity,
    grantor: Grantor,
    permissions: Vec<SelfServePermission>,
    links: SelfLinks,
    attributes: TaggedAttributes,
}

/// Who may buy.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct SelfServeEntity {
    #[schema(value_type = String, example = "customer")]
    self_serve_entity_type: &'static str,
    /// The customer.
    #[serde(rename = "tenantID")]
    #[schema(value_type = Uuid)]
    tenant_id: CustomerId,
}

/// From whom.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Grantor {
    #[schema(value_type = String, example = "billToPartner")]
    grantor_type: &'static str,
    /// The partner.
    #[serde(rename = "tenantID")]
    #[schema(value_type = Uuid)]
    tenant_id: PartnerId,
}

/// What is permitted.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct SelfServePermission {
    #[schema(value_type = String, example = "AzureReservedInstances")]
    resource: &'static str,
    #[schema(value_type = String, example = "Purchase")]
    action: &'static str,
}

/// That a customer is to buy for itself.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "the document's view of a body that is read member by member")]
struct WantedSelfServePolicy {
    self_serve_entity: WantedSelfServeEntity,
    permissions: Vec<WantedSelfServePermission>,
}

/// Who is to buy.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "the document's view of a body that is read member by member")]
struct WantedSelfServeEntity {
    #[schema(example = "customer")]
    self_serve_entity_type: Option<String>,
    /// The customer.
    #[schema(rename = "tenantID", value_type = Uuid)]
    tenant_id: CustomerId,
}

/// What is to be permitted.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "the document's view of a body that is read member by member")]
struct WantedSelfServePermission {
    #[schema(example = "AzureReservedInstances")]
    resource: Option<String>,
    /// `Purchase`.
    #[schema(example = "Purchase")]
    action: String,
}

/// The id of a policy: who grants it, and to whom.
#[derive(Clone, Copy, PartialEq, Eq)]
struct PolicyId {
    grantor: PartnerId,
    customer: CustomerId,
}

impl PathId for PolicyId {
    fn read(text: &str) -> Result<Self, ApiError> {
        let parts = text.trim().split_once('_').and_then(|(grantor, customer)| {
            Some(Self { grantor: grantor.parse().ok()?, customer: customer.parse().ok()? })
        });
        parts.ok_or_else(|| {
            let reason = "the id of a policy is {grantor}_{customer}";
            ApiError::new(StatusCode::NOT_FOUND, BAD_ID_CODE, reason)
                .with_data(["invalid_field".to_owned(), "id".to_owned()])
        })
    }
}

fn not_found() -> ApiError {
    ApiError::new(StatusCode::NOT_FOUND, NOT_FOUND_CODE, "there is no such policy")
        .with_data(["policy_not_found".to_owned(), "id".to_owned()])
}

/// Lists the policies of a customer: what the partner grants, or the provider of a reseller.
#[utoipa::path(
    get,
    path = "/v1/selfservepolicy",
    tag = "Customers",
    params((
        "entity_id" = Uuid, Query, description = "The customer.",
        example = json!("3fa85f64-5717-4562-b3fc-2c963f66afa6")
    )),
    responses((status = OK, description = "The policies.", body = Collection<SelfServePolicy>))
)]
async fn list(State(app): State<AppState>, reader: Reader) -> Result<Answer, ApiError> {
    let customer = reader.query().optional::<CustomerId>("entity_id")?;
    let customer =
        customer.ok_or_else(|| ApiError::field("entity_id", &crate::http::BodyProblem::Missing))?;
    let view = reader.customer_view(&app, customer, Permission::OwnPurchasesView).await?;
    let items = policy(&view.view.model, customer, grantor(&view));
    let body = Collection::of(items, format!("/SelfServePolicy?entity_id={customer}"));
    Ok(Answer::ok(view.view.position(), body))
}

const fn grantor(view: &CustomerView) -> PartnerId {
    match view.access {
        CustomerAccess::Holder => view.view.partner,
        CustomerAccess::Reseller { provider } => provider,
    }
}

fn policy(model: &ReadModel, customer: CustomerId, grantor: PartnerId) -> Option<SelfServePolicy> {
    let row = model.customers().get(customer)?;
    row.own_purchases_from(grantor).map(|permitted| shown(customer, permitted))
}

fn shown(customer: CustomerId, permitted: &OwnPurchases) -> SelfServePolicy {
    let grantor = permitted.partner;
    SelfServePolicy {
        id: format!("{grantor}_{customer}"),
        self_serve_entity: SelfServeEntity {
            self_serve_entity_type: "customer",
            tenant_id: customer,
        },
        grantor: Grantor { grantor_type: "billToPartner", tenant_id: grantor },
        permissions: vec![SelfServePermission { resource: RESOURCE, action: "Purchase" }],
        links: SelfLinks::to(format!("/SelfServePolicy/{grantor}_{customer}")),
        attributes: Attributes::tagged("SelfServePolicy", format!("\"{}\"", permitted.policy)),
    }
}

/// Tells about a policy.
#[utoipa::path(
    get,
    path = "/v1/selfservepolicy/{policy}",
    tag = "Customers",
    responses((status = OK, description = "The policy.", body = SelfServePolicy))
)]
async fn one(State(app): State<AppState>, reader: Reader<(PolicyId,)>) -> Result<Answer, ApiError> {
    let (id,) = reader.ids;
    let view = reader.customer_view(&app, id.customer, Permission::OwnPurchasesView).await?;
    let seen = Some(id.grantor).filter(|asked| *asked == grantor(&view));
    let body = seen.and_then(|grantor| policy(&view.view.model, id.customer, grantor));
    Ok(Answer::ok(view.view.position(), body.ok_or_else(not_found)?))
}

/// Whom a policy in the body is for; it must permit what there is to permit.
fn entity(writer_partner: PartnerId, body: &JsonBody) -> Result<CustomerId, ApiError> {
    let entity = body.required_object("selfServeEntity")?;
    let customer = entity.required("tenantID")?;
    let kind: Option<String> = entity.plain("selfServeEntityType")?;
    if kind.is_some_and(|kind| !same_word(&kind, "customer")) {
        return Err(entity.wrong("selfServeEntityType", "must be customer"));
    }
    if let Some(grantor) = body.object("grantor")? {
        let named: Option<PartnerId> = grantor.optional("tenantID")?;
        if named.is_some_and(|named| named != writer_partner) {
            return Err(grantor.wrong("tenantID", "must be the caller's own company"));
        }
    }
    let permissions = body.objects("permissions")?;
    if permissions.is_empty() {
        return Err(body.missing("permissions"));
    }
    for permission in permissions {
        let resource: Option<String> = permission.optional("resource")?;
        if resource.is_some_and(|resource| !same_word(&resource, RESOURCE)) {
            return Err(permission.wrong("resource", format!("must be {RESOURCE}")));
        }
        let action: String = permission.required("action")?;
        if !same_word(&action, "purchase") {
            return Err(permission.wrong("action", "must be Purchase"));
        }
    }
    Ok(customer)
}

/// Lets a customer buy for itself.
#[utoipa::path(
    post,
    path = "/v1/selfservepolicy",
    tag = "Customers",
    request_body = WantedSelfServePolicy,
    responses((status = CREATED, description = "The policy.", body = SelfServePolicy))
)]
async fn create(State(app): State<AppState>, writer: Writer) -> Result<Answer, ApiError> {
    let customer = entity(writer.partner(), &writer.body)?;
    let command = PermitOwnPurchases { partner_id: writer.partner() };
    let outcome = writer.execute(&app, &OnCustomer::new(customer, command)).await;
    let outcome = outcome.map_err(|error| match error.data.first().map(String::as_str) {
        Some("own_purchases_permitted") => ApiError { code: EXISTS_CODE, ..error },
        _ => error,
    })?;
    let permission = Permission::OwnPurchasesView;
    let view = writer.customer_view_after(&app, customer, &outcome, permission).await?;
    let body = policy(&view.model, customer, writer.partner()).ok_or_else(not_found)?;
    Ok(Answer::created(outcome.position, body))
}

/// Confirms that a customer buys for itself: a policy can say one thing only.
#[utoipa::path(
    put,
    path = "/v1/selfservepolicy",
    tag = "Customers",
    params(("If-Match" = Option<String>, Header, description = "The version the caller knows.")),
    request_body = WantedSelfServePolicy,
    responses((status = OK, description = "The policy.", body = SelfServePolicy))
)]
async fn replace(State(app): State<AppState>, writer: Writer) -> Result<Answer, ApiError> {
    let customer = entity(writer.partner(), &writer.body)?;
    confirmed(&app, &writer, customer).await
}

/// Confirms that a customer buys for itself: a policy can say one thing only.
#[utoipa::path(
    put,
    path = "/v1/selfservepolicy/{policy}",
    tag = "Customers",
    params(("If-Match" = Option<String>, Header, description = "The version the caller knows.")),
    request_body = WantedSelfServePolicy,
    responses((status = OK, description = "The policy.", body = SelfServePolicy))
)]
async fn replace_named(
    State(app): State<AppState>,
    writer: Writer<(PolicyId,)>,
) -> Result<Answer, ApiError> {
    let customer = entity(writer.partner(), &writer.body)?;
    let named = PolicyId { grantor: writer.partner(), customer };
    if writer.ids.0 != named {
        let reason = "the id does not name the policy in the body";
        return Err(ApiError::new(StatusCode::NOT_FOUND, BAD_ID_CODE, reason)
            .with_data(["invalid_field".to_owned(), "id".to_owned()]));
    }
    confirmed(&app, &writer, customer).await
}

/// A policy can say one thing only, so that replacing it by itself leaves it as it is.
async fn confirmed<I: PathIds>(
    app: &AppState,
    writer: &Writer<I>,
    customer: CustomerId,
) -> Result<Answer, ApiError> {
    let permission = Permission::OwnPurchasesManage;
    app.allow_customer(writer.caller.principal(), customer, permission).await?;
    let model = app.models().current();
    let row = model.customers().get(customer).ok_or_else(not_found)?;
    let permitted = row.own_purchases_from(writer.partner()).ok_or_else(not_found)?;
    let known = writer.known_tag()?;
    if known.is_some_and(|known| known != permitted.policy.to_string()) {
        return Err(crate::application::CommandError::Stale.into());
    }
    Ok(Answer::ok(model.position(), shown(customer, permitted)))
}

/// Lets a customer buy for itself no more.
#[utoipa::path(
    delete,
    path = "/v1/selfservepolicy/{policy}",
    tag = "Customers",
    responses((status = NO_CONTENT, description = "It does not any more."))
)]
async fn delete(
    State(app): State<AppState>,
    writer: Writer<(PolicyId,)>,
) -> Result<Answer, ApiError> {
    let (id,) = writer.ids;
    let command = ForbidOwnPurchases { partner_id: id.grantor };
    let outcome = writer.execute(&app, &OnCustomer::new(id.customer, command)).await;
    let outcome = outcome.map_err(|error| match error.data.first().map(String::as_str) {
        Some("own_purchases_not_permitted") => not_found(),
        _ => error,
    })?;
    Ok(Answer::done(outcome.position))
}
