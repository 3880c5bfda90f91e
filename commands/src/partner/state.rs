//! What is known about a partner: its users with their roles, and their tokens.

use std::collections::BTreeMap;

use events::{
    AccessTokenIssued, CredentialId, MpnId, NameHash, PartnerId, PartnerKind, PartnerRegistered,
    PartnerUserAdded, PartnerUserDeleted, PartnerUserEdited, PartnerUserId,
    PartnerUserPasswordChanged, PartnerUserPasswordReset, PartnerUserRestored,
    PartnerUserSignInFailed, PartnerUserSignedIn, PartnerUserSignedOut, Role, RoleCategory,
    Timestamp, TokenId,
};
use imbl::OrdMap;

use super::applications::Applications;
use super::network::Network;
use super::webhooks::Webhook;
use crate::{context::PartnerFacts, rejection::Rejection, sign_in::SignIn};

/// The fold of a partner's events.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct PartnerState {
    account: Option<PartnerAccount>,
    users: OrdMap<PartnerUserId, PartnerUser>,
    tokens: OrdMap<TokenId, TokenState>,
    pub(super) applications: Applications,
    pub(super) network: Network,
    pub(super) webhook: Option<Webhook>,
}

/// A partner's account.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PartnerAccount {
    /// The partner.
    pub partner_id: PartnerId,
    /// What kind of partner it is.
    pub kind: PartnerKind,
    /// Its id in the partner network.
    pub mpn_id: MpnId,
}

/// A user of a partner. None of it is personal: the name is a keyed hash.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PartnerUser {
    /// The keyed hash of the sign-in name.
    pub sign_in_name: NameHash,
    /// Where the hash of its password is kept.
    pub credential_id: CredentialId,
    /// When its temporary password stops working; without meaning for one that it chose.
    pub password_expires_at: Timestamp,
    /// Whether the user is active.
    pub status: PartnerUserStatus,
    /// How it signs in. Its bearer tokens are kept with the partner.
    pub sign_in: SignIn,
    roles: BTreeMap<RoleCategory, Role>,
}

/// Whether a user of a partner is active.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum PartnerUserStatus {
    /// It signs in.
    Active,
    /// It was deleted.
    Deleted {
        /// Restoring is allowed strictly before this moment.
        restorable_until: Timestamp,
    },
    /// It was deleted for good.
    Purged,
}

impl PartnerUser {
    /// The roles it holds (a deleted user: those it held), at most one of a category.
    pub fn roles(&self) -> impl Iterator<Item = Role> {
        self.roles.values().copied()
    }

    /// The role it holds in this category.
    #[must_use]
    pub fn role_in(&self, category: RoleCategory) -> Option<Role> {
        self.roles.get(&category).copied()
    }

    /// Whether it holds this role.
    #[must_use]
    pub fn holds(&self, role: Role) -> bool {
        self.role_in(role.category()) == Some(role)
    }

    /// Whether it is a global admin of its partner.
    #[must_use]
    pub fn is_global_admin(&self) -> bool {
        self.holds(Role::GlobalAdmin)
    }

    /// Whether it is neither deleted nor purged.
    #[must_use]
    pub fn is_active(&self) -> bool {
        self.status == PartnerUserStatus::Active
    }
}

/// A bearer token that was not revoked.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct TokenState {
    /// The user it acts as.
    pub user_id: PartnerUserId,
    /// When it stops working.
    pub expires_at: Timestamp,
}

impl PartnerState {
    /// The account; `None` before the partner is registered.
    #[must_use]
    pub const fn account(&self) -> Option<&PartnerAccount> {
        self.account.as_ref()
    }

    /// What decisions of other aggregates may know about the partner.
    #[must_use]
    pub fn facts(&self) -> Option<PartnerFacts> {
        self.account().map(|account| PartnerFacts {
            id: account.partner_id,
            kind: account.kind,
            mpn_id: account.mpn_id.clone(),
        })
    }

