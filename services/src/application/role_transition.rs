//! How does an event change who holds which role?

use events::{Event, PartnerEvent, PartnerUserEvent, PartnerUserId, Role, RoleEvent};

/// How roles changed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum TransitionKind {
    /// A role was granted.
    Granted,
    /// A role gave way to another of its category.
    Replaced,
    /// A role was revoked.
    Revoked,
    /// The account was deleted, and its roles with it.
    AccountDeleted,
    /// The account came back, with roles.
    AccountRestored,
}

/// One user's roles before and after an event, as far as the event changes them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct RoleTransition {
    pub(crate) user: PartnerUserId,
    pub(crate) kind: TransitionKind,
    pub(crate) before: Vec<Role>,
    pub(crate) after: Vec<Role>,
}

impl RoleTransition {
    /// The change an event stands for, if it is one.
    pub(crate) fn of(event: &Event) -> Option<Self> {
        let Event::Partner(event) = event else { return None };
        let (user, kind, before, after) = match event {
            PartnerEvent::Role(event) => match event {
                RoleEvent::RoleAssigned(it) => {
                    (it.user_id, TransitionKind::Granted, vec![], vec![it.role])
                }
                RoleEvent::RoleReplaced(it) => {
                    (it.user_id, TransitionKind::Replaced, vec![it.old], vec![it.new])
                }
                RoleEvent::RoleRevoked(it) => {
                    (it.user_id, TransitionKind::Revoked, vec![it.role], vec![])
                }
            },
            PartnerEvent::User(event) => match event {
                PartnerUserEvent::PartnerUserDeleted(it) => {
                    (it.user_id, TransitionKind::AccountDeleted, it.roles.clone(), vec![])
                }
                PartnerUserEvent::PartnerUserRestored(it) => {
                    (it.user_id, TransitionKind::AccountRestored, vec![], it.roles.clone())
                }
                PartnerUserEvent::PartnerUserAdded(_)
                | PartnerUserEvent::PartnerUserEdited(_)
                | PartnerUserEvent::PartnerUserPasswordReset(_)
                | PartnerUserEvent::PartnerUserPurged(_) => return None,
            },
            PartnerEvent::Account(_)
            | PartnerEvent::SignIn(_)
            | PartnerEvent::Elevation(_)
            | PartnerEvent::Profile(_)
            | PartnerEvent::PublicProfile(_)
            | PartnerEvent::Application(_)
            | PartnerEvent::Network(_)
            | PartnerEvent::Webhook(_) => return None,
        };
        Some(Self { user, kind, before, after })
    }
}
