//! What does the API offer? The OpenAPI document, made from the handlers themselves.
//!
//! A handler tells only what is its own: its path, its shapes, its parameters. What all operations
//! share (identifiers in paths, headers, refusals, names, examples) is added here, once.

mod common;
mod examples;
mod lists;
mod optional;
mod served;

use axum::Router;
use serde_json::Value;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;

pub(crate) use self::served::{DOCUMENT, router};
use super::shapes::{Refusal, TooMany};
use crate::http::AppState;

/// The document before the operations are in it.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "partnerlog",
        description = "The administration of cloud resellers: the REST API of Partner Center, v1, and what \
            partnerlog has besides (*own*). Paths match in any case; members in any case; unknown members \
            are ignored. The whole contract in words: docs/api.md.",
    ),
    components(schemas(Refusal, TooMany))
)]
struct Base;

/// The routes, and the finished document that describes them.
pub(super) fn described(
    routes: impl FnOnce(OpenApiRouter<AppState>) -> OpenApiRouter<AppState>,
) -> (Router<AppState>, Value) {
    let (all, told) = routes(OpenApiRouter::with_openapi(Base::openapi())).split_for_parts();
    // Every part of it is text, numbers and lists: the copy in docs/ shows that it becomes JSON.
    let mut document = serde_json::to_value(told).unwrap_or_default();
    lists::refer(&mut document);
    common::add(&mut document);
    optional::settle(&mut document);
    examples::add(&mut document);
    (all, document)
}