    /// Every user that is not purged, deleted ones included.
    pub fn users(&self) -> impl Iterator<Item = (PartnerUserId, &PartnerUser)> {
        let known = |user: &PartnerUser| user.status != PartnerUserStatus::Purged;
        self.users.iter().map(|(id, user)| (*id, user)).filter(move |(_, user)| known(user))
    }

    /// A user, also a deleted one; `None` when it is unknown or purged.
    #[must_use]
    pub fn user(&self, id: PartnerUserId) -> Option<&PartnerUser> {
        self.users.get(&id).filter(|user| user.status != PartnerUserStatus::Purged)
    }

    /// A user that is neither deleted nor purged.
    #[must_use]
    pub fn active_user(&self, id: PartnerUserId) -> Option<&PartnerUser> {
        self.users.get(&id).filter(|user| user.is_active())
    }

    /// The token, when it was not revoked. Whether it expired is for the caller's clock to say.
    #[must_use]
    pub fn token(&self, id: TokenId) -> Option<&TokenState> {
        self.tokens.get(&id)
    }

    /// The tokens of a user that were not revoked.
    pub fn tokens_of(&self, user: PartnerUserId) -> impl Iterator<Item = (TokenId, &TokenState)> {
        self.tokens
            .iter()
            .map(|(id, token)| (*id, token))
            .filter(move |(_, token)| token.user_id == user)
    }

    /// The applications that act for the partner.
    #[must_use]
    pub const fn applications(&self) -> &Applications {
        &self.applications
    }

    /// Where the partner is told of what happens, if it wants to be.
    #[must_use]
    pub const fn webhook(&self) -> Option<&Webhook> {
        self.webhook.as_ref()
    }

    /// How many active users are global admins.
    #[must_use]
    pub fn global_admins(&self) -> usize {
        self.users.values().filter(|user| user.is_active() && user.is_global_admin()).count()
    }

    pub(super) fn knows(&self, id: PartnerUserId) -> bool {
        self.users.contains_key(&id)
    }

    pub(super) fn has_active_name(&self, name: NameHash, except: PartnerUserId) -> bool {
        self.users
            .iter()
            .any(|(id, user)| *id != except && user.is_active() && user.sign_in_name == name)
    }

    /// A user that can be changed, or why it cannot.
    pub(super) fn changeable_user(&self, id: PartnerUserId) -> Result<&PartnerUser, Rejection> {
        match self.user(id) {
            None => Err(Rejection::PartnerUserNotFound { user_id: id }),
            Some(user) if user.is_active() => Ok(user),
            Some(_) => Err(Rejection::UserIsDeleted),
        }
    }

    /// A deleted user and until when it is restorable, or why it is not one.
    pub(super) fn deleted_user(
        &self,
        id: PartnerUserId,
    ) -> Result<(&PartnerUser, Timestamp), Rejection> {
        let user = self.user(id).ok_or(Rejection::PartnerUserNotFound { user_id: id })?;
        match user.status {
            PartnerUserStatus::Deleted { restorable_until } => Ok((user, restorable_until)),
            PartnerUserStatus::Active => Err(Rejection::UserIsNotDeleted),
            PartnerUserStatus::Purged => Err(Rejection::PartnerUserNotFound { user_id: id }),
        }
    }
}

/// How events change what is known.
impl PartnerState {
    pub(super) fn registered(&mut self, event: &PartnerRegistered) {
        self.account = Some(PartnerAccount {
            partner_id: event.partner_id,
            kind: event.kind,
            mpn_id: event.mpn_id.clone(),
        });
    }

    pub(super) fn user_added(&mut self, event: &PartnerUserAdded) {
        let user = PartnerUser {
            sign_in_name: event.sign_in_name,
            credential_id: event.credential_id,
            password_expires_at: event.password_expires_at,
            status: PartnerUserStatus::Active,
            sign_in: SignIn::default(),
            roles: BTreeMap::new(),
        };
        self.users.insert(event.user_id, user);
    }

