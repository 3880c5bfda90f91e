//! The style sheet and the script, compiled into the program.

use std::sync::LazyLock;

use axum::{
    Router,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
    routing::get,
};

use crate::http::AppState;

const STYLE: &str = include_str!("../../assets/style.css");
const SCRIPT: &str = include_str!("../../assets/script.js");
const ICON: &str = include_str!("../../assets/icon.svg");

/// Where the style sheet is; the address changes with its content, so that it may be kept.
pub(super) static STYLE_PATH: LazyLock<String> = LazyLock::new(|| versioned("style.css", STYLE));
/// Where the script is.
pub(super) static SCRIPT_PATH: LazyLock<String> = LazyLock::new(|| versioned("script.js", SCRIPT));
/// Where the icon is.
pub(super) static ICON_PATH: LazyLock<String> = LazyLock::new(|| versioned("icon.svg", ICON));

pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route("/assets/style.css", get(|| async { kept("text/css; charset=utf-8", STYLE) }))
        .route(
            "/assets/script.js",
            get(|| async { kept("text/javascript; charset=utf-8", SCRIPT) }),
        )
        .route("/assets/icon.svg", get(|| async { kept("image/svg+xml", ICON) }))
}

fn versioned(name: &str, content: &str) -> String {
    format!("/assets/{name}?v={:08x}", crc32fast::hash(content.as_bytes()))
}

fn kept(content_type: &'static str, content: &'static str) -> Response {
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(content_type)),
        (header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable")),
    ];
    (headers, content).into_response()
}
