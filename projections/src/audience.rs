//! Which partners may see an event in their timeline?

use events::{
    Actor, AgreementEvent, CartEvent, CustomerAccountEvent, CustomerEvent, CustomerId,
    CustomerSignInEvent, Event, InstallationEvent, LeadEvent, OrderEvent, PartnerId,
    PartnershipEvent, RecordedEvent, RefusalEvent, RelationshipEvent, RelationshipRequestEvent,
    ServiceRequestEvent, SubscriptionEvent, SupportContactEvent,
};

use crate::{
    keys::{customer_of, partner_of},
    views::{carts::Carts, customers::Customers, subscriptions::Subscriptions},
};

/// The partners that may see the event, each once. The views hold the state after the event.
///
/// What concerns one partner (its relationship, orders, subscriptions) is seen by that partner and
/// by its resellers at the customer, and by no other partner of the same customer.
pub(crate) fn audience(
    recorded: &RecordedEvent,
    customers: &Customers,
    subscriptions: &Subscriptions,
    carts: &Carts,
) -> Vec<PartnerId> {
    match &recorded.event {
        Event::Partner(_) => vec![partner_of(recorded)],
        Event::Partnership(event) => parties(event),
        Event::Customer(event) => {
            let customer = customer_of(recorded);
            match concerned(customer, event, subscriptions, carts) {
                Concerned::Everyone => {
                    customers.get(customer).map_or_else(Vec::new, |row| row.viewers().collect())
                }
                Concerned::Nobody => Vec::new(),
                Concerned::Both(provider, reseller) => vec![provider, reseller],
                Concerned::One(partner) => {
                    let resellers = customers.resellers_through(customer, partner);
                    [partner].into_iter().chain(resellers).collect()
                }
            }
        }
        Event::ServiceRequest(event) => vec![asking(event)],
        Event::NameClaim(_) => Vec::new(),
        Event::Installation(event) => of_caller(event),
        Event::Lead(event) => referral(event),
    }
}

/// A refusal is for the company of who was refused; the rest is for the installation alone.
fn of_caller(event: &InstallationEvent) -> Vec<PartnerId> {
    match event {
        InstallationEvent::Refusal(RefusalEvent::AccessRefused(event)) => match event.caller {
            Actor::PartnerUser { partner, .. } | Actor::Application { partner, .. } => {
                vec![partner]
            }
            Actor::CustomerUser { .. }
            | Actor::Operator
            | Actor::System(_)
            | Actor::SupportOperator { .. }
            | Actor::Auditor { .. }
            | Actor::Visitor => Vec::new(),
        },
        InstallationEvent::Damage(_)
        | InstallationEvent::Person(_)
        | InstallationEvent::SignIn(_)
        | InstallationEvent::Incident(_) => Vec::new(),
    }
}

/// The partner that asked.
const fn asking(event: &ServiceRequestEvent) -> PartnerId {
    match event {
        ServiceRequestEvent::ServiceRequestLogged(event) => event.partner_id,
        ServiceRequestEvent::ServiceRequestNoted(event) => event.partner_id,
        ServiceRequestEvent::ServiceRequestStatusChanged(event) => event.partner_id,
        ServiceRequestEvent::ServiceRequestSeverityChanged(event) => event.partner_id,
        ServiceRequestEvent::ServiceRequestDeclined(event) => event.partner_id,
        ServiceRequestEvent::ElevationVerified(event) => event.partner_id,
    }
}

fn parties(event: &PartnershipEvent) -> Vec<PartnerId> {
    match event {
        PartnershipEvent::PartnershipRequested(event) => vec![event.provider],
        PartnershipEvent::PartnershipAccepted(event) => vec![event.provider, event.reseller],
        PartnershipEvent::PartnershipDeclined(event) => vec![event.provider, event.reseller],
        PartnershipEvent::PartnershipWithdrawn(event) => vec![event.provider],
        PartnershipEvent::PartnershipEnded(event) => vec![event.provider, event.reseller],
        PartnershipEvent::InvitationEdited(event) => vec![event.provider],
        PartnershipEvent::InvitationSendRequested(event) => vec![event.provider],
        PartnershipEvent::InvitationSent(event) => vec![event.provider],
        PartnershipEvent::InvitationSendFailed(event) => vec![event.provider],
        PartnershipEvent::InvitationExpired(event) => vec![event.provider],
    }
}

fn referral(event: &LeadEvent) -> Vec<PartnerId> {
    match event {
        LeadEvent::LeadReferred(event) => vec![event.provider, event.reseller],
        LeadEvent::LeadAccepted(event) => vec![event.provider, event.reseller],
        LeadEvent::LeadDeclined(event) => vec![event.provider, event.reseller],
        LeadEvent::LeadWithdrawn(event) => vec![event.provider, event.reseller],
        LeadEvent::LeadConverted(event) => vec![event.provider, event.reseller],
    }
}

enum Concerned {
    /// No partner.
    Nobody,
    /// Every partner that sees the customer.
    Everyone,
    /// One partner and its resellers at the customer.
    One(PartnerId),
    /// A provider and a reseller.
    Both(PartnerId, PartnerId),
}

