//! When did which user gain, change or lose roles? Positions only: rows are read from the log.

use events::{
    Event, PartnerEvent, PartnerId, PartnerUserEvent, PartnerUserId, Position, RecordedEvent, Role,
    RoleCategory, RoleEvent,
};
use imbl::{OrdMap, Vector};

use crate::{
    keys::partner_of,
    page::Page,
    view::{Contradiction, View},
};

/// What happened to a user's roles.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum RoleChangeKind {
    /// A role was assigned in a category in which none was held.
    Granted,
    /// A role gave way to another of its category.
    Replaced,
    /// A role was revoked.
    Revoked,
    /// The user was deleted; every role went with the account.
    LostWithAccount,
    /// The user was restored; roles came back.
    BackWithAccount,
}

/// One change: where its event stands, and what it touched.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct RoleChange {
    /// The position of the event.
    pub position: Position,
    /// What happened.
    pub kind: RoleChangeKind,
    categories: u8,
}

impl RoleChange {
    /// True when a role of this category was touched.
    #[must_use]
    pub const fn touches(&self, category: RoleCategory) -> bool {
        self.categories & (1 << category as u8) != 0
    }
}

/// The role changes of every partner and user, oldest first. Grows only.
#[derive(Clone, Default, PartialEq, Debug)]
pub struct RoleHistory {
    by_partner: OrdMap<PartnerId, Vector<RoleChange>>,
    by_user: OrdMap<PartnerUserId, Vector<RoleChange>>,
}

impl RoleHistory {
    /// The changes at a partner, oldest first.
    #[must_use]
    pub fn of_partner(&self, partner: PartnerId) -> impl DoubleEndedIterator<Item = &RoleChange> {
        changes(self.by_partner.get(&partner))
    }

    /// The changes of a user's roles, oldest first; kept after the user is purged.
    #[must_use]
    pub fn of_user(&self, user: PartnerUserId) -> impl DoubleEndedIterator<Item = &RoleChange> {
        changes(self.by_user.get(&user))
    }

    /// A page of the changes at a partner, newest first; `before` is the position of the last row
    /// of the page before.
    #[must_use]
    pub fn partner_page(
        &self,
        partner: PartnerId,
        before: Option<Position>,
        limit: usize,
    ) -> Page<RoleChange, Position> {
        newest_first(self.by_partner.get(&partner), before, limit)
    }

    /// A page of the changes of a user's roles, newest first.
    #[must_use]
    pub fn user_page(
        &self,
        user: PartnerUserId,
        before: Option<Position>,
        limit: usize,
    ) -> Page<RoleChange, Position> {
        newest_first(self.by_user.get(&user), before, limit)
    }

    fn record(
        &mut self,
        recorded: &RecordedEvent,
        user: PartnerUserId,
        kind: RoleChangeKind,
        roles: &[Role],
    ) {
        let categories = roles.iter().fold(0, |bits, role| bits | 1 << role.category() as u8);
        let change = RoleChange { position: recorded.position, kind, categories };
        self.by_partner.entry(partner_of(recorded)).or_default().push_back(change);
        self.by_user.entry(user).or_default().push_back(change);
    }
}

fn changes(list: Option<&Vector<RoleChange>>) -> impl DoubleEndedIterator<Item = &RoleChange> {
    list.into_iter().flat_map(Vector::iter)
}

fn newest_first(
    list: Option<&Vector<RoleChange>>,
    before: Option<Position>,
    limit: usize,
) -> Page<RoleChange, Position> {
    let Some(list) = list else {
        return Page::empty();
    };
    let end = before.map_or(list.len(), |before| {
        list.binary_search_by_key(&before, |change| change.position).unwrap_or_else(|at| at)
    });
    let rows = (0..end).rev().filter_map(|index| list.get(index)).copied();
    Page::take(rows, limit, list.len(), |change| change.position)
}

impl View for RoleHistory {
    const NAME: &'static str = "role_history";

