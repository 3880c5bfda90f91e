//! What do audit records tell of a resource before and after what was done?
//!
//! Some events tell both themselves. For the others the read model knows what was the case before,
//! or where in the log it was told: at most one more event is read for a record.

use events::{CustomerId, Event, OrderId, OrderLine, RecordedEvent};
use projections::{Before, ReadModel};
use serde_json::{Map, Value, json};

use super::subscription_shape::status_word;

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

/// Events that tell what was and what is: each pair of members with its name in both values.
const TELL_BOTH: &[(&str, &[[&str; 3]])] = &[
    ("SubscriptionQuantityChanged", &[["old", "new", "quantity"]]),
    (
        "SubscriptionUpgraded",
        &[["oldOfferId", "newOfferId", "offerId"], ["oldSkuId", "newSkuId", "skuId"]],
    ),
    ("TrialConverted", &[["oldOfferId", "newOfferId", "offerId"]]),
    ("ResellerOfRecordChanged", &[["old", "new", "partnerOnRecord"]]),
    ("SupportContactChanged", &[["old", "new", "supportTenantId"]]),
    ("SupportContactFellBack", &[["old", "new", "supportTenantId"]]),
    ("OrderRebilled", &[["old", "new", "billingCycle"]]),
    ("RoleReplaced", &[["old", "new", "role"]]),
];

/// Events that by themselves say from which state to which: its member, before, after.
const STATES: &[(&str, [&str; 3])] = &[
    ("CustomerUserDeleted", ["state", "active", "inactive"]),
    ("CustomerUserRestored", ["state", "inactive", "active"]),
    ("PartnerUserDeleted", ["state", "active", "inactive"]),
    ("PartnerUserRestored", ["state", "inactive", "active"]),
    ("LeadAccepted", ["status", "referred", "accepted"]),
    ("LeadDeclined", ["status", "referred", "declined"]),
    ("LeadWithdrawn", ["status", "referred", "withdrawn"]),
    ("LeadConverted", ["status", "accepted", "converted"]),
];

/// The state that an event brings a subscription into.
const SUBSCRIPTION_STATES: &[(&str, &str)] = &[
    ("SubscriptionSuspended", "suspended"),
    ("SubscriptionReactivated", "active"),
    ("SubscriptionCancelled", "deleted"),
];

/// Whether a subscription was renewed before an event, and is after it.
const RENEWALS: &[(&str, [bool; 2])] =
    &[("SubscriptionRenewalStopped", [true, false]), ("SubscriptionRenewalResumed", [false, true])];

/// Events that take away what they tell of.
const TAKE_AWAY: [&str; 9] = [
    "LicenseRevoked",
    "DirectoryRoleRevoked",
    "RoleRevoked",
    "DelegatedAdminEnded",
    "RelationshipEnded",
    "OwnPurchasesForbidden",
    "PartnershipEnded",
    "ApplicationRevoked",
    "ApplicationSecretRemoved",
];

impl Values {
    /// What an event tells with these members, where `told` is what was told before of the same thing.
    pub(super) fn of(
        event: &RecordedEvent,
        model: &ReadModel,
        data: &Members,
        told: Option<Members>,
    ) -> Self {
        let name = event.event.name();
        if TAKE_AWAY.contains(&name) {
            return Self { old: Some(data.clone()), new: None };
        }
        let (mut old, mut new) = (Members::new(), data.clone());
        move_pairs(name, &mut old, &mut new);
        if let Some((_, [member, before, after])) = row(STATES, name) {
            old.insert((*member).to_owned(), json!(before));
            new.insert((*member).to_owned(), json!(after));
        }
        if let Some((_, [before, after])) = row(RENEWALS, name) {
            put(&mut old, "autoRenewEnabled", json!(before));
            put(&mut new, "autoRenewEnabled", json!(after));
        }
        if let Some((_, after)) = row(SUBSCRIPTION_STATES, name) {
            new.insert("status".to_owned(), json!(after));
        }
        match model.changes().before(event.position) {
            Some(Before::Told(_)) => old.extend(told.unwrap_or_default()),
            Some(Before::Named(name)) => put(&mut old, "friendlyName", json!(name.to_string())),
            Some(Before::Worked(state)) => put(&mut old, "status", json!(status_word(*state))),
            Some(Before::Qualified(kind)) => put(&mut old, "qualification", json!(kind)),
            None => {}
        }
        order_lines(event, model, &mut old, &mut new);
        if old.is_empty() {
            return Self { old: None, new: Some(new) };
        }
        let identity = IDENTITY.iter().filter_map(|name| Some((*name, data.get(*name)?)));
        old.extend(identity.map(|(name, value)| (name.to_owned(), value.clone())));
        Self { old: Some(old), new: Some(new) }
    }
}

