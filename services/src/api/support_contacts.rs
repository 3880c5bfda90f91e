//! Whom a customer turns to about a subscription, and who may be that.

use axum::{Router, extract::State, routing::get};
use commands::{ChangeSupportContact, Permission};
use events::{CustomerId, PartnerId, SubscriptionId};
use projections::ReadModel;
use serde_json::{Value, json};

use super::{
    reading::Reader,
    subscriptions::not_found,
    wire::{Answer, attributes, collection, self_link},
    writing::Writer,
};
use crate::{
    application::OnCustomer,
    http::{ApiError, AppState},
};

pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route(
            "/v1/customers/{customer}/subscriptions/{subscription}/supportcontact",
            get(one).put(change),
        )
        .route(
            "/v1/customers/{customer}/subscriptions/{subscription}/supportcontacts",
            get(eligible),
        )
}

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
fn of_subscription(model: &ReadModel, customer: CustomerId, id: SubscriptionId) -> Option<Value> {
    let contact = model.support_contact(customer, id)?;
    let uri = format!("/customers/{customer}/subscriptions/{id}/supportcontact");
    shown(model, contact, uri)
}

fn shown(model: &ReadModel, contact: PartnerId, uri: String) -> Option<Value> {
    let partner = model.partners().get(contact)?;
    Some(json!({
        "supportTenantId": partner.id,
        "supportMpnId": partner.mpn_id,
        "name": partner.name,
        "country": partner.country,
        "links": self_link(uri),
        "attributes": attributes("SupportContact"),
    }))
}

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
    let body = collection(items, uri.clone());
    Ok(Answer::ok(view.position(), body))
}

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