    pub(super) fn user_edited(&mut self, event: &PartnerUserEdited) {
        self.change(event.user_id, |user| user.sign_in_name = event.sign_in_name);
    }

    pub(super) fn password_reset(&mut self, event: &PartnerUserPasswordReset) {
        self.change(event.user_id, |user| {
            user.credential_id = event.credential_id;
            user.password_expires_at = event.password_expires_at;
            user.sign_in.password_reset();
        });
        self.applications.end_grants_of(event.user_id);
    }

    pub(super) fn user_deleted(&mut self, event: &PartnerUserDeleted) {
        let status = PartnerUserStatus::Deleted { restorable_until: event.restorable_until };
        self.change(event.user_id, |user| {
            user.status = status;
            user.roles = by_category(&event.roles);
            user.sign_in.account_deleted();
        });
        self.applications.end_grants_of(event.user_id);
    }

    pub(super) fn user_restored(&mut self, event: &PartnerUserRestored) {
        self.change(event.user_id, |user| {
            user.status = PartnerUserStatus::Active;
            user.roles = by_category(&event.roles);
        });
    }

    /// Nothing is left of the user, not even tokens that expired before it was deleted.
    pub(super) fn user_purged(&mut self, id: PartnerUserId) {
        self.change(id, |user| {
            user.status = PartnerUserStatus::Purged;
            user.roles.clear();
        });
        let tokens: Vec<TokenId> = self.tokens_of(id).map(|(token, _)| token).collect();
        for token in tokens {
            self.tokens.remove(&token);
        }
    }

    pub(super) fn role_gained(&mut self, id: PartnerUserId, role: Role) {
        self.change(id, |user| {
            user.roles.insert(role.category(), role);
        });
    }

    pub(super) fn role_lost(&mut self, id: PartnerUserId, role: Role) {
        self.change(id, |user| {
            if user.holds(role) {
                user.roles.remove(&role.category());
            }
        });
    }

    pub(super) fn token_issued(&mut self, event: &AccessTokenIssued) {
        let token = TokenState { user_id: event.user_id, expires_at: event.expires_at };
        self.tokens.insert(event.token_id, token);
    }

    pub(super) fn on_webhook(&mut self, change: impl FnOnce(&mut Webhook)) {
        if let Some(webhook) = &mut self.webhook {
            change(webhook);
        }
    }

    pub(super) fn token_revoked(&mut self, id: TokenId) {
        self.tokens.remove(&id);
    }

    pub(super) fn signed_in(&mut self, event: &PartnerUserSignedIn) {
        self.change(event.user_id, |user| {
            user.sign_in.signed_in(event.session_id, event.expires_at);
        });
    }

    pub(super) fn signed_out(&mut self, event: &PartnerUserSignedOut) {
        self.change(event.user_id, |user| user.sign_in.signed_out(event.session_id));
    }

    pub(super) fn sign_in_failed(&mut self, event: &PartnerUserSignInFailed) {
        self.change(event.user_id, |user| {
            user.sign_in.failed(event.failures, event.counted_until, event.locked_until);
        });
    }

    pub(super) fn password_changed(&mut self, event: &PartnerUserPasswordChanged) {
        self.change(event.user_id, |user| {
            user.credential_id = event.credential_id;
            user.sign_in.password_changed(event.session_id);
        });
        self.applications.end_grants_of(event.user_id);
    }

    fn change(&mut self, id: PartnerUserId, change: impl FnOnce(&mut PartnerUser)) {
        if let Some(user) = self.users.get_mut(&id) {
            change(user);
        }
    }
}

fn by_category(roles: &[Role]) -> BTreeMap<RoleCategory, Role> {
    roles.iter().map(|role| (role.category(), *role)).collect()
}
