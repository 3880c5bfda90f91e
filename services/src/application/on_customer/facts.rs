//! What decisions on a customer need to know from other streams: who is a partner of whom.

use commands::{
    CartCommand, Customer, CustomerAccountCommand, CustomerCommand, NameClaim, OrderCommand,
    RelationshipCommand, RelationshipRequestCommand, SubscriptionCommand, SupportContactCommand,
};
use events::{CartId, ClaimKind, CustomerId, MpnId, PartnerId};

use crate::application::{CommandError, Transaction};

/// Gathers what the decision needs to know about resellers.
pub(super) async fn learn(
    transaction: &mut Transaction<'_>,
    customer: CustomerId,
    command: &CustomerCommand,
) -> Result<(), CommandError> {
    match command {
        CustomerCommand::Account(command) => account(transaction, command).await,
        CustomerCommand::Relationship(command) => relationship(transaction, command).await,
        CustomerCommand::Request(command) => request(transaction, command).await,
        CustomerCommand::Cart(command) => cart(transaction, customer, command).await,
        CustomerCommand::Order(command) => order(transaction, customer, command).await,
        CustomerCommand::Subscription(command) => {
            subscription(transaction, customer, command).await
        }
        CustomerCommand::SupportContact(command) => {
            support_contact(transaction, customer, command).await
        }
        CustomerCommand::User(_)
        | CustomerCommand::License(_)
        | CustomerCommand::DirectoryRole(_)
        | CustomerCommand::SignIn(_)
        | CustomerCommand::Device(_)
        | CustomerCommand::Agreement(_) => Ok(()),
    }
}

async fn account(
    transaction: &mut Transaction<'_>,
    command: &CustomerAccountCommand,
) -> Result<(), CommandError> {
    match command {
        CustomerAccountCommand::Create(command) => {
            transaction.learn_partner(command.partner_id).await?;
            match command.reseller {
                Some(reseller) => transaction.learn_partnership(command.partner_id, reseller).await,
                None => Ok(()),
            }
        }
        CustomerAccountCommand::EditDetails(_)
        | CustomerAccountCommand::AddDomain(_)
        | CustomerAccountCommand::Qualify(_) => Ok(()),
    }
}

async fn relationship(
    transaction: &mut Transaction<'_>,
    command: &RelationshipCommand,
) -> Result<(), CommandError> {
    match command {
        RelationshipCommand::AssociateReseller(command) => {
            transaction.learn_partnership(command.provider, command.reseller).await
        }
        RelationshipCommand::End(_)
        | RelationshipCommand::RemoveReseller(_)
        | RelationshipCommand::EndDelegatedAdmin(_)
        | RelationshipCommand::PermitOwnPurchases(_)
        | RelationshipCommand::ForbidOwnPurchases(_) => Ok(()),
    }
}

async fn request(
    transaction: &mut Transaction<'_>,
    command: &RelationshipRequestCommand,
) -> Result<(), CommandError> {
    match command {
        RelationshipRequestCommand::Request(command) => {
            transaction.learn_partner(command.partner_id).await
        }
        RelationshipRequestCommand::EditDraft(_)
        | RelationshipRequestCommand::SendLetter(_)
        | RelationshipRequestCommand::RecordSending(_)
        | RelationshipRequestCommand::Withdraw(_)
        | RelationshipRequestCommand::Accept(_)
        | RelationshipRequestCommand::Decline(_)
        | RelationshipRequestCommand::Expire(_)
        | RelationshipRequestCommand::Enter(_)
        | RelationshipRequestCommand::SignUp(_) => Ok(()),
    }
}

async fn cart(
    transaction: &mut Transaction<'_>,
    customer: CustomerId,
    command: &CartCommand,
) -> Result<(), CommandError> {
    match command {
        CartCommand::Open(command) => {
            let named = command.lines.iter().filter_map(|line| line.partner_on_record.clone());
            resellers(transaction, command.partner_id, named.collect()).await
        }
        CartCommand::Change(command) => {
            let state = transaction.read::<Customer>(customer).await?.state;
            let Some((seller, _)) = state.cart_parties(command.cart_id) else { return Ok(()) };
            let named = command.lines.iter().filter_map(|line| line.partner_on_record.clone());
            resellers(transaction, seller, named.collect()).await
        }
        CartCommand::Review(command) => of_cart(transaction, customer, command.cart_id).await,
        CartCommand::CheckOut(command) => of_cart(transaction, customer, command.cart_id).await,
        CartCommand::Cancel(_) | CartCommand::Expire(_) => Ok(()),
    }
}

async fn order(
    transaction: &mut Transaction<'_>,
    customer: CustomerId,
    command: &OrderCommand,
) -> Result<(), CommandError> {
    match command {
        OrderCommand::Submit(command) => {
            let named = command.lines.iter().filter_map(|line| line.partner_on_record.clone());
            resellers(transaction, command.partner_id, named.collect()).await
        }
        OrderCommand::Change(command) => {
            let state = transaction.read::<Customer>(customer).await?.state;
            let held = state.subscriptions_of(command.order_id).next();
            let Some(seller) = held.map(|(_, held)| held.partner_id) else { return Ok(()) };
            let named = command.lines.iter().filter_map(|line| line.partner_on_record.clone());
            resellers(transaction, seller, named.collect()).await
        }
    }
}

async fn subscription(
    transaction: &mut Transaction<'_>,
    customer: CustomerId,
    command: &SubscriptionCommand,
) -> Result<(), CommandError> {
    match command {
        SubscriptionCommand::ChangeResellerOfRecord(command) => {
            let state = transaction.read::<Customer>(customer).await?.state;
            let Some(held) = state.subscription(command.subscription_id) else { return Ok(()) };
            resellers(transaction, held.partner_id, command.mpn_id.iter().cloned().collect()).await
        }
        SubscriptionCommand::Change(_)
        | SubscriptionCommand::ChangeRenewal(_)
        | SubscriptionCommand::End(_)
        | SubscriptionCommand::Upgrade(_)
        | SubscriptionCommand::ConvertTrial(_) => Ok(()),
    }
}

async fn support_contact(
    transaction: &mut Transaction<'_>,
    customer: CustomerId,
    command: &SupportContactCommand,
) -> Result<(), CommandError> {
    match command {
        SupportContactCommand::Change(command) => {
            let state = transaction.read::<Customer>(customer).await?.state;
            let Some(held) = state.subscription(command.subscription_id) else { return Ok(()) };
            transaction.learn_partnership(held.partner_id, command.contact).await
        }
        SupportContactCommand::FallBack(_) => Ok(()),
    }
}

async fn of_cart(
    transaction: &mut Transaction<'_>,
    customer: CustomerId,
    id: CartId,
) -> Result<(), CommandError> {
    let state = transaction.read::<Customer>(customer).await?.state;
    let Some((seller, named)) = state.cart_parties(id) else { return Ok(()) };
    resellers(transaction, seller, named).await
}

async fn resellers(
    transaction: &mut Transaction<'_>,
    seller: PartnerId,
    named: Vec<MpnId>,
) -> Result<(), CommandError> {
    for mpn_id in named {
        if let Some(reseller) = partner_with_mpn_id(transaction, &mpn_id).await? {
            transaction.learn_partnership(seller, reseller).await?;
        }
    }
    Ok(())
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
