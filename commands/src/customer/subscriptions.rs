//! What becomes of a subscription: its name, its licences, whether it works, its end.

mod conversion;
pub(super) mod renewal;
mod reseller_of_record;
mod upgrade;

use events::{
    Actor, CustomerEvent, CustomerUserId, FriendlyName, Quantity, SkuId, SubscriptionCancelled,
    SubscriptionId, SubscriptionQuantityChanged, SubscriptionReactivated, SubscriptionRenamed,
    SubscriptionSuspended,
};

pub use self::{
    conversion::ConvertTrial,
    renewal::{ChangeRenewal, EndSubscription},
    reseller_of_record::ChangeResellerOfRecord,
    upgrade::UpgradeSubscription,
};
use super::{
    Customer, CustomerCommand, orders, reach,
    state::{CustomerState, Subscription, SubscriptionStatus},
};
use crate::{
    command::{Requires, command_enum},
    context::Context,
    decider::Decider,
    permissions::Permission,
    rejection::{Rejection, SaleRejection},
};

/// Change a subscription; what is `None` stays.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ChangeSubscription {
    /// The subscription.
    pub subscription_id: SubscriptionId,
    /// How many licences from now on.
    pub quantity: Option<Quantity>,
    /// Whether it works from now on.
    pub status: Option<SubscriptionStatus>,
    /// Its name from now on.
    pub friendly_name: Option<FriendlyName>,
}

command_enum! {
    /// What can be asked about subscriptions.
    SubscriptionCommand in CustomerCommand {
        /// Change a subscription.
        Change(ChangeSubscription),
        /// Have a subscription renewed, or not.
        ChangeRenewal(ChangeRenewal),
        /// End a subscription that is not renewed.
        End(EndSubscription),
        /// Make a subscription one to another offer.
        Upgrade(UpgradeSubscription),
        /// Make a trial a subscription that is paid for.
        ConvertTrial(ConvertTrial),
        /// Put another reseller on record.
        ChangeResellerOfRecord(ChangeResellerOfRecord),
    }
}

impl Requires for SubscriptionCommand {
    fn permission(&self, _actor: &Actor) -> Option<Permission> {
        match self {
            Self::Change(_) | Self::ChangeRenewal(_) | Self::Upgrade(_) | Self::ConvertTrial(_) => {
                Some(Permission::SubscriptionsManage)
            }
            Self::ChangeResellerOfRecord(_) => Some(Permission::ResellersOfRecordManage),
            // A timer does it.
            Self::End(_) => None,
        }
    }
}

pub(super) fn decide(
    state: &CustomerState,
    command: &SubscriptionCommand,
    context: &Context<'_>,
) -> Result<Vec<CustomerEvent>, Rejection> {
    match command {
        SubscriptionCommand::Change(command) => change(state, command, context),
        SubscriptionCommand::ChangeRenewal(command) => renewal::change(state, *command, context),
        SubscriptionCommand::End(command) => renewal::end(state, *command, context),
        SubscriptionCommand::Upgrade(command) => upgrade::upgrade(state, *command, context),
        SubscriptionCommand::ConvertTrial(command) => conversion::convert(state, *command, context),
        SubscriptionCommand::ChangeResellerOfRecord(command) => {
            reseller_of_record::change(state, command, context)
        }
    }
}

/// The subscription, as far as the actor manages it.
pub(super) fn managed<'s>(
    state: &'s CustomerState,
    subscription_id: SubscriptionId,
    context: &Context<'_>,
) -> Result<&'s Subscription, Rejection> {
    let held = state.subscription(subscription_id);
    if let Some(held) = held.filter(|held| reach::subscription(state, held, context)) {
        return Ok(held);
    }
    reach::any(state, context)?;
    Err(Rejection::SubscriptionNotFound { subscription_id })
}

/// Reactivates before, and suspends or cancels after the quantity changes: it changes only while the
/// subscription is active.
fn change(
    state: &CustomerState,
    command: &ChangeSubscription,
    context: &Context<'_>,
) -> Result<Vec<CustomerEvent>, Rejection> {
    let subscription_id = command.subscription_id;
    let held = managed(state, subscription_id, context)?;
    let wanted = command.status.unwrap_or(held.status);
    let mut events = Vec::new();
    let name = command.friendly_name.as_ref().filter(|name| **name != held.friendly_name);
    let quantity = command.quantity.filter(|quantity| *quantity != held.quantity);
    if held.status == SubscriptionStatus::Cancelled {
        let changes = wanted != held.status || name.is_some() || quantity.is_some();
        return if changes {
            Err(SaleRejection::SubscriptionIsCancelled.into())
        } else {
            Ok(events)
        };
    }
    if let Some(friendly_name) = name.cloned() {
        events.push(SubscriptionRenamed { subscription_id, friendly_name }.into());
    }
    let is_suspended = held.status == SubscriptionStatus::Suspended;
    if is_suspended && wanted == SubscriptionStatus::Active {
        parent_is_active(state, held)?;
        events.push(SubscriptionReactivated { subscription_id }.into());
    }
    if let Some(new) = quantity {
        if is_suspended && wanted != SubscriptionStatus::Active {
            return Err(Rejection::SubscriptionIsSuspended);
        }
        fits(state, held, new, context)?;
        let old = held.quantity;
        events.push(SubscriptionQuantityChanged { subscription_id, old, new }.into());
    }
    match wanted {
        SubscriptionStatus::Active => {}
        SubscriptionStatus::Suspended if is_suspended => {}
        SubscriptionStatus::Suspended => events.append(&mut suspended(state, subscription_id)),
        SubscriptionStatus::Cancelled => events.append(&mut cancelled(state, subscription_id)),
    }
    Ok(events)
}

