//! Who works for a partner, with which roles, and who signs in under which name?

use events::{
    CredentialId, Event, NameHash, PartnerEvent, PartnerId, PartnerSignInEvent, PartnerUserAdded,
    PartnerUserEdited, PartnerUserEvent, PartnerUserId, RecordedEvent, Role, RoleEvent,
    RoleReplaced, Timestamp,
};
use imbl::OrdMap;

use crate::{
    keys::{Owned, insert_new, owned_between, owned_by, owned_mut, partner_of},
    page::Page,
    personal_handle::{PersonalField, PersonalHandle},
    view::{Contradiction, View},
    views::{
        held_roles::HeldRoles,
        user_state::{UserCounts, UserState},
    },
};

/// An employee of a partner.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PartnerUserRow {
    /// The user.
    pub id: PartnerUserId,
    /// The partner the user works for.
    pub partner: PartnerId,
    /// Name and e-mail address.
    pub profile: PersonalHandle,
    /// The keyed hash of the sign-in name.
    pub sign_in_name: NameHash,
    /// Where the hash of the newest temporary password is kept.
    pub credential: CredentialId,
    /// When that temporary password stops working.
    pub password_expires_at: Timestamp,
    /// When the account was made.
    pub created_at: Timestamp,
    /// Whether the account works.
    pub state: UserState,
    /// The roles held now; none while the user is deleted.
    pub roles: HeldRoles,
}

/// All users of all partners.
#[derive(Clone, Default, PartialEq, Debug)]
pub struct PartnerUsers {
    rows: Owned<PartnerId, PartnerUserId, PartnerUserRow>,
    by_sign_in_name: OrdMap<NameHash, (PartnerId, PartnerUserId)>,
    counts: OrdMap<PartnerId, UserCounts>,
}

impl PartnerUsers {
    /// A user of this partner, deleted or not; `None` once purged.
    #[must_use]
    pub fn get(&self, partner: PartnerId, user: PartnerUserId) -> Option<&PartnerUserRow> {
        self.rows.get(&(partner, user)).map(|row| &**row)
    }

    /// The user whose working account has the sign-in name with this hash.
    #[must_use]
    pub fn by_sign_in_name(&self, name: NameHash) -> Option<&PartnerUserRow> {
        self.by_sign_in_name.get(&name).and_then(|(partner, user)| self.get(*partner, *user))
    }

    /// Every user of a partner, deleted ones too, in the order of creation.
    pub fn of(&self, partner: PartnerId) -> impl Iterator<Item = &PartnerUserRow> {
        owned_by(&self.rows, partner, None)
    }

    /// The users of a partner whose accounts work, in the order of creation.
    pub fn active(&self, partner: PartnerId) -> impl Iterator<Item = &PartnerUserRow> {
        self.of(partner).filter(|row| row.state.is_active())
    }

    /// A page of the users whose accounts work, in the order of creation.
    #[must_use]
    pub fn active_page(
        &self,
        partner: PartnerId,
        after: Option<PartnerUserId>,
        limit: usize,
    ) -> Page<&PartnerUserRow, PartnerUserId> {
        let rows = owned_by(&self.rows, partner, after).filter(|row| row.state.is_active());
        Page::take(rows, limit, self.counts(partner).active, |row| row.id)
    }

    /// The users of a partner whose accounts work, between two of them in the order of creation, from
    /// both ends.
    #[must_use]
    pub fn active_between(
        &self,
        partner: PartnerId,
        after: Option<PartnerUserId>,
        before: Option<PartnerUserId>,
    ) -> impl DoubleEndedIterator<Item = &PartnerUserRow> {
        owned_between(&self.rows, partner, after, before).filter(|row| row.state.is_active())
    }

    /// The users of a partner who hold this role.
    pub fn holders(&self, partner: PartnerId, role: Role) -> impl Iterator<Item = &PartnerUserRow> {
        self.active(partner).filter(move |row| row.roles.has(role))
    }

    /// How many users the partner has.
    #[must_use]
    pub fn counts(&self, partner: PartnerId) -> UserCounts {
        self.counts.get(&partner).copied().unwrap_or_default()
    }

