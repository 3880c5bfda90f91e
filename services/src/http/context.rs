//! What every request carries: its id, what it belongs to, from where it comes.

use std::{convert::Infallible, future::Future, net::SocketAddr, time::Duration};

use axum::{
    extract::{ConnectInfo, FromRequestParts, MatchedPath, Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header, request::Parts},
    middleware::Next,
    response::{IntoResponse, Response},
};
use events::{CorrelationId, Origin};
use tracing::Instrument;
use uuid::Uuid;

use super::{ApiError, AppState, locale, unread::Unread};
use crate::{correlation, ids};

/// The caller's idempotency key; echoed.
pub(super) const REQUEST_ID: HeaderName = HeaderName::from_static("ms-requestid");
/// The caller's trace id; echoed.
pub(super) const CORRELATION_ID: HeaderName = HeaderName::from_static("ms-correlationid");
/// The idempotency key by its general name.
const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
/// The headers that may hold the key, in the order of their rank, as errors spell them.
const KEY_HEADERS: [(HeaderName, &str); 2] =
    [(REQUEST_ID, "MS-RequestId"), (IDEMPOTENCY_KEY, "Idempotency-Key")];
/// What traces name a request by that no route takes.
const NO_ROUTE: &str = "(no route)";
/// The longest idempotency key, in bytes.
const KEY_BYTES_MAX: usize = 200;
/// The longest user agent that is recorded, in characters.
const USER_AGENT_CHARACTERS_MAX: usize = 200;
/// How long a request may take.
const SECONDS_MAX: u64 = 60;

/// What is known about a request before it is understood. Not for `Debug`: from where it comes is
/// personal.
#[derive(Clone)]
pub(crate) struct RequestContext {
    /// The idempotency key, where the caller sent one.
    pub(crate) idempotency_key: Option<String>,
    /// What the request belongs to.
    pub(crate) correlation_id: CorrelationId,
    /// From where it comes.
    pub(crate) origin: Option<Origin>,
}

impl<S: Sync> FromRequestParts<S> for RequestContext {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let context = parts.extensions.get::<Self>().cloned();
        Ok(context.unwrap_or_else(|| Self {
            idempotency_key: None,
            correlation_id: CorrelationId::from_uuid(Uuid::nil()),
            origin: None,
        }))
    }
}

