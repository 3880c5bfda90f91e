//! What is known about a partner's applications: their secrets, and for whom they act.

use std::collections::BTreeMap;

use events::{
    ApplicationGrantBegun, ApplicationGrantEnded, ApplicationGrantRenewed, ApplicationId,
    ApplicationRegistered, ApplicationRevoked, ApplicationSecretAdded, ApplicationSecretId,
    ApplicationSecretRemoved, ApplicationSignInFailed, PartnerUserId, Timestamp, TokenId,
};
use imbl::OrdMap;

use super::{GRANTS_OF_USER_MAX, refusal::ApplicationRefusal};
use crate::sign_in::SignIn;

/// The applications of a partner.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Applications(OrdMap<ApplicationId, ClientApplication>);

/// A program that acts for the partner. None of it is personal or secret.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ClientApplication {
    is_revoked: bool,
    secrets: BTreeMap<ApplicationSecretId, Timestamp>,
    grants: BTreeMap<TokenId, Grant>,
    pub(super) sign_in: SignIn,
}

/// That an application acts for a user.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Grant {
    /// The user.
    pub user_id: PartnerUserId,
    /// The only refresh token that renews it.
    pub refresh_id: TokenId,
    /// When it ends unless it is renewed before.
    pub expires_at: Timestamp,
}

impl Applications {
    /// An application that was not revoked.
    #[must_use]
    pub fn get(&self, id: ApplicationId) -> Option<&ClientApplication> {
        self.0.get(&id).filter(|application| !application.is_revoked)
    }

    /// An application, or why there is none.
    ///
    /// # Errors
    /// When it was never registered, or was revoked.
    pub(super) fn known(
        &self,
        id: ApplicationId,
    ) -> Result<&ClientApplication, ApplicationRefusal> {
        self.get(id).ok_or(ApplicationRefusal::NotFound)
    }

    /// Whether the id was ever used.
    pub(super) fn has(&self, id: ApplicationId) -> bool {
        self.0.contains_key(&id)
    }

    /// How many were not revoked.
    pub(super) fn count(&self) -> usize {
        self.0.values().filter(|application| !application.is_revoked).count()
    }
}

impl ClientApplication {
    /// The secrets that work at this moment.
    pub fn secrets_at(&self, now: Timestamp) -> impl Iterator<Item = ApplicationSecretId> {
        self.secrets.iter().filter(move |(_, until)| now < **until).map(|(id, _)| *id)
    }

    /// That the application acts for a user; `None` when it does not (any more). Whether that
    /// expired is for the caller's clock to say.
    #[must_use]
    pub fn grant(&self, id: TokenId) -> Option<&Grant> {
        self.grants.get(&id)
    }

    pub(super) fn has_secret(&self, id: ApplicationSecretId) -> bool {
        self.secrets.contains_key(&id)
    }
}

/// How events change what is known.
impl Applications {
    pub(in crate::partner) fn registered(&mut self, event: &ApplicationRegistered) {
        self.0.insert(event.application_id, ClientApplication::default());
    }

    pub(in crate::partner) fn secret_added(&mut self, event: &ApplicationSecretAdded) {
        self.change(event.application_id, |application| {
            if let Some(limit) = event.others_until {
                application.secrets.values_mut().for_each(|until| *until = limit.min(*until));
            }
            application.secrets.insert(event.secret_id, event.expires_at);
        });
    }

    pub(in crate::partner) fn secret_removed(&mut self, event: &ApplicationSecretRemoved) {
        self.change(event.application_id, |application| {
            application.secrets.remove(&event.secret_id);
        });
    }

    pub(in crate::partner) fn revoked(&mut self, event: &ApplicationRevoked) {
        self.change(event.application_id, |application| {
            *application = ClientApplication { is_revoked: true, ..ClientApplication::default() };
        });
    }

    pub(in crate::partner) fn sign_in_failed(&mut self, event: &ApplicationSignInFailed) {
        self.change(event.application_id, |application| {
            application.sign_in.failed(event.failures, event.counted_until, event.locked_until);
        });
    }

    /// Of too many grants of a user, the one that would end first ends.
    pub(in crate::partner) fn grant_begun(&mut self, event: &ApplicationGrantBegun) {
        let ApplicationGrantBegun { user_id, refresh_id, expires_at, .. } = *event;
        self.change(event.application_id, |application| {
            let of_user = |grant: &Grant| grant.user_id == user_id;
            let held = application.grants.iter().filter(|(_, grant)| of_user(grant));
            let oldest = held.clone().min_by_key(|(id, grant)| (grant.expires_at, **id));
            if let (true, Some(oldest)) =
                (held.count() >= GRANTS_OF_USER_MAX, oldest.map(|(id, _)| *id))
            {
                application.grants.remove(&oldest);
            }
            let grant = Grant { user_id, refresh_id, expires_at };
            application.grants.insert(event.grant_id, grant);
        });
    }

    pub(in crate::partner) fn grant_renewed(&mut self, event: &ApplicationGrantRenewed) {
        self.change(event.application_id, |application| {
            if let Some(grant) = application.grants.get_mut(&event.grant_id) {
                grant.refresh_id = event.refresh_id;
                grant.expires_at = event.expires_at;
            }
        });
    }

    pub(in crate::partner) fn grant_ended(&mut self, event: &ApplicationGrantEnded) {
        self.change(event.application_id, |application| {
            application.grants.remove(&event.grant_id);
        });
    }

    /// Nothing acts for the user any more: it is gone, or has another password.
    pub(in crate::partner) fn end_grants_of(&mut self, user_id: PartnerUserId) {
        let holds = |application: &ClientApplication| {
            application.grants.values().any(|grant| grant.user_id == user_id)
        };
        let ids: Vec<_> = self.0.iter().filter(|(_, it)| holds(it)).map(|(id, _)| *id).collect();
        for id in ids {
            self.change(id, |it| it.grants.retain(|_, grant| grant.user_id != user_id));
        }
    }

    fn change(&mut self, id: ApplicationId, change: impl FnOnce(&mut ClientApplication)) {
        if let Some(application) = self.0.get_mut(&id) {
            change(application);
        }
    }
}
