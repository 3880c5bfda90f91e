//! Commands on a customer: its account, subscriptions, users and licences.

use async_trait::async_trait;
use commands::{
    Customer, CustomerCommand, NameClaim, Permission, Rejection, Relationship, Requires,
};
use events::{
    ClaimKind, CustomerId, CustomerUserId, Holder, MpnId, PartnerId, StreamId, SubjectId,
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
    credentials: Vec<Credential>,
}

impl OnCustomer {
    /// Takes a command that names no new secret.
    #[must_use]
    pub fn new(customer: CustomerId, command: impl Into<CustomerCommand>) -> Self {
        Self { customer, command: command.into(), credentials: Vec::new() }
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
        Ok(Self { customer, command: command.into(), credentials })
    }

    async fn authorise(&self, transaction: &mut Transaction<'_>) -> Result<(), CommandError> {
        let principal = transaction.call.principal;
        if let Principal::CustomerUser { .. } = principal {
            let permission = self.command.company_permission();
            let permission = permission.ok_or(Rejection::ActorNotAllowed)?;
            return transaction.authorise_in_company(self.customer, permission).await.map(|_| ());
        }
        match (self.command.permission(&principal.actor()), principal, &self.command) {
            (Some(permission), Principal::PartnerUser { .. }, CustomerCommand::Create(_)) => {
                transaction.authorise(permission).await.map(|_| ())
            }
            (
                Some(permission),
                Principal::PartnerUser { partner, .. },
                CustomerCommand::RequestRelationship(_)
                | CustomerCommand::EditRelationshipDraft(_)
                | CustomerCommand::WithdrawRequest(_),
            ) => {
                transaction.authorise(permission).await?;
                self.authorise_reinstatement(transaction, partner).await
            }
            (Some(permission), Principal::PartnerUser { .. }, _) => {
                transaction.authorise_for_customer(self.customer, permission).await.map(|_| ())
            }
            _ => transaction.authorise_command(&self.command).await,
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

    /// Gathers what the decision needs to know about resellers.
    async fn learn(&self, transaction: &mut Transaction<'_>) -> Result<(), CommandError> {
        match &self.command {
            CustomerCommand::Create(command) => match command.reseller {
                Some(reseller) => transaction.learn_partnership(command.partner_id, reseller).await,
                None => Ok(()),
            },
            CustomerCommand::AssociateReseller(command) => {
                transaction.learn_partnership(command.provider, command.reseller).await
            }
            CustomerCommand::SubmitOrder(command) => {
                let on_record =
                    command.lines.iter().filter_map(|line| line.partner_on_record.as_ref());
                for mpn_id in on_record {
                    if let Some(reseller) = partner_with_mpn_id(transaction, mpn_id).await? {
                        transaction.learn_partnership(command.partner_id, reseller).await?;
                    }
                }
                Ok(())
            }
            CustomerCommand::EditDetails(_)
            | CustomerCommand::EndRelationship(_)
            | CustomerCommand::RequestRelationship(_)
            | CustomerCommand::EditRelationshipDraft(_)
            | CustomerCommand::WithdrawRequest(_)
            | CustomerCommand::AcceptRequest(_)
            | CustomerCommand::DeclineRequest(_)
            | CustomerCommand::ExpireRequest(_)
            | CustomerCommand::EnterRelationship(_)
            | CustomerCommand::SignUp(_)
            | CustomerCommand::EndDelegatedAdmin(_)
            | CustomerCommand::PermitOwnPurchases(_)
            | CustomerCommand::ForbidOwnPurchases(_)
            | CustomerCommand::RemoveReseller(_)
            | CustomerCommand::ChangeSubscription(_)
            | CustomerCommand::CreateUsers(_)
            | CustomerCommand::EditUser(_)
            | CustomerCommand::ResetPassword(_)
            | CustomerCommand::DeleteUsers(_)
            | CustomerCommand::RestoreUser(_)
            | CustomerCommand::PurgeUser(_)
            | CustomerCommand::UpdateLicenses(_)
            | CustomerCommand::Devices(_)
            | CustomerCommand::ConfirmAgreement(_)
            | CustomerCommand::GrantDirectoryRole(_)
            | CustomerCommand::RevokeDirectoryRole(_) => Ok(()),
        }
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
        self.authorise(transaction).await?;
        self.learn(transaction).await?;
        transaction
            .about(target(&self.command).map_or_else(|| self.customer.into(), SubjectId::from));
        transaction.keep_credentials(&self.credentials);
        transaction.decide::<Customer>(self.customer, &self.command).await?;
        if let CustomerCommand::Create(command) = &self.command {
            let domain = command.domain.as_str();
            let name = transaction.application.keys.name_hash(ClaimKind::Domain, domain);
            transaction.claim(name, ClaimKind::Domain, Holder(self.customer.as_uuid())).await?;
        }
        Ok(())
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
        CustomerCommand::DeleteUsers(command) => only(command.user_ids.as_slice()),
        CustomerCommand::UpdateLicenses(command) => only(command.user_ids.as_slice()),
        CustomerCommand::Create(_)
        | CustomerCommand::Devices(_)
        | CustomerCommand::ConfirmAgreement(_)
        | CustomerCommand::EditDetails(_)
        | CustomerCommand::EndRelationship(_)
        | CustomerCommand::RequestRelationship(_)
        | CustomerCommand::EditRelationshipDraft(_)
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
        | CustomerCommand::ChangeSubscription(_)
        | CustomerCommand::CreateUsers(_) => None,
    }
}

const fn only(users: &[CustomerUserId]) -> Option<CustomerUserId> {
    if let [user] = users { Some(*user) } else { None }
}

/// The partner that holds an MPN id, by the claim on it.
async fn partner_with_mpn_id(
    transaction: &mut Transaction<'_>,
    mpn_id: &MpnId,
) -> Result<Option<PartnerId>, CommandError> {
    let name = transaction.application.keys.name_hash(ClaimKind::MpnId, mpn_id.as_str());
    let claim = transaction.check::<NameClaim>(name).await?;
    Ok(claim.holder().map(|holder| PartnerId::from_uuid(holder.0)))
}
