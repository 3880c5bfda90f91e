//! Whom does an event speak of?

use events::{
    CustomerEvent, CustomerUserId, Event, PartnerEvent, PartnerUserId, ServiceRequestEvent,
    ServiceRequestKind,
};

/// The users an event speaks of: of a customer, and of a partner.
pub(crate) fn people(event: &Event) -> (Option<CustomerUserId>, Option<PartnerUserId>) {
    match event {
        Event::Partner(event) => (None, partner_user(event)),
        Event::Customer(event) => (customer_user(event), None),
        Event::Partnership(_) | Event::NameClaim(_) | Event::Installation(_) | Event::Lead(_) => {
            (None, None)
        }
        Event::ServiceRequest(event) => (None, asked_for(event)),
    }
}

const fn partner_user(event: &PartnerEvent) -> Option<PartnerUserId> {
    Some(match event {
        PartnerEvent::PartnerUserAdded(event) => event.user_id,
        PartnerEvent::PartnerUserEdited(event) => event.user_id,
        PartnerEvent::PartnerUserPasswordReset(event) => event.user_id,
        PartnerEvent::PartnerUserDeleted(event) => event.user_id,
        PartnerEvent::PartnerUserRestored(event) => event.user_id,
        PartnerEvent::RoleAssigned(event) => event.user_id,
        PartnerEvent::RoleReplaced(event) => event.user_id,
        PartnerEvent::RoleRevoked(event) => event.user_id,
        PartnerEvent::AccessTokenIssued(event) => event.user_id,
        PartnerEvent::AccessTokenRevoked(event) => event.user_id,
        PartnerEvent::UserElevated(event) => event.user_id,
        PartnerEvent::PartnerUserSignedIn(event) => event.user_id,
        PartnerEvent::PartnerUserSignedOut(event) => event.user_id,
        PartnerEvent::PartnerUserSignInFailed(event) => event.user_id,
        PartnerEvent::PartnerUserPasswordChanged(event) => event.user_id,
        PartnerEvent::PartnerRegistered(_)
        | PartnerEvent::PartnerUserPurged(_)
        | PartnerEvent::PublicProfileChanged(_)
        | PartnerEvent::PartnerProfileEdited(_) => return None,
    })
}

/// Who is to be elevated.
const fn asked_for(event: &ServiceRequestEvent) -> Option<PartnerUserId> {
    match event {
        ServiceRequestEvent::ServiceRequestLogged(event) => match event.kind {
            ServiceRequestKind::Elevation { user_id } => Some(user_id),
            ServiceRequestKind::PartnerSupport
            | ServiceRequestKind::CustomerSupport { .. }
            | ServiceRequestKind::PublicProfileChange { .. } => None,
        },
        ServiceRequestEvent::ElevationVerified(event) => Some(event.user_id),
        ServiceRequestEvent::ServiceRequestNoted(_)
        | ServiceRequestEvent::ServiceRequestStatusChanged(_)
        | ServiceRequestEvent::ServiceRequestSeverityChanged(_)
        | ServiceRequestEvent::ServiceRequestDeclined(_) => None,
    }
}

const fn customer_user(event: &CustomerEvent) -> Option<CustomerUserId> {
    Some(match event {
        CustomerEvent::CustomerUserCreated(event) => event.user_id,
        CustomerEvent::CustomerUserEdited(event) => event.user_id,
        CustomerEvent::CustomerUserPasswordReset(event) => event.user_id,
        CustomerEvent::CustomerUserDeleted(event) => event.user_id,
        CustomerEvent::CustomerUserRestored(event) => event.user_id,
        CustomerEvent::LicenseAssigned(event) => event.user_id,
        CustomerEvent::LicenseRevoked(event) => event.user_id,
        CustomerEvent::DirectoryRoleGranted(event) => event.user_id,
        CustomerEvent::DirectoryRoleRevoked(event) => event.user_id,
        CustomerEvent::CustomerUserSignedIn(event) => event.user_id,
        CustomerEvent::CustomerUserSignedOut(event) => event.user_id,
        CustomerEvent::CustomerUserSignInFailed(event) => event.user_id,
        CustomerEvent::CustomerUserPasswordChanged(event) => event.user_id,
        CustomerEvent::CustomerUserTokenIssued(event) => event.user_id,
        CustomerEvent::CustomerUserTokenRevoked(event) => event.user_id,
        CustomerEvent::CustomerUserPurged(_)
        | CustomerEvent::DeviceBatchCreated(_)
        | CustomerEvent::DevicesAdded(_)
        | CustomerEvent::DeviceRemoved(_)
        | CustomerEvent::DeviceProfileCreated(_)
        | CustomerEvent::DeviceProfileChanged(_)
        | CustomerEvent::DeviceProfileDeleted(_)
        | CustomerEvent::DeviceProfileApplied(_)
        | CustomerEvent::DeviceProfileWithdrawn(_)
        | CustomerEvent::CustomerAgreementConfirmed(_)
        | CustomerEvent::CustomerCreated(_)
        | CustomerEvent::CustomerDetailsEdited(_)
        | CustomerEvent::CartOpened(_)
        | CustomerEvent::CartChanged(_)
        | CustomerEvent::CartReviewed(_)
        | CustomerEvent::CartCheckedOut(_)
        | CustomerEvent::CartCancelled(_)
        | CustomerEvent::CartExpired(_)
        | CustomerEvent::SubscriptionUpgraded(_)
        | CustomerEvent::SubscriptionCancelled(_)
        | CustomerEvent::ResellerOfRecordChanged(_)
        | CustomerEvent::SupportContactChanged(_)
        | CustomerEvent::SupportContactFellBack(_)
        | CustomerEvent::RelationshipEstablished(_)
        | CustomerEvent::RelationshipEnded(_)
        | CustomerEvent::RelationshipRequested(_)
        | CustomerEvent::RelationshipDraftEdited(_)
        | CustomerEvent::RelationshipRequestAccepted(_)
        | CustomerEvent::RelationshipRequestDeclined(_)
        | CustomerEvent::RelationshipRequestWithdrawn(_)
        | CustomerEvent::RelationshipRequestExpired(_)
        | CustomerEvent::DelegatedAdminGranted(_)
        | CustomerEvent::DelegatedAdminEnded(_)
        | CustomerEvent::OwnPurchasesPermitted(_)
        | CustomerEvent::OwnPurchasesForbidden(_)
        | CustomerEvent::ResellerAssociated(_)
        | CustomerEvent::ResellerRemoved(_)
        | CustomerEvent::OrderSubmitted(_)
        | CustomerEvent::SubscriptionCreated(_)
        | CustomerEvent::SubscriptionRenamed(_)
        | CustomerEvent::SubscriptionQuantityChanged(_)
        | CustomerEvent::SubscriptionSuspended(_)
        | CustomerEvent::SubscriptionReactivated(_) => return None,
    })
}
