//! `/sessions`: everybody sees where it is signed in, and ends what it does not know.

use axum::{
    Router,
    extract::Path,
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use events::TokenId;
use maud::html;

use super::id;
use crate::{
    api::open_sessions,
    http::AppState,
    web::{
        error::PageError,
        layout,
        signed_in::Somebody,
        submitted::OwnForm,
        widgets::{self, Tone, badge},
    },
};

const PATH: &str = "/sessions";

pub(super) fn router() -> Router<AppState> {
    Router::new().route(PATH, get(show)).route("/sessions/{session}/end", post(end))
}

async fn show(somebody: Somebody) -> Result<Response, PageError> {
    let somebody = somebody.settled()?;
    let app = &somebody.app;
    let model = app.models().current();
    let rows = open_sessions(&model, somebody.authenticated.principal, app.now());
    let own = somebody.authenticated.token;
    let shown = html! {
        @for row in &rows {
            tr data-session=(row.id) {
                th scope="row" data-label="Signed in" { (widgets::time(row.issued_at)) }
                td data-label="Ends" { (widgets::time(row.expires_at)) }
                td data-label="This one" { @if row.id == own { (badge(Tone::Good, "this one")) } }
                td data-label="End" {
                    form method="post" action={ (PATH) "/" (row.id) "/end" } {
                        (widgets::form_key(&somebody.session))
                        button.small type="submit" { "End" }
                    }
                }
            }
        }
    };
    let body = html! {
        @if rows.is_empty() { (widgets::empty("You are signed in with a token and have no session.")) }
        @else {
            (widgets::table("own-sessions", "Your sessions", &["Signed in", "Ends", "This one", "End"], &shown))
        }
        p.hint { "A session that you do not know: end it, and change your password." }
        p { a href="/" { "Back" } }
    };
    let note = app.sessions().take_note(&somebody.key);
    Ok(layout::own_side("Sessions", "Your account", &somebody, note, &body).into_response())
}

async fn end(Path(session): Path<String>, form: OwnForm) -> Result<Response, PageError> {
    let session = id::<TokenId>(&session)?;
    let call = form.call();
    let somebody = form.somebody.settled()?;
    let app = &somebody.app;
    let model = app.models().current();
    let rows = open_sessions(&model, somebody.authenticated.principal, app.now());
    if !rows.iter().any(|row| row.id == session) {
        return Err(PageError::not_found("you have no such session"));
    }
    app.sign_out(&call, session).await?;
    let note = layout::done("The session has ended.");
    app.sessions().leave_note(&somebody.key, note.into_string());
    Ok(Redirect::to(PATH).into_response())
}
