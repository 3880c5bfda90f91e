//! What is a receiver told of an event? The contract's five members: what happened, to what, when, and
//! where more is to be read by whoever may. Nothing of it is personal.

use commands::OfferedEvent;
use events::{PartnerId, RecordedEvent, Timestamp};
use serde::Serialize;
use serde_json::Value;

use crate::api::is_audited;

/// What a receiver is told.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Callback {
    event_name: &'static str,
    resource_uri: String,
    resource_name: &'static str,
    audit_uri: Option<String>,
    resource_change_utc_date: Timestamp,
}

/// Where each resource is read: names in braces are members of the event, `{stream}` is the id of
/// what its stream is about.
const RESOURCES: &[(&str, &str)] = &[
    ("customer", "/v1/customers/{stream}"),
    ("customer-directory-role", "/v1/customers/{stream}/users/{userId}/directoryroles"),
    ("customer-user", "/v1/customers/{stream}/users/{userId}"),
    ("dap-admin-relationship", "/v1/customers/{stream}"),
    ("indirect-reseller-relationship", "/v1/partnerships/{stream}"),
    ("order", "/v1/customers/{stream}/orders/{orderId}"),
    ("partner-user", "/v1/users/{userId}"),
    ("referral", "/v1/leads/{stream}"),
    ("reseller-relationship", "/v1/customers/{stream}"),
    ("subscription", "/v1/customers/{stream}/subscriptions/{subscriptionId}"),
    ("test", "/webhooks/v1/registration/validationevents/{testId}"),
];

impl Callback {
    /// What the receiver of a partner is told of an event.
    pub(super) fn of(event: &RecordedEvent, partner: PartnerId, public_address: &str) -> Self {
        let name = event.event.name();
        let offered = OfferedEvent::of_type(name);
        let resource = offered.map_or("", |offered| offered.resource);
        let template = RESOURCES.iter().find(|(known, _)| *known == resource);
        let path = template.map_or_else(String::new, |(_, template)| filled(template, event));
        let record = format!("/v1/auditrecords/{partner}_{}", event.position);
        Self {
            event_name: offered.map_or("", |offered| offered.name),
            resource_uri: format!("{public_address}{path}"),
            resource_name: resource,
            audit_uri: is_audited(name).then(|| format!("{public_address}{record}")),
            resource_change_utc_date: event.recorded_at,
        }
    }

    /// It as it is sent.
    pub(super) fn bytes(&self) -> Vec<u8> {
        serde_json::to_vec(self).unwrap_or_default()
    }
}

/// The path of what an event is about; it ends before an id that the event does not name.
fn filled(template: &str, event: &RecordedEvent) -> String {
    let members = serde_json::to_value(&event.event).unwrap_or_default();
    let mut path = String::new();
    for segment in template.split('/').skip(1) {
        let filled = match segment.strip_prefix('{').and_then(|it| it.strip_suffix('}')) {
            None => segment.to_owned(),
            Some("stream") => event.stream.id().to_string(),
            Some(name) => match members.get(name).and_then(Value::as_str) {
                Some(id) => id.to_owned(),
                None => break,
            },
        };
        path.push('/');
        path.push_str(&filled);
    }
    path
}

#[cfg(test)]
mod tests {
    use commands::OFFERED_EVENTS;

    use super::*;

    #[test]
    fn each_resource_that_is_offered_has_an_address() {
        for offered in OFFERED_EVENTS {
            let known = RESOURCES.iter().any(|(resource, _)| *resource == offered.resource);
            assert!(known, "{}", offered.resource);
        }
    }
}
