//! How what happened changes what is known of a customer, concept by concept.

use events::{
    CartEvent, CustomerAccountEvent, CustomerEvent, CustomerSignInEvent, CustomerUserEvent,
    DirectoryRoleEvent, LicenseEvent, OrderEvent, RelationshipEvent, RelationshipRequestEvent,
    SubscriptionEvent, SupportContactEvent,
};

use super::requests::RequestStatus;
use super::state::{CustomerState, SubscriptionStatus};
use crate::sending::Sending;

pub(super) fn evolve(state: &mut CustomerState, event: &CustomerEvent) {
    match event {
        CustomerEvent::Account(event) => account(state, event),
        CustomerEvent::Relationship(event) => relationship(state, event),
        CustomerEvent::Request(event) => request(state, event),
        CustomerEvent::Cart(event) => cart(state, event),
        CustomerEvent::Order(event) => match event {
            OrderEvent::OrderSubmitted(event) => state.order_submitted(event.order_id),
            // The subscriptions that were created with it tell all there is.
            OrderEvent::OrderExtended(_) => {}
            OrderEvent::OrderRebilled(event) => state.order_rebilled(event),
        },
        CustomerEvent::Subscription(event) => subscription(state, event),
        CustomerEvent::SupportContact(event) => support_contact(state, event),
        CustomerEvent::User(event) => user(state, event),
        CustomerEvent::License(event) => license(state, event),
        CustomerEvent::DirectoryRole(event) => directory_role(state, event),
        CustomerEvent::SignIn(event) => sign_in(state, event),
        CustomerEvent::Device(event) => state.devices_mut().evolve(event),
        CustomerEvent::Agreement(_) => {}
    }
}

fn account(state: &mut CustomerState, event: &CustomerAccountEvent) {
    match event {
        CustomerAccountEvent::CustomerCreated(event) => state.created(event),
        CustomerAccountEvent::CustomerDomainAdded(event) => state.domain_added(event),
        CustomerAccountEvent::CustomerDetailsEdited(_)
        | CustomerAccountEvent::CustomerQualified(_) => {}
    }
}

fn relationship(state: &mut CustomerState, event: &RelationshipEvent) {
    match event {
        RelationshipEvent::RelationshipEstablished(event) => {
            state.relationship_established(event);
        }
        RelationshipEvent::RelationshipEnded(event) => {
            state.relationship_ended(event.partner_id);
        }
        RelationshipEvent::ResellerAssociated(event) => state.reseller_associated(event),
        RelationshipEvent::ResellerRemoved(event) => state.reseller_removed(event),
        RelationshipEvent::DelegatedAdminGranted(event) => {
            state.delegated_admin_set(event.partner_id, true);
        }
        RelationshipEvent::DelegatedAdminEnded(event) => {
            state.delegated_admin_set(event.partner_id, false);
        }
        RelationshipEvent::OwnPurchasesPermitted(event) => {
            state.own_purchases_set(event.partner_id, true);
        }
        RelationshipEvent::OwnPurchasesForbidden(event) => {
            state.own_purchases_set(event.partner_id, false);
        }
    }
}

fn request(state: &mut CustomerState, event: &RelationshipRequestEvent) {
    match event {
        RelationshipRequestEvent::RelationshipRequested(event) => {
            state.requests_mut().requested(event);
        }
        RelationshipRequestEvent::RelationshipRequestAccepted(event) => {
            state.requests_mut().became(event.invitation_id, RequestStatus::Accepted);
        }
        RelationshipRequestEvent::RelationshipRequestDeclined(event) => {
            state.requests_mut().became(event.invitation_id, RequestStatus::Declined);
        }
        RelationshipRequestEvent::RelationshipRequestWithdrawn(event) => {
            state.requests_mut().became(event.invitation_id, RequestStatus::Withdrawn);
        }
        RelationshipRequestEvent::RelationshipRequestExpired(event) => {
            state.requests_mut().became(event.invitation_id, RequestStatus::Expired);
        }
        RelationshipRequestEvent::RelationshipLetterSendRequested(event) => {
            state.requests_mut().letter(event.invitation_id, Sending::asked());
        }
        RelationshipRequestEvent::RelationshipLetterSent(event) => {
            state.requests_mut().letter(event.invitation_id, Sending::Sent);
        }
        RelationshipRequestEvent::RelationshipLetterSendFailed(event) => {
            let sending = Sending::failed(event.attempt, event.retry_at);
            state.requests_mut().letter(event.invitation_id, sending);
        }
        RelationshipRequestEvent::RelationshipDraftEdited(_) => {}
    }
}

