//! People with an account at the installation itself: who decides support requests, and who audits.

use serde::{Deserialize, Serialize};

use super::InstallationEvent;
use crate::{
    ids::{AuditorId, CredentialId, OperatorId, PartnerId, SubjectId},
    personal::{Clear, PersonalData},
    time::Timestamp,
    values::{EmailAddress, NameHash, PersonName},
};

/// A person with an account at the installation. Stored by order: new kinds go to the end.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InstallationAccount {
    /// Who decides support requests.
    Operator(OperatorId),
    /// Who reads and changes nothing.
    Auditor(AuditorId),
}

impl Clear for InstallationAccount {}

impl From<InstallationAccount> for SubjectId {
    fn from(account: InstallationAccount) -> Self {
        match account {
            InstallationAccount::Operator(id) => id.into(),
            InstallationAccount::Auditor(id) => id.into(),
        }
    }
}

/// What an auditor reads. Stored by order: new scopes go to the end.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AuditScope {
    /// Every partner of the installation.
    Installation,
    /// One partner.
    Partner(PartnerId),
}

impl Clear for AuditScope {}

/// Who a person with an account at the installation is.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all(serialize = "camelCase"))]
pub struct PersonProfile {
    /// The full name.
    pub full_name: PersonName,
    /// The e-mail address, which is the sign-in name.
    pub email: EmailAddress,
}

impl PersonalData for PersonProfile {}

events! {
    /// Somebody may decide support requests from now on.
    OperatorAdded = 0x0510 v 1 {
        /// The operator.
        clear operator_id: OperatorId,
        /// The keyed hash of the sign-in name.
        clear sign_in_name: NameHash,
        /// Where the hash of the temporary password is kept, outside the log.
        clear credential_id: CredentialId,
        /// When the temporary password stops working.
        clear password_expires_at: Timestamp,
        /// Who the operator is.
        personal profile: PersonProfile,
    }
    /// Somebody decides support requests no longer.
    OperatorRemoved = 0x0511 v 1 {
        /// The operator.
        clear operator_id: OperatorId,
    }
    /// Somebody may read, within a scope and for a while.
    AuditorAdmitted = 0x0512 v 1 {
        /// The auditor.
        clear auditor_id: AuditorId,
        /// The keyed hash of the sign-in name.
        clear sign_in_name: NameHash,
        /// Where the hash of the temporary password is kept, outside the log.
        clear credential_id: CredentialId,
        /// When the temporary password stops working.
        clear password_expires_at: Timestamp,
        /// What the auditor reads.
        clear scope: AuditScope,
        /// Reading is allowed strictly before this moment.
        clear until: Timestamp,
        /// Who the auditor is.
        personal profile: PersonProfile,
    }
    /// Somebody reads no longer.
    AuditorDismissed = 0x0513 v 1 {
        /// The auditor.
        clear auditor_id: AuditorId,
    }
    /// An operator or auditor got a new temporary password, shown once.
    AccountPasswordReset = 0x0514 v 1 {
        /// Whose it is.
        clear account: InstallationAccount,
        /// Where the hash of the temporary password is kept, outside the log.
        clear credential_id: CredentialId,
        /// When the temporary password stops working.
        clear password_expires_at: Timestamp,
    }
}

aggregate_events! {
    /// What happens to a person with an account at the installation.
    PersonEvent in InstallationEvent {
        OperatorAdded,
        OperatorRemoved,
        AuditorAdmitted,
        AuditorDismissed,
        AccountPasswordReset,
    }
}
