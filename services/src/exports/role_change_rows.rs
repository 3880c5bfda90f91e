//! Which role changes does an event stand for?

use events::{Actor, Client, PartnerUserId, RecordedEvent, Role, RoleCategory, Tenant};

use crate::application::{RoleTransition, TransitionKind};

/// One role that was granted, revoked or replaced.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct RoleChangeRow {
    pub(super) user: PartnerUserId,
    pub(super) category: RoleCategory,
    pub(super) before: Option<Role>,
    pub(super) after: Option<Role>,
}

impl RoleChangeRow {
    pub(super) const fn action(&self) -> &'static str {
        match (self.before, self.after) {
            (Some(_), Some(_)) => "replace",
            (None, _) => "grant",
            (Some(_), None) => "revoke",
        }
    }
}

/// The changes of an event, in the order of its roles. A deletion takes every role away and a
/// restore gives roles back: an auditor asks who held what, whatever the reason.
pub(super) fn role_changes(recorded: &RecordedEvent) -> Vec<RoleChangeRow> {
    let Some(change) = RoleTransition::of(&recorded.event) else { return Vec::new() };
    let row = |before: Option<Role>, after: Option<Role>| {
        let category = after.or(before)?.category();
        Some(RoleChangeRow { user: change.user, category, before, after })
    };
    if change.kind == TransitionKind::Replaced {
        let (before, after) = (change.before.first().copied(), change.after.first().copied());
        return row(before, after).into_iter().collect();
    }
    let revoked = change.before.iter().filter_map(|role| row(Some(*role), None));
    let granted = change.after.iter().filter_map(|role| row(None, Some(*role)));
    revoked.chain(granted).collect()
}

/// Who acted, as exports name it: an id, or a word for who has none.
pub(super) fn actor_id(actor: &Actor) -> String {
    match actor {
        Actor::PartnerUser { user, .. } => user.to_string(),
        Actor::CustomerUser { user, .. } => user.to_string(),
        Actor::Operator => "operator".to_owned(),
        Actor::SupportOperator { operator } => operator.to_string(),
        Actor::Auditor { auditor } => auditor.to_string(),
        Actor::Application { application, .. } => application.to_string(),
        Actor::Visitor => "visitor".to_owned(),
        Actor::System(process) => format!("system:{}", process.name()),
    }
}

/// For whom, where not for the actor's own company.
pub(super) fn tenant_id(tenant: &Tenant) -> String {
    match tenant {
        Tenant::Partner(partner) => partner.to_string(),
        Tenant::Customer(customer) => customer.to_string(),
    }
}

/// By which way a command came in.
pub(super) const fn source(client: Client) -> &'static str {
    match client {
        Client::Api | Client::Application(_) => "api",
        Client::Page => "page",
        Client::CommandLine => "command_line",
        Client::Internal => "internal",
        Client::Sample => "sample",
    }
}

/// The role that allowed the change: the part of the rule before the colon.
pub(super) fn actor_role(rule: &str) -> &str {
    rule.split_once(':').map_or(rule, |(role, _)| role)
}
