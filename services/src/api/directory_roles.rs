//! The roles that a customer's users have inside their company.

use axum::extract::State;
use commands::{GrantDirectoryRole, Permission, RevokeDirectoryRole};
use events::{CustomerId, CustomerUserId, DirectoryRole as Role};
use projections::CustomerUserRow;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::{
    path_ids::named,
    reading::Reader,
    shapes::{Attributes, Collection, Page},
    user_shape::ShownUser,
    users::{not_found, row_of},
    wire::Answer,
    writing::Writer,
};
use crate::{
    application::OnCustomer,
    http::{ApiError, AppState},
};

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list, grant_named, revoke_named))
        .routes(routes!(of_user))
        .routes(routes!(members_of, grant))
        .routes(routes!(revoke))
}

/// A role that a customer's users can have inside their company.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct DirectoryRole {
    #[schema(value_type = Uuid, example = "62e90394-69f5-4237-9190-012177145e10")]
    id: Uuid,
    #[schema(value_type = String, example = "Company Administrator")]
    name: &'static str,
    attributes: Attributes,
}

/// A user that has a role.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct DirectoryRoleMember {
    #[schema(value_type = Uuid)]
    id: CustomerUserId,
    display_name: Option<String>,
    user_principal_name: Option<String>,
    #[schema(value_type = Uuid, example = "62e90394-69f5-4237-9190-012177145e10")]
    role_id: Uuid,
    attributes: Attributes,
}

/// The user that gets a role.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "the document's view of a body that is read member by member")]
struct NewDirectoryRoleMember {
    #[schema(value_type = Uuid)]
    id: CustomerUserId,
}

/// The parameter in which older clients name the role.
const ROLE_PARAMETER: &str = "role_id";
/// The parameter in which they name the user.
const MEMBER_PARAMETER: &str = "member_id";

fn shown(role: Role) -> DirectoryRole {
    DirectoryRole {
        id: role.template_id(),
        name: role.title(),
        attributes: Attributes::of("DirectoryRole"),
    }
}

/// Lists the roles that a customer's users can have inside their company.
#[utoipa::path(
    get,
    path = "/v1/customers/{customer}/directoryroles",
    tag = "Directory roles",
    params((
        "role_id" = Option<Uuid>, Query, description = "Only this role.",
        example = json!("62e90394-69f5-4237-9190-012177145e10")
    )),
    responses((status = OK, description = "The roles.", body = Collection<DirectoryRole>))
)]
async fn list(
    State(app): State<AppState>,
    reader: Reader<(CustomerId,)>,
) -> Result<Answer, ApiError> {
    let (customer,) = reader.ids;
    let view = reader.customer_view(&app, customer, Permission::CustomerUsersView).await?;
    let asked = reader.query().text(ROLE_PARAMETER);
    let asked = asked.map(|_| named::<Role>(reader.query(), ROLE_PARAMETER));
    let asked = asked.transpose()?;
    let uri = format!("/customers/{customer}/directoryroles");
    let roles = Role::ALL.into_iter().filter(|role| asked.is_none_or(|it| it == *role));
    let body = Collection::of(roles.map(shown), uri);
    Ok(Answer::ok(view.view.position(), body))
}

/// Lists the roles of a user.
#[utoipa::path(
    get,
    path = "/v1/customers/{customer}/users/{user}/directoryroles",
    tag = "Directory roles",
    responses((status = OK, description = "The roles.", body = Collection<DirectoryRole>))
)]
async fn of_user(
    State(app): State<AppState>,
    reader: Reader<(CustomerId, CustomerUserId)>,
) -> Result<Answer, ApiError> {
    let (customer, user) = reader.ids;
    let view = reader.customer_view(&app, customer, Permission::CustomerUsersView).await?;
    let roles = row_of(&view, user)?.directory_roles;
    let uri = format!("/customers/{customer}/users/{user}/directoryroles");
    Ok(Answer::ok(view.view.position(), Collection::of(roles.iter().map(shown), uri)))
}