fn cart(state: &mut CustomerState, event: &CartEvent) {
    match event {
        CartEvent::CartOpened(event) => state.carts.opened(event),
        CartEvent::CartChanged(event) => state.carts.changed(event),
        CartEvent::CartReviewed(event) => state.carts.reviewed(event),
        CartEvent::CartCheckedOut(event) => state.carts.checked_out(event),
        CartEvent::CartCancelled(event) => state.carts.cancelled(event),
        CartEvent::CartExpired(event) => state.carts.expired(event),
    }
}

fn subscription(state: &mut CustomerState, event: &SubscriptionEvent) {
    match event {
        SubscriptionEvent::SubscriptionCreated(event) => state.subscription_created(event),
        SubscriptionEvent::SubscriptionRenamed(event) => state.subscription_renamed(event),
        SubscriptionEvent::SubscriptionQuantityChanged(event) => {
            state.quantity_changed(event);
        }
        SubscriptionEvent::SubscriptionSuspended(event) => {
            state.subscription_status(event.subscription_id, SubscriptionStatus::Suspended);
        }
        SubscriptionEvent::SubscriptionReactivated(event) => {
            state.subscription_status(event.subscription_id, SubscriptionStatus::Active);
        }
        SubscriptionEvent::SubscriptionUpgraded(event) => {
            state.subscription_upgraded(event);
        }
        SubscriptionEvent::TrialConverted(event) => state.trial_converted(event),
        SubscriptionEvent::SubscriptionRenewalStopped(event) => {
            state.renewal(event.subscription_id, Some(event.ends_at));
        }
        SubscriptionEvent::SubscriptionRenewalResumed(event) => {
            state.renewal(event.subscription_id, None);
        }
        SubscriptionEvent::SubscriptionCancelled(event) => {
            state.subscription_cancelled(event);
        }
        SubscriptionEvent::ResellerOfRecordChanged(event) => state.on_record_changed(event),
    }
}

fn support_contact(state: &mut CustomerState, event: &SupportContactEvent) {
    match event {
        SupportContactEvent::SupportContactChanged(event) => {
            state.support_contacts.changed(event);
        }
        SupportContactEvent::SupportContactFellBack(event) => {
            state.support_contacts.fell_back(event);
        }
    }
}

fn user(state: &mut CustomerState, event: &CustomerUserEvent) {
    match event {
        CustomerUserEvent::CustomerUserCreated(event) => state.user_created(event),
        CustomerUserEvent::CustomerUserEdited(event) => state.user_edited(event),
        CustomerUserEvent::CustomerUserPasswordReset(event) => state.password_reset(event),
        CustomerUserEvent::CustomerUserDeleted(event) => state.user_deleted(event),
        CustomerUserEvent::CustomerUserRestored(event) => state.user_restored(event),
        CustomerUserEvent::CustomerUserPurged(event) => state.user_purged(event.user_id),
    }
}

fn license(state: &mut CustomerState, event: &LicenseEvent) {
    match event {
        LicenseEvent::LicenseAssigned(event) => {
            state.license_gained(event.user_id, event.sku_id);
        }
        LicenseEvent::LicenseRevoked(event) => {
            state.license_lost(event.user_id, event.sku_id);
        }
    }
}

fn directory_role(state: &mut CustomerState, event: &DirectoryRoleEvent) {
    match event {
        DirectoryRoleEvent::DirectoryRoleGranted(event) => {
            state.role_gained(event.user_id, event.role);
        }
        DirectoryRoleEvent::DirectoryRoleRevoked(event) => {
            state.role_lost(event.user_id, event.role);
        }
    }
}

fn sign_in(state: &mut CustomerState, event: &CustomerSignInEvent) {
    match event {
        CustomerSignInEvent::CustomerUserSignedIn(event) => state.signed_in(event),
        CustomerSignInEvent::CustomerUserSignedOut(event) => state.signed_out(event),
        CustomerSignInEvent::CustomerUserSignInFailed(event) => state.sign_in_failed(event),
        CustomerSignInEvent::CustomerUserPasswordChanged(event) => {
            state.password_changed(event);
        }
        CustomerSignInEvent::CustomerUserTokenIssued(event) => state.token_issued(event),
        CustomerSignInEvent::CustomerUserTokenRevoked(event) => state.token_revoked(event),
    }
}
