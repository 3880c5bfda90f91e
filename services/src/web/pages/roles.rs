//! `/roles`: users against roles, and roles against permissions.

use axum::{Router, response::Response, routing::get};
use commands::Permission;
use events::{Role, RoleCategory};
use maud::{Markup, html};

use crate::{
    http::AppState,
    web::{
        error::PageError,
        layout::{self, Frame, Section},
        names,
        screen::Screen,
    },
};

pub(super) fn router() -> Router<AppState> {
    Router::new().route("/roles", get(matrix)).route("/roles/permissions", get(permissions))
}

/// Which of the pages about roles.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Tab {
    Matrix,
    Permissions,
    History,
}

/// The frame of a page about roles.
pub(super) fn frame(screen: &Screen, tab: Tab) -> Frame<'_> {
    let tabs = [
        ("Who holds which", None, screen.link("/roles"), tab == Tab::Matrix),
        ("What roles allow", None, screen.link("/roles/permissions"), tab == Tab::Permissions),
        ("History", None, screen.link("/roles/history"), tab == Tab::History),
    ];
    Frame::new(screen, Section::Roles, "Roles").tabs(layout::tabs("Roles", &tabs))
}

/// The roles of a category, in the order of the table.
fn roles_of(category: RoleCategory) -> impl Iterator<Item = Role> {
    Role::ALL.into_iter().filter(move |role| role.category() == category)
}

/// The roles by category, each with whether it begins its category.
fn columns() -> Vec<(Role, bool)> {
    let by_category = RoleCategory::ALL.into_iter().flat_map(|category| {
        roles_of(category).enumerate().map(|(index, role)| (role, index == 0))
    });
    by_category.collect()
}

async fn matrix(screen: Screen) -> Result<Response, PageError> {
    screen.allow(Permission::RolesView).await?;
    let matrix = screen.model.role_matrix(screen.visitor.partner);
    let users: Vec<_> = matrix.rows.iter().map(|row| row.user).collect();
    let users = names::open_partner_users(&screen.app, users).await?;
    let body = html! {
        div.table.matrix {
            table #role-matrix {
                caption { "Users and the roles they hold" }
                (head("User"))
                tbody {
                    @for (user, profile) in &users {
                        tr data-user=(user.id) {
                            th scope="row" {
                                a href=(screen.link(&format!("/roles/users/{}", user.id))) {
                                    (names::shown(profile, |profile| profile.full_name.to_string()))
                                }
                            }
                            @for (role, edge) in columns() { (cell(user.roles.has(role), edge)) }
                        }
                    }
                }
                tfoot {
                    tr {
                        th scope="row" { "Holders" }
                        @for (role, edge) in columns() { td.edge[edge] { (matrix.holders(role)) } }
                    }
                }
            }
        }
    };
    Ok(frame(&screen, Tab::Matrix).readable().show(&body))
}

fn head(first: &str) -> Markup {
    html! {
        thead {
            tr {
                th scope="col" rowspan="2" { (first) }
                @for category in RoleCategory::ALL {
                    th scope="colgroup" colspan=(roles_of(category).count()) { (category.title()) }
                }
            }
            tr { @for (role, edge) in columns() { th.edge[edge] scope="col" { (role.title()) } } }
        }
    }
}

fn cell(held: bool, edge: bool) -> Markup {
    html! {
        @if held {
            td.held.edge[edge] { span aria-hidden="true" { "●" } span.hidden { "yes" } }
        } @else {
            td.unheld.edge[edge] { span aria-hidden="true" { "·" } span.hidden { "no" } }
        }
    }
}

async fn permissions(screen: Screen) -> Result<Response, PageError> {
    screen.allow(Permission::RolesView).await?;
    let body = html! {
        div.table.matrix {
            table #permission-matrix {
                caption { "Roles and what they allow" }
                (head("Permission"))
                tbody {
                    @for permission in Permission::ALL {
                        tr {
                            th scope="row" { span title=(permission.code()) { (permission.title()) } }
                            @for (role, edge) in columns() {
                                (cell(commands::allows(role, *permission), edge))
                            }
                        }
                    }
                }
            }
        }
        p.hint { "This is the table by which every command and every page is checked." }
    };
    Ok(frame(&screen, Tab::Permissions).show(&body))
}
