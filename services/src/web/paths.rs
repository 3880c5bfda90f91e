//! Addresses inside the pages: built with parameters, and checked where they come from outside.

use percent_encoding::utf8_percent_encode;

use crate::http::PARAMETER;

/// The longest path that is followed after signing in, in bytes.
const NEXT_BYTES_MAX: usize = 2_000;

/// Encodes a text for use as a parameter.
pub(super) fn encode(text: &str) -> String {
    utf8_percent_encode(text, PARAMETER).to_string()
}

/// A path with the parameters that are not empty.
pub(super) fn with_parameters(path: &str, parameters: &[(&str, &str)]) -> String {
    let given = parameters.iter().filter(|(_, value)| !value.is_empty());
    let pairs: Vec<_> = given.map(|(name, value)| format!("{name}={}", encode(value))).collect();
    if pairs.is_empty() { path.to_owned() } else { format!("{path}?{}", pairs.join("&")) }
}

/// Takes a place to go on to only if it is a path of ours: never another host, never the sign-in.
pub(super) fn local(next: &str) -> Option<&str> {
    let is_plain = next.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    let is_path = next.starts_with('/') && !next.starts_with("//");
    let leads_on = !next.starts_with("/sign-");
    (is_plain && is_path && leads_on && next.len() <= NEXT_BYTES_MAX).then_some(next)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_paths_of_our_own_are_followed() {
        assert_eq!(local("/customers?q=a%20b"), Some("/customers?q=a%20b"));
        let foreign = [
            "//evil.example",
            "https://evil.example",
            "/\\evil.example",
            "customers",
            "",
            "/a\r\nSet-Cookie: x",
            "/sign-out",
            "/\tx",
        ];
        for next in foreign {
            assert_eq!(local(next), None, "{next:?}");
        }
    }

    #[test]
    fn empty_parameters_are_left_out_and_others_encoded() {
        let url = with_parameters("/customers", &[("q", "a&b ü"), ("reseller", "")]);
        assert_eq!(url, "/customers?q=a%26b%20%C3%BC");
        assert_eq!(with_parameters("/audit", &[("type", "")]), "/audit");
    }
}
