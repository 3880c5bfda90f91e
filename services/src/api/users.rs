//! A customer's users, read: those whose accounts work, those that can be restored, and one of them.

use axum::extract::State;
use commands::{Permission, Rejection};
use events::{CustomerId, CustomerUserId, Timestamp};
use projections::{CustomerUserFilter, CustomerUserRow, DeletedUserCursor};
use serde::{Deserialize, Serialize};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    reading::{CustomerView, Reader},
    shapes::Page,
    sorting::Sorting,
    user_changes, user_creation,
    user_filter::WantedUsers,
    user_shape::{CustomerUser, ShownUser},
    wire::Answer,
    words::Words,
};
use crate::http::{ApiError, AppState};

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(
            list,
            user_creation::create,
            user_changes::change_named,
            user_changes::delete_named
        ))
        .routes(routes!(one, user_changes::change, user_changes::delete))
        .routes(routes!(user_changes::reset))
}

type CustomerPath = (CustomerId,);

/// Lists a customer's users whose accounts work, or the deleted ones that can be restored.
#[utoipa::path(
    get,
    path = "/v1/customers/{customer}/users",
    tag = "Users",
    params(
        (
            "filter" = Option<String>, Query,
            description = "JSON: `UserState` equals `Active` or `Inactive`.",
            example = json!("{\"Field\":\"UserState\",\"Value\":\"Inactive\",\"Operator\":\"equals\"}")
        ),
        ("sortField" = Option<String>, Query, description = "`DisplayName` or `UserPrincipalName`.", example = "DisplayName"),
        ("sortDirection" = Option<String>, Query, description = "`Ascending` or `Descending`.", example = "Ascending"),
        ("licensed" = Option<bool>, Query, description = "Those with or without licences (*own*)."),
        ("skuId" = Option<Uuid>, Query, description = "Those with a licence of this product (*own*)."),
        (
            "subscriptionId" = Option<Uuid>, Query,
            description = "Those with a licence of the product of this subscription (*own*)."
        ),
        ("domain" = Option<String>, Query, description = "Those of this domain (*own*).", example = "relecloud.example"),
        ("text" = Option<String>, Query, description = "Those whose names contain it (*own*).", example = "nora")
    ),
    responses((status = OK, description = "A part of the list.", body = Page<CustomerUser>))
)]
async fn list(
    State(app): State<AppState>,
    reader: Reader<CustomerPath>,
) -> Result<Answer, ApiError> {
    let (customer,) = reader.ids;
    let view = reader.customer_view(&app, customer, Permission::CustomerUsersView).await?;
    let wanted = WantedUsers::of(&app, reader.query(), &view)?;
    let sort = Sorting::of(reader.query(), &SORT_FIELDS)?;
    let body = if sort.is_some() || wanted.must_be_opened() {
        opened(&app, &reader, &view, &wanted, sort).await?
    } else if wanted.filter.deleted {
        restorable(&app, &reader, &view).await?
    } else {
        active(&app, &reader, &view, &wanted.filter).await?
    };
    Ok(Answer::ok(view.view.position(), body))
}

/// The users whose accounts work and whom the filter admits, in the order of creation.
async fn active(
    app: &AppState,
    reader: &Reader<CustomerPath>,
    view: &CustomerView,
    filter: &CustomerUserFilter,
) -> Result<Page<CustomerUser>, ApiError> {
    let users = view.view.model.customer_users();
    let between = |after: Option<&CustomerUserId>, before: Option<&CustomerUserId>| {
        users.between(view.customer, filter, after.copied(), before.copied())
    };
    let page = reader.seek.part(between, |row| row.id)?;
    let items = shown(app, &page.rows).await?;
    let total = users.total(view.customer, filter);
    Ok(reader.seek.both_ways(app, items, Some(total), page.ways))
}

/// A place in the list of deleted users, as tokens carry it.
#[derive(Serialize, Deserialize)]
struct Place(Timestamp, CustomerUserId);

/// The users that can be restored, newest deletion first.
async fn restorable(
    app: &AppState,
    reader: &Reader<CustomerPath>,
    view: &CustomerView,
) -> Result<Page<CustomerUser>, ApiError> {
    let after = reader.seek.after::<Place>()?;
    let after =
        after.map(|Place(restorable_until, user)| DeletedUserCursor { restorable_until, user });
    let limit = reader.seek.limit()?;
    let model = &view.view.model;
    let page = model.deleted_users().restorable_page(view.customer, view.view.at, after, limit);
    let users = model.customer_users();
    let rows = page.rows.iter().filter_map(|row| users.get(view.customer, row.user));
    let items = shown(app, &rows.collect::<Vec<_>>()).await?;
    let next = page.next.map(|cursor| Place(cursor.restorable_until, cursor.user));
    Ok(reader.seek.page(app, items, Some(page.total), next))
}

