//! What can be asked of a partner.

use events::{
    Actor, CompanyName, CountryCode, CredentialId, MpnId, NameHash, PartnerId, PartnerKind,
    PartnerProfile, PartnerUserId, PartnerUserProfile, ProfileKind, Role, ServiceRequestId,
    Timestamp, TokenId,
};

use super::applications::{
    AddApplicationSecret, BeginApplicationGrant, RegisterApplication, RemoveApplicationSecret,
    RenewApplicationGrant, RevokeApplication, SignInApplication,
};
use super::network::NetworkCommand;
use super::sign_in::{ChangePartnerUserPassword, SignInPartnerUser, SignOutPartnerUser};
use super::webhooks::WebhookCommand;
use crate::{
    command::{Requires, command_enum},
    permissions::Permission,
};

/// Open a partner's account, with its first user. Only the operator does.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RegisterPartner {
    /// The new partner.
    pub partner_id: PartnerId,
    /// What kind of partner it is.
    pub kind: PartnerKind,
    /// The company's name.
    pub name: CompanyName,
    /// Where it sells.
    pub country: CountryCode,
    /// Its id in the partner network; its uniqueness is a name claim in the same commit.
    pub mpn_id: MpnId,
    /// Its first user, who becomes global admin.
    pub admin: NewPartnerUser,
}

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

/// Give a user a role; another role of the category gives way.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct AssignRole {
    /// The user.
    pub user_id: PartnerUserId,
    /// The role.
    pub role: Role,
}

/// Take a role from a user.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct RevokeRole {
    /// The user.
    pub user_id: PartnerUserId,
    /// The role.
    pub role: Role,
}

/// Make a bearer token for a user.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct IssueToken {
    /// The new token.
    pub token_id: TokenId,
    /// The user it acts as.
    pub user_id: PartnerUserId,
    /// When it stops working.
    pub expires_at: Timestamp,
}

/// Stop a bearer token from working.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct RevokeToken {
    /// The token.
    pub token_id: TokenId,
    /// The user it acts as.
    pub user_id: PartnerUserId,
}

/// Do what a service request asks for, in the commit that resolves it. Only an operator does.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct CarryOutRequest {
    /// The request.
    pub request_id: ServiceRequestId,
}

/// Enter or change one of the partner's profiles.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct EditPartnerProfile {
    /// The company's name in it.
    pub company_name: CompanyName,
    /// Its country.
    pub country: CountryCode,
    /// What it says, which tells which profile it is.
    pub profile: PartnerProfile,
}

command_enum! {
    /// What can be asked of a partner.
    PartnerCommand {
        /// Open the account.
        Register(RegisterPartner),
        /// Add a user.
        AddUser(AddPartnerUser),
        /// Change a user's name or e-mail address.
        EditUser(EditPartnerUser),
        /// Give a user a new temporary password.
        ResetPassword(ResetPartnerUserPassword),
        /// Delete a user.
        DeleteUser(DeletePartnerUser),
        /// Bring a deleted user back.
        RestoreUser(RestorePartnerUser),
        /// Close the restore window of a deleted user.
        PurgeUser(PurgePartnerUser),
        /// Give a user a role.
        AssignRole(AssignRole),
        /// Take a role from a user.
        RevokeRole(RevokeRole),
        /// Make a bearer token.
        IssueToken(IssueToken),
        /// Stop a bearer token from working.
        RevokeToken(RevokeToken),
        /// Do what a service request asks for.
        CarryOut(CarryOutRequest),
        /// Enter or change a profile.
        EditProfile(Box<EditPartnerProfile>),
        /// Competencies, benefits and skills.
        Network(NetworkCommand),
        /// Where the partner is told of what happens.
        Webhook(WebhookCommand),
        /// Sign a user in, or record that somebody could not.
        SignIn(SignInPartnerUser),
        /// End a session.
        SignOut(SignOutPartnerUser),
        /// Take another password for oneself.
        ChangePassword(ChangePartnerUserPassword),
        /// Register an application.
        RegisterApplication(RegisterApplication),
        /// Give an application a secret.
        AddApplicationSecret(AddApplicationSecret),
        /// Stop a secret of an application from working.
        RemoveApplicationSecret(RemoveApplicationSecret),
        /// Stop an application from acting.
        RevokeApplication(RevokeApplication),
        /// Let an application in, or record that somebody could not come in as it.
        SignInApplication(SignInApplication),
        /// Let an application act for oneself.
        BeginApplicationGrant(BeginApplicationGrant),
        /// Exchange a refresh token for another.
        RenewApplicationGrant(RenewApplicationGrant),
    }
}

