//! Commands on a lead, and the one that turns it into a customer.

use async_trait::async_trait;
use commands::{ConvertLead, Lead, LeadCommand, Permission, Rejection};
use events::{CustomerId, LeadId, PartnerId, StreamId, Tenant};

use super::{
    Application, Call, CommandError, CustomerToCreate, Issued, OnCustomer, Transaction, UseCase,
};

/// A command on one lead.
pub struct OnLead {
    lead: LeadId,
    command: LeadCommand,
}

impl OnLead {
    /// Takes a command.
    #[must_use]
    pub fn new(lead: LeadId, command: impl Into<LeadCommand>) -> Self {
        Self { lead, command: command.into() }
    }
}

#[async_trait]
impl UseCase for OnLead {
    fn name(&self) -> &'static str {
        self.command.name()
    }

    fn primary(&self) -> StreamId {
        self.lead.into()
    }

    async fn decide(&self, transaction: &mut Transaction<'_>) -> Result<(), CommandError> {
        transaction.authorise_command(&self.command).await?;
        match &self.command {
            LeadCommand::Refer(command) => {
                transaction.learn_partnership(command.provider, command.reseller).await?;
            }
            LeadCommand::Accept(_) | LeadCommand::Convert(_) => {
                transaction.learn_lead(self.lead).await?;
            }
            LeadCommand::Decline(_) | LeadCommand::Withdraw(_) => {}
        }
        transaction.about(self.lead.into());
        transaction.decide::<Lead>(self.lead, &self.command).await
    }
}

/// Creates the customer that an accepted lead becomes: both or neither.
pub struct TurnLead {
    /// The lead.
    pub lead: LeadId,
    /// The provider who referred it.
    pub provider: PartnerId,
    /// What becomes of the lead.
    pub conversion: ConvertLead,
    /// The customer.
    pub creation: OnCustomer,
}

#[async_trait]
impl UseCase for TurnLead {
    fn name(&self) -> &'static str {
        "TurnLeadIntoCustomer"
    }

    fn primary(&self) -> StreamId {
        self.lead.into()
    }

    async fn decide(&self, transaction: &mut Transaction<'_>) -> Result<(), CommandError> {
        transaction.authorise(Permission::LeadsManage).await?;
        transaction.learn_lead(self.lead).await?;
        transaction.decide::<Lead>(self.lead, &self.conversion.into()).await?;
        self.creation.decide(transaction).await?;
        transaction.on_behalf_of = Some(Tenant::Partner(self.provider));
        Ok(())
    }
}

impl Application {
    /// Turns an accepted lead into a customer of the provider who referred it, with the caller's
    /// partner as its associated reseller.
    ///
    /// # Errors
    /// When a rule says no, or something cannot be read or written.
    pub async fn turn_lead_into_customer(
        &self,
        call: &Call,
        reseller: PartnerId,
        lead: LeadId,
        wanted: CustomerToCreate,
    ) -> Result<Issued<CustomerId>, CommandError> {
        self.allow(call.principal, Permission::LeadsManage).await?;
        let state = self.aggregates.load::<Lead>(lead.into()).await?.state;
        let referral = state.referral().filter(|referral| referral.reseller == reseller);
        let provider = referral.ok_or(Rejection::LeadNotFound)?.provider;
        let wanted = CustomerToCreate { reseller: Some(reseller), ..wanted };
        self.open_account(call, provider, wanted, |customer_id, creation| {
            let conversion = ConvertLead { reseller, customer_id };
            TurnLead { lead, provider, conversion, creation }
        })
        .await
    }
}
