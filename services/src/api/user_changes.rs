//! A customer's users, changed: edited, restored, given another password, deleted.

use axum::extract::State;
use commands::{DeleteCustomerUsers, Permission};
use events::{CustomerId, CustomerUserId, LicenseFate, LicenseOutcome, SkuId};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    edits::ChangeUser,
    passwords::{PasswordProfile, WantedPassword, chosen, shown_password},
    path_ids::named,
    user_shape::{CustomerUser, CustomerUserChange, ProfileChange, STATES, ShownUser},
    users::not_found,
    wire::Answer,
    writing::Writer,
};
use crate::{
    application::{OnCustomer, Outcome},
    http::{ApiError, AppState},
};

type UserPath = (CustomerId, CustomerUserId);
type CustomerPath = (CustomerId,);

/// The parameter in which older clients name the user.
const USER_PARAMETER: &str = "user_id";

/// What became of a licence of a user that was restored.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct LicenseRestored {
    #[schema(value_type = Uuid)]
    sku_id: SkuId,
    #[schema(value_type = String, example = "restored")]
    fate: LicenseFate,
}

/// Another password.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "the document's view of a body that is read member by member")]
struct PasswordReset {
    password_profile: Option<WantedPassword>,
}

/// Changes a user: its profile, its password, and from deleted back to active.
///
/// What the body leaves out stays as it is.
#[utoipa::path(
    patch,
    path = "/v1/customers/{customer}/users/{user}",
    tag = "Users",
    request_body = CustomerUserChange,
    responses((status = OK, description = "The user from now on.", body = CustomerUser))
)]
pub(super) async fn change(
    State(app): State<AppState>,
    writer: Writer<UserPath>,
) -> Result<Answer, ApiError> {
    let (customer, user) = writer.ids;
    changed(&app, &writer, customer, user).await
}

/// Changes a user, as older clients do: with its id in a parameter, or as `id` in the body.
#[utoipa::path(
    patch,
    path = "/v1/customers/{customer}/users",
    tag = "Users",
    params((
        "user_id" = Option<Uuid>, Query, description = "The user.",
        example = json!("3fa85f64-5717-4562-b3fc-2c963f66afa6")
    )),
    request_body = CustomerUserChange,
    responses((status = OK, description = "The user from now on.", body = CustomerUser))
)]
pub(super) async fn change_named(
    State(app): State<AppState>,
    writer: Writer<CustomerPath>,
) -> Result<Answer, ApiError> {
    let (customer,) = writer.ids;
    let user = match writer.query.text(USER_PARAMETER) {
        Some(_) => named(&writer.query, USER_PARAMETER)?,
        None => writer.body.optional("id")?.ok_or_else(|| ApiError::missing(USER_PARAMETER))?,
    };
    changed(&app, &writer, customer, user).await
}

async fn changed<I>(
    app: &AppState,
    writer: &Writer<I>,
    customer: CustomerId,
    user: CustomerUserId,
) -> Result<Answer, ApiError> {
    let profile = ProfileChange::read(&writer.body)?;
    let state = STATES.read_member(&writer.body)?;
    let call = writer.call(app)?;
    let password = match writer.body.object("passwordProfile")? {
        Some(profile) => {
            let chosen = chosen(Some(&profile))?;
            Some(app.customer_user_password(&call, customer, chosen).await?)
        }
        None => None,
    };
    let change = ChangeUser { customer, user, profile, state, password };
    let outcome = app.execute(&call, &change).await?;
    let password = change.password.as_ref();
    let shown = password.map(|it| shown_password(Some(it).filter(|_| !outcome.replayed)));
    answer(app, writer, (customer, user), &outcome, shown).await
}

/// Gives a user another password, and changes nothing else.
#[utoipa::path(
    patch,
    path = "/v1/customers/{customer}/users/{user}/resetpassword",
    tag = "Users",
    request_body = PasswordReset,
    responses((status = OK, description = "The user with its password.", body = CustomerUser))
)]
pub(super) async fn reset(
    State(app): State<AppState>,
    writer: Writer<UserPath>,
) -> Result<Answer, ApiError> {
    let (customer, user) = writer.ids;
    let chosen = chosen(writer.body.object("passwordProfile")?.as_ref())?;
    let call = writer.call(&app)?;
    let reset = app.reset_customer_user_password(&call, customer, user, chosen).await?;
    let shown = shown_password(reset.password.as_ref());
    answer(&app, &writer, writer.ids, &reset.outcome, Some(shown)).await
}

async fn answer<I>(
    app: &AppState,
    writer: &Writer<I>,
    (customer, user): UserPath,
    outcome: &Outcome,
    password_profile: Option<PasswordProfile>,
) -> Result<Answer, ApiError> {
    let permission = Permission::CustomerUsersManage;
    let view = writer.customer_view_after(app, customer, outcome, permission).await?;
    let row = view.model.customer_users().get(customer, user);
    let mut shown = ShownUser::of(app, row.ok_or_else(|| not_found(user))?).await?.shown();
    shown.password_profile = password_profile;
    shown.licenses = restored_licenses(outcome);
    Ok(Answer::ok(outcome.position, shown))
}

/// What became of each licence of the user that an outcome restored.
pub(super) fn restored_licenses(outcome: &Outcome) -> Option<Vec<LicenseRestored>> {
    let shown =
        |license: &LicenseOutcome| LicenseRestored { sku_id: license.sku_id, fate: license.fate };
    outcome.restored_licenses().map(|licenses| licenses.iter().map(shown).collect())
}

/// Deletes a user, who can be restored for 30 days.
#[utoipa::path(
    delete,
    path = "/v1/customers/{customer}/users/{user}",
    tag = "Users",
    responses((status = NO_CONTENT, description = "It is deleted."))
)]
pub(super) async fn delete(
    State(app): State<AppState>,
    writer: Writer<UserPath>,
) -> Result<Answer, ApiError> {
    let (customer, user) = writer.ids;
    deleted(&app, &writer, customer, user).await
}

/// Deletes a user, as older clients do.
#[utoipa::path(
    delete,
    path = "/v1/customers/{customer}/users",
    tag = "Users",
    params((
        "user_id" = Uuid, Query, description = "The user.",
        example = json!("3fa85f64-5717-4562-b3fc-2c963f66afa6")
    )),
    responses((status = NO_CONTENT, description = "It is deleted."))
)]
pub(super) async fn delete_named(
    State(app): State<AppState>,
    writer: Writer<CustomerPath>,
) -> Result<Answer, ApiError> {
    let (customer,) = writer.ids;
    deleted(&app, &writer, customer, named(&writer.query, USER_PARAMETER)?).await
}

async fn deleted<I>(
    app: &AppState,
    writer: &Writer<I>,
    customer: CustomerId,
    user: CustomerUserId,
) -> Result<Answer, ApiError> {
    let command = DeleteCustomerUsers { user_ids: vec![user] };
    let outcome = writer.execute(app, &OnCustomer::new(customer, command)).await?;
    Ok(Answer::done(outcome.position))
}
