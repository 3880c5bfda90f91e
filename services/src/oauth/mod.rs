//! Tokens over HTTP, in the shapes that clients of the contract know: the two token endpoints, the
//! second hop of old clients, and what is published about the keys.

mod client;
mod discovery;
mod error;
mod form;
mod grants;
mod second_hop;

use axum::{
    Router,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde_json::Value;

use crate::http::AppState;

/// Every route of this kind.
pub(crate) fn router() -> Router<AppState> {
    Router::new()
        .route("/{tenant}/oauth2/token", post(grants::token_v1))
        .route("/{tenant}/oauth2/v2.0/token", post(grants::token_v2))
        .route("/generatetoken", post(second_hop::generate_token))
        .route("/{tenant}/.well-known/openid-configuration", get(discovery::configuration_v1))
        .route("/{tenant}/v2.0/.well-known/openid-configuration", get(discovery::configuration_v2))
        .route("/{tenant}/discovery/keys", get(discovery::keys))
        .route("/{tenant}/discovery/v2.0/keys", get(discovery::keys))
}

/// An answer that holds a token: kept nowhere on its way.
fn not_stored(body: Value) -> Response {
    let mut response = axum::Json(body).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::PRAGMA, HeaderValue::from_static("no-cache"));
    response
}
