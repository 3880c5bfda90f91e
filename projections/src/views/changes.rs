//! What was the case before an event that tells only what is so from then on?
//!
//! Events that tell both, or that need nothing told, have no entry. What is long or personal is not
//! kept here, only where in the log it was told before.

use events::{
    CustomerAccountEvent, CustomerEvent, CustomerId, CustomerUserEvent, CustomerUserId, Event,
    FriendlyName, PartnerEvent, PartnerId, PartnerUserEvent, Position, Qualification,
    RecordedEvent, SubscriptionEvent, SubscriptionId,
};
use imbl::OrdMap;

use crate::{
    keys::{customer_of, partner_of},
    views::{
        customer_users::CustomerUsers,
        customers::Customers,
        partner_users::PartnerUsers,
        subscriptions::{SubscriptionRow, SubscriptionState, Subscriptions},
    },
};

/// What was the case before.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Before {
    /// What the event at this position had told of the same thing.
    Told(Position),
    /// A subscription was called so.
    Named(FriendlyName),
    /// A subscription was in this state.
    Worked(SubscriptionState),
    /// A customer was this kind of organisation, or none that was declared.
    Qualified(Option<Qualification>),
}

/// The views in which it stands what was the case before an event that they have not seen.
pub(crate) struct Rows<'a> {
    pub(crate) customers: &'a Customers,
    pub(crate) customer_users: &'a CustomerUsers,
    pub(crate) partner_users: &'a PartnerUsers,
    pub(crate) subscriptions: &'a Subscriptions,
}

/// What was the case before each event that changed it. Grows only.
#[derive(Clone, Default, PartialEq, Debug)]
pub struct Changes {
    before: OrdMap<Position, Before>,
}

impl Changes {
    /// What was the case before the event at a position; `None` where the event says it itself, or
    /// nothing was.
    #[must_use]
    pub fn before(&self, position: Position) -> Option<&Before> {
        self.before.get(&position)
    }

    /// Takes the next event in; `rows` show what was before it.
    pub(crate) fn record(&mut self, recorded: &RecordedEvent, rows: &Rows<'_>) {
        if let Some(before) = rows.before(recorded) {
            self.before.insert(recorded.position, before);
        }
    }
}

