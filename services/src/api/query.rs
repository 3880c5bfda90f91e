//! The parameters after the question mark: names in any case, values checked, errors that name them.

use std::str::FromStr;

use axum::http::Uri;
use percent_encoding::percent_decode_str;
use serde::{Deserialize, Serialize};

use crate::http::{ApiError, BodyProblem, ValueFault};

/// The parameters of a request, in their order.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(super) struct Query(Vec<(String, String)>);

impl Query {
    /// Reads the parameters of a request.
    ///
    /// # Errors
    /// When they are not UTF-8.
    pub(super) fn of(uri: &Uri) -> Result<Self, ApiError> {
        Self::parse(uri.query().unwrap_or_default())
    }

    fn parse(text: &str) -> Result<Self, ApiError> {
        // The contract's documents once write a second question mark for an ampersand.
        let pairs = text.split(['&', '?']).filter(|pair| !pair.is_empty());
        let decoded = pairs.map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            Ok((decode(name)?, decode(value)?))
        });
        decoded.collect::<Result<_, _>>().map(Self)
    }

    /// A parameter that is there and not empty; the last where it stands twice.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        let same_name = |(known, _): &&(String, String)| known.eq_ignore_ascii_case(name);
        let found = self.0.iter().rev().find(same_name).map(|(_, value)| value.trim());
        found.filter(|value| !value.is_empty())
    }

    /// Every value of a parameter that may be repeated.
    pub(super) fn texts<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let same_name = move |(known, _): &&(String, String)| known.eq_ignore_ascii_case(name);
        self.0.iter().filter(same_name).map(|(_, value)| value.trim())
    }

    /// A parameter that must become a valid value, if it is there.
    ///
    /// # Errors
    /// When it is not acceptable.
    pub(super) fn optional<T: FromStr<Err: ValueFault>>(
        &self,
        name: &str,
    ) -> Result<Option<T>, ApiError> {
        let parsed = self.text(name).map(str::parse).transpose();
        parsed.map_err(|error: T::Err| ApiError::invalid(name, error.predicate()))
    }

    /// A parameter that says yes or no, in any case: some clients write `True`.
    ///
    /// # Errors
    /// When it says neither.
    pub(super) fn flag(&self, name: &str) -> Result<Option<bool>, ApiError> {
        let said = self.text(name).map(|text| text.to_ascii_lowercase().parse::<bool>());
        said.transpose().map_err(|error| ApiError::invalid(name, error.predicate()))
    }

    /// A parameter that must be there.
    ///
    /// # Errors
    /// When it is missing.
    pub(super) fn required(&self, name: &str) -> Result<&str, ApiError> {
        self.text(name).ok_or_else(|| ApiError::field(name, &BodyProblem::Missing))
    }

    /// Adds a parameter that the client did not name.
    pub(super) fn add_default(&mut self, name: &str, value: String) {
        if self.text(name).is_none() {
            self.0.retain(|(known, _)| !known.eq_ignore_ascii_case(name));
            self.0.push((name.to_owned(), value));
        }
    }

    /// The parameters, without those named.
    pub(super) fn pairs_without<'a>(
        &'a self,
        names: &'a [&str],
    ) -> impl Iterator<Item = (&'a str, &'a str)> {
        let pairs = self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        pairs.filter(|(name, _)| !names.iter().any(|other| other.eq_ignore_ascii_case(name)))
    }

    /// The same parameters, without those named.
    pub(super) fn without_named(&self, names: &[&str]) -> Self {
        let kept = self.pairs_without(names);
        Self(kept.map(|(name, value)| (name.to_owned(), value.to_owned())).collect())
    }
}

fn decode(text: &str) -> Result<String, ApiError> {
    let text = text.replace('+', " ");
    let decoded = percent_decode_str(&text).decode_utf8();
    decoded
        .map(std::borrow::Cow::into_owned)
        .map_err(|_| ApiError::malformed("the query parameters are not UTF-8"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_match_in_any_case_and_values_are_decoded() {
        let query = Query::parse("Size=40&FILTER=%7B%22a%22%3A1%7D&x=a+b").unwrap();
        assert_eq!(query.optional::<u32>("size").unwrap(), Some(40));
        assert_eq!(query.text("filter"), Some("{\"a\":1}"));
        assert_eq!(query.text("X"), Some("a b"));
        assert_eq!(query.text("missing"), None);
    }

    #[test]
    fn a_second_question_mark_counts_as_an_ampersand() {
        let query = Query::parse("size=0?filter=%7B%7D").unwrap();
        assert_eq!((query.text("size"), query.text("filter")), (Some("0"), Some("{}")));
    }

    #[test]
    fn yes_and_no_are_read_in_any_case_and_nothing_else_is() {
        let query = Query::parse("a=True&b=FALSE&c=perhaps&d=").unwrap();
        let flags = ["a", "b", "d"].map(|name| query.flag(name).unwrap());
        assert_eq!(flags, [Some(true), Some(false), None]);
        assert_eq!(query.flag("c").unwrap_err().description, "c must be true or false");
    }

    #[test]
    fn a_wrong_or_missing_parameter_is_named() {
        let query = Query::parse("size=many").unwrap();
        let error = query.optional::<u32>("size").unwrap_err();
        assert_eq!((error.code, error.data[1].as_str()), (2000, "size"));
        assert_eq!(error.description, "size must be a whole number");
        let error = query.required("country").unwrap_err();
        assert_eq!((error.code, error.data[1].as_str()), (2001, "country"));
        assert!(Query::parse("a=%ff").is_err());
    }
}
