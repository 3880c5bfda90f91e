//! The user accounts inside a customer.

use serde::{Deserialize, Serialize};

use super::CustomerEvent;
use crate::{
    ids::{CredentialId, CustomerUserId, SkuId, SubjectId},
    personal::{Clear, PersonalData},
    time::Timestamp,
    values::{CountryCode, DomainName, NameHash, PersonName, PhoneNumber, UserName},
};

/// Who a customer user is.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all(serialize = "camelCase"))]
pub struct CustomerUserProfile {
    /// The sign-in name.
    pub user_name: UserName,
    /// The first name.
    pub first_name: Option<PersonName>,
    /// The last name.
    pub last_name: Option<PersonName>,
    /// The name shown to others.
    pub display_name: PersonName,
    /// Where the user uses services; licences may only be assigned where it is known.
    pub usage_location: Option<CountryCode>,
    /// The telephone number.
    pub phone_number: Option<PhoneNumber>,
}

impl PersonalData for CustomerUserProfile {}

impl From<CustomerUserId> for SubjectId {
    fn from(id: CustomerUserId) -> Self {
        Self::from_uuid(id.as_uuid())
    }
}

/// What became of a licence when its user was restored. Stored by order: new fates go to the end.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LicenseFate {
    /// The user has it again.
    Restored,
    /// No seat was free.
    NoSeat,
    /// No active subscription to the product is left.
    SubscriptionGone,
}

/// A licence the user had before the deletion, and what became of it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all(serialize = "camelCase"))]
pub struct LicenseOutcome {
    /// The product.
    pub sku_id: SkuId,
    /// What became of the licence.
    pub fate: LicenseFate,
}

impl Clear for LicenseOutcome {}

events! {
    /// A user account was created, with a temporary password that was shown once.
    CustomerUserCreated = 0x030d v 1 {
        /// The user.
        clear user_id: CustomerUserId,
        /// The keyed hash of the user name.
        clear user_name: NameHash,
        /// The domain part of the user name.
        clear domain: DomainName,
        /// Whether the usage location is known.
        clear has_usage_location: bool,
        /// Where the hash of the password is kept, outside the log.
        clear credential_id: CredentialId,
        /// Who the user is.
        personal profile: CustomerUserProfile,
    }
    /// A user's profile changed.
    CustomerUserEdited = 0x030e v 1 {
        /// The user.
        clear user_id: CustomerUserId,
        /// The keyed hash of the user name from now on.
        clear user_name: NameHash,
        /// The domain part of the user name from now on.
        clear domain: DomainName,
        /// Whether the usage location is known.
        clear has_usage_location: bool,
        /// Who the user is from now on.
        personal profile: CustomerUserProfile,
    }
    /// A user got a new temporary password, shown once.
    CustomerUserPasswordReset = 0x030f v 1 {
        /// The user.
        clear user_id: CustomerUserId,
        /// Where the hash of the password is kept, outside the log.
        clear credential_id: CredentialId,
    }
    /// A user was deleted; its seats are free, its name is free, and it can be restored for a while.
    CustomerUserDeleted = 0x0310 v 1 {
        /// The user.
        clear user_id: CustomerUserId,
        /// The licences that went back to the pool.
        clear licenses_returned: Vec<SkuId>,
        /// Restoring is allowed strictly before this moment.
        clear restorable_until: Timestamp,
    }
    /// A deleted user is back with its roles, and with its licences as far as seats were free.
    CustomerUserRestored = 0x0311 v 1 {
        /// The user.
        clear user_id: CustomerUserId,
        /// What became of each licence it had.
        clear licenses: Vec<LicenseOutcome>,
    }
    /// The restore window of a deleted user has passed for good.
    CustomerUserPurged = 0x0312 v 1 {
        /// The user.
        clear user_id: CustomerUserId,
    }
}

aggregate_events! {
    /// What happens to a user account of a customer.
    CustomerUserEvent in CustomerEvent {
        CustomerUserCreated,
        CustomerUserEdited,
        CustomerUserPasswordReset,
        CustomerUserDeleted,
        CustomerUserRestored,
        CustomerUserPurged,
    }
}
