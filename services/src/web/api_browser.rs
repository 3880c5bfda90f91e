//! `/swagger-ui`: the API's document, to read and to try with a token, open to everybody.

use std::sync::Arc;

use axum::{
    Router,
    extract::Path,
    http::header,
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use utoipa_swagger_ui::Config;

use super::no_such_page;
use crate::{api, http::AppState};

/// As for our own pages, but for the one style that its script writes into the page.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; connect-src 'self'; \
    style-src 'self' 'sha256-RL3ie0nH+Lzz2YNqQN83mnU0J1ot4QL7b99vMdIX99w='; \
    img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'";
/// Its files lie beside each other, so the first has a name as well.
const FIRST: &str = "/swagger-ui/index.html";

pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route("/swagger-ui", get(|| async { Redirect::permanent(FIRST) }))
        .route("/swagger-ui/{file}", get(file))
}

async fn file(Path(name): Path<String>) -> Response {
    let config = Config::from(api::DOCUMENT).validator_url("none");
    match utoipa_swagger_ui::serve(&name, Arc::new(config)) {
        Ok(Some(file)) => {
            let headers = [
                (header::CONTENT_TYPE, file.content_type),
                (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY.to_owned()),
            ];
            (headers, file.bytes.into_owned()).into_response()
        }
        Ok(None) | Err(_) => no_such_page(),
    }
}
