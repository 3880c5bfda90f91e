//! What every request carries: its id, what it belongs to, from where it comes.

use std::{convert::Infallible, net::SocketAddr};

use axum::{
    extract::{ConnectInfo, FromRequestParts, Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, header, request::Parts},
    middleware::Next,
    response::Response,
};
use events::{CorrelationId, Origin};
use tracing::Instrument;
use uuid::Uuid;

use super::AppState;
use crate::ids;

/// The caller's idempotency key; echoed.
pub(super) const REQUEST_ID: HeaderName = HeaderName::from_static("ms-requestid");
/// The caller's trace id; echoed.
pub(super) const CORRELATION_ID: HeaderName = HeaderName::from_static("ms-correlationid");
/// The idempotency key by its general name.
const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
/// Below this path stand the tokens of personalised invitation links.
const INVITATIONS: &str = "/invitations/";
/// The longest idempotency key, in bytes.
const KEY_BYTES_MAX: usize = 200;
/// The longest user agent that is recorded, in characters.
const USER_AGENT_CHARACTERS_MAX: usize = 200;

/// What is known about a request before it is understood.
#[derive(Clone, Debug)]
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

/// Finds out what a request carries, echoes its ids, and traces it.
pub(super) async fn carry(
    State(app): State<AppState>,
    mut request: Request,
    next: Next,
) -> Response {
    let headers = request.headers();
    let correlation_id = text(headers, &CORRELATION_ID)
        .and_then(|text| text.parse().ok())
        .unwrap_or_else(|| ids::fresh(app.now(), CorrelationId::from_uuid));
    let given_key = text(headers, &REQUEST_ID).or_else(|| text(headers, &IDEMPOTENCY_KEY));
    let idempotency_key =
        given_key.filter(|key| !key.is_empty() && key.len() <= KEY_BYTES_MAX).map(str::to_owned);
    let request_id =
        idempotency_key.clone().unwrap_or_else(|| ids::fresh(app.now(), |uuid| uuid.to_string()));
    let context = RequestContext { idempotency_key, correlation_id, origin: origin(&request) };
    request.extensions_mut().insert(context);
    let span = tracing::info_span!(
        "request",
        method = %request.method(),
        path = traced_path(request.uri().path()),
        %correlation_id,
    );
    let mut response = next.run(request).instrument(span).await;
    let echoes = [(REQUEST_ID, request_id), (CORRELATION_ID, correlation_id.to_string())];
    for (name, value) in echoes {
        if let Ok(value) = HeaderValue::from_str(&value) {
            response.headers_mut().insert(name, value);
        }
    }
    response
}

/// The path as traces name it: an invitation's token is a secret, so it is left out.
fn traced_path(path: &str) -> &str {
    if path.starts_with(INVITATIONS) { INVITATIONS } else { path }
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

    #[test]
    fn a_trace_does_not_hold_the_token_of_an_invitation() {
        assert_eq!(traced_path("/invitations/AbC"), "/invitations/");
        assert_eq!(traced_path("/v1/customers"), "/v1/customers");
    }
}
