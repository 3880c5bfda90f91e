//! Does an answer have the shape that the contract says?
//!
//! A pattern is JSON. An object matches when every member it names does; others may be there. A list
//! matches one of as many items; `["each", P]` one whose items all match and that is not empty,
//! `["some", P]` one of which an item does. Texts in angle brackets stand for what they name.

use serde_json::Value;

/// What is wrong, and where; nothing where the value matches.
pub(crate) fn mismatch(pattern: &Value, value: &Value) -> Option<String> {
    at("", pattern, value)
}

fn at(place: &str, pattern: &Value, value: &Value) -> Option<String> {
    match (pattern, value) {
        (Value::Object(members), Value::Object(_)) => members.iter().find_map(|(name, pattern)| {
            at(&format!("{place}.{name}"), pattern, value.get(name).unwrap_or(&Value::Null))
        }),
        (Value::Array(patterns), Value::Array(items)) => list(place, patterns, items),
        (Value::String(text), _) if text.starts_with('<') => {
            let fits = named(text, value);
            (!fits).then(|| format!("{place}: {value} is no {text}"))
        }
        _ => (pattern != value).then(|| format!("{place}: {value} instead of {pattern}")),
    }
}

fn list(place: &str, patterns: &[Value], items: &[Value]) -> Option<String> {
    match patterns {
        [Value::String(word), pattern] if word == "each" => {
            if items.is_empty() {
                return Some(format!("{place}: is empty"));
            }
            let mut items = items.iter().enumerate();
            items.find_map(|(index, item)| at(&format!("{place}[{index}]"), pattern, item))
        }
        [Value::String(word), pattern] if word == "some" => {
            let found = items.iter().any(|item| at(place, pattern, item).is_none());
            (!found).then(|| format!("{place}: none is {pattern}"))
        }
        _ if patterns.len() != items.len() => {
            Some(format!("{place}: {} items instead of {}", items.len(), patterns.len()))
        }
        _ => {
            let mut pairs = patterns.iter().zip(items).enumerate();
            pairs.find_map(|(index, (pattern, item))| {
                at(&format!("{place}[{index}]"), pattern, item)
            })
        }
    }
}

fn named(pattern: &str, value: &Value) -> bool {
    let text = value.as_str();
    match pattern {
        "<none>" => value.is_null(),
        "<any>" => !value.is_null(),
        "<text>" => text.is_some_and(|text| !text.is_empty()),
        "<int>" => value.is_i64() || value.is_u64(),
        "<bool>" => value.is_boolean(),
        "<list>" => value.is_array(),
        "<guid>" => text.is_some_and(is_guid),
        "<time>" => text.is_some_and(is_time),
        "<path>" => text.is_some_and(|text| text.starts_with('/') && !text.starts_with("/v1")),
        _ => panic!("{pattern} is not known"),
    }
}

fn is_guid(text: &str) -> bool {
    let groups: Vec<&str> = text.split('-').collect();
    let lengths: Vec<usize> = groups.iter().map(|group| group.len()).collect();
    lengths == [8, 4, 4, 4, 12]
        && text.chars().all(|it| it == '-' || it.is_ascii_digit() || ('a'..='f').contains(&it))
}

/// ISO-8601 in UTC, at most seven digits after the seconds.
fn is_time(text: &str) -> bool {
    let Some(text) = text.strip_suffix('Z') else { return false };
    let (seconds, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let form: String =
        seconds.chars().map(|it| if it.is_ascii_digit() { '0' } else { it }).collect();
    form == "0000-00-00T00:00:00" && fraction.len() <= 7
}

#[test]
fn a_pattern_takes_what_it_names_and_nothing_else() {
    use serde_json::json;
    let value =
        json!({ "a": 1, "b": [{ "c": "x" }, { "c": "y" }], "t": "2026-11-20T10:00:00.1234567Z" });
    for fits in [
        json!({ "a": "<int>", "z": "<none>", "t": "<time>" }),
        json!({ "b": ["each", { "c": "<text>" }] }),
        json!({ "b": ["some", { "c": "y" }] }),
        json!({ "b": ["<any>", { "c": "y" }] }),
    ] {
        assert_eq!(mismatch(&fits, &value), None, "{fits}");
    }
    for fits_not in [
        json!({ "a": 2 }),
        json!({ "z": "<any>" }),
        json!({ "b": [] }),
        json!({ "b": ["each", { "c": "x" }] }),
        json!({ "b": ["some", { "c": "z" }] }),
        json!({ "t": "<guid>" }),
    ] {
        assert!(mismatch(&fits_not, &value).is_some(), "{fits_not}");
    }
}
