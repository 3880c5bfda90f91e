//! The user accounts inside a partner.

use serde::{Deserialize, Serialize};

use super::PartnerEvent;
use crate::{
    ids::{CredentialId, PartnerUserId, SubjectId},
    personal::{Clear, PersonalData},
    time::Timestamp,
    values::{EmailAddress, NameHash, PersonName, Role},
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
}

aggregate_events! {
    /// What happens to a user account of a partner.
    PartnerUserEvent in PartnerEvent {
        PartnerUserAdded,
        PartnerUserEdited,
        PartnerUserPasswordReset,
        PartnerUserDeleted,
        PartnerUserRestored,
        PartnerUserPurged,
    }
}
