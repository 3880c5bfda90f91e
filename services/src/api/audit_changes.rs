//! In which way does each event tell what was so before it, and what is so from then on?

use events::{
    ApplicationEvent, CustomerEvent, CustomerUserEvent, DirectoryRoleEvent, Event, LeadEvent,
    LicenseEvent, OrderEvent, OrderExtended, PartnerEvent, PartnerUserEvent, PartnershipEvent,
    RelationshipEvent, RoleEvent, SubscriptionEvent, SupportContactEvent,
};
use serde_json::{Value, json};

/// A way to tell of a change.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Change<'a> {
    /// Only what is so from then on: what was, is told elsewhere or by nobody.
    Sets,
    /// Only what was: it is so no longer.
    TakesAway,
    /// Both, in pairs of members, each with its name in both values.
    Replaces(&'static [[&'static str; 3]]),
    /// Both, by what kind of event it is: a member, what it was, what it is.
    Turns(&'static str, [Value; 2]),
    /// By what kind of event it is, what a member is; what it was, is told elsewhere.
    Brings(&'static str, &'static str),
    /// A user is not active any more; what was told of it until then was so.
    Deactivates,
    /// The order has these lines besides those it had.
    Extends(&'a OrderExtended),
}

impl<'a> Change<'a> {
    /// The way of an event.
    pub(super) fn of(event: &'a Event) -> Self {
        match event {
            Event::Customer(event) => Self::of_customer(event),
            Event::Partner(event) => Self::of_partner(event),
            Event::Partnership(event) => Self::of_partnership(event),
            Event::Lead(event) => Self::of_lead(event),
            Event::NameClaim(_) | Event::Installation(_) | Event::ServiceRequest(_) => Self::Sets,
        }
    }

    fn of_customer(event: &'a CustomerEvent) -> Self {
        match event {
            CustomerEvent::Relationship(event) => Self::of_relationship(event),
            CustomerEvent::Order(event) => match event {
                OrderEvent::OrderSubmitted(_) => Self::Sets,
                OrderEvent::OrderExtended(event) => Self::Extends(event),
                OrderEvent::OrderRebilled(_) => Self::Replaces(&[["old", "new", "billingCycle"]]),
            },
            CustomerEvent::Subscription(event) => Self::of_subscription(event),
            CustomerEvent::SupportContact(event) => match event {
                SupportContactEvent::SupportContactChanged(_)
                | SupportContactEvent::SupportContactFellBack(_) => {
                    Self::Replaces(&[["old", "new", "supportTenantId"]])
                }
            },
            CustomerEvent::User(event) => match event {
                CustomerUserEvent::CustomerUserDeleted(_) => Self::Deactivates,
                CustomerUserEvent::CustomerUserRestored(_) => Self::reactivates(),
                CustomerUserEvent::CustomerUserCreated(_)
                | CustomerUserEvent::CustomerUserEdited(_)
                | CustomerUserEvent::CustomerUserPasswordReset(_)
                | CustomerUserEvent::CustomerUserPurged(_) => Self::Sets,
            },
            CustomerEvent::License(event) => match event {
                LicenseEvent::LicenseAssigned(_) => Self::Sets,
                LicenseEvent::LicenseRevoked(_) => Self::TakesAway,
            },
            CustomerEvent::DirectoryRole(event) => match event {
                DirectoryRoleEvent::DirectoryRoleGranted(_) => Self::Sets,
                DirectoryRoleEvent::DirectoryRoleRevoked(_) => Self::TakesAway,
            },
            CustomerEvent::Account(_)
            | CustomerEvent::Request(_)
            | CustomerEvent::Cart(_)
            | CustomerEvent::SignIn(_)
            | CustomerEvent::Device(_)
            | CustomerEvent::Agreement(_) => Self::Sets,
        }
    }

    const fn of_relationship(event: &RelationshipEvent) -> Self {
        match event {
            RelationshipEvent::RelationshipEnded(_)
            | RelationshipEvent::DelegatedAdminEnded(_)
            | RelationshipEvent::OwnPurchasesForbidden(_) => Self::TakesAway,
            RelationshipEvent::RelationshipEstablished(_)
            | RelationshipEvent::ResellerAssociated(_)
            | RelationshipEvent::ResellerRemoved(_)
            | RelationshipEvent::DelegatedAdminGranted(_)
            | RelationshipEvent::OwnPurchasesPermitted(_) => Self::Sets,
        }
    }

    fn of_subscription(event: &SubscriptionEvent) -> Self {
        match event {
            SubscriptionEvent::SubscriptionQuantityChanged(_) => {
                Self::Replaces(&[["old", "new", "quantity"]])
            }
            SubscriptionEvent::SubscriptionUpgraded(_) => Self::Replaces(&[
                ["oldOfferId", "newOfferId", "offerId"],
                ["oldSkuId", "newSkuId", "skuId"],
            ]),
            SubscriptionEvent::TrialConverted(_) => {
                Self::Replaces(&[["oldOfferId", "newOfferId", "offerId"]])
            }
            SubscriptionEvent::ResellerOfRecordChanged(_) => {
                Self::Replaces(&[["old", "new", "partnerOnRecord"]])
            }
            SubscriptionEvent::SubscriptionSuspended(_) => Self::Brings("status", "suspended"),
            SubscriptionEvent::SubscriptionReactivated(_) => Self::Brings("status", "active"),
            SubscriptionEvent::SubscriptionCancelled(_) => Self::Brings("status", "deleted"),
            SubscriptionEvent::SubscriptionRenewalStopped(_) => {
                Self::Turns("autoRenewEnabled", [json!(true), json!(false)])
            }
            SubscriptionEvent::SubscriptionRenewalResumed(_) => {
                Self::Turns("autoRenewEnabled", [json!(false), json!(true)])
            }
            SubscriptionEvent::SubscriptionCreated(_)
            | SubscriptionEvent::SubscriptionRenamed(_) => Self::Sets,
        }
    }

    fn of_partner(event: &PartnerEvent) -> Self {
        match event {
            PartnerEvent::User(event) => match event {
                PartnerUserEvent::PartnerUserDeleted(_) => Self::Deactivates,
                PartnerUserEvent::PartnerUserRestored(_) => Self::reactivates(),
                PartnerUserEvent::PartnerUserAdded(_)
                | PartnerUserEvent::PartnerUserEdited(_)
                | PartnerUserEvent::PartnerUserPasswordReset(_)
                | PartnerUserEvent::PartnerUserPurged(_) => Self::Sets,
            },
            PartnerEvent::Role(event) => match event {
                RoleEvent::RoleAssigned(_) => Self::Sets,
                RoleEvent::RoleReplaced(_) => Self::Replaces(&[["old", "new", "role"]]),
                RoleEvent::RoleRevoked(_) => Self::TakesAway,
            },
            PartnerEvent::Application(event) => match event {
                ApplicationEvent::ApplicationRevoked(_)
                | ApplicationEvent::ApplicationSecretRemoved(_) => Self::TakesAway,
                ApplicationEvent::ApplicationRegistered(_)
                | ApplicationEvent::ApplicationSecretAdded(_)
                | ApplicationEvent::ApplicationSignInFailed(_)
                | ApplicationEvent::ApplicationGrantBegun(_)
                | ApplicationEvent::ApplicationGrantRenewed(_)
                | ApplicationEvent::ApplicationGrantEnded(_) => Self::Sets,
            },
            PartnerEvent::Account(_)
            | PartnerEvent::SignIn(_)
            | PartnerEvent::Elevation(_)
            | PartnerEvent::Profile(_)
            | PartnerEvent::PublicProfile(_)
            | PartnerEvent::Network(_)
            | PartnerEvent::Webhook(_) => Self::Sets,
        }
    }

    const fn of_partnership(event: &PartnershipEvent) -> Self {
        match event {
            PartnershipEvent::PartnershipEnded(_) => Self::TakesAway,
            PartnershipEvent::PartnershipRequested(_)
            | PartnershipEvent::PartnershipAccepted(_)
            | PartnershipEvent::PartnershipDeclined(_)
            | PartnershipEvent::PartnershipWithdrawn(_)
            | PartnershipEvent::InvitationEdited(_)
            | PartnershipEvent::InvitationSendRequested(_)
            | PartnershipEvent::InvitationSent(_)
            | PartnershipEvent::InvitationSendFailed(_)
            | PartnershipEvent::InvitationExpired(_) => Self::Sets,
        }
    }

    fn of_lead(event: &LeadEvent) -> Self {
        let [before, after] = match event {
            LeadEvent::LeadReferred(_) => return Self::Sets,
            LeadEvent::LeadAccepted(_) => ["referred", "accepted"],
            LeadEvent::LeadDeclined(_) => ["referred", "declined"],
            LeadEvent::LeadWithdrawn(_) => ["referred", "withdrawn"],
            LeadEvent::LeadConverted(_) => ["accepted", "converted"],
        };
        Self::Turns("status", [json!(before), json!(after)])
    }

    fn reactivates() -> Self {
        Self::Turns("state", [json!("inactive"), json!("active")])
    }
}

#[cfg(test)]
mod tests {
    use events::{
        CustomerUserDeleted, CustomerUserId, SubscriptionId, SubscriptionRenewalResumed,
        SubscriptionSuspended, Timestamp,
    };
    use uuid::Uuid;

    use super::*;

    #[test]
    fn an_event_tells_by_its_kind_what_it_has_no_member_for() {
        let subscription_id = SubscriptionId::from_uuid(Uuid::nil());
        let resumed = SubscriptionRenewalResumed { subscription_id }.into();
        let turned = Change::Turns("autoRenewEnabled", [json!(false), json!(true)]);
        assert_eq!(Change::of(&resumed), turned);
        let suspended = SubscriptionSuspended { subscription_id }.into();
        assert_eq!(Change::of(&suspended), Change::Brings("status", "suspended"));
        let deleted = CustomerUserDeleted {
            user_id: CustomerUserId::from_uuid(Uuid::nil()),
            licenses_returned: Vec::new(),
            restorable_until: Timestamp::from_microseconds(0).unwrap(),
        };
        assert_eq!(Change::of(&deleted.into()), Change::Deactivates);
    }
}
