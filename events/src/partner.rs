//! What happens to a partner, its users and their roles.

mod applications;
mod elevation;
mod network;
mod profiles;
mod public_profile;
mod sign_in;
mod webhooks;

use serde::{Deserialize, Serialize};

pub use self::{
    applications::{
        ApplicationGrantBegun, ApplicationGrantEnded, ApplicationGrantRenewed,
        ApplicationRegistered, ApplicationRevoked, ApplicationSecretAdded,
        ApplicationSecretRemoved, ApplicationSignInFailed, GrantEnd,
    },
    elevation::UserElevated,
    network::{
        BenefitActivated, BenefitDeactivated, BenefitGranted, BenefitWithdrawn, CompetencyAttained,
        CompetencyChanged, CompetencyLevel, CompetencyWithdrawn, PartnerUserSkillsEdited,
        SkillKind, UserSkill, UserSkills,
    },
    profiles::{PartnerProfile, PartnerProfileEdited, ProfileContact, ProfileKind},
    public_profile::{ProfileLocation, PublicProfile, PublicProfileChanged},
    sign_in::{
        PartnerUserPasswordChanged, PartnerUserSignInFailed, PartnerUserSignedIn,
        PartnerUserSignedOut,
    },
    webhooks::{
        WebhookChanged, WebhookDelivered, WebhookDeliveryFailed, WebhookFailure, WebhookRegistered,
        WebhookRemoved, WebhookTested,
    },
};

use crate::{
    ids::{CredentialId, PartnerId, PartnerUserId, SubjectId, TokenId},
    personal::{Clear, PersonalData},
    time::Timestamp,
    values::{
        CompanyName, CountryCode, EmailAddress, MpnId, NameHash, PartnerKind, PersonName, Role,
        RoleCategory,
    },
};

/// Who a partner user is.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all(serialize = "camelCase"))]
pub struct PartnerUserProfile {
    /// The full name.
    pub full_name: PersonName,
    /// The e-mail address, which is the sign-in name.
    pub email: EmailAddress,
}

impl PersonalData for PartnerUserProfile {}

impl From<PartnerUserId> for SubjectId {
    fn from(id: PartnerUserId) -> Self {
        Self::from_uuid(id.as_uuid())
    }
}

/// A role that a restored user did not get back.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all(serialize = "camelCase"))]
pub struct WithheldRole {
    /// The role.
    pub role: Role,
    /// The code of the rule it would break now.
    pub rule: Box<str>,
}

impl Clear for WithheldRole {}

events! {
    /// A company got an account as a partner.
    PartnerRegistered = 0x0101 v 1 {
        /// The partner.
        clear partner_id: PartnerId,
        /// What kind of partner.
        clear kind: PartnerKind,
        /// The company's name.
        clear name: CompanyName,
        /// Where it sells.
        clear country: CountryCode,
        /// Its id in the partner network.
        clear mpn_id: MpnId,
    }
    /// An employee got an account, with a temporary password that was shown once.
    PartnerUserAdded = 0x0102 v 1 {
        /// The user.
        clear user_id: PartnerUserId,
        /// The keyed hash of the sign-in name.
        clear sign_in_name: NameHash,
        /// Where the hash of the temporary password is kept, outside the log.
        clear credential_id: CredentialId,
        /// When the temporary password stops working.
        clear password_expires_at: Timestamp,
        /// Who the user is.
        personal profile: PartnerUserProfile,
    }
    /// A user's name or e-mail address changed.
    PartnerUserEdited = 0x0103 v 1 {
        /// The user.
        clear user_id: PartnerUserId,
        /// The keyed hash of the sign-in name from now on.
        clear sign_in_name: NameHash,
        /// Who the user is from now on.
        personal profile: PartnerUserProfile,
    }
    /// A user got a new temporary password, shown once.
    PartnerUserPasswordReset = 0x0104 v 1 {
        /// The user.
        clear user_id: PartnerUserId,
        /// Where the hash of the temporary password is kept, outside the log.
        clear credential_id: CredentialId,
        /// When the temporary password stops working.
        clear password_expires_at: Timestamp,
    }
    /// A user was deleted and can be restored for a while.
    PartnerUserDeleted = 0x0105 v 1 {
        /// The user.
        clear user_id: PartnerUserId,
        /// The roles the user held, for a restore.
        clear roles: Vec<Role>,
        /// Restoring is allowed strictly before this moment.
        clear restorable_until: Timestamp,
    }
    /// A deleted user is back.
    PartnerUserRestored = 0x0106 v 1 {
        /// The user.
        clear user_id: PartnerUserId,
        /// The roles the user has again.
        clear roles: Vec<Role>,
        /// The roles the user did not get back, and why.
        clear withheld: Vec<WithheldRole>,
    }
    /// The restore window of a deleted user has passed for good.
    PartnerUserPurged = 0x0107 v 1 {
        /// The user.
        clear user_id: PartnerUserId,
    }
    /// A user got a role in a category in which it held none.
    RoleAssigned = 0x0108 v 1 {
        /// The user.
        clear user_id: PartnerUserId,
        /// The role.
        clear role: Role,
    }
    /// A user's role of a category gave way to another of the same category.
    RoleReplaced = 0x0109 v 1 {
        /// The user.
        clear user_id: PartnerUserId,
        /// The category.
        clear category: RoleCategory,
        /// The role until now.
        clear old: Role,
        /// The role from now on.
        clear new: Role,
    }
    /// A user lost a role.
    RoleRevoked = 0x010a v 1 {
        /// The user.
        clear user_id: PartnerUserId,
        /// The role.
        clear role: Role,
    }
    /// A bearer token was made for a user; its hash is kept outside the log.
    AccessTokenIssued = 0x010b v 1 {
        /// The token; not secret.
        clear token_id: TokenId,
        /// The user it acts as.
        clear user_id: PartnerUserId,
        /// When it stops working.
        clear expires_at: Timestamp,
    }
    /// A bearer token stopped working.
    AccessTokenRevoked = 0x010c v 1 {
        /// The token.
        clear token_id: TokenId,
        /// The user it acted as.
        clear user_id: PartnerUserId,
    }
}

aggregate_events! {
    /// What happens to a partner.
    PartnerEvent {
        PartnerRegistered,
        PartnerUserAdded,
        PartnerUserEdited,
        PartnerUserPasswordReset,
        PartnerUserDeleted,
        PartnerUserRestored,
        PartnerUserPurged,
        RoleAssigned,
        RoleReplaced,
        RoleRevoked,
        AccessTokenIssued,
        AccessTokenRevoked,
        UserElevated,
        PublicProfileChanged,
        PartnerProfileEdited,
        PartnerUserSignedIn,
        PartnerUserSignedOut,
        PartnerUserSignInFailed,
        PartnerUserPasswordChanged,
    ApplicationRegistered, ApplicationSecretAdded, ApplicationSecretRemoved, ApplicationRevoked, ApplicationSignInFailed, ApplicationGrantBegun, ApplicationGrantRenewed, ApplicationGrantEnded, CompetencyAttained, CompetencyChanged, CompetencyWithdrawn, BenefitGranted, BenefitActivated, BenefitDeactivated, BenefitWithdrawn, PartnerUserSkillsEdited,
        WebhookRegistered, WebhookChanged, WebhookRemoved, WebhookTested, WebhookDelivered, WebhookDeliveryFailed,
    }
}
