//! What was done to a partner and its users, in words.

use events::{
    ApplicationEvent, BenefitId, CompetencyId, ElevationEvent, NetworkEvent, PartnerAccountEvent,
    PartnerEvent, PartnerProfileEvent, PartnerSignInEvent, PartnerUserEvent, PublicProfileEvent,
    Role, RoleEvent, WebhookEvent,
};
use maud::{Markup, html};

use super::{Cast, locked};
use crate::web::widgets;

pub(super) fn to_partner(cast: &Cast<'_>, event: &PartnerEvent) -> Markup {
    let user = |id| cast.colleague(id);
    match event {
        PartnerEvent::Account(PartnerAccountEvent::PartnerRegistered(event)) => html! {
            "registered " strong { (event.name) } " as " (event.kind.name().replace('_', " "))
        },
        PartnerEvent::User(event) => to_user(cast, event),
        PartnerEvent::Role(event) => to_role(cast, event),
        PartnerEvent::SignIn(event) => to_sign_in(cast, event),
        PartnerEvent::Webhook(event) => to_webhook(event),
        PartnerEvent::Elevation(ElevationEvent::UserElevated(event)) => html! {
            "elevated " (user(event.user_id)) " to global admin, as service request "
            (event.request_id) " asked"
        },
        PartnerEvent::Profile(PartnerProfileEvent::PartnerProfileEdited(event)) => {
            html! { "edited the " (event.kind.title().to_lowercase()) }
        }
        PartnerEvent::Network(event) => in_network(cast, event),
        PartnerEvent::PublicProfile(PublicProfileEvent::PublicProfileChanged(event)) => html! {
            "changed the public profile to " strong { (event.profile.name) } ", as service request "
            (event.request_id) " asked"
        },
        PartnerEvent::Application(event) => to_application(cast, event),
    }
}

fn to_user(cast: &Cast<'_>, event: &PartnerUserEvent) -> Markup {
    let user = |id| cast.colleague(id);
    match event {
        PartnerUserEvent::PartnerUserAdded(event) => {
            html! { "added user " (user(event.user_id)) }
        }
        PartnerUserEvent::PartnerUserEdited(event) => {
            html! { "edited the profile of " (user(event.user_id)) }
        }
        PartnerUserEvent::PartnerUserPasswordReset(event) => {
            html! { "reset the password of " (user(event.user_id)) }
        }
        PartnerUserEvent::PartnerUserDeleted(event) => html! {
            "deleted user " (user(event.user_id)) ", restorable until "
            (widgets::minute(event.restorable_until))
        },
        PartnerUserEvent::PartnerUserRestored(event) => html! {
            "restored user " (user(event.user_id)) (with_roles(&event.roles))
            @for withheld in &event.withheld { "; not back: " (withheld.role) }
        },
        PartnerUserEvent::PartnerUserPurged(_) => html! { "purged a deleted user" },
    }
}

fn to_role(cast: &Cast<'_>, event: &RoleEvent) -> Markup {
    let user = |id| cast.colleague(id);
    match event {
        RoleEvent::RoleAssigned(event) => {
            html! { "gave " (user(event.user_id)) " the role " strong { (event.role) } }
        }
        RoleEvent::RoleReplaced(event) => html! {
            "replaced the role " (event.old) " of " (user(event.user_id)) " by " strong { (event.new) }
        },
        RoleEvent::RoleRevoked(event) => {
            html! { "took the role " strong { (event.role) } " from " (user(event.user_id)) }
        }
    }
}

fn to_sign_in(cast: &Cast<'_>, event: &PartnerSignInEvent) -> Markup {
    let user = |id| cast.colleague(id);
    match event {
        PartnerSignInEvent::AccessTokenIssued(event) => html! {
            "made a token for " (user(event.user_id)) ", valid until " (widgets::minute(event.expires_at))
        },
        PartnerSignInEvent::AccessTokenRevoked(it) => {
            html! { "revoked a token of " (user(it.user_id)) }
        }
        PartnerSignInEvent::PartnerUserSignedIn(_) => html! { "signed in" },
        PartnerSignInEvent::PartnerUserSignedOut(_) => html! { "signed out" },
        PartnerSignInEvent::PartnerUserSignInFailed(event) => html! {
            "gave a wrong password for " (user(event.user_id))
            (locked(event.failures, event.locked_until))
        },
        PartnerSignInEvent::PartnerUserPasswordChanged(_) => html! { "chose a new password" },
    }
}

