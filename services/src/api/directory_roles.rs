//! The roles that a customer's users have inside their company.

use axum::{
    Router,
    extract::State,
    routing::{delete, get},
};
use commands::{GrantDirectoryRole, Permission, RevokeDirectoryRole};
use events::{CustomerId, CustomerUserId, DirectoryRole};
use serde_json::{Value, json};

use super::{
    paging::part,
    path_ids::named,
    reading::Reader,
    user_shape::ShownUser,
    users::{not_found, row_of},
    wire::{Answer, attributes, collection},
    writing::Writer,
};
use crate::{
    application::OnCustomer,
    http::{ApiError, AppState},
};

pub(super) fn router() -> Router<AppState> {
    let members = "/v1/customers/{customer}/directoryroles/{role}/usermembers";
    Router::new()
        .route(
            "/v1/customers/{customer}/directoryroles",
            get(list).post(grant_named).delete(revoke_named),
        )
        .route("/v1/customers/{customer}/users/{user}/directoryroles", get(of_user))
        .route(members, get(members_of).post(grant))
        .route(&format!("{members}/{{user}}"), delete(revoke))
}

/// The parameter in which older clients name the role.
const ROLE_PARAMETER: &str = "role_id";
/// The parameter in which they name the user.
const MEMBER_PARAMETER: &str = "member_id";

fn shown(role: DirectoryRole) -> Value {
    json!({
        "id": role.template_id(),
        "name": role.title(),
        "attributes": attributes("DirectoryRole"),
    })
}

async fn list(
    State(app): State<AppState>,
    reader: Reader<(CustomerId,)>,
) -> Result<Answer, ApiError> {
    let (customer,) = reader.ids;
    let view = reader.customer_view(&app, customer, Permission::CustomerUsersView).await?;
    let asked = reader.query().text(ROLE_PARAMETER);
    let asked = asked.map(|_| named::<DirectoryRole>(reader.query(), ROLE_PARAMETER));
    let asked = asked.transpose()?;
    let uri = format!("/customers/{customer}/directoryroles");
    let roles = DirectoryRole::ALL.into_iter().filter(|role| asked.is_none_or(|it| it == *role));
    let body = collection(roles.map(shown), uri);
    Ok(Answer::ok(view.view.position(), body))
}

async fn of_user(
    State(app): State<AppState>,
    reader: Reader<(CustomerId, CustomerUserId)>,
) -> Result<Answer, ApiError> {
    let (customer, user) = reader.ids;
    let view = reader.customer_view(&app, customer, Permission::CustomerUsersView).await?;
    let roles = row_of(&view, user)?.directory_roles;
    let uri = format!("/customers/{customer}/users/{user}/directoryroles");
    Ok(Answer::ok(view.view.position(), collection(roles.iter().map(shown), uri)))
}

async fn members_of(
    State(app): State<AppState>,
    reader: Reader<(CustomerId, DirectoryRole)>,
) -> Result<Answer, ApiError> {
    let (customer, role) = reader.ids;
    let view = reader.customer_view(&app, customer, Permission::CustomerUsersView).await?;
    let users = view.view.model.customer_users();
    let total = users.members(customer, role, None).count();
    let limit = reader.seek.limit()?;
    let (page, more) = part(users.members(customer, role, reader.seek.after()?), limit);
    let next = page.last().map(|row| row.id).filter(|_| more);
    let mut items = Vec::with_capacity(page.len());
    for row in page {
        items.push(member(&ShownUser::of(&app, row).await?, row.id, role));
    }
    let body = reader.seek.page(&app, items, Some(total), next);
    Ok(Answer::ok(view.view.position(), body))
}

fn member(user: &ShownUser, id: CustomerUserId, role: DirectoryRole) -> Value {
    let profile = user.profile();
    json!({
        "id": id,
        "displayName": profile.map(|profile| &profile.display_name),
        "userPrincipalName": profile.map(|profile| &profile.user_name),
        "roleId": role.template_id(),
        "attributes": attributes("UserMember"),
    })
}

async fn grant(
    State(app): State<AppState>,
    writer: Writer<(CustomerId, DirectoryRole)>,
) -> Result<Answer, ApiError> {
    let (customer, role) = writer.ids;
    granted(&app, &writer, customer, role).await
}

/// The same, with the role in a parameter.
async fn grant_named(
    State(app): State<AppState>,
    writer: Writer<(CustomerId,)>,
) -> Result<Answer, ApiError> {
    let (customer,) = writer.ids;
    granted(&app, &writer, customer, named(&writer.query, ROLE_PARAMETER)?).await
}

async fn granted<I>(
    app: &AppState,
    writer: &Writer<I>,
    customer: CustomerId,
    role: DirectoryRole,
) -> Result<Answer, ApiError> {
    let user_id: CustomerUserId = writer.body.required("id")?;
    let command = GrantDirectoryRole { user_id, role };
    let outcome = writer.execute(app, &OnCustomer::new(customer, command)).await?;
    let permission = Permission::CustomerUsersView;
    let view = writer.customer_view_after(app, customer, &outcome, permission).await?;
    let row = view.model.customer_users().get(customer, user_id);
    let user = ShownUser::of(app, row.ok_or_else(|| not_found(user_id))?).await?;
    Ok(Answer::created(outcome.position, member(&user, user_id, role)))
}

async fn revoke(
    State(app): State<AppState>,
    writer: Writer<(CustomerId, DirectoryRole, CustomerUserId)>,
) -> Result<Answer, ApiError> {
    let (customer, role, user_id) = writer.ids;
    revoked(&app, &writer, customer, RevokeDirectoryRole { user_id, role }).await
}

/// The same, with role and user in parameters.
async fn revoke_named(
    State(app): State<AppState>,
    writer: Writer<(CustomerId,)>,
) -> Result<Answer, ApiError> {
    let (customer,) = writer.ids;
    let role = named(&writer.query, ROLE_PARAMETER)?;
    let user_id = named(&writer.query, MEMBER_PARAMETER)?;
    revoked(&app, &writer, customer, RevokeDirectoryRole { user_id, role }).await
}

async fn revoked<I>(
    app: &AppState,
    writer: &Writer<I>,
    customer: CustomerId,
    command: RevokeDirectoryRole,
) -> Result<Answer, ApiError> {
    let outcome = writer.execute(app, &OnCustomer::new(customer, command)).await?;
    Ok(Answer::done(outcome.position))
}