/// Lists the users that have a role.
#[utoipa::path(
    get,
    path = "/v1/customers/{customer}/directoryroles/{role}/usermembers",
    tag = "Directory roles",
    responses((status = OK, description = "A part of the list.", body = Page<DirectoryRoleMember>))
)]
async fn members_of(
    State(app): State<AppState>,
    reader: Reader<(CustomerId, Role)>,
) -> Result<Answer, ApiError> {
    let (customer, role) = reader.ids;
    let view = reader.customer_view(&app, customer, Permission::CustomerUsersView).await?;
    let users = view.view.model.customer_users();
    let rows: Vec<&CustomerUserRow> = users.members(customer, role, None).collect();
    let between = |after: Option<&CustomerUserId>, before: Option<&CustomerUserId>| {
        let (after, before) = (after.copied(), before.copied());
        rows.iter().copied().filter(move |row| {
            after.is_none_or(|after| row.id > after) && before.is_none_or(|before| row.id < before)
        })
    };
    let page = reader.seek.part(between, |row| row.id)?;
    let mut items = Vec::with_capacity(page.rows.len());
    for row in page.rows {
        items.push(member(&ShownUser::of(&app, row).await?, row.id, role));
    }
    let body = reader.seek.both_ways(&app, items, Some(rows.len()), page.ways);
    Ok(Answer::ok(view.view.position(), body))
}

fn member(user: &ShownUser, id: CustomerUserId, role: Role) -> DirectoryRoleMember {
    let profile = user.profile();
    DirectoryRoleMember {
        id,
        display_name: profile.map(|profile| profile.display_name.to_string()),
        user_principal_name: profile.map(|profile| profile.user_name.to_string()),
        role_id: role.template_id(),
        attributes: Attributes::of("UserMember"),
    }
}

/// Gives a role to a user.
#[utoipa::path(
    post,
    path = "/v1/customers/{customer}/directoryroles/{role}/usermembers",
    tag = "Directory roles",
    request_body = NewDirectoryRoleMember,
    responses((status = CREATED, description = "The user.", body = DirectoryRoleMember))
)]
async fn grant(
    State(app): State<AppState>,
    writer: Writer<(CustomerId, Role)>,
) -> Result<Answer, ApiError> {
    let (customer, role) = writer.ids;
    granted(&app, &writer, customer, role).await
}

/// Gives a role to a user, as older clients do.
#[utoipa::path(
    post,
    path = "/v1/customers/{customer}/directoryroles",
    tag = "Directory roles",
    params((
        "role_id" = Uuid, Query, description = "The role.",
        example = json!("62e90394-69f5-4237-9190-012177145e10")
    )),
    request_body = NewDirectoryRoleMember,
    responses((status = CREATED, description = "The user.", body = DirectoryRoleMember))
)]
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
    role: Role,
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

/// Takes a role from a user.
#[utoipa::path(
    delete,
    path = "/v1/customers/{customer}/directoryroles/{role}/usermembers/{user}",
    tag = "Directory roles",
    responses((status = NO_CONTENT, description = "It is taken."))
)]
async fn revoke(
    State(app): State<AppState>,
    writer: Writer<(CustomerId, Role, CustomerUserId)>,
) -> Result<Answer, ApiError> {
    let (customer, role, user_id) = writer.ids;
    revoked(&app, &writer, customer, RevokeDirectoryRole { user_id, role }).await
}

/// Takes a role from a user, as older clients do.
#[utoipa::path(
    delete,
    path = "/v1/customers/{customer}/directoryroles",
    tag = "Directory roles",
    params(
        (
            "role_id" = Uuid, Query, description = "The role.",
            example = json!("62e90394-69f5-4237-9190-012177145e10")
        ),
        (
            "member_id" = Uuid, Query, description = "The user.",
            example = json!("3fa85f64-5717-4562-b3fc-2c963f66afa6")
        )
    ),
    responses((status = NO_CONTENT, description = "It is taken."))
)]
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