/// Finds out what a request carries, traces it, gives it up when it takes too long, and has its
/// answer say to what it belongs.
pub(super) async fn carry(State(app): State<AppState>, request: Request, next: Next) -> Response {
    let headers = request.headers();
    let correlation_id = text(headers, &CORRELATION_ID)
        .and_then(|text| text.parse().ok())
        .unwrap_or_else(|| ids::fresh(app.now(), CorrelationId::from_uuid));
    let key = idempotency_key(headers);
    let known_key = key.as_ref().ok().cloned().flatten();
    let request_id = known_key.unwrap_or_else(|| ids::fresh(app.now(), |uuid| uuid.to_string()));
    let understood = locale::check(headers).and(key);
    let (unread, mut request) = Unread::watch(request);
    let mut response = match understood {
        Ok(idempotency_key) => {
            let origin = origin(&request);
            let context = RequestContext { idempotency_key, correlation_id, origin };
            request.extensions_mut().insert(context);
            let span = tracing::info_span!(
                "request",
                method = %request.method(),
                path = traced_path(&request),
                %correlation_id,
            );
            let answer = within_time(next.run(request)).instrument(span);
            correlation::within(correlation_id, answer).await
        }
        Err(error) => error.into_response(),
    };
    // Some refusals come before the body was read: nothing else can come on the connection then.
    if unread.is_left() {
        response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    response.headers_mut().insert(header::CONTENT_LANGUAGE, locale::LANGUAGE);
    let echoes = [(REQUEST_ID, request_id), (CORRELATION_ID, correlation_id.to_string())];
    for (name, value) in echoes {
        if let Ok(value) = HeaderValue::from_str(&value) {
            response.headers_mut().insert(name, value);
        }
    }
    response
}

/// The answer, or that it took too long; what was asked to be recorded may still be.
async fn within_time(answer: impl Future<Output = Response>) -> Response {
    tokio::time::timeout(Duration::from_secs(SECONDS_MAX), answer).await.unwrap_or_else(|_| {
        let took = "the request took too long; repeat it with the same request id";
        ApiError::new(StatusCode::GATEWAY_TIMEOUT, 800_003, took).into_response()
    })
}

/// The key by which a repeat is known. One that cannot be kept is refused: its sender would believe
/// that a repeat changes nothing.
fn idempotency_key(headers: &HeaderMap) -> Result<Option<String>, ApiError> {
    let given =
        KEY_HEADERS.into_iter().find_map(|(header, name)| Some((headers.get(header)?, name)));
    let Some((value, name)) = given else { return Ok(None) };
    let key = value.to_str().ok().map(str::trim).filter(|key| key.len() <= KEY_BYTES_MAX);
    let wrong = || {
        let reason = format!("must be at most {KEY_BYTES_MAX} characters of ASCII");
        ApiError::invalid(name, reason)
    };
    let key = key.ok_or_else(wrong)?;
    Ok(Some(key.to_owned()).filter(|key| !key.is_empty()))
}

/// The path as traces name it: that of the route, with the identifiers in it. Whatever else stands
/// in a path (a token, a name) may be secret or personal and is left out.
fn traced_path(request: &Request) -> String {
    let matched = request.extensions().get::<MatchedPath>();
    matched.map_or_else(
        || NO_ROUTE.to_owned(),
        |route| with_identifiers(route.as_str(), request.uri().path()),
    )
}

fn with_identifiers(route: &str, path: &str) -> String {
    let segments = route.split('/').zip(path.split('/'));
    let traced = segments.map(|(declared, given)| {
        let is_identifier = declared.starts_with('{') && Uuid::try_parse(given).is_ok();
        if is_identifier { given } else { declared }
    });
    traced.collect::<Vec<_>>().join("/")
}

fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim)
}

fn origin(request: &Request) -> Option<Origin> {
    let address = request.extensions().get::<ConnectInfo<SocketAddr>>()?.0.ip().to_string();
    let user_agent = text(request.headers(), &header::USER_AGENT)
        .map(|agent| agent.chars().take(USER_AGENT_CHARACTERS_MAX).collect());
    Some(Origin { address, user_agent })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_request_that_takes_too_long_is_given_up() {
        let in_time = tokio::time::sleep(Duration::from_secs(SECONDS_MAX - 1));
        let in_time = async {
            in_time.await;
            StatusCode::OK.into_response()
        };
        assert_eq!(within_time(in_time).await.status(), StatusCode::OK);
        let never = std::future::pending();
        assert_eq!(within_time(never).await.status(), StatusCode::GATEWAY_TIMEOUT);
    }

    #[test]
    fn a_trace_holds_identifiers_and_nothing_else_that_a_client_writes() {
        let id = "01890a5d-ac96-774b-bcce-b302099a8057";
        let user = with_identifiers("/v1/users/{user}", &format!("/v1/users/{id}"));
        assert_eq!(user, format!("/v1/users/{id}"));
        let address = with_identifiers("/v1/users/{user}", "/v1/users/nora@relecloud.example");
        assert_eq!(address, "/v1/users/{user}");
        assert_eq!(
            with_identifiers("/invitations/{token}", "/invitations/AbC"),
            "/invitations/{token}"
        );
    }

    #[test]
    fn a_key_is_taken_without_blanks_and_refused_where_it_cannot_be_kept() {
        let key = |value: HeaderValue| {
            let mut headers = HeaderMap::new();
            headers.insert(IDEMPOTENCY_KEY, value);
            idempotency_key(&headers)
        };
        assert_eq!(key(HeaderValue::from_static(" a ")).unwrap().as_deref(), Some("a"));
        assert_eq!(key(HeaderValue::from_static("")).unwrap(), None);
        let unprintable = key(HeaderValue::from_bytes(b"\xe9").unwrap()).unwrap_err();
        assert_eq!(unprintable.data[1], "Idempotency-Key");
        let long = HeaderValue::from_str(&"x".repeat(KEY_BYTES_MAX + 1)).unwrap();
        assert!(key(long).is_err());
    }
}