impl Rows<'_> {
    fn before(&self, recorded: &RecordedEvent) -> Option<Before> {
        match &recorded.event {
            Event::Partner(PartnerEvent::User(event)) => {
                self.before_partner_user(partner_of(recorded), event)
            }
            Event::Customer(event) => self.before_customer(customer_of(recorded), event),
            Event::Partner(_)
            | Event::Partnership(_)
            | Event::NameClaim(_)
            | Event::Installation(_)
            | Event::Lead(_)
            | Event::ServiceRequest(_) => None,
        }
    }

    fn before_partner_user(&self, partner: PartnerId, event: &PartnerUserEvent) -> Option<Before> {
        let user = match event {
            PartnerUserEvent::PartnerUserEdited(event) => event.user_id,
            PartnerUserEvent::PartnerUserDeleted(event) => event.user_id,
            PartnerUserEvent::PartnerUserAdded(_)
            | PartnerUserEvent::PartnerUserPasswordReset(_)
            | PartnerUserEvent::PartnerUserRestored(_)
            | PartnerUserEvent::PartnerUserPurged(_) => return None,
        };
        let row = self.partner_users.get(partner, user)?;
        Some(Before::Told(row.profile.position))
    }

    fn before_customer(&self, customer: CustomerId, event: &CustomerEvent) -> Option<Before> {
        match event {
            CustomerEvent::Account(event) => self.before_account(customer, event),
            CustomerEvent::User(event) => match event {
                CustomerUserEvent::CustomerUserEdited(event) => {
                    self.profile(customer, event.user_id)
                }
                CustomerUserEvent::CustomerUserDeleted(event) => {
                    self.profile(customer, event.user_id)
                }
                CustomerUserEvent::CustomerUserCreated(_)
                | CustomerUserEvent::CustomerUserPasswordReset(_)
                | CustomerUserEvent::CustomerUserRestored(_)
                | CustomerUserEvent::CustomerUserPurged(_) => None,
            },
            CustomerEvent::Subscription(event) => self.before_subscription(customer, event),
            CustomerEvent::License(_)
            | CustomerEvent::DirectoryRole(_)
            | CustomerEvent::SignIn(_)
            | CustomerEvent::Relationship(_)
            | CustomerEvent::Request(_)
            | CustomerEvent::Cart(_)
            | CustomerEvent::Order(_)
            | CustomerEvent::SupportContact(_)
            | CustomerEvent::Device(_)
            | CustomerEvent::Agreement(_) => None,
        }
    }

    fn before_account(&self, customer: CustomerId, event: &CustomerAccountEvent) -> Option<Before> {
        let row = self.customers.get(customer)?;
        match event {
            CustomerAccountEvent::CustomerDetailsEdited(_) => {
                Some(Before::Told(row.contact.position))
            }
            CustomerAccountEvent::CustomerQualified(_) => {
                Some(Before::Qualified(row.qualification()))
            }
            CustomerAccountEvent::CustomerCreated(_)
            | CustomerAccountEvent::CustomerDomainAdded(_) => None,
        }
    }

    fn profile(&self, customer: CustomerId, user: CustomerUserId) -> Option<Before> {
        let row = self.customer_users.get(customer, user)?;
        Some(Before::Told(row.profile.position))
    }

    fn before_subscription(
        &self,
        customer: CustomerId,
        event: &SubscriptionEvent,
    ) -> Option<Before> {
        let row = |id: SubscriptionId| self.subscriptions.get(customer, id);
        let state = |row: &SubscriptionRow| Before::Worked(row.state);
        match event {
            SubscriptionEvent::SubscriptionRenamed(event) => {
                row(event.subscription_id).map(|row| Before::Named(row.friendly_name.clone()))
            }
            SubscriptionEvent::SubscriptionSuspended(event) => {
                row(event.subscription_id).map(state)
            }
            SubscriptionEvent::SubscriptionReactivated(event) => {
                row(event.subscription_id).map(state)
            }
            SubscriptionEvent::SubscriptionCancelled(event) => {
                row(event.subscription_id).map(state)
            }
            SubscriptionEvent::SubscriptionCreated(_)
            | SubscriptionEvent::SubscriptionQuantityChanged(_)
            | SubscriptionEvent::SubscriptionUpgraded(_)
            | SubscriptionEvent::TrialConverted(_)
            | SubscriptionEvent::SubscriptionRenewalStopped(_)
            | SubscriptionEvent::SubscriptionRenewalResumed(_)
            | SubscriptionEvent::ResellerOfRecordChanged(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use events::{CustomerQualified, SubscriptionRenamed, SubscriptionSuspended};

    use super::*;
    use crate::testing::{
        History, customer, customer_edited, partner, partner_user_edited, subscription, user_edited,
    };

    fn before(history: &History, position: u64) -> Option<Before> {
        history.model.changes().before(Position::new(position)).cloned()
    }

    fn told(position: u64) -> Before {
        Before::Told(Position::new(position))
    }

    #[test]
    fn an_edit_knows_where_the_same_was_told_before() {
        let mut history = History::new();
        history.customer(1, "Contoso", 1).user(1, 1).user(1, 2); // 0, 1, 2, 3
        history.then(customer(1), user_edited(1)); // 4
        history.then(customer(1), user_edited(1)); // 5
        history.delete(1, 1, &[]).delete(1, 2, &[]); // 6, 7
        history.then(customer(1), customer_edited(1, "Contoso Ltd")); // 8
        history.then(customer(1), customer_edited(1, "Contoso Inc")); // 9
        let found: Vec<_> = (4..10).map(|position| before(&history, position)).collect();
        assert_eq!(found, [told(2), told(4), told(5), told(3), told(0), told(8)].map(Some));
        assert!((0..4).all(|position| before(&history, position).is_none()));
    }

    #[test]
    fn a_partners_user_is_told_of_where_it_was_before() {
        let mut history = History::new();
        history.employee(1, 1).employee(1, 2); // 0, 1
        history.then(partner(1), partner_user_edited(2)); // 2
        history.then(partner(1), partner_user_edited(2)); // 3
        assert_eq!([before(&history, 2), before(&history, 3)], [told(1), told(2)].map(Some));
    }

    #[test]
    fn a_subscription_was_called_otherwise_and_worked_before() {
        let mut history = History::new();
        history.customer(1, "Contoso", 1).subscribe(1, 1, 5, 10, 1); // 0, 1, 2
        let subscription_id = subscription(1);
        let name = history.model.subscriptions().get(customer(1), subscription_id).unwrap();
        let name = name.friendly_name.clone();
        let renamed =
            SubscriptionRenamed { subscription_id, friendly_name: "New".parse().unwrap() };
        history.then(customer(1), renamed); // 3
        history.then(customer(1), SubscriptionSuspended { subscription_id }); // 4
        assert_eq!(before(&history, 3), Some(Before::Named(name)));
        assert_eq!(before(&history, 4), Some(Before::Worked(SubscriptionState::Active)));
    }

    #[test]
    fn a_customer_was_of_no_kind_before_the_first_declaration() {
        let mut history = History::new();
        history.customer(1, "Contoso", 1); // 0, 1
        for qualification in [Qualification::Education, Qualification::GovernmentCommunityCloud] {
            history.then(customer(1), CustomerQualified { qualification }); // 2, 3
        }
        assert_eq!(before(&history, 2), Some(Before::Qualified(None)));
        let first = Some(Qualification::Education);
        assert_eq!(before(&history, 3), Some(Before::Qualified(first)));
    }
}
