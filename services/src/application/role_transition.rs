//! How does an event change who holds which role?

use events::{Event, PartnerEvent, PartnerUserId, Role};

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
            PartnerEvent::RoleAssigned(it) => {
                (it.user_id, TransitionKind::Granted, vec![], vec![it.role])
            }
            PartnerEvent::RoleReplaced(it) => {
                (it.user_id, TransitionKind::Replaced, vec![it.old], vec![it.new])
            }
            PartnerEvent::RoleRevoked(it) => {
                (it.user_id, TransitionKind::Revoked, vec![it.role], vec![])
            }
            PartnerEvent::PartnerUserDeleted(it) => {
                (it.user_id, TransitionKind::AccountDeleted, it.roles.clone(), vec![])
            }
            PartnerEvent::PartnerUserRestored(it) => {
                (it.user_id, TransitionKind::AccountRestored, vec![], it.roles.clone())
            }
            PartnerEvent::PartnerRegistered(_)
            | PartnerEvent::PartnerUserAdded(_)
            | PartnerEvent::PartnerUserEdited(_)
            | PartnerEvent::PartnerUserPasswordReset(_)
            | PartnerEvent::PartnerUserPurged(_)
            | PartnerEvent::AccessTokenIssued(_)
            | PartnerEvent::AccessTokenRevoked(_)
            | PartnerEvent::UserElevated(_)
            | PartnerEvent::PublicProfileChanged(_)
            | PartnerEvent::PartnerProfileEdited(_)
            | PartnerEvent::CompetencyAttained(_)
            | PartnerEvent::CompetencyChanged(_)
            | PartnerEvent::CompetencyWithdrawn(_)
            | PartnerEvent::BenefitGranted(_)
            | PartnerEvent::BenefitActivated(_)
            | PartnerEvent::BenefitDeactivated(_)
            | PartnerEvent::BenefitWithdrawn(_)
            | PartnerEvent::PartnerUserSkillsEdited(_)
            | PartnerEvent::PartnerUserSignedIn(_)
            | PartnerEvent::PartnerUserSignedOut(_)
            | PartnerEvent::ApplicationRegistered(_)
            | PartnerEvent::ApplicationSecretAdded(_)
            | PartnerEvent::ApplicationSecretRemoved(_)
            | PartnerEvent::ApplicationRevoked(_)
            | PartnerEvent::ApplicationSignInFailed(_)
            | PartnerEvent::ApplicationGrantBegun(_)
            | PartnerEvent::ApplicationGrantRenewed(_)
            | PartnerEvent::ApplicationGrantEnded(_)
            | PartnerEvent::WebhookRegistered(_)
            | PartnerEvent::WebhookChanged(_)
            | PartnerEvent::WebhookRemoved(_)
            | PartnerEvent::WebhookTested(_)
            | PartnerEvent::WebhookDelivered(_)
            | PartnerEvent::WebhookDeliveryFailed(_)
            | PartnerEvent::PartnerUserSignInFailed(_)
            | PartnerEvent::PartnerUserPasswordChanged(_) => return None,
        };
        Some(Self { user, kind, before, after })
    }
}
