//! The roles of partner users, their members, and the assignment of both.

use axum::extract::State;
use commands::{AssignRole, Permission, RevokeRole, permissions_of};
use events::{Event, PartnerEvent, PartnerUserId, Role, RoleEvent};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    partner_user_shape::{PartnerRole, PartnerRoleMember, ShownPartnerUser},
    partner_users::not_found,
    path_ids::{PathId, named},
    reading::Reader,
    shapes::Page,
    sorting::Sorting,
    wire::Answer,
    words::Words,
    writing::Writer,
};
use crate::{
    application::OnPartner,
    http::{ApiError, AppState},
};

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list, assign_named, revoke_named))
        .routes(routes!(members_of, assign))
        .routes(routes!(revoke))
}

/// Lists the roles of those who work for partners, and what each includes.
#[utoipa::path(
    get,
    path = "/v1/roles",
    tag = "Roles",
    params(
        ("role_id" = Option<String>, Query, description = "One role, by its id or name.", example = json!("admin_agent")),
        ("sortField" = Option<String>, Query, description = "Name, Category or Id.", example = json!("Name")),
        ("sortDirection" = Option<String>, Query, description = "Ascending or Descending.", example = json!("Ascending")),
    ),
    responses((status = OK, description = "The roles.", body = Page<PartnerRole>))
)]
async fn list(State(app): State<AppState>, reader: Reader) -> Result<Answer, ApiError> {
    let view = reader.view(&app, Permission::OwnProfile).await?;
    let only = reader.query().text(ROLE_PARAMETER).map(<Role as PathId>::read).transpose()?;
    let wanted = |role: &Role| only.is_none_or(|only| only == *role);
    let mut roles: Vec<Role> = Role::ALL.into_iter().filter(wanted).collect();
    if let Some(sorting) = Sorting::of(reader.query(), &SORT_FIELDS)? {
        sorting.sort(&mut roles, |role, field| sort_key(*role, field));
    }
    let page = reader.seek.part_of(&roles, |role| role.id())?;
    let items = page.rows.into_iter().map(|role| {
        let permissions: Vec<_> = permissions_of(*role).iter().map(|it| it.code()).collect();
        PartnerRole::of(*role).with_permissions(permissions)
    });
    let body = reader.seek.both_ways(&app, items, Some(roles.len()), page.ways);
    Ok(Answer::ok(view.position(), body))
}

/// By what roles are sorted.
#[derive(Clone, Copy)]
enum SortField {
    Name,
    Category,
    Id,
}

const SORT_FIELDS: Words<SortField> = Words {
    field: "sortField",
    all: &[("name", SortField::Name), ("category", SortField::Category), ("id", SortField::Id)],
};

fn sort_key(role: Role, field: SortField) -> String {
    match field {
        SortField::Name => role.title().to_lowercase(),
        SortField::Category => role.category().name().to_owned(),
        SortField::Id => role.id().to_string(),
    }
}

/// Lists the users who have a role.
#[utoipa::path(
    get,
    path = "/v1/roles/{role}/usermembers",
    tag = "Roles",
    params(("role" = String, Path, description = "Its id or name.", example = json!("sales_agent"))),
    responses((status = OK, description = "Those users.", body = Page<PartnerRoleMember>))
)]
async fn members_of(
    State(app): State<AppState>,
    reader: Reader<(Role,)>,
) -> Result<Answer, ApiError> {
    let (role,) = reader.ids;
    let view = reader.view(&app, Permission::RolesView).await?;
    let users = view.model.partner_users();
    let between = |after: Option<&PartnerUserId>, before: Option<&PartnerUserId>| {
        let active = users.active_between(view.partner, after.copied(), before.copied());
        active.filter(|row| row.roles.has(role))
    };
    let page = reader.seek.part(between, |row| row.id)?;
    let mut items = Vec::with_capacity(page.rows.len());
    for row in page.rows {
        items.push(ShownPartnerUser::of(&app, row).await?.member_of(role));
    }
    let total = between(None, None).count();
    let body = reader.seek.both_ways(&app, items, Some(total), page.ways);
    Ok(Answer::ok(view.position(), body))
}

