//! A subscription is sold for a term, and renewed for another at its end, until somebody stops that. A
//! trial is not renewed: it is converted meanwhile, or over.
//!
//! A renewal changes nothing, so none is recorded; when a term ends follows from when the first began.

use events::{
    BillingCycle, CustomerEvent, Process, SubscriptionId, SubscriptionRenewalResumed,
    SubscriptionRenewalStopped, Timestamp,
};

use crate::{
    access::acts_as,
    catalogue::Offer,
    context::Context,
    customer::{
        state::{CustomerState, Subscription, SubscriptionStatus},
        subscriptions,
    },
    rejection::{Rejection, SaleRejection},
};

/// How long a trial is, in months.
pub const TRIAL_MONTHS: u32 = 1;
/// More terms than any subscription has.
const TERMS_MAX: u32 = 100_000;

/// Have a subscription renewed at the end of each term, or let it end with the one that runs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ChangeRenewal {
    /// The subscription.
    pub subscription_id: SubscriptionId,
    /// Whether it is renewed.
    pub renews: bool,
    /// When the first of its terms began: the log knows it.
    pub terms_since: Timestamp,
}

/// End a subscription that is not renewed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct EndSubscription {
    /// The subscription.
    pub subscription_id: SubscriptionId,
}

/// When the term that runs at a moment ends, where terms of this length follow each other from
/// `since` on; `None` for what is paid once.
#[must_use]
pub fn term_end(since: Timestamp, cycle: BillingCycle, at: Timestamp) -> Option<Timestamp> {
    let months = match cycle {
        BillingCycle::Monthly => 1,
        BillingCycle::Annual => 12,
        BillingCycle::OneTime => return None,
    };
    // Each from the first day: from the last day of a month to the last day of the next.
    (1..TERMS_MAX).map(|terms| since.plus_months(months * terms)).find(|end| *end > at)
}

pub(super) fn change(
    state: &CustomerState,
    command: ChangeRenewal,
    context: &Context<'_>,
) -> Result<Vec<CustomerEvent>, Rejection> {
    let ChangeRenewal { subscription_id, renews, terms_since } = command;
    let held = subscriptions::managed(state, subscription_id, context)?;
    if held.status == SubscriptionStatus::Cancelled {
        // It is over, and so it is not renewed.
        return if renews {
            Err(SaleRejection::SubscriptionIsCancelled.into())
        } else {
            Ok(vec![])
        };
    }
    match (renews, held.ends_at) {
        (true, None) if held.billing_cycle == BillingCycle::OneTime => {
            Err(SaleRejection::NoRenewal.into())
        }
        (true, None) | (false, Some(_)) => Ok(Vec::new()),
        (true, Some(_)) => {
            let offer = context.facts.catalogue.offer(held.offer_id);
            if offer.is_some_and(Offer::is_trial) {
                return Err(SaleRejection::NoRenewal.into());
            }
            Ok(vec![SubscriptionRenewalResumed { subscription_id }.into()])
        }
        (false, None) => {
            let ends_at = term_end(terms_since, held.billing_cycle, context.now);
            let stopped = |ends_at| SubscriptionRenewalStopped { subscription_id, ends_at }.into();
            Ok(ends_at.map(stopped).into_iter().collect())
        }
    }
}

/// For the timer. What was converted or renewed meanwhile goes on.
pub(super) fn end(
    state: &CustomerState,
    command: EndSubscription,
    context: &Context<'_>,
) -> Result<Vec<CustomerEvent>, Rejection> {
    let subscription_id = command.subscription_id;
    acts_as(&context.actor, Process::Terms)?;
    let held = state.subscription(subscription_id);
    let held = held.ok_or(Rejection::SubscriptionNotFound { subscription_id })?;
    let is_over = held.status == SubscriptionStatus::Cancelled;
    if is_over || held.ends_at.is_none_or(|end| context.now < end) {
        return Ok(Vec::new());
    }
    Ok(subscriptions::cancelled(state, subscription_id))
}

/// A trial ends by itself.
pub(in crate::customer) fn of_trial(
    subscription_id: SubscriptionId,
    offer: &Offer,
    now: Timestamp,
) -> Option<CustomerEvent> {
    let ends_at = now.plus_months(TRIAL_MONTHS);
    offer.is_trial().then(|| SubscriptionRenewalStopped { subscription_id, ends_at }.into())
}

/// What was a trial is renewed from now on.
pub(super) fn resumed(
    subscription_id: SubscriptionId,
    held: &Subscription,
) -> Option<CustomerEvent> {
    held.ends_at.map(|_| SubscriptionRenewalResumed { subscription_id }.into())
}
