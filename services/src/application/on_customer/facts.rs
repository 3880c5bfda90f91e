//! What decisions on a customer need to know from other streams: who is a partner of whom.

use commands::{Customer, CustomerCommand, NameClaim};
use events::{ClaimKind, CustomerId, MpnId, PartnerId};

use crate::application::{CommandError, Transaction};

/// Gathers what the decision needs to know about resellers.
#[expect(clippy::too_many_lines, reason = "a table: one line an event")]
pub(super) async fn learn(
    transaction: &mut Transaction<'_>,
    customer: CustomerId,
    command: &CustomerCommand,
) -> Result<(), CommandError> {
    match command {
        CustomerCommand::Create(command) => {
            transaction.learn_partner(command.partner_id).await?;
            match command.reseller {
                Some(reseller) => transaction.learn_partnership(command.partner_id, reseller).await,
                None => Ok(()),
            }
        }
        CustomerCommand::RequestRelationship(command) => {
            transaction.learn_partner(command.partner_id).await
        }
        CustomerCommand::AssociateReseller(command) => {
            transaction.learn_partnership(command.provider, command.reseller).await
        }
        CustomerCommand::SubmitOrder(command) => {
            let named = command.lines.iter().filter_map(|line| line.partner_on_record.clone());
            resellers(transaction, command.partner_id, named.collect()).await
        }
        CustomerCommand::OpenCart(command) => {
            let named = command.lines.iter().filter_map(|line| line.partner_on_record.clone());
            resellers(transaction, command.partner_id, named.collect()).await
        }
        CustomerCommand::ChangeCart(command) => {
            let state = transaction.read::<Customer>(customer).await?.state;
            let Some((seller, _)) = state.cart_parties(command.cart_id) else { return Ok(()) };
            let named = command.lines.iter().filter_map(|line| line.partner_on_record.clone());
            resellers(transaction, seller, named.collect()).await
        }
        CustomerCommand::ChangeOrder(command) => {
            let state = transaction.read::<Customer>(customer).await?.state;
            let held = state.subscriptions_of(command.order_id).next();
            let Some(seller) = held.map(|(_, held)| held.partner_id) else { return Ok(()) };
            let named = command.lines.iter().filter_map(|line| line.partner_on_record.clone());
            resellers(transaction, seller, named.collect()).await
        }
        CustomerCommand::ReviewCart(command) => cart(transaction, customer, command.cart_id).await,
        CustomerCommand::CheckOutCart(command) => {
            cart(transaction, customer, command.cart_id).await
        }
        CustomerCommand::ChangeResellerOfRecord(command) => {
            let state = transaction.read::<Customer>(customer).await?.state;
            let Some(held) = state.subscription(command.subscription_id) else { return Ok(()) };
            resellers(transaction, held.partner_id, command.mpn_id.iter().cloned().collect()).await
        }
        CustomerCommand::ChangeSupportContact(command) => {
            let state = transaction.read::<Customer>(customer).await?.state;
            let Some(held) = state.subscription(command.subscription_id) else { return Ok(()) };
            transaction.learn_partnership(held.partner_id, command.contact).await
        }
        CustomerCommand::FallBackSupportContacts(_)
        | CustomerCommand::AddDomain(_)
        | CustomerCommand::Qualify(_)
        | CustomerCommand::EditDetails(_)
        | CustomerCommand::EndRelationship(_)
        | CustomerCommand::Devices(_)
        | CustomerCommand::ConfirmAgreement(_)
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
        | CustomerCommand::RemoveReseller(_)
        | CustomerCommand::ChangeSubscription(_)
        | CustomerCommand::ChangeRenewal(_)
        | CustomerCommand::EndSubscription(_)
        | CustomerCommand::UpgradeSubscription(_)
        | CustomerCommand::ConvertTrial(_)
        | CustomerCommand::CancelCart(_)
        | CustomerCommand::ExpireCart(_)
        | CustomerCommand::CreateUsers(_)
        | CustomerCommand::EditUser(_)
        | CustomerCommand::ResetPassword(_)
        | CustomerCommand::DeleteUsers(_)
        | CustomerCommand::RestoreUser(_)
        | CustomerCommand::PurgeUser(_)
        | CustomerCommand::UpdateLicenses(_)
        | CustomerCommand::SignIn(_)
        | CustomerCommand::SignOut(_)
        | CustomerCommand::ChangePassword(_)
        | CustomerCommand::IssueToken(_)
        | CustomerCommand::RevokeToken(_)
        | CustomerCommand::GrantDirectoryRole(_)
        | CustomerCommand::RevokeDirectoryRole(_) => Ok(()),
    }
}

async fn cart(
    transaction: &mut Transaction<'_>,
    customer: CustomerId,
    id: events::CartId,
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
