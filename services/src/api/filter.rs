//! The `filter` parameter: comparisons as JSON objects, joined by `and` and `or`; keys and words in
//! any case.

use events::Timestamp;
use serde_json::Value;

use super::{
    dates::{self, Given},
    query::Query,
    words::{Words, same_word},
};
use crate::http::{ApiError, JsonBody};

/// The longest filter, in bytes.
const FILTER_BYTES_MAX: usize = 2_048;
/// How deep comparisons may be joined, in levels.
const NESTING_LEVELS_MAX: usize = 8;

/// What a list is narrowed to.
#[derive(Debug)]
pub(super) enum Filter {
    /// One comparison.
    One(Comparison),
    /// Both must hold.
    And(Box<[Self; 2]>),
    /// One of them must hold.
    Or(Box<[Self; 2]>),
}

/// One comparison.
#[derive(Debug)]
pub(super) struct Comparison {
    field: String,
    operator: Operator,
    /// What is compared with.
    pub(super) value: String,
    lower_case: String,
    date: Option<Given>,
}

/// How is compared. Texts are compared without regard to case.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Operator {
    Equals,
    NotEquals,
    GreaterThan,
    GreaterThanOrEquals,
    LessThan,
    LessThanOrEquals,
    Substring,
    StartsWith,
    NotStartsWith,
}

/// What stands between the operands of a filter.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Word {
    Compare(Operator),
    And,
    Or,
}

/// The contract's words, in the order of their numbers.
const OPERATORS: Words<Word> = Words {
    field: "Operator",
    all: &[
        ("equals", Word::Compare(Operator::Equals)),
        ("not_equals", Word::Compare(Operator::NotEquals)),
        ("greater_than", Word::Compare(Operator::GreaterThan)),
        ("greater_than_or_equals", Word::Compare(Operator::GreaterThanOrEquals)),
        ("less_than", Word::Compare(Operator::LessThan)),
        ("less_than_or_equals", Word::Compare(Operator::LessThanOrEquals)),
        ("substring", Word::Compare(Operator::Substring)),
        ("and", Word::And),
        ("or", Word::Or),
        ("starts_with", Word::Compare(Operator::StartsWith)),
        ("not_starts_with", Word::Compare(Operator::NotStartsWith)),
    ],
};

/// What sort of value a field holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Sort {
    /// A text; an id is one too.
    Text,
    /// A moment, compared with a moment or a whole day.
    Moment,
}

impl Filter {
    /// The filter of a list, if it has one.
    ///
    /// # Errors
    /// When it is too long, too deep, or no filter.
    pub(super) fn of(query: &Query) -> Result<Option<Self>, ApiError> {
        let Some(text) = query.text("filter") else { return Ok(None) };
        if text.len() > FILTER_BYTES_MAX {
            return Err(wrong(format!("must be at most {FILTER_BYTES_MAX} bytes long")));
        }
        let object = JsonBody::parse(text.to_owned().into()).map_err(|_| {
            let example = r#"{"Field":"CompanyName","Value":"Con","Operator":"starts_with"}"#;
            wrong(format!("must be a JSON object such as {example}"))
        })?;
        Self::read(&object, NESTING_LEVELS_MAX).map(Some)
    }

    /// The filter of a list that has fields of these sorts.
    ///
    /// # Errors
    /// When it is no filter, or compares what the list does not have.
    pub(super) fn of_fields(
        query: &Query,
        fields: &[(&str, Sort)],
    ) -> Result<Option<Self>, ApiError> {
        let filter = Self::of(query)?;
        for comparison in filter.iter().flat_map(Self::comparisons) {
            comparison.check(fields)?;
        }
        Ok(filter)
    }

    fn read(object: &JsonBody, levels: usize) -> Result<Self, ApiError> {
        if levels == 0 {
            return Err(wrong(format!("must be at most {NESTING_LEVELS_MAX} levels deep")));
        }
        let side = |name: &str| {
            let side = object.object(name).map_err(|error| wrong(error.description))?;
            let side = side.ok_or_else(|| wrong(format!("needs a member {name}")))?;
            Self::read(&side, levels - 1)
        };
        let both = || Ok::<_, ApiError>(Box::new([side("LeftFilter")?, side("RightFilter")?]));
        match operator(object)? {
            Word::Compare(operator) => {
                let value = word(object, "Value")?;
                Ok(Self::One(Comparison {
                    field: word(object, "Field")?,
                    operator,
                    lower_case: value.to_lowercase(),
                    date: dates::read(&value),
                    value,
                }))
            }
            Word::And => both().map(Self::And),
            Word::Or => both().map(Self::Or),
        }
    }

