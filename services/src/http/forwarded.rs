//! Under which address a request reached this program, also through a proxy in front.

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};

const FORWARDED_HOST: HeaderName = HeaderName::from_static("x-forwarded-host");
const FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");

/// What proxies add to what they pass on.
const ADDED_BY_PROXIES: [HeaderName; 4] = [
    header::FORWARDED,
    HeaderName::from_static("x-forwarded-for"),
    FORWARDED_HOST,
    FORWARDED_PROTO,
];

/// Whether the request came through a proxy: then its sender is not who it seems to be.
pub(crate) fn is_forwarded(headers: &HeaderMap) -> bool {
    ADDED_BY_PROXIES.iter().any(|name| headers.contains_key(name))
}

/// How connections say that they are secured by this program itself; no client sends it.
const SECURED_HERE: HeaderName = HeaderName::from_static("x-partnerlog-secured");

/// Marks a request that came over a connection secured here, and no other, whatever its client says.
pub(super) fn mark(headers: &mut HeaderMap, is_secured: bool) {
    headers.remove(SECURED_HERE);
    if is_secured {
        headers.insert(SECURED_HERE, HeaderValue::from_static("yes"));
    }
}

/// Whether the client reached us through TLS.
pub(crate) fn is_through_tls(headers: &HeaderMap) -> bool {
    headers.contains_key(SECURED_HERE)
        || text(headers, &FORWARDED_PROTO).is_some_and(|proto| proto.eq_ignore_ascii_case("https"))
}

/// The hosts under which the request names us.
pub(crate) fn hosts(headers: &HeaderMap) -> impl Iterator<Item = &str> {
    [FORWARDED_HOST, header::HOST].into_iter().filter_map(|name| text(headers, &name))
}

/// The address under which the client reaches us, for links that leave it.
pub(crate) fn own_address(headers: &HeaderMap) -> String {
    let scheme = if is_through_tls(headers) { "https" } else { "http" };
    format!("{scheme}://{}", hosts(headers).next().unwrap_or("localhost"))
}

fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim)
}
