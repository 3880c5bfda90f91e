//! Signing in by pasting a bearer token, and signing out.

use axum::{
    Form, Router,
    extract::{Query, State, rejection::FormRejection},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use maud::{Markup, html};

use super::{
    error::PageError,
    forms::Fields,
    layout, paths, security,
    signed_in::{COOKIE, session_key},
    submitted::Submitted,
};
use crate::{
    auth::{AuthError, BearerToken, SESSION_HOURS},
    http::AppState,
};

pub(super) fn router() -> Router<AppState> {
    Router::new().route("/sign-in", get(show).post(sign_in)).route("/sign-out", post(sign_out))
}

type Pairs = Vec<(String, String)>;

async fn show(
    State(app): State<AppState>,
    headers: HeaderMap,
    Query(query): Query<Pairs>,
) -> Response {
    let query = Fields::checked(query).unwrap_or_default();
    let next = paths::local(query.text("next")).unwrap_or_default();
    let signed_in =
        session_key(&headers).is_some_and(|key| app.sessions().find(&key, app.now()).is_some());
    if signed_in && next.is_empty() {
        return Redirect::to("/").into_response();
    }
    page(next, None).into_response()
}

async fn sign_in(
    State(app): State<AppState>,
    headers: HeaderMap,
    form: Result<Form<Pairs>, FormRejection>,
) -> Result<Response, PageError> {
    if !security::is_from_here(&headers) {
        return Err(PageError::forbidden("the form came from a page of another site"));
    }
    let fields = form.ok().and_then(|Form(pairs)| Fields::checked(pairs));
    let fields = fields.ok_or_else(|| PageError::malformed("the form is too long or malformed"))?;
    let next = paths::local(fields.text("next")).unwrap_or_default();
    let authenticated = match fields.text("token").parse::<BearerToken>() {
        Ok(token) => app.authenticate(&token).await,
        Err(error) => Err(error),
    };
    match authenticated {
        Ok(who) => {
            let key = app.sessions().begin(who.token, app.now())?;
            let target = if next.is_empty() { "/" } else { next };
            let seconds = SESSION_HOURS * 3_600;
            let cookie = cookie(key.reveal(), seconds, crate::http::is_through_tls(&headers));
            Ok(with_cookie(Redirect::to(target).into_response(), &cookie))
        }
        Err(AuthError::Unavailable) => Err(AuthError::Unavailable.into()),
        Err(error) => Ok((StatusCode::UNAUTHORIZED, page(next, Some(error))).into_response()),
    }
}

async fn sign_out(headers: HeaderMap, form: Submitted) -> Response {
    form.screen.app.sessions().end(&form.screen.visitor.key);
    let gone = cookie("", 0, crate::http::is_through_tls(&headers));
    with_cookie(Redirect::to("/sign-in").into_response(), &gone)
}

fn cookie(value: &str, seconds: i64, secure: bool) -> String {
    let secure = if secure { "; Secure" } else { "" };
    format!("{COOKIE}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Strict{secure}")
}

fn with_cookie(mut response: Response, cookie: &str) -> Response {
    if let Ok(value) = HeaderValue::from_str(cookie) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
    response
}

fn page(next: &str, error: Option<AuthError>) -> Markup {
    let body = html! {
        h1 { "Sign in" }
        p { "Paste a token of your account. Whoever runs this installation makes one with "
            code { "partnerlog token create" } "; the sample installation keeps its tokens in "
            code { "sample-tokens.json" } "." }
        @if let Some(error) = error {
            div.note.bad #faults role="alert" {
                p { (layout::sentence_case(&error.to_string())) }
            }
        }
        form #sign-in-form method="post" action="/sign-in" {
            input type="hidden" name="next" value=(next);
            div.field.wide {
                label for="token" { "Token" }
                input #token name="token" type="password" required autocomplete="off" spellcheck="false"
                    autofocus aria-invalid=[error.map(|_| "true")];
            }
            button.primary type="submit" { "Sign in" }
        }
        // The cookie does not come along when a link of another site or of an e-mail leads here.
        @if !next.is_empty() {
            p.hint { "Signed in already in this browser? " a href=(next) { "Go on" } "." }
        }
    };
    layout::bare("Sign in", &body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cookie_is_out_of_reach_of_scripts_and_other_sites() {
        let plain = cookie("x", 60, false);
        assert!(plain.contains("HttpOnly") && plain.contains("SameSite=Strict"));
        assert!(!plain.contains("Secure") && cookie("x", 60, true).ends_with("; Secure"));
    }
}