async fn shown(app: &AppState, rows: &[&CustomerUserRow]) -> Result<Vec<CustomerUser>, ApiError> {
    let mut items = Vec::with_capacity(rows.len());
    for row in rows {
        items.push(ShownUser::of(app, row).await?.shown());
    }
    Ok(items)
}

/// By what users are sorted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum SortField {
    DisplayName,
    UserName,
}

const SORT_FIELDS: Words<SortField> = Words {
    field: "sortField",
    all: &[("display_name", SortField::DisplayName), ("user_principal_name", SortField::UserName)],
};

/// By what a user is sorted: who cannot be shown comes first.
fn sort_key(user: &ShownUser, field: SortField) -> String {
    let profile = user.profile();
    let name = profile.map(|profile| match field {
        SortField::DisplayName => profile.display_name.as_str(),
        SortField::UserName => profile.user_name.as_str(),
    });
    name.unwrap_or_default().to_lowercase()
}

/// The users found or sorted by their names; unsorted, in the order of creation.
///
/// Names are personal, so a token holds a user instead of its name: the list goes on from the name
/// that user has by then.
async fn opened(
    app: &AppState,
    reader: &Reader<CustomerPath>,
    view: &CustomerView,
    wanted: &WantedUsers,
    sort: Option<Sorting<SortField>>,
) -> Result<Page<CustomerUser>, ApiError> {
    let users = view.view.model.customer_users();
    let is_there = |row: &&CustomerUserRow| row.state.is_there_at(view.view.at);
    let key = |user: &ShownUser| sort.map(|sort| sort_key(user, sort.field)).unwrap_or_default();
    let mut keyed = Vec::new();
    for row in users.matching(view.customer, &wanted.filter).filter(is_there) {
        let user = ShownUser::of(app, row).await?;
        if wanted.names(user.profile()) {
            keyed.push(((key(&user), row.id), user));
        }
    }
    let total = keyed.len();
    let descending = sort.is_some_and(|sort| sort.descending);
    let order = |one: &Key, other: &Key| if descending { other.cmp(one) } else { one.cmp(other) };
    keyed.sort_by(|(one, _), (other, _)| order(one, other));
    let place = match reader.seek.place::<CustomerUserId>()? {
        Some(id) => Some((key(&ShownUser::of(app, row_of(view, id)?).await?), id)),
        None => None,
    };
    let key_of = |id: &CustomerUserId| {
        let known = keyed.iter().map(|(key, _)| key).find(|key| key.1 == *id);
        known.or(place.as_ref()).cloned()
    };
    let between = |after: Option<&CustomerUserId>, before: Option<&CustomerUserId>| {
        let (after, before) = (after.and_then(key_of), before.and_then(key_of));
        keyed.iter().filter(move |(key, _)| {
            after.as_ref().is_none_or(|after| order(key, after).is_gt())
                && before.as_ref().is_none_or(|before| order(key, before).is_lt())
        })
    };
    let page = reader.seek.part(between, |((_, id), _)| *id)?;
    let items = page.rows.into_iter().map(|(_, user)| user.shown());
    Ok(reader.seek.both_ways(app, items, Some(total), page.ways))
}

/// By what a user is sorted, and the user itself, which makes it unique.
type Key = (String, CustomerUserId);

/// Tells about a user.
#[utoipa::path(
    get,
    path = "/v1/customers/{customer}/users/{user}",
    tag = "Users",
    responses((status = OK, description = "The user.", body = CustomerUser))
)]
async fn one(
    State(app): State<AppState>,
    reader: Reader<(CustomerId, CustomerUserId)>,
) -> Result<Answer, ApiError> {
    let (customer, user) = reader.ids;
    let view = reader.customer_view(&app, customer, Permission::CustomerUsersView).await?;
    let shown = ShownUser::of(&app, row_of(&view, user)?).await?.shown();
    Ok(Answer::ok(view.view.position(), shown))
}

/// A user that works, or can be restored at the moment of the view.
pub(super) fn row_of(
    view: &CustomerView,
    user: CustomerUserId,
) -> Result<&CustomerUserRow, ApiError> {
    let row = view.view.model.customer_users().get(view.customer, user);
    row.filter(|row| row.state.is_there_at(view.view.at)).ok_or_else(|| not_found(user))
}

/// The answer for a user that is not there (any more).
pub(super) fn not_found(user: CustomerUserId) -> ApiError {
    (&Rejection::CustomerUserNotFound { user_id: user }).into()
}
