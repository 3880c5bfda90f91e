//! Whom does an event speak of?

use events::{
    CustomerEvent, CustomerSignInEvent, CustomerUserEvent, CustomerUserId, DirectoryRoleEvent,
    Event, LicenseEvent, PartnerEvent, PartnerUserId, ServiceRequestEvent, ServiceRequestKind,
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
        PartnerEvent::ApplicationGrantBegun(event) => event.user_id,
        PartnerEvent::PartnerUserSkillsEdited(event) => event.user_id,
        PartnerEvent::ApplicationRegistered(_)
        | PartnerEvent::ApplicationSecretAdded(_)
        | PartnerEvent::ApplicationSecretRemoved(_)
        | PartnerEvent::ApplicationRevoked(_)
        | PartnerEvent::ApplicationSignInFailed(_)
        | PartnerEvent::ApplicationGrantRenewed(_)
        | PartnerEvent::ApplicationGrantEnded(_)
        | PartnerEvent::WebhookRegistered(_)
        | PartnerEvent::WebhookChanged(_)
        | PartnerEvent::WebhookRemoved(_)
        | PartnerEvent::WebhookTested(_)
        | PartnerEvent::WebhookDelivered(_)
        | PartnerEvent::WebhookDeliveryFailed(_)
        | PartnerEvent::PartnerRegistered(_)
        | PartnerEvent::PartnerUserPurged(_)
        | PartnerEvent::PublicProfileChanged(_)
        | PartnerEvent::PartnerProfileEdited(_)
        | PartnerEvent::CompetencyAttained(_)
        | PartnerEvent::CompetencyChanged(_)
        | PartnerEvent::CompetencyWithdrawn(_)
        | PartnerEvent::BenefitGranted(_)
        | PartnerEvent::BenefitActivated(_)
        | PartnerEvent::BenefitDeactivated(_)
        | PartnerEvent::BenefitWithdrawn(_) => return None,
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
        CustomerEvent::User(event) => match event {
            CustomerUserEvent::CustomerUserCreated(event) => event.user_id,
            CustomerUserEvent::CustomerUserEdited(event) => event.user_id,
            CustomerUserEvent::CustomerUserPasswordReset(event) => event.user_id,
            CustomerUserEvent::CustomerUserDeleted(event) => event.user_id,
            CustomerUserEvent::CustomerUserRestored(event) => event.user_id,
            CustomerUserEvent::CustomerUserPurged(_) => return None,
        },
        CustomerEvent::License(event) => match event {
            LicenseEvent::LicenseAssigned(event) => event.user_id,
            LicenseEvent::LicenseRevoked(event) => event.user_id,
        },
        CustomerEvent::DirectoryRole(event) => match event {
            DirectoryRoleEvent::DirectoryRoleGranted(event) => event.user_id,
            DirectoryRoleEvent::DirectoryRoleRevoked(event) => event.user_id,
        },
        CustomerEvent::SignIn(event) => match event {
            CustomerSignInEvent::CustomerUserSignedIn(event) => event.user_id,
            CustomerSignInEvent::CustomerUserSignedOut(event) => event.user_id,
            CustomerSignInEvent::CustomerUserSignInFailed(event) => event.user_id,
            CustomerSignInEvent::CustomerUserPasswordChanged(event) => event.user_id,
            CustomerSignInEvent::CustomerUserTokenIssued(event) => event.user_id,
            CustomerSignInEvent::CustomerUserTokenRevoked(event) => event.user_id,
        },
        CustomerEvent::Account(_)
        | CustomerEvent::Relationship(_)
        | CustomerEvent::Request(_)
        | CustomerEvent::Cart(_)
        | CustomerEvent::Order(_)
        | CustomerEvent::Subscription(_)
        | CustomerEvent::SupportContact(_)
        | CustomerEvent::Device(_)
        | CustomerEvent::Agreement(_) => return None,
    })
}
