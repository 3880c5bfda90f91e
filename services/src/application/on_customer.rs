//! Commands on a customer: its account, subscriptions, users and licences.

mod facts;

use async_trait::async_trait;
use commands::{
    ChangeRenewal, ChangeSubscription, ConvertTrial, Customer, CustomerAccountCommand,
    CustomerCommand, CustomerSignInCommand, CustomerUserCommand, DirectoryRoleCommand,
    LicenseCommand, Permission, Rejection, Relationship, Requires, SubscriptionCommand,
    UpgradeSubscription,
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
        matches!(self.command, CustomerCommand::Account(CustomerAccountCommand::Create(_)))
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
                CustomerCommand::Request(_),
            ) => {
                transaction.authorise(permission).await?;
                self.authorise_reinstatement(transaction, partner).await
            }
            (
                Some(permission),
                Principal::PartnerUser { .. } | Principal::Application { .. },
                CustomerCommand::Subscription(
                    SubscriptionCommand::Change(ChangeSubscription { subscription_id, .. })
                    | SubscriptionCommand::Upgrade(UpgradeSubscription { subscription_id, .. })
                    | SubscriptionCommand::ChangeRenewal(ChangeRenewal { subscription_id, .. })
                    | SubscriptionCommand::ConvertTrial(ConvertTrial { subscription_id, .. }),
                ),
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
fn new_domain(command: &CustomerCommand) -> Option<&DomainName> {
    let CustomerCommand::Account(command) = command else { return None };
    match command {
        CustomerAccountCommand::Create(command) => Some(&command.domain),
        CustomerAccountCommand::AddDomain(command) => Some(&command.domain),
        CustomerAccountCommand::EditDetails(_) | CustomerAccountCommand::Qualify(_) => None,
    }
}

/// The one user a command is about, if it is one: the reason is sealed under that person.
fn target(command: &CustomerCommand) -> Option<CustomerUserId> {
    match command {
        CustomerCommand::User(command) => match command {
            CustomerUserCommand::Create(_) => None,
            CustomerUserCommand::Edit(command) => Some(command.user_id),
            CustomerUserCommand::ResetPassword(command) => Some(command.user_id),
            CustomerUserCommand::Delete(command) => only(&command.user_ids),
            CustomerUserCommand::Restore(command) => Some(command.user_id),
            CustomerUserCommand::Purge(command) => Some(command.user_id),
        },
        CustomerCommand::License(LicenseCommand::Update(command)) => only(&command.user_ids),
        CustomerCommand::DirectoryRole(command) => match command {
            DirectoryRoleCommand::Grant(command) => Some(command.user_id),
            DirectoryRoleCommand::Revoke(command) => Some(command.user_id),
        },
        CustomerCommand::SignIn(command) => match command {
            CustomerSignInCommand::SignIn(command) => Some(command.user_id),
            CustomerSignInCommand::SignOut(command) => Some(command.user_id),
            CustomerSignInCommand::ChangePassword(command) => Some(command.user_id),
            CustomerSignInCommand::IssueToken(command) => Some(command.user_id),
            CustomerSignInCommand::RevokeToken(command) => Some(command.user_id),
        },
        CustomerCommand::Account(_)
        | CustomerCommand::Relationship(_)
        | CustomerCommand::Request(_)
        | CustomerCommand::Cart(_)
        | CustomerCommand::Order(_)
        | CustomerCommand::Subscription(_)
        | CustomerCommand::SupportContact(_)
        | CustomerCommand::Device(_)
        | CustomerCommand::Agreement(_) => None,
    }
}

const fn only(users: &[CustomerUserId]) -> Option<CustomerUserId> {
    if let [user] = users { Some(*user) } else { None }
}
