//! Commands on a customer: its account, subscriptions, users and licences.

mod facts;

use async_trait::async_trait;
use commands::{
    ChangeRenewal, ChangeSubscription, ConvertTrial, Customer, CustomerCommand, Permission,
    Rejection, Relationship, Requires, UpgradeSubscription,
};
use events::{
    ClaimKind, CustomerId, CustomerUserId, DomainName, Holder, PartnerId, StreamId, SubjectId,
};

use super::{CommandError, Principal, Transaction, UseCase};
use crate::{
    auth::TemporaryPassword,
    keys::{Credential, KeyError},
};

/// A command on one customer.
pub struct OnCustomer {
    customer: CustomerId,
    command: CustomerCommand,
    then: Vec<CustomerCommand>,
    credentials: Vec<Credential>,
}

impl OnCustomer {
    /// Takes a command that names no new secret.
    #[must_use]
    pub fn new(customer: CustomerId, command: impl Into<CustomerCommand>) -> Self {
        Self { customer, command: command.into(), then: Vec::new(), credentials: Vec::new() }
    }

    /// Takes a command that names temporary passwords.
    ///
    /// # Errors
    /// When the operating system gives no randomness.
    pub fn with_passwords<'a>(
        customer: CustomerId,
        command: impl Into<CustomerCommand>,
        passwords: impl IntoIterator<Item = &'a TemporaryPassword>,
    ) -> Result<Self, KeyError> {
        let credentials = passwords.into_iter().map(TemporaryPassword::credential);
        let credentials = credentials.collect::<Result<_, _>>()?;
        Ok(Self { customer, command: command.into(), then: Vec::new(), credentials })
    }

    /// Takes a command that names a secret of its own.
    pub(crate) fn with_credential(
        customer: CustomerId,
        command: impl Into<CustomerCommand>,
        credential: Credential,
    ) -> Self {
        Self::with_credentials(customer, command, vec![credential])
    }

    /// Takes a command that names secrets of its own.
    pub(crate) fn with_credentials(
        customer: CustomerId,
        command: impl Into<CustomerCommand>,
        credentials: Vec<Credential>,
    ) -> Self {
        Self { customer, command: command.into(), then: Vec::new(), credentials }
    }

    /// Adds a further command: it sees what those before it decided, and all are recorded or none.
    #[must_use]
    pub fn and(mut self, command: impl Into<CustomerCommand>) -> Self {
        self.then.push(command.into());
        self
    }

    /// What is asked of a customer that the same commit creates is asked of one's own customer.
    const fn is_creation(&self) -> bool {
        matches!(self.command, CustomerCommand::Create(_))
    }

    async fn authorise(
        &self,
        transaction: &mut Transaction<'_>,
        command: &CustomerCommand,
    ) -> Result<(), CommandError> {
        let principal = transaction.call.principal;
        if let Principal::CustomerUser { .. } = principal {
            let permission = command.company_permission();
            let permission = permission.ok_or(Rejection::ActorNotAllowed)?;
            return transaction.authorise_in_company(self.customer, permission).await.map(|_| ());
        }
        match (command.permission(&principal.actor()), principal, command) {
            (
                Some(permission),
                Principal::PartnerUser { .. } | Principal::Application { .. },
                _,
            ) if self.is_creation() => transaction.authorise(permission).await.map(|_| ()),
            (
                Some(permission),
                Principal::PartnerUser { partner, .. } | Principal::Application { partner, .. },
                CustomerCommand::RequestRelationship(_)
                | CustomerCommand::EditRelationshipDraft(_)
                | CustomerCommand::SendRequestLetter(_)
                | CustomerCommand::WithdrawRequest(_),
            ) => {
                transaction.authorise(permission).await?;
                self.authorise_reinstatement(transaction, partner).await
            }
            (
                Some(permission),
                Principal::PartnerUser { .. } | Principal::Application { .. },
                CustomerCommand::ChangeSubscription(ChangeSubscription { subscription_id, .. })
                | CustomerCommand::UpgradeSubscription(UpgradeSubscription {
                    subscription_id, ..
                })
                | CustomerCommand::ChangeRenewal(ChangeRenewal { subscription_id, .. })
                | CustomerCommand::ConvertTrial(ConvertTrial { subscription_id, .. }),
            ) => {
                let id = *subscription_id;
                transaction.authorise_for_subscription(self.customer, id, permission).await
            }
            (
                Some(permission),
                Principal::PartnerUser { .. } | Principal::Application { .. },
                _,
            ) => transaction.authorise_for_customer(self.customer, permission).await.map(|_| ()),
            _ => transaction.authorise_command(command).await,
        }
    }

    /// To ask for a relationship that was ended takes the permission to reinstate it.
    async fn authorise_reinstatement(
        &self,
        transaction: &mut Transaction<'_>,
        partner: PartnerId,
    ) -> Result<(), CommandError> {
        let state = transaction.read::<Customer>(self.customer).await?.state;
        if state.relationship(partner) == Some(Relationship::Ended) {
            transaction.authorise(Permission::RelationshipsReinstate).await?;
        }
        Ok(())
    }
}

