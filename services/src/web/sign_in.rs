//! Signing in with name and password or by pasting a bearer token, and signing out.

use axum::{
    Form, Router,
    extract::{Query, State, rejection::FormRejection},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use events::{Client, TokenId};
use maud::{Markup, html};
use secrecy::SecretString;

use super::{
    error::PageError,
    forms::Fields,
    layout, paths, security,
    signed_in::{COOKIE, Somebody, session_key},
    submitted::OwnForm,
};
use crate::{
    application::{Call, Principal, SignInError},
    auth::{AuthError, BearerToken, SESSION_HOURS},
    http::{AppState, RequestContext},
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
    page(next, None, false).into_response()
}

async fn sign_in(
    State(app): State<AppState>,
    headers: HeaderMap,
    context: RequestContext,
    form: Result<Form<Pairs>, FormRejection>,
) -> Result<Response, PageError> {
    if !security::is_from_here(&headers) {
        return Err(PageError::forbidden("the form came from a page of another site"));
    }
    let fields = form.ok().and_then(|Form(pairs)| Fields::checked(pairs));
    let fields = fields.ok_or_else(|| PageError::malformed("the form is too long or malformed"))?;
    let next = paths::local(fields.text("next")).unwrap_or_default();
    if fields.text("token").is_empty() {
        return by_password(&app, &headers, &context, &fields, next).await;
    }
    let authenticated = match fields.text("token").parse::<BearerToken>() {
        Ok(token) => app.authenticate(&token).await,
        Err(error) => Err(error),
    };
    match authenticated {
        Ok(who) => begun(&app, &headers, who.token, next),
        Err(AuthError::Unavailable) => Err(AuthError::Unavailable.into()),
        Err(AuthError::NoRole) => Err(AuthError::NoRole.into()),
        Err(error) => {
            let page = page(next, Some(&error.to_string()), true);
            Ok((StatusCode::UNAUTHORIZED, page).into_response())
        }
    }
}

async fn by_password(
    app: &AppState,
    headers: &HeaderMap,
    context: &RequestContext,
    fields: &Fields,
    next: &str,
) -> Result<Response, PageError> {
    let mut call = Call::new(Principal::Visitor, Client::Page, context.correlation_id);
    call.origin.clone_from(&context.origin);
    let password = SecretString::from(fields.all("password").next().unwrap_or_default());
    match app.sign_in(&call, fields.text("user_name"), &password).await {
        Ok(signed_in) => begun(app, headers, signed_in.session_id, next),
        Err(SignInError::NoRole) => Err(AuthError::NoRole.into()),
        Err(SignInError::Failed(error)) => Err(error.into()),
        Err(error @ (SignInError::Refused | SignInError::Busy)) => {
            let page = page(next, Some(&error.to_string()), false);
            Ok((StatusCode::UNAUTHORIZED, page).into_response())
        }
    }
}

/// Begins the browser's session for a token or for the session of an account.
fn begun(
    app: &AppState,
    headers: &HeaderMap,
    token: TokenId,
    next: &str,
) -> Result<Response, PageError> {
    let key = app.sessions().begin(token, app.now())?;
    let target = if next.is_empty() { "/" } else { next };
    let seconds = SESSION_HOURS * 3_600;
    let cookie = cookie(key.reveal(), seconds, crate::http::is_through_tls(headers));
    Ok(with_cookie(Redirect::to(target).into_response(), &cookie))
}

async fn sign_out(headers: HeaderMap, form: OwnForm) -> Result<Response, PageError> {
    let Somebody { app, key, authenticated, .. } = &form.somebody;
    app.sessions().end(key);
    if authenticated.is_session {
        app.sign_out(&form.call(), authenticated.token).await?;
    }
    let gone = cookie("", 0, crate::http::is_through_tls(&headers));
    Ok(with_cookie(Redirect::to("/sign-in").into_response(), &gone))
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

fn page(next: &str, error: Option<&str>, by_token: bool) -> Markup {
    let wrong = |is_here: bool| error.filter(|_| is_here).map(|_| "true");
    let body = html! {
        h1 { "Sign in" }
        @if let Some(error) = error {
            div.note.bad #faults role="alert" { p { (layout::sentence_case(error)) } }
        }
        form #password-form method="post" action="/sign-in" {
            input type="hidden" name="next" value=(next);
            div.field.wide {
                label for="user_name" { "Sign-in name" }
                input #user_name name="user_name" type="text" required autocomplete="username"
                    spellcheck="false" autocapitalize="none" aria-invalid=[wrong(!by_token)];
            }
            div.field.wide {
                label for="password" { "Password" }
                input #password name="password" type="password" required
                    autocomplete="current-password" aria-invalid=[wrong(!by_token)];
            }
            button.primary type="submit" { "Sign in" }
        }
        details open[by_token || error.is_none()] {
            summary { "Sign in with a token" }
            p { "Paste a token of your account. Whoever runs this installation makes one with "
                code { "partnerlog token create" } "; the sample installation keeps its tokens in "
                code { "sample-tokens.json" } "." }
            form #sign-in-form method="post" action="/sign-in" {
                input type="hidden" name="next" value=(next);
                div.field.wide {
                    label for="token" { "Token" }
                    input #token name="token" type="password" required autocomplete="off"
                        spellcheck="false" aria-invalid=[wrong(by_token)];
                }
                button type="submit" { "Use the token" }
            }
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