    /// The filters that must all hold.
    pub(super) fn all_of(self) -> Vec<Self> {
        match self {
            Self::And(both) => both.into_iter().flat_map(Self::all_of).collect(),
            other @ (Self::One(_) | Self::Or(_)) => vec![other],
        }
    }

    /// Every comparison in it.
    fn comparisons(&self) -> Vec<&Comparison> {
        match self {
            Self::One(comparison) => vec![comparison],
            Self::And(both) | Self::Or(both) => both.iter().flat_map(Self::comparisons).collect(),
        }
    }

    /// Whether it asks for this field.
    pub(super) fn mentions(&self, field: &str) -> bool {
        self.comparisons().into_iter().any(|comparison| same_word(&comparison.field, field))
    }

    /// Whether it holds, where `holds` tells of each comparison.
    pub(super) fn admits(&self, holds: &impl Fn(&Comparison) -> bool) -> bool {
        match self {
            Self::One(comparison) => holds(comparison),
            Self::And(both) => both.iter().all(|filter| filter.admits(holds)),
            Self::Or(both) => both.iter().any(|filter| filter.admits(holds)),
        }
    }
}

impl Comparison {
    /// The filter of a list that knows single comparisons only.
    ///
    /// # Errors
    /// When it is no filter, or joins several comparisons.
    pub(super) fn of(query: &Query) -> Result<Option<Self>, ApiError> {
        match Filter::of(query)? {
            None => Ok(None),
            Some(Filter::One(comparison)) => Ok(Some(comparison)),
            Some(Filter::And(_) | Filter::Or(_)) => {
                Err(wrong("of this list must be one comparison".to_owned()))
            }
        }
    }

    /// Whether the comparison is with this field by this operator.
    pub(super) fn is(&self, field: &str, operator: Operator) -> bool {
        self.operator == operator && self.is_of(field)
    }

    /// Whether the comparison is with this field.
    pub(super) fn is_of(&self, field: &str) -> bool {
        same_word(&self.field, field)
    }

    /// Whether it holds for this text.
    pub(super) fn holds_for(&self, text: &str) -> bool {
        let (text, wanted) = (text.to_lowercase(), self.lower_case.as_str());
        match self.operator {
            Operator::Equals => text == wanted,
            Operator::NotEquals => text != wanted,
            Operator::GreaterThan => text.as_str() > wanted,
            Operator::GreaterThanOrEquals => text.as_str() >= wanted,
            Operator::LessThan => text.as_str() < wanted,
            Operator::LessThanOrEquals => text.as_str() <= wanted,
            Operator::Substring => text.contains(wanted),
            Operator::StartsWith => text.starts_with(wanted),
            Operator::NotStartsWith => !text.starts_with(wanted),
        }
    }

    /// Whether it holds for these texts: for one of them, and for all where it says that something is
    /// not so.
    pub(super) fn holds_for_any<T: AsRef<str>>(&self, texts: impl IntoIterator<Item = T>) -> bool {
        let mut each = texts.into_iter().map(|text| self.holds_for(text.as_ref()));
        match self.operator {
            Operator::NotEquals | Operator::NotStartsWith => each.all(|holds| holds),
            Operator::Equals
            | Operator::GreaterThan
            | Operator::GreaterThanOrEquals
            | Operator::LessThan
            | Operator::LessThanOrEquals
            | Operator::Substring
            | Operator::StartsWith => each.any(|holds| holds),
        }
    }

    /// Whether it holds for this moment; a day is equal to every moment in it.
    pub(super) fn holds_at(&self, moment: Timestamp) -> bool {
        let Some(date) = self.date else { return false };
        let (begin, end) = (date.begin(), date.end());
        match self.operator {
            Operator::Equals => begin <= moment && moment <= end,
            Operator::NotEquals => moment < begin || end < moment,
            Operator::GreaterThan => moment > end,
            Operator::GreaterThanOrEquals => moment >= begin,
            Operator::LessThan => moment < begin,
            Operator::LessThanOrEquals => moment <= end,
            Operator::Substring | Operator::StartsWith | Operator::NotStartsWith => false,
        }
    }

