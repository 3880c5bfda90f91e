use std::collections::{BTreeMap, BTreeSet};

use commands::{
    AddPartnerUser, AssignRole, DeletePartnerUser, EditPartnerUser, IssueToken, Partner,
    PartnerCommand, PartnerState, PurgePartnerUser, RestorePartnerUser, RevokeRole, RevokeToken,
};
use events::{
    Actor, PartnerEvent, PartnerUserEvent, PartnerUserId, Role, RoleCategory, RoleEvent, TokenId,
};
use proptest::{collection::vec, prelude::*, sample::select};
use uuid::Uuid;

use super::{Run, Step};
use crate::samples::{
    ANA, PURGE, hash, hour, new_partner_user, partner_profile, partner_user, provider_user,
    register_provider,
};

const USERS: u128 = 5;

fn user() -> impl Strategy<Value = PartnerUserId> {
    (1..=USERS).prop_map(partner_user)
}

fn role() -> impl Strategy<Value = Role> {
    select(Role::ALL.as_slice())
}

fn actor() -> impl Strategy<Value = Actor> {
    prop_oneof![
        3 => Just(Actor::Operator),
        4 => Just(provider_user(ANA)),
        3 => user().prop_map(provider_user),
        1 => Just(PURGE),
    ]
}

fn name() -> impl Strategy<Value = &'static str> {
    select(["ana", "bea", "carl", "dora", "emil", "finn"].as_slice())
}

fn token() -> impl Strategy<Value = TokenId> {
    (1_u128..4).prop_map(|number| TokenId::from_uuid(Uuid::from_u128(number)))
}

fn command() -> impl Strategy<Value = PartnerCommand> {
    prop_oneof![
        3 => (user(), name(), any::<bool>(), vec(role(), 0..3)).prop_map(
            |(user_id, name, withhold_default_access, roles)| {
                let user = new_partner_user(user_id, name);
                AddPartnerUser { user, withhold_default_access, roles }.into()
            }
        ),
        1 => (user(), name()).prop_map(|(user_id, name)| {
            let (sign_in_name, profile) = (hash(name), partner_profile(name));
            EditPartnerUser { user_id, sign_in_name, profile }.into()
        }),
        3 => user().prop_map(|user_id| DeletePartnerUser { user_id }.into()),
        4 => user().prop_map(|user_id| RestorePartnerUser { user_id, renamed: None }.into()),
        1 => user().prop_map(|user_id| PurgePartnerUser { user_id }.into()),
        6 => (user(), role()).prop_map(|(user_id, role)| AssignRole { user_id, role }.into()),
        3 => (user(), role()).prop_map(|(user_id, role)| RevokeRole { user_id, role }.into()),
        1 => (user(), token()).prop_map(|(user_id, token_id)| {
            IssueToken { token_id, user_id, expires_at: hour(10_000) }.into()
        }),
        1 => (user(), token()).prop_map(|(user_id, token_id)| {
            RevokeToken { token_id, user_id }.into()
        }),
    ]
}

fn steps() -> impl Strategy<Value = Vec<Step<PartnerCommand>>> {
    let hours = prop_oneof![15 => 0..12_i64, 1 => 600..800_i64];
    let step = (hours, actor(), command()).prop_map(|(hours, actor, command)| Step {
        hours,
        actor,
        command,
    });
    vec(step, 1..120)
}

/// Roles as an auditor would gather them from the events alone.
#[derive(Default)]
struct Ledger {
    active: BTreeMap<PartnerUserId, BTreeSet<Role>>,
}

