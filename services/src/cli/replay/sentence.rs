//! An event as one line for people: when, where, what, by whom, and its fields.

use events::{Actor, Opened, RecordedEvent, Tenant};
use serde_json::{Map, Value};
use store::ReadError;

use crate::{
    exports::{ERASED, KEY_UNAVAILABLE, People},
    vault::ShownEvent,
};

/// Fields that only programs need: keyed hashes, and where password hashes are.
const HIDDEN_FIELDS: [&str; 3] = ["signInName", "userName", "credentialId"];

pub(super) async fn sentence(
    event: &RecordedEvent,
    shown: &ShownEvent,
    people: &mut People<'_>,
) -> Result<String, ReadError> {
    let actor = actor(event, people).await?;
    let behalf = match event.metadata.on_behalf_of {
        Some(Tenant::Partner(id)) => format!(" on behalf of partner {id}"),
        Some(Tenant::Customer(id)) => format!(" on behalf of customer {id}"),
        None => String::new(),
    };
    let mut parts = Vec::new();
    for (name, value) in &shown.data {
        if !HIDDEN_FIELDS.contains(&name.as_str()) {
            field(name, value, &mut parts);
        }
    }
    for name in ["reason", "ticket", "approvedBy"] {
        if let Some(value) = shown.metadata.get(name) {
            field(name, value, &mut parts);
        }
    }
    let (time, position, stream) = (event.recorded_at, event.position, event.stream);
    let name = event.event.name();
    Ok(format!("{time:.6} #{position} {stream} {name} by {actor}{behalf}: {}", parts.join(", ")))
}

async fn actor(event: &RecordedEvent, people: &mut People<'_>) -> Result<String, ReadError> {
    Ok(match event.metadata.actor {
        Actor::PartnerUser { partner, user } => {
            let profile = people.profile((partner, user), event.position).await?;
            match profile {
                Some(Opened::Readable(profile)) => {
                    format!("{} <{}>", profile.full_name, profile.email)
                }
                Some(Opened::Erased(_)) => format!("{ERASED} {user}"),
                Some(Opened::KeyUnavailable) => format!("{KEY_UNAVAILABLE} {user}"),
                None => format!("partner user {user}"),
            }
        }
        Actor::CustomerUser { user, .. } => format!("customer user {user}"),
        Actor::Operator => "operator".to_owned(),
        Actor::SupportOperator { operator } => format!("support operator {operator}"),
        Actor::Auditor { auditor } => format!("auditor {auditor}"),
        Actor::Application { application, .. } => format!("application {application}"),
        Actor::Visitor => "somebody who had not signed in".to_owned(),
        Actor::System(process) => format!("system ({})", process.name()),
    })
}

/// Adds `name=value`; the fields of an object are added one by one.
fn field(name: &str, value: &Value, parts: &mut Vec<String>) {
    match value {
        Value::Null => {}
        Value::Object(object) => match hidden_state(object) {
            Some(state) => parts.push(format!("{name}={state}")),
            None => object.iter().for_each(|(name, value)| field(name, value, parts)),
        },
        Value::String(text) => parts.push(format!("{name}={}", one_line(text))),
        Value::Array(values) => {
            let texts: Vec<_> = values.iter().map(item).collect();
            parts.push(format!("{name}=[{}]", texts.join(" ")));
        }
        Value::Bool(_) | Value::Number(_) => parts.push(format!("{name}={value}")),
    }
}

fn item(value: &Value) -> String {
    match value {
        Value::String(text) => one_line(text),
        Value::Object(object) => {
            let mut parts = Vec::new();
            object.iter().for_each(|(name, value)| field(name, value, &mut parts));
            format!("({})", parts.join(" "))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) => value.to_string(),
    }
}

fn hidden_state(object: &Map<String, Value>) -> Option<&'static str> {
    if object.contains_key("$erased") {
        Some(ERASED)
    } else if object.contains_key("$unavailable") || object.contains_key("$sealed") {
        Some(KEY_UNAVAILABLE)
    } else {
        None
    }
}

/// The text without anything that would move a terminal's cursor; quoted where it has blanks.
fn one_line(text: &str) -> String {
    if text.chars().any(|c| c.is_control() || c.is_whitespace() || "\",".contains(c)) {
        format!("{text:?}")
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn line(value: &Value) -> String {
        let mut parts = Vec::new();
        field("value", value, &mut parts);
        parts.join(", ")
    }

    #[test]
    fn fields_stand_one_after_the_other_and_texts_stay_on_their_line() {
        let value = json!({ "name": "Ana Lima", "city": "Oslo", "more": null, "seats": 3 });
        assert_eq!(line(&value), "city=Oslo, name=\"Ana Lima\", seats=3");
        assert_eq!(line(&json!("one\ntwo\u{1b}[2J")), "value=\"one\\ntwo\\u{1b}[2J\"");
        let lines = json!(["a", { "sku": "x", "fate": "restored" }]);
        assert_eq!(line(&lines), "value=[a (fate=restored sku=x)]");
    }

    #[test]
    fn erased_and_unavailable_data_are_told_apart() {
        assert_eq!(line(&json!({ "$erased": { "at": "2026-11-20T00:00:00Z" } })), "value=[erased]");
        let unavailable = json!({ "$unavailable": { "subject": "s" } });
        assert_eq!(line(&unavailable), "value=[key unavailable]");
    }
}
