//! What do audit records tell of a resource before and after what was done?
//!
//! Some events tell both themselves. For the others the read model knows what was the case before,
//! or where in the log it was told: at most one more event is read for a record.

use events::{CustomerId, OrderExtended, OrderLine, RecordedEvent};
use projections::{Before, OrderRow, ReadModel};
use serde_json::{Map, Value, json};

use super::{audit_changes::Change, subscription_shape::status_word};

type Members = Map<String, Value>;

/// A resource before and after.
#[derive(Default, PartialEq, Debug)]
pub(super) struct Values {
    /// What was so until then; `None` where there was nothing, or nothing that is told.
    pub(super) old: Option<Members>,
    /// What is so from then on; `None` where nothing is left.
    pub(super) new: Option<Members>,
}

/// The members by which events name what they are about.
const IDENTITY: [&str; 4] = ["userId", "subscriptionId", "orderId", "category"];

impl Values {
    /// What an event tells with these members, where `told` is what was told before of the same thing.
    pub(super) fn of(
        event: &RecordedEvent,
        model: &ReadModel,
        data: &Members,
        told: Option<Members>,
    ) -> Self {
        let change = Change::of(&event.event);
        if change == Change::TakesAway {
            return Self { old: Some(data.clone()), new: None };
        }
        let (mut old, mut new) = (Members::new(), data.clone());
        apply(change, (event, model), &mut old, &mut new);
        match model.changes().before(event.position) {
            Some(Before::Told(_)) => old.extend(told.unwrap_or_default()),
            Some(Before::Named(name)) => put(&mut old, "friendlyName", json!(name.to_string())),
            Some(Before::Worked(state)) => put(&mut old, "status", json!(status_word(*state))),
            Some(Before::Qualified(kind)) => put(&mut old, "qualification", json!(kind)),
            None => {}
        }
        if old.is_empty() {
            return Self { old: None, new: Some(new) };
        }
        let identity = IDENTITY.iter().filter_map(|name| Some((*name, data.get(*name)?)));
        old.extend(identity.map(|(name, value)| (name.to_owned(), value.clone())));
        Self { old: Some(old), new: Some(new) }
    }
}

/// Puts into both values what the event says by itself.
fn apply(
    change: Change<'_>,
    (event, model): (&RecordedEvent, &ReadModel),
    old: &mut Members,
    new: &mut Members,
) {
    match change {
        Change::Sets | Change::TakesAway => {}
        Change::Replaces(pairs) => move_pairs(pairs, old, new),
        Change::Turns(member, [before, after]) => {
            put(old, member, before);
            put(new, member, after);
        }
        Change::Brings(member, after) => put(new, member, json!(after)),
        Change::Deactivates => {
            put(old, "state", json!("active"));
            put(new, "state", json!("inactive"));
        }
        Change::Extends(order) => {
            let customer = CustomerId::from_uuid(event.stream.id());
            order_lines(order, model.orders().get(customer, order.order_id), old, new);
        }
    }
}

fn put(members: &mut Members, name: &str, value: Value) {
    members.insert(name.to_owned(), value);
}

/// Gives both members of each pair the same name, each in its value.
fn move_pairs(pairs: &[[&str; 3]], old: &mut Members, new: &mut Members) {
    for [before, after, name] in pairs {
        old.extend(new.remove(*before).map(|value| ((*name).to_owned(), value)));
        if let Some(value) = new.remove(*after) {
            put(new, name, value);
        }
    }
}

/// The lines of an order that was extended: those it had, and those it has with the new ones.
fn order_lines(
    order: &OrderExtended,
    row: Option<&OrderRow>,
    old: &mut Members,
    new: &mut Members,
) {
    let Some(row) = row else { return };
    let first = order.lines.iter().map(|line| line.line_number).min().unwrap_or_default();
    let had = row.lines.iter().filter(|line| line.line_number < first);
    let had: Vec<&OrderLine> = had.collect();
    let has: Vec<&OrderLine> = had.iter().copied().chain(&order.lines).collect();
    put(old, "lines", json!(had));
    put(new, "lines", json!(has));
}

/// What was told before of the members that an event tells of; of who is gone, everything.
pub(super) fn comparable(earlier: Members, event: &RecordedEvent, data: &Members) -> Members {
    let is_gone = Change::of(&event.event) == Change::Deactivates;
    earlier.into_iter().filter(|(name, _)| is_gone || data.contains_key(name)).collect()
}

/// A value as the contract writes it: JSON in a text, names beginning with a capital.
pub(super) fn text(members: &Members) -> String {
    Value::Object(pascal(members)).to_string()
}

/// An object with its names in the case the contract's values have.
fn pascal(object: &Members) -> Members {
    let member = |(name, value): (&String, &Value)| (pascal_name(name), pascal_value(value));
    object.iter().map(member).collect()
}

fn pascal_value(value: &Value) -> Value {
    match value {
        Value::Object(object) => Value::Object(pascal(object)),
        Value::Array(items) => Value::Array(items.iter().map(pascal_value).collect()),
        plain => plain.clone(),
    }
}

/// A name with a capital at its beginning.
pub(super) fn pascal_name(name: &str) -> String {
    let (first, rest) = name.split_at(name.chars().next().map_or(0, char::len_utf8));
    first.to_uppercase() + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn members(value: Value) -> Members {
        serde_json::from_value(value).unwrap()
    }

    #[test]
    fn what_was_and_what_is_have_the_same_names() {
        let mut old = Members::new();
        let mut new = members(json!({ "subscriptionId": "s", "old": 3, "new": 5 }));
        move_pairs(&[["old", "new", "quantity"]], &mut old, &mut new);
        assert_eq!(old, members(json!({ "quantity": 3 })));
        assert_eq!(new, members(json!({ "subscriptionId": "s", "quantity": 5 })));
    }

    #[test]
    fn values_are_written_with_capitals_at_every_depth() {
        let value = members(json!({ "profile": { "userName": "n" }, "lines": [{ "offerId": 1 }] }));
        assert_eq!(text(&value), r#"{"Lines":[{"OfferId":1}],"Profile":{"UserName":"n"}}"#);
    }
}
