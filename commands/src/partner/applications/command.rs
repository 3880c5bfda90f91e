//! What can be asked about a partner's applications.

use events::{
    Actor, ApplicationId, ApplicationName, ApplicationSecretId, PartnerUserId, Timestamp, TokenId,
};

use crate::{
    command::{Requires, command_enum},
    partner::PartnerCommand,
    permissions::Permission,
};

/// Register a program that acts for the partner.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RegisterApplication {
    /// The new application.
    pub application_id: ApplicationId,
    /// What it is called.
    pub name: ApplicationName,
}

/// Give an application a secret.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct AddApplicationSecret {
    /// The application.
    pub application_id: ApplicationId,
    /// The new secret.
    pub secret_id: ApplicationSecretId,
    /// When it stops working.
    pub expires_at: Timestamp,
    /// When the secrets until now stop working, where the new one takes their place.
    pub others_until: Option<Timestamp>,
}

/// Stop a secret of an application from working.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct RemoveApplicationSecret {
    /// The application.
    pub application_id: ApplicationId,
    /// The secret.
    pub secret_id: ApplicationSecretId,
}

/// Stop an application from acting, for good.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct RevokeApplication {
    /// The application.
    pub application_id: ApplicationId,
}

/// Let an application in that proved a secret, or record that somebody could not.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SignInApplication {
    /// The application that was named.
    pub application_id: ApplicationId,
    /// The secret that was proved; `None` when what was given is none of its secrets.
    pub proved: Option<ApplicationSecretId>,
}

/// Let an application act for a user, who asks for it itself.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct BeginApplicationGrant {
    /// The application.
    pub application_id: ApplicationId,
    /// The user.
    pub user_id: PartnerUserId,
    /// The new grant.
    pub grant_id: TokenId,
    /// Its first refresh token.
    pub refresh_id: TokenId,
}

/// Exchange a refresh token for another.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct RenewApplicationGrant {
    /// The application, which asks for it itself.
    pub application_id: ApplicationId,
    /// The grant.
    pub grant_id: TokenId,
    /// The refresh token that was presented.
    pub presented: TokenId,
    /// The refresh token from now on.
    pub next: TokenId,
}

command_enum! {
    /// What can be asked about a partner's applications.
    ApplicationCommand in PartnerCommand {
        /// Register one.
        Register(RegisterApplication),
        /// Give one a secret.
        AddSecret(AddApplicationSecret),
        /// Stop a secret from working.
        RemoveSecret(RemoveApplicationSecret),
        /// Stop one from acting.
        Revoke(RevokeApplication),
        /// Let one in, or record that somebody could not come in as it.
        SignIn(SignInApplication),
        /// Let one act for oneself.
        BeginGrant(BeginApplicationGrant),
        /// Exchange a refresh token for another.
        RenewGrant(RenewApplicationGrant),
    }
}

impl Requires for ApplicationCommand {
    fn permission(&self, _actor: &Actor) -> Option<Permission> {
        match self {
            Self::Register(_) | Self::AddSecret(_) | Self::RemoveSecret(_) | Self::Revoke(_) => {
                Some(Permission::ApplicationsManage)
            }
            Self::BeginGrant(_) => Some(Permission::OwnProfile),
            // The application does it itself.
            Self::SignIn(_) | Self::RenewGrant(_) => None,
        }
    }
}
