//! Many users of a customer at once [our own style]: restored or given new passwords one by one,
//! deleted or licensed all together.

use std::collections::BTreeSet;

use axum::{Router, extract::State, routing::post};
use commands::{
    BULK_USERS_MAX, DeleteCustomerUsers, Permission, Rejection, RestoreCustomerUser, UpdateLicenses,
};
use events::{CustomerEvent, CustomerId, CustomerUserEvent, CustomerUserId, Event};
use serde_json::{Value, json};

use super::{
    licenses::LicenseChange,
    passwords::shown_password,
    user_changes::restored_licenses,
    wire::{Answer, attributes, extended},
    writing::Writer,
};
use crate::{
    application::{OnCustomer, Outcome},
    http::{ApiError, AppState, BodyProblem, JsonBody},
};

pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route("/v1/customers/{customer}/users/restore", post(restore))
        .route("/v1/customers/{customer}/users/delete", post(delete))
        .route("/v1/customers/{customer}/users/resetpassword", post(reset_passwords))
        .route("/v1/customers/{customer}/licenseupdates", post(update_licenses))
}

/// The users a request names: each once, in its order, at least one and not too many.
fn named_users(body: &JsonBody) -> Result<Vec<CustomerUserId>, ApiError> {
    let mut seen = BTreeSet::new();
    let mut users: Vec<CustomerUserId> = body.texts("userIds")?;
    users.retain(|user| seen.insert(*user));
    if users.is_empty() {
        return Err(ApiError::field("userIds", &BodyProblem::Missing));
    }
    if users.len() > BULK_USERS_MAX {
        let (count, limit) = (users.len(), BULK_USERS_MAX);
        return Err((&Rejection::TooManyUsers { count, limit }).into());
    }
    Ok(users)
}

/// Restores users in the order of the request, each with an outcome of its own.
async fn restore(
    State(app): State<AppState>,
    writer: Writer<(CustomerId,)>,
) -> Result<Answer, ApiError> {
    let (customer,) = writer.ids;
    let users = named_users(&writer.body)?;
    let principal = writer.caller.principal();
    app.allow_customer(principal, customer, Permission::CustomerUsersManage).await?;
    let mut position = app.models().current().position();
    let mut items = Vec::with_capacity(users.len());
    for user_id in users {
        let command = RestoreCustomerUser { user_id, renamed: None };
        let use_case = OnCustomer::new(customer, command);
        let item = match writer.execute_part(&app, &user_id.to_string(), &use_case).await {
            Ok(outcome) => {
                position = position.max(outcome.position);
                let licenses = restored_licenses(&outcome);
                json!({ "userId": user_id, "status": "restored", "licenses": licenses })
            }
            Err(error) if error.status.is_client_error() => {
                json!({ "userId": user_id, "status": "refused", "error": error.shown() })
            }
            Err(error) => return Err(error),
        };
        items.push(item);
    }
    Ok(Answer::ok(position, outcomes(&items)))
}

/// Gives users new temporary passwords in the order of the request, each with an outcome of its own.
async fn reset_passwords(
    State(app): State<AppState>,
    writer: Writer<(CustomerId,)>,
) -> Result<Answer, ApiError> {
    let (customer,) = writer.ids;
    let users = named_users(&writer.body)?;
    let principal = writer.caller.principal();
    app.allow_customer(principal, customer, Permission::CustomerUsersManage).await?;
    let mut position = app.models().current().position();
    let mut items = Vec::with_capacity(users.len());
    for user_id in users {
        let call = writer.call_part(&app, &user_id.to_string())?;
        let reset = app.reset_customer_user_password(&call, customer, user_id, None).await;
        items.push(match reset.map_err(ApiError::from) {
            Ok(reset) => {
                position = position.max(reset.outcome.position);
                let password = shown_password(reset.password.as_ref());
                json!({ "userId": user_id, "status": "reset", "passwordProfile": password })
            }
            Err(error) if error.status.is_client_error() => {
                json!({ "userId": user_id, "status": "refused", "error": error.shown() })
            }
            Err(error) => return Err(error),
        });
    }
    Ok(Answer::ok(position, outcomes(&items)))
}

/// Deletes users, all of them or none.
async fn delete(
    State(app): State<AppState>,
    writer: Writer<(CustomerId,)>,
) -> Result<Answer, ApiError> {
    let (customer,) = writer.ids;
    let command = DeleteCustomerUsers { user_ids: named_users(&writer.body)? };
    let outcome = writer.execute(&app, &OnCustomer::new(customer, command)).await?;
    let deleted: Vec<Value> = outcome
        .events
        .iter()
        .filter_map(|event| match event {
            Event::Customer(CustomerEvent::User(CustomerUserEvent::CustomerUserDeleted(event))) => {
                Some(json!({
                    "userId": event.user_id,
                    "status": "deleted",
                    "restorableUntil": event.restorable_until,
                    "licensesReturned": event.licenses_returned,
                }))
            }
            _ => None,
        })
        .collect();
    Ok(Answer::ok(outcome.position, outcomes(&deleted)))
}

fn outcomes(items: &[Value]) -> Value {
    json!({
        "totalCount": items.len(),
        "items": items,
        "attributes": attributes("Collection"),
    })
}

/// Assigns and removes licences of many users, all of it or nothing.
async fn update_licenses(
    State(app): State<AppState>,
    writer: Writer<(CustomerId,)>,
) -> Result<Answer, ApiError> {
    let (customer,) = writer.ids;
    let user_ids = named_users(&writer.body)?;
    let change = LicenseChange::read(&writer.body)?;
    let command = UpdateLicenses {
        user_ids: user_ids.clone(),
        assign: change.assign.clone(),
        remove: change.remove.clone(),
    };
    let outcome: Outcome = writer.execute(&app, &OnCustomer::new(customer, command)).await?;
    let body = extended(change.shown(), json!({ "userIds": user_ids }));
    Ok(Answer::created(outcome.position, body))
}
