//! How do answers look? Envelopes, links, attributes and headers, the same for every resource.

use axum::{
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use data_encoding::BASE64;
use events::Position;
use serde::Serialize;

use super::lean::to_json;
use crate::http::ApiError;

/// The log position an answer was read at, or after which a command is visible.
pub(super) const POSITION: HeaderName = HeaderName::from_static("x-position");

/// An answer with a JSON body, or without one.
///
/// Members that are null are left out. No answer is to be stored on its way: all hold what only the
/// caller may see, and some a secret; so there is no `Debug` of one.
pub(super) struct Answer {
    status: StatusCode,
    body: Option<serde_json::Result<Vec<u8>>>,
    position: Position,
}

impl Answer {
    /// What was asked for, as it was at this position.
    pub(super) fn ok(position: Position, body: impl Serialize) -> Self {
        Self { status: StatusCode::OK, body: Some(to_json(&body)), position }
    }

    /// Something new.
    pub(super) fn created(position: Position, body: impl Serialize) -> Self {
        Self { status: StatusCode::CREATED, body: Some(to_json(&body)), position }
    }

    /// Done, and there is nothing to tell.
    pub(super) const fn done(position: Position) -> Self {
        Self { status: StatusCode::NO_CONTENT, body: None, position }
    }
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        let mut response = match self.body {
            Some(Ok(body)) => (self.status, body).into_response(),
            Some(Err(error)) => {
                tracing::error!(%error, "an answer cannot be written as JSON");
                return ApiError::internal().into_response();
            }
            None => self.status.into_response(),
        };
        let has_body = self.status != StatusCode::NO_CONTENT;
        let headers = response.headers_mut();
        if has_body {
            let content_type = HeaderValue::from_static("application/json; charset=utf-8");
            headers.insert(header::CONTENT_TYPE, content_type);
        }
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        headers.insert(POSITION, HeaderValue::from(self.position.get()));
        response
    }
}

/// The tag of one version of a resource, as the contract's clients know it.
pub(super) fn version_tag(id: impl std::fmt::Display, version: u64) -> String {
    BASE64.encode(format!("{{\"id\":\"{id}\",\"version\":{version}}}").as_bytes())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_version_tag_is_the_base64_of_id_and_version() {
        let tag = version_tag("a", 3);
        assert_eq!(BASE64.decode(tag.as_bytes()).unwrap(), br#"{"id":"a","version":3}"#);
    }

    #[test]
    fn every_answer_tells_its_position_and_is_not_stored() {
        let response = Answer::ok(Position::new(7), json!({})).into_response();
        assert_eq!(response.headers()[POSITION], "7");
        assert_eq!(response.headers()[header::CACHE_CONTROL], "no-store");
        assert_eq!(response.headers()[header::CONTENT_TYPE], "application/json; charset=utf-8");
        let response = Answer::done(Position::new(8)).into_response();
        assert!(!response.headers().contains_key(header::CONTENT_TYPE));
    }
}