impl Ledger {
    fn record(&mut self, event: &PartnerEvent) {
        match event {
            PartnerEvent::User(event) => match event {
                PartnerUserEvent::PartnerUserAdded(event) => {
                    self.active.insert(event.user_id, BTreeSet::new());
                }
                PartnerUserEvent::PartnerUserDeleted(event) => {
                    let roles = self.active.remove(&event.user_id).unwrap();
                    assert_eq!(roles, event.roles.iter().copied().collect());
                }
                PartnerUserEvent::PartnerUserRestored(event) => {
                    self.active.insert(event.user_id, event.roles.iter().copied().collect());
                }
                PartnerUserEvent::PartnerUserEdited(_)
                | PartnerUserEvent::PartnerUserPasswordReset(_)
                | PartnerUserEvent::PartnerUserPurged(_) => {}
            },
            PartnerEvent::Role(event) => match event {
                RoleEvent::RoleAssigned(event) => {
                    assert!(self.active.get_mut(&event.user_id).unwrap().insert(event.role));
                }
                RoleEvent::RoleReplaced(event) => {
                    let roles = self.active.get_mut(&event.user_id).unwrap();
                    assert_eq!(event.old.category(), event.category);
                    assert!(roles.remove(&event.old) && roles.insert(event.new));
                }
                RoleEvent::RoleRevoked(event) => {
                    assert!(self.active.get_mut(&event.user_id).unwrap().remove(&event.role));
                }
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
    }

    fn assert_sound(&self, state: &PartnerState) {
        for (user, roles) in &self.active {
            let categories: BTreeSet<RoleCategory> = roles.iter().map(|r| r.category()).collect();
            assert_eq!(categories.len(), roles.len(), "one role of a category: {roles:?}");
            let held: BTreeSet<Role> = state.active_user(*user).unwrap().roles().collect();
            assert_eq!(&held, roles);
        }
        let admins = self.active.values().filter(|roles| roles.contains(&Role::GlobalAdmin));
        assert_eq!(admins.count(), state.global_admins());
        assert!(state.global_admins() >= 1, "a global admin is left");
        let active = state.users().filter(|(_, user)| user.is_active());
        let names: BTreeSet<_> = active.map(|(_, user)| user.sign_in_name).collect();
        assert_eq!(names.len(), self.active.len(), "sign-in names are unique");
    }
}

/// Who may have caused an event that gives a role.
fn assert_granted_by_somebody_entitled(event: &PartnerEvent, actor: Actor, before: &PartnerState) {
    let (user_id, given) = match event {
        PartnerEvent::Role(event) => match event {
            RoleEvent::RoleAssigned(event) => (event.user_id, vec![event.role]),
            RoleEvent::RoleReplaced(event) => (event.user_id, vec![event.new]),
            RoleEvent::RoleRevoked(_) => return,
        },
        PartnerEvent::User(event) => match event {
            PartnerUserEvent::PartnerUserRestored(event) => (event.user_id, event.roles.clone()),
            PartnerUserEvent::PartnerUserAdded(_)
            | PartnerUserEvent::PartnerUserEdited(_)
            | PartnerUserEvent::PartnerUserPasswordReset(_)
            | PartnerUserEvent::PartnerUserDeleted(_)
            | PartnerUserEvent::PartnerUserPurged(_) => return,
        },
        PartnerEvent::Account(_)
        | PartnerEvent::SignIn(_)
        | PartnerEvent::Elevation(_)
        | PartnerEvent::Profile(_)
        | PartnerEvent::PublicProfile(_)
        | PartnerEvent::Application(_)
        | PartnerEvent::Network(_)
        | PartnerEvent::Webhook(_) => return,
    };
    let Actor::PartnerUser { user, .. } = actor else { return };
    assert_ne!(user, user_id, "nobody gives a role to himself");
    let actor = before.active_user(user).unwrap();
    let gives_admin = given.iter().any(|role| role.category() == RoleCategory::Admin);
    assert!(actor.is_global_admin() || !gives_admin, "only global admins give admin roles");
    let is_account_admins = |role: &Role| {
        let category = role.category();
        ![RoleCategory::Default, RoleCategory::Admin, RoleCategory::Agent].contains(&category)
    };
    let gives_its_own = actor.holds(Role::AccountAdmin) && given.iter().all(is_account_admins);
    let gives_any = actor.is_global_admin() || actor.holds(Role::UserManagementAdmin);
    assert!(gives_any || gives_its_own);
}

proptest! {
    #[test]
    fn roles_stay_sound_whatever_is_asked_of_a_partner(steps in steps()) {
        let mut run = Run::<Partner>::new(Vec::new());
        let mut ledger = Ledger::default();
        let register = Step {
            hours: 0,
            actor: Actor::Operator,
            command: register_provider().into(),
        };
        for step in std::iter::once(&register).chain(&steps) {
            let before = run.state.clone();
            let Ok(events) = run.step(step) else {
                prop_assert_eq!(&run.state, &before);
                continue;
            };
            for event in &events {
                assert_granted_by_somebody_entitled(event, step.actor, &before);
                ledger.record(event);
            }
            ledger.assert_sound(&run.state);
        }
        run.assert_state_is_the_fold();
    }
}
