//! Subscriptions that are not renewed, ended with their term.

use events::{CustomerId, SubscriptionEvent};

use super::{Deadlines, Due};

impl Deadlines {
    pub(super) fn subscription(&mut self, customer: CustomerId, event: &SubscriptionEvent) {
        let end = |subscription| Due::EndSubscription { customer, subscription };
        match event {
            SubscriptionEvent::SubscriptionRenewalStopped(event) => {
                self.open(end(event.subscription_id), event.ends_at);
            }
            SubscriptionEvent::SubscriptionRenewalResumed(event) => {
                self.settle(end(event.subscription_id));
            }
            SubscriptionEvent::SubscriptionCancelled(event) => {
                self.settle(end(event.subscription_id));
            }
            SubscriptionEvent::SubscriptionCreated(_)
            | SubscriptionEvent::SubscriptionRenamed(_)
            | SubscriptionEvent::SubscriptionQuantityChanged(_)
            | SubscriptionEvent::SubscriptionSuspended(_)
            | SubscriptionEvent::SubscriptionReactivated(_)
            | SubscriptionEvent::SubscriptionUpgraded(_)
            | SubscriptionEvent::TrialConverted(_)
            | SubscriptionEvent::ResellerOfRecordChanged(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use events::{
        SubscriptionCancelled, SubscriptionRenewalResumed, SubscriptionRenewalStopped, Timestamp,
    };

    use super::*;
    use crate::testing::{History, customer, sku, subscription};

    #[test]
    fn a_subscription_that_is_not_renewed_is_due_at_its_end_until_it_is_renewed_or_over() {
        let mut history = History::new();
        history.customer(1, "Contoso", 9).subscribe(1, 1, 5, 6, 9);
        let subscription_id = subscription(1);
        let ends_at = Timestamp::EPOCH.plus_months(1);
        let stopped = SubscriptionRenewalStopped { subscription_id, ends_at };
        let end = Due::EndSubscription { customer: customer(1), subscription: subscription_id };
        let at = |history: &History| history.model.deadlines().at(end);
        history.then(customer(1), stopped.clone());
        assert_eq!(at(&history), Some(ends_at));
        history.then(customer(1), SubscriptionRenewalResumed { subscription_id });
        assert_eq!(at(&history), None);
        history.then(customer(1), stopped);
        let (sku_id, released) = (sku(5), Vec::new());
        history.then(customer(1), SubscriptionCancelled { subscription_id, sku_id, released });
        assert_eq!(at(&history), None);
    }
}
