//! How what happened changes what is known of a partner, concept by concept.

use events::{
    ApplicationEvent, NetworkEvent, PartnerAccountEvent, PartnerEvent, PartnerSignInEvent,
    PartnerUserEvent, RoleEvent, WebhookEvent,
};

use super::{applications::Applications, network::Network, state::PartnerState, webhooks::Webhook};

pub(super) fn evolve(state: &mut PartnerState, event: &PartnerEvent) {
    match event {
        PartnerEvent::Account(PartnerAccountEvent::PartnerRegistered(event)) => {
            state.registered(event);
        }
        PartnerEvent::User(event) => user(state, event),
        PartnerEvent::Role(event) => role(state, event),
        PartnerEvent::SignIn(event) => sign_in(state, event),
        PartnerEvent::Application(event) => application(&mut state.applications, event),
        PartnerEvent::Network(event) => network(&mut state.network, event),
        PartnerEvent::Webhook(event) => webhook(state, event),
        // The role comes in an event of its own; profiles are for others to see.
        PartnerEvent::Elevation(_) | PartnerEvent::Profile(_) | PartnerEvent::PublicProfile(_) => {}
    }
}

fn user(state: &mut PartnerState, event: &PartnerUserEvent) {
    match event {
        PartnerUserEvent::PartnerUserAdded(event) => state.user_added(event),
        PartnerUserEvent::PartnerUserEdited(event) => state.user_edited(event),
        PartnerUserEvent::PartnerUserPasswordReset(event) => state.password_reset(event),
        PartnerUserEvent::PartnerUserDeleted(event) => state.user_deleted(event),
        PartnerUserEvent::PartnerUserRestored(event) => state.user_restored(event),
        PartnerUserEvent::PartnerUserPurged(event) => state.user_purged(event.user_id),
    }
}

fn role(state: &mut PartnerState, event: &RoleEvent) {
    match event {
        RoleEvent::RoleAssigned(event) => state.role_gained(event.user_id, event.role),
        RoleEvent::RoleReplaced(event) => state.role_gained(event.user_id, event.new),
        RoleEvent::RoleRevoked(event) => state.role_lost(event.user_id, event.role),
    }
}

fn sign_in(state: &mut PartnerState, event: &PartnerSignInEvent) {
    match event {
        PartnerSignInEvent::AccessTokenIssued(event) => state.token_issued(event),
        PartnerSignInEvent::AccessTokenRevoked(event) => state.token_revoked(event.token_id),
        PartnerSignInEvent::PartnerUserSignedIn(event) => state.signed_in(event),
        PartnerSignInEvent::PartnerUserSignedOut(event) => state.signed_out(event),
        PartnerSignInEvent::PartnerUserSignInFailed(event) => state.sign_in_failed(event),
        PartnerSignInEvent::PartnerUserPasswordChanged(event) => state.password_changed(event),
    }
}

fn application(applications: &mut Applications, event: &ApplicationEvent) {
    match event {
        ApplicationEvent::ApplicationRegistered(event) => applications.registered(event),
        ApplicationEvent::ApplicationSecretAdded(event) => applications.secret_added(event),
        ApplicationEvent::ApplicationSecretRemoved(event) => {
            applications.secret_removed(event);
        }
        ApplicationEvent::ApplicationRevoked(event) => applications.revoked(event),
        ApplicationEvent::ApplicationSignInFailed(event) => {
            applications.sign_in_failed(event);
        }
        ApplicationEvent::ApplicationGrantBegun(event) => applications.grant_begun(event),
        ApplicationEvent::ApplicationGrantRenewed(event) => applications.grant_renewed(event),
        ApplicationEvent::ApplicationGrantEnded(event) => applications.grant_ended(event),
    }
}

fn network(network: &mut Network, event: &NetworkEvent) {
    match event {
        NetworkEvent::PartnerUserSkillsEdited(_) | NetworkEvent::CompetencyChanged(_) => {}
        NetworkEvent::CompetencyAttained(event) => network.attained(event),
        NetworkEvent::CompetencyWithdrawn(event) => {
            network.withdrawn(event.competency_id);
        }
        NetworkEvent::BenefitGranted(event) => network.granted(event),
        NetworkEvent::BenefitActivated(event) => network.activated(event),
        NetworkEvent::BenefitDeactivated(event) => network.deactivated(event),
        NetworkEvent::BenefitWithdrawn(event) => network.taken(event.benefit_id),
    }
}

fn webhook(state: &mut PartnerState, event: &WebhookEvent) {
    match event {
        WebhookEvent::WebhookRegistered(event) => {
            state.webhook = Some(Webhook::registered(event));
        }
        WebhookEvent::WebhookRemoved(_) => state.webhook = None,
        WebhookEvent::WebhookChanged(event) => state.on_webhook(|it| it.changed(event)),
        WebhookEvent::WebhookTested(event) => state.on_webhook(|it| it.tested(event)),
        WebhookEvent::WebhookDelivered(event) => state.on_webhook(|it| it.delivered(event)),
        WebhookEvent::WebhookDeliveryFailed(event) => {
            state.on_webhook(|it| it.delivery_failed(event));
        }
    }
}
