//! The web pages: rendered here, working without scripts, with our own style sheet.
//!
//! A page is one file under `pages`. What they have in common: who looks at it ([`signed_in`]), the
//! moment it shows ([`screen`]), its frame ([`layout`]), and what a form sends ([`forms`]). Pages
//! take the session cookie and never a bearer token; the API takes only the token.

mod api_browser;
mod assets;
mod customer_frame;
mod error;
mod event_list;
mod forms;
mod layout;
mod letter;
mod moment;
mod multipart;
mod names;
mod own_company;
mod own_frame;
mod pages;
mod paths;
mod screen;
mod security;
mod sentence;
mod sign_in;
mod signed_in;
mod submitted;
#[cfg(test)]
mod tests;
mod widgets;

use axum::{
    Router, middleware,
    response::{IntoResponse, Response},
};

use crate::http::AppState;

/// The answer to a path that is no page.
pub(crate) fn no_such_page() -> Response {
    let page = error::PageError::not_found("there is nothing at this address");
    security::protected(page.into_response())
}

/// The answer to a method that a page does not have.
pub(crate) fn no_such_method() -> Response {
    security::protected(error::PageError::no_such_method().into_response())
}

/// Every page and form.
pub(crate) fn router() -> Router<AppState> {
    Router::new()
        .merge(pages::router())
        .merge(sign_in::router())
        .merge(assets::router())
        .merge(api_browser::router())
        .layer(middleware::from_fn(security::harden))
}
