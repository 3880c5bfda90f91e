//! A customer's users, changed: edited, restored, given another password, deleted.

use axum::extract::State;
use commands::{DeleteCustomerUsers, Permission};
use events::{CustomerId, CustomerUserId, LicenseOutcome};
use serde_json::{Value, json};

use super::{
    edits::ChangeUser,
    passwords::{chosen, shown_password},
    path_ids::named,
    user_shape::{ProfileChange, STATES, ShownUser},
    users::not_found,
    wire::{Answer, extended},
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

/// Any part of a user: its profile, its password, and from deleted back to active.
pub(super) async fn change(
    State(app): State<AppState>,
    writer: Writer<UserPath>,
) -> Result<Answer, ApiError> {
    let (customer, user) = writer.ids;
    changed(&app, &writer, customer, user).await
}

/// The same, with the user in a parameter or in the body.
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

/// Another password, and nothing else.
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
    password_profile: Option<super::passwords::PasswordProfile>,
) -> Result<Answer, ApiError> {
    let permission = Permission::CustomerUsersManage;
    let view = writer.customer_view_after(app, customer, outcome, permission).await?;
    let row = view.model.customer_users().get(customer, user);
    let shown = ShownUser::of(app, row.ok_or_else(|| not_found(user))?).await?.shown();
    let licenses = restored_licenses(outcome);
    let more = json!({ "passwordProfile": password_profile, "licenses": licenses });
    Ok(Answer::ok(outcome.position, extended(shown, more)))
}

/// What became of each licence of the user that an outcome restored.
pub(super) fn restored_licenses(outcome: &Outcome) -> Option<Vec<Value>> {
    let shown = |license: &LicenseOutcome| json!({ "skuId": license.sku_id, "fate": license.fate });
    outcome.restored_licenses().map(|licenses| licenses.iter().map(shown).collect())
}

pub(super) async fn delete(
    State(app): State<AppState>,
    writer: Writer<UserPath>,
) -> Result<Answer, ApiError> {
    let (customer, user) = writer.ids;
    deleted(&app, &writer, customer, user).await
}

/// The same, with the user in a parameter.
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
