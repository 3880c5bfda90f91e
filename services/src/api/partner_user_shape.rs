//! How is a partner's user shown, and how is it read from a request?

use events::{
    EmailAddress, Opened, PartnerId, PartnerUserId, PartnerUserProfile, PersonName, Role,
};
use projections::{PartnerUserRow, UserState};
use serde_json::{Value, json};
use store::ReadError;

use super::{
    reading::{open, personal_state, readable},
    user_shape::state_words,
    wire::{attributes, self_link},
};
use crate::{
    application::Application,
    http::{ApiError, BodyProblem, JsonBody},
};

/// What a request says about a user; `None` leaves a member as it is.
#[derive(Clone, Default)]
pub(super) struct PartnerProfileChange {
    full_name: Option<PersonName>,
    email: Option<EmailAddress>,
}

impl PartnerProfileChange {
    /// Reads a user: its name under either name, its address likewise.
    ///
    /// # Errors
    /// When a member is not acceptable, naming it.
    pub(super) fn read(user: &JsonBody) -> Result<Self, ApiError> {
        let full_name = match user.optional("fullName")? {
            Some(name) => Some(name),
            None => user.optional("displayName")?,
        };
        let email = match user.optional("email")? {
            Some(email) => Some(email),
            None => user.optional("userPrincipalName")?,
        };
        Ok(Self { full_name, email })
    }

    /// The profile of a new user.
    ///
    /// # Errors
    /// When name or address is missing.
    pub(super) fn complete(self) -> Result<PartnerUserProfile, ApiError> {
        let missing = |field| ApiError::field(field, &BodyProblem::Missing);
        Ok(PartnerUserProfile {
            full_name: self.full_name.ok_or_else(|| missing("fullName"))?,
            email: self.email.ok_or_else(|| missing("email"))?,
        })
    }

    /// A known profile with the change.
    pub(super) fn onto(self, known: PartnerUserProfile) -> PartnerUserProfile {
        PartnerUserProfile {
            full_name: self.full_name.unwrap_or(known.full_name),
            email: self.email.unwrap_or(known.email),
        }
    }

    /// Whether nothing is to be changed.
    pub(super) const fn is_empty(&self) -> bool {
        self.full_name.is_none() && self.email.is_none()
    }
}

/// A partner's user, to be shown.
pub(super) struct ShownPartnerUser {
    pub(super) partner: PartnerId,
    pub(super) id: PartnerUserId,
    pub(super) profile: Opened<PartnerUserProfile>,
    pub(super) state: UserState,
    pub(super) roles: Vec<Role>,
}

impl ShownPartnerUser {
    /// A user of the read model, its profile opened.
    ///
    /// # Errors
    /// When the log cannot be read.
    pub(super) async fn of(app: &Application, row: &PartnerUserRow) -> Result<Self, ReadError> {
        Ok(Self {
            partner: row.partner,
            id: row.id,
            profile: open(app, &row.profile).await?,
            state: row.state,
            roles: row.roles.iter().collect(),
        })
    }

    /// The user as a resource.
    pub(super) fn shown(&self) -> Value {
        let profile = readable(&self.profile);
        let (state, deleted_at, restorable_until) = state_words(self.state);
        let roles: Vec<Value> = self.roles.iter().copied().map(shown_role).collect();
        json!({
            "id": self.id,
            "accountId": self.partner,
            "displayName": profile.map(|profile| &profile.full_name),
            "email": profile.map(|profile| &profile.email),
            "userPrincipalName": profile.map(|profile| &profile.email),
            "personalData": personal_state(&self.profile),
            "userDomainType": "none",
            "state": state,
            "softDeletionTime": deleted_at,
            "restorableUntil": restorable_until,
            "roles": roles,
            "links": self_link(format!("/users/{}", self.id)),
            "attributes": attributes("PartnerUser"),
        })
    }

    /// The user as a member of a role.
    pub(super) fn member_of(&self, role: Role) -> Value {
        let profile = readable(&self.profile);
        json!({
            "id": self.id,
            "displayName": profile.map(|profile| &profile.full_name),
            "userPrincipalName": profile.map(|profile| &profile.email),
            "roleId": role.id(),
            "accountId": self.partner,
            "attributes": attributes("UserMember"),
        })
    }
}

/// A role as a resource.
pub(super) fn shown_role(role: Role) -> Value {
    json!({
        "id": role.id(),
        "name": role.name(),
        "displayName": role.title(),
        "category": role.category(),
        "links": self_link(format!("/roles?role_id={}", role.id())),
        "attributes": attributes("Role"),
    })
}