fn row<'a, T>(table: &'a [(&str, T)], event: &str) -> Option<&'a (&'a str, T)> {
    table.iter().find(|(name, _)| *name == event)
}

fn put(members: &mut Members, name: &str, value: Value) {
    members.insert(name.to_owned(), value);
}

/// Gives both members of each pair the same name, each in its value.
fn move_pairs(event: &str, old: &mut Members, new: &mut Members) {
    let pairs = row(TELL_BOTH, event).map_or(&[][..], |(_, pairs)| *pairs);
    for [before, after, name] in pairs {
        old.extend(new.remove(*before).map(|value| ((*name).to_owned(), value)));
        if let Some(value) = new.remove(*after) {
            put(new, name, value);
        }
    }
}

/// The lines of an order that was extended: those it had, and those it has with the new ones.
fn order_lines(event: &RecordedEvent, model: &ReadModel, old: &mut Members, new: &mut Members) {
    let Some((customer, order, added)) = extended(event) else { return };
    let Some(row) = model.orders().get(customer, order) else { return };
    let first = added.iter().map(|line| line.line_number).min().unwrap_or_default();
    let had = row.lines.iter().filter(|line| line.line_number < first);
    let had: Vec<&OrderLine> = had.collect();
    let has: Vec<&OrderLine> = had.iter().copied().chain(added).collect();
    put(old, "lines", json!(had));
    put(new, "lines", json!(has));
}

fn extended(event: &RecordedEvent) -> Option<(CustomerId, OrderId, &[OrderLine])> {
    let Event::Customer(events::CustomerEvent::Order(events::OrderEvent::OrderExtended(order))) =
        &event.event
    else {
        return None;
    };
    Some((CustomerId::from_uuid(event.stream.id()), order.order_id, &order.lines))
}

/// What was told before of the members that an event tells of; of who is gone, everything.
pub(super) fn comparable(earlier: Members, event: &RecordedEvent, data: &Members) -> Members {
    let is_gone = matches!(event.event.name(), "CustomerUserDeleted" | "PartnerUserDeleted");
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
    use std::collections::BTreeSet;

    use super::{super::audit_words::is_audited, *};

    fn members(value: Value) -> Members {
        serde_json::from_value(value).unwrap()
    }

    #[test]
    fn each_event_of_the_tables_has_records_and_stands_in_one_of_them() {
        let both = TELL_BOTH.iter().map(|(name, _)| *name);
        let states = STATES.iter().map(|(name, _)| *name);
        let subscriptions = SUBSCRIPTION_STATES.iter().map(|(name, _)| *name);
        let renewals = RENEWALS.iter().map(|(name, _)| *name);
        let tables = both.chain(states).chain(subscriptions).chain(renewals);
        let mut seen = BTreeSet::new();
        for name in tables.chain(TAKE_AWAY) {
            assert!(is_audited(name), "{name}");
            assert!(seen.insert(name), "{name} stands twice");
        }
    }

    #[test]
    fn what_was_and_what_is_have_the_same_names() {
        let mut old = Members::new();
        let mut new = members(json!({ "subscriptionId": "s", "old": 3, "new": 5 }));
        move_pairs("SubscriptionQuantityChanged", &mut old, &mut new);
        assert_eq!(old, members(json!({ "quantity": 3 })));
        assert_eq!(new, members(json!({ "subscriptionId": "s", "quantity": 5 })));
    }

    #[test]
    fn values_are_written_with_capitals_at_every_depth() {
        let value = members(json!({ "profile": { "userName": "n" }, "lines": [{ "offerId": 1 }] }));
        assert_eq!(text(&value), r#"{"Lines":[{"OfferId":1}],"Profile":{"UserName":"n"}}"#);
    }
}