    fn add(
        &mut self,
        recorded: &RecordedEvent,
        event: &PartnerUserAdded,
    ) -> Result<(), Contradiction> {
        let partner = partner_of(recorded);
        let row = PartnerUserRow {
            id: event.user_id,
            partner,
            profile: PersonalHandle::new(
                recorded,
                PersonalField::PartnerUserProfile,
                &event.profile,
            ),
            sign_in_name: event.sign_in_name,
            credential: event.credential_id,
            password_expires_at: event.password_expires_at,
            created_at: recorded.metadata.occurred_at,
            state: UserState::Active,
            roles: HeldRoles::default(),
        };
        insert_new(&mut self.rows, partner, event.user_id, row)?;
        self.by_sign_in_name.insert(event.sign_in_name, (partner, event.user_id));
        self.counts.entry(partner).or_default().active += 1;
        Ok(())
    }

    fn edit(
        &mut self,
        recorded: &RecordedEvent,
        event: &PartnerUserEdited,
    ) -> Result<(), Contradiction> {
        let partner = partner_of(recorded);
        let row = owned_mut(&mut self.rows, partner, event.user_id)?;
        let old_name = std::mem::replace(&mut row.sign_in_name, event.sign_in_name);
        row.profile =
            PersonalHandle::new(recorded, PersonalField::PartnerUserProfile, &event.profile);
        if row.state.is_active() {
            self.free_name(old_name, event.user_id);
            self.by_sign_in_name.insert(event.sign_in_name, (partner, event.user_id));
        }
        Ok(())
    }

    fn delete(
        &mut self,
        partner: PartnerId,
        user: PartnerUserId,
        state: UserState,
    ) -> Result<(), Contradiction> {
        let row = active_mut(&mut self.rows, partner, user)?;
        row.state = state;
        row.roles = HeldRoles::default();
        let name = row.sign_in_name;
        self.free_name(name, user);
        let counts = self.counts.entry(partner).or_default();
        counts.active = counts.active.saturating_sub(1);
        counts.deleted += 1;
        Ok(())
    }

    fn restore(
        &mut self,
        partner: PartnerId,
        user: PartnerUserId,
        roles: &[Role],
    ) -> Result<(), Contradiction> {
        let row = owned_mut(&mut self.rows, partner, user)?;
        if row.state.is_active() {
            return Err(Contradiction::wrong_state(user, "is not deleted"));
        }
        row.state = UserState::Active;
        row.roles = roles.iter().copied().collect();
        let name = row.sign_in_name;
        self.by_sign_in_name.entry(name).or_insert((partner, user));
        let counts = self.counts.entry(partner).or_default();
        counts.active += 1;
        counts.deleted = counts.deleted.saturating_sub(1);
        Ok(())
    }

    fn purge(&mut self, partner: PartnerId, user: PartnerUserId) -> Result<(), Contradiction> {
        let row = self.rows.remove(&(partner, user)).ok_or_else(|| Contradiction::unknown(user))?;
        if row.state.is_active() {
            return Err(Contradiction::wrong_state(user, "is not deleted"));
        }
        let counts = self.counts.entry(partner).or_default();
        counts.deleted = counts.deleted.saturating_sub(1);
        Ok(())
    }

    /// Frees a sign-in name unless somebody else holds it by now.
    fn free_name(&mut self, name: NameHash, user: PartnerUserId) {
        if self.by_sign_in_name.get(&name).is_some_and(|(_, holder)| *holder == user) {
            self.by_sign_in_name.remove(&name);
        }
    }
}

fn active_mut(
    rows: &mut Owned<PartnerId, PartnerUserId, PartnerUserRow>,
    partner: PartnerId,
    user: PartnerUserId,
) -> Result<&mut PartnerUserRow, Contradiction> {
    let row = owned_mut(rows, partner, user)?;
    if row.state.is_active() {
        Ok(row)
    } else {
        Err(Contradiction::wrong_state(user, "is deleted"))
    }
}

fn assign(row: &mut PartnerUserRow, role: Role) -> Result<(), Contradiction> {
    match row.roles.put(role) {
        None => Ok(()),
        Some(_) => Err(Contradiction::wrong_state(row.id, "holds a role of that category already")),
    }
}

fn replace(row: &mut PartnerUserRow, event: &RoleReplaced) -> Result<(), Contradiction> {
    if row.roles.take(event.old.category()) != Some(event.old) {
        return Err(Contradiction::wrong_state(row.id, "does not hold the role to be replaced"));
    }
    assign(row, event.new)
}

fn revoke(row: &mut PartnerUserRow, role: Role) -> Result<(), Contradiction> {
    if row.roles.take(role.category()) == Some(role) {
        Ok(())
    } else {
        Err(Contradiction::wrong_state(row.id, "does not hold the role to be revoked"))
    }
}

