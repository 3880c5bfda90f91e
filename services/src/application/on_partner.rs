//! Commands on a partner, its users, their roles and tokens.

use async_trait::async_trait;
use commands::{NetworkCommand, Partner, PartnerCommand, PartnerState, Rejection};
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
        let state = transaction.read::<Partner>(self.partner).await?.state;
        match &self.command {
            PartnerCommand::Register(command) => {
                let mpn_id = command.mpn_id.as_str();
                let name = transaction.application.keys.name_hash(ClaimKind::MpnId, mpn_id);
                let holder = Holder(self.partner.as_uuid());
                transaction.claim(name, ClaimKind::MpnId, holder).await?;
                let admin = &command.admin;
                claim_sign_in(transaction, admin.user_id, admin.sign_in_name).await
            }
            PartnerCommand::AddUser(command) => {
                claim_sign_in(transaction, command.user.user_id, command.user.sign_in_name).await
            }
            PartnerCommand::EditUser(command) => {
                let old = sign_in_name(&state, command.user_id)?;
                if old == command.sign_in_name {
                    return Ok(());
                }
                release_sign_in(transaction, command.user_id, old).await?;
                claim_sign_in(transaction, command.user_id, command.sign_in_name).await
            }
            PartnerCommand::DeleteUser(command) => {
                let name = sign_in_name(&state, command.user_id)?;
                release_sign_in(transaction, command.user_id, name).await
            }
            PartnerCommand::RestoreUser(command) => {
                let name = match &command.renamed {
                    Some(renamed) => renamed.sign_in_name,
                    None => sign_in_name(&state, command.user_id)?,
                };
                claim_sign_in(transaction, command.user_id, name).await
            }
            PartnerCommand::ResetPassword(_)
            | PartnerCommand::PurgeUser(_)
            | PartnerCommand::AssignRole(_)
            | PartnerCommand::RevokeRole(_)
            | PartnerCommand::IssueToken(_)
            | PartnerCommand::RevokeToken(_)
            | PartnerCommand::CarryOut(_)
            | PartnerCommand::EditProfile(_)
            | PartnerCommand::Network(_)
            | PartnerCommand::Webhook(_)
            | PartnerCommand::SignIn(_)
            | PartnerCommand::SignOut(_)
            | PartnerCommand::ChangePassword(_)
            | PartnerCommand::RegisterApplication(_)
            | PartnerCommand::AddApplicationSecret(_)
            | PartnerCommand::RemoveApplicationSecret(_)
            | PartnerCommand::RevokeApplication(_)
            | PartnerCommand::SignInApplication(_)
            | PartnerCommand::BeginApplicationGrant(_)
            | PartnerCommand::RenewApplicationGrant(_) => Ok(()),
        }
    }
}

#[async_trait]
impl UseCase for OnPartner {
    fn name(&self) -> &'static str {
        match &self.command {
            PartnerCommand::Network(command) => command.name(),
            PartnerCommand::Webhook(command) => command.name(),
            command => command.name(),
        }
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
        PartnerCommand::CarryOut(command) => return command.request_id.into(),
        PartnerCommand::Network(NetworkCommand::EditSkills(command)) => command.user_id,
        PartnerCommand::EditProfile(_)
        | PartnerCommand::Network(_)
        | PartnerCommand::Webhook(_)
        | PartnerCommand::RegisterApplication(_)
        | PartnerCommand::AddApplicationSecret(_)
        | PartnerCommand::RemoveApplicationSecret(_)
        | PartnerCommand::RevokeApplication(_)
        | PartnerCommand::SignInApplication(_)
        | PartnerCommand::RenewApplicationGrant(_) => return partner.into(),
        PartnerCommand::BeginApplicationGrant(command) => command.user_id,
        PartnerCommand::Register(command) => command.admin.user_id,
        PartnerCommand::AddUser(command) => command.user.user_id,
        PartnerCommand::EditUser(command) => command.user_id,
        PartnerCommand::ResetPassword(command) => command.user_id,
        PartnerCommand::DeleteUser(command) => command.user_id,
        PartnerCommand::RestoreUser(command) => command.user_id,
        PartnerCommand::PurgeUser(command) => command.user_id,
        PartnerCommand::AssignRole(command) => command.user_id,
        PartnerCommand::RevokeRole(command) => command.user_id,
        PartnerCommand::IssueToken(command) => command.user_id,
        PartnerCommand::RevokeToken(command) => command.user_id,
        PartnerCommand::SignIn(command) => command.user_id,
        PartnerCommand::SignOut(command) => command.user_id,
        PartnerCommand::ChangePassword(command) => command.user_id,
    };
    user.into()
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
