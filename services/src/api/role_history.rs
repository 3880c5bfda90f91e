//! The history of roles and who holds which now [our own style].

use axum::extract::State;
use commands::Permission;
use events::{Category, PartnerUserId, Position, RecordedEvent, Role, RoleCategory};
use projections::RoleChange;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    partner_user_shape::{PartnerRole, PartnerUser, ShownPartnerUser},
    reading::{Reader, View},
    recorded::{Circumstances, PersonName, Teller},
    shapes::{Attributes, Page, SelfLinks},
    wire::Answer,
    words::same_word,
};
use crate::{
    application::{RoleTransition, TransitionKind},
    http::{ApiError, AppState},
};

/// Changes of a part unless the client says otherwise.
const PAGE_CHANGES_DEFAULT: usize = 100;

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(history)).routes(routes!(matrix))
}

/// A change of roles, and under which circumstances it came.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct RoleChangeTold {
    /// Who, when, why, as in the history.
    #[serde(flatten)]
    circumstances: Circumstances,
    /// `grant`, `replace`, `revoke`, `account_deleted` or `account_restored`.
    #[schema(value_type = String, example = "grant")]
    action: &'static str,
    /// Whose roles.
    user: RoleChangeUser,
    /// The category, where one role changed.
    #[schema(value_type = Option<String>, example = "agent")]
    category: Option<&'static str>,
    roles_before: Vec<PartnerRole>,
    roles_after: Vec<PartnerRole>,
    attributes: Attributes,
}

/// Whose roles changed.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct RoleChangeUser {
    #[schema(value_type = Uuid)]
    id: PartnerUserId,
    /// Its name, or why that is not shown.
    #[serde(flatten)]
    name: PersonName,
}

/// Who has which roles.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct RoleMatrix {
    /// How many users there are.
    total_count: usize,
    /// The roles, and how many have each.
    roles: Vec<PartnerRole>,
    /// The users, each with its roles.
    items: Vec<PartnerUser>,
    links: SelfLinks,
    attributes: Attributes,
}

/// Tells how roles changed, the newest change first (*own*).
#[utoipa::path(
    get,
    path = "/v1/rolehistory",
    tag = "Roles",
    params(
        ("userId" = Option<Uuid>, Query, description = "The roles of one user."),
        ("category" = Option<String>, Query, description = "The roles of one category.", example = json!("agent")),
    ),
    responses((status = OK, description = "The changes.", body = Page<RoleChangeTold>))
)]
async fn history(State(app): State<AppState>, reader: Reader) -> Result<Answer, ApiError> {
    let view = reader.view(&app, Permission::RolesView).await?;
    let user: Option<PartnerUserId> = reader.query().optional("userId")?;
    let category = reader.query().text("category").map(read_category).transpose()?;
    let mut before: Option<Position> = reader.seek.after()?;
    let limit = reader.seek.size()?.unwrap_or(PAGE_CHANGES_DEFAULT);
    let teller = Teller::new(&app, &reader.caller, &view).await?;
    let mut items = Vec::new();
    // A filter on the category or the company thins parts out: they are filled up from the next.
    loop {
        let (changes, next) = part(&view, user, before, limit - items.len());
        for change in changes {
            let event = app.event(change.position).await?;
            let is_wanted = category.is_none_or(|category| change.touches(category));
            if is_wanted && is_of(&view, &event) {
                items.push(told(&teller, &event).await?);
            }
        }
        before = next;
        if before.is_none() || items.len() >= limit {
            break;
        }
    }
    let body = reader.seek.page(&app, items, None, before);
    Ok(Answer::ok(view.position(), body))
}

fn part(
    view: &View,
    user: Option<PartnerUserId>,
    before: Option<Position>,
    limit: usize,
) -> (Vec<RoleChange>, Option<Position>) {
    let history = view.model.role_history();
    let page = match user {
        Some(user) => history.user_page(user, before, limit),
        None => history.partner_page(view.partner, before, limit),
    };
    (page.rows, page.next)
}

/// Whether an event happened at the caller's own partner.
fn is_of(view: &View, event: &RecordedEvent) -> bool {
    event.stream.category() == Category::Partner && event.stream.id() == view.partner.as_uuid()
}

fn read_category(text: &str) -> Result<RoleCategory, ApiError> {
    let found = RoleCategory::ALL.into_iter().find(|known| same_word(known.name(), text));
    let names = RoleCategory::ALL.map(RoleCategory::name).join(", ");
    found.ok_or_else(|| ApiError::invalid("category", format!("must be one of {names}")))
}

/// One change: whose roles, from what to what, and under which circumstances.
async fn told(teller: &Teller<'_>, event: &RecordedEvent) -> Result<RoleChangeTold, ApiError> {
    let change = RoleTransition::of(&event.event).ok_or_else(ApiError::internal)?;
    let category = match (change.before.as_slice(), change.after.as_slice()) {
        ([role], [] | [_]) | ([], [role]) => Some(role.category().name()),
        _ => None,
    };
    let name = teller.user_name(change.user).await?;
    Ok(RoleChangeTold {
        circumstances: teller.circumstances(event).await?,
        action: action(change.kind),
        user: RoleChangeUser { id: change.user, name },
        category,
        roles_before: change.before.into_iter().map(PartnerRole::of).collect(),
        roles_after: change.after.into_iter().map(PartnerRole::of).collect(),
        attributes: Attributes::of("RoleChange"),
    })
}

const fn action(kind: TransitionKind) -> &'static str {
    match kind {
        TransitionKind::Granted => "grant",
        TransitionKind::Replaced => "replace",
        TransitionKind::Revoked => "revoke",
        TransitionKind::AccountDeleted => "account_deleted",
        TransitionKind::AccountRestored => "account_restored",
    }
}

/// Tells who has which roles (*own*).
#[utoipa::path(
    get,
    path = "/v1/rolematrix",
    tag = "Roles",
    responses((status = OK, description = "The users with their roles.", body = RoleMatrix))
)]
async fn matrix(State(app): State<AppState>, reader: Reader) -> Result<Answer, ApiError> {
    let view = reader.view(&app, Permission::RolesView).await?;
    let matrix = view.model.role_matrix(view.partner);
    let mut items = Vec::with_capacity(matrix.rows.len());
    for row in &matrix.rows {
        items.push(ShownPartnerUser::of(&app, row.user).await?.shown());
    }
    let with_holders = |role| PartnerRole::of(role).with_holders(matrix.holders(role));
    let body = RoleMatrix {
        total_count: items.len(),
        roles: Role::ALL.into_iter().map(with_holders).collect(),
        items,
        links: SelfLinks::to("/rolematrix"),
        attributes: Attributes::of("RoleMatrix"),
    };
    Ok(Answer::ok(view.position(), body))
}
