//! Who may do what [our own style]: the one table of roles and permissions, as it is enforced.

use axum::{Router, extract::State, routing::get};
use commands::{Permission, roles_with};
use events::Role;
use serde_json::json;

use super::{
    reading::Reader,
    wire::{Answer, attributes, collection},
};
use crate::http::{ApiError, AppState};

pub(super) fn router() -> Router<AppState> {
    Router::new().route("/v1/permissions", get(list))
}

async fn list(State(app): State<AppState>, reader: Reader) -> Result<Answer, ApiError> {
    let view = reader.view(&app, Permission::OwnProfile).await?;
    let items = Permission::ALL.iter().map(|permission| {
        let roles: Vec<_> = roles_with(*permission).map(Role::name).collect();
        json!({
            "permission": permission.code(),
            "title": permission.title(),
            "roles": roles,
            "attributes": attributes("Permission"),
        })
    });
    Ok(Answer::ok(view.position(), collection(items, "/permissions")))
}