    /// The answer to a comparison that a list does not know.
    pub(super) fn unknown(known: &str) -> ApiError {
        wrong(format!("must be one of: {known}"))
    }

    fn check(&self, fields: &[(&str, Sort)]) -> Result<(), ApiError> {
        let found = fields.iter().find(|(field, _)| self.is_of(field));
        let (field, sort) = found.ok_or_else(|| {
            let known: Vec<&str> = fields.iter().map(|(field, _)| *field).collect();
            wrong(format!("must compare one of {}", known.join(", ")))
        })?;
        let is_textual = matches!(
            self.operator,
            Operator::Substring | Operator::StartsWith | Operator::NotStartsWith
        );
        match sort {
            Sort::Moment if is_textual => {
                Err(wrong(format!("compares {field}, which is a date, as a text")))
            }
            Sort::Moment if self.date.is_none() => {
                Err(wrong(format!("must compare {field} with a date such as 2026-11-20")))
            }
            Sort::Text | Sort::Moment => Ok(()),
        }
    }
}

fn wrong(reason: impl Into<String>) -> ApiError {
    ApiError::invalid("filter", reason)
}

fn operator(object: &JsonBody) -> Result<Word, ApiError> {
    let text = word(object, OPERATORS.field)?;
    OPERATORS.read(&text).map_err(|_| {
        let words: Vec<&str> = OPERATORS.all.iter().map(|(word, _)| *word).collect();
        wrong(format!("has an operator other than {}", words.join(", ")))
    })
}

