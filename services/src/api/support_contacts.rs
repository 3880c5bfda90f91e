//! Whom a customer turns to about a subscription, and who may be that.

use axum::extract::State;
use commands::{ChangeSupportContact, Permission};
use events::{CustomerId, PartnerId, SubscriptionId};
use projections::ReadModel;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    reading::Reader,
    shapes::{Attributes, Collection, SelfLinks},
    subscriptions::not_found,
    wire::Answer,
    writing::Writer,
};
use crate::{
    application::OnCustomer,
    http::{ApiError, AppState},
};

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(one, change)).routes(routes!(eligible))
}

/// The partner that a customer turns to about a subscription.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct SupportContact {
    /// The partner.
    #[schema(value_type = Uuid)]
    support_tenant_id: PartnerId,
    /// Its MPN id.
    #[schema(example = "1234567")]
    support_mpn_id: String,
    /// Its name.
    #[schema(example = "Fabrikam Reseller")]
    name: String,
    /// Its country (*own*).
    country: String,
    links: SelfLinks,
    attributes: Attributes,
}

/// Whom to designate.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "the document's view of a body that is read member by member")]
struct Designation {
    /// The seller of the subscription, or an eligible reseller.
    #[schema(value_type = Uuid)]
    support_tenant_id: PartnerId,
}

/// Tells whom the customer turns to about a subscription.
#[utoipa::path(
    get,
    path = "/v1/customers/{customer}/subscriptions/{subscription}/supportcontact",
    tag = "Subscriptions",
    responses((status = OK, description = "The contact.", body = SupportContact))
)]
async fn one(
    State(app): State<AppState>,
    reader: Reader<(CustomerId, SubscriptionId)>,
) -> Result<Answer, ApiError> {
    let (customer, id) = reader.ids;
    let permission = Permission::SupportContactsManage;
    let view = reader.customer_view(&app, customer, permission).await?;
    let row = view.view.model.subscriptions().get(customer, id);
    let row = row.filter(|row| view.sees_sales_of(&app, row.partner));
    row.ok_or_else(|| not_found(id))?;
    let body = of_subscription(&view.view.model, customer, id);
    Ok(Answer::ok(view.view.position(), body.ok_or_else(|| not_found(id))?))
}

/// The contact of a subscription as answers show it.
fn of_subscription(
    model: &ReadModel,
    customer: CustomerId,
    id: SubscriptionId,
) -> Option<SupportContact> {
    let contact = model.support_contact(customer, id)?;
    let uri = format!("/customers/{customer}/subscriptions/{id}/supportcontact");
    shown(model, contact, uri)
}

fn shown(model: &ReadModel, contact: PartnerId, uri: String) -> Option<SupportContact> {
    let partner = model.partners().get(contact)?;
    Some(SupportContact {
        support_tenant_id: partner.id,
        support_mpn_id: partner.mpn_id.to_string(),
        name: partner.name.to_string(),
        country: partner.country.to_string(),
        links: SelfLinks::to(uri),
        attributes: Attributes::of("SupportContact"),
    })
}

/// Lists exactly the partners that can be designated (*own*).
#[utoipa::path(
    get,
    path = "/v1/customers/{customer}/subscriptions/{subscription}/supportcontacts",
    tag = "Subscriptions",
    responses((status = OK, description = "Those partners.", body = Collection<SupportContact>))
)]
async fn eligible(
    State(app): State<AppState>,
    reader: Reader<(CustomerId, SubscriptionId)>,
) -> Result<Answer, ApiError> {
    let (customer, id) = reader.ids;
    let principal = reader.caller.principal();
    let contacts = app.eligible_support_contacts(principal, customer, id).await?;
    let view = reader.view(&app, Permission::SupportContactsManage).await?;
    let uri = format!("/customers/{customer}/subscriptions/{id}/supportcontacts");
    let items = contacts.into_iter().filter_map(|it| shown(&view.model, it, uri.clone()));
    let body = Collection::of(items, uri.clone());
    Ok(Answer::ok(view.position(), body))
}

/// Designates whom the customer turns to about a subscription.
#[utoipa::path(
    put,
    path = "/v1/customers/{customer}/subscriptions/{subscription}/supportcontact",
    tag = "Subscriptions",
    request_body = Designation,
    responses((status = OK, description = "The contact from now on.", body = SupportContact))
)]
async fn change(
    State(app): State<AppState>,
    writer: Writer<(CustomerId, SubscriptionId)>,
) -> Result<Answer, ApiError> {
    let (customer, subscription_id) = writer.ids;
    let contact: PartnerId = writer.body.required("supportTenantId")?;
    let command = ChangeSupportContact { subscription_id, contact };
    let outcome = writer.execute(&app, &OnCustomer::new(customer, command)).await;
    let outcome = outcome.map_err(|error| error.with_field_called("contact", "supportTenantId"))?;
    let permission = Permission::SupportContactsManage;
    let view = writer.customer_view_after(&app, customer, &outcome, permission).await?;
    let body = of_subscription(&view.model, customer, subscription_id);
    Ok(Answer::ok(outcome.position, body.ok_or_else(|| not_found(subscription_id))?))
}