/// A user to be given a role.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "the document's view of a body that is read member by member")]
struct PartnerRoleMemberGiven {
    /// The user; `userId` says the same.
    #[schema(value_type = Uuid)]
    id: PartnerUserId,
}

/// Gives a user a role; one of the same category gives way.
#[utoipa::path(
    post,
    path = "/v1/roles/{role}/usermembers",
    tag = "Roles",
    params(("role" = String, Path, description = "Its id or name.", example = json!("sales_agent"))),
    request_body = PartnerRoleMemberGiven,
    responses((status = CREATED, description = "The user has it.", body = PartnerRoleMember))
)]
async fn assign(State(app): State<AppState>, writer: Writer<(Role,)>) -> Result<Answer, ApiError> {
    assigned(&app, &writer, writer.ids.0).await
}

/// The parameter that names a role.
const ROLE_PARAMETER: &str = "role_id";

/// Gives a user a role, as older clients name it.
#[utoipa::path(
    post,
    path = "/v1/roles",
    tag = "Roles",
    params(("role_id" = String, Query, description = "Its id or name.", example = json!("sales_agent"))),
    request_body = PartnerRoleMemberGiven,
    responses((status = CREATED, description = "The user has it.", body = PartnerRoleMember))
)]
async fn assign_named(State(app): State<AppState>, writer: Writer) -> Result<Answer, ApiError> {
    let role = named::<Role>(&writer.query, ROLE_PARAMETER)?;
    assigned(&app, &writer, role).await
}

async fn assigned<I>(app: &AppState, writer: &Writer<I>, role: Role) -> Result<Answer, ApiError> {
    let user_id: PartnerUserId = match writer.body.optional("userId")? {
        Some(user) => user,
        None => writer.body.required("id")?,
    };
    let command = AssignRole { user_id, role };
    let outcome = writer.execute(app, &OnPartner::new(writer.partner(), command)).await?;
    let replaced = outcome.find(|event| match event {
        Event::Partner(PartnerEvent::Role(RoleEvent::RoleReplaced(event))) => {
            Some(PartnerRole::of(event.old))
        }
        _ => None,
    });
    let view = writer.view_after(app, &outcome, Permission::RolesView).await?;
    let row = view.model.partner_users().get(view.partner, user_id);
    let user = ShownPartnerUser::of(app, row.ok_or_else(|| not_found(user_id))?).await?;
    let mut body = user.member_of(role);
    body.replaced_role = replaced;
    Ok(Answer::created(outcome.position, body))
}

/// Takes a role from a user.
#[utoipa::path(
    delete,
    path = "/v1/roles/{role}/usermembers/{user}",
    tag = "Roles",
    params(("role" = String, Path, description = "Its id or name.", example = json!("sales_agent"))),
    responses((status = NO_CONTENT, description = "The user does not have it any more."))
)]
async fn revoke(
    State(app): State<AppState>,
    writer: Writer<(Role, PartnerUserId)>,
) -> Result<Answer, ApiError> {
    let (role, user_id) = writer.ids;
    revoked(&app, &writer, role, user_id).await
}

/// Takes a role from a user, as older clients name both.
#[utoipa::path(
    delete,
    path = "/v1/roles",
    tag = "Roles",
    params(
        ("role_id" = String, Query, description = "Its id or name.", example = json!("sales_agent")),
        ("member_id" = Uuid, Query, description = "The user."),
    ),
    responses((status = NO_CONTENT, description = "The user does not have it any more."))
)]
async fn revoke_named(State(app): State<AppState>, writer: Writer) -> Result<Answer, ApiError> {
    let role = named::<Role>(&writer.query, ROLE_PARAMETER)?;
    let user_id = named::<PartnerUserId>(&writer.query, "member_id")?;
    revoked(&app, &writer, role, user_id).await
}

async fn revoked<I>(
    app: &AppState,
    writer: &Writer<I>,
    role: Role,
    user_id: PartnerUserId,
) -> Result<Answer, ApiError> {
    let command = RevokeRole { user_id, role };
    let outcome = writer.execute(app, &OnPartner::new(writer.partner(), command)).await?;
    Ok(Answer::done(outcome.position))
}