impl View for PartnerUsers {
    const NAME: &'static str = "partner_users";

    fn apply(&mut self, recorded: &RecordedEvent) -> Result<(), Contradiction> {
        let Event::Partner(event) = &recorded.event else {
            return Ok(());
        };
        let partner = partner_of(recorded);
        match event {
            PartnerEvent::User(event) => match event {
                PartnerUserEvent::PartnerUserAdded(event) => self.add(recorded, event),
                PartnerUserEvent::PartnerUserEdited(event) => self.edit(recorded, event),
                PartnerUserEvent::PartnerUserPasswordReset(event) => {
                    let row = active_mut(&mut self.rows, partner, event.user_id)?;
                    row.credential = event.credential_id;
                    row.password_expires_at = event.password_expires_at;
                    Ok(())
                }
                PartnerUserEvent::PartnerUserDeleted(event) => {
                    let state = UserState::Deleted {
                        deleted_at: recorded.metadata.occurred_at,
                        restorable_until: event.restorable_until,
                    };
                    self.delete(partner, event.user_id, state)
                }
                PartnerUserEvent::PartnerUserRestored(event) => {
                    self.restore(partner, event.user_id, &event.roles)
                }
                PartnerUserEvent::PartnerUserPurged(event) => self.purge(partner, event.user_id),
            },
            PartnerEvent::SignIn(event) => match event {
                PartnerSignInEvent::PartnerUserPasswordChanged(event) => {
                    active_mut(&mut self.rows, partner, event.user_id)?.credential =
                        event.credential_id;
                    Ok(())
                }
                PartnerSignInEvent::AccessTokenIssued(_)
                | PartnerSignInEvent::AccessTokenRevoked(_)
                | PartnerSignInEvent::PartnerUserSignedIn(_)
                | PartnerSignInEvent::PartnerUserSignedOut(_)
                | PartnerSignInEvent::PartnerUserSignInFailed(_) => Ok(()),
            },
            PartnerEvent::Role(event) => match event {
                RoleEvent::RoleAssigned(event) => {
                    assign(active_mut(&mut self.rows, partner, event.user_id)?, event.role)
                }
                RoleEvent::RoleReplaced(event) => {
                    replace(active_mut(&mut self.rows, partner, event.user_id)?, event)
                }
                RoleEvent::RoleRevoked(event) => {
                    revoke(active_mut(&mut self.rows, partner, event.user_id)?, event.role)
                }
            },
            PartnerEvent::Account(_)
            | PartnerEvent::Elevation(_)
            | PartnerEvent::Profile(_)
            | PartnerEvent::PublicProfile(_)
            | PartnerEvent::Application(_)
            | PartnerEvent::Network(_)
            | PartnerEvent::Webhook(_) => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use events::{
        PartnerUserDeleted, PartnerUserPurged, PartnerUserRestored, RoleAssigned, RoleCategory,
        RoleRevoked,
    };

    use super::*;
    use crate::testing::{
        History, name_hash, partner, partner_user, partner_user_added, partner_user_profile,
    };

    fn assigned(role: Role) -> RoleAssigned {
        RoleAssigned { user_id: partner_user(1), role }
    }

    fn an_admin() -> History {
        let mut history = History::new();
        history.employee(1, 1).then(partner(1), assigned(Role::DefaultAccess));
        history.then(partner(1), assigned(Role::GlobalAdmin));
        history.then(partner(1), assigned(Role::SalesAgent));
        history
    }

    fn deleted(history: &History) -> PartnerUserDeleted {
        PartnerUserDeleted {
            user_id: partner_user(1),
            roles: vec![Role::DefaultAccess, Role::GlobalAdmin, Role::SalesAgent],
            restorable_until: history.now.plus_hours(720),
        }
    }

    fn row(history: &History) -> &PartnerUserRow {
        history.model.partner_users().get(partner(1), partner_user(1)).unwrap()
    }

    #[test]
    fn a_user_holds_one_role_a_category_and_a_replacement_takes_its_place() {
        let mut history = an_admin();
        let replaced = RoleReplaced {
            user_id: partner_user(1),
            category: RoleCategory::Agent,
            old: Role::SalesAgent,
            new: Role::AdminAgent,
        };
        history.then(partner(1), replaced);
        let roles: Vec<Role> = row(&history).roles.iter().collect();
        assert_eq!(roles, [Role::DefaultAccess, Role::GlobalAdmin, Role::AdminAgent]);
        let users = history.model.partner_users();
        assert_eq!(users.holders(partner(1), Role::AdminAgent).count(), 1);
        assert_eq!(users.holders(partner(1), Role::SalesAgent).count(), 0);
    }

    #[test]
    fn a_revoked_role_is_gone_and_the_default_level_stays() {
        let mut history = an_admin();
        for role in [Role::GlobalAdmin, Role::SalesAgent] {
            history.then(partner(1), RoleRevoked { user_id: partner_user(1), role });
        }
        assert!(row(&history).roles.has_default_access());
        assert_eq!(row(&history).roles.iter().count(), 1);
        let again = RoleRevoked { user_id: partner_user(1), role: Role::GlobalAdmin };
        assert!(history.refused(partner(1), again).is_err());
    }

    #[test]
    fn a_second_role_of_a_category_without_a_replacement_makes_no_sense() {
        let mut history = an_admin();
        assert!(history.refused(partner(1), assigned(Role::BillingAdmin)).is_err());
    }

    #[test]
    fn a_deleted_user_holds_nothing_and_frees_its_sign_in_name() {
        let mut history = an_admin();
        let event = deleted(&history);
        history.then(partner(1), event);
        assert!(row(&history).roles.is_empty() && !row(&history).state.is_active());
        let users = history.model.partner_users();
        assert!(users.by_sign_in_name(name_hash(1)).is_none());
        assert_eq!(users.counts(partner(1)), UserCounts { active: 0, deleted: 1 });
        assert!(history.model.role_matrix(partner(1)).rows.is_empty());
        assert!(history.refused(partner(1), assigned(Role::BillingAdmin)).is_err());
    }

    #[test]
    fn a_restored_user_signs_in_again_with_the_roles_it_got_back() {
        let mut history = an_admin();
        let event = deleted(&history);
        history.then(partner(1), event);
        let roles = vec![Role::DefaultAccess, Role::SalesAgent];
        let restored = PartnerUserRestored { user_id: partner_user(1), roles, withheld: vec![] };
        history.then(partner(1), restored);
        let users = history.model.partner_users();
        assert_eq!(users.by_sign_in_name(name_hash(1)).map(|row| row.id), Some(partner_user(1)));
        assert_eq!(users.counts(partner(1)), UserCounts { active: 1, deleted: 0 });
        let matrix = history.model.role_matrix(partner(1));
        assert_eq!(matrix.holders(Role::SalesAgent), 1);
        assert_eq!(matrix.holders(Role::GlobalAdmin), 0);
    }

    #[test]
    fn a_purged_user_is_gone() {
        let mut history = an_admin();
        let event = deleted(&history);
        history.then(partner(1), event);
        history.then(partner(1), PartnerUserPurged { user_id: partner_user(1) });
        let users = history.model.partner_users();
        assert!(users.get(partner(1), partner_user(1)).is_none());
        assert_eq!(users.counts(partner(1)), UserCounts::default());
    }

    #[test]
    fn a_freed_name_that_somebody_took_is_left_to_its_new_holder() {
        let mut history = an_admin();
        let event = deleted(&history);
        history.then(partner(1), event);
        let mut second = partner_user_added(2);
        second.sign_in_name = name_hash(1);
        history.then(partner(1), second);
        let restored = PartnerUserRestored {
            user_id: partner_user(1),
            roles: vec![Role::DefaultAccess],
            withheld: vec![],
        };
        history.then(partner(1), restored);
        let edited = PartnerUserEdited {
            user_id: partner_user(1),
            sign_in_name: name_hash(3),
            profile: partner_user_profile(1),
        };
        history.then(partner(1), edited);
        let users = history.model.partner_users();
        assert_eq!(users.by_sign_in_name(name_hash(1)).map(|row| row.id), Some(partner_user(2)));
        assert_eq!(users.by_sign_in_name(name_hash(3)).map(|row| row.id), Some(partner_user(1)));
        assert_eq!(row(&history).profile.position, history.events.last().unwrap().position);
    }

    #[test]
    fn users_are_paged_in_the_order_of_creation_without_the_deleted_ones() {
        let mut history = an_admin();
        let event = deleted(&history);
        history.then(partner(1), event).employee(1, 2).employee(1, 3).employee(2, 4);
        let users = history.model.partner_users();
        let page = users.active_page(partner(1), None, 1);
        assert_eq!((page.rows[0].id, page.total), (partner_user(2), 2));
        let page = users.active_page(partner(1), page.next, 1);
        assert_eq!((page.rows[0].id, page.next), (partner_user(3), None));
    }
}