    fn apply(&mut self, recorded: &RecordedEvent) -> Result<(), Contradiction> {
        let Event::Partner(event) = &recorded.event else {
            return Ok(());
        };
        match event {
            PartnerEvent::Role(event) => match event {
                RoleEvent::RoleAssigned(event) => {
                    self.record(recorded, event.user_id, RoleChangeKind::Granted, &[event.role]);
                }
                RoleEvent::RoleReplaced(event) => {
                    let roles = [event.old, event.new];
                    self.record(recorded, event.user_id, RoleChangeKind::Replaced, &roles);
                }
                RoleEvent::RoleRevoked(event) => {
                    self.record(recorded, event.user_id, RoleChangeKind::Revoked, &[event.role]);
                }
            },
            PartnerEvent::User(event) => match event {
                PartnerUserEvent::PartnerUserDeleted(event) if !event.roles.is_empty() => {
                    let kind = RoleChangeKind::LostWithAccount;
                    self.record(recorded, event.user_id, kind, &event.roles);
                }
                PartnerUserEvent::PartnerUserRestored(event) if !event.roles.is_empty() => {
                    let kind = RoleChangeKind::BackWithAccount;
                    self.record(recorded, event.user_id, kind, &event.roles);
                }
                PartnerUserEvent::PartnerUserAdded(_)
                | PartnerUserEvent::PartnerUserEdited(_)
                | PartnerUserEvent::PartnerUserPasswordReset(_)
                | PartnerUserEvent::PartnerUserDeleted(_)
                | PartnerUserEvent::PartnerUserRestored(_)
                | PartnerUserEvent::PartnerUserPurged(_) => {}
            },
            PartnerEvent::Account(_)
            | PartnerEvent::SignIn(_)
            | PartnerEvent::Elevation(_)
            | PartnerEvent::Profile(_)
            | PartnerEvent::PublicProfile(_)
            | PartnerEvent::Application(_)
            | PartnerEvent::Network(_)
            | PartnerEvent::Webhook(_) => {}
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use events::{PartnerUserDeleted, PartnerUserRestored, RoleAssigned, RoleReplaced};

    use super::*;
    use crate::testing::{History, partner, partner_user};

    /// Positions 0 and 1: two users; 2: default level of user 1; 3: agent; 4: another agent;
    /// 5: default level of user 2; 6: user 1 deleted; 7: restored.
    fn a_career() -> History {
        let mut history = History::new();
        let (user_id, at) = (partner_user(1), partner(1));
        history.employee(1, 1).employee(1, 2);
        history.then(at, RoleAssigned { user_id, role: Role::DefaultAccess });
        history.then(at, RoleAssigned { user_id, role: Role::SalesAgent });
        let category = RoleCategory::Agent;
        let (old, new) = (Role::SalesAgent, Role::AdminAgent);
        history.then(at, RoleReplaced { user_id, category, old, new });
        let other = RoleAssigned { user_id: partner_user(2), role: Role::DefaultAccess };
        history.then(at, other);
        let roles = vec![Role::DefaultAccess, Role::AdminAgent];
        let restorable_until = history.now.plus_hours(720);
        history.then(at, PartnerUserDeleted { user_id, roles, restorable_until });
        let roles = vec![Role::DefaultAccess];
        history.then(at, PartnerUserRestored { user_id, roles, withheld: Vec::new() });
        history
    }

    #[test]
    fn every_change_of_a_users_roles_is_found_with_its_position_and_categories() {
        let history = a_career();
        let changes: Vec<_> = history.model.role_history().of_user(partner_user(1)).collect();
        let what: Vec<_> =
            changes.iter().map(|change| (change.position.get(), change.kind)).collect();
        let expected = [
            (2, RoleChangeKind::Granted),
            (3, RoleChangeKind::Granted),
            (4, RoleChangeKind::Replaced),
            (6, RoleChangeKind::LostWithAccount),
            (7, RoleChangeKind::BackWithAccount),
        ];
        assert_eq!(what, expected);
        let agent: Vec<_> =
            changes.iter().map(|change| change.touches(RoleCategory::Agent)).collect();
        assert_eq!(agent, [false, true, true, true, false]);
        assert_eq!(history.model.role_history().of_partner(partner(1)).count(), 6);
    }

    #[test]
    fn pages_go_from_the_newest_change_to_the_oldest() {
        let history = a_career();
        let changes = history.model.role_history();
        let (mut seen, mut before) = (Vec::new(), None);
        loop {
            let page = changes.partner_page(partner(1), before, 4);
            assert_eq!(page.total, 6);
            seen.extend(page.rows.iter().map(|change| change.position.get()));
            before = page.next;
            if before.is_none() {
                break;
            }
        }
        assert_eq!(seen, [7, 6, 5, 4, 3, 2]);
        assert_eq!(changes.user_page(partner_user(9), None, 4), Page::empty());
    }
}
