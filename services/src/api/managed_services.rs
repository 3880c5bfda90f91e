//! The services a partner may administer for a customer: the products of its active subscriptions,
//! while the partner has the privileges to.

use std::collections::BTreeSet;

use axum::{Router, extract::State, routing::get};
use commands::{CustomerAccess, Offer, Permission};
use events::{CustomerId, SkuId};
use serde::Serialize;
use serde_json::{Value, json};

use super::{
    reading::{CustomerView, Reader},
    wire::{Answer, attributes, collection, link},
};
use crate::http::{ApiError, AppState};

pub(super) fn router() -> Router<AppState> {
    Router::new().route("/v1/customers/{customer}/managedservices", get(list))
}

/// A service as the contract shapes it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ManagedService {
    id: SkuId,
    name: Option<String>,
    group_name: Option<&'static str>,
    links: Value,
    attributes: Value,
}

async fn list(
    State(app): State<AppState>,
    reader: Reader<(CustomerId,)>,
) -> Result<Answer, ApiError> {
    let (customer,) = reader.ids;
    let view = reader.customer_view(&app, customer, Permission::SubscriptionsView).await?;
    let mut items = Vec::new();
    for sku in managed(&app, &view)? {
        let service = shown(customer, sku, app.catalogue().sku(sku));
        items.push(serde_json::to_value(service).map_err(|_| ApiError::internal())?);
    }
    let body = collection(items, format!("/customers/{customer}/managedservices"));
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
    let of_customer = |path: &str| link(format!("/customers/{customer}/{path}"));
    ManagedService {
        id: sku,
        name: offer.map(|offer| offer.sku_name.to_string()),
        group_name: offer.map(|offer| offer.family.title()),
        links: json!({
            "adminService": of_customer("subscribedskus"),
            "serviceHealth": of_customer("servicehealth"),
            "serviceTicket": of_customer("servicerequests"),
        }),
        attributes: attributes("ManagedService"),
    }
}
