//! Commands on a partner, its users, their roles and tokens.

use async_trait::async_trait;
use commands::{
    ApplicationCommand, NetworkCommand, Partner, PartnerAccountCommand, PartnerCommand,
    PartnerRequestCommand, PartnerSignInCommand, PartnerState, PartnerUserCommand, Rejection,
    RoleCommand,
};
use events::{ClaimKind, Holder, PartnerId, PartnerUserId, StreamId, SubjectId};

use super::{CommandError, Transaction, UseCase};
use crate::{
    auth::TemporaryPassword,
    keys::{Credential, KeyError},
};

/// A command on one partner.
pub struct OnPartner {
    partner: PartnerId,
    command: PartnerCommand,
    credentials: Vec<Credential>,
}

impl OnPartner {
    /// Takes a command that names no new secret.
    #[must_use]
    pub fn new(partner: PartnerId, command: impl Into<PartnerCommand>) -> Self {
        Self { partner, command: command.into(), credentials: Vec::new() }
    }

    /// Takes a command that names a temporary password.
    ///
    /// # Errors
    /// When the operating system gives no randomness.
    pub fn with_password(
        partner: PartnerId,
        command: impl Into<PartnerCommand>,
        password: &TemporaryPassword,
    ) -> Result<Self, KeyError> {
        let credentials = vec![password.credential()?];
        Ok(Self { partner, command: command.into(), credentials })
    }

    /// Takes a command that names a token.
    pub(crate) fn with_credential(
        partner: PartnerId,
        command: impl Into<PartnerCommand>,
        credential: Credential,
    ) -> Self {
        Self::with_credentials(partner, command, vec![credential])
    }

    /// Takes a command that names secrets of its own.
    pub(crate) fn with_credentials(
        partner: PartnerId,
        command: impl Into<PartnerCommand>,
        credentials: Vec<Credential>,
    ) -> Self {
        Self { partner, command: command.into(), credentials }
    }

    /// Claims and releases the unique names that the command moves.
    async fn move_names(&self, transaction: &mut Transaction<'_>) -> Result<(), CommandError> {
        match &self.command {
            PartnerCommand::Account(PartnerAccountCommand::Register(command)) => {
                let mpn_id = command.mpn_id.as_str();
                let name = transaction.application.keys.name_hash(ClaimKind::MpnId, mpn_id);
                let holder = Holder(self.partner.as_uuid());
                transaction.claim(name, ClaimKind::MpnId, holder).await?;
                let admin = &command.admin;
                claim_sign_in(transaction, admin.user_id, admin.sign_in_name).await
            }
            PartnerCommand::User(command) => self.move_sign_in_name(transaction, command).await,
            PartnerCommand::Role(_)
            | PartnerCommand::SignIn(_)
            | PartnerCommand::Request(_)
            | PartnerCommand::Profile(_)
            | PartnerCommand::Application(_)
            | PartnerCommand::Network(_)
            | PartnerCommand::Webhook(_) => Ok(()),
        }
    }

    /// Claims and releases the sign-in names that a command about a user moves.
    async fn move_sign_in_name(
        &self,
        transaction: &mut Transaction<'_>,
        command: &PartnerUserCommand,
    ) -> Result<(), CommandError> {
        let state = transaction.read::<Partner>(self.partner).await?.state;
        match command {
            PartnerUserCommand::Add(command) => {
                claim_sign_in(transaction, command.user.user_id, command.user.sign_in_name).await
            }
            PartnerUserCommand::Edit(command) => {
                let old = sign_in_name(&state, command.user_id)?;
                if old == command.sign_in_name {
                    return Ok(());
                }
                release_sign_in(transaction, command.user_id, old).await?;
                claim_sign_in(transaction, command.user_id, command.sign_in_name).await
            }
            PartnerUserCommand::Delete(command) => {
                let name = sign_in_name(&state, command.user_id)?;
                release_sign_in(transaction, command.user_id, name).await
            }
            PartnerUserCommand::Restore(command) => {
                let name = match &command.renamed {
                    Some(renamed) => renamed.sign_in_name,
                    None => sign_in_name(&state, command.user_id)?,
                };
                claim_sign_in(transaction, command.user_id, name).await
            }
            PartnerUserCommand::ResetPassword(_) | PartnerUserCommand::Purge(_) => Ok(()),
        }
    }
}

#[async_trait]
impl UseCase for OnPartner {
    fn name(&self) -> &'static str {
        self.command.name()
    }

    fn primary(&self) -> StreamId {
        self.partner.into()
    }

    async fn decide(&self, transaction: &mut Transaction<'_>) -> Result<(), CommandError> {
        transaction.authorise_command(&self.command).await?;
        transaction.about(target(self.partner, &self.command));
        transaction.keep_credentials(&self.credentials);
        transaction.decide::<Partner>(self.partner, &self.command).await?;
        self.move_names(transaction).await
    }
}

/// Whom a command is about: the reason for it is sealed under that person.
fn target(partner: PartnerId, command: &PartnerCommand) -> SubjectId {
    let user: PartnerUserId = match command {
        PartnerCommand::Account(PartnerAccountCommand::Register(command)) => command.admin.user_id,
        PartnerCommand::User(command) => target_user(command),
        PartnerCommand::Role(RoleCommand::Assign(command)) => command.user_id,
        PartnerCommand::Role(RoleCommand::Revoke(command)) => command.user_id,
        PartnerCommand::SignIn(command) => match command {
            PartnerSignInCommand::SignIn(command) => command.user_id,
            PartnerSignInCommand::SignOut(command) => command.user_id,
            PartnerSignInCommand::ChangePassword(command) => command.user_id,
            PartnerSignInCommand::IssueToken(command) => command.user_id,
            PartnerSignInCommand::RevokeToken(command) => command.user_id,
        },
        PartnerCommand::Request(PartnerRequestCommand::CarryOut(command)) => {
            return command.request_id.into();
        }
        PartnerCommand::Application(ApplicationCommand::BeginGrant(command)) => command.user_id,
        PartnerCommand::Network(NetworkCommand::EditSkills(command)) => command.user_id,
        PartnerCommand::Profile(_)
        | PartnerCommand::Application(_)
        | PartnerCommand::Network(_)
        | PartnerCommand::Webhook(_) => return partner.into(),
    };
    user.into()
}

fn target_user(command: &PartnerUserCommand) -> PartnerUserId {
    match command {
        PartnerUserCommand::Add(command) => command.user.user_id,
        PartnerUserCommand::Edit(command) => command.user_id,
        PartnerUserCommand::ResetPassword(command) => command.user_id,
        PartnerUserCommand::Delete(command) => command.user_id,
        PartnerUserCommand::Restore(command) => command.user_id,
        PartnerUserCommand::Purge(command) => command.user_id,
    }
}

fn sign_in_name(state: &PartnerState, user: PartnerUserId) -> Result<events::NameHash, Rejection> {
    let found = state.user(user).map(|user| user.sign_in_name);
    found.ok_or(Rejection::PartnerUserNotFound { user_id: user })
}

async fn claim_sign_in(
    transaction: &mut Transaction<'_>,
    user: PartnerUserId,
    name: events::NameHash,
) -> Result<(), CommandError> {
    transaction.claim(name, ClaimKind::SignInName, Holder(user.as_uuid())).await
}

async fn release_sign_in(
    transaction: &mut Transaction<'_>,
    user: PartnerUserId,
    name: events::NameHash,
) -> Result<(), CommandError> {
    transaction.release(name, ClaimKind::SignInName, Holder(user.as_uuid())).await
}
