//! What is wrong with a value of a request, in words that complete "*field* ...".

use std::{convert::Infallible, num::ParseIntError, str::ParseBoolError};

use events::{InvalidValue, ParseIdError};

use crate::imports::InvalidRowLimit;

/// An error of reading a value that can be said of its field.
pub(crate) trait ValueFault {
    /// The words: "must not be empty".
    fn predicate(&self) -> String;
}

impl ValueFault for InvalidValue {
    fn predicate(&self) -> String {
        self.reason.clone()
    }
}

impl ValueFault for ParseIdError {
    fn predicate(&self) -> String {
        format!("is {self}")
    }
}

impl ValueFault for ParseIntError {
    fn predicate(&self) -> String {
        "must be a whole number".to_owned()
    }
}

impl ValueFault for ParseBoolError {
    fn predicate(&self) -> String {
        "must be true or false".to_owned()
    }
}

impl ValueFault for InvalidRowLimit {
    fn predicate(&self) -> String {
        self.to_string()
    }
}

impl ValueFault for Infallible {
    fn predicate(&self) -> String {
        match *self {}
    }
}

/// Says which type was wanted in the words of people who write JSON.
pub(super) fn wrong_type(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let wanted = [
        ("expected u32", "expected a whole number of 0 or more"),
        ("expected i64", "expected a whole number"),
    ];
    let text = wanted.iter().fold(text, |text, (ours, theirs)| text.replace(ours, theirs));
    format!("is wrong: {text}")
}
