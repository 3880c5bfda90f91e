//! Who may do what [our own style]: the one table of roles and permissions, as it is enforced.

use axum::extract::State;
use commands::{Permission, roles_with};
use events::Role;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    reading::Reader,
    shapes::{Attributes, Collection},
    wire::Answer,
};
use crate::http::{ApiError, AppState};

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list))
}

/// Which roles may do something.
#[derive(Serialize, ToSchema)]
struct PermittedRoles {
    /// What.
    #[schema(example = "customers.view")]
    permission: &'static str,
    /// The same, for people.
    #[schema(example = "See customers")]
    title: &'static str,
    /// The names of the roles.
    #[schema(example = json!(["global_admin", "admin_agent", "sales_agent", "helpdesk_agent"]))]
    roles: Vec<&'static str>,
    attributes: Attributes,
}

/// Lists what the program asks permission for, and which roles have it (*own*).
#[utoipa::path(
    get,
    path = "/v1/permissions",
    tag = "Roles",
    responses((status = OK, description = "Every permission.", body = Collection<PermittedRoles>))
)]
async fn list(State(app): State<AppState>, reader: Reader) -> Result<Answer, ApiError> {
    let view = reader.view(&app, Permission::OwnProfile).await?;
    let items = Permission::ALL.iter().map(|permission| PermittedRoles {
        permission: permission.code(),
        title: permission.title(),
        roles: roles_with(*permission).map(Role::name).collect(),
        attributes: Attributes::of("Permission"),
    });
    Ok(Answer::ok(view.position(), Collection::of(items, "/permissions")))
}
