//! The forms in which paths arrive: any case, doubled and trailing slashes. Clients of the contract
//! send all of them.

use axum::http::{Uri, request::Request, uri::PathAndQuery};

/// The parts of the paths that the contract governs; what lies elsewhere is taken literally.
const CONTRACT_ROOTS: [&str; 2] = ["/v1/", "/webhooks/v1/"];

/// Rewrites a request's path to the form in which routes are declared.
pub(super) fn normalise<B>(mut request: Request<B>) -> Request<B> {
    if let Some(uri) = normalised(request.uri()) {
        *request.uri_mut() = uri;
    }
    request
}

fn normalised(uri: &Uri) -> Option<Uri> {
    let single = single_slashes(uri.path());
    let lower = single.to_ascii_lowercase();
    let path = if is_of_contract(&lower) { lower } else { single };
    if path == uri.path() {
        return None;
    }
    let path_and_query = match uri.query() {
        Some(query) => PathAndQuery::try_from(format!("{path}?{query}")),
        None => PathAndQuery::try_from(path),
    };
    let mut parts = uri.clone().into_parts();
    parts.path_and_query = Some(path_and_query.ok()?);
    Uri::from_parts(parts).ok()
}

/// Whether a path that is in small letters is one of the contract's.
pub(crate) fn is_of_contract(path: &str) -> bool {
    CONTRACT_ROOTS.iter().any(|root| path.starts_with(root) || path == root.trim_end_matches('/'))
}

fn single_slashes(path: &str) -> String {
    let segments: Vec<&str> = path.split('/').filter(|segment| !segment.is_empty()).collect();
    format!("/{}", segments.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contract_paths_are_taken_in_any_case_and_with_stray_slashes() {
        let request = Request::builder().uri("//V1//Customers/AB/Users/?Size=1").body(()).unwrap();
        assert_eq!(normalise(request).uri(), "/v1/customers/ab/users?Size=1");
    }

    #[test]
    fn other_paths_keep_their_case() {
        let request = Request::builder().uri("/invitations/aBc/").body(()).unwrap();
        assert_eq!(normalise(request).uri(), "/invitations/aBc");
    }
}
