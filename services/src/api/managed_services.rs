//! The services a partner may administer for a customer: the products of its active subscriptions,
//! while the partner has the privileges to.

use std::collections::BTreeSet;

use axum::extract::State;
use commands::{CustomerAccess, Offer, Permission};
use events::{CustomerId, SkuId};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    reading::{CustomerView, Reader},
    shapes::{Attributes, Collection, Link},
    wire::Answer,
};
use crate::http::{ApiError, AppState};

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list))
}

/// A service that the caller's partner may administer.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ManagedService {
    /// The product.
    #[schema(value_type = Uuid)]
    id: SkuId,
    /// Its name; absent once it left the catalogue.
    #[schema(example = "Office 365 E3")]
    name: Option<String>,
    /// The family it belongs to.
    #[schema(example = "Office 365")]
    group_name: Option<&'static str>,
    links: ManagedServiceLinks,
    attributes: Attributes,
}

/// Where a service is administered.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ManagedServiceLinks {
    /// Its licences.
    admin_service: Link,
    /// Whether it works.
    service_health: Link,
    /// The customer's service requests.
    service_ticket: Link,
}

/// Lists the products of active subscriptions, while the partner has delegated admin privileges.
#[utoipa::path(
    get,
    path = "/v1/customers/{customer}/managedservices",
    tag = "Subscriptions",
    responses((status = OK, description = "The services.", body = Collection<ManagedService>))
)]
async fn list(
    State(app): State<AppState>,
    reader: Reader<(CustomerId,)>,
) -> Result<Answer, ApiError> {
    let (customer,) = reader.ids;
    let view = reader.customer_view(&app, customer, Permission::SubscriptionsView).await?;
    let skus = managed(&app, &view)?.into_iter();
    let items = skus.map(|sku| shown(customer, sku, app.catalogue().sku(sku)));
    let body = Collection::of(items, format!("/customers/{customer}/managedservices"));
    Ok(Answer::ok(view.view.position(), body))
}

/// The products that the caller's side sold and may administer.
fn managed(app: &AppState, view: &CustomerView) -> Result<BTreeSet<SkuId>, ApiError> {
    let holder = match view.access {
        CustomerAccess::Holder => view.view.partner,
        CustomerAccess::Reseller { provider } => provider,
    };
    let bond = view.row()?.relationship(holder);
    if !bond.is_some_and(|bond| bond.active && bond.delegated_admin) {
        return Ok(BTreeSet::new());
    }
    let rows = view.view.model.subscriptions().of(view.customer);
    let rows = rows.filter(|row| row.state.is_active() && view.sees_sales_of(app, row.partner));
    Ok(rows.map(|row| row.sku).collect())
}

/// A product; one that has left the catalogue is known by its id alone.
fn shown(customer: CustomerId, sku: SkuId, offer: Option<&Offer>) -> ManagedService {
    let of_customer = |path: &str| Link::to(format!("/customers/{customer}/{path}"));
    ManagedService {
        id: sku,
        name: offer.map(|offer| offer.sku_name.to_string()),
        group_name: offer.map(|offer| offer.family.title()),
        links: ManagedServiceLinks {
            admin_service: of_customer("subscribedskus"),
            service_health: of_customer("servicehealth"),
            service_ticket: of_customer("servicerequests"),
        },
        attributes: Attributes::of("ManagedService"),
    }
}
