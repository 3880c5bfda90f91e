//! A customer's users, created.

use axum::extract::State;
use events::CustomerId;

use super::{
    passwords::{chosen, shown_password},
    user_shape::{CustomerUser, NewCustomerUser, ProfileChange, ShownUser},
    wire::Answer,
    writing::Writer,
};
use crate::{
    application::UserToCreate,
    http::{ApiError, AppState},
};

/// Creates a user; its password is shown this once.
#[utoipa::path(
    post,
    path = "/v1/customers/{customer}/users",
    tag = "Users",
    request_body = NewCustomerUser,
    responses((status = OK, description = "The user.", body = CustomerUser))
)]
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
    let mut user = ShownUser::new(customer, created.id, profile).shown();
    user.password_profile = Some(shown_password(created.password.as_ref()));
    Ok(Answer::ok(created.outcome.position, user))
}