/// A member that must be there: a text, or what is as good as one.
fn word(object: &JsonBody, name: &str) -> Result<String, ApiError> {
    let value: Option<Value> = object.plain(name).map_err(|error| wrong(error.description))?;
    match value {
        Some(Value::String(text)) => Ok(text.trim().to_owned()),
        Some(Value::Number(number)) => Ok(number.to_string()),
        Some(Value::Bool(truth)) => Ok(truth.to_string()),
        Some(Value::Null | Value::Array(_) | Value::Object(_)) => {
            Err(wrong(format!("has a {name} that is neither text nor number")))
        }
        None => Err(wrong(format!("needs a member {name}"))),
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

    fn comparison(operator: &str, value: &str) -> Comparison {
        let text = format!(r#"{{"Field":"A","Value":"{value}","Operator":"{operator}"}}"#);
        match filter(&text).unwrap().unwrap() {
            Filter::One(comparison) => comparison,
            other => panic!("{other:?}"),
        }
    }

    fn nested(levels: usize) -> String {
        let one = r#"{"Field":"A","Value":"x","Operator":"equals"}"#.to_owned();
        (0..levels).fold(one.clone(), |inner, _| {
            format!(r#"{{"LeftFilter":{inner},"Operator":"and","RightFilter":{one}}}"#)
        })
    }

    #[test]
    fn a_filter_is_read_as_each_client_writes_it() {
        let spellings = [
            r#"{"Field":"CompanyName","Value":"Con","Operator":"starts_with"}"#,
            r#"{"operator":"StartsWith","fieldType":"String","field":"companyName","value":"Con"}"#,
            r#"{"Field":"company_name","Value":"Con","Operator":9}"#,
        ];
        for spelling in spellings {
            let Some(Filter::One(read)) = filter(spelling).unwrap() else { panic!("{spelling}") };
            assert!(read.is("CompanyName", Operator::StartsWith), "{spelling}");
            assert_eq!(read.value, "Con");
        }
    }

    #[test]
    fn what_is_no_filter_is_refused_naming_it() {
        let wrong = [
            "[]",
            "{",
            r#"{"Field":"A","Value":"b","Operator":"and"}"#,
            r#"{"Field":"A","Value":"b","Operator":"like"}"#,
            r#"{"Field":"A","Value":["b"],"Operator":"equals"}"#,
            r#"{"LeftFilter":1,"RightFilter":2,"Operator":"or"}"#,
            r#"{"Field":1}"#,
        ];
        for wrong in wrong {
            let error = filter(wrong).unwrap_err();
            assert_eq!((error.code, error.data[1].as_str()), (2000, "filter"), "{wrong}");
        }
        assert!(filter("").unwrap().is_none());
        let long =
            format!(r#"{{"Field":"CompanyName","Value":"{}"}}"#, "x".repeat(FILTER_BYTES_MAX));
        assert!(filter(&long).unwrap_err().description.starts_with("filter must be at most"));
    }

    #[test]
    fn every_operator_compares_texts_without_regard_to_case() {
        let cases = [
            ("equals", "ABC", "abc", "abd"),
            ("not_equals", "ABC", "abd", "aBc"),
            ("greater_than", "abc", "Abd", "ABC"),
            ("greater_than_or_equals", "abc", "ABC", "Abb"),
            ("less_than", "abc", "ABB", "abc"),
            ("less_than_or_equals", "abc", "ABC", "abd"),
            ("substring", "BC", "abcd", "acb"),
            ("starts_with", "AB", "abc", "cab"),
            ("not_starts_with", "AB", "cab", "abc"),
        ];
        for (operator, wanted, yes, no) in cases {
            let comparison = comparison(operator, wanted);
            assert!(comparison.holds_for(yes), "{operator} {wanted} {yes}");
            assert!(!comparison.holds_for(no), "{operator} {wanted} {no}");
        }
    }

    #[test]
    fn of_several_texts_one_must_be_so_and_none_may_be_otherwise() {
        assert!(comparison("equals", "b").holds_for_any(["a", "b"]));
        assert!(!comparison("not_equals", "b").holds_for_any(["a", "b"]));
        assert!(comparison("not_starts_with", "b").holds_for_any([""; 0]));
        assert!(!comparison("starts_with", "b").holds_for_any([""; 0]));
    }

    #[test]
    fn a_day_is_equal_to_every_moment_in_it() {
        let moment = |text: &str| dates::day_or_moment(text).unwrap();
        let noon = moment("2026-11-20T12:00:00Z");
        for (operator, holds) in [
            ("equals", true),
            ("not_equals", false),
            ("greater_than", false),
            ("greater_than_or_equals", true),
            ("less_than", false),
            ("less_than_or_equals", true),
        ] {
            assert_eq!(comparison(operator, "2026-11-20").holds_at(noon), holds, "{operator}");
        }
        assert!(comparison("greater_than", "2026-11-20").holds_at(moment("2026-11-21")));
        assert!(comparison("less_than", "2026-11-20T12:00:01Z").holds_at(noon));
    }

    #[test]
    fn comparisons_are_joined_and_taken_apart() {
        let text = r#"{"LeftFilter":{"Field":"A","Value":"x","Operator":"equals"},"Operator":"and",
            "RightFilter":{"leftFilter":{"Field":"B","Value":"y","Operator":"equals"},
            "rightFilter":{"Field":"B","Value":"z","Operator":"equals"},"operator":"Or"}}"#;
        let read = filter(text).unwrap().unwrap();
        let with = |a: &'static str, b: &'static str| {
            move |it: &Comparison| it.holds_for(if it.is_of("A") { a } else { b })
        };
        assert!(read.admits(&with("x", "y")) && read.admits(&with("X", "Z")));
        assert!(!read.admits(&with("x", "x")) && !read.admits(&with("y", "y")));
        assert!(read.mentions("b") && !read.mentions("c"));
        assert_eq!(read.all_of().len(), 2, "of what must hold altogether, each for itself");
    }

    #[test]
    fn a_filter_may_be_nested_so_deep_and_no_deeper() {
        assert!(filter(&nested(NESTING_LEVELS_MAX - 1)).is_ok());
        let error = filter(&nested(NESTING_LEVELS_MAX)).unwrap_err();
        assert!(error.description.ends_with("levels deep"), "{}", error.description);
    }

    #[test]
    fn a_field_that_a_list_does_not_have_and_a_date_that_is_none_are_refused() {
        let fields = [("Name", Sort::Text), ("CreatedDate", Sort::Moment)];
        let read = |field: &str, value: &str, operator: &str| {
            let text =
                format!(r#"{{"Field":"{field}","Value":"{value}","Operator":"{operator}"}}"#);
            let Some(Filter::One(one)) = filter(&text).unwrap() else { panic!("{text}") };
            one.check(&fields)
        };
        assert!(read("name", "x", "substring").is_ok());
        assert!(read("created_date", "2026-11-20", "less_than").is_ok());
        assert!(read("Title", "x", "equals").is_err());
        assert!(read("CreatedDate", "soon", "less_than").is_err());
        assert!(read("CreatedDate", "2026-11-20", "starts_with").is_err());
    }
}
