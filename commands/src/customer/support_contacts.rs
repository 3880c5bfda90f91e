//! Whom a customer turns to about a subscription: its seller, unless a reseller was designated.

use events::{
    Actor, CustomerEvent, FallbackCause, PartnerId, Process, ResellerRemoved, SubscriptionId,
    SupportContactChanged, SupportContactFellBack,
};
use imbl::OrdMap;

use super::{
    CustomerCommand, reach,
    state::{CustomerState, Relationship, SubscriptionStatus},
    subscriptions,
};
use crate::{
    access::acts_as,
    command::{Requires, command_enum},
    context::{ActivePartnership, Context},
    permissions::Permission,
    rejection::{Rejection, SaleRejection},
};

/// Designate the support contact of a subscription.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ChangeSupportContact {
    /// The subscription.
    pub subscription_id: SubscriptionId,
    /// The contact from now on: the seller, or a reseller of it.
    pub contact: PartnerId,
}

/// Put the support contacts back that a reseller was, whose partnership with the seller has ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct FallBackSupportContacts {
    /// The seller.
    pub provider: PartnerId,
    /// The reseller.
    pub reseller: PartnerId,
}

command_enum! {
    /// What can be asked about the support contacts of subscriptions.
    SupportContactCommand in CustomerCommand {
        /// Designate one.
        Change(ChangeSupportContact),
        /// Put them back after the end of a partnership.
        FallBack(FallBackSupportContacts),
    }
}

impl Requires for SupportContactCommand {
    fn permission(&self, _actor: &Actor) -> Option<Permission> {
        match self {
            Self::Change(_) => Some(Permission::SupportContactsManage),
            // A follower of the log does it.
            Self::FallBack(_) => None,
        }
    }
}

/// The designated contacts: subscriptions whose contact is not their seller.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct SupportContacts {
    designated: OrdMap<SubscriptionId, PartnerId>,
}

impl SupportContacts {
    pub(super) fn changed(&mut self, event: &SupportContactChanged) {
        self.designated.insert(event.subscription_id, event.new);
    }

    pub(super) fn fell_back(&mut self, event: &SupportContactFellBack) {
        self.designated.remove(&event.subscription_id);
    }

    /// Whoever was designated, if anybody.
    pub(super) fn designated(&self, subscription: SubscriptionId) -> Option<PartnerId> {
        self.designated.get(&subscription).copied()
    }
}

/// The partners that can be designated as the contact of what this partner sold to the customer: the
/// seller itself, and the resellers it has an active partnership with that are associated with the
/// customer, as long as the seller may administer on the customer's behalf. None once its
/// relationship with the customer has ended.
#[must_use]
pub fn eligible_support_contacts(
    state: &CustomerState,
    seller: PartnerId,
    active_partnerships: &[ActivePartnership],
) -> Vec<PartnerId> {
    let Some(Relationship::Active { delegated_admin }) = state.relationship(seller) else {
        return Vec::new();
    };
    let is_partner = |reseller: &PartnerId| {
        let mut bonds = active_partnerships.iter();
        bonds.any(|bond| bond.provider == seller && bond.reseller == *reseller)
    };
    let resellers = state.resellers().filter(|(provider, _)| *provider == seller);
    let resellers = resellers.map(|(_, reseller)| reseller).filter(is_partner);
    std::iter::once(seller).chain(resellers.filter(|_| delegated_admin)).collect()
}

pub(super) fn decide(
    state: &CustomerState,
    command: &SupportContactCommand,
    context: &Context<'_>,
) -> Result<Vec<CustomerEvent>, Rejection> {
    match command {
        SupportContactCommand::Change(command) => change(state, *command, context),
        SupportContactCommand::FallBack(command) => after_partnership(state, *command, context),
    }
}

fn change(
    state: &CustomerState,
    command: ChangeSupportContact,
    context: &Context<'_>,
) -> Result<Vec<CustomerEvent>, Rejection> {
    let ChangeSupportContact { subscription_id, contact } = command;
    let held = subscriptions::managed(state, subscription_id, context)?;
    reach::holder(state, held.partner_id, context)?;
    if held.status == SubscriptionStatus::Cancelled {
        return Err(SaleRejection::SubscriptionIsCancelled.into());
    }
    let eligible =
        eligible_support_contacts(state, held.partner_id, &context.facts.active_partnerships);
    if !eligible.contains(&contact) {
        return Err(SaleRejection::ContactNotEligible { contact }.into());
    }
    let old = state.designated_contact(subscription_id).unwrap_or(held.partner_id);
    if old == contact {
        return Ok(Vec::new());
    }
    let seller = held.partner_id;
    Ok(vec![SupportContactChanged { subscription_id, seller, old, new: contact }.into()])
}

/// After the end of a partnership, which is in another stream: support contacts fall back, and the
/// reseller is associated no longer. That the two have become partners again by then changes nothing:
/// what came with the old partnership does not come back with the new one.
fn after_partnership(
    state: &CustomerState,
    command: FallBackSupportContacts,
    context: &Context<'_>,
) -> Result<Vec<CustomerEvent>, Rejection> {
    let FallBackSupportContacts { provider, reseller } = command;
    acts_as(&context.actor, Process::SupportContacts)?;
    let mut events = fall_back(state, provider, Some(reseller), FallbackCause::PartnershipEnded);
    if state.is_associated(provider, reseller) {
        events.push(ResellerRemoved { provider, reseller }.into());
    }
    Ok(events)
}

/// Puts the contacts of what a partner sold back to the partner: those that are this reseller, or
/// all of them.
pub(super) fn fall_back(
    state: &CustomerState,
    seller: PartnerId,
    reseller: Option<PartnerId>,
    cause: FallbackCause,
) -> Vec<CustomerEvent> {
    let sold = state.subscriptions().filter(|(_, held)| held.partner_id == seller);
    let designated =
        sold.filter_map(|(id, _)| state.designated_contact(id).map(|contact| (id, contact)));
    designated
        .filter(|(_, contact)| *contact != seller && reseller.is_none_or(|it| it == *contact))
        .map(|(subscription_id, old)| {
            SupportContactFellBack { subscription_id, old, new: seller, cause }.into()
        })
        .collect()
}
