//! A partner's own users [our own style]: listed, shown, added, deleted, restored.

use axum::extract::State;
use commands::{DeletePartnerUser, Permission, Rejection};
use events::{Event, Opened, PartnerEvent, PartnerUserId, Role, RoleEvent};
use projections::{PartnerUserRow, UserState};
use serde_json::Value;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    partner_user_changes,
    partner_user_shape::{PartnerProfileChange, PartnerUser, ShownPartnerUser},
    passwords::{refuse_chosen, shown_password},
    path_ids::role,
    reading::{Reader, View, readable},
    shapes::Page,
    sorting::Sorting,
    user_shape::WantedState,
    wire::Answer,
    words::Words,
    writing::Writer,
};
use crate::{
    application::OnPartner,
    http::{ApiError, AppState, JsonBody},
};

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list, add))
        .routes(routes!(one, partner_user_changes::change, delete))
        .routes(routes!(partner_user_changes::restore))
        .routes(routes!(partner_user_changes::reset, partner_user_changes::reset_by_post))
}

/// Lists the partner's users (*own*).
#[utoipa::path(
    get,
    path = "/v1/users",
    tag = "Partner users",
    params(
        ("filter" = Option<String>, Query, description = "UserState equals Active or Inactive: those that were deleted and can be restored.", example = json!(r#"{"Field":"UserState","Value":"Inactive","Operator":"equals"}"#)),
        ("sortField" = Option<String>, Query, description = "DisplayName or UserPrincipalName.", example = json!("DisplayName")),
        ("sortDirection" = Option<String>, Query, description = "Ascending or Descending.", example = json!("Ascending")),
    ),
    responses((status = OK, description = "The users.", body = Page<PartnerUser>))
)]
async fn list(State(app): State<AppState>, reader: Reader) -> Result<Answer, ApiError> {
    let view = reader.view(&app, Permission::PartnerUsersView).await?;
    let users = view.model.partner_users();
    let sorting = Sorting::of(reader.query(), &SORT_FIELDS)?;
    let mut rows: Vec<&PartnerUserRow> = match WantedState::of(reader.query())? {
        WantedState::Active => users.active(view.partner).collect(),
        WantedState::Inactive => {
            let deleted = view.model.deleted_users();
            let restorable = deleted.restorable_partner_users(view.partner, view.at);
            let rows = restorable.filter_map(|row| users.get(view.partner, row.user));
            rows.collect()
        }
    };
    rows.sort_by_key(|row| row.id);
    let mut shown = Vec::new();
    let page = match sorting {
        None => reader.seek.part_of(&rows, |row| row.id)?.map(|row| *row),
        // Names are sealed: to be sorted by them, every user is opened.
        Some(sorting) => {
            for row in rows.iter().copied() {
                shown.push((row, ShownPartnerUser::of(&app, row).await?));
            }
            sorting.sort(&mut shown, |(_, user), field| sort_key(user, field));
            reader.seek.part_of(&shown, |(row, _)| row.id)?.map(|(row, _)| *row)
        }
    };
    let mut items = Vec::with_capacity(page.rows.len());
    for row in page.rows {
        items.push(ShownPartnerUser::of(&app, row).await?.shown());
    }
    let body = reader.seek.both_ways(&app, items, Some(rows.len()), page.ways);
    Ok(Answer::ok(view.position(), body))
}

/// By what users are sorted.
#[derive(Clone, Copy)]
enum SortField {
    DisplayName,
    UserName,
}

const SORT_FIELDS: Words<SortField> = Words {
    field: "sortField",
    all: &[("display_name", SortField::DisplayName), ("user_principal_name", SortField::UserName)],
};

/// By what a user is sorted: who cannot be shown comes first.
fn sort_key(user: &ShownPartnerUser, field: SortField) -> String {
    let profile = readable(&user.profile);
    let name = profile.map(|profile| match field {
        SortField::DisplayName => profile.full_name.to_string(),
        SortField::UserName => profile.email.to_string(),
    });
    name.unwrap_or_default().to_lowercase()
}

