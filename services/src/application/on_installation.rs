//! Commands on the installation as a whole, its operators and auditors.

use async_trait::async_trait;
use commands::{Installation, InstallationCommand, NewPerson};
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
        match &self.command {
            InstallationCommand::AddOperator(command) => {
                let account = InstallationAccount::Operator(command.operator_id);
                claim(transaction, account, &command.person).await
            }
            InstallationCommand::AdmitAuditor(command) => {
                let account = InstallationAccount::Auditor(command.auditor_id);
                claim(transaction, account, &command.person).await
            }
            InstallationCommand::RemoveOperator(command) => {
                release(transaction, InstallationAccount::Operator(command.operator_id)).await
            }
            InstallationCommand::DismissAuditor(command) => {
                release(transaction, InstallationAccount::Auditor(command.auditor_id)).await
            }
            InstallationCommand::RecordHealing(_)
            | InstallationCommand::RecordRefusal(_)
            | InstallationCommand::ResetPassword(_)
            | InstallationCommand::SignIn(_)
            | InstallationCommand::SignOut(_)
            | InstallationCommand::ChangePassword(_)
            | InstallationCommand::IssueToken(_)
            | InstallationCommand::RevokeToken(_)
            | InstallationCommand::OpenIncident(_)
            | InstallationCommand::UpdateIncident(_)
            | InstallationCommand::ResolveIncident(_) => Ok(()),
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
    Some(match command {
        InstallationCommand::AddOperator(command) => {
            InstallationAccount::Operator(command.operator_id)
        }
        InstallationCommand::RemoveOperator(command) => {
            InstallationAccount::Operator(command.operator_id)
        }
        InstallationCommand::AdmitAuditor(command) => {
            InstallationAccount::Auditor(command.auditor_id)
        }
        InstallationCommand::DismissAuditor(command) => {
            InstallationAccount::Auditor(command.auditor_id)
        }
        InstallationCommand::ResetPassword(command) => command.account,
        InstallationCommand::SignIn(command) => command.account,
        InstallationCommand::SignOut(command) => command.account,
        InstallationCommand::ChangePassword(command) => command.account,
        InstallationCommand::IssueToken(command) => command.account,
        InstallationCommand::RevokeToken(command) => command.account,
        InstallationCommand::RecordHealing(_)
        | InstallationCommand::RecordRefusal(_)
        | InstallationCommand::OpenIncident(_)
        | InstallationCommand::UpdateIncident(_)
        | InstallationCommand::ResolveIncident(_) => {
            return None;
        }
    })
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
