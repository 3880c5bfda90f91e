//! The permission of a customer to buy for itself, as the contract's self-serve policies.

use axum::{Router, extract::State, http::StatusCode, routing::get};
use commands::{CustomerAccess, ForbidOwnPurchases, Permission, PermitOwnPurchases};
use events::{CustomerId, PartnerId};
use projections::{OwnPurchases, ReadModel};
use serde_json::{Value, json};

use super::{
    path_ids::{PathId, PathIds},
    reading::{CustomerView, Reader},
    wire::{Answer, collection, self_link, tagged_attributes},
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

pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route("/v1/selfservepolicy", get(list).post(create).put(replace))
        .route("/v1/selfservepolicy/{policy}", get(one).put(replace_named).delete(delete))
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

/// The policies of one customer that the caller may see: what its partner grants, or the provider
/// through which it reaches the customer.
async fn list(State(app): State<AppState>, reader: Reader) -> Result<Answer, ApiError> {
    let customer = reader.query().optional::<CustomerId>("entity_id")?;
    let customer =
        customer.ok_or_else(|| ApiError::field("entity_id", &crate::http::BodyProblem::Missing))?;
    let view = reader.customer_view(&app, customer, Permission::OwnPurchasesView).await?;
    let items = policy(&view.view.model, customer, grantor(&view));
    let body = collection(items, format!("/SelfServePolicy?entity_id={customer}"));
    Ok(Answer::ok(view.view.position(), body))
}

const fn grantor(view: &CustomerView) -> PartnerId {
    match view.access {
        CustomerAccess::Holder => view.view.partner,
        CustomerAccess::Reseller { provider } => provider,
    }
}

fn policy(model: &ReadModel, customer: CustomerId, grantor: PartnerId) -> Option<Value> {
    let row = model.customers().get(customer)?;
    row.own_purchases_from(grantor).map(|permitted| shown(customer, permitted))
}

fn shown(customer: CustomerId, permitted: &OwnPurchases) -> Value {
    let grantor = permitted.partner;
    json!({
        "id": format!("{grantor}_{customer}"),
        "selfServeEntity": { "selfServeEntityType": "customer", "tenantID": customer },
        "grantor": { "grantorType": "billToPartner", "tenantID": grantor },
        "permissions": [{ "resource": RESOURCE, "action": "Purchase" }],
        "links": self_link(format!("/SelfServePolicy/{grantor}_{customer}")),
        "attributes": tagged_attributes("SelfServePolicy", &format!("\"{}\"", permitted.policy)),
    })
}

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
        let action: String = permission.required("action")?;
        if !same_word(&action, "purchase") {
            return Err(permission.wrong("action", "must be Purchase"));
        }
    }
    Ok(customer)
}

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

async fn replace(State(app): State<AppState>, writer: Writer) -> Result<Answer, ApiError> {
    let customer = entity(writer.partner(), &writer.body)?;
    confirmed(&app, &writer, customer).await
}

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