fn parent_is_active(state: &CustomerState, held: &Subscription) -> Result<(), Rejection> {
    let Some(parent) = held.parent_subscription else { return Ok(()) };
    let is_active = |held: &Subscription| held.status == SubscriptionStatus::Active;
    if state.subscription(parent).is_some_and(is_active) {
        Ok(())
    } else {
        Err(SaleRejection::ParentNotActive { parent }.into())
    }
}

/// Add-ons do not work without what they add to: they are suspended first.
fn suspended(state: &CustomerState, subscription_id: SubscriptionId) -> Vec<CustomerEvent> {
    let add_ons = state.add_ons_of(subscription_id);
    let active = add_ons.filter(|(_, held)| held.status == SubscriptionStatus::Active);
    active
        .map(|(id, _)| id)
        .chain([subscription_id])
        .map(|subscription_id| SubscriptionSuspended { subscription_id }.into())
        .collect()
}

/// Add-ons end with what they add to, and first.
fn cancelled(state: &CustomerState, subscription_id: SubscriptionId) -> Vec<CustomerEvent> {
    let add_ons = state.add_ons_of(subscription_id).map(|(id, _)| id);
    let ending: Vec<_> = add_ons.chain([subscription_id]).collect();
    let mut events = Vec::new();
    // Two of them may hold seats of one product: each is cancelled as the one before left it.
    let mut state = state.clone();
    for subscription_id in ending {
        let Some(held) = state.subscription(subscription_id) else { continue };
        let sku_id = held.sku_id;
        let left = state.held(sku_id).saturating_sub(held.quantity.get());
        let released = last_holders(&state, sku_id, state.consumed(sku_id).saturating_sub(left));
        let event = SubscriptionCancelled { subscription_id, sku_id, released }.into();
        state = Customer::evolve(state, &event);
        events.push(event);
    }
    events
}

/// The users of a product who came last, so many of them: seats that go, go from them first.
fn last_holders(state: &CustomerState, sku_id: SkuId, count: u32) -> Vec<CustomerUserId> {
    let count = usize::try_from(count).unwrap_or(usize::MAX);
    let holders = state.users().filter(|(_, user)| user.licenses.contains(&sku_id));
    let mut holders: Vec<_> = holders.map(|(id, _)| id).collect();
    holders.split_off(holders.len().saturating_sub(count))
}

/// Refuses a quantity the offer does not come in, and one that leaves fewer seats of the product
/// than are assigned, while the subscription is active. Of an offer that is not sold any more there
/// are no more licences, and it comes in what was agreed.
fn fits(
    state: &CustomerState,
    held: &Subscription,
    new: Quantity,
    context: &Context<'_>,
) -> Result<(), Rejection> {
    let offer = context.facts.catalogue.offer(held.offer_id);
    match offer.filter(|offer| offer.is_available) {
        Some(offer) => orders::offered(offer, new)?,
        None if new > held.quantity => {
            return Err(SaleRejection::OfferNotSold { offer_id: held.offer_id }.into());
        }
        None => agreed(held, new)?,
    }
    let minimum = needed(state, held);
    if new < held.quantity && new.get() < minimum {
        return Err(Rejection::QuantityBelowAssigned { quantity: new, minimum });
    }
    Ok(())
}

fn agreed(held: &Subscription, quantity: Quantity) -> Result<(), Rejection> {
    let Some(terms) = &held.terms else { return Ok(()) };
    let (minimum, maximum) = (terms.minimum_quantity, terms.maximum_quantity);
    if (minimum..=maximum).contains(&quantity.get()) {
        Ok(())
    } else {
        Err(Rejection::QuantityOutsideOffer { quantity, minimum, maximum })
    }
}

/// How many of a subscription's seats are in use: those that no other active subscription to the
/// product has.
fn needed(state: &CustomerState, held: &Subscription) -> u32 {
    let own_share = match held.status {
        SubscriptionStatus::Active => held.quantity.get(),
        SubscriptionStatus::Suspended | SubscriptionStatus::Cancelled => 0,
    };
    let others = state.pool(held.sku_id).unwrap_or_default().saturating_sub(own_share);
    state.consumed(held.sku_id).saturating_sub(others)
}
