//! What can be asked about the users of a partner.

use events::{Actor, CredentialId, NameHash, PartnerUserId, PartnerUserProfile, Role, Timestamp};

use crate::{
    command::{Requires, command_enum},
    partner::{PartnerCommand, authority::own_or_managed},
    permissions::Permission,
};

/// A user to be added.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NewPartnerUser {
    /// The new user.
    pub user_id: PartnerUserId,
    /// The keyed hash of the e-mail address, which is the sign-in name. Its uniqueness in the
    /// installation is a name claim in the same commit.
    pub sign_in_name: NameHash,
    /// Where the hash of the temporary password is kept.
    pub credential_id: CredentialId,
    /// When the temporary password stops working.
    pub password_expires_at: Timestamp,
    /// Who the user is.
    pub profile: PartnerUserProfile,
}

/// Add a user.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AddPartnerUser {
    /// The user.
    pub user: NewPartnerUser,
    /// Whether the default level is withheld, which is possible at creation only.
    pub withhold_default_access: bool,
    /// The roles it starts with, at most one of a category.
    pub roles: Vec<Role>,
}

/// Change a user's name or e-mail address.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct EditPartnerUser {
    /// The user.
    pub user_id: PartnerUserId,
    /// The keyed hash of the sign-in name from now on.
    pub sign_in_name: NameHash,
    /// Who the user is from now on.
    pub profile: PartnerUserProfile,
}

/// Give a user a new temporary password.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ResetPartnerUserPassword {
    /// The user.
    pub user_id: PartnerUserId,
    /// Where the hash of the temporary password is kept.
    pub credential_id: CredentialId,
    /// When the temporary password stops working.
    pub password_expires_at: Timestamp,
}

/// Delete a user; it can be restored for a while.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct DeletePartnerUser {
    /// The user.
    pub user_id: PartnerUserId,
}

/// Bring a deleted user back.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RestorePartnerUser {
    /// The user.
    pub user_id: PartnerUserId,
    /// Another sign-in name and profile, the way out when the old name was taken meanwhile.
    pub renamed: Option<RenamedPartnerUser>,
}

/// Another sign-in name for a user who is restored.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RenamedPartnerUser {
    /// The keyed hash of the sign-in name from now on.
    pub sign_in_name: NameHash,
    /// Who the user is from now on.
    pub profile: PartnerUserProfile,
}

/// Close the restore window of a deleted user for good.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct PurgePartnerUser {
    /// The user.
    pub user_id: PartnerUserId,
}

command_enum! {
    /// What can be asked about the users of a partner.
    PartnerUserCommand in PartnerCommand {
        /// Add a user.
        Add(AddPartnerUser),
        /// Change a user's name or e-mail address.
        Edit(EditPartnerUser),
        /// Give a user a new temporary password.
        ResetPassword(ResetPartnerUserPassword),
        /// Delete a user.
        Delete(DeletePartnerUser),
        /// Bring a deleted user back.
        Restore(RestorePartnerUser),
        /// Close the restore window of a deleted user.
        Purge(PurgePartnerUser),
    }
}

impl Requires for PartnerUserCommand {
    /// Everybody edits the own profile.
    fn permission(&self, actor: &Actor) -> Option<Permission> {
        match self {
            Self::Add(_) | Self::ResetPassword(_) | Self::Delete(_) | Self::Restore(_) => {
                Some(Permission::PartnerUsersManage)
            }
            Self::Edit(command) => Some(own_or_managed(actor, command.user_id)),
            // A timer does it.
            Self::Purge(_) => None,
        }
    }
}