#[async_trait]
impl UseCase for OnCustomer {
    fn name(&self) -> &'static str {
        self.command.name()
    }

    fn primary(&self) -> StreamId {
        self.customer.into()
    }

    async fn decide(&self, transaction: &mut Transaction<'_>) -> Result<(), CommandError> {
        for command in std::iter::once(&self.command).chain(&self.then) {
            self.authorise(transaction, command).await?;
            facts::learn(transaction, self.customer, command).await?;
        }
        transaction
            .about(target(&self.command).map_or_else(|| self.customer.into(), SubjectId::from));
        transaction.keep_credentials(&self.credentials);
        transaction.decide::<Customer>(self.customer, &self.command).await?;
        for then in &self.then {
            transaction.decide::<Customer>(self.customer, then).await?;
        }
        if let Some(domain) = new_domain(&self.command) {
            let domain = domain.as_str();
            let name = transaction.application.keys.name_hash(ClaimKind::Domain, domain);
            transaction.claim(name, ClaimKind::Domain, Holder(self.customer.as_uuid())).await?;
        }
        Ok(())
    }
}

/// The domain that a command gives to the customer.
const fn new_domain(command: &CustomerCommand) -> Option<&DomainName> {
    match command {
        CustomerCommand::Create(command) => Some(&command.domain),
        CustomerCommand::AddDomain(command) => Some(&command.domain),
        _ => None,
    }
}

/// The one user a command is about, if it is one: the reason is sealed under that person.
const fn target(command: &CustomerCommand) -> Option<CustomerUserId> {
    match command {
        CustomerCommand::EditUser(command) => Some(command.user_id),
        CustomerCommand::ResetPassword(command) => Some(command.user_id),
        CustomerCommand::RestoreUser(command) => Some(command.user_id),
        CustomerCommand::PurgeUser(command) => Some(command.user_id),
        CustomerCommand::GrantDirectoryRole(command) => Some(command.user_id),
        CustomerCommand::RevokeDirectoryRole(command) => Some(command.user_id),
        CustomerCommand::SignIn(command) => Some(command.user_id),
        CustomerCommand::SignOut(command) => Some(command.user_id),
        CustomerCommand::ChangePassword(command) => Some(command.user_id),
        CustomerCommand::IssueToken(command) => Some(command.user_id),
        CustomerCommand::RevokeToken(command) => Some(command.user_id),
        CustomerCommand::DeleteUsers(command) => only(command.user_ids.as_slice()),
        CustomerCommand::UpdateLicenses(command) => only(command.user_ids.as_slice()),
        CustomerCommand::Create(_)
        | CustomerCommand::Devices(_)
        | CustomerCommand::ConfirmAgreement(_)
        | CustomerCommand::AddDomain(_)
        | CustomerCommand::Qualify(_)
        | CustomerCommand::EditDetails(_)
        | CustomerCommand::EndRelationship(_)
        | CustomerCommand::RequestRelationship(_)
        | CustomerCommand::EditRelationshipDraft(_)
        | CustomerCommand::SendRequestLetter(_)
        | CustomerCommand::RecordRequestSending(_)
        | CustomerCommand::WithdrawRequest(_)
        | CustomerCommand::AcceptRequest(_)
        | CustomerCommand::DeclineRequest(_)
        | CustomerCommand::ExpireRequest(_)
        | CustomerCommand::EnterRelationship(_)
        | CustomerCommand::SignUp(_)
        | CustomerCommand::EndDelegatedAdmin(_)
        | CustomerCommand::PermitOwnPurchases(_)
        | CustomerCommand::ForbidOwnPurchases(_)
        | CustomerCommand::AssociateReseller(_)
        | CustomerCommand::RemoveReseller(_)
        | CustomerCommand::SubmitOrder(_)
        | CustomerCommand::ChangeOrder(_)
        | CustomerCommand::ChangeSubscription(_)
        | CustomerCommand::ChangeRenewal(_)
        | CustomerCommand::EndSubscription(_)
        | CustomerCommand::UpgradeSubscription(_)
        | CustomerCommand::ConvertTrial(_)
        | CustomerCommand::OpenCart(_)
        | CustomerCommand::ChangeCart(_)
        | CustomerCommand::ReviewCart(_)
        | CustomerCommand::CheckOutCart(_)
        | CustomerCommand::CancelCart(_)
        | CustomerCommand::ExpireCart(_)
        | CustomerCommand::ChangeResellerOfRecord(_)
        | CustomerCommand::ChangeSupportContact(_)
        | CustomerCommand::FallBackSupportContacts(_)
        | CustomerCommand::CreateUsers(_) => None,
    }
}

const fn only(users: &[CustomerUserId]) -> Option<CustomerUserId> {
    if let [user] = users { Some(*user) } else { None }
}
