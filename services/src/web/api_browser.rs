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
            ([(header::CONTENT_TYPE, file.content_type)], file.bytes.into_owned()).into_response()
        }
        Ok(None) | Err(_) => no_such_page(),
    }
}
