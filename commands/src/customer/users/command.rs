//! What can be asked about the users of a customer.

use events::{
    Actor, CredentialId, CustomerUserId, CustomerUserProfile, DirectoryRole, NameHash, SkuId,
};

use crate::{
    command::{Requires, command_enum},
    customer::CustomerCommand,
    permissions::Permission,
};

/// Create users, all of them or none.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CreateCustomerUsers {
    /// The users, at most [`BULK_USERS_MAX`](crate::BULK_USERS_MAX).
    pub users: Vec<NewCustomerUser>,
}

/// A user to be created.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NewCustomerUser {
    /// The new user.
    pub user_id: CustomerUserId,
    /// The keyed hash of the user name.
    pub user_name: NameHash,
    /// Where the hash of the password is kept.
    pub credential_id: CredentialId,
    /// Who the user is.
    pub profile: CustomerUserProfile,
    /// The products it gets a seat of.
    pub licenses: Vec<SkuId>,
    /// The roles it gets inside its company.
    pub directory_roles: Vec<DirectoryRole>,
}

/// Change a user's profile.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct EditCustomerUser {
    /// The user.
    pub user_id: CustomerUserId,
    /// The keyed hash of the user name from now on.
    pub user_name: NameHash,
    /// Who the user is from now on.
    pub profile: CustomerUserProfile,
}

/// Give a user a new password.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ResetCustomerUserPassword {
    /// The user.
    pub user_id: CustomerUserId,
    /// Where the hash of the password is kept.
    pub credential_id: CredentialId,
}

/// Delete users, all of them or none; they can be restored for a while.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DeleteCustomerUsers {
    /// The users, at most [`BULK_USERS_MAX`](crate::BULK_USERS_MAX).
    pub user_ids: Vec<CustomerUserId>,
}

/// Bring a deleted user back.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RestoreCustomerUser {
    /// The user.
    pub user_id: CustomerUserId,
    /// Another user name and profile, the way out when the old name was taken meanwhile.
    pub renamed: Option<RenamedCustomerUser>,
}

/// Another user name for a user who is restored.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RenamedCustomerUser {
    /// The keyed hash of the user name from now on.
    pub user_name: NameHash,
    /// Who the user is from now on.
    pub profile: CustomerUserProfile,
}

/// Close the restore window of a deleted user for good.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct PurgeCustomerUser {
    /// The user.
    pub user_id: CustomerUserId,
}

command_enum! {
    /// What can be asked about the users of a customer.
    CustomerUserCommand in CustomerCommand {
        /// Create users.
        Create(CreateCustomerUsers),
        /// Change a user's profile.
        Edit(EditCustomerUser),
        /// Give a user a new password.
        ResetPassword(ResetCustomerUserPassword),
        /// Delete users.
        Delete(DeleteCustomerUsers),
        /// Bring a deleted user back.
        Restore(RestoreCustomerUser),
        /// Close the restore window of a deleted user.
        Purge(PurgeCustomerUser),
    }
}

impl Requires for CustomerUserCommand {
    fn permission(&self, _actor: &Actor) -> Option<Permission> {
        match self {
            Self::Create(_)
            | Self::Edit(_)
            | Self::ResetPassword(_)
            | Self::Delete(_)
            | Self::Restore(_) => Some(Permission::CustomerUsersManage),
            // A timer does it.
            Self::Purge(_) => None,
        }
    }
}