fn concerned(
    customer: CustomerId,
    event: &CustomerEvent,
    subscriptions: &Subscriptions,
    carts: &Carts,
) -> Concerned {
    let seller = |id| {
        subscriptions
            .get(customer, id)
            .map_or(Concerned::Everyone, |row| Concerned::One(row.partner))
    };
    let drafter = |id| {
        let row = carts.get(customer, id);
        row.map_or(Concerned::Everyone, |row| Concerned::One(row.partner))
    };
    match event {
        CustomerEvent::Account(event) => match event {
            CustomerAccountEvent::CustomerCreated(event) => Concerned::One(event.partner_id),
            CustomerAccountEvent::CustomerDetailsEdited(_)
            | CustomerAccountEvent::CustomerDomainAdded(_)
            | CustomerAccountEvent::CustomerQualified(_) => Concerned::Everyone,
        },
        CustomerEvent::Relationship(event) => by_bond(event),
        CustomerEvent::Request(event) => Concerned::One(requested_by(event)),
        CustomerEvent::Cart(event) => match event {
            CartEvent::CartOpened(event) => Concerned::One(event.partner_id),
            CartEvent::CartChanged(event) => drafter(event.cart_id),
            CartEvent::CartReviewed(event) => drafter(event.cart_id),
            CartEvent::CartCheckedOut(event) => drafter(event.cart_id),
            CartEvent::CartCancelled(event) => drafter(event.cart_id),
            CartEvent::CartExpired(event) => drafter(event.cart_id),
        },
        CustomerEvent::Order(event) => match event {
            OrderEvent::OrderSubmitted(event) => Concerned::One(event.partner_id),
            OrderEvent::OrderExtended(event) => Concerned::One(event.partner_id),
            OrderEvent::OrderRebilled(event) => Concerned::One(event.partner_id),
        },
        CustomerEvent::Subscription(event) => match event {
            SubscriptionEvent::SubscriptionCreated(event) => Concerned::One(event.partner_id),
            SubscriptionEvent::SubscriptionRenamed(event) => seller(event.subscription_id),
            SubscriptionEvent::SubscriptionQuantityChanged(event) => seller(event.subscription_id),
            SubscriptionEvent::SubscriptionSuspended(event) => seller(event.subscription_id),
            SubscriptionEvent::SubscriptionReactivated(event) => seller(event.subscription_id),
            SubscriptionEvent::SubscriptionUpgraded(event) => seller(event.subscription_id),
            SubscriptionEvent::TrialConverted(event) => seller(event.subscription_id),
            SubscriptionEvent::SubscriptionRenewalStopped(event) => seller(event.subscription_id),
            SubscriptionEvent::SubscriptionRenewalResumed(event) => seller(event.subscription_id),
            SubscriptionEvent::SubscriptionCancelled(event) => seller(event.subscription_id),
            SubscriptionEvent::ResellerOfRecordChanged(event) => seller(event.subscription_id),
        },
        CustomerEvent::SupportContact(event) => match event {
            SupportContactEvent::SupportContactChanged(event) => seller(event.subscription_id),
            SupportContactEvent::SupportContactFellBack(event) => {
                Concerned::Both(event.new, event.old)
            }
        },
        CustomerEvent::SignIn(event) => match event {
            // When its people come and go is the customer's own affair.
            CustomerSignInEvent::CustomerUserSignedIn(_)
            | CustomerSignInEvent::CustomerUserSignedOut(_)
            | CustomerSignInEvent::CustomerUserTokenIssued(_)
            | CustomerSignInEvent::CustomerUserTokenRevoked(_) => Concerned::Nobody,
            CustomerSignInEvent::CustomerUserSignInFailed(_)
            | CustomerSignInEvent::CustomerUserPasswordChanged(_) => Concerned::Everyone,
        },
        CustomerEvent::Agreement(AgreementEvent::CustomerAgreementConfirmed(event)) => {
            Concerned::One(event.partner_id)
        }
        CustomerEvent::User(_)
        | CustomerEvent::License(_)
        | CustomerEvent::DirectoryRole(_)
        | CustomerEvent::Device(_) => Concerned::Everyone,
    }
}

/// Between a partner and the customer.
const fn by_bond(event: &RelationshipEvent) -> Concerned {
    match event {
        RelationshipEvent::RelationshipEstablished(event) => Concerned::One(event.partner_id),
        RelationshipEvent::RelationshipEnded(event) => Concerned::One(event.partner_id),
        RelationshipEvent::DelegatedAdminGranted(event) => Concerned::One(event.partner_id),
        RelationshipEvent::DelegatedAdminEnded(event) => Concerned::One(event.partner_id),
        RelationshipEvent::OwnPurchasesPermitted(event) => Concerned::One(event.partner_id),
        RelationshipEvent::OwnPurchasesForbidden(event) => Concerned::One(event.partner_id),
        RelationshipEvent::ResellerAssociated(event) => {
            Concerned::Both(event.provider, event.reseller)
        }
        RelationshipEvent::ResellerRemoved(event) => {
            Concerned::Both(event.provider, event.reseller)
        }
    }
}

/// The partner that asks for a relationship.
const fn requested_by(event: &RelationshipRequestEvent) -> PartnerId {
    match event {
        RelationshipRequestEvent::RelationshipRequested(event) => event.partner_id,
        RelationshipRequestEvent::RelationshipDraftEdited(event) => event.partner_id,
        RelationshipRequestEvent::RelationshipRequestAccepted(event) => event.partner_id,
        RelationshipRequestEvent::RelationshipRequestDeclined(event) => event.partner_id,
        RelationshipRequestEvent::RelationshipRequestWithdrawn(event) => event.partner_id,
        RelationshipRequestEvent::RelationshipRequestExpired(event) => event.partner_id,
        RelationshipRequestEvent::RelationshipLetterSendRequested(event) => event.partner_id,
        RelationshipRequestEvent::RelationshipLetterSent(event) => event.partner_id,
        RelationshipRequestEvent::RelationshipLetterSendFailed(event) => event.partner_id,
    }
}