/// What was done to an application, or by one.
fn to_application(cast: &Cast<'_>, event: &ApplicationEvent) -> Markup {
    let application = |id| cast.application(id);
    match event {
        ApplicationEvent::ApplicationRegistered(event) => html! {
            "registered the application " strong { (event.name) }
        },
        ApplicationEvent::ApplicationSecretAdded(event) => html! {
            "gave the application " (application(event.application_id))
            " a secret, valid until " (widgets::minute(event.expires_at))
            @if let Some(until) = event.others_until {
                "; those until now work until " (widgets::minute(until)) " at the latest"
            }
        },
        ApplicationEvent::ApplicationSecretRemoved(event) => html! {
            "removed a secret of the application " (application(event.application_id))
        },
        ApplicationEvent::ApplicationRevoked(event) => {
            html! { "revoked the application " (application(event.application_id)) }
        }
        ApplicationEvent::ApplicationSignInFailed(event) => html! {
            "gave a wrong secret for the application " (application(event.application_id))
            (locked(event.failures, event.locked_until))
        },
        ApplicationEvent::ApplicationGrantBegun(event) => html! {
            "let the application " (application(event.application_id)) " act for "
            (cast.colleague(event.user_id))
        },
        ApplicationEvent::ApplicationGrantRenewed(_) => {
            html! { "renewed its right to act for a user" }
        }
        ApplicationEvent::ApplicationGrantEnded(event) => html! {
            "used a refresh token twice, which ended what the application "
            (application(event.application_id)) " was allowed for a user"
        },
    }
}

/// What was done to a webhook, or by it.
fn to_webhook(event: &WebhookEvent) -> Markup {
    match event {
        WebhookEvent::WebhookRegistered(event) => html! {
            "registered a webhook for " (event.wanted.len()) " kinds of events"
        },
        WebhookEvent::WebhookChanged(event) => html! {
            "changed the webhook, for " (event.wanted.len()) " kinds of events"
        },
        WebhookEvent::WebhookRemoved(_) => html! { "removed the webhook" },
        WebhookEvent::WebhookTested(_) => html! { "sent a test to the webhook" },
        WebhookEvent::WebhookDelivered(event) => html! {
            "told the webhook of " (event.count) " events, up to position " (event.through)
        },
        WebhookEvent::WebhookDeliveryFailed(event) => html! {
            "could not tell the webhook of position " (event.position)
            " (" (event.reason.name().replace('_', " ")) ", attempt " (event.attempt) ")"
            @match event.retry_at {
                Some(at) => { "; tried again at " (widgets::minute(at)) },
                None => { "; given up" },
            }
        },
    }
}

/// What was done about the partner network.
fn in_network(cast: &Cast<'_>, event: &NetworkEvent) -> Markup {
    match event {
        NetworkEvent::CompetencyAttained(event) => html! {
            "recorded the competency " strong { (event.name) } " (" (event.level.title()) ") until "
            (widgets::minute(event.expires_at))
        },
        NetworkEvent::CompetencyChanged(event) => html! {
            "renewed " (competency(cast, event.competency_id)) " as " (event.level.title()) " until "
            (widgets::minute(event.expires_at))
        },
        NetworkEvent::CompetencyWithdrawn(event) => {
            html! { "withdrew " (competency(cast, event.competency_id)) }
        }
        NetworkEvent::BenefitGranted(event) => html! {
            "granted " (event.quantity) " units of " strong { (event.name) } " until "
            (widgets::minute(event.expires_at))
        },
        NetworkEvent::BenefitActivated(event) => html! {
            "put " (event.quantity) " units of " (benefit(cast, event.benefit_id)) " to use"
        },
        NetworkEvent::BenefitDeactivated(event) => html! {
            "gave " (event.quantity) " units of " (benefit(cast, event.benefit_id)) " back"
        },
        NetworkEvent::BenefitWithdrawn(event) => {
            html! { "withdrew " (benefit(cast, event.benefit_id)) }
        }
        NetworkEvent::PartnerUserSkillsEdited(event) => {
            html! { "edited what " (cast.colleague(event.user_id)) " can do" }
        }
    }
}

fn competency(cast: &Cast<'_>, id: CompetencyId) -> String {
    let row = cast.model.network().competency(cast.own, id);
    row.map_or_else(|| "a competency".to_owned(), |row| format!("the competency {}", row.name))
}

fn benefit(cast: &Cast<'_>, id: BenefitId) -> String {
    let row = cast.model.network().benefit(cast.own, id);
    row.map_or_else(|| "a benefit".to_owned(), |row| row.name.to_string())
}

fn with_roles(roles: &[Role]) -> String {
    let titles: Vec<_> = roles.iter().map(|role| role.title()).collect();
    if titles.is_empty() { String::new() } else { format!(" as {}", titles.join(", ")) }
}
