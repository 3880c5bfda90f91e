//! What can be asked of the installation.

use events::{
    Actor, DamagedPart, Finding, FoundBy, HealingId, PositionRange, StableCode, StreamId, Timestamp,
};

use super::health::{OpenIncident, ResolveIncident, UpdateIncident};
use super::people::{
    AddOperator, AdmitAuditor, ChangeAccountPassword, DismissAuditor, IssueAccountToken,
    RemoveOperator, ResetAccountPassword, RevokeAccountToken, SignInAccount, SignOutAccount,
};
use crate::{
    command::{Requires, command_enum},
    permissions::Permission,
};

/// Record that damage in one copy of something was made good from the other.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RecordHealing {
    /// This healing; recorded once.
    pub healing_id: HealingId,
    /// What was damaged.
    pub part: DamagedPart,
    /// The positions affected, where there are any.
    pub positions: Option<PositionRange>,
    /// What was found, and where.
    pub finding: Finding,
    /// When in the life of the installation it was found.
    pub found_by: FoundBy,
    /// The moment.
    pub found_at: Timestamp,
}

/// Record that somebody whose identity is known was refused on grounds of security.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RecordRefusal {
    /// Who was refused.
    pub caller: Actor,
    /// The stable code of the refusal.
    pub code: StableCode,
    /// The permission that was missing, where that was the reason.
    pub permission: Option<StableCode>,
    /// What was asked for.
    pub request: StableCode,
    /// At what it was aimed, where that is known.
    pub target: Option<StreamId>,
    /// When it was refused.
    pub refused_at: Timestamp,
    /// How many refusals of this caller with this code were not recorded since the last one.
    pub suppressed: u64,
}

command_enum! {
    /// What can be asked of the installation.
    InstallationCommand {
        /// Record a healing.
        RecordHealing(RecordHealing),
        /// Record a refusal.
        RecordRefusal(RecordRefusal),
        /// Let somebody decide support requests.
        AddOperator(AddOperator),
        /// Take that from somebody.
        RemoveOperator(RemoveOperator),
        /// Let somebody read.
        AdmitAuditor(AdmitAuditor),
        /// Take that from somebody.
        DismissAuditor(DismissAuditor),
        /// Give an operator or auditor a new temporary password.
        ResetPassword(ResetAccountPassword),
        /// Sign an operator or auditor in, or record that somebody could not.
        SignIn(SignInAccount),
        /// End a session.
        SignOut(SignOutAccount),
        /// Take another password for oneself.
        ChangePassword(ChangeAccountPassword),
        /// Make a bearer token.
        IssueToken(IssueAccountToken),
        /// Stop a bearer token from working.
        RevokeToken(RevokeAccountToken),
        /// Say that a service does not work.
        OpenIncident(OpenIncident),
        /// Tell more about an incident.
        UpdateIncident(UpdateIncident),
        /// Say that the service works again.
        ResolveIncident(ResolveIncident),
    }
}

impl Requires for InstallationCommand {
    fn permission(&self, _actor: &Actor) -> Option<Permission> {
        None
    }

    fn is_own_account(&self) -> bool {
        match self {
            Self::SignOut(_) | Self::ChangePassword(_) => true,
            Self::RecordHealing(_)
            | Self::RecordRefusal(_)
            | Self::AddOperator(_)
            | Self::RemoveOperator(_)
            | Self::AdmitAuditor(_)
            | Self::DismissAuditor(_)
            | Self::ResetPassword(_)
            | Self::SignIn(_)
            | Self::IssueToken(_)
            | Self::RevokeToken(_)
            | Self::OpenIncident(_)
            | Self::UpdateIncident(_)
            | Self::ResolveIncident(_) => false,
        }
    }

    fn is_for_support_operators(&self) -> bool {
        match self {
            Self::OpenIncident(_) | Self::UpdateIncident(_) | Self::ResolveIncident(_) => true,
            Self::RecordHealing(_)
            | Self::RecordRefusal(_)
            | Self::AddOperator(_)
            | Self::RemoveOperator(_)
            | Self::AdmitAuditor(_)
            | Self::DismissAuditor(_)
            | Self::ResetPassword(_)
            | Self::SignIn(_)
            | Self::SignOut(_)
            | Self::ChangePassword(_)
            | Self::IssueToken(_)
            | Self::RevokeToken(_) => false,
        }
    }
}