/// Shows one of the partner's users (*own*).
///
/// Everybody sees himself; who may view users sees them all.
#[utoipa::path(
    get,
    path = "/v1/users/{user}",
    tag = "Partner users",
    responses((status = OK, description = "The user.", body = PartnerUser))
)]
async fn one(
    State(app): State<AppState>,
    reader: Reader<(PartnerUserId,)>,
) -> Result<Answer, ApiError> {
    let (user,) = reader.ids;
    let view = reader.view(&app, viewing(&reader.caller, user)).await?;
    let shown = ShownPartnerUser::of(&app, row_of(&view, user)?).await?.shown();
    Ok(Answer::ok(view.position(), shown))
}

/// What seeing a user requires.
pub(super) fn viewing(caller: &crate::http::Caller, user: PartnerUserId) -> Permission {
    if caller.is(user) { Permission::OwnProfile } else { Permission::PartnerUsersView }
}

/// A user of the caller's partner that works, or can be restored at the moment of the view.
pub(super) fn row_of(view: &View, user: PartnerUserId) -> Result<&PartnerUserRow, ApiError> {
    let row = view.model.partner_users().get(view.partner, user);
    row.filter(|row| row.state.is_there_at(view.at)).ok_or_else(|| not_found(user))
}

/// The answer for a user that is not there (any more).
pub(super) fn not_found(user: PartnerUserId) -> ApiError {
    (&Rejection::PartnerUserNotFound { user_id: user }).into()
}

/// A user to be added.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "the document's view of a body that is read member by member")]
struct NewPartnerUser {
    /// The name; `displayName` says the same.
    #[schema(example = "Nora Berg")]
    full_name: String,
    /// The address, which is the name to sign in with; `userPrincipalName` says the same.
    email: String,
    /// Names of roles, or their ids, at most one of each category.
    #[schema(example = json!(["sales_agent"]))]
    roles: Option<Vec<String>>,
    /// Whether the user does not get the default level.
    #[schema(example = false)]
    withhold_default_access: Option<bool>,
}

/// Adds a user, and shows its temporary password once (*own*).
#[utoipa::path(
    post,
    path = "/v1/users",
    tag = "Partner users",
    request_body = NewPartnerUser,
    responses((status = CREATED, description = "The user, with the password.", body = PartnerUser))
)]
async fn add(State(app): State<AppState>, writer: Writer) -> Result<Answer, ApiError> {
    let profile = PartnerProfileChange::read(&writer.body)?.complete()?;
    refuse_chosen(&writer.body)?;
    let roles = read_roles(&writer.body)?;
    let withhold = writer.body.plain("withholdDefaultAccess")?.unwrap_or(false);
    let (call, partner) = (writer.call(&app)?, writer.partner());
    let added = app.add_partner_user(&call, partner, profile.clone(), roles, withhold).await?;
    let roles = added.outcome.events.iter().filter_map(|event| match event {
        Event::Partner(PartnerEvent::Role(RoleEvent::RoleAssigned(event))) => Some(event.role),
        _ => None,
    });
    let user = ShownPartnerUser {
        partner,
        id: added.id,
        profile: Opened::Readable(profile),
        state: UserState::Active,
        roles: roles.collect(),
    };
    let mut body = user.shown();
    body.password_profile = Some(shown_password(added.password.as_ref()));
    Ok(Answer::created(added.outcome.position, body))
}

/// The roles in a body: names or ids, or objects with either.
fn read_roles(body: &JsonBody) -> Result<Vec<Role>, ApiError> {
    let items: Vec<Value> = body.plain("roles")?.unwrap_or_default();
    let roles = items.iter().enumerate().map(|(index, item)| {
        let member = |name: &str| item.get(name).and_then(Value::as_str);
        let text = item.as_str().or_else(|| member("id")).or_else(|| member("name"));
        let unknown = || ApiError::invalid(&format!("roles[{index}]"), "is no role");
        text.and_then(role).ok_or_else(unknown)
    });
    roles.collect()
}

/// Deletes a user; it can be restored for 30 days (*own*).
#[utoipa::path(
    delete,
    path = "/v1/users/{user}",
    tag = "Partner users",
    responses((status = NO_CONTENT, description = "It is deleted."))
)]
async fn delete(
    State(app): State<AppState>,
    writer: Writer<(PartnerUserId,)>,
) -> Result<Answer, ApiError> {
    let (user_id,) = writer.ids;
    let use_case = OnPartner::new(writer.partner(), DeletePartnerUser { user_id });
    let outcome = writer.execute(&app, &use_case).await?;
    Ok(Answer::done(outcome.position))
}
