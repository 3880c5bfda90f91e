//! Which partners may see an event in their timeline?

use events::{
    Actor, CustomerEvent, CustomerId, Event, InstallationEvent, LeadEvent, PartnerId,
    PartnershipEvent, RecordedEvent, ServiceRequestEvent,
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
        InstallationEvent::AccessRefused(event) => match event.caller {
            Actor::PartnerUser { partner, .. } => vec![partner],
            Actor::CustomerUser { .. }
            | Actor::Operator
            | Actor::System(_)
            | Actor::SupportOperator { .. }
            | Actor::Auditor { .. }
            | Actor::Visitor => Vec::new(),
        },
        InstallationEvent::DamageHealed(_)
        | InstallationEvent::OperatorAdded(_)
        | InstallationEvent::OperatorRemoved(_)
        | InstallationEvent::AuditorAdmitted(_)
        | InstallationEvent::AuditorDismissed(_)
        | InstallationEvent::AccountPasswordReset(_)
        | InstallationEvent::AccountSignedIn(_)
        | InstallationEvent::AccountSignedOut(_)
        | InstallationEvent::AccountSignInFailed(_)
        | InstallationEvent::AccountPasswordChanged(_)
        | InstallationEvent::AccountTokenIssued(_)
        | InstallationEvent::AccountTokenRevoked(_) => Vec::new(),
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
        CustomerEvent::CustomerCreated(event) => Concerned::One(event.partner_id),
        CustomerEvent::RelationshipEstablished(event) => Concerned::One(event.partner_id),
        CustomerEvent::RelationshipEnded(event) => Concerned::One(event.partner_id),
        CustomerEvent::RelationshipRequested(event) => Concerned::One(event.partner_id),
        CustomerEvent::RelationshipDraftEdited(event) => Concerned::One(event.partner_id),
        CustomerEvent::RelationshipRequestAccepted(event) => Concerned::One(event.partner_id),
        CustomerEvent::RelationshipRequestDeclined(event) => Concerned::One(event.partner_id),
        CustomerEvent::RelationshipRequestWithdrawn(event) => Concerned::One(event.partner_id),
        CustomerEvent::RelationshipRequestExpired(event) => Concerned::One(event.partner_id),
        CustomerEvent::DelegatedAdminGranted(event) => Concerned::One(event.partner_id),
        CustomerEvent::DelegatedAdminEnded(event) => Concerned::One(event.partner_id),
        CustomerEvent::OwnPurchasesPermitted(event) => Concerned::One(event.partner_id),
        CustomerEvent::OwnPurchasesForbidden(event) => Concerned::One(event.partner_id),
        CustomerEvent::ResellerAssociated(event) => Concerned::Both(event.provider, event.reseller),
        CustomerEvent::ResellerRemoved(event) => Concerned::Both(event.provider, event.reseller),
        CustomerEvent::OrderSubmitted(event) => Concerned::One(event.partner_id),
        CustomerEvent::CustomerAgreementConfirmed(event) => Concerned::One(event.partner_id),
        CustomerEvent::SubscriptionCreated(event) => Concerned::One(event.partner_id),
        CustomerEvent::SubscriptionRenamed(event) => seller(event.subscription_id),
        CustomerEvent::SubscriptionQuantityChanged(event) => seller(event.subscription_id),
        CustomerEvent::SubscriptionSuspended(event) => seller(event.subscription_id),
        CustomerEvent::SubscriptionReactivated(event) => seller(event.subscription_id),
        CustomerEvent::SubscriptionUpgraded(event) => seller(event.subscription_id),
        CustomerEvent::SubscriptionCancelled(event) => seller(event.subscription_id),
        CustomerEvent::ResellerOfRecordChanged(event) => seller(event.subscription_id),
        CustomerEvent::SupportContactChanged(event) => seller(event.subscription_id),
        CustomerEvent::SupportContactFellBack(event) => Concerned::Both(event.new, event.old),
        CustomerEvent::CartOpened(event) => Concerned::One(event.partner_id),
        CustomerEvent::CartChanged(event) => drafter(event.cart_id),
        CustomerEvent::CartReviewed(event) => drafter(event.cart_id),
        CustomerEvent::CartCheckedOut(event) => drafter(event.cart_id),
        CustomerEvent::CartCancelled(event) => drafter(event.cart_id),
        CustomerEvent::CartExpired(event) => drafter(event.cart_id),
        // When its people come and go is the customer's own affair.
        CustomerEvent::CustomerUserSignedIn(_)
        | CustomerEvent::CustomerUserSignedOut(_)
        | CustomerEvent::CustomerUserTokenIssued(_)
        | CustomerEvent::CustomerUserTokenRevoked(_) => Concerned::Nobody,
        CustomerEvent::CustomerDetailsEdited(_)
        | CustomerEvent::CustomerUserCreated(_)
        | CustomerEvent::CustomerUserEdited(_)
        | CustomerEvent::CustomerUserPasswordReset(_)
        | CustomerEvent::CustomerUserDeleted(_)
        | CustomerEvent::CustomerUserRestored(_)
        | CustomerEvent::CustomerUserPurged(_)
        | CustomerEvent::CustomerUserSignInFailed(_)
        | CustomerEvent::CustomerUserPasswordChanged(_)
        | CustomerEvent::LicenseAssigned(_)
        | CustomerEvent::LicenseRevoked(_)
        | CustomerEvent::DirectoryRoleGranted(_)
        | CustomerEvent::DirectoryRoleRevoked(_)
        | CustomerEvent::DeviceBatchCreated(_)
        | CustomerEvent::DevicesAdded(_)
        | CustomerEvent::DeviceRemoved(_)
        | CustomerEvent::DeviceProfileCreated(_)
        | CustomerEvent::DeviceProfileChanged(_)
        | CustomerEvent::DeviceProfileDeleted(_)
        | CustomerEvent::DeviceProfileApplied(_)
        | CustomerEvent::DeviceProfileWithdrawn(_) => Concerned::Everyone,
    }
}
