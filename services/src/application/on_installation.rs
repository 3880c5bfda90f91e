//! Commands on the installation as a whole, its operators and auditors.

use async_trait::async_trait;
use commands::{AccountSignInCommand, Installation, InstallationCommand, NewPerson, PersonCommand};
use events::{ClaimKind, Holder, InstallationAccount, StreamId, SubjectId};

use super::{CommandError, Transaction, UseCase};
use crate::{
    auth::TemporaryPassword,
    keys::{Credential, KeyError},
};

/// A command on the installation.
pub struct OnInstallation {
    command: InstallationCommand,
    credentials: Vec<Credential>,
}

impl OnInstallation {
    /// Takes a command that names no new secret.
    #[must_use]
    pub fn new(command: impl Into<InstallationCommand>) -> Self {
        Self { command: command.into(), credentials: Vec::new() }
    }

    /// Takes a command that names a temporary password.
    ///
    /// # Errors
    /// When the operating system gives no randomness.
    pub fn with_password(
        command: impl Into<InstallationCommand>,
        password: &TemporaryPassword,
    ) -> Result<Self, KeyError> {
        Ok(Self { command: command.into(), credentials: vec![password.credential()?] })
    }

    /// Takes a command that names a secret of its own.
    pub(crate) fn with_credential(
        command: impl Into<InstallationCommand>,
        credential: Credential,
    ) -> Self {
        Self::with_credentials(command, vec![credential])
    }

    /// Takes a command that names secrets of its own.
    pub(crate) fn with_credentials(
        command: impl Into<InstallationCommand>,
        credentials: Vec<Credential>,
    ) -> Self {
        Self { command: command.into(), credentials }
    }

    /// Claims and releases the sign-in names that the command moves.
    async fn move_names(&self, transaction: &mut Transaction<'_>) -> Result<(), CommandError> {
        let InstallationCommand::Person(command) = &self.command else { return Ok(()) };
        match command {
            PersonCommand::AddOperator(command) => {
                let account = InstallationAccount::Operator(command.operator_id);
                claim(transaction, account, &command.person).await
            }
            PersonCommand::AdmitAuditor(command) => {
                let account = InstallationAccount::Auditor(command.auditor_id);
                claim(transaction, account, &command.person).await
            }
            PersonCommand::RemoveOperator(command) => {
                release(transaction, InstallationAccount::Operator(command.operator_id)).await
            }
            PersonCommand::DismissAuditor(command) => {
                release(transaction, InstallationAccount::Auditor(command.auditor_id)).await
            }
            PersonCommand::ResetPassword(_) => Ok(()),
        }
    }
}

#[async_trait]
impl UseCase for OnInstallation {
    fn name(&self) -> &'static str {
        self.command.name()
    }

    fn primary(&self) -> StreamId {
        StreamId::INSTALLATION
    }

    async fn decide(&self, transaction: &mut Transaction<'_>) -> Result<(), CommandError> {
        transaction.authorise_command(&self.command).await?;
        if let Some(account) = target(&self.command) {
            transaction.about(account.into());
        }
        transaction.keep_credentials(&self.credentials);
        transaction.decide::<Installation>(StreamId::INSTALLATION, &self.command).await?;
        self.move_names(transaction).await
    }
}

/// Whom a command is about: the reason for it is sealed under that person.
const fn target(command: &InstallationCommand) -> Option<InstallationAccount> {
    match command {
        InstallationCommand::Person(command) => Some(match command {
            PersonCommand::AddOperator(command) => {
                InstallationAccount::Operator(command.operator_id)
            }
            PersonCommand::RemoveOperator(command) => {
                InstallationAccount::Operator(command.operator_id)
            }
            PersonCommand::AdmitAuditor(command) => {
                InstallationAccount::Auditor(command.auditor_id)
            }
            PersonCommand::DismissAuditor(command) => {
                InstallationAccount::Auditor(command.auditor_id)
            }
            PersonCommand::ResetPassword(command) => command.account,
        }),
        InstallationCommand::SignIn(command) => Some(match command {
            AccountSignInCommand::SignIn(command) => command.account,
            AccountSignInCommand::SignOut(command) => command.account,
            AccountSignInCommand::ChangePassword(command) => command.account,
            AccountSignInCommand::IssueToken(command) => command.account,
            AccountSignInCommand::RevokeToken(command) => command.account,
        }),
        InstallationCommand::Watch(_) | InstallationCommand::Incident(_) => None,
    }
}

async fn claim(
    transaction: &mut Transaction<'_>,
    account: InstallationAccount,
    person: &NewPerson,
) -> Result<(), CommandError> {
    transaction.claim(person.sign_in_name, ClaimKind::SignInName, holder(account)).await
}

async fn release(
    transaction: &mut Transaction<'_>,
    account: InstallationAccount,
) -> Result<(), CommandError> {
    let state = transaction.read::<Installation>(StreamId::INSTALLATION).await?.state;
    let Some(person) = state.people().get(account) else { return Ok(()) };
    transaction.release(person.sign_in_name, ClaimKind::SignInName, holder(account)).await
}

fn holder(account: InstallationAccount) -> Holder {
    Holder(SubjectId::from(account).as_uuid())
}
