//! Words of closed sets, in every spelling the contract's clients use: snake, Pascal and camel
//! case, any case, and the number of the word.

use axum::http::StatusCode;

use crate::http::{ApiError, JsonBody};

/// A closed set of words in the order of their numbers, each with what it means here.
pub(super) struct Words<T: 'static> {
    /// The field that holds one of them, for errors.
    pub(super) field: &'static str,
    /// The words in snake case.
    pub(super) all: &'static [(&'static str, T)],
}

impl<T: Copy> Words<T> {
    /// What a word means.
    ///
    /// # Errors
    /// When it is none of the set.
    pub(super) fn read(&self, text: &str) -> Result<T, ApiError> {
        let by_number = text.trim().parse::<usize>().ok().and_then(|number| self.all.get(number));
        let by_word = || self.all.iter().find(|(word, _)| same_word(word, text));
        by_number.or_else(by_word).map(|(_, meaning)| *meaning).ok_or_else(|| self.unknown())
    }

    /// The word that means this; empty where none does.
    pub(super) fn word(&self, meaning: T) -> &'static str
    where
        T: PartialEq,
    {
        let found = self.all.iter().find(|(_, other)| *other == meaning);
        found.map_or("", |(word, _)| word)
    }

    /// What the word in a body's member means, if it is there.
    ///
    /// # Errors
    /// When it is none of the set.
    pub(super) fn read_member(&self, body: &JsonBody) -> Result<Option<T>, ApiError> {
        let text = match body.plain::<serde_json::Value>(self.field)? {
            None => return Ok(None),
            Some(serde_json::Value::String(text)) if text.trim().is_empty() => return Ok(None),
            Some(serde_json::Value::String(text)) => text,
            Some(serde_json::Value::Number(number)) => number.to_string(),
            Some(_) => return Err(self.unknown()),
        };
        self.read(&text).map(Some)
    }

    fn unknown(&self) -> ApiError {
        let words: Vec<&str> = self.all.iter().map(|(word, _)| *word).collect();
        let description = format!("{} must be one of {}", self.field, words.join(", "));
        let data = ["invalid_field".to_owned(), self.field.to_owned()];
        ApiError::new(StatusCode::BAD_REQUEST, 900_126, description).with_data(data)
    }
}

/// Whether two texts spell the same word.
pub(super) fn same_word(one: &str, other: &str) -> bool {
    letters(one).eq(letters(other))
}

fn letters(text: &str) -> impl Iterator<Item = char> {
    let text = text.trim().chars().filter(|c| !matches!(c, '_' | '-' | ' '));
    text.map(|c| c.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    const CYCLES: Words<u8> =
        Words { field: "billingCycle", all: &[("unknown", 0), ("monthly", 1), ("one_time", 4)] };

    #[test]
    fn a_word_is_known_in_every_spelling_and_by_its_number() {
        for spelling in ["one_time", "OneTime", "oneTime", "ONE_TIME", "2", " onetime "] {
            assert_eq!(CYCLES.read(spelling).unwrap(), 4, "{spelling}");
        }
    }

    #[test]
    fn another_word_is_refused_with_the_code_for_words_and_the_field() {
        let error = CYCLES.read("weekly").unwrap_err();
        assert_eq!((error.code, error.data[1].as_str()), (900_126, "billingCycle"));
        assert!(CYCLES.read("7").is_err());
    }

    #[test]
    fn a_word_in_a_body_may_be_missing_null_or_a_number() {
        let body = |text: &'static str| JsonBody::parse(text.into()).unwrap();
        assert_eq!(CYCLES.read_member(&body("{}")).unwrap(), None);
        assert_eq!(CYCLES.read_member(&body("{\"BillingCycle\":null}")).unwrap(), None);
        assert_eq!(CYCLES.read_member(&body("{\"BillingCycle\":1}")).unwrap(), Some(1));
        assert!(CYCLES.read_member(&body("{\"BillingCycle\":[]}")).is_err());
    }
}
