//! Commands on a partnership.

use async_trait::async_trait;
use commands::{Partnership, PartnershipCommand};
use events::{ClaimKind, Holder, InvitationId, PartnerId, PartnershipId, StreamId};

use super::{CommandError, Transaction, UseCase};

/// A command on one partnership.
pub struct OnPartnership {
    partnership: PartnershipId,
    command: PartnershipCommand,
}

impl OnPartnership {
    /// Takes a command.
    #[must_use]
    pub fn new(partnership: PartnershipId, command: impl Into<PartnershipCommand>) -> Self {
        Self { partnership, command: command.into() }
    }

    /// Gathers what the decision needs to know about the two companies.
    async fn learn(&self, transaction: &mut Transaction<'_>) -> Result<(), CommandError> {
        match &self.command {
            PartnershipCommand::Request(command) => {
                transaction.learn_partner(command.provider).await
            }
            PartnershipCommand::Accept(command) => {
                transaction.learn_partner(command.reseller).await?;
                match self.provider(transaction).await? {
                    Some(provider) => {
                        transaction.learn_partnership(provider, command.reseller).await
                    }
                    None => Ok(()),
                }
            }
            PartnershipCommand::Decline(command) => {
                transaction.learn_partner(command.reseller).await
            }
            PartnershipCommand::Withdraw(_)
            | PartnershipCommand::End(_)
            | PartnershipCommand::EditInvitation(_)
            | PartnershipCommand::SendInvitation(_)
            | PartnershipCommand::RecordSending(_)
            | PartnershipCommand::Expire(_) => Ok(()),
        }
    }

    async fn provider(
        &self,
        transaction: &Transaction<'_>,
    ) -> Result<Option<PartnerId>, CommandError> {
        let state = transaction.read::<Partnership>(self.partnership).await?.state;
        Ok(state.bond().map(|bond| bond.provider))
    }

    /// The invitation a partnership begins with: reasons are sealed under whom it addresses.
    async fn invitation(
        &self,
        transaction: &Transaction<'_>,
    ) -> Result<Option<InvitationId>, CommandError> {
        match &self.command {
            PartnershipCommand::Request(command) => Ok(Some(command.invitation_id)),
            PartnershipCommand::Accept(_)
            | PartnershipCommand::Decline(_)
            | PartnershipCommand::Withdraw(_)
            | PartnershipCommand::End(_)
            | PartnershipCommand::EditInvitation(_)
            | PartnershipCommand::SendInvitation(_)
            | PartnershipCommand::RecordSending(_)
            | PartnershipCommand::Expire(_) => {
                let state = transaction.read::<Partnership>(self.partnership).await?.state;
                Ok(state.bond().map(|bond| bond.invitation_id))
            }
        }
    }

    /// An active partnership holds the claim on its pair: two requests cannot both be accepted.
    async fn move_claim(&self, transaction: &mut Transaction<'_>) -> Result<(), CommandError> {
        let state = transaction.read::<Partnership>(self.partnership).await?.state;
        let Some(bond) = state.bond() else { return Ok(()) };
        let holder = Holder(self.partnership.as_uuid());
        match (&self.command, bond.reseller) {
            (PartnershipCommand::Accept(command), _) => {
                let pair = transaction.application.pair_claim(bond.provider, command.reseller);
                transaction.claim(pair, ClaimKind::PartnershipPair, holder).await
            }
            (PartnershipCommand::End(_), Some(reseller)) => {
                let pair = transaction.application.pair_claim(bond.provider, reseller);
                transaction.release(pair, ClaimKind::PartnershipPair, holder).await
            }
            (
                PartnershipCommand::End(_)
                | PartnershipCommand::Request(_)
                | PartnershipCommand::Decline(_)
                | PartnershipCommand::Withdraw(_)
                | PartnershipCommand::EditInvitation(_)
                | PartnershipCommand::SendInvitation(_)
                | PartnershipCommand::RecordSending(_)
                | PartnershipCommand::Expire(_),
                _,
            ) => Ok(()),
        }
    }
}

#[async_trait]
impl UseCase for OnPartnership {
    fn name(&self) -> &'static str {
        self.command.name()
    }

    fn primary(&self) -> StreamId {
        self.partnership.into()
    }

    async fn decide(&self, transaction: &mut Transaction<'_>) -> Result<(), CommandError> {
        transaction.authorise_command(&self.command).await?;
        self.learn(transaction).await?;
        if let Some(invitation) = self.invitation(transaction).await? {
            transaction.about(invitation.into());
        }
        transaction.decide::<Partnership>(self.partnership, &self.command).await?;
        self.move_claim(transaction).await
    }
}
