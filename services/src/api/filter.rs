//! The `filter` parameter: one comparison as a JSON object, keys and words in any case.

use super::{query::Query, words::same_word};
use crate::http::{ApiError, JsonBody};

/// The longest filter, in bytes.
const FILTER_BYTES_MAX: usize = 2_048;

/// The operators of the contract.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Operator {
    Equals,
    StartsWith,
    Substring,
}

/// One comparison.
#[derive(Debug)]
pub(super) struct Filter {
    field: String,
    operator: Operator,
    /// What is compared with.
    pub(super) value: String,
}

impl Filter {
    /// The filter of a list, if it has one.
    ///
    /// # Errors
    /// When it is too long, no comparison, or one by an operator that is not offered.
    pub(super) fn of(query: &Query) -> Result<Option<Self>, ApiError> {
        let Some(text) = query.text("filter") else { return Ok(None) };
        if text.len() > FILTER_BYTES_MAX {
            let reason = format!("must be at most {FILTER_BYTES_MAX} bytes long");
            return Err(ApiError::invalid("filter", reason));
        }
        let object = JsonBody::parse(text.to_owned().into()).map_err(|_| {
            let example = r#"{"Field":"CompanyName","Value":"Con","Operator":"starts_with"}"#;
            ApiError::invalid("filter", format!("must be a JSON object such as {example}"))
        })?;
        let word = |name: &str| {
            let member: Option<String> = object.plain(name)?;
            member.ok_or_else(|| ApiError::invalid("filter", format!("needs a member {name}")))
        };
        let known = [
            ("equals", Operator::Equals),
            ("starts_with", Operator::StartsWith),
            ("substring", Operator::Substring),
        ];
        let operator = word("Operator")?;
        let operator = known.into_iter().find(|(word, _)| same_word(word, &operator));
        let (_, operator) = operator.ok_or_else(|| {
            ApiError::invalid("filter", "has an operator other than equals, starts_with, substring")
        })?;
        Ok(Some(Self { field: word("Field")?, operator, value: word("Value")? }))
    }

    /// Whether the comparison is with this field by this operator.
    pub(super) fn is(&self, field: &str, operator: Operator) -> bool {
        self.operator == operator && same_word(&self.field, field)
    }

    /// The answer to a comparison that a list does not know.
    pub(super) fn unknown(known: &str) -> ApiError {
        ApiError::invalid("filter", format!("must be one of: {known}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filter(text: &str) -> Result<Option<Filter>, ApiError> {
        let encoded =
            percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC);
        let uri = format!("/v1/customers?filter={encoded}").parse().unwrap();
        Filter::of(&Query::of(&uri)?)
    }

    #[test]
    fn a_filter_is_read_as_each_client_writes_it() {
        let spellings = [
            r#"{"Field":"CompanyName","Value":"Con","Operator":"starts_with"}"#,
            r#"{"operator":"StartsWith","fieldType":"String","field":"companyName","value":"Con"}"#,
        ];
        for spelling in spellings {
            let filter = filter(spelling).unwrap().unwrap();
            assert!(filter.is("CompanyName", Operator::StartsWith), "{spelling}");
            assert_eq!(filter.value, "Con");
        }
    }

    #[test]
    fn what_is_no_comparison_is_refused_naming_the_filter() {
        for wrong in ["[]", "{", r#"{"Field":"A","Value":"b","Operator":"and"}"#, r#"{"Field":1}"#]
        {
            assert_eq!(filter(wrong).unwrap_err().data[0], "invalid_field", "{wrong}");
        }
        assert!(filter("").unwrap().is_none());
        let long =
            format!(r#"{{"Field":"CompanyName","Value":"{}"}}"#, "x".repeat(FILTER_BYTES_MAX));
        assert!(filter(&long).unwrap_err().description.starts_with("filter must be at most"));
    }
}
