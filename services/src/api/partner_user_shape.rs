//! How is a partner's user shown, and how is it read from a request?

use events::{
    EmailAddress, Opened, PartnerId, PartnerUserId, PartnerUserProfile, PersonName, Role,
    Timestamp, WithheldRole,
};
use projections::{PartnerUserRow, UserState};
use serde::Serialize;
use store::ReadError;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    passwords::PasswordProfile,
    reading::{open, personal_state, readable},
    shapes::{Attributes, SelfLinks},
    user_shape::state_words,
};
use crate::{
    application::Application,
    http::{ApiError, BodyProblem, JsonBody},
};

/// What a body says about a user.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "the document's view of a body that is read member by member")]
pub(super) struct PartnerUserChange {
    /// The name; `displayName` says the same.
    #[schema(example = "Nora Berg")]
    full_name: Option<String>,
    display_name: Option<String>,
    /// The address, which is the name to sign in with; `userPrincipalName` says the same.
    email: Option<String>,
    user_principal_name: Option<String>,
    /// `active` restores a deleted user.
    #[schema(example = "active")]
    state: Option<String>,
    /// Asks for another password, which is generated.
    password_profile: Option<NoChosenPassword>,
}

/// Asks for another password, which is generated.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "the document's view of a body that is read member by member")]
pub(super) struct NoChosenPassword {
    /// Always: another is chosen with the next sign-in.
    force_change_password: Option<bool>,
}

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
    pub(super) fn shown(&self) -> PartnerUser {
        let profile = readable(&self.profile);
        let email = profile.map(|profile| profile.email.to_string());
        let (state, soft_deletion_time, restorable_until) = state_words(self.state);
        PartnerUser {
            id: self.id,
            account_id: self.partner,
            display_name: profile.map(|profile| profile.full_name.to_string()),
            email: email.clone(),
            user_principal_name: email,
            personal_data: personal_state(&self.profile),
            user_domain_type: "none",
            state,
            soft_deletion_time,
            restorable_until,
            roles: self.roles.iter().copied().map(PartnerRole::of).collect(),
            password_profile: None,
            roles_withheld: None,
            links: SelfLinks::to(format!("/users/{}", self.id)),
            attributes: Attributes::of("PartnerUser"),
        }
    }

    /// The user as a member of a role.
    pub(super) fn member_of(&self, role: Role) -> PartnerRoleMember {
        let profile = readable(&self.profile);
        PartnerRoleMember {
            id: self.id,
            display_name: profile.map(|profile| profile.full_name.to_string()),
            user_principal_name: profile.map(|profile| profile.email.to_string()),
            role_id: role.id(),
            account_id: self.partner,
            replaced_role: None,
            attributes: Attributes::of("UserMember"),
        }
    }
}

/// Somebody who works for the partner.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct PartnerUser {
    #[schema(value_type = Uuid)]
    id: PartnerUserId,
    /// The partner.
    #[schema(value_type = Uuid)]
    account_id: PartnerId,
    display_name: Option<String>,
    email: Option<String>,
    /// The address, which is the name to sign in with.
    user_principal_name: Option<String>,
    /// Why name and address are not shown: `erased`, or `unavailable` (*own*).
    #[schema(value_type = Option<String>, example = json!(null))]
    personal_data: Option<&'static str>,
    #[schema(value_type = String, example = "none")]
    user_domain_type: &'static str,
    /// `active`, or `inactive` once deleted.
    #[schema(value_type = String, example = "active")]
    state: &'static str,
    /// When it was deleted.
    #[schema(value_type = Option<String>, format = DateTime)]
    soft_deletion_time: Option<Timestamp>,
    /// Until when a deleted one can be restored (*own*).
    #[schema(value_type = Option<String>, format = DateTime)]
    restorable_until: Option<Timestamp>,
    roles: Vec<PartnerRole>,
    /// The password, where this answer is the one that shows it.
    pub(super) password_profile: Option<PasswordProfile>,
    /// The roles that a restored user did not get back (*own*).
    pub(super) roles_withheld: Option<Vec<RoleWithheld>>,
    links: SelfLinks,
    attributes: Attributes,
}

/// A role that a restored user did not get back.
#[derive(Serialize, ToSchema)]
pub(super) struct RoleWithheld {
    role: PartnerRole,
    /// The rule it would break now.
    #[schema(example = "one_role_a_category")]
    rule: String,
}

impl From<&WithheldRole> for RoleWithheld {
    fn from(withheld: &WithheldRole) -> Self {
        Self { role: PartnerRole::of(withheld.role), rule: withheld.rule.to_string() }
    }
}

/// Somebody who works for the partner, as a member of a role.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct PartnerRoleMember {
    #[schema(value_type = Uuid)]
    id: PartnerUserId,
    display_name: Option<String>,
    user_principal_name: Option<String>,
    role_id: Uuid,
    /// The partner.
    #[schema(value_type = Uuid)]
    account_id: PartnerId,
    /// The role of the same category that gave way, where one did (*own*).
    pub(super) replaced_role: Option<PartnerRole>,
    attributes: Attributes,
}

/// A role of those who work for partners.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Role)]
pub(super) struct PartnerRole {
    id: Uuid,
    #[schema(value_type = String, example = "admin_agent")]
    name: &'static str,
    #[schema(value_type = String, example = "Admin agent")]
    display_name: &'static str,
    /// A user has one role of each.
    #[schema(value_type = String, example = "agent")]
    category: &'static str,
    /// What it includes, where roles are listed (*own*).
    #[schema(value_type = Option<Vec<String>>, example = json!(["customers.view"]))]
    permissions: Option<Vec<&'static str>>,
    /// How many have it, in the matrix of roles (*own*).
    holders: Option<usize>,
    links: SelfLinks,
    attributes: Attributes,
}

impl PartnerRole {
    /// The role as a resource.
    pub(super) fn of(role: Role) -> Self {
        Self {
            id: role.id(),
            name: role.name(),
            display_name: role.title(),
            category: role.category().name(),
            permissions: None,
            holders: None,
            links: SelfLinks::to(format!("/roles?role_id={}", role.id())),
            attributes: Attributes::of("Role"),
        }
    }

    /// The same, with what it includes.
    pub(super) fn with_permissions(self, permissions: Vec<&'static str>) -> Self {
        Self { permissions: Some(permissions), ..self }
    }

    /// The same, with how many have it.
    pub(super) fn with_holders(self, holders: usize) -> Self {
        Self { holders: Some(holders), ..self }
    }
}
