//! The form in which tokens are asked for.

use std::collections::HashMap;

use axum::{
    body::Bytes,
    http::{HeaderMap, header},
};
use percent_encoding::percent_decode_str;
use secrecy::SecretString;

use super::error::Fault;

const FORM: &str = "application/x-www-form-urlencoded";
/// The most parameters of a form.
const PARAMETERS_MAX: usize = 50;

/// The parameters, each once. Not for `Debug`: there are secrets among them.
pub(super) struct Form(HashMap<String, String>);

impl Form {
    /// Reads a form.
    ///
    /// # Errors
    /// When it is none, or a parameter came more than once.
    pub(super) fn read(headers: &HeaderMap, body: &Bytes) -> Result<Self, Fault> {
        let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let kind = kind.and_then(|kind| kind.split(';').next()).unwrap_or_default().trim();
        if !kind.eq_ignore_ascii_case(FORM) {
            return Err(Fault::NotAForm);
        }
        let text = std::str::from_utf8(body).map_err(|_| Fault::NotAForm)?;
        let mut parameters = HashMap::new();
        for pair in text.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let name = decoded(name)?.to_ascii_lowercase();
            if parameters.len() >= PARAMETERS_MAX {
                return Err(Fault::NotAForm);
            }
            if parameters.insert(name.clone(), decoded(value)?).is_some() {
                return Err(Fault::Duplicate(name.chars().take(40).collect()));
            }
        }
        Ok(Self(parameters))
    }

    /// A parameter, without blanks around it; `None` where it is missing or empty.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(|value| value.trim()).filter(|value| !value.is_empty())
    }

    /// A parameter that must be there.
    ///
    /// # Errors
    /// When it is not.
    pub(super) fn required(&self, name: &'static str) -> Result<&str, Fault> {
        self.text(name).ok_or(Fault::Missing(name))
    }

    /// A secret that must be there, as it was sent.
    ///
    /// # Errors
    /// When it is not.
    pub(super) fn secret(&self, name: &'static str) -> Result<SecretString, Fault> {
        let text = self.0.get(name).filter(|value| !value.is_empty());
        text.map(|text| SecretString::from(text.as_str())).ok_or(Fault::Missing(name))
    }
}

/// A part of a form, where a plus stands for a blank.
pub(super) fn decoded(text: &str) -> Result<String, Fault> {
    let text = text.replace('+', " ");
    let decoded = percent_decode_str(&text).decode_utf8().map_err(|_| Fault::NotAForm)?;
    Ok(decoded.into_owned())
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn form(body: &'static str) -> Result<Form, Fault> {
        let mut headers = HeaderMap::new();
        let kind = HeaderValue::from_static("application/x-www-form-urlencoded; charset=utf-8");
        headers.insert(header::CONTENT_TYPE, kind);
        Form::read(&headers, &Bytes::from_static(body.as_bytes()))
    }

    #[test]
    fn parameters_are_read_once_in_any_case_and_decoded() {
        let read = form("Grant_Type=client_credentials&scope=a%2Fb+c&&empty=").unwrap();
        assert_eq!(read.text("grant_type"), Some("client_credentials"));
        assert_eq!(read.text("scope"), Some("a/b c"));
        assert_eq!((read.text("empty"), read.text("other")), (None, None));
        assert!(matches!(form("a=1&A=2"), Err(Fault::Duplicate(name)) if name == "a"));
    }

    #[test]
    fn what_is_no_form_is_refused() {
        assert!(matches!(form("a=%ff"), Err(Fault::NotAForm)));
        let json = Bytes::from_static(b"{}");
        assert!(matches!(Form::read(&HeaderMap::new(), &json), Err(Fault::NotAForm)));
    }
}
