//! `/`: leads to the first page that the visitor's roles open.

use axum::{
    Router,
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use commands::{Permission, Rejection};

use crate::{
    http::AppState,
    web::{error::PageError, signed_in::Visitor},
};

pub(super) fn router() -> Router<AppState> {
    Router::new().route("/", get(show))
}

const FIRST_PAGES: [(Permission, &str); 7] = [
    (Permission::CustomersView, "/customers"),
    (Permission::PartnerUsersView, "/users"),
    (Permission::LeadsView, "/leads"),
    (Permission::BillingView, "/invoices"),
    (Permission::ActivityLogView, "/audit"),
    (Permission::ReportsView, "/reports"),
    (Permission::OwnProfile, "/account"),
];

async fn show(visitor: Visitor) -> Result<Response, PageError> {
    let first = FIRST_PAGES.iter().find(|(permission, _)| visitor.may(*permission));
    match first {
        Some((_, path)) => Ok(Redirect::to(path).into_response()),
        None => Err((&Rejection::NoRole).into()),
    }
}
