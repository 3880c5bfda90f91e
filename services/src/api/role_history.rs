//! The history of roles and who holds which now [our own style].

use axum::{Router, extract::State, routing::get};
use commands::Permission;
use events::{Category, PartnerUserId, Position, RecordedEvent, Role, RoleCategory};
use projections::RoleChange;
use serde_json::{Value, json};

use super::{
    partner_user_shape::{ShownPartnerUser, shown_role},
    reading::{Reader, View},
    recorded::Teller,
    wire::{Answer, attributes, extended, self_link},
    words::same_word,
};
use crate::{
    application::{RoleTransition, TransitionKind},
    http::{ApiError, AppState},
};

/// Changes of a part unless the client says otherwise.
const PAGE_CHANGES_DEFAULT: usize = 100;

pub(super) fn router() -> Router<AppState> {
    Router::new().route("/v1/rolehistory", get(history)).route("/v1/rolematrix", get(matrix))
}

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
async fn told(teller: &Teller<'_>, event: &RecordedEvent) -> Result<Value, ApiError> {
    let change = RoleTransition::of(&event.event).ok_or_else(ApiError::internal)?;
    let category = match (change.before.as_slice(), change.after.as_slice()) {
        ([role], [] | [_]) | ([], [role]) => Some(role.category()),
        _ => None,
    };
    let name = teller.user_name(change.user).await?;
    let told = json!({
        "action": action(change.kind),
        "user": extended(json!({ "id": change.user }), name),
        "category": category,
        "rolesBefore": change.before.into_iter().map(shown_role).collect::<Vec<_>>(),
        "rolesAfter": change.after.into_iter().map(shown_role).collect::<Vec<_>>(),
        "attributes": attributes("RoleChange"),
    });
    Ok(extended(teller.circumstances(event).await?, told))
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

async fn matrix(State(app): State<AppState>, reader: Reader) -> Result<Answer, ApiError> {
    let view = reader.view(&app, Permission::RolesView).await?;
    let matrix = view.model.role_matrix(view.partner);
    let mut rows = Vec::with_capacity(matrix.rows.len());
    for row in &matrix.rows {
        rows.push(ShownPartnerUser::of(&app, row.user).await?.shown());
    }
    let roles = Role::ALL
        .map(|role| extended(shown_role(role), json!({ "holders": matrix.holders(role) })));
    let body = json!({
        "totalCount": rows.len(),
        "roles": roles,
        "items": rows,
        "links": self_link("/rolematrix"),
        "attributes": attributes("RoleMatrix"),
    });
    Ok(Answer::ok(view.position(), body))
}
