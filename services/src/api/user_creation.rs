//! A customer's users, created.

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use commands::{CreateCustomerUsers, NewCustomerUser};
use events::{CustomerEvent, CustomerId, CustomerUserId, Event};
use serde_json::json;

use super::{
    passwords::{password, shown_password},
    user_shape::{ProfileChange, ShownUser},
    wire::{Answer, extended},
    writing::Writer,
};
use crate::{
    application::OnCustomer,
    http::{ApiError, AppState},
    ids::fresh,
};

pub(super) async fn create(
    State(app): State<AppState>,
    writer: Writer<(CustomerId,)>,
) -> Result<Response, ApiError> {
    let (customer,) = writer.ids;
    let profile = ProfileChange::read(&writer.body)?.complete()?;
    let now = app.now();
    let password = password(writer.body.object("passwordProfile")?.as_ref(), now).await?;
    let user = NewCustomerUser {
        user_id: fresh(now, CustomerUserId::from_uuid),
        user_name: app.keys().user_name_hash(&profile.user_name),
        credential_id: password.id,
        profile: profile.clone(),
        licenses: Vec::new(),
        directory_roles: Vec::new(),
    };
    let command = CreateCustomerUsers { users: vec![user] };
    let use_case = OnCustomer::with_passwords(customer, command, [&password])?;
    let outcome = writer.execute(&app, &use_case).await?;
    let created = outcome.find(|event| match event {
        Event::Customer(CustomerEvent::CustomerUserCreated(event)) => Some(event.user_id),
        _ => None,
    });
    let id = created.ok_or_else(ApiError::internal)?;
    let more = json!({ "passwordProfile": shown_password(&password, outcome.replayed) });
    let shown = extended(ShownUser::new(customer, id, profile).shown(), more);
    Ok(Answer::ok(outcome.position, shown).into_response())
}
