//! The roles of partner users, their members, and the assignment of both.

use axum::{
    Router,
    extract::State,
    routing::{delete, get},
};
use commands::{AssignRole, Permission, RevokeRole, permissions_of};
use events::{Event, PartnerEvent, PartnerUserId, Role};
use serde_json::json;

use super::{
    partner_user_shape::{ShownPartnerUser, shown_role},
    partner_users::not_found,
    path_ids::PathId,
    reading::Reader,
    sorting::Sorting,
    wire::{Answer, extended},
    words::Words,
    writing::Writer,
};
use crate::{
    application::OnPartner,
    http::{ApiError, AppState},
};

pub(super) fn router() -> Router<AppState> {
    let members = "/v1/roles/{role}/usermembers";
    Router::new()
        .route("/v1/roles", get(list))
        .route(members, get(members_of).post(assign))
        .route(&format!("{members}/{{user}}"), delete(revoke))
}

async fn list(State(app): State<AppState>, reader: Reader) -> Result<Answer, ApiError> {
    let view = reader.view(&app, Permission::OwnProfile).await?;
    let only = reader.query().text("role_id").map(<Role as PathId>::read).transpose()?;
    let wanted = |role: &Role| only.is_none_or(|only| only == *role);
    let mut roles: Vec<Role> = Role::ALL.into_iter().filter(wanted).collect();
    if let Some(sorting) = Sorting::of(reader.query(), &SORT_FIELDS)? {
        sorting.sort(&mut roles, |role, field| sort_key(*role, field));
    }
    let page = reader.seek.part_of(&roles, |role| role.id())?;
    let items = page.rows.into_iter().map(|role| {
        let permissions: Vec<_> = permissions_of(*role).iter().map(|it| it.code()).collect();
        extended(shown_role(*role), json!({ "permissions": permissions }))
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

async fn assign(State(app): State<AppState>, writer: Writer<(Role,)>) -> Result<Answer, ApiError> {
    let (role,) = writer.ids;
    let user_id: PartnerUserId = match writer.body.optional("userId")? {
        Some(user) => user,
        None => writer.body.required("id")?,
    };
    let command = AssignRole { user_id, role };
    let outcome = writer.execute(&app, &OnPartner::new(writer.partner(), command)).await?;
    let replaced = outcome.find(|event| match event {
        Event::Partner(PartnerEvent::RoleReplaced(event)) => Some(shown_role(event.old)),
        _ => None,
    });
    let view = writer.view_after(&app, &outcome, Permission::RolesView).await?;
    let row = view.model.partner_users().get(view.partner, user_id);
    let user = ShownPartnerUser::of(&app, row.ok_or_else(|| not_found(user_id))?).await?;
    let body = extended(user.member_of(role), json!({ "replacedRole": replaced }));
    Ok(Answer::created(outcome.position, body))
}

async fn revoke(
    State(app): State<AppState>,
    writer: Writer<(Role, PartnerUserId)>,
) -> Result<Answer, ApiError> {
    let (role, user_id) = writer.ids;
    let command = RevokeRole { user_id, role };
    let outcome = writer.execute(&app, &OnPartner::new(writer.partner(), command)).await?;
    Ok(Answer::done(outcome.position))
}
