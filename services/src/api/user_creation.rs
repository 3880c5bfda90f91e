//! A customer's users, created.

use axum::extract::State;
use events::CustomerId;
use serde_json::json;

use super::{
    passwords::{chosen, shown_password},
    user_shape::{ProfileChange, ShownUser},
    wire::{Answer, extended},
    writing::Writer,
};
use crate::{
    application::UserToCreate,
    http::{ApiError, AppState},
};

pub(super) async fn create(
    State(app): State<AppState>,
    writer: Writer<(CustomerId,)>,
) -> Result<Answer, ApiError> {
    let (customer,) = writer.ids;
    let profile = ProfileChange::read(&writer.body)?.complete()?;
    let wanted = UserToCreate {
        profile: profile.clone(),
        licenses: Vec::new(),
        directory_roles: Vec::new(),
        password: chosen(writer.body.object("passwordProfile")?.as_ref())?,
    };
    let created = app.create_customer_user(&writer.call(&app)?, customer, wanted).await?;
    let more = json!({ "passwordProfile": shown_password(created.password.as_ref()) });
    let shown = extended(ShownUser::new(customer, created.id, profile).shown(), more);
    Ok(Answer::ok(created.outcome.position, shown))
}
