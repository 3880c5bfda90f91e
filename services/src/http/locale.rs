//! `X-Locale`: in which language a caller wants to be answered, and in which it is.
//!
//! Everything here is told in one language, so a locale changes nothing but must be one; answers name
//! the language they have.

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use events::Locale;

use super::ApiError;

/// In which locale a caller wants its answer.
const HEADER: HeaderName = HeaderName::from_static("x-locale");
/// The header as errors spell it.
const LOCALE: &str = "X-Locale";
/// The language of every answer.
pub(super) const LANGUAGE: HeaderValue = HeaderValue::from_static("en-US");

/// Refuses a locale that is none.
pub(super) fn check(headers: &HeaderMap) -> Result<(), ApiError> {
    let Some(value) = headers.get(HEADER) else { return Ok(()) };
    let text = value.to_str().map(str::trim).ok();
    let is_locale = text.is_some_and(|text| text.is_empty() || text.parse::<Locale>().is_ok());
    is_locale
        .then_some(())
        .ok_or_else(|| ApiError::invalid(LOCALE, "must be a locale such as en-US"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_locale_may_be_missing_empty_or_any_and_must_be_one() {
        let checked = |text: &'static str| {
            check(&HeaderMap::from_iter([(HEADER, HeaderValue::from_static(text))]))
        };
        assert!(check(&HeaderMap::new()).is_ok());
        for locale in ["en-US", "de-DE", " fr ", ""] {
            assert!(checked(locale).is_ok(), "{locale}");
        }
        assert_eq!(checked("not a locale").unwrap_err().data[1], LOCALE);
    }
}
