//! A customer's users, changed: edited, restored, given another password, deleted.

use axum::extract::State;
use commands::{DeleteCustomerUsers, Rejection};
use events::{CustomerEvent, CustomerId, CustomerUserId, Event, LicenseOutcome};
use serde_json::{Value, json};

use super::{
    edits::ChangeUser,
    passwords::{password, shown_password},
    user_shape::{ProfileChange, STATES, ShownUser},
    users::not_found,
    wire::{Answer, extended},
    writing::Writer,
};
use crate::{
    application::{CommandError, OnCustomer, Outcome},
    auth::TemporaryPassword,
    http::{ApiError, AppState},
};

type UserPath = (CustomerId, CustomerUserId);

/// Any part of a user: its profile, its password, and from deleted back to active.
pub(super) async fn change(
    State(app): State<AppState>,
    writer: Writer<UserPath>,
) -> Result<Answer, ApiError> {
    let (customer, user) = writer.ids;
    let profile = ProfileChange::read(&writer.body)?;
    let state = STATES.read_member(&writer.body)?;
    let password = match writer.body.object("passwordProfile")? {
        Some(profile) => Some(password(Some(&profile), app.now()).await?),
        None => None,
    };
    let change = ChangeUser { customer, user, profile, state, password };
    carry_out(&app, &writer, change).await
}

/// Another password, and nothing else.
pub(super) async fn reset(
    State(app): State<AppState>,
    writer: Writer<UserPath>,
) -> Result<Answer, ApiError> {
    let (customer, user) = writer.ids;
    let profile = writer.body.object("passwordProfile")?;
    let password = Some(password(profile.as_ref(), app.now()).await?);
    let profile = ProfileChange::default();
    let change = ChangeUser { customer, user, profile, state: None, password };
    carry_out(&app, &writer, change).await
}

async fn carry_out(
    app: &AppState,
    writer: &Writer<UserPath>,
    change: ChangeUser,
) -> Result<Answer, ApiError> {
    let outcome = writer.execute(app, &change).await?;
    let view = writer.view_after(app, &outcome).await;
    let row = view.model.customer_users().get(change.customer, change.user);
    let shown = ShownUser::of(app, row.ok_or_else(|| not_found(change.user))?).await?.shown();
    let profile = change
        .password
        .map(|password: TemporaryPassword| shown_password(&password, outcome.replayed));
    let licenses = restored_licenses(&outcome);
    let more = json!({ "passwordProfile": profile, "licenses": licenses });
    Ok(Answer::ok(outcome.position, extended(shown, more)))
}

/// What became of each licence of the user that an outcome restored.
pub(super) fn restored_licenses(outcome: &Outcome) -> Option<Vec<Value>> {
    let licenses = outcome.find(|event| match event {
        Event::Customer(CustomerEvent::CustomerUserRestored(event)) => Some(event.licenses.clone()),
        _ => None,
    });
    licenses.map(|licenses| licenses.iter().map(shown_fate).collect())
}

fn shown_fate(outcome: &LicenseOutcome) -> Value {
    json!({ "skuId": outcome.sku_id, "fate": outcome.fate })
}

pub(super) async fn delete(
    State(app): State<AppState>,
    writer: Writer<UserPath>,
) -> Result<Answer, ApiError> {
    let (customer, user) = writer.ids;
    let command = DeleteCustomerUsers { user_ids: vec![user] };
    let outcome = writer.try_execute(&app, &OnCustomer::new(customer, command)).await?;
    match outcome {
        Ok(outcome) => Ok(Answer::done(outcome.position)),
        // Who is deleted already is not there to be deleted.
        Err(CommandError::Rejected(Rejection::UserIsDeleted)) => Err(not_found(user)),
        Err(error) => Err(error.into()),
    }
}
