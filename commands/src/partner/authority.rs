//! With which authority an actor touches its partner's users.

use events::{Actor, PartnerUserId, Role, RoleCategory};

use super::applications::ApplicationRefusal;
use super::state::{PartnerState, PartnerUser};
use crate::{
    access::{authorise_partner_user, speaks_for},
    permissions::Permission,
    rejection::Rejection,
};

/// With which authority a command is given.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Authority {
    /// The operator, who verified the person: everything the rules themselves allow.
    Operator,
    /// A global admin of the partner.
    GlobalAdmin(PartnerUserId),
    /// An account admin of the partner.
    AccountAdmin(PartnerUserId),
    /// Another user whose roles allow the command.
    User(PartnerUserId),
}

/// The authority of the actor, where it may give a command that requires this permission.
pub(super) fn of(
    state: &PartnerState,
    actor: &Actor,
    required: Option<Permission>,
) -> Result<Authority, Rejection> {
    let account = state.account().ok_or(Rejection::PartnerNotFound)?;
    speaks_for(actor, account.partner_id)?;
    let user = match *actor {
        Actor::PartnerUser { user, .. } => user,
        Actor::Operator => return Ok(Authority::Operator),
        Actor::Application { .. } => return Err(ApplicationRefusal::UserRequired.into()),
        Actor::CustomerUser { .. }
        | Actor::System(_)
        | Actor::SupportOperator { .. }
        | Actor::Auditor { .. }
        | Actor::Visitor => return Err(Rejection::ActorNotAllowed),
    };
    authorise_partner_user(state, user, required.ok_or(Rejection::ActorNotAllowed)?)?;
    let holds = |role| state.active_user(user).is_some_and(|user| user.holds(role));
    Ok(if holds(Role::GlobalAdmin) {
        Authority::GlobalAdmin(user)
    } else if holds(Role::AccountAdmin) {
        Authority::AccountAdmin(user)
    } else {
        Authority::User(user)
    })
}

/// What it takes to do something about a user that everybody does about itself.
pub(super) fn own_or_managed(actor: &Actor, user_id: PartnerUserId) -> Permission {
    let is_own = match actor {
        Actor::PartnerUser { user, .. } => *user == user_id,
        Actor::CustomerUser { .. }
        | Actor::Operator
        | Actor::System(_)
        | Actor::SupportOperator { .. }
        | Actor::Auditor { .. }
        | Actor::Application { .. }
        | Actor::Visitor => false,
    };
    if is_own { Permission::OwnProfile } else { Permission::PartnerUsersManage }
}

impl Authority {
    /// Whether it covers roles of the admin category and the accounts of their holders.
    pub(super) const fn covers_admins(self) -> bool {
        match self {
            Self::Operator | Self::GlobalAdmin(_) => true,
            Self::AccountAdmin(_) | Self::User(_) => false,
        }
    }

    /// Whether it is the user's own.
    pub(super) fn is_of(self, user_id: PartnerUserId) -> bool {
        match self {
            Self::Operator => false,
            Self::GlobalAdmin(user) | Self::AccountAdmin(user) | Self::User(user) => {
                user == user_id
            }
        }
    }

    /// Refuses to touch the account of a holder of an admin role without the authority to do so.
    pub(super) fn may_touch(self, user: &PartnerUser) -> Result<(), Rejection> {
        if self.covers_admins() || !user.roles().any(is_admin_role) {
            Ok(())
        } else {
            Err(Rejection::GlobalAdminOnly)
        }
    }

    /// Refuses to grant or revoke a role without the authority to do so: those of the admin category
    /// are for global admins, and an account admin changes those of its categories only.
    pub(super) fn may_change(self, role: Role) -> Result<(), Rejection> {
        match self {
            Self::AccountAdmin(_) | Self::User(_) if is_admin_role(role) => {
                Err(Rejection::GlobalAdminOnly)
            }
            Self::AccountAdmin(_) if !is_for_account_admins(role) => {
                Err(Rejection::RoleOutOfReach { role })
            }
            Self::Operator | Self::GlobalAdmin(_) | Self::AccountAdmin(_) | Self::User(_) => Ok(()),
        }
    }
}

pub(super) fn is_admin_role(role: Role) -> bool {
    role.category() == RoleCategory::Admin
}

/// Whether account admins grant and revoke the role: neither agents' nor admins' roles are theirs.
const fn is_for_account_admins(role: Role) -> bool {
    match role.category() {
        RoleCategory::Incentives | RoleCategory::ReferralAndMarketing | RoleCategory::Insights => {
            true
        }
        RoleCategory::Default | RoleCategory::Admin | RoleCategory::Agent => false,
    }
}
