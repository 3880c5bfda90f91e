//! The history of roles and who holds which now [our own style].

use axum::{Router, extract::State, routing::get};
use commands::Permission;
use events::{
    Category, Event, PartnerEvent, PartnerUserId, Position, RecordedEvent, Role, RoleCategory,
};
use projections::RoleChange;
use serde_json::{Value, json};

use super::{
    partner_user_shape::{ShownPartnerUser, shown_role},
    reading::{Reader, View},
    recorded::{Teller, read},
    wire::{Answer, attributes, extended, self_link},
    words::same_word,
};
use crate::http::{ApiError, AppState};

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
    let teller = Teller::new(&app, &reader.caller, &view).await;
    let mut items = Vec::new();
    // A filter on the category or the company thins parts out: they are filled up from the next.
    loop {
        let (changes, next) = part(&view, user, before, limit - items.len());
        for change in changes {
            let event = read(&app, change.position).await?;
            let is_wanted = category.is_none_or(|category| change.touches(category));
            if is_wanted && is_of(&view, &event) {
                items.push(told(&app, &teller, &event).await?);
            }
        }
        before = next;
        if before.is_none() || items.len() >= limit {
            break;
        }
    }
    let body = reader.seek.collection(&app, items, None, before);
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
async fn told(
    app: &AppState,
    teller: &Teller<'_>,
    event: &RecordedEvent,
) -> Result<Value, ApiError> {
    let Event::Partner(change) = &event.event else { return Err(ApiError::internal()) };
    let (user, action, before, after) = transition(change).ok_or_else(ApiError::internal)?;
    let category = match (before.as_slice(), after.as_slice()) {
        ([role], [] | [_]) | ([], [role]) => Some(role.category()),
        _ => None,
    };
    let name = teller.user_name(user).await?;
    let circumstances = teller.circumstances(event, &app.vault().show(event)).await?;
    let change = json!({
        "action": action,
        "user": extended(json!({ "id": user }), name),
        "category": category,
        "rolesBefore": before.into_iter().map(shown_role).collect::<Vec<_>>(),
        "rolesAfter": after.into_iter().map(shown_role).collect::<Vec<_>>(),
        "attributes": attributes("RoleChange"),
    });
    Ok(extended(circumstances, change))
}

type Transition = (PartnerUserId, &'static str, Vec<Role>, Vec<Role>);

/// Whose roles an event changes, how, from what and to what.
fn transition(event: &PartnerEvent) -> Option<Transition> {
    Some(match event {
        PartnerEvent::RoleAssigned(it) => (it.user_id, "grant", vec![], vec![it.role]),
        PartnerEvent::RoleReplaced(it) => (it.user_id, "replace", vec![it.old], vec![it.new]),
        PartnerEvent::RoleRevoked(it) => (it.user_id, "revoke", vec![it.role], vec![]),
        PartnerEvent::PartnerUserDeleted(it) => {
            (it.user_id, "account_deleted", it.roles.clone(), vec![])
        }
        PartnerEvent::PartnerUserRestored(it) => {
            (it.user_id, "account_restored", vec![], it.roles.clone())
        }
        PartnerEvent::PartnerRegistered(_)
        | PartnerEvent::PartnerUserAdded(_)
        | PartnerEvent::PartnerUserEdited(_)
        | PartnerEvent::PartnerUserPasswordReset(_)
        | PartnerEvent::PartnerUserPurged(_)
        | PartnerEvent::AccessTokenIssued(_)
        | PartnerEvent::AccessTokenRevoked(_) => return None,
    })
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