impl Requires for PartnerCommand {
    /// Everybody edits the own profile and manages the own tokens.
    fn permission(&self, actor: &Actor) -> Option<Permission> {
        let is_own = |user_id: PartnerUserId| match actor {
            Actor::PartnerUser { user, .. } => *user == user_id,
            Actor::CustomerUser { .. }
            | Actor::Operator
            | Actor::System(_)
            | Actor::SupportOperator { .. }
            | Actor::Auditor { .. }
            | Actor::Application { .. }
            | Actor::Visitor => false,
        };
        let own_or_managed = |user_id| {
            if is_own(user_id) { Permission::OwnProfile } else { Permission::PartnerUsersManage }
        };
        match self {
            Self::Register(_)
            | Self::PurgeUser(_)
            | Self::CarryOut(_)
            | Self::SignIn(_)
            | Self::SignInApplication(_)
            | Self::RenewApplicationGrant(_) => None,
            Self::SignOut(_) | Self::ChangePassword(_) | Self::BeginApplicationGrant(_) => {
                Some(Permission::OwnProfile)
            }
            Self::RegisterApplication(_)
            | Self::AddApplicationSecret(_)
            | Self::RemoveApplicationSecret(_)
            | Self::RevokeApplication(_) => Some(Permission::ApplicationsManage),
            Self::AddUser(_)
            | Self::ResetPassword(_)
            | Self::DeleteUser(_)
            | Self::RestoreUser(_) => Some(Permission::PartnerUsersManage),
            Self::AssignRole(_) | Self::RevokeRole(_) => Some(Permission::RolesAssign),
            Self::EditUser(command) => Some(own_or_managed(command.user_id)),
            Self::IssueToken(command) => Some(own_or_managed(command.user_id)),
            Self::EditProfile(command) => Some(permission_to_edit_profile(command.profile.kind())),
            Self::RevokeToken(command) => Some(own_or_managed(command.user_id)),
            Self::Network(command) => command.permission(own_or_managed),
            Self::Webhook(command) => command.permission(),
        }
    }

    fn is_for_support_operators(&self) -> bool {
        match self {
            Self::Network(command) => !command.is_for_users(),
            Self::Register(_)
            | Self::AddUser(_)
            | Self::EditUser(_)
            | Self::ResetPassword(_)
            | Self::DeleteUser(_)
            | Self::RestoreUser(_)
            | Self::PurgeUser(_)
            | Self::AssignRole(_)
            | Self::RevokeRole(_)
            | Self::IssueToken(_)
            | Self::RevokeToken(_)
            | Self::CarryOut(_)
            | Self::EditProfile(_)
            | Self::Webhook(_)
            | Self::SignIn(_)
            | Self::SignOut(_)
            | Self::RegisterApplication(_)
            | Self::AddApplicationSecret(_)
            | Self::RemoveApplicationSecret(_)
            | Self::RevokeApplication(_)
            | Self::SignInApplication(_)
            | Self::BeginApplicationGrant(_)
            | Self::RenewApplicationGrant(_)
            | Self::ChangePassword(_) => false,
        }
    }
}

/// What it takes to see a profile.
#[must_use]
pub const fn permission_to_view_profile(kind: ProfileKind) -> Permission {
    match kind {
        ProfileKind::Business => Permission::BusinessProfileView,
        ProfileKind::LegalBusiness
        | ProfileKind::Organization
        | ProfileKind::Support
        | ProfileKind::Billing => Permission::PartnerProfilesView,
    }
}

/// What it takes to enter or change a profile.
#[must_use]
pub const fn permission_to_edit_profile(kind: ProfileKind) -> Permission {
    match kind {
        ProfileKind::Business => Permission::BusinessProfileManage,
        ProfileKind::LegalBusiness
        | ProfileKind::Organization
        | ProfileKind::Support
        | ProfileKind::Billing => Permission::PartnerProfilesManage,
    }
}
