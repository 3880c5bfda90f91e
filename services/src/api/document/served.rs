//! `/openapi.json`: the document, open to everybody.

use axum::{Router, http::header, response::IntoResponse, routing::get};
use bytes::Bytes;
use serde_json::Value;

use crate::http::AppState;

/// The address of the document.
pub(crate) const DOCUMENT: &str = "/openapi.json";

/// The route of the document.
pub(crate) fn router(document: &Value) -> Router<AppState> {
    let text = Bytes::from(format!("{document:#}\n"));
    let answer =
        || async move { ([(header::CONTENT_TYPE, "application/json")], text).into_response() };
    Router::new().route(DOCUMENT, get(answer))
}
