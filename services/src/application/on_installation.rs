//! Commands on the installation as a whole.

use async_trait::async_trait;
use commands::{Installation, InstallationCommand};
use events::StreamId;

use super::{CommandError, Transaction, UseCase};

/// A command on the installation.
pub struct OnInstallation {
    command: InstallationCommand,
}

impl OnInstallation {
    /// Takes a command.
    #[must_use]
    pub fn new(command: impl Into<InstallationCommand>) -> Self {
        Self { command: command.into() }
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
        transaction.decide::<Installation>(StreamId::INSTALLATION, &self.command).await
    }
}
