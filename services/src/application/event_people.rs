//! Whom does an event speak of?

use events::{
    ApplicationEvent, CustomerEvent, CustomerSignInEvent, CustomerUserEvent, CustomerUserId,
    DirectoryRoleEvent, ElevationEvent, Event, LicenseEvent, NetworkEvent, PartnerEvent,
    PartnerSignInEvent, PartnerUserEvent, PartnerUserId, RoleEvent, ServiceRequestEvent,
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
        PartnerEvent::User(event) => match event {
            PartnerUserEvent::PartnerUserAdded(event) => event.user_id,
            PartnerUserEvent::PartnerUserEdited(event) => event.user_id,
            PartnerUserEvent::PartnerUserPasswordReset(event) => event.user_id,
            PartnerUserEvent::PartnerUserDeleted(event) => event.user_id,
            PartnerUserEvent::PartnerUserRestored(event) => event.user_id,
            PartnerUserEvent::PartnerUserPurged(_) => return None,
        },
        PartnerEvent::Role(event) => match event {
            RoleEvent::RoleAssigned(event) => event.user_id,
            RoleEvent::RoleReplaced(event) => event.user_id,
            RoleEvent::RoleRevoked(event) => event.user_id,
        },
        PartnerEvent::SignIn(event) => match event {
            PartnerSignInEvent::AccessTokenIssued(event) => event.user_id,
            PartnerSignInEvent::AccessTokenRevoked(event) => event.user_id,
            PartnerSignInEvent::PartnerUserSignedIn(event) => event.user_id,
            PartnerSignInEvent::PartnerUserSignedOut(event) => event.user_id,
            PartnerSignInEvent::PartnerUserSignInFailed(event) => event.user_id,
            PartnerSignInEvent::PartnerUserPasswordChanged(event) => event.user_id,
        },
        PartnerEvent::Elevation(ElevationEvent::UserElevated(event)) => event.user_id,
        PartnerEvent::Application(event) => match event {
            ApplicationEvent::ApplicationGrantBegun(event) => event.user_id,
            ApplicationEvent::ApplicationRegistered(_)
            | ApplicationEvent::ApplicationSecretAdded(_)
            | ApplicationEvent::ApplicationSecretRemoved(_)
            | ApplicationEvent::ApplicationRevoked(_)
            | ApplicationEvent::ApplicationSignInFailed(_)
            | ApplicationEvent::ApplicationGrantRenewed(_)
            | ApplicationEvent::ApplicationGrantEnded(_) => return None,
        },
        PartnerEvent::Network(event) => match event {
            NetworkEvent::PartnerUserSkillsEdited(event) => event.user_id,
            NetworkEvent::CompetencyAttained(_)
            | NetworkEvent::CompetencyChanged(_)
            | NetworkEvent::CompetencyWithdrawn(_)
            | NetworkEvent::BenefitGranted(_)
            | NetworkEvent::BenefitActivated(_)
            | NetworkEvent::BenefitDeactivated(_)
            | NetworkEvent::BenefitWithdrawn(_) => return None,
        },
        PartnerEvent::Account(_)
        | PartnerEvent::Profile(_)
        | PartnerEvent::PublicProfile(_)
        | PartnerEvent::Webhook(_) => return None,
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
