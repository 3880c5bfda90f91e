//! Tokens over HTTP, in the shapes that clients of the contract know: the two token endpoints, the
//! second hop of old clients, and what is published about the keys.

mod client;
mod discovery;
mod error;
mod form;
mod grants;
mod second_hop;
mod shapes;

use axum::{
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::http::AppState;

/// Every route of this kind.
pub(crate) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(grants::token_v1))
        .routes(routes!(grants::token_v2))
        .routes(routes!(second_hop::generate_token))
        .routes(routes!(discovery::configuration_v1))
        .routes(routes!(discovery::configuration_v2))
        .routes(routes!(discovery::keys_v1))
        .routes(routes!(discovery::keys_v2))
}

/// An answer that holds a token: kept nowhere on its way.
fn not_stored(body: impl Serialize) -> Response {
    let mut response = axum::Json(body).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::PRAGMA, HeaderValue::from_static("no-cache"));
    response
}
