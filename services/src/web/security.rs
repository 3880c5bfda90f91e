//! What keeps pages of other sites out: headers on every answer, and the origin of every form.

use axum::{
    extract::Request,
    http::{HeaderMap, HeaderValue, header},
    middleware::Next,
    response::Response,
};

use crate::http::hosts;

/// Only what we serve ourselves is loaded, run, or sent to; nobody frames us.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; \
     img-src 'self' data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/// Puts the security headers on every page, and keeps pages out of caches.
pub(super) async fn harden(request: Request, next: Next) -> Response {
    protected(next.run(request).await)
}

/// The answer with the security headers.
pub(super) fn protected(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers
        .entry(header::CONTENT_SECURITY_POLICY)
        .or_insert(HeaderValue::from_static(CONTENT_SECURITY_POLICY));
    let fixed = [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        // With `no-referrer` browsers would hide the origin of our own forms from us.
        (header::REFERRER_POLICY, "same-origin"),
    ];
    for (name, value) in fixed {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

/// Whether a form came from one of our own pages, as far as the browser tells: the origin it names
/// must be the host it asks. Whoever names no origin is no page of another site.
pub(super) fn is_from_here(headers: &HeaderMap) -> bool {
    let Some(origin) = headers.get(header::ORIGIN) else { return true };
    let from = origin.to_str().ok().and_then(|origin| origin.split_once("://"));
    from.is_some_and(|(_, named)| hosts(headers).any(|host| host == named))
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderName;

    use super::*;

    fn headers(pairs: &[(HeaderName, &'static str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.clone(), HeaderValue::from_static(value))).collect()
    }

    #[test]
    fn a_form_of_another_site_is_told_from_our_own() {
        let host = (header::HOST, "log.example:8420");
        let own = headers(&[host.clone(), (header::ORIGIN, "http://log.example:8420")]);
        assert!(is_from_here(&own));
        assert!(is_from_here(&headers(std::slice::from_ref(&host))));
        for foreign in ["https://evil.example", "null", "http://log.example"] {
            assert!(
                !is_from_here(&headers(&[host.clone(), (header::ORIGIN, foreign)])),
                "{foreign}"
            );
        }
    }
}
